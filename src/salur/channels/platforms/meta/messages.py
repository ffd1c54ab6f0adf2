"""Private messages of Messenger and Instagram: one event of a hook, or one row of a conversation, becomes items.

Sources: Messenger Platform webhook events (messages, message_edits, message_reads, message_deliveries, postbacks,
message_echoes, standby); Instagram Platform webhook samples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from salur.channels.platforms.loose import first, ident, moment, part, rows, table, within, words
from salur.channels.platforms.meta.media import enclosed, web_address
from salur.channels.platforms.meta.walk import Event
from salur.channels.platforms.text import clean_line
from salur.channels.ports import (
    AccountNews,
    Broken,
    Echoed,
    Edited,
    Ignored,
    Inbound,
    Item,
    Raw,
    Receipted,
    Removed,
)

WORDLESS = {"words": "missing"}
"""Marks a message that a hook announced without what it says: its words are at the platform still."""


@dataclass(frozen=True)
class _Talk:
    """Of one event, what all its readers need. `person` is the other side of the conversation."""

    where: str
    account: str
    sender: str
    person: str
    own: bool
    at: datetime
    standby: bool
    inbox: str


def read_event(event: Event, own: frozenset[str], raw: Raw, inbox: str) -> list[Item]:
    """The items of one messaging event. `own` are ids of the account, `inbox` an address where an officer finds it."""
    value = event.value
    sender, recipient = ident(value, "sender", "id"), ident(value, "recipient", "id")
    at = within(moment(value, "timestamp") or event.sent_at, raw.received_at)
    echo = part(value, "message", "is_echo") is True
    mine = echo or (bool(sender) and sender in own)
    person = recipient if mine and recipient not in own else sender
    talk = _Talk(event.where, event.account, sender, person, mine, at, event.kind == "standby", inbox)
    for name, reader in _READERS.items():
        if isinstance(value.get(name), Mapping):
            return reader(talk, table(value, name))
    known = next((name for name in value if name not in ("sender", "recipient", "timestamp")), "")
    reason = "typing" if "typing" in known else "unknown_kind"
    return [Ignored(reason, detail=clean_line(known)[:60], account_ref=event.account)]


def read_row(row: Mapping[str, Any], account: str, own: frozenset[str], raw: Raw, inbox: str) -> list[Item]:
    """The items of one message as the Conversations interface gives it (`id`, `from`, `to`, `message`)."""
    sender = first(ident(row, "from", "id"))
    to = next((ident(one, "id") for one in rows(row, "to", "data")), "")
    files = [_as_event(one) for one in rows(row, "attachments", "data")]
    files += [{"type": "sticker", "payload": {"url": row.get("sticker")}}] if web_address(row.get("sticker")) else []
    message = {"mid": row.get("id"), "text": row.get("message"), "attachments": files}
    at = within(moment(row, "created_time") or raw.said_at, raw.received_at)
    mine = bool(sender) and sender in own
    talk = _Talk("data.0", account, sender, to if mine else sender, mine, at, False, inbox)
    found = _message(talk, message)
    name, handle = clean_line(words(row, "from", "name")), clean_line(words(row, "from", "username"))
    return [_named(one, name, handle) if isinstance(one, Inbound) else one for one in found]


def _named(one: Inbound, name: str, handle: str) -> Inbound:
    return replace(one, sender_name=name[:200], sender_handle=handle[:200])


def _as_event(one: Any) -> Mapping[str, Any]:
    """An attachment of the Conversations interface in the shape that a hook has."""
    if image := web_address(part(one, "image_data", "url")):
        return {"type": "image", "payload": {"url": image}}
    if video := web_address(part(one, "video_data", "url")):
        return {"type": "video", "payload": {"url": video}}
    kind = "audio" if words(one, "mime_type").startswith("audio/") else "file"
    return {"type": kind, "payload": {"url": part(one, "file_url"), "title": part(one, "name")}}


def _message(talk: _Talk, message: Mapping[str, Any]) -> list[Item]:
    mid = ident(message, "mid")
    if not mid:
        return [Broken(f"{talk.where}.message", "a message without an id")]
    if message.get("is_deleted") is True:
        return [Removed(mid, talk.at, by="account" if talk.own else "author", account_ref=talk.account)]
    text = words(message, "text")
    if talk.own:
        return [_echo(talk, message, mid, text)]
    found = enclosed(message.get("attachments"))
    if found.like and not text:
        return [Ignored("reaction", about=mid, account_ref=talk.account)]
    reply_to = table(message, "reply_to")
    extra = {**found.extra, **_facts(message)}
    said = text or "\n".join(found.lines)
    if not said and not found.media:
        extra.update(WORDLESS)
    quoted = ident(reply_to, "mid")
    story = table(reply_to, "story")
    return [
        _inbound(
            talk,
            mid,
            said,
            thread_ids=(quoted,) if quoted else (),
            media=found.media,
            extra=extra,
            post=_told({"id": ident(story, "id"), "link": web_address(story.get("url"))}),
        )
    ]


def _facts(message: Mapping[str, Any]) -> dict[str, Any]:
    choice = words(message, "quick_reply", "payload")[:1000]
    return {"quick_reply": choice} if choice else {}


def _echo(talk: _Talk, message: Mapping[str, Any], mid: str, text: str) -> Echoed:
    return Echoed(
        mid,
        text,
        talk.at,
        to=talk.person,
        in_reply_to=ident(message, "reply_to", "mid"),
        once_key=ident(message, "metadata"),
        account_ref=talk.account,
    )


def _inbound(talk: _Talk, mid: str, text: str, **more: Any) -> Inbound:
    answer_at = {"standby": True} if talk.standby else {}
    return Inbound(
        external_id=mid,
        text=text,
        spoken_at=talk.at,
        sender_address=talk.sender,
        audience="private",
        place=talk.sender,
        answer_at=answer_at,
        link=talk.inbox,
        account_ref=talk.account,
        **more,
    )


def _edit(talk: _Talk, edit: Mapping[str, Any]) -> list[Item]:
    mid, text, times = ident(edit, "mid"), words(edit, "text"), ident(edit, "num_edit")
    if not mid:
        return [Broken(f"{talk.where}.message_edit", "an edit without the id of its message")]
    if talk.own:
        return [Ignored("own_message", about=mid, account_ref=talk.account)]
    if times == "0":  # a new message that the platform announces this way, often without its words
        return [_inbound(talk, mid, text, extra={} if text else dict(WORDLESS))]
    if not text:
        return [Broken(f"{talk.where}.message_edit", "an edit without its text")]
    return [Edited(mid, text, talk.at, key=times, account_ref=talk.account)]


def _postback(talk: _Talk, postback: Mapping[str, Any]) -> list[Item]:
    """A button or an ice-breaker: what its title says is what the person said."""
    title, payload = words(postback, "title"), words(postback, "payload")[:1000]
    if talk.own or not title:
        return [Ignored("unknown_kind", detail="postback", account_ref=talk.account)]
    mid = first(ident(postback, "mid"), f"postback:{talk.sender}:{int(talk.at.timestamp() * 1000)}")
    return [_inbound(talk, mid, title, extra=_told({"postback": payload}))]


def _reaction(talk: _Talk, reaction: Mapping[str, Any]) -> list[Item]:
    return [Ignored("reaction", about=ident(reaction, "mid"), account_ref=talk.account)]


def _read(talk: _Talk, read: Mapping[str, Any]) -> list[Item]:
    watermark = moment(read, "watermark")
    if mid := ident(read, "mid"):
        return [Receipted(mid, "read", talk.at, to=talk.person, account_ref=talk.account)]
    if watermark is None:
        return [Ignored("unknown_kind", detail="read", account_ref=talk.account)]
    return [Receipted("", "read", watermark, to=talk.person, account_ref=talk.account)]


def _delivery(talk: _Talk, delivery: Mapping[str, Any]) -> list[Item]:
    mids = delivery.get("mids")
    ids = [ident(one) for one in mids] if isinstance(mids, list) else []
    found: list[Item] = [
        Receipted(mid, "delivered", talk.at, to=talk.person, account_ref=talk.account) for mid in ids if mid
    ]
    watermark = moment(delivery, "watermark")
    if watermark is not None:
        found.append(Receipted("", "delivered", watermark, to=talk.person, account_ref=talk.account))
    return found or [Ignored("unknown_kind", detail="delivery", account_ref=talk.account)]


def _policy(talk: _Talk, policy: Mapping[str, Any]) -> list[Item]:
    """Messenger Platform "messaging_policy_enforcement": the platform warns, blocks or unblocks the account."""
    action = ident(policy, "action")
    if action not in ("block", "unblock"):
        return [Ignored("unknown_kind", detail="policy_enforcement", account_ref=talk.account)]
    why = clean_line(words(policy, "reason"))[:300]
    if action == "block":
        return [AccountNews("restricted", detail=why, account_ref=talk.account)]
    return [AccountNews("restored", detail=why, account_ref=talk.account)]


def _told(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


_READERS = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "reaction": _reaction,
    "read": _read,
    "delivery": _delivery,
    "policy-enforcement": _policy,
    "policy_enforcement": _policy,
}
