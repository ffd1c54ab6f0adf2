"""Reading our own form of a message from another system. Pure.

{"type": "complaint.created", "timestamp": ISO 8601, "data": {"id", "text", "at", "title", "audience", "place",
"thread", "in_reply_to", "link", "author": {"id", "name", "handle"}, "media": [{"url", "type", "name"}], ...}}. Only
`id` and `text` are needed (or `media`). A type that ends in updated or deleted changes what was said; other fields of
`data` are kept.
"""

import math
from collections.abc import Mapping
from typing import Any

from salur.channels.platforms.loose import each, first, ident, moment, part, read_object, table, within, words
from salur.channels.ports import AccountView, Edited, Ignored, Inbound, Item, MediaRef, Raw, Removed, Unreadable

KINDS = ("complaint", "supervisory_complaint", "aspiration", "information_request")
_READ = frozenset(
    ("id", "text", "at", "title", "audience", "place", "thread", "in_reply_to", "link", "author", "media")
)
_MEDIA = {"image": "image", "video": "video", "audio": "audio"}
_FLAGS = frozenset(("anonymous", "confidential"))


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Read one event; raises Unreadable where it names no message."""
    found = read_object(raw)
    kind, data = ident(found, "type"), table(found, "data")
    if kind in ("ping", "test") or kind.endswith(".ping"):
        return [Ignored("test")]
    if not data:
        raise Unreadable("no data: expected {type, timestamp, data: {id, text}}")
    message_id = ident(data, "id")
    if not message_id:
        raise Unreadable("data.id is missing")
    at = within(moment(data, "at") or moment(found, "timestamp"), raw.received_at)
    verb = kind.rpartition(".")[2]
    if verb in ("deleted", "removed"):
        return [Removed(message_id, at)]
    if verb in ("updated", "edited"):
        return [Edited(message_id, words(data, "text"), at)]
    return [_said(data, kind, message_id, at)]


def _said(data: Mapping[str, Any], kind: str, message_id: str, at: Any) -> Item:
    title = ident(data, "title")
    text, media, author = first(words(data, "text"), title), _media(data), table(data, "author")
    if not text and not media:
        return Ignored("empty")
    public = ident(data, "audience") == "public"
    link = ident(data, "link")
    threads = (ident(data, "in_reply_to"), ident(data, "thread"))
    return Inbound(
        external_id=message_id,
        text=text,
        spoken_at=at,
        sender_address=ident(author, "id"),
        sender_name=ident(author, "name"),
        sender_handle=ident(author, "handle"),
        subject=title,
        thread_ids=tuple(dict.fromkeys(one for one in threads if one)),
        audience="public" if public else "private",
        place=ident(data, "place"),
        root_id=ident(data, "thread"),
        answer_at={"id": message_id},
        link=link if link.startswith(("https://", "http://")) else "",
        media=media,
        extra=_extra(data, kind),
    )


def _extra(data: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """What the sender knows beyond the words; the noun of the type is the kind of report where it is one of ours."""
    extra = {name: value for name, value in data.items() if name not in _READ | _FLAGS and _plain(value)}
    extra |= {name: part(data, name) is True for name in _FLAGS if name in data}
    noun = kind.partition(".")[0]
    wanted = ident(data, "kind") if ident(data, "kind") in KINDS else noun if noun in KINDS else None
    extra.pop("kind", None)
    return extra | ({"kind": wanted} if wanted else {})


def _plain(value: Any) -> bool:
    """Whether it is one value that any database takes: text, a number, yes or no."""
    return isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))


def _media(data: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    found = []
    for _, one in each(data, "media"):
        url, kind = ident(one, "url"), ident(one, "type")
        if url.startswith("https://"):
            told = _MEDIA.get(kind.partition("/")[0], "file")
            found.append(MediaRef(told, url=url, name=ident(one, "name"), content_type=kind))  # type: ignore[arg-type]  # the table's words
    return tuple(found)
