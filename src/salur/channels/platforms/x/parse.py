"""Understanding what X delivers: events of the X Activity API, its deprecated forerunner, and answers of API v2. Pure.

Source: X documentation, "X Activity API: Introduction" and "event payloads"; the fields of posts in API v2.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from salur.channels.platforms.loose import each, first, ident, moment, part, read_object, rows, table, within
from salur.channels.platforms.x import deprecated
from salur.channels.platforms.x.direct import read_event, read_lookup
from salur.channels.platforms.x.posts import Said, included, mentioned, read_post, referenced
from salur.channels.ports import AccountNews, AccountView, Broken, Ignored, Item, Raw, Removed, Unreadable

ASKED = "salur_asked"
"""What `fetch_since` writes beside a post that it polled: the list it stood in."""
NAMING = {"post.mention.create", "post.quote.create"}
POSTS = {"post.create", "post.reply.create", *NAMING}
REACTIONS = {"post.repost.create", "like.create", "like.delete", "post.repost.delete"}


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Every item of one delivery; raises Unreadable where nothing in it can be told apart."""
    body = read_object(raw)
    said = Said(frozenset({account.address}) - {""}, received_at=raw.received_at)
    if ident(body, "data", "event_type"):
        return _activity(account, table(body, "data"), table(body, "includes"), said)
    if "for_user_id" in body or any(name in body for name in (*deprecated.READERS, "user_event")):
        return _deprecated(account, body, said)
    items = _lookup(body, said)
    if not items:
        raise Unreadable("neither an event nor an answer of X")
    return items


def _owned(account: AccountView, said: Said, user_id: str) -> Said:
    """As it looks to the account that a delivery names; "" leaves it as it is."""
    if not user_id or user_id == account.address:
        return said
    return replace(said, own=said.own | {user_id}, account_ref=user_id)


def _activity(account: AccountView, event: Mapping[str, Any], beside: Mapping[str, Any], said: Said) -> list[Item]:
    kind, payload = ident(event, "event_type"), table(event, "payload")
    said = _owned(account, said, first(ident(event, "filter", "user_id"), ident(event, "for_user_id")))
    within_it, outside_it = included(table(event, "includes")), included(beside)
    found = {name: {**outside_it[name], **within_it[name]} for name in within_it}
    said = replace(said, users={**found["users"], **_people(payload)}, posts=found["posts"], media=found["media"])
    if kind in POSTS:
        named = True if kind in NAMING else None
        if kind == "post.reply.create" and not mentioned(payload) & said.own:
            named = False
        return read_post(payload, replace(said, named=named), "data.payload")
    if kind == "post.delete":
        return [_removed(event, payload, said)]
    if kind in ("dm.received", "dm.sent"):
        events = [
            read_event(one, said, f"data.payload.direct_message_events.{place}")
            for place, one in each(payload, "direct_message_events")
        ]
        return events or [Broken("data.payload", "a direct message event without a message")]
    if kind == "oauth.revoke":
        said = _owned(account, said, ident(payload, "user_id"))
        return [AccountNews("revoked", "the account withdrew its leave at X", account_ref=said.account_ref)]
    return _aside(kind, payload, said)


def _aside(kind: str, payload: Mapping[str, Any], said: Said) -> list[Item]:
    """What is no message: read receipts, typing, likes, reposts, and whatever else can be subscribed to."""
    if kind == "dm.read":
        receipts = list(deprecated.read(payload, said))
        return receipts or [Ignored("unknown_kind", detail=kind, account_ref=said.account_ref)]
    if kind == "dm.indicate_typing":
        return [Ignored("typing", account_ref=said.account_ref)]
    if kind in REACTIONS:
        return [Ignored("reaction", about=referenced(payload, "retweeted"), account_ref=said.account_ref)]
    return [Ignored("unknown_kind", detail=kind[:80], account_ref=said.account_ref)]


def _removed(event: Mapping[str, Any], payload: Mapping[str, Any], said: Said) -> Item:
    post_id = ident(payload, "id")
    if not post_id:
        return Broken("data.payload", "a removed post without an id")
    at = within(moment(payload, "deleted_at") or moment(event, "created_at"), said.received_at)
    by = "account" if ident(payload, "author_id") in said.own else "author"
    return Removed(post_id, at, by, account_ref=said.account_ref)


def _people(payload: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The people of a direct message event, by id."""
    people = table(payload, "users")
    return {str(key): table(one, "data") or one for key, one in people.items() if isinstance(one, Mapping)}


def _deprecated(account: AccountView, body: Mapping[str, Any], said: Said) -> list[Item]:
    said = _owned(
        account, said, first(ident(body, "for_user_id"), ident(body, "user_event", "revoke", "source", "user_id"))
    )
    people = _people(body)
    for _, event in each(body, deprecated.POSTS):
        people |= deprecated.author(event)
    items = list(deprecated.read(body, replace(said, users=people)))
    if not items:
        return [Ignored("unknown_kind", detail="an event of the Account Activity API", account_ref=said.account_ref)]
    return items


def _lookup(body: Mapping[str, Any], said: Said) -> list[Item]:
    """An answer of API v2: posts or direct messages, and what it says could not be told."""
    found = included(table(body, "includes"))
    named = True if ident(body, ASKED) == "mentions" else None
    said = replace(said, users=found["users"], posts=found["posts"], media=found["media"], named=named)
    items: list[Item] = []
    several = rows(body, "data")
    for place, one in enumerate(several):
        where = f"data.{place}" if isinstance(part(body, "data"), list) else "data"
        if not isinstance(one, Mapping):
            items.append(Broken(where, "no object"))
        elif ident(one, "dm_conversation_id") or ident(one, "event_type"):
            items.append(_direct(one, said, where))
        else:
            items.extend(read_post(one, said, where))
    for _, one in each(body, "errors"):
        detail = first(ident(one, "title"), ident(one, "code"), "error")
        items.append(Ignored("unknown_kind", about=ident(one, "resource_id"), detail=f"X says: {detail[:80]}"))
    if not items and ident(body, "meta", "result_count") == "0":
        return [Ignored("empty")]
    if not items and ident(body, "title") and ident(body, "type"):
        return [Ignored("unknown_kind", detail=f"X says: {ident(body, 'title')[:80]}")]
    return items


def _direct(one: Mapping[str, Any], said: Said, where: str) -> Item:
    if ident(one, "dm_event_id") and not ident(one, "id"):
        return Ignored("own_message", about=ident(one, "dm_event_id"))
    return read_lookup(one, said, where)
