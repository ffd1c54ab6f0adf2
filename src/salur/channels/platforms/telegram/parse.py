"""Reading one Telegram update (Bot API 10.2, object Update), from the hook or from getUpdates. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from salur.channels.platforms.loose import first, ident, moment, part, read_object, table, within, words
from salur.channels.platforms.telegram.content import (
    GROUPS,
    bot_id,
    files_of,
    full_name,
    message_key,
    place_of,
    said_in,
    speaks_to,
    without_command,
)
from salur.channels.ports import AccountNews, AccountView, Edited, Ignored, Inbound, Item, Raw, Unreadable

_REACTIONS = ("message_reaction", "message_reaction_count")
_GONE = ("kicked", "left")
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Read one update; raises Unreadable where it is none. What no citizen said is ignored with its kind."""
    update = read_object(raw)
    if "update_id" not in update:
        raise Unreadable("no update_id: this is no update of a bot")
    if isinstance(part(update, "message"), Mapping):
        return _message(account, raw, table(update, "message"))
    if isinstance(part(update, "edited_message"), Mapping):
        return _edit(account, raw, table(update, "edited_message"), ident(update, "update_id"))
    if isinstance(part(update, "my_chat_member"), Mapping):
        return [_leave(table(update, "my_chat_member"))]
    kinds = sorted(name for name in update if name != "update_id")
    if not kinds:
        return [Ignored("empty")]
    if "channel_post" in kinds or "edited_channel_post" in kinds:
        return [_own_post(account, table(update, "channel_post") or table(update, "edited_channel_post"))]
    return [Ignored("reaction" if kinds[0] in _REACTIONS else "unknown_kind", detail=kinds[0][:60])]


def _message(account: AccountView, raw: Raw, message: Mapping[str, Any]) -> list[Item]:
    chat_id, message_id = ident(message, "chat", "id"), ident(message, "message_id")
    if not chat_id or not message_id:
        raise Unreadable("a message without chat or id")
    set_aside = _not_for_us(account, message)
    if set_aside is not None:
        return [set_aside]
    text, media = without_command(said_in(message)), files_of(message)
    if not text and not media:
        return [_wordless(message)]
    return [_inbound(account, raw, message, text)]


def _not_for_us(account: AccountView, message: Mapping[str, Any]) -> Ignored | None:
    kind, writer = ident(message, "chat", "type"), table(message, "from")
    about = message_key(account, ident(message, "chat", "id"), ident(message, "message_id"))
    if kind == "channel" or part(message, "is_automatic_forward") is True:
        return Ignored("own_message", about=about, detail="channel_post")
    if ident(writer, "id") and ident(writer, "id") == bot_id(account):
        return Ignored("own_message", about=about)
    if part(writer, "is_bot") is True and not table(message, "sender_chat"):
        return Ignored("auto_reply", detail="bot")
    if kind in GROUPS and not speaks_to(account, message):
        return Ignored("other_account", detail="not_addressed")
    return None


def _wordless(message: Mapping[str, Any]) -> Ignored:
    """A command alone such as /start, or news of a chat (somebody joined, a message was pinned)."""
    if said_in(message):
        return Ignored("empty", detail="command")
    usual = {"message_id", "message_thread_id", "from", "sender_chat", "chat", "date", "edit_date", "text", "entities"}
    kinds = sorted(name for name in message if name not in usual and not name.startswith(("is_", "has_", "reply_")))
    return Ignored("unknown_kind", detail=kinds[0][:60]) if kinds else Ignored("empty")


