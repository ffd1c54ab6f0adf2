"""Reading posts of X (API v2): who said it, in answer to what, and which version of it this is. Pure.

Sources: X documentation, "Edit Posts" (an edit is a new post, its chain in `edit_history_tweet_ids`), "X IDs" (an id
tells the millisecond it was made in), "Fields" (the full text of a long post is in `note_tweet`).
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from salur.channels.platforms.loose import each, first, ident, moment, part, rows, table, within, words
from salur.channels.platforms.text import clean_line
from salur.channels.ports import Broken, Echoed, Edited, Ignored, Inbound, Item, MediaRef

EPOCH_MS = 1_288_834_974_657
FIRST_TIMED_ID = 30_000_000_000
KINDS: dict[str, Literal["image", "video", "file"]] = {"photo": "image", "video": "video", "animated_gif": "video"}
_ESCAPED = re.compile(r"&(?:amp|lt|gt);")


@dataclass(frozen=True)
class Said:
    """What stands around a post: the ids that are ours, the account it belongs to, when it came, what came with it.

    `named`: whether its author certainly named the account or quoted it (None: read it from the post).
    """

    own: frozenset[str]
    account_ref: str = ""
    received_at: datetime | None = None
    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    posts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    media: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    named: bool | None = None


def included(value: Any) -> dict[str, dict[str, Mapping[str, Any]]]:
    """What an answer or an event includes, by id: users (sometimes one level deeper, under `data`), posts, media."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {"users": {}, "posts": {}, "media": {}}
    for kind, name, key in (("users", "users", "id"), ("posts", "tweets", "id"), ("media", "media", "media_key")):
        listed = part(value, name)
        several = list(listed.values()) if isinstance(listed, Mapping) and "data" not in listed else rows(value, name)
        for one in several:
            inner = table(one, "data") or (one if isinstance(one, Mapping) else {})
            if ident(inner, key):
                found[kind][ident(inner, key)] = inner
    return found


def made_at(post_id: str) -> datetime | None:
    """When an id was made; None for ids from before 2010, which do not tell."""
    if not post_id.isascii() or not post_id.isdecimal() or not FIRST_TIMED_ID <= int(post_id) < 2**63:
        return None
    return datetime.fromtimestamp(((int(post_id) >> 22) + EPOCH_MS) / 1000, UTC)


def plain(text: str) -> str:
    """The text as it was typed: X writes &, < and > as entities."""
    return _ESCAPED.sub(lambda found: html.unescape(found[0]), text)


def text_of(post: Mapping[str, Any]) -> str:
    """The whole text of a post, also of a long one."""
    return plain(first(words(post, "note_tweet", "text"), words(post, "text")))


def referenced(post: Mapping[str, Any], kind: str) -> str:
    """The id of the post it refers to in this way (replied_to, quoted, retweeted), or ""."""
    return next((ident(one, "id") for _, one in each(post, "referenced_tweets") if ident(one, "type") == kind), "")


def mentioned(post: Mapping[str, Any]) -> set[str]:
    """The ids of the accounts it names."""
    return {ident(one, "id") for _, one in each(post, "entities", "mentions")} - {""}


def read_post(post: Mapping[str, Any], said: Said, where: str) -> list[Item]:
    """One post: a message, or an echo of our own. A later version is the first one and its change.

    The first version is told with it, so that nothing is lost where only the later one was ever heard of.
    """
    post_id = ident(post, "id")
    if not post_id:
        return [Broken(where, "a post without an id")]
    chain = [one for one in map(ident, rows_of_ids(post)) if one] or [post_id]
    if ident(post, "author_id") in said.own and ident(post, "author_id"):
        return [_echo(post, post_id, said)]
    changed = chain[0] != post_id
    known = said.posts.get(chain[0]) if changed else None
    first_words = _inbound(post, chain[0], text_of(known or post), said)
    if not first_words.text and not first_words.media:
        return [Ignored("empty", account_ref=said.account_ref)]
    items: list[Item] = [first_words]
    if changed:
        at = within(moment(post, "created_at") or made_at(post_id), said.received_at)
        items.append(Edited(chain[0], text_of(post), at, post_id, said.account_ref))
    return items


def rows_of_ids(post: Mapping[str, Any]) -> list[Any]:
    """The chain of versions, first to last, as it is written."""
    found = post.get("edit_history_tweet_ids")
    return found if isinstance(found, list) else []


def _echo(post: Mapping[str, Any], post_id: str, said: Said) -> Echoed:
    at = within(moment(post, "created_at") or made_at(post_id), said.received_at)
    return Echoed(
        post_id,
        text_of(post),
        at,
        to=ident(post, "in_reply_to_user_id"),
        in_reply_to=referenced(post, "replied_to"),
        account_ref=said.account_ref,
    )


def _inbound(post: Mapping[str, Any], first_id: str, text: str, said: Said) -> Inbound:
    author, newest = ident(post, "author_id"), ident(post, "id")
    user = said.users.get(author, {})
    handle = ident(user, "username")
    place = first(ident(post, "conversation_id"), first_id)
    answered, quoted = referenced(post, "replied_to"), referenced(post, "quoted")
    told = made_at(first_id) if first_id != newest else None
    answer_at: dict[str, Any] = {"post": newest}
    named = _named(post, said, quoted)
    if named is not None:
        answer_at["summoned"] = named
    return Inbound(
        external_id=first_id,
        text=text,
        spoken_at=within(told or moment(post, "created_at") or made_at(newest), said.received_at),
        sender_address=author,
        sender_name=clean_line(words(user, "name"))[:200],
        sender_handle=handle,
        thread_ids=tuple(one for one in (answered, quoted) if one),
        audience="public",
        place=place,
        root_id=place if place != first_id else "",
        answer_at=answer_at,
        link=f"https://x.com/{handle or 'i'}/status/{newest}",
        post=_context(first(answered, quoted), said),
        media=tuple(_media(post, said)),
        account_ref=said.account_ref,
    )


def _named(post: Mapping[str, Any], said: Said, quoted: str) -> bool | None:
    """Whether its author summoned us by naming or quoting us; None where what came does not tell."""
    if said.named or mentioned(post) & said.own:
        return True
    if quoted and ident(said.posts.get(quoted, {}), "author_id") in said.own:
        return True
    return said.named


def _context(post_id: str, said: Said) -> dict[str, str]:
    if not post_id:
        return {}
    found = {"id": post_id, "link": f"https://x.com/i/status/{post_id}"}
    text = text_of(said.posts.get(post_id, {}))
    return {**found, "text": text} if text else found


def _media(post: Mapping[str, Any], said: Said) -> Iterator[MediaRef]:
    keys = part(post, "attachments", "media_keys")
    for key in map(ident, keys if isinstance(keys, list) else []):
        one = said.media.get(key, {})
        yield from media_of(one, key)


def media_of(one: Mapping[str, Any], key: str) -> Iterator[MediaRef]:
    """A picture or film by the best address that is told; by its key alone where none is."""
    kind = KINDS.get(ident(one, "type"), "file")
    film = max(
        (variant for _, variant in each(one, "variants") if ident(variant, "content_type") == "video/mp4"),
        key=lambda variant: _rate(variant),
        default={},
    )
    url = first(ident(film, "url"), ident(one, "url"), ident(one, "preview_image_url"))
    if url or key:
        content_type = "video/mp4" if film else ""
        yield MediaRef(kind, url, "" if url else key, content_type=content_type)


def _rate(variant: Mapping[str, Any]) -> int:
    for name in ("bit_rate", "bitrate"):
        found = variant.get(name)
        if isinstance(found, int):
            return found
    return 0
