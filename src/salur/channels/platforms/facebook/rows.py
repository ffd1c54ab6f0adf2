"""What a Page's lists tell when they are asked: rows of comments, posts, mentions and messages become items.

The body is what the Graph interface gave, one row a delivery, with `polled` saying which list it is from and `post`
what a comment stands under.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from salur.channels.platforms.facebook.feed import with_comment
from salur.channels.platforms.loose import first, ident, moment, part, rows, within, words
from salur.channels.platforms.meta.media import MOST, web_address
from salur.channels.platforms.meta.messages import WORDLESS, read_row
from salur.channels.platforms.text import clean_line
from salur.channels.ports import Broken, Echoed, Ignored, Inbound, Item, MediaRef, Raw


def read_rows(found: Mapping[str, Any], account: str, own: frozenset[str], raw: Raw, inbox: str) -> list[Item]:
    """The items of one list, or of one object, that was asked for."""
    listed = rows(found, "data") if "data" in found else [found]
    if not listed:
        return [Ignored("empty", account_ref=account)]
    items: list[Item] = []
    for place, row in enumerate(listed):
        if not isinstance(row, Mapping):
            items.append(Broken(f"data.{place}", "a row is no object"))
            continue
        kind = ident(found, "polled") or _kind(row, account)
        items += _row(kind, row, found, account, own, raw, inbox, f"data.{place}")
    return items


def _kind(row: Mapping[str, Any], account: str) -> str:
    """Which list a row is from, where nothing tells."""
    identity = ident(row, "id")
    if "to" in row or identity.startswith("m_"):
        return "message"
    if identity.startswith("t_") or "snippet" in row:
        return "conversation"
    return "post" if "updated_time" in row or "status_type" in row or identity.startswith(f"{account}_") else "comment"


def _row(
    kind: str,
    row: Mapping[str, Any],
    found: Mapping[str, Any],
    account: str,
    own: frozenset[str],
    raw: Raw,
    inbox: str,
    where: str,
) -> list[Item]:
    if not ident(row, "id"):
        return [Broken(where, "a row without an id")]
    if kind == "message":
        return read_row(row, account, own, raw, inbox)
    if kind == "comment":
        return [_comment(row, found, account, own, raw)]
    if kind in ("post", "mention"):
        said = _post(row, account, own, raw)
        if isinstance(said, Inbound) and kind == "mention":
            return [replace(said, answer_at={**said.answer_at, "elsewhere": True})]
        return [said]
    return [Ignored("unknown_kind", detail=clean_line(kind)[:60], account_ref=account)]


def _comment(
    row: Mapping[str, Any], found: Mapping[str, Any], account: str, own: frozenset[str], raw: Raw
) -> Inbound | Echoed:
    identity, text = ident(row, "id"), words(row, "message")
    post, parent = ident(found, "post", "id"), ident(row, "parent", "id")
    at = within(moment(row, "created_time") or raw.said_at, raw.received_at)
    author = ident(row, "from", "id")
    if author and author in own:
        return Echoed(identity, text, at, in_reply_to=first(parent, post), account_ref=account)
    media = _media(part(row, "attachment"))
    under = web_address(part(found, "post", "permalink_url"))
    link = first(web_address(row.get("permalink_url")), with_comment(under, identity) if under else "")
    told = {"id": post, "link": under, "text": words(found, "post", "message")}
    return Inbound(
        external_id=identity,
        text=text,
        spoken_at=at,
        sender_address=author,
        sender_name=clean_line(words(row, "from", "name"))[:200],
        thread_ids=tuple(one for one in (parent, post) if one),
        audience="public",
        place=post,
        root_id=parent,
        answer_at={"comment": identity},
        link=link,
        post={name: one for name, one in told.items() if one},
        media=media,
        account_ref=account,
        extra={} if text or media else dict(WORDLESS),
    )


def _post(row: Mapping[str, Any], account: str, own: frozenset[str], raw: Raw) -> Inbound | Echoed:
    identity, text = ident(row, "id"), words(row, "message")
    at = within(moment(row, "created_time") or raw.said_at, raw.received_at)
    author = ident(row, "from", "id")
    if author and author in own:
        return Echoed(identity, text, at, account_ref=account)
    media = tuple(one for piece in rows(row, "attachments", "data") for one in _media(piece))[:MOST]
    return Inbound(
        external_id=identity,
        text=text,
        spoken_at=at,
        sender_address=author,
        sender_name=clean_line(words(row, "from", "name"))[:200],
        audience="public",
        place=identity,
        answer_at={"post": identity},
        link=first(web_address(row.get("permalink_url")), f"https://www.facebook.com/{identity}"),
        media=media,
        account_ref=account,
        extra={} if text or media else dict(WORDLESS),
    )


def _media(attachment: Any) -> tuple[MediaRef, ...]:
    """The picture or film of an attachment (`type`, `media.image.src`, `media.source`)."""
    if film := web_address(part(attachment, "media", "source")):
        return (MediaRef("video", url=film),)
    image = web_address(part(attachment, "media", "image", "src"))
    kind = ident(attachment, "type")
    if image and ("photo" in kind or "sticker" in kind or "image" in kind or kind == "album"):
        return (MediaRef("sticker" if "sticker" in kind else "image", url=image),)
    return ()
