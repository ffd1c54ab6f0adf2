"""Reading direct messages of X: of the Activity API and its deprecated forerunner, and of the lookup of API v2. Pure.

Source: X documentation, "X Activity API: event payloads" (dm.received, dm.sent), "Direct Messages: lookup", "Direct
Message button" (the address at which a conversation with one person opens).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.platforms.loose import each, first, ident, moment, part, table, within, words
from salur.channels.platforms.text import clean_line
from salur.channels.platforms.x.posts import Said, made_at, media_of, plain
from salur.channels.ports import Broken, Echoed, Ignored, Inbound, Item, MediaRef

COMPOSE = "https://x.com/messages/compose?recipient_id="


def read_event(event: Mapping[str, Any], said: Said, where: str) -> Item:
    """One `direct_message_events` entry of a hook."""
    kind = ident(event, "type")
    if kind and kind != "message_create":
        return Ignored("unknown_kind", detail=f"direct message {kind[:60]}", account_ref=said.account_ref)
    told = table(event, "message_create")
    return _message(
        ident(event, "id"),
        plain(words(told, "message_data", "text")),
        moment(event, "created_timestamp"),
        ident(told, "sender_id"),
        ident(told, "target", "recipient_id"),
        "",
        tuple(_attached(table(told, "message_data", "attachment"))),
        said,
        where,
    )


def read_lookup(event: Mapping[str, Any], said: Said, where: str) -> Item:
    """One direct message as API v2 lists it."""
    kind = ident(event, "event_type")
    if kind and kind != "MessageCreate":
        return Ignored("unknown_kind", detail=f"direct message {kind[:60]}", account_ref=said.account_ref)
    keys = part(event, "attachments", "media_keys")
    media = [
        ref
        for key in map(ident, keys if isinstance(keys, list) else [])
        for ref in media_of(said.media.get(key, {}), key)
    ]
    return _message(
        ident(event, "id"),
        plain(words(event, "text")),
        moment(event, "created_at"),
        ident(event, "sender_id"),
        "",
        ident(event, "dm_conversation_id"),
        tuple(media),
        said,
        where,
    )


def _message(
    event_id: str,
    text: str,
    at: Any,
    sender: str,
    recipient: str,
    talk: str,
    media: tuple[MediaRef, ...],
    said: Said,
    where: str,
) -> Item:
    if not event_id or not sender:
        return Broken(where, "a direct message without id or sender")
    spoken = within(at or made_at(event_id), said.received_at)
    if sender in said.own:
        other = first(recipient, *(one for one in talk.split("-") if one not in said.own))
        return Echoed(event_id, text, spoken, to=other, account_ref=said.account_ref)
    if not text and not media:
        return Ignored("empty", account_ref=said.account_ref)
    user = said.users.get(sender, {})
    return Inbound(
        external_id=event_id,
        text=text,
        spoken_at=spoken,
        sender_address=sender,
        sender_name=clean_line(words(user, "name"))[:200],
        sender_handle=first(ident(user, "username"), ident(user, "screen_name")),
        place=sender,
        link=f"{COMPOSE}{sender}" if sender.isdecimal() else "",
        media=media,
        account_ref=said.account_ref,
    )


def _attached(attachment: Mapping[str, Any]) -> Iterator[MediaRef]:
    media = table(attachment, "media")
    if not media:
        return
    films = sorted(
        (one for _, one in each(media, "video_info", "variants") if ident(one, "content_type") == "video/mp4"),
        key=lambda one: one["bitrate"] if isinstance(one.get("bitrate"), int) else 0,
    )
    kind = ident(media, "type")
    if films:
        yield MediaRef("video", ident(films[-1], "url"), content_type="video/mp4")
    elif first(ident(media, "media_url_https"), ident(media, "media_url")):
        url = first(ident(media, "media_url_https"), ident(media, "media_url"))
        yield MediaRef("image" if kind in ("photo", "") else "file", url)
