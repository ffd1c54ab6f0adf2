"""Instagram behind the port."""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.instagram import fetch, send
from salur.channels.platforms.instagram.ends import by_facebook, graph, host, inbox_owner
from salur.channels.platforms.instagram.guide import FIELDS, GUIDE, PAGE_FIELDS, PAGE_SCOPES, WISHED_FIELDS
from salur.channels.platforms.instagram.parse import parse
from salur.channels.platforms.loose import first, ident
from salur.channels.platforms.meta import hook
from salur.channels.platforms.meta.graph import asking
from salur.channels.platforms.meta.health import Findings, examined, look_at_subscription, look_at_token
from salur.channels.platforms.meta.renew import refreshed
from salur.channels.platforms.meta.send import DAY, WEEK
from salur.channels.ports import (
    AccountView,
    FetchFailed,
    Health,
    Inbound,
    Item,
    Outbound,
    Raw,
    Receipt,
    Renewed,
)
from salur.channels.ways import Capabilities, Pace, TextLimit, Way

PUBLIC = frozenset({"public"})
# A direct message holds 1,000 bytes ("Send messages"), a comment 300 characters ("IG Media comments").
MESSAGE = TextLimit(1_000, "bytes", parts=5)
COMMENT = TextLimit(300, parts=3)


class InstagramPlatform(DefaultPlatform):
    """Stateless; safe to share between threads."""

    capabilities = Capabilities(
        ways=(
            Way("public_reply", COMMENT, public=True, answers=PUBLIC),
            Way("private_reply", TextLimit(1_000, "bytes"), answers=PUBLIC, window=WEEK, once=True),
            Way("direct", MESSAGE, window=DAY, opened_by="person"),
            Way("tagged", MESSAGE, window=WEEK, opened_by="person", automatic=False, needs="human_agent"),
        ),
        hooks=True,
        can_fetch=True,
        fetch_seconds=300,
        can_read_back=True,
        receipts=True,
        edits=True,
        removals=True,
        media=True,
        chat=True,
        needs_address=False,
        account_pace=Pace(5, burst=25),  # private replies: 750 an hour
    )
    guide = GUIDE

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """The handshake and the signature of Meta, by either secret of the app; raises Refused."""
        return hook.verify(account, request, ("app_secret", "instagram_app_secret"))

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one delivery, of the hook or of a poll; raises Unreadable."""
        return parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Say it once; raises SendFailed or SendUncertain."""
        return send.send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Comments, tags and messages since the cursor; raises FetchFailed."""
        with asking():
            yield from fetch.fetch_since(account, cursor)

    def look_up(self, account: AccountView, said: Inbound) -> Raw | None:
        """The words of what a hook announced without them, as a delivery; raises FetchFailed."""
        with asking():
            return fetch.look_up(account, said)

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Our own words under the comment or in the conversation; raises FetchFailed."""
        with asking():
            return send.read_back(account, out)

    def probe(self, account: AccountView) -> Health:
        """Token, permissions, the account itself and its subscription."""
        return examined(lambda found: _look(found, account))

    def subscribe(self, account: AccountView) -> Health:
        """Subscribe the app to the account, and read back what the platform will tell."""

        def look(found: Findings) -> None:
            try:
                _subscribe(account, PAGE_FIELDS if by_facebook(account) else (*FIELDS, *WISHED_FIELDS))
            except FetchFailed as error:
                if error.revoked or by_facebook(account):
                    raise
                _subscribe(account, FIELDS)
            _look(found, account)

        return examined(look)

    def renew(self, account: AccountView) -> Renewed | None:
        """A fresh token of 60 days; None with Facebook Login, whose Page token does not end. Raises FetchFailed."""
        if by_facebook(account):
            return None
        with asking():
            return refreshed(account, graph(account), "ig_refresh_token")


def _subscribe(account: AccountView, fields: tuple[str, ...]) -> None:
    graph(account).ask(inbox_owner(account), "subscribed_apps", subscribed_fields=",".join(fields))


def _look(found: Findings, account: AccountView) -> None:
    here = graph(account)
    if by_facebook(account):
        told = here.get(account.address, fields="id,username")
        known = {ident(told, "id")}
    else:
        told = here.get("me", fields="id,user_id,username")
        known = {ident(told, "user_id"), ident(told, "id")}
    name = ident(told, "username")
    found.name = f"@{name}" if name else ""
    found.add("token", True)
    found.add("address", account.address in known, "the token belongs to another account")
    wanted = ident(account.settings, "username").lstrip("@").lower()
    found.add("account", first(wanted, name.lower()) == name.lower(), f"the user name is now @{name}: change it here")
    if by_facebook(account):
        look_at_token(found, account, here, host(account), PAGE_SCOPES)
    fields = PAGE_FIELDS if by_facebook(account) else FIELDS
    look_at_subscription(found, account, here, inbox_owner(account), fields)
