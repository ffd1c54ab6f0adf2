"""One delivery of an Instagram hook, or one polled row, becomes items. Pure."""

from collections.abc import Mapping
from typing import Any

from salur.channels.platforms.instagram.comments import (
    Seen,
    read_change,
    read_comment_row,
    read_mentioned,
    read_tag_row,
)
from salur.channels.platforms.instagram.ends import own
from salur.channels.platforms.loose import first, ident, read_value, rows, table
from salur.channels.platforms.meta.messages import read_event, read_row
from salur.channels.platforms.meta.walk import Event, walk
from salur.channels.platforms.text import clean_line
from salur.channels.ports import AccountView, Broken, Ignored, Item, Raw, Unreadable

INBOX = "https://www.instagram.com/direct/inbox/"


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Every item of the delivery, in its order; raises Unreadable where none can be told apart."""
    found = read_value(raw)
    if isinstance(found, Mapping) and "entry" not in found and not isinstance(found.get("field"), str):
        return _polled(found, account, raw)
    if not found or not isinstance(found, Mapping | list):
        raise Unreadable("the JSON is no delivery")
    items: list[Item] = []
    for event in walk(found, "instagram"):
        if not isinstance(event, Event):
            items.append(event)
        elif event.kind == "change":
            items += read_change(event, own(account, event.account), raw)
        else:
            items += read_event(event, own(account, event.account), raw, INBOX)
    return items


def _polled(found: Mapping[str, Any], account: AccountView, raw: Raw) -> list[Item]:
    ref = first(ident(found, "account"), account.address)
    seen = Seen(ref, own(account, ref), raw)
    if table(found, "mentioned_comment") or table(found, "mentioned_media"):
        return read_mentioned(found, seen)
    if "data" not in found and not ident(found, "id"):
        raise Unreadable("neither a delivery of a hook nor a list that was asked for")
    listed = rows(found, "data") if "data" in found else [found]
    items: list[Item] = []
    for place, row in enumerate(listed):
        where = f"data.{place}"
        items += _row(row, found, seen, where) if isinstance(row, Mapping) else [Broken(where, "a row is no object")]
    return items or [Ignored("empty", account_ref=ref)]


def _row(row: Mapping[str, Any], found: Mapping[str, Any], seen: Seen, where: str) -> list[Item]:
    kind = first(ident(found, "polled"), _kind(row))
    if kind == "comment":
        return read_comment_row(row, table(found, "post"), seen, where)
    if kind == "tagged":
        return read_tag_row(row, seen, where)
    if kind == "message":
        if not ident(row, "id"):
            return [Broken(where, "a message without an id")]
        return read_row(row, seen.account, seen.own, seen.raw, INBOX)
    if kind == "mention":
        return read_mentioned(row, seen)
    return [Ignored("unknown_kind", detail=clean_line(kind)[:60], account_ref=seen.account)]


def _kind(row: Mapping[str, Any]) -> str:
    """Which list a row is from, where nothing tells."""
    if "message" in row or "to" in row:
        return "message"
    if "caption" in row or "media_type" in row:
        return "medium"
    return "comment" if "text" in row or "timestamp" in row else "unknown"
