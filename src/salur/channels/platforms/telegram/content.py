"""What one Telegram message says: its words, its files, and whom it speaks to. Bot API 10.2, object Message. Pure."""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Literal

from salur.channels.platforms.loose import each, first, ident, part, rows, table, words
from salur.channels.ports import AccountView, MediaRef

GROUPS = ("group", "supergroup")
Kind = Literal["image", "video", "audio", "file", "sticker"]
_FILES: tuple[tuple[str, Kind], ...] = (
    ("animation", "video"),
    ("video", "video"),
    ("video_note", "video"),
    ("voice", "audio"),
    ("audio", "audio"),
    ("document", "file"),
    ("sticker", "sticker"),
)


def bot_id(account: AccountView) -> str:
    """The bot's own user id: it stands before the colon of its token."""
    return account.credentials.get("bot_token", "").partition(":")[0]


def bot_name(account: AccountView) -> str:
    """The bot's user name without the @, in small letters."""
    return account.address.strip().lstrip("@").lower()


def message_key(account: AccountView, chat_id: str, message_id: str) -> str:
    """The id of a message: unique only together with its chat.

    The id of a private chat is that of a person, so a digest stands for it; ids of groups and channels are negative.
    """
    if not chat_id.startswith("-"):
        chat_id = "p" + blake2b(f"{bot_name(account)}:{chat_id}".encode(), digest_size=8).hexdigest()
    return f"{chat_id}:{message_id}"


def said_in(message: Mapping[str, Any]) -> str:
    """The words: text or caption, and in signs what is no text (a place, a contact, a poll, a die)."""
    text = first(words(message, "text"), words(message, "caption"))
    return "\n".join(one for one in (text, _place(message), _contact(message), _other(message)) if one)


def _place(message: Mapping[str, Any]) -> str:
    venue = table(message, "venue")
    spot = table(venue, "location") or table(message, "location")
    if not spot:
        return ""
    where = f"{words(spot, 'latitude')}, {words(spot, 'longitude')}"
    name = ", ".join(one for one in (words(venue, "title"), words(venue, "address")) if one)
    return f"\N{ROUND PUSHPIN} {name} ({where})" if name else f"\N{ROUND PUSHPIN} {where}"


def _contact(message: Mapping[str, Any]) -> str:
    contact = table(message, "contact")
    parts = [full_name(contact), ident(contact, "phone_number")]
    return f"\N{TELEPHONE RECEIVER} {', '.join(one for one in parts if one)}" if any(parts) else ""


def _other(message: Mapping[str, Any]) -> str:
    poll = table(message, "poll")
    options = "".join(f"\n- {words(one, 'text')}" for _, one in each(poll, "options"))
    return first(
        words(poll, "question") + options,
        words(message, "dice", "emoji"),
        words(message, "sticker", "emoji"),
        words(message, "web_app_data", "data"),
        words(message, "checklist", "title"),
    )


def place_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """The coordinates (WGS 84) that the message carries, as {"latitude", "longitude"}; empty without."""
    spot = table(message, "venue", "location") or table(message, "location")
    latitude, longitude = part(spot, "latitude"), part(spot, "longitude")
    if not _within(latitude, 90) or not _within(longitude, 180):
        return {}
    return {"latitude": latitude, "longitude": longitude}


def _within(degrees: Any, most: int) -> bool:
    return isinstance(degrees, int | float) and not isinstance(degrees, bool) and -most <= degrees <= most


def files_of(message: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    """The files of a message by id: of a photograph the largest size, of an animation not its second form."""
    found: list[MediaRef] = []
    sizes = [one for _, one in each(message, "photo") if ident(one, "file_id")]
    if sizes:
        largest = max(sizes, key=lambda one: (_size(one) or 0, _number(one, "width") * _number(one, "height")))
        found.append(MediaRef("image", media_id=ident(largest, "file_id"), size=_size(largest)))
    for name, kind in _FILES:
        file = table(message, name)
        if not ident(file, "file_id") or (name == "document" and table(message, "animation")):
            continue
        told = MediaRef(
            kind,
            media_id=ident(file, "file_id"),
            name=ident(file, "file_name"),
            content_type=ident(file, "mime_type"),
            size=_size(file),
        )
        found.append(told)
    return tuple(found)


def _size(file: Mapping[str, Any]) -> int | None:
    return _number(file, "file_size") or None


def _number(value: Mapping[str, Any], name: str) -> int:
    found = part(value, name)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0


def full_name(person: Mapping[str, Any]) -> str:
    """First and last name, else the title of a chat that speaks for itself."""
    names = [ident(person, "first_name"), ident(person, "last_name")]
    return first(" ".join(one for one in names if one), ident(person, "title"))


def without_command(text: str) -> str:
    """The words behind a leading command such as /lapor or /lapor@bot; the text itself where none leads it."""
    return re.sub(r"^/\S+\s*", "", text)


def speaks_to(account: AccountView, message: Mapping[str, Any]) -> bool:
    """Whether a message in a group is meant for the bot: it names it, answers it, or gives it a command."""
    answered = table(message, "reply_to_message", "from")
    if ident(answered, "id") and ident(answered, "id") == bot_id(account):
        return True
    if bot_name(account) and ident(answered, "username").lower() == bot_name(account):
        return True
    return any(
        _means(account, words(message, text), entity)
        for text, entities in (("text", "entities"), ("caption", "caption_entities"))
        for entity in rows(message, entities)
    )


def _means(account: AccountView, text: str, entity: Any) -> bool:
    kind = ident(entity, "type")
    if kind == "text_mention":
        return bool(bot_id(account)) and ident(entity, "user", "id") == bot_id(account)
    named = _slice(text, part(entity, "offset"), part(entity, "length")).lower()
    if kind == "mention":
        return bool(bot_name(account)) and named == f"@{bot_name(account)}"
    if kind == "bot_command":
        addressed = named.partition("@")[2]
        return not addressed or addressed == bot_name(account)
    return False


def _slice(text: str, offset: Any, length: Any) -> str:
    """Part of a text by offset and length in UTF-16 code units, as entities count."""
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0:
        return ""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")
