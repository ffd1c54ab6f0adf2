"""Reading Matrix events: from a transaction, from /sync, or from /messages (client-server API). Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.platforms.loose import each, first, ident, moment, part, read_object, table, within, words
from salur.channels.ports import (
    AccountView,
    Broken,
    Echoed,
    Edited,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Raw,
    Removed,
    Unreadable,
)

_FILES = {"m.image": "image", "m.video": "video", "m.audio": "audio", "m.file": "file"}
_TEXTS = ("m.text", "m.emote", "m.location")
_QUOTE = re.compile(r"(?:^> ?[^\n]*\n)+\n", re.MULTILINE)
_SHAPES = ("events", "rooms", "chunk")


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Every event of a delivery, each for itself; raises Unreadable where there can be none."""
    found = read_object(raw)
    if not any(shape in found for shape in _SHAPES):
        raise Unreadable("no events: neither a transaction nor a part of a room")
    items = [_item(account, raw, where, room, event) for where, room, event in events_of(found)]
    return items or [Ignored("empty")]


def events_of(found: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(where, room id, event) of a transaction {events}, a part of /sync {rooms} or of /messages {chunk}."""
    for shape in ("events", "chunk"):
        for place, event in each(found, shape):
            yield f"{shape}.{place}", ident(event, "room_id"), event
    for room, joined in table(found, "rooms", "join").items():
        for place, event in each(joined, "timeline", "events"):
            yield f"rooms.join.{room}.timeline.{place}"[:300], str(room)[:300], event
    for room, invited in table(found, "rooms", "invite").items():
        for place, event in each(invited, "invite_state", "events"):
            if ident(event, "type") == "m.room.member" and ident(event, "content", "membership") == "invite":
                yield f"rooms.invite.{room}.{place}"[:300], str(room)[:300], event


def _item(account: AccountView, raw: Raw, where: str, room: str, event: Mapping[str, Any]) -> Item:
    kind = ident(event, "type")
    own = ident(event, "sender") == account.address
    if kind == "m.reaction":
        return Ignored("reaction")
    if kind == "m.room.redaction":
        return _redaction(raw, where, event, own)
    if kind == "m.room.encrypted":
        # The content is for its readers alone: `rooms` tells the room once that it cannot be read here.
        return Ignored("own_message" if own else "unknown_kind", detail="encrypted")
    if kind not in ("m.room.message", "m.sticker"):
        if _invites(account, event):
            # Named by its room, so that it is recorded by itself whatever else the delivery holds.
            return Ignored("unknown_kind", about=room, detail="invite")
        return Ignored("unknown_kind", detail=kind[:60])
    event_id, writer, content = ident(event, "event_id"), ident(event, "sender"), table(event, "content")
    if not event_id or not writer:
        return Broken(where, "a message without event_id or sender")
    if not content:
        return Ignored("empty", detail="redacted")
    relation = table(content, "m.relates_to")
    at = within(moment(event, "origin_server_ts"), raw.received_at)
    if ident(relation, "rel_type") == "m.replace" and ident(relation, "event_id"):
        if own:
            return Ignored("own_message", about=ident(relation, "event_id"), detail="edited")
        text = _text(table(content, "m.new_content") or content)
        return Edited(ident(relation, "event_id"), text, at, key=event_id, by_address=writer)
    if own:
        answered = ident(relation, "m.in_reply_to", "event_id")
        once_key = ident(event, "unsigned", "transaction_id")
        return Echoed(event_id, _text(content), at, in_reply_to=answered, once_key=once_key)
    if ident(content, "msgtype") == "m.notice":
        return Ignored("auto_reply", detail="m.notice")
    return _said(account, where, room, event, at)


def _invites(account: AccountView, event: Mapping[str, Any]) -> bool:
    """Whether the account itself is asked into a room; `rooms.fetch_since` enters it, and is called soon for it."""
    asked = ident(event, "type") == "m.room.member" and ident(event, "content", "membership") == "invite"
    return asked and ident(event, "state_key") == account.address


def _redaction(raw: Raw, where: str, event: Mapping[str, Any], own: bool) -> Item:
    target = first(ident(event, "redacts"), ident(event, "content", "redacts"))
    if not target:
        return Broken(where, "a redaction that names no event")
    at = within(moment(event, "origin_server_ts"), raw.received_at)
    return Removed(target, at, by="account" if own else "author", by_address="" if own else ident(event, "sender"))


def _said(account: AccountView, where: str, room: str, event: Mapping[str, Any], at: Any) -> Item:
    content, event_id, writer = table(event, "content"), ident(event, "event_id"), ident(event, "sender")
    kind = "m.sticker" if ident(event, "type") == "m.sticker" else ident(content, "msgtype")
    media, text = _media(kind, content), _text(content)
    if not media and kind not in _TEXTS:
        return Ignored("unknown_kind", detail=kind[:60])
    if not media and not text:
        return Ignored("empty")
    if not room:
        return Broken(where, "a message without room_id")
    relation = table(content, "m.relates_to")
    root = ident(relation, "event_id") if ident(relation, "rel_type") == "m.thread" else ""
    answered = ident(relation, "m.in_reply_to", "event_id")
    public = room in (account.settings.get("public_rooms") or ())
    if public and not answered and not _names(account, content):
        return Ignored("other_account", detail="not_addressed")
    return Inbound(
        external_id=event_id,
        text=text,
        spoken_at=at,
        sender_address=writer,
        sender_name=writer.partition(":")[0].lstrip("@"),
        sender_handle=writer,
        thread_ids=tuple(dict.fromkeys(one for one in (answered, root) if one)),
        audience="public" if public else "private",
        place=room,
        root_id=root,
        answer_at={"event_id": event_id} | ({"thread_id": root} if root else {}),
        link=f"https://matrix.to/#/{room}/{event_id}",
        media=media,
        extra=_place(content),
    )


def _text(content: Mapping[str, Any]) -> str:
    """The words, without the quotation that older programs put before an answer (rich reply fallback)."""
    text = words(content, "body")
    if table(content, "m.relates_to", "m.in_reply_to"):
        text = _QUOTE.sub("", text, count=1).strip() if text.startswith("> ") else text
    name = words(content, "filename")
    if ident(content, "msgtype") in _FILES and name in ("", text):
        return ""
    if ident(content, "msgtype") == "m.location":
        return f"\N{ROUND PUSHPIN} {text} ({ident(content, 'geo_uri')})"
    return text


def _place(content: Mapping[str, Any]) -> dict[str, Any]:
    """The coordinates of a geo URI (RFC 5870), WGS 84."""
    found = re.match(r"geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)", ident(content, "geo_uri"))
    return {"latitude": float(found[1]), "longitude": float(found[2])} if found else {}


def _media(kind: str, content: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    """The file of a message by its mxc address; an encrypted one cannot be read."""
    address = ident(content, "url")
    if not address.startswith("mxc://"):
        return ()
    size = part(content, "info", "size")
    return (
        MediaRef(
            "sticker" if kind == "m.sticker" else _FILES.get(kind, "file"),  # type: ignore[arg-type]  # the table's words
            media_id=address,
            name=first(ident(content, "filename"), ident(content, "body")),
            content_type=ident(content, "info", "mimetype"),
            size=size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else None,
        ),
    )


def _names(account: AccountView, content: Mapping[str, Any]) -> bool:
    mentioned = part(content, "m.mentions", "user_ids")
    if isinstance(mentioned, list) and account.address in mentioned:
        return True
    localpart = account.address.partition(":")[0].lstrip("@")
    said = words(content, "body").lower()
    return account.address in words(content, "formatted_body") or bool(
        localpart and re.search(rf"\b{re.escape(localpart.lower())}\b", said)
    )
