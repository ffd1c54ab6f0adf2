"""Looking for what hooks may have lost, list by list, each from its own place.

Source: Messenger Platform and Instagram Platform "Conversations" for `messages_of`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from salur.channels.platforms.loose import ident, moment, part, rows, words
from salur.channels.platforms.meta.graph import Graph
from salur.channels.ports import AccountView, FetchFailed, Raw

FIRST_LOOK = timedelta(days=1)
POSTS_OF = timedelta(days=30)
OVERLAP = timedelta(minutes=10)
"""Looked at again each time: a platform may show a thing later than it was said. What is known is stored once."""
MESSAGE = "id,created_time,from,to,message,attachments"


@dataclass(frozen=True)
class Found:
    """One row of a list, when it was said, and what it stands under."""

    kind: str
    row: Mapping[str, Any]
    at: datetime
    post: Mapping[str, Any]


Lister = Callable[[datetime], Iterable[Found]]


def look_through(
    account: AccountView, cursor: Mapping[str, Any], lists: Mapping[str, Lister], optional: frozenset[str] = frozenset()
) -> Iterator[Raw]:
    """The rows of all lists, oldest first, each with the cursor to keep after it.

    A list that fails does not hold up the others; it is told (FetchFailed) when they are done. A missing permission for
    an optional list is passed over.
    """
    places, failed = dict(cursor), None
    found: list[tuple[str, Found]] = []
    for name, lister in lists.items():
        since = (moment(cursor, name) or datetime.now(UTC) - FIRST_LOOK) - OVERLAP
        try:
            found += [(name, one) for one in lister(since)]
        except FetchFailed as error:
            if not (error.revoked and name in optional):
                failed = failed or error
    for name, one in sorted(found, key=lambda pair: pair[1].at):
        places[name] = max(str(places.get(name) or ""), one.at.isoformat())
        yield raw_of(account, one, dict(places))
    if failed is not None:
        raise failed


def raw_of(account: AccountView, found: Found, places: Mapping[str, Any] | None = None) -> Raw:
    """One row as a delivery of its own; `places` is the cursor to keep after it (None to keep the one there is)."""
    body: dict[str, Any] = {"polled": found.kind, "account": account.address, "data": [found.row]}
    if found.post:
        body["post"] = found.post
    # The words are part of the key: an edit that no hook told of is another delivery.
    said = "\0".join(words(found.row, name) for name in ("message", "text", "caption"))
    digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
    return Raw(
        f"{found.kind}:{ident(found.row, 'id')[:200]}:{digest}",
        json.dumps(body).encode(),
        "application/json",
        cursor=places,
        via="poll",
        said_at=found.at,
    )


def messages_of(graph: Graph, owner: str, since: datetime, **params: str) -> Iterator[Found]:
    """Messages since then of an account's conversations, of which the one that moved last comes first."""
    fields = "id,updated_time,messages.limit(25){" + MESSAGE + "}"
    for talk in graph.each(owner, "conversations", fields=fields, limit="25", **params):
        moved = moment(talk, "updated_time")
        if moved is not None and moved < since:
            return
        near = [row for row in rows(talk, "messages", "data") if isinstance(row, Mapping)]
        oldest = moment(near[-1], "created_time") if near else None
        if part(talk, "messages", "paging", "next") and oldest is not None and oldest >= since:
            near = list(until(graph.each(ident(talk, "id"), "messages", fields=MESSAGE, limit="50"), since))
        for row in near:
            at = moment(row, "created_time")
            if at is not None and at >= since:
                yield Found("message", row, at, {})


def until(
    listed: Iterable[Mapping[str, Any]], since: datetime, name: str = "created_time"
) -> Iterator[Mapping[str, Any]]:
    """The rows of a list that is newest first, as far as they reach back to that instant."""
    for row in listed:
        if (moment(row, name) or since) < since:
            return
        yield row
