"""Telegram's Bot API over the common way out: what its refusals mean, and the few methods we call."""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.outside import Outside, Reply, Verdict, by_status
from salur.channels.platforms.loose import ident, part, words
from salur.channels.ports import AccountView, FetchFailed, SendFailed

BASE = "https://api.telegram.org"
MOST_UPDATES = 100
WANTED = ("message", "edited_message", "channel_post", "my_chat_member", "message_reaction")
_NOBODY = ("chat not found", "user not found", "user is deactivated", "chat_id is empty", "peer_id_invalid")


def token(account: AccountView) -> str:
    """The bot's token; raises SendFailed where the account has none."""
    found = account.credentials.get("bot_token", "").strip()
    if not found:
        raise SendFailed("Telegram: the account has no bot_token", permanent=True, blames="account")
    return found


def bot(account: AccountView) -> Outside:
    """The interface of this bot. The token stands in every address: none is ever told."""
    return Outside(account, BASE, judge, name="Telegram")


def method(account: AccountView, name: str) -> str:
    """The path of a method of this bot."""
    return f"/bot{token(account)}/{name}"


def judge(reply: Reply) -> Verdict | None:
    """What an answer means, by its `error_code`, its parameters and, for 400 and 500, the words Telegram uses for it.

    A 500 in Telegram's own JSON is the Bot API telling that the request failed, and is tried again with a growing wait,
    as grammY's auto-retry plugin does by default (its reference, "rethrowInternalServerErrors"). Its open server
    (Client.cpp of tdlib/telegram-bot-api) names no other code of the kind. What 502 and 504 say comes from the proxy
    before it, in JSON too: where such sendings were repeated, some report having them twice
    (scraton/node-red-contrib-telegrambot-home, issue 14), and a bot can neither give a message a key nor read
    back its own. Those stay uncertain.
    """
    if reply.ok and part(reply.data, "ok") is not False:
        return None
    code = ident(reply.data, "error_code") or str(reply.status)
    told = words(reply.data, "description").lower()
    if code == "429":
        wait = part(reply.data, "parameters", "retry_after")
        after = float(wait) if isinstance(wait, int | float) and not isinstance(wait, bool) else None
        # Only one message a second to a chat and twenty a minute to a group: our own pace keeps the limit of the bot.
        return Verdict("retry_recipient", "the platform asks us to wait", after=after, code=code)
    if code in ("401", "404"):
        # 404 is the answer to a token that is none: every method we name exists.
        return Verdict("stop_account", "the platform no longer accepts our token", code=code)
    if code == "403":
        return Verdict("stop_recipient", "this person or group has shut us out", code=code)
    if code == "409":
        return Verdict("retry", "another program reads this bot, or a hook is set", code=code)
    if code == "400" and any(one in told for one in _NOBODY):
        return Verdict("stop_recipient", "the platform does not know this recipient", code=code)
    if code == "500" and part(reply.data, "ok") is False:
        # In flight while the server restarts, it may have been done; any other failure is its answer to the request.
        return Verdict(
            "retry", "the platform fails", code=code, undone=not any(word in told for word in ("restart", "abort"))
        )
    return by_status(reply) or Verdict("stop_message", "the platform refused it", code=code)


def result(account: AccountView, name: str, **values: Any) -> Any:
    """Ask a method that changes nothing a citizen sees; returns its result. Raises FetchFailed."""
    try:
        return part(bot(account).look("POST", method(account, name), json=values), "result")
    except SendFailed as error:
        raise FetchFailed(error.reason) from None


def updates(account: AccountView, offset: int) -> Iterator[Mapping[str, Any]]:
    """Every update from this offset on, oldest first. Asking with an offset tells Telegram to forget those before."""
    while True:
        found = result(
            account, "getUpdates", offset=offset, limit=MOST_UPDATES, timeout=0, allowed_updates=list(WANTED)
        )
        page = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
        for one in page:
            number = part(one, "update_id")
            if isinstance(number, int):
                offset = max(offset, number + 1)
            yield one
        if len(page) < MOST_UPDATES:
            return
