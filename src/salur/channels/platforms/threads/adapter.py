"""Threads behind the port."""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.loose import ident
from salur.channels.platforms.meta import hook
from salur.channels.platforms.meta.graph import THREADS, asking
from salur.channels.platforms.meta.health import Findings, examined, look_at_token
from salur.channels.platforms.meta.renew import refreshed
from salur.channels.platforms.threads import talk
from salur.channels.platforms.threads.guide import GUIDE, SCOPES
from salur.channels.platforms.threads.parse import parse, user_name
from salur.channels.ports import AccountView, Health, Item, Outbound, Raw, Receipt, Renewed
from salur.channels.ways import Capabilities, Pace, TextLimit, Way


class ThreadsPlatform(DefaultPlatform):
    """Stateless; safe to share between threads."""

    capabilities = Capabilities(
        # 500 characters, of which an emoji counts as its bytes ("Publishing"): counted in bytes it is never too long.
        ways=(Way("public_reply", TextLimit(500, "bytes", parts=3), public=True),),
        hooks=True,
        can_fetch=True,
        fetch_seconds=900,
        can_read_back=True,
        removals=True,
        media=True,
        needs_address=False,
        account_pace=Pace(96, burst=100),  # 1,000 replies in 24 hours
    )
    guide = GUIDE

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """The handshake and the signature of Meta; raises Refused."""
        return hook.verify(account, request)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one delivery, of the hook or of a poll; raises Unreadable."""
        return parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Reply in public, once; raises SendFailed or SendUncertain."""
        return talk.send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Replies and mentions since the cursor; raises FetchFailed."""
        with asking():
            yield from talk.fetch_since(account, cursor)

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Our own reply under what it answers; raises FetchFailed."""
        with asking():
            return talk.read_back(account, out)

    def probe(self, account: AccountView) -> Health:
        """Token, permissions and the profile itself; whether it calls us cannot be asked."""
        return examined(lambda found: _look(found, account))

    def renew(self, account: AccountView) -> Renewed | None:
        """A fresh token of 60 days; raises FetchFailed."""
        with asking():
            return refreshed(account, talk.graph(account), "th_refresh_token")


def _look(found: Findings, account: AccountView) -> None:
    here = talk.graph(account)
    told = here.get("me", fields="id,username")
    name = ident(told, "username")
    found.name = f"@{name}" if name else ""
    found.add("token", True)
    found.add("address", ident(told, "id") == account.address, "the token belongs to another profile")
    mine = user_name(account) in ("", name.lower())
    found.add("account", mine, f"the user name is now @{name}: change it here")
    look_at_token(found, account, here, THREADS, SCOPES)
