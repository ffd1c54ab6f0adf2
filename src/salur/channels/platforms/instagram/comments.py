"""What is said at Instagram in public: a change of a hook, or a polled row, becomes items.

Sources: Graph API "Webhooks reference: Instagram" (`comments`, `live_comments`, `mentions`), Instagram Platform
"Webhook examples", "IG Comment", "Mentioned comment", "Mentioned media", "IG User tags". Only "IG Media" tells an
address (`permalink`). A hook names its medium by an id from which none can be made, so that an officer goes to it from
the account's own page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salur.channels.platforms.loose import each, first, ident, moment, part, table, within, words
from salur.channels.platforms.meta.media import web_address
from salur.channels.platforms.meta.messages import WORDLESS
from salur.channels.platforms.meta.walk import Event
from salur.channels.platforms.text import clean_line
from salur.channels.ports import Broken, Echoed, Ignored, Inbound, Item, MediaRef, Raw

_COMMENTS = frozenset({"comments", "live_comments"})


@dataclass(frozen=True)
class Seen:
    """Where rows or changes were seen: whose account, who is the account itself, and in which delivery."""

    account: str
    own: frozenset[str]
    raw: Raw


def read_change(event: Event, own: frozenset[str], raw: Raw) -> list[Item]:
    """The items of one change; fields that hold no citizen's words are ignored."""
    seen = Seen(event.account, own, raw)
    if event.field in _COMMENTS:
        live = event.field == "live_comments" or ident(event.value, "media", "media_product_type") == "LIVE"
        return [_comment(event.value, table(event.value, "media"), seen, event.where, event.sent_at, live=live)]
    if event.field in ("mentions", "mention"):
        return [_mention(event, seen)]
    return [Ignored("unknown_kind", detail=clean_line(event.field)[:60], account_ref=event.account)]


def read_comment_row(row: Mapping[str, Any], media: Mapping[str, Any], seen: Seen, where: str) -> list[Item]:
    """A polled comment and the replies that came with it."""
    found: list[Item] = [_comment(row, media, seen, where, None)]
    for place, reply in each(row, "replies", "data"):
        parented = {**reply, "parent_id": first(ident(reply, "parent_id"), ident(row, "id"))}
        found.append(_comment(parented, media, seen, f"{where}.replies.{place}", None))
    return found


def _comment(
    value: Mapping[str, Any],
    media: Mapping[str, Any],
    seen: Seen,
    where: str,
    sent_at: datetime | None,
    *,
    live: bool = False,
) -> Item:
    identity = first(ident(value, "id"), ident(value, "comment_id"))
    if not identity:
        return Broken(where, "a comment without an id")
    text, parent = words(value, "text"), ident(value, "parent_id")
    told = moment(value, "timestamp") or moment(value, "created_time") or sent_at or seen.raw.said_at
    at = within(told, seen.raw.received_at)
    author, handle = ident(value, "from", "id"), _handle(value)
    if seen.own & {author, handle.lower()}:
        return Echoed(identity, text, at, in_reply_to=first(parent, ident(media, "id")), account_ref=seen.account)
    return Inbound(
        external_id=identity,
        text=text,
        spoken_at=at,
        sender_address=author,
        sender_handle=handle,
        thread_ids=(parent,) if parent else (),
        audience="public",
        place=ident(media, "id"),
        root_id=parent,
        answer_at={"comment": identity, "live": True} if live else {"comment": identity},
        link=web_address(media.get("permalink")),
        post=_post(media),
        account_ref=seen.account,
        extra={} if text else dict(WORDLESS),
    )


def _mention(event: Event, seen: Seen) -> Item:
    """The account was named in a caption or a comment; mostly without what was said and by whom."""
    value = event.value
    media, comment = first(ident(value, "media_id"), ident(value, "media", "id")), ident(value, "comment_id")
    if not media and not comment:
        return Broken(event.where, "a mention that names neither medium nor comment")
    at = within(moment(value, "timestamp") or event.sent_at, seen.raw.received_at)
    text = words(value, "text")
    return _mentioned(media, comment, text, at, seen, author=ident(value, "from", "id"), handle=_handle(value))


def _mentioned(
    medium: str, comment: str, text: str, at: datetime, seen: Seen, *, author: str = "", handle: str = "", **more: Any
) -> Inbound:
    answer_at = {name: one for name, one in (("media", medium), ("comment", comment)) if one}
    return Inbound(
        external_id=first(comment, medium),
        text=text,
        spoken_at=at,
        sender_address=author,
        sender_handle=handle,
        audience="public",
        place=medium,
        answer_at={**answer_at, "mention": True},
        account_ref=seen.account,
        extra={} if text else dict(WORDLESS),
        **{"post": {"id": medium} if comment and medium else {}, **more},
    )


def read_mentioned(found: Mapping[str, Any], seen: Seen) -> list[Item]:
    """The answer to having asked for one mention: `mentioned_comment` or `mentioned_media`."""
    comment, medium = table(found, "mentioned_comment"), table(found, "mentioned_media")
    row = comment or medium
    identity = ident(row, "id")
    if not identity:
        return [Broken("mentioned", "a mention without an id")]
    at = within(moment(row, "timestamp") or seen.raw.said_at, seen.raw.received_at)
    if not comment:
        return [_tag(row, at, seen)]
    under = table(comment, "media")
    return [
        _mentioned(
            first(ident(under, "id"), ident(found, "media_id")),
            identity,
            words(comment, "text"),
            at,
            seen,
            author=ident(comment, "from", "id"),
            handle=_handle(comment),
            link=web_address(under.get("permalink")),
            post=_post(under),
        )
    ]


def read_tag_row(row: Mapping[str, Any], seen: Seen, where: str) -> list[Item]:
    """A polled medium of somebody else in which the account is tagged."""
    if not ident(row, "id"):
        return [Broken(where, "a medium without an id")]
    return [_tag(row, within(moment(row, "timestamp") or seen.raw.said_at, seen.raw.received_at), seen)]


def _tag(row: Mapping[str, Any], at: datetime, seen: Seen) -> Item:
    identity, handle = ident(row, "id"), _handle(row)
    if handle.lower() in seen.own:
        return Ignored("own_message", about=identity, account_ref=seen.account)
    url, film = web_address(row.get("media_url")), "VIDEO" in ident(row, "media_type")
    files = (MediaRef("video" if film else "image", url=url),) if url else ()
    text = words(row, "caption")
    link = web_address(row.get("permalink"))
    return _mentioned(identity, "", text, at, seen, handle=handle, link=link, media=files)


def _handle(value: Mapping[str, Any]) -> str:
    return clean_line(first(words(value, "from", "username"), words(value, "username")))[:200]


def _post(media: Mapping[str, Any]) -> dict[str, str]:
    told = {
        "id": ident(media, "id"),
        "link": web_address(media.get("permalink")),
        "text": first(words(media, "caption"), words(part(media, "ad_title"))),
    }
    return {name: one for name, one in told.items() if one}
