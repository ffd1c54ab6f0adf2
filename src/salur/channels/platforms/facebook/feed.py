"""What a Page's feed tells: one change of a hook becomes items.

Source: Graph API "Webhooks reference: Page" (fields `feed` and `mention`), shapes as logged by integrators: `from` may
be absent or in the old form (`sender_id`), the message is absent on photographs and removals, a post put into the trash
arrives as `edited`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from salur.channels.platforms.loose import first, ident, moment, part, table, within, words
from salur.channels.platforms.meta.media import MOST, web_address
from salur.channels.platforms.meta.messages import WORDLESS
from salur.channels.platforms.meta.walk import Event
from salur.channels.platforms.text import clean_line
from salur.channels.ports import Broken, Echoed, Edited, Ignored, Inbound, Item, MediaRef, Raw, Removed

POSTS = frozenset(
    {"post", "status", "photo", "video", "share", "link", "note", "album", "video_share", "photo_album", "story"}
)
_LIKES = frozenset({"reaction", "like"})


@dataclass(frozen=True)
class _Change:
    """One change with what all its readers need. `id` is that of the comment or post it is about."""

    value: Mapping[str, Any]
    where: str
    account: str
    id: str
    post: str
    author: str
    name: str
    own: bool
    at: datetime
    sent_at: datetime | None


def read_change(event: Event, own: frozenset[str], raw: Raw) -> list[Item]:
    """The items of one change of the fields `feed` or `mention`; others are known to be no citizen's words."""
    value = event.value
    if event.field not in ("feed", "mention"):
        return [Ignored("unknown_kind", detail=clean_line(event.field)[:60], account_ref=event.account)]
    item, verb = ident(value, "item"), ident(value, "verb")
    if item in _LIKES:
        return [Ignored("reaction", about=_about(value), account_ref=event.account)]
    comment, post = ident(value, "comment_id"), ident(value, "post_id")
    is_comment = item == "comment" or (not item and bool(comment))
    subject = comment if is_comment else post
    if not is_comment and item not in POSTS and event.field != "mention":
        return [Ignored("unknown_kind", detail=clean_line(f"{item} {verb}")[:60], account_ref=event.account)]
    if not subject:
        return [Broken(event.where, "neither comment nor post is named")]
    author = first(ident(value, "from", "id"), ident(value, "sender_id"))
    name = first(words(value, "from", "name"), words(value, "from"), words(value, "sender_name"))
    at = within(moment(value, "created_time") or event.sent_at, raw.received_at)
    mine = bool(author) and author in own
    change = _Change(
        value, event.where, event.account, subject, post, author, clean_line(name)[:200], mine, at, event.sent_at
    )
    if event.field == "mention":
        return _mention(change, verb, is_comment)
    return _comment(change, verb) if is_comment else _post(change, verb)


def _about(value: Mapping[str, Any]) -> str:
    return first(ident(value, "comment_id"), ident(value, "post_id"))


def _comment(change: _Change, verb: str) -> list[Item]:
    if verb == "add":
        return [_echo(change) if change.own else _said(change, _parents(change))]
    return _changed(change, verb)


def _post(change: _Change, verb: str) -> list[Item]:
    if verb == "add":
        return [_echo(change) if change.own else _said(change, ())]
    return _changed(change, verb)


def _changed(change: _Change, verb: str) -> list[Item]:
    text = words(change.value, "message")
    ref = change.account
    if verb in ("edited", "edit", "update"):
        if change.own:
            return [Ignored("own_message", about=change.id, account_ref=ref)]
        if not text and not _media(change.value):  # a post in the trash comes this way: nothing to read in it any more
            return [Ignored("empty", about=change.id, account_ref=ref)]
        return [Edited(change.id, text, change.at, key=str(int(change.at.timestamp())), account_ref=ref)]
    if verb in ("remove", "delete"):
        return [Removed(change.id, change.at, by="account" if change.own else "author", account_ref=ref)]
    if verb in ("hide", "unhide"):
        # `created_time` may still be that of the comment: when it was sent tells hiding and showing again apart.
        at = max(change.at, change.sent_at) if change.sent_at else change.at
        return [Removed(change.id, at, by="account", shown=verb == "unhide", account_ref=ref)]
    return [Ignored("unknown_kind", about=change.id, detail=clean_line(verb)[:60], account_ref=ref)]