def _inbound(account: AccountView, raw: Raw, message: Mapping[str, Any], text: str) -> Inbound:
    chat, chat_id, message_id = table(message, "chat"), ident(message, "chat", "id"), ident(message, "message_id")
    public = ident(chat, "type") in GROUPS
    writer = table(message, "sender_chat") or table(message, "from") or chat
    thread = ident(message, "message_thread_id") if part(message, "is_topic_message") is True else ""
    answered = table(message, "reply_to_message")
    answered_key = message_key(account, chat_id, ident(answered, "message_id")) if ident(answered, "message_id") else ""
    album = ident(message, "media_group_id")
    answer_at = {"message_id": message_id} | ({"thread_id": thread} if thread else {})
    return Inbound(
        external_id=message_key(account, chat_id, message_id),
        text=text,
        spoken_at=within(moment(message, "date"), raw.received_at),
        sender_address=ident(writer, "id") if public else chat_id,
        sender_name=full_name(writer),
        sender_handle=ident(writer, "username"),
        thread_ids=(answered_key,) if answered_key else (),
        audience="public" if public else "private",
        place=chat_id if public else "",
        root_id=message_key(account, chat_id, thread) if thread else "",
        group_key=f"album:{album}"[:120] if album else "",
        answer_at=answer_at,
        link=_link(chat, message_id) if public else _person(ident(writer, "username")),
        post=_post(answered_key, answered) if public else {},
        media=files_of(message),
        extra=place_of(message),
    )


def _post(key: str, answered: Mapping[str, Any]) -> dict[str, str]:
    return {"id": key, "link": "", "text": said_in(answered)[:1000]} if key else {}


def _link(chat: Mapping[str, Any], message_id: str) -> str:
    """Where an officer who is in the group sees it; only supergroups have such addresses."""
    name, chat_id = ident(chat, "username"), ident(chat, "id")
    if name:
        return f"https://t.me/{name}/{message_id}"
    return f"https://t.me/c/{chat_id.removeprefix('-100')}/{message_id}" if chat_id.startswith("-100") else ""


def _person(username: str) -> str:
    """The page of the writer of a private message; "" without a user name.

    A bot has no inbox: from this page an officer writes under a name of their own. Source: Telegram API, "Deep links"
    (public username links). By a number alone Telegram has no address on the web.
    """
    return f"https://t.me/{username}" if _USERNAME.fullmatch(username) else ""


def _edit(account: AccountView, raw: Raw, message: Mapping[str, Any], update_id: str) -> list[Item]:
    """An edit of a message. In a group it may be the first that names us, so that we never had the message itself."""
    chat_id, message_id = ident(message, "chat", "id"), ident(message, "message_id")
    if not chat_id or not message_id:
        raise Unreadable("an edited message without chat or id")
    if part(message, "location", "live_period") is not None:
        return [Ignored("unknown_kind", detail="live_location")]
    if ident(message, "chat", "type") == "private" or not ident(message, "chat", "type"):
        return [_edited(account, raw, message, update_id)]
    set_aside = _not_for_us(account, message)
    if set_aside is not None:
        return [set_aside]
    edited = _edited(account, raw, message, update_id)
    return [*_message(account, raw, message), edited]


def _edited(account: AccountView, raw: Raw, message: Mapping[str, Any], update_id: str) -> Edited:
    return Edited(
        external_id=message_key(account, ident(message, "chat", "id"), ident(message, "message_id")),
        text=without_command(said_in(message)),
        at=within(moment(message, "edit_date") or moment(message, "date"), raw.received_at),
        key=update_id,
    )


def _leave(change: Mapping[str, Any]) -> Item:
    """The bot's own standing in a chat changed: in a private chat that is a person blocking it, or taking it back."""
    chat, status = table(change, "chat"), ident(change, "new_chat_member", "status")
    if ident(chat, "type") != "private" or not ident(chat, "id"):
        return Ignored("unknown_kind", detail=f"my_chat_member {status}"[:60])
    return AccountNews("blocked" if status in _GONE else "unblocked", detail=status, to=ident(chat, "id"))


def _own_post(account: AccountView, post: Mapping[str, Any]) -> Item:
    """A bot hears only of channels it was made an administrator of: the agency's own."""
    about = message_key(account, ident(post, "chat", "id"), ident(post, "message_id"))
    return Ignored("own_message", about=about, detail=first(words(post, "chat", "type"), "channel"))
