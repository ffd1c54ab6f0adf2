"""Facebook Page and Messenger behind the port."""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.facebook import fetch, send
from salur.channels.platforms.facebook.guide import FIELDS, GUIDE, SCOPES
from salur.channels.platforms.facebook.parse import parse
from salur.channels.platforms.loose import ident
from salur.channels.platforms.meta import hook
from salur.channels.platforms.meta.graph import FACEBOOK, Graph, asking
from salur.channels.platforms.meta.health import Findings, examined, look_at_subscription, look_at_token
from salur.channels.platforms.meta.send import DAY, WEEK
from salur.channels.ports import AccountView, Health, Inbound, Item, Outbound, Raw, Receipt
from salur.channels.ways import Capabilities, Pace, TextLimit, Way

PUBLIC = frozenset({"public"})
MESSAGE = TextLimit(2_000, parts=5)


class FacebookPlatform(DefaultPlatform):
    """Stateless; safe to share between threads."""

    capabilities = Capabilities(
        ways=(
            Way("public_reply", TextLimit(8_000), public=True, answers=PUBLIC),
            Way("private_reply", TextLimit(2_000), answers=PUBLIC, window=WEEK, once=True),
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
        # Private replies: 750 an hour; messages of other kinds may be far quicker (Messenger Platform "Rate Limiting").
        account_pace=Pace(5, burst=25),
    )
    guide = GUIDE

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """The handshake and the signature of Meta; raises Refused."""
        return hook.verify(account, request)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one delivery, of the hook or of a poll; raises Unreadable."""
        return parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Say it once; raises SendFailed or SendUncertain."""
        return send.send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Comments, visitor posts, mentions and messages since the cursor; raises FetchFailed."""
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
        """Token, permissions, the Page itself and its subscription."""
        return examined(lambda found: _look(found, account))

    def subscribe(self, account: AccountView) -> Health:
        """Subscribe the app to the Page, and read back what the platform will tell."""

        def look(found: Findings) -> None:
            Graph(account).ask(account.address, "subscribed_apps", subscribed_fields=",".join(FIELDS))
            _look(found, account)

        return examined(look)


def _look(found: Findings, account: AccountView) -> None:
    graph = Graph(account)
    page = graph.get(account.address, fields="id,name,link")
    found.name = ident(page, "name")
    found.add("token", True)
    found.add("address", ident(page, "id") == account.address, "the token belongs to another Page")
    look_at_token(found, account, graph, FACEBOOK, SCOPES)
    look_at_subscription(found, account, graph, account.address, FIELDS)