def _parents(change: _Change) -> tuple[str, ...]:
    parent = ident(change.value, "parent_id")
    return tuple(dict.fromkeys(one for one in (parent, change.post) if one and one != change.id))


def _is_post(parent: str, change: _Change) -> bool:
    """Whether a parent is no comment: the post itself, or a picture of it (`{page}_{post}`)."""
    return parent == change.post or parent.startswith(f"{change.account}_")


def _said(change: _Change, parents: tuple[str, ...]) -> Inbound:
    value = change.value
    root = next((one for one in parents if not _is_post(one, change)), "")
    media = _media(value)
    text = words(value, "message")
    extra: dict[str, Any] = {}
    if (link := web_address(value.get("link"))) and ident(value, "item") not in ("photo", "video"):
        extra["shared_link"] = link
        text = text or link
    if not text and not media:
        extra.update(WORDLESS)
    is_comment = change.id != change.post
    return Inbound(
        external_id=change.id,
        text=text,
        spoken_at=change.at,
        sender_address=change.author,
        sender_name=change.name,
        thread_ids=parents,
        audience="public",
        place=change.post,
        root_id=root,
        answer_at={"comment": change.id} if is_comment else {"post": change.id},
        link=_link(value, change.id, change.post),
        post=_under(value, change.post) if is_comment else {},
        media=media,
        account_ref=change.account,
        extra=extra,
    )


def _mention(change: _Change, verb: str, is_comment: bool) -> list[Item]:
    """Somebody named the Page elsewhere; what they said does not come with it."""
    if change.own:
        return [Ignored("own_message", about=change.id, account_ref=change.account)]
    if verb not in ("add", ""):
        return _changed(change, verb)
    said = _said(change, (change.post,) if is_comment and change.post and change.post != change.id else ())
    return [replace(said, answer_at={**said.answer_at, "elsewhere": True})]


def _echo(change: _Change) -> Echoed:
    parent = ident(change.value, "parent_id")
    return Echoed(
        change.id,
        words(change.value, "message"),
        change.at,
        in_reply_to=parent if parent != change.id else "",
        account_ref=change.account,
    )


def _media(value: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    item = ident(value, "item")
    photos = [value.get("photo"), *(value["photos"] if isinstance(value.get("photos"), list) else ())]
    videos = [value.get("video")]
    if item in ("photo", "video"):
        (photos if item == "photo" else videos).append(value.get("link"))
    images = dict.fromkeys(filter(None, map(web_address, photos)))
    films = dict.fromkeys(filter(None, map(web_address, videos)))
    found = [MediaRef("image", url=url) for url in images] + [MediaRef("video", url=url) for url in films]
    return tuple(found[:MOST])


def _under(value: Mapping[str, Any], post: str) -> dict[str, str]:
    told = table(value, "post")
    found = {"id": first(post, ident(told, "id")), "link": web_address(part(told, "permalink_url"))}
    return {name: one for name, one in found.items() if one}


def _link(value: Mapping[str, Any], subject: str, post: str) -> str:
    """Where an officer finds it: the post's own address, with the comment singled out."""
    base = first(
        web_address(part(value, "permalink_url")),
        web_address(part(value, "post", "permalink_url")),
        f"https://www.facebook.com/{post}" if post else "",
    )
    return with_comment(base, subject) if subject != post and base else base


def with_comment(address: str, comment: str) -> str:
    """The address of a post with one of its comments singled out, as Facebook itself writes it."""
    sign = "&" if "?" in address else "?"
    return f"{address}{sign}comment_id={comment.rsplit('_', 1)[-1]}"
