"""Asking a Page what its hooks may have lost: comments, visitor posts, mentions and messages since a place.

Sources: Graph API "Page feed", "Object comments", "Page tagged".
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from salur.channels.platforms.loose import ident, moment, table
from salur.channels.platforms.meta.graph import Graph
from salur.channels.platforms.meta.poll import MESSAGE, POSTS_OF, Found, look_through, messages_of, raw_of, until
from salur.channels.ports import AccountView, Inbound, Raw

COMMENT = "id,parent{id},from{id,name},message,created_time,permalink_url,attachment"
POST = "id,from{id,name},message,created_time,permalink_url,attachments"
_FEED = f"{POST},updated_time"


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """Every row since the places of the cursor, oldest first; raises FetchFailed.

    Who may not read where the Page is named elsewhere still gets all the rest.
    """
    graph, page = Graph(account), account.address
    lists = {
        "chats": lambda since: messages_of(graph, page, since, platform="messenger"),
        "feed": lambda since: _feed(graph, page, since),
        "tagged": lambda since: _tagged(graph, page, since),
    }
    yield from look_through(account, cursor, lists, optional=frozenset({"tagged"}))


def _feed(graph: Graph, page: str, since: datetime) -> Iterator[Found]:
    """Visitor posts and comments since then, under the posts of the last month that something happened to."""
    oldest = min(since, datetime.now(UTC) - POSTS_OF)
    for post in graph.each(page, "feed", fields=_FEED, limit="50", since=str(int(oldest.timestamp()))):
        at = moment(post, "created_time")
        if at is not None and at >= since and ident(post, "from", "id") != page:
            yield Found("post", post, at, {})
        if (moment(post, "updated_time") or since) >= since:
            told = {name: post[name] for name in ("id", "permalink_url", "message") if name in post}
            yield from _comments(graph, told, since)


def _comments(graph: Graph, post: Mapping[str, Any], since: datetime) -> Iterator[Found]:
    """The comments of both levels under a post since then."""
    order = {"filter": "stream", "order": "reverse_chronological"}
    listed = graph.each(ident(post, "id"), "comments", fields=COMMENT, limit="100", **order)
    for row in until(listed, since):
        at = moment(row, "created_time")
        if at is not None:
            yield Found("comment", row, at, post)


def _tagged(graph: Graph, page: str, since: datetime) -> Iterator[Found]:
    """Posts elsewhere that name the Page."""
    for row in until(graph.each(page, "tagged", fields=POST, limit="50"), since):
        at = moment(row, "created_time")
        if at is not None and not ident(row, "id").startswith(f"{page}_"):
            yield Found("mention", row, at, {})


def look_up(account: AccountView, said: Inbound) -> Raw | None:
    """What a hook announced without its words, asked for by its id, as a delivery of its own; raises FetchFailed.

    None where the platform has nothing to say of it.
    """
    comment = ident(said.answer_at, "comment")
    kind, fields = ("comment", COMMENT) if comment else ("mention", POST)
    if said.audience == "private":
        kind, fields = "message", MESSAGE
    row = dict(table(Graph(account).get(said.external_id, fields=fields)))
    return raw_of(account, Found(kind, row, said.spoken_at, said.post)) if row else None
