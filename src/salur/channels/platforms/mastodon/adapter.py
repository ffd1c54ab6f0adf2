"""Mastodon behind the port."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.loose import first, ident
from salur.channels.platforms.mastodon import parse, poll, send
from salur.channels.platforms.mastodon.api import base_of, server
from salur.channels.platforms.mastodon.guide import GUIDE
from salur.channels.platforms.mastodon.words import handle, own_handle
from salur.channels.ports import (
    AccountView,
    Check,
    Download,
    FetchFailed,
    Health,
    Item,
    MediaRef,
    Outbound,
    Raw,
    Receipt,
    SendFailed,
)
from salur.channels.ways import Capabilities, Pace, TextLimit, Way

# 500 characters are the usual limit; the mention that every answer begins with counts without its host.
LIMIT = TextLimit(460, parts=3)


class MastodonPlatform(DefaultPlatform):
    """Stateless; safe to share between threads. Rate limit: 300 requests in 5 minutes an account."""

    guide = GUIDE
    capabilities = Capabilities(
        ways=(
            Way("public_reply", LIMIT, public=True, answers=frozenset({"public"})),
            Way("direct", LIMIT),
        ),
        can_fetch=True,
        fetch_seconds=60,
        can_read_back=True,
        idempotent=True,
        edits=True,
        removals=True,
        media=True,
        account_pace=Pace(1.5, 20),
    )

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read notifications or statuses; raises Unreadable."""
        return parse.parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Answer a mention; raises SendFailed or SendUncertain."""
        return send.send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Mentions, edits and deletions since the cursor, oldest first; raises FetchFailed."""
        return poll.fetch_since(account, cursor)

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Our own answer among the newest statuses of the account; raises FetchFailed."""
        return send.read_back(account, out)

    def locate(self, account: AccountView, media: MediaRef) -> Download:
        """By the address the server gave, which may be its own; raises FetchFailed."""
        return replace(super().locate(account, media), trusted=base_of(account))

    def probe(self, account: AccountView) -> Health:
        """Whose the token is. Such tokens do not end until somebody revokes them."""
        try:
            me = server(account).look("GET", "/api/v1/accounts/verify_credentials")
        except (FetchFailed, SendFailed) as error:
            return Health(False, error.reason, checks=(Check("token", False, error.reason),))
        whose = handle(account, me if isinstance(me, Mapping) else {})
        right = whose == own_handle(account)
        told = "" if right else f"the token is that of @{whose}"
        checks = (Check("token", True), Check("address", right, told))
        return Health(right, told, name=first(ident(me, "display_name"), whose), checks=checks)
