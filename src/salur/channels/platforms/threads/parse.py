"""One delivery of a Threads hook, or one polled row, becomes items. Pure.

Source: Threads API "Webhooks" (topics `moderate` and `interaction`; fields replies, mentions, delete, publish),
"Retrieve replies", "Retrieve mentions". A person is known by the user name alone: the platform gives no id of others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salur.channels.platforms.loose import first, ident, moment, part, read_value, rows, table, within, words
from salur.channels.platforms.meta.media import MOST, web_address
from salur.channels.platforms.meta.messages import WORDLESS
from salur.channels.platforms.text import clean_line
from salur.channels.ports import (
    AccountView,
    Broken,
    Echoed,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Raw,
    Removed,
    Unreadable,
)

_SAID = frozenset({"replies", "mentions", "reply", "mention"})


@dataclass(frozen=True)
class _Seen:
    """Where something was seen, who the account itself is, and when the platform told."""

    where: str
    account: str
    own: frozenset[str]
    raw: Raw
    sent_at: datetime | None = None


def user_name(account: AccountView) -> str:
    """The account's user name in small letters, without the sign before it; "" where it is not known."""
    return ident(account.settings, "username").lstrip("@").lower()


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Every item of the delivery, in its order; raises Unreadable where none can be told apart."""
    found = read_value(raw)
    own = frozenset(filter(None, (account.address, user_name(account))))
    items: list[Item] = []
    if isinstance(found, Mapping) and "values" not in found and ("data" in found or "polled" in found):
        polled = ident(found, "polled")
        for place, row in enumerate(rows(found, "data")):
            items.append(_row(row, polled, _Seen(f"data.{place}", account.address, own, raw)))
        return items or [Ignored("empty", account_ref=account.address)]
    deliveries = list(_deliveries(found))
    if not deliveries:
        raise Unreadable("the JSON is no delivery of Threads")
    for where, one in deliveries:
        items += _delivery(where, one, own, raw)
    return items


def _deliveries(found: Any) -> Iterator[tuple[str, Any]]:
    """One object with `values`; some senders put several into an array, or into `entry` like the rest of Meta."""
    if isinstance(found, Mapping) and "values" in found:
        yield "", found
    elif isinstance(found, Mapping) and isinstance(found.get("entry"), list | Mapping):
        for place, entry in enumerate(rows(found, "entry")):
            shared = {"target_id": part(entry, "id"), "time": part(entry, "time")}
            changes = rows(entry, "changes")
            yield f"entry.{place}.", {**shared, "values": changes} if changes else entry
    elif isinstance(found, list):
        yield from ((f"{place}.", one) for place, one in enumerate(found))


def _delivery(where: str, one: Any, own: frozenset[str], raw: Raw) -> list[Item]:
    if not isinstance(one, Mapping):
        return [Broken(where.rstrip("."), "a delivery is no object")]
    target = ident(one, "target_id")
    if target == "0":
        return [Ignored("test")]
    values = one.get("values")
    listed = [values] if isinstance(values, Mapping) else values
    if not isinstance(listed, list):
        return [Broken(f"{where}values", "there are no values")]
    if not listed:
        return [Ignored("empty", account_ref=target)]
    seen_own, sent_at = own | ({target} if target else frozenset()), moment(one, "time")
    items: list[Item] = []
    for place, change in enumerate(listed):
        spot = f"{where}values" if isinstance(values, Mapping) else f"{where}values.{place}"
        items.append(_change(change, _Seen(spot, target, frozenset(seen_own), raw, sent_at)))
    return items


def _change(change: Any, seen: _Seen) -> Item:
    field, value = ident(change, "field"), part(change, "value")
    if not isinstance(value, Mapping):
        return Broken(seen.where, "an update has no value")
    if not ident(value, "id"):
        if field in _SAID or field in ("delete", "publish"):
            return Broken(seen.where, "a thread without an id")
        return Ignored("unknown_kind", detail=clean_line(field)[:60], account_ref=seen.account)
    if field == "delete":
        at = within(moment(value, "deleted_at") or moment(value, "timestamp") or seen.sent_at, seen.raw.received_at)
        owner = first(ident(value, "owner", "owner_id"), ident(value, "owner", "id"), ident(value, "owner_id"))
        by = "account" if seen.own & {owner, _name(value)} else "author"
        return Removed(ident(value, "id"), at, by=by, account_ref=seen.account)
    if field == "publish":
        return _echo(value, seen)
    if field in _SAID:
        return _said(value, seen, mention=field.startswith("mention"))
    return Ignored("unknown_kind", detail=clean_line(field)[:60], account_ref=seen.account)


def _row(row: Any, polled: str, seen: _Seen) -> Item:
    if not isinstance(row, Mapping) or not ident(row, "id"):
        return Broken(seen.where, "a row without an id")
    return _said(row, seen, mention=polled == "mention")


def _said(value: Mapping[str, Any], seen: _Seen, *, mention: bool) -> Item:
    handle = clean_line(words(value, "username"))[:200]
    owner = first(ident(value, "owner", "id"), ident(value, "owner", "owner_id"), ident(value, "from", "id"))
    if value.get("is_reply_owned_by_me") is True or seen.own & {owner, handle.lower()}:
        return _echo(value, seen)
    identity = ident(value, "id")
    parent, root = ident(value, "replied_to", "id"), ident(value, "root_post", "id")
    at = within(moment(value, "timestamp") or seen.sent_at, seen.raw.received_at)
    text, media = words(value, "text"), _media(value)
    told = {"id": root, "link": web_address(part(value, "root_post", "permalink"))}
    told["text"] = words(value, "root_post", "text")
    return Inbound(
        external_id=identity,
        text=text,
        spoken_at=at,
        sender_address=handle,
        sender_handle=handle,
        thread_ids=tuple(dict.fromkeys(one for one in (parent, root) if one)),
        audience="public",
        place=first(root, identity),
        root_id=root,
        answer_at={"thread": identity, "mention": True} if mention else {"thread": identity},
        link=web_address(value.get("permalink")),
        post={name: one for name, one in told.items() if one},
        media=media,
        account_ref=seen.account,
        extra={} if text or media else dict(WORDLESS),
    )


def _echo(value: Mapping[str, Any], seen: _Seen) -> Echoed:
    at = within(moment(value, "timestamp") or seen.sent_at, seen.raw.received_at)
    text, parent = words(value, "text"), ident(value, "replied_to", "id")
    return Echoed(ident(value, "id"), text, at, in_reply_to=parent, account_ref=seen.account)


def _name(value: Mapping[str, Any]) -> str:
    return ident(value, "username").lower()


def _media(value: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    pieces = [value, *(one for one in rows(table(value, "children"), "data") if isinstance(one, Mapping))]
    found: list[MediaRef] = []
    for one in pieces:
        film = "VIDEO" in ident(one, "media_type")
        if url := web_address(one.get("media_url")):
            found.append(MediaRef("video" if film else "image", url=url))
        if gif := web_address(one.get("gif_url")):
            found.append(MediaRef("image", url=gif))
    return tuple(found[:MOST])
