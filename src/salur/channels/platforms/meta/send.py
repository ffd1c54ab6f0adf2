"""Handing over private messages by the Send interface, and what all sendings at Meta have in common.

Sources: Messenger Platform "Send API", "Private Replies", "Message tags" (HUMAN_AGENT); Instagram Platform "Private
Replies". One private reply a comment within 7 days; a message within 24 hours of the person's last; with the feature
Human Agent within 7 days, written by a person.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from salur.channels.outside import Reply
from salur.channels.platforms.loose import first, ident, moment, rows, words
from salur.channels.platforms.meta.errors import DUPLICATE
from salur.channels.platforms.meta.graph import Graph
from salur.channels.platforms.meta.usage import slow_down
from salur.channels.ports import FetchFailed, Outbound, Receipt, SendFailed, SendUncertain

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
CLOCKS_APART = timedelta(minutes=2)
"""How far the platform's clock and ours may differ when a sending is looked for."""


def private_body(out: Outbound, *, echo_key: bool) -> dict[str, Any]:
    """The body for `/{account}/messages` by the ways private_reply, direct and tagged; raises SendFailed.

    With `echo_key` the platform gives our once key back in the echo of the message (`metadata`).
    """
    message: dict[str, Any] = {"text": out.text}
    if echo_key:
        message["metadata"] = out.once_key
    if out.way == "private_reply":
        return {"recipient": _commented(out), "message": message}
    if out.answer_at.get("standby") is True:
        raise refused_way("another app holds this conversation; answer in the platform's own inbox")
    if not out.to:
        raise refused_way("the platform did not tell who said it")
    if out.way == "tagged":
        tag = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        return {"recipient": {"id": out.to}, **tag, "message": message}
    return {"recipient": {"id": out.to}, "messaging_type": "RESPONSE", "message": message}


def _commented(out: Outbound) -> dict[str, str]:
    if post := ident(out.answer_at, "post"):
        return {"post_id": post}
    comment = first(ident(out.answer_at, "comment"), out.in_reply_to)
    if not comment:
        raise refused_way("there is no comment to answer in private")
    return {"comment_id": comment}


def refused_way(reason: str, code: str = "") -> SendFailed:
    """A refusal that holds for this way of answering; another may be lawful. `code` is the platform's."""
    return SendFailed(reason, permanent=True, blames="way", code=code)


def receipt(reply: Reply, *names: str, traced: bool) -> Receipt:
    """The receipt in a good answer: the id under the first of these names that is there. Raises SendUncertain."""
    identity = first(*(ident(reply.data, name) for name in names))
    if not identity:
        raise SendUncertain("the platform answered without an id", copy_expected=traced)
    return Receipt(identity, slow_down=slow_down(reply.headers))


def once(act: Callable[[], Receipt], look: Callable[[], Receipt | None]) -> Receipt:
    """Send; where the platform says that this very thing was said just now, look for it rather than say it again."""
    try:
        return act()
    except SendFailed as error:
        if error.code.partition("/")[0] != DUPLICATE:
            raise
        try:
            found = look()
        except FetchFailed:
            found = None
        if found is None:
            raise
        return found


def look_in_chat(graph: Graph, owner: str, own: frozenset[str], out: Outbound, **params: str) -> Receipt | None:
    """Look for our message in the conversation with this person; raises FetchFailed.

    A private message is known by its text: the same words to the same person since it was first tried.
    """
    if not out.to:
        raise FetchFailed("whoever is not named cannot be looked for in the conversations")
    fields = "messages.limit(25){id,created_time,from,message}"
    talks = graph.get(owner, "conversations", user_id=out.to, fields=fields, **params)
    listed = (row for talk in rows(talks, "data") for row in rows(talk, "messages", "data"))
    return said_by_us(listed, own, out, "message", "created_time")


def said_by_us(listed: Iterable[Any], own: frozenset[str], out: Outbound, text: str, when: str) -> Receipt | None:
    """The oldest row by us with these very words since the sending was first tried; None where there is none.

    `own` are our id and our user name in small letters; `text` and `when` name the fields.
    """
    since = out.began_at - CLOCKS_APART if out.began_at else None
    found: list[tuple[datetime, str]] = []
    for row in listed:
        at, identity = moment(row, when), ident(row, "id")
        if at is None or not identity or (since is not None and at < since):
            continue
        who = {ident(row, "from", "id"), ident(row, "from", "username").lower(), ident(row, "username").lower()}
        if own & who and same_words(words(row, text), out.text):
            found.append((at, identity))
    return Receipt(min(found)[1]) if found else None


def same_words(said: str, wanted: str) -> bool:
    """Whether two texts are the same but for white space, which platforms change."""
    return said.split() == wanted.split()
