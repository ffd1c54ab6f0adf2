"""Asking and answering at Threads: polls, the two steps of a reply, and looking whether it stands.

Sources: Threads API "Publishing", "Create replies", "Retrieve and manage replies", "Mentions", "Troubleshooting" (the
states of a container), "Rate limits" (1,000 replies in 24 hours).
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from salur.channels.platforms.loose import first, ident, moment, rows
from salur.channels.platforms.meta.errors import is_permission
from salur.channels.platforms.meta.graph import THREADS, Graph
from salur.channels.platforms.meta.health import granted
from salur.channels.platforms.meta.poll import POSTS_OF, Found, look_through, until
from salur.channels.platforms.meta.send import once, receipt, refused_way, said_by_us
from salur.channels.platforms.threads.guide import SCOPES
from salur.channels.platforms.threads.parse import user_name
from salur.channels.ports import AccountView, FetchFailed, Outbound, Raw, Receipt, SendFailed, SendUncertain

VERSION = "v1.0"
_ROW = (
    "id,text,username,permalink,timestamp,media_type,media_url,gif_url,"
    "has_replies,is_reply,is_reply_owned_by_me,replied_to,root_post"
)
_POST = "id,text,permalink,timestamp,has_replies"
LOOKS = 3
PAUSE = 2.0
"""A container of a text is ready at once; the platform asks to look before publishing: a few short looks are taken."""


def graph(account: AccountView) -> Graph:
    """The interface for this account; raises SendFailed for a bad `api_base`."""
    return Graph(account, THREADS, version=VERSION)


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """Mentions, and replies under our threads of the last month, oldest first; raises FetchFailed."""
    here = graph(account)
    lists = {
        "replies": lambda since: _replies(here, since),
        "mentions": lambda since: _mentions(here, since),
    }
    yield from look_through(account, cursor, lists, optional=frozenset({"mentions"}))


def _mentions(here: Graph, since: datetime) -> Iterator[Found]:
    for row in until(here.each("me", "mentions", fields=_ROW, limit="50"), since, "timestamp"):
        at = moment(row, "timestamp")
        if at is not None:
            yield Found("mention", row, at, {})


def _replies(here: Graph, since: datetime) -> Iterator[Found]:
    oldest = min(since, datetime.now(UTC) - POSTS_OF)
    for post in until(here.each("me", "threads", fields=_POST, limit="50"), oldest, "timestamp"):
        if post.get("has_replies") is False:
            continue
        talk = here.each(ident(post, "id"), "conversation", fields=_ROW, reverse="true", limit="100")
        for row in until(talk, since, "timestamp"):
            at = moment(row, "timestamp")
            if at is not None and at >= since:
                yield Found("reply", row, at, {})


def send(account: AccountView, out: Outbound) -> Receipt:
    """Reply in public, once; raises SendFailed or SendUncertain.

    The first step makes a container that nobody sees: whatever goes wrong there, nothing was said, and repeating it
    leaves at most an unpublished container that ends after 24 hours. Only the second step can be uncertain.
    """
    if out.way != "public_reply":
        raise refused_way("Threads has no such way of answering")
    target = first(ident(out.answer_at, "thread"), out.in_reply_to, out.root_id)
    if not target:
        raise refused_way("there is no thread to answer")
    try:
        return once(lambda: _publish(account, out, target), lambda: read_back(account, out))
    except SendFailed as error:
        if is_permission(error.code) and _only_here(account, out):
            # It is missing for this thread alone: the rest of the profile must not stand still for it.
            raise refused_way(error.reason, error.code) from None
        raise


def _only_here(account: AccountView, out: Outbound) -> bool:
    """Whether a missing permission says nothing about our own threads: under those of others, or where the token has
    all that is wanted."""
    return out.answer_at.get("mention") is True or granted(account, graph(account), THREADS, SCOPES)


def _publish(account: AccountView, out: Outbound, target: str) -> Receipt:
    here = graph(account)
    container = _container(here, out, target)
    _ready(here, container)
    reply = here.post("me", "threads_publish", json={"creation_id": container}, traced=True)
    return receipt(reply, "id", traced=True)


def _container(here: Graph, out: Outbound, target: str) -> str:
    body = {"media_type": "TEXT", "text": out.text, "reply_to_id": target}
    try:
        answer = here.post("me", "threads", json=body)
    except SendUncertain as error:
        raise SendFailed(str(error)) from None  # nobody sees a container: nothing was said
    container = ident(answer.data, "id")
    if not container:
        raise SendFailed("threads: the platform made no container")
    return container


def _ready(here: Graph, container: str) -> None:
    """Wait shortly until the container can be published; raises SendFailed while nothing has been said."""
    for look in range(LOOKS):
        try:
            state = ident(here.get(container, fields="status"), "status")
        except FetchFailed as error:
            raise SendFailed(error.reason, after=error.after) from None
        if state in ("ERROR", "EXPIRED"):
            raise SendFailed("threads: the platform could not make ready what was to be said")
        if state != "IN_PROGRESS":
            return
        if look + 1 < LOOKS:
            time.sleep(PAUSE)
    raise SendFailed("threads: the platform is still making ready what is to be said", after=60)


def read_back(account: AccountView, out: Outbound) -> Receipt | None:
    """Our reply under what it answers, or None; raises FetchFailed."""
    here = graph(account)
    name = user_name(account) or ident(here.get("me", fields="username"), "username").lower()
    target = first(ident(out.answer_at, "thread"), out.in_reply_to, out.root_id)
    own = frozenset(filter(None, (account.address, name)))
    page = here.get(target, "replies", fields="id,text,timestamp,username", reverse="true", limit="100")
    return said_by_us(rows(page, "data"), own, out, "text", "timestamp")
