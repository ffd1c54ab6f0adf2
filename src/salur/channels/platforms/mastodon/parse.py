"""Reading what a server of the Mastodon client interface tells: notifications, groups of them, statuses. Pure."""

from collections.abc import Mapping
from typing import Any

from salur.channels.platforms.loose import each, first, ident, moment, part, read_value, rows, table, within
from salur.channels.platforms.mastodon.words import handle, own_handle, said_in
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

_REACTIONS = ("favourite", "reblog", "poll", "pleroma:emoji_reaction", "emoji_reaction")
_MEDIA = {"image": "image", "gifv": "video", "video": "video", "audio": "audio"}
_OPEN = ("public", "unlisted")


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Every notification or status of a delivery, each for itself; raises Unreadable where there can be none.

    {"removed": {"id", "at"}} is how `poll` writes down that a status is gone.
    """
    found = read_value(raw)
    if isinstance(found, list):
        items = [_item(account, raw, str(place), one) for place, one in enumerate(found)]
    elif not isinstance(found, Mapping):
        raise Unreadable("JSON is neither object nor list")
    elif isinstance(part(found, "removed"), Mapping):
        items = [_removed(raw, table(found, "removed"))]
    elif "notification_groups" in found:
        items = _groups(account, raw, found)
    elif "ancestors" in found or "descendants" in found:
        statuses = [*rows(found, "ancestors"), *rows(found, "descendants")]
        items = [_item(account, raw, f"context.{place}", one) for place, one in enumerate(statuses)]
    else:
        items = [_item(account, raw, "notification", found)]
    return items or [Ignored("empty")]


def _removed(raw: Raw, gone: Mapping[str, Any]) -> Item:
    if not ident(gone, "id"):
        raise Unreadable("a removal that names no status")
    return Removed(ident(gone, "id"), within(moment(gone, "at"), raw.received_at))


def _groups(account: AccountView, raw: Raw, found: Mapping[str, Any]) -> list[Item]:
    """Grouped notifications (v2): the statuses stand beside the groups, and only ungrouped kinds are mentions."""
    statuses = {ident(one, "id"): one for _, one in each(found, "statuses")}
    items: list[Item] = []
    for place, group in each(found, "notification_groups"):
        status = statuses.get(ident(group, "status_id"))
        kind = ident(group, "type")
        if kind == "mention" and status is None:
            items.append(Broken(f"notification_groups.{place}", "a mention without its status"))
        else:
            items.append(_notified(account, raw, f"notification_groups.{place}", kind, status or {}))
    return items


def _item(account: AccountView, raw: Raw, where: str, one: Any) -> Item:
    if not isinstance(one, Mapping):
        return Broken(where, "no object")
    if "content" in one and "account" in one and ident(one, "id"):
        return _status(account, raw, where, one)
    if ident(one, "type"):
        return _notified(account, raw, where, ident(one, "type"), table(one, "status"))
    return Ignored("unknown_kind", detail="neither notification nor status")


def _notified(account: AccountView, raw: Raw, where: str, kind: str, status: Mapping[str, Any]) -> Item:
    if kind in _REACTIONS:
        return Ignored("reaction", about=ident(status, "id"), detail=kind)
    if kind not in ("mention", "quote"):
        return Ignored("unknown_kind", detail=kind[:60])
    if not ident(status, "id"):
        return Broken(where, "a mention without its status")
    if handle(account, table(status, "account")) == own_handle(account):
        return Ignored("own_message", about=ident(status, "id"))
    return _inbound(account, raw, where, status)


def _status(account: AccountView, raw: Raw, where: str, status: Mapping[str, Any]) -> Item:
    """A status by itself: our own, or one of a citizen read anew because it was edited."""
    at = within(moment(status, "created_at"), raw.received_at)
    if handle(account, table(status, "account")) == own_handle(account):
        to = next((handle(account, one) for _, one in each(status, "mentions")), "")
        return Echoed(ident(status, "id"), said_in(status), at, to=to, in_reply_to=ident(status, "in_reply_to_id"))
    edited_at = moment(status, "edited_at")
    if edited_at is not None:
        return Edited(ident(status, "id"), said_in(status), within(edited_at, raw.received_at))
    return _inbound(account, raw, where, status)


def _inbound(account: AccountView, raw: Raw, where: str, status: Mapping[str, Any]) -> Item:
    writer, visibility = table(status, "account"), first(ident(status, "visibility"), "direct")
    address, text, media = handle(account, writer), said_in(status), _media(status)
    if not address:
        return Broken(where, "a mention of nobody")
    if not text and not media:
        return Ignored("empty")
    public = visibility in _OPEN
    answered = ident(status, "in_reply_to_id")
    link = first(ident(status, "url"), ident(status, "uri"))
    return Inbound(
        external_id=ident(status, "id"),
        text=text,
        spoken_at=within(moment(status, "created_at"), raw.received_at),
        sender_address=address,
        sender_name=first(ident(writer, "display_name"), ident(writer, "username")),
        sender_handle=address,
        thread_ids=(answered,) if answered else (),
        audience="public" if public else "private",
        place=first(answered, ident(status, "id")) if public else address,
        root_id=answered if public else "",
        answer_at={"status_id": ident(status, "id"), "visibility": visibility},
        link=link if link.startswith(("https://", "http://")) else "",
        media=media,
    )


def _media(status: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    found = []
    for _, one in each(status, "media_attachments"):
        url = first(ident(one, "url"), ident(one, "remote_url"))
        if url.startswith(("https://", "http://")):
            kind = _MEDIA.get(ident(one, "type"), "file")
            found.append(MediaRef(kind, url=url, name=url.rpartition("/")[2].partition("?")[0][:200]))  # type: ignore[arg-type]  # the table's words
    return tuple(found)
