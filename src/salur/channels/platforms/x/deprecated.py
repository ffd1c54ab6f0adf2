"""Reading the Account Activity API, which X has deprecated and still delivers to those who have it. Pure.

Source: X documentation, "Account Activity API: Introduction" (payload examples). Its posts have the shape of API v1.1.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from salur.channels.platforms.loose import each, first, ident, moment, part, table, within, words
from salur.channels.platforms.x.direct import read_event
from salur.channels.platforms.x.posts import Said, read_post
from salur.channels.ports import AccountNews, Ignored, Item, Receipted, Removed

POSTS = "tweet_create_events"


def read(body: Mapping[str, Any], said: Said) -> Iterator[Item]:
    """Every event of one delivery, in the order it stands there."""
    for name, reader in READERS.items():
        for place, event in each(body, name):
            yield from reader(event, said, f"{name}.{place}")
    revoked = table(body, "user_event", "revoke")
    if revoked:
        yield AccountNews("revoked", "the account withdrew its leave at X", account_ref=said.account_ref)


def _post(event: Mapping[str, Any], said: Said, where: str) -> list[Item]:
    if table(event, "retweeted_status"):
        about = first(ident(event, "retweeted_status", "id_str"), ident(event, "retweeted_status", "id"))
        return [Ignored("reaction", about=about, account_ref=said.account_ref)]
    return read_post(_as_v2(event), said, where)


def _as_v2(event: Mapping[str, Any]) -> dict[str, Any]:
    """A post of API v1.1 under the names of API v2."""
    refs = [
        {"type": kind, "id": found}
        for kind, name in (("replied_to", "in_reply_to_status_id"), ("quoted", "quoted_status_id"))
        if (found := _id(event, name))
    ]
    named = [{"id": _id(one, "id")} for _, one in each(event, "entities", "user_mentions")]
    when = moment(event, "timestamp_ms") or _written(words(event, "created_at"))
    return {
        "id": _id(event, "id"),
        "text": first(words(event, "extended_tweet", "full_text"), words(event, "full_text"), words(event, "text")),
        "author_id": _id(table(event, "user"), "id"),
        "created_at": when.isoformat() if when else "",
        "referenced_tweets": refs,
        "in_reply_to_user_id": _id(event, "in_reply_to_user_id"),
        "entities": {"mentions": named},
    }


def author(event: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The author of a post of API v1.1 under the names of API v2, by id."""
    user = table(event, "user")
    return {_id(user, "id"): {"name": part(user, "name"), "username": part(user, "screen_name")}} if user else {}


def _id(value: Mapping[str, Any], name: str) -> str:
    return first(ident(value, f"{name}_str"), ident(value, name))


def _written(text: str) -> datetime | None:
    """`Wed Oct 10 20:19:24 +0000 2018`, as API v1.1 writes instants."""
    words_of_it = text.split()
    if len(words_of_it) != 6:
        return None
    _, month, day, time, zone, year = words_of_it
    with suppress(ValueError, TypeError, OverflowError, IndexError):
        return parsedate_to_datetime(f"{day} {month} {year} {time} {zone}").astimezone(UTC)
    return None


def _deleted(event: Mapping[str, Any], said: Said, where: str) -> list[Item]:
    post_id = _id(table(event, "status"), "id")
    if not post_id:
        return [Ignored("unknown_kind", detail="a removed post without an id", account_ref=said.account_ref)]
    by = "account" if ident(event, "status", "user_id") in said.own else "author"
    at = within(moment(event, "timestamp_ms"), said.received_at)
    return [Removed(post_id, at, by, account_ref=said.account_ref)]


def _read_receipt(event: Mapping[str, Any], said: Said, where: str) -> list[Item]:
    reader, at = ident(event, "sender_id"), within(moment(event, "created_timestamp"), said.received_at)
    if not reader or reader in said.own:
        return [Ignored("own_message", detail="read by ourselves", account_ref=said.account_ref)]
    return [Receipted("", "read", at, reader, account_ref=said.account_ref)]


def _ignored(reason: str, detail: str = "") -> Callable[[Mapping[str, Any], Said, str], list[Item]]:
    def read_one(event: Mapping[str, Any], said: Said, where: str) -> list[Item]:
        return [Ignored(reason, detail=detail, account_ref=said.account_ref)]

    return read_one


READERS: dict[str, Callable[[Mapping[str, Any], Said, str], list[Item]]] = {
    POSTS: _post,
    "direct_message_events": lambda event, said, where: [read_event(event, said, where)],
    "tweet_delete_events": _deleted,
    "direct_message_mark_read_events": _read_receipt,
    "direct_message_indicate_typing_events": _ignored("typing"),
    "favorite_events": _ignored("reaction"),
    "follow_events": _ignored("unknown_kind", "follow"),
    "mute_events": _ignored("unknown_kind", "mute"),
    "block_events": _ignored("unknown_kind", "block"),
}
