"""Understanding what TikTok delivers: webhook events, and comments as the list of them gives them. Pure.

Sources: TikTok for Business, "Comment update events" and "Direct message events"; "Get comments of a video". The
content of an event is JSON inside a text; its ids are bare numbers beyond 2**53 and are kept as text here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salur.channels.platforms.loose import each, first, ident, moment, part, read_object, table, within, words
from salur.channels.platforms.text import clean_json, clean_line
from salur.channels.ports import (
    AccountNews,
    AccountView,
    Broken,
    Echoed,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Raw,
    Receipted,
    Removed,
    Unreadable,
)

HIDDEN = {"set_to_hidden": "platform", "set_to_friends_only": "account", "delete": "author"}
"""Who made a comment disappear. TikTok does not tell: what is hidden is mostly what its filter took for spam."""
PUBLIC = "PUBLIC"
REASONS = {
    "0": "unknown",
    "1": "the account disconnected us in the app",
    "2": "the account was deleted",
    "3": "the age of the account changed",
    "4": "the account was banned",
    "5": "the developer revoked it",
}
MEDIA_PARTS = " "
VIDEO = "salur_video"
"""What `fetch_since` writes into a comment that it polled: caption and link of its video."""


PLAYER = "https://www.tiktok.com/player/v1/"
"""Where a video is seen by its id alone ("Embed Player"); from there it leads on to its own page, where comments are
answered. Events of the hook do not tell that page. A direct message has no address: it is answered in TikTok's inbox.
"""


@dataclass(frozen=True)
class Said:
    """What stands around an event: our own ids, the account it belongs to, when it came."""

    own: frozenset[str]
    account_ref: str
    received_at: datetime | None


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Every item of one delivery; raises Unreadable where nothing in it can be told apart."""
    body = read_object(raw)
    user = ident(body, "user_openid")
    own = {account.address, user, str(account.settings.get("unique_identifier") or "")} - {""}
    said = Said(frozenset(own), user if user != account.address else "", raw.received_at)
    if "event" in body:
        return _event(body, said)
    if "data" in body or "comments" in body:
        return _listed(body if "comments" in body else table(body, "data"), said)
    raise Unreadable("neither an event nor a list of TikTok")


def _event(body: Mapping[str, Any], said: Said) -> list[Item]:
    kind = ident(body, "event")
    content = _content(body)
    if content is None:
        return [Broken("content", "the content of the event is no JSON object")]
    told_at = moment(body, "create_time")
    if kind.startswith("comment."):
        return [_comment_event(content, told_at, said)]
    if kind == "authorization.removed":
        reason = REASONS.get(ident(content, "reason"), REASONS["0"])
        return [AccountNews("revoked", f"TikTok: {reason}", account_ref=said.account_ref)]
    if kind.startswith("im_"):
        return [_direct(kind, content, told_at, said)]
    return [Ignored("unknown_kind", detail=kind[:80] or "no event", account_ref=said.account_ref)]


