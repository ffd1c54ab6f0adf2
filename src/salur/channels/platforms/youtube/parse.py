"""Understanding comments of YouTube as the Data API lists them: threads, replies, single comments. Pure.

Sources: YouTube Data API v3, "CommentThreads" and "Comments" (textOriginal is shown to the owner, textDisplay is HTML
unless plain text was asked for; updatedAt is later than publishedAt once a comment was edited).
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from salur.channels.platforms.loose import each, first, ident, moment, part, read_object, rows, table, within, words
from salur.channels.platforms.text import clean_line
from salur.channels.ports import AccountView, Broken, Echoed, Edited, Ignored, Inbound, Item, Raw, Removed, Unreadable

GONE = "salur#gone"
"""What `fetch_since` writes where a comment it knew is not listed any more; `by` says by whom, where that is known."""
REJECTED = "rejected"
EDIT_SLACK = timedelta(seconds=1)
_BREAK = re.compile(r"(?i)<br\s*/?>")
_MARK = re.compile(r"(?i)</?(?:a|b|i|s|u|em|strong|span|img)(?:\s[^<>]*)?/?>")


@dataclass(frozen=True)
class Said:
    """What stands around a comment: our own channel, the thread it is in, when it was looked at."""

    own: str
    received_at: datetime | None
    video: str = ""
    channel: str = ""
    root: str = ""
    root_text: str = ""


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Every comment of one answer, each thread before its replies; raises Unreadable where there is none to tell."""
    body = read_object(raw)
    said = Said(account.address, raw.received_at)
    if ident(body, "kind") == GONE:
        return [_gone(body, said)]
    if ident(body, "error", "code") or table(body, "error"):
        return [Ignored("unknown_kind", detail="an error of YouTube")]
    if "items" in body:
        listed = [item for place, one in enumerate(rows(body, "items")) for item in _item(one, said, f"items.{place}")]
        return listed or [Ignored("empty")]
    if ident(body, "id") and table(body, "snippet"):
        return list(_item(body, said, ""))
    raise Unreadable("no list of comments")


def _gone(body: Mapping[str, Any], said: Said) -> Item:
    comment_id = ident(body, "id")
    if not comment_id:
        return Broken("", "a comment without an id")
    at = within(moment(body, "missed_at"), said.received_at)
    return Removed(comment_id, at, "author")


def _item(one: Any, said: Said, where: str) -> Iterator[Item]:
    if not isinstance(one, Mapping):
        yield Broken(where, "no object")
        return
    top = table(one, "snippet", "topLevelComment")
    if not top:
        yield from _comment(one, said, where)
        return
    video, channel = ident(one, "snippet", "videoId"), ident(one, "snippet", "channelId")
    yield from _comment(top, Said(said.own, said.received_at, video, channel), f"{where}.snippet.topLevelComment")
    root, text = first(ident(top, "id"), ident(one, "id")), _text(table(top, "snippet"))
    under = Said(said.own, said.received_at, video, channel, root, text)
    for place, reply in each(one, "replies", "comments"):
        yield from _comment(reply, under, f"{where}.replies.comments.{place}")


def _comment(one: Mapping[str, Any], said: Said, where: str) -> Iterator[Item]:
    """A comment, and its later version after it: nothing is lost where only the later one was ever seen."""
    comment_id, snippet = ident(one, "id"), table(one, "snippet")
    if not comment_id or not snippet:
        yield Broken(where, "a comment without id or words")
        return
    text = _text(snippet)
    written = within(moment(snippet, "publishedAt"), said.received_at)
    changed = moment(snippet, "updatedAt")
    root = first(ident(snippet, "parentId"), said.root)
    root = "" if root == comment_id else root
    author = ident(snippet, "authorChannelId", "value") or ident(snippet, "authorChannelId")
    if author and author == said.own:
        yield Echoed(comment_id, text, written, in_reply_to=root)
        return
    if not text:
        yield Ignored("empty")
        return
    yield _inbound(comment_id, snippet, said, text, written, author, root)
    if changed is not None and changed > written + EDIT_SLACK:
        at = within(changed, said.received_at)
        yield Edited(comment_id, text, at, first(ident(snippet, "updatedAt"), at.isoformat()))
    if ident(snippet, "moderationStatus") == REJECTED:
        yield Removed(comment_id, within(changed, said.received_at), "account")


def _inbound(
    comment_id: str, snippet: Mapping[str, Any], said: Said, text: str, at: datetime, author: str, root: str
) -> Inbound:
    video = first(ident(snippet, "videoId"), said.video)
    channel = first(said.channel, ident(snippet, "channelId"))
    name = clean_line(words(snippet, "authorDisplayName"))[:200]
    link = f"https://www.youtube.com/watch?v={video}&lc={comment_id}" if video else ""
    post = {"id": video, "link": f"https://www.youtube.com/watch?v={video}" if video else "", "text": said.root_text}
    return Inbound(
        external_id=comment_id,
        text=text,
        spoken_at=at,
        sender_address=author,
        sender_name=name,
        sender_handle=name if name.startswith("@") else "",
        thread_ids=(root,) if root else (),
        audience="public",
        place=first(video, channel),
        root_id=root,
        answer_at={"comment": first(root, comment_id)},
        link=link,
        post={key: value for key, value in post.items() if value},
    )


def plain_text(comment: Mapping[str, Any]) -> str:
    """What a comment says."""
    return _text(table(comment, "snippet"))


def _text(snippet: Mapping[str, Any]) -> str:
    """The words as they were typed; what was meant to be shown in a page, without its marks."""
    if isinstance(part(snippet, "textOriginal"), str):
        return words(snippet, "textOriginal")
    shown = _MARK.sub("", _BREAK.sub("\n", words(snippet, "textDisplay")))
    return html.unescape(shown).strip()
