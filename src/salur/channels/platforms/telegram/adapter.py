"""Telegram behind the port. An account works by hook or, where no hook can reach it, by asking: the two exclude."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from salur.channels.hooks import Answer, HookRequest, Keep, Refused, body_key, same, secrets_of
from salur.channels.outside import api_base
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.loose import first, ident, part, table, words
from salur.channels.platforms.telegram.api import BASE, WANTED, result, token, updates
from salur.channels.platforms.telegram.content import bot_name
from salur.channels.platforms.telegram.guide import GUIDE
from salur.channels.platforms.telegram.parse import parse
from salur.channels.platforms.telegram.send import send
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

# The longest text counts characters; UTF-16 units are never fewer, so that what fits so is never too long.
LIMIT = TextLimit(4096, "utf16", parts=3)
LARGEST_FILE = 20_000_000
_UPDATE_ID = re.compile(rb'\s*\{\s*"update_id"\s*:\s*(\d{1,19})\s*[,}]')


class TelegramPlatform(DefaultPlatform):
    """Stateless; safe to share between threads. Limits: core.telegram.org/bots/faq and Bot API 10.2."""

    guide = GUIDE
    capabilities = Capabilities(
        ways=(
            Way("direct", LIMIT, answers=frozenset({"private"})),
            Way("public_reply", LIMIT, public=True, answers=frozenset({"public"})),
        ),
        hooks=True,
        can_fetch=True,
        edits=True,
        media=True,
        chat=True,
        account_pace=Pace(1 / 30, 30),
        person_pace=Pace(1, 1),
    )

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """The shared word of setWebhook's `secret_token` stands in a header; the body is not signed."""
        if request.method != "POST":
            raise Refused("wrong_method", 405)
        given = request.headers.get(b"x-telegram-bot-api-secret-token", b"")
        if not same(given, *secrets_of(account.credentials, "hook_secret", request.now)):
            raise Refused
        found = _UPDATE_ID.match(request.body)
        return Keep(found[1].decode() if found else body_key(request.body))

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one update; raises Unreadable."""
        return parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Say one thing; raises SendFailed or SendUncertain (Telegram tells nobody afterwards what a bot said)."""
        return send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """In the mode `poll` every update from {"offset"} on; in the mode `hook` nothing, for both exclude each other.

        Telegram keeps what it could not deliver for a day, and hands it over in order. Raises FetchFailed.
        """
        if _mode(account) == "hook":
            return
        offset = part(cursor, "offset")
        for update in updates(account, offset if isinstance(offset, int) else 0):
            number = ident(update, "update_id")
            place = {"offset": int(number) + 1} if number.isdigit() else None
            body = json.dumps(update).encode()
            yield Raw(number or body_key(body), body, "application/json", cursor=place, via="poll")

    def probe(self, account: AccountView) -> Health:
        """Whether the token is good, whose it is, and whether updates find their way here."""
        try:
            me = table(result(account, "getMe"))
            hook = table(result(account, "getWebhookInfo"))
        except FetchFailed as error:
            return Health(False, error.reason, checks=(Check("token", not error.revoked, error.reason),))
        name = ident(me, "username")
        whose = not name or name.lower() == bot_name(account)
        checks = [Check("token", True)]
        checks.append(Check("address", whose, "" if whose else f"the token is that of @{name}"))
        subscribed = ident(hook, "url") == (account.hook_url if _mode(account) == "hook" else "")
        checks.append(Check("subscription", subscribed, _why_not(account, hook, subscribed)))
        faults = "; ".join(one.detail for one in checks if not one.ok)
        return Health(
            not faults, faults, name=first(words(me, "first_name"), name), subscribed=subscribed, checks=tuple(checks)
        )

    def subscribe(self, account: AccountView) -> Health:
        """Set the hook with its secret, or take it away in the mode `poll`. What waits at Telegram is kept."""
        secret = account.credentials.get("hook_secret", "")
        if _mode(account) == "hook" and not secret:
            return Health(False, "the account has no hook_secret", checks=(Check("subscription", False),))
        try:
            if _mode(account) == "hook":
                result(
                    account,
                    "setWebhook",
                    url=account.hook_url,
                    secret_token=secret,
                    allowed_updates=list(WANTED),
                    max_connections=40,
                )
            else:
                result(account, "deleteWebhook", drop_pending_updates=False)
        except FetchFailed as error:
            return Health(False, error.reason, checks=(Check("subscription", False, error.reason),))
        return self.probe(account)

    def locate(self, account: AccountView, media: MediaRef) -> Download:
        """Where a file can be fetched for the next hour; the address holds the token. Raises FetchFailed.

        The Bot API hands out files of at most 20 MB.
        """
        if media.size is not None and media.size > LARGEST_FILE:
            raise FetchFailed("Telegram hands out no file of more than 20 MB")
        path = words(result(account, "getFile", file_id=media.media_id), "file_path")
        if not path:
            raise FetchFailed("Telegram names no address for this file")
        base = api_base(account) or BASE
        try:
            return Download(f"{base}/file/bot{token(account)}/{quote(path)}", trusted=api_base(account))
        except SendFailed as error:
            raise FetchFailed(error.reason) from None


def _mode(account: AccountView) -> str:
    return "poll" if account.settings.get("mode") == "poll" else "hook"


def _why_not(account: AccountView, hook: Mapping[str, Any], subscribed: bool) -> str:
    if subscribed:
        return words(hook, "last_error_message")[:200]
    return "Telegram calls another address" if ident(hook, "url") else "Telegram calls no address of ours"