def _content(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The inner object: a text of JSON, rarely the object itself; an empty one where there is none."""
    found = part(body, "content")
    if isinstance(found, str):
        try:
            found = clean_json(json.loads(found)) if found.strip() else {}
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, Mapping) else ({} if found is None else None)


def _comment_event(content: Mapping[str, Any], told_at: datetime | None, said: Said) -> Item:
    comment_id, action = ident(content, "comment_id"), ident(content, "comment_action")
    if not comment_id:
        return Broken("content", "a comment without an id")
    at = within(moment(content, "timestamp") or told_at, said.received_at)
    if action == "set_to_public":
        return Removed(comment_id, at, "platform", shown=True, account_ref=said.account_ref)
    if action in HIDDEN:
        return Removed(comment_id, at, HIDDEN[action], account_ref=said.account_ref)
    if action != "insert":
        return Ignored("unknown_kind", detail=f"comment {action[:60]}", account_ref=said.account_ref)
    return _comment(content, comment_id, at, said, ident(content, "unique_identifier") in said.own)


def _comment(one: Mapping[str, Any], comment_id: str, at: datetime, said: Said, own: bool) -> Item:
    """A comment or a reply to one. Replies stand under a comment in one level, so the comment is what is answered."""
    text, parent, video = words(one, "text"), ident(one, "parent_comment_id"), ident(one, "video_id")
    parent = "" if parent in ("0", comment_id) else parent
    if own:
        return Echoed(comment_id, text, at, in_reply_to=parent, account_ref=said.account_ref)
    if not text:
        return Ignored("empty", account_ref=said.account_ref)
    handle = ident(one, "username")
    page = words(one, VIDEO, "share_url")
    player = f"{PLAYER}{video}" if video.isdecimal() else ""
    link = page if page.startswith(("https://", "http://")) else player
    post = {"id": video, "link": link, "text": words(one, VIDEO, "caption")}
    return Inbound(
        external_id=comment_id,
        text=text,
        spoken_at=at,
        sender_address=first(ident(one, "unique_identifier"), ident(one, "user_id")),
        sender_name=clean_line(words(one, "display_name"))[:200],
        sender_handle=handle,
        thread_ids=(parent,) if parent else (),
        audience="public",
        place=video,
        root_id=parent,
        answer_at={"video": video, "comment": parent or comment_id},
        link=link,
        post={key: value for key, value in post.items() if value},
        account_ref=said.account_ref,
    )


def _listed(data: Mapping[str, Any], said: Said) -> list[Item]:
    """The comments of a list, each before its replies; what is not public any more is told as such."""
    items: list[Item] = []
    for place, one in each(data, "comments"):
        items.extend(_row(one, f"data.comments.{place}", said))
        for below, reply in each(one, "reply_list"):
            under = {"parent_comment_id": ident(one, "comment_id"), "video_id": ident(one, "video_id"), **reply}
            items.extend(_row(under, f"data.comments.{place}.reply_list.{below}", said))
    return items or [Ignored("empty")]


def _row(one: Mapping[str, Any], where: str, said: Said) -> Iterator[Item]:
    comment_id = ident(one, "comment_id")
    if not comment_id:
        yield Broken(where, "a comment without an id")
        return
    at = within(moment(one, "create_time"), said.received_at)
    own = part(one, "owner") is True or ident(one, "unique_identifier") in said.own
    yield _comment(one, comment_id, at, said, own)
    status = ident(one, "status")
    if status and status != PUBLIC:
        yield Removed(comment_id, within(None, said.received_at), "platform", account_ref=said.account_ref)


def _direct(kind: str, content: Mapping[str, Any], told_at: datetime | None, said: Said) -> Item:
    """A direct message, or what became of ours. The conversation is where an answer goes."""
    chat, message_id = ident(content, "conversation_id"), ident(content, "message_id")
    at = within(moment(content, "timestamp") or told_at, said.received_at)
    if kind == "im_mark_read_msg":
        read_at = within(moment(content, "read", "last_read_timestamp") or at, said.received_at)
        return Receipted("", "read", read_at, chat, account_ref=said.account_ref)
    if kind not in ("im_receive_msg", "im_send_msg"):
        return Ignored("unknown_kind", detail=kind[:80], account_ref=said.account_ref)
    if not message_id or not chat:
        return Broken("content", "a direct message without id or conversation")
    text = words(content, "text", "body")
    if kind == "im_send_msg" or ident(content, "from_user", "id") in said.own:
        return Echoed(message_id, text, at, chat, account_ref=said.account_ref)
    form = ident(content, "type")
    media = tuple(_media(form, content, f"{chat}{MEDIA_PARTS}{message_id}"))
    if not text and not media:
        return Ignored("unknown_kind", detail=f"direct message {form[:60]}", account_ref=said.account_ref)
    return Inbound(
        external_id=message_id,
        text=text,
        spoken_at=at,
        sender_address=chat,
        sender_name=clean_line(words(content, "from"))[:200],
        place=chat,
        media=media,
        account_ref=said.account_ref,
    )


def _media(form: str, content: Mapping[str, Any], message: str) -> Iterator[MediaRef]:
    """A file by all three ids that TikTok wants to see: of the conversation, of the message, its own."""
    found = ident(content, form, "media_id") if form in ("image", "video") else ""
    if found:
        yield MediaRef("image" if form == "image" else "video", media_id=f"{message}{MEDIA_PARTS}{found}")
