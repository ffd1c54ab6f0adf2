"""Asking Instagram what its hooks may have lost: comments and replies, tags, and direct messages since a place.

Sources: Instagram Platform "IG User media", "IG Media comments", "IG User tags", "Conversations". Mentions in captions
and comments of others have no list: `look_up` asks for one that a hook announced.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from salur.channels.platforms.instagram.ends import by_facebook, graph, inbox_owner
from salur.channels.platforms.loose import ident, moment, part, rows, table
from salur.channels.platforms.meta.graph import Graph
from salur.channels.platforms.meta.poll import (
    MESSAGE,
    POSTS_OF,
    Found,
    look_through,
    messages_of,
    raw_of,
    until,
)
from salur.channels.ports import AccountView, Inbound, Raw

_REPLY = "id,text,timestamp,username,from"
COMMENT = f"{_REPLY},parent_id,replies.limit(50){{{_REPLY}}}"
_MEDIA = f"id,caption,permalink,timestamp,comments_count,comments.limit(50){{{COMMENT}}}"
TAG = "id,caption,username,timestamp,permalink,media_type,media_url"
_MENTIONED = "id,text,timestamp,username,from,media{id,caption,permalink}"


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """Every row since the places of the cursor, oldest first; raises FetchFailed.

    With Instagram Login there is no list of tags; whoever may not read it still gets all the rest.
    """
    here, address = graph(account), account.address
    lists = {
        "chats": lambda since: messages_of(here, inbox_owner(account), since, platform="instagram"),
        "comments": lambda since: _comments(here, address, since),
    }
    if by_facebook(account):
        lists["tags"] = lambda since: _tags(here, address, since)
    yield from look_through(account, cursor, lists, optional=frozenset({"tags"}))


def _comments(here: Graph, address: str, since: datetime) -> Iterator[Found]:
    """Comments and replies since then under the media of the last month."""
    oldest = min(since, datetime.now(UTC) - POSTS_OF)
    for medium in until(here.each(address, "media", fields=_MEDIA, limit="25"), oldest, "timestamp"):
        told = {name: medium[name] for name in ("id", "permalink", "caption") if name in medium}
        for row in _under(here, medium):
            yield from _found(row, told, since)


def _under(here: Graph, medium: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if part(medium, "comments", "paging", "next"):
        yield from here.each(ident(medium, "id"), "comments", fields=COMMENT, limit="50")
    else:
        yield from (row for row in rows(medium, "comments", "data") if isinstance(row, Mapping))


def _found(row: Mapping[str, Any], told: Mapping[str, Any], since: datetime) -> Iterator[Found]:
    """The comment and each reply by itself, so that each has its own instant and its own delivery."""
    at = moment(row, "timestamp")
    if at is not None and at >= since:
        yield Found("comment", {name: value for name, value in row.items() if name != "replies"}, at, told)
    for reply in rows(row, "replies", "data"):
        said_at = moment(reply, "timestamp")
        if isinstance(reply, Mapping) and said_at is not None and said_at >= since:
            yield Found("comment", {**reply, "parent_id": ident(row, "id")}, said_at, told)


def _tags(here: Graph, address: str, since: datetime) -> Iterator[Found]:
    for row in until(here.each(address, "tags", fields=TAG, limit="25"), since, "timestamp"):
        at = moment(row, "timestamp")
        if at is not None:
            yield Found("tagged", row, at, {})


def look_up(account: AccountView, said: Inbound) -> Raw | None:
    """What a hook announced without its words, asked for by its id, as a delivery of its own; raises FetchFailed.

    None where there is nothing to ask for.
    """
    here = graph(account)
    media, comment = ident(said.answer_at, "media"), ident(said.answer_at, "comment")
    if said.answer_at.get("mention") is True and (media or comment):
        field = f"mentioned_comment.comment_id({comment}){{{_MENTIONED}}}" if comment else ""
        field = field or f"mentioned_media.media_id({media}){{{TAG}}}"
        if not (comment or media).isdecimal():
            return None
        answer = table(here.get(account.address, fields=field))
        row = {name: answer[name] for name in ("mentioned_comment", "mentioned_media") if name in answer}
        row |= {"id": said.external_id, "media_id": media}
        return raw_of(account, Found("mention", row, said.spoken_at, {}))
    if said.audience == "private":
        row = dict(table(here.get(said.external_id, fields=MESSAGE)))
        return raw_of(account, Found("message", row, said.spoken_at, {})) if row else None
    row = dict(table(here.get(said.external_id, fields=f"{_REPLY},parent_id")))
    return raw_of(account, Found("comment", row, said.spoken_at, said.post)) if row else None
