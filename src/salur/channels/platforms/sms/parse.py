"""Reading text messages and what became of ours. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl

from salur.channels.platforms.loose import first, ident, moment, part, read_object, table, within, words
from salur.channels.platforms.text import without_poison
from salur.channels.ports import (
    AccountNews,
    AccountView,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Raw,
    Receipted,
    Unreadable,
)

Status = Literal["sent", "delivered", "read", "failed"]
_STATUSES: dict[str, Status] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
}
_UNDERWAY = ("accepted", "scheduled", "queued", "sending", "canceled")
_MOST_MEDIA = 10
_MOST_PARTS = 40
_KINDS: dict[str, Literal["image", "video", "audio"]] = {"image": "image", "video": "video", "audio": "audio"}


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """One text message or report, in the form of a carrier, of the telephone's app, or as `modem` wrote it down.

    Raises Unreadable where it is none of them.
    """
    found = _fields(raw)
    if ident(found, "MessageSid") or ident(found, "SmsSid"):
        return [_carrier(raw, found)]
    if ident(found, "event"):
        return [_telephone(raw, found)]
    if isinstance(part(found, "modem"), Mapping):
        return [_modem(raw, table(found, "modem"))]
    if ident(found, "SMS_MESSAGES"):
        return [_environment(raw, found)]
    raise Unreadable("no text message: neither MessageSid nor event nor modem nor SMS_MESSAGES")


def said_key(number: str, at: str, text: str) -> str:
    """How a text message without an id is known: by number, instant and words, of which it shows none."""
    return "sms:" + hashlib.sha256("\x1f".join((number, at, text)).encode()).hexdigest()[:40]


def _fields(raw: Raw) -> Mapping[str, Any]:
    if "x-www-form-urlencoded" not in raw.content_type:
        return read_object(raw)
    text = without_poison(raw.body.decode("utf-8", "replace"))
    return {name: without_poison(value) for name, value in parse_qsl(text, keep_blank_values=True)}


def _carrier(raw: Raw, found: Mapping[str, Any]) -> Item:
    """A carrier's form (Twilio: Messaging webhooks, Status callback); it tells no instant but the call's own."""
    sid = first(ident(found, "MessageSid"), ident(found, "SmsSid"))
    at = within(None, raw.received_at)
    state = first(ident(found, "MessageStatus"), ident(found, "SmsStatus")).lower()
    if state in _STATUSES:
        return Receipted(sid, _STATUSES[state], at, to=ident(found, "To"), code=ident(found, "ErrorCode"))
    if state in _UNDERWAY:
        return Ignored("unknown_kind", about=sid, detail=state)
    sender, choice = ident(found, "From"), ident(found, "OptOutType").upper()
    if choice in ("STOP", "START"):
        return AccountNews("blocked" if choice == "STOP" else "unblocked", detail=choice, to=sender)
    text, media = words(found, "Body"), _media(found)
    if not text and not media:
        return Ignored("empty")
    return Inbound(external_id=sid, text=text, spoken_at=at, sender_address=sender, media=media)


def _media(found: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    count = ident(found, "NumMedia")
    refs = []
    for place in range(min(int(count), _MOST_MEDIA) if count.isdecimal() and count.isascii() else 0):
        url, kind = ident(found, f"MediaUrl{place}"), ident(found, f"MediaContentType{place}")
        if url.startswith("https://"):
            refs.append(MediaRef(_KINDS.get(kind.partition("/")[0], "file"), url=url, content_type=kind))
    return tuple(refs)


def _telephone(raw: Raw, found: Mapping[str, Any]) -> Item:
    """An event of the app SMS Gateway (capcom6/android-sms-gateway, webhook events)."""
    event, payload = ident(found, "event"), table(found, "payload")
    about = ident(payload, "messageId")
    if event == "system:ping":
        return Ignored("test")
    if event in ("sms:sent", "sms:delivered", "sms:failed"):
        state = event.partition(":")[2]
        at = within(moment(payload, f"{state}At"), raw.received_at)
        reason = ident(payload, "reason")
        to = first(ident(payload, "recipient"), ident(payload, "phoneNumber"))
        return Receipted(about, _STATUSES[state], at, to=to, code=reason[:60], detail=reason)
    if event not in ("sms:received", "mms:received", "mms:downloaded"):
        return Ignored("unknown_kind", detail=event[:60])
    text = "\n".join(
        one for one in (words(payload, "subject"), first(words(payload, "message"), words(payload, "body"))) if one
    )
    sender = first(ident(payload, "sender"), ident(payload, "phoneNumber"))
    if not sender:
        raise Unreadable("a text message of nobody")
    if not text:
        return Ignored("empty")
    written = words(payload, "receivedAt")
    return Inbound(
        external_id=first(ident(found, "id"), said_key(sender, written, text)),
        text=text,
        spoken_at=within(moment(written), raw.received_at),
        sender_address=sender,
    )


def _modem(raw: Raw, found: Mapping[str, Any]) -> Item:
    """What `modem.fetch_since` wrote down of a file of gammu-smsd."""
    at = within(moment(found, "at"), raw.received_at)
    if about := ident(found, "about"):
        failed = part(found, "failed") is True
        return Receipted(
            about, "failed" if failed else "sent", at, detail="the modem could not send it" if failed else ""
        )
    number, text = ident(found, "number"), words(found, "text")
    if not number:
        raise Unreadable("a text message of nobody")
    if not text:
        return Ignored("empty")
    return Inbound(said_key(number, words(found, "at"), text), text, at, sender_address=number)


def _environment(raw: Raw, found: Mapping[str, Any]) -> Item:
    """The variables that gammu-smsd gives its RunOnReceive (gammu-smsd-run(7)): parts, and DECODED_n the whole."""
    number = ident(found, "SMS_1_NUMBER")
    decoded = "".join(_text_of(found, f"DECODED_{n}_TEXT") for n in range(_MOST_PARTS))
    parts = "".join(_text_of(found, f"SMS_{n}_TEXT") for n in range(1, _MOST_PARTS))
    text = first(decoded, parts).strip()
    if not number:
        raise Unreadable("a text message of nobody")
    if not text:
        return Ignored("empty")
    at = within(None, raw.received_at)
    return Inbound(said_key(number, at.isoformat(), text), text, at, sender_address=number)


def _text_of(found: Mapping[str, Any], name: str) -> str:
    value = part(found, name)
    return value if isinstance(value, str) else ""
