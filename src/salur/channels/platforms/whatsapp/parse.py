"""Understanding what WhatsApp delivers: messages, what became of ours, and news of the account. Pure.

Sources: WhatsApp Business Platform, "Webhooks: messages", "message status", "account_update", "Business-scoped user
ids" (a person may have no number: whoever has such an id is known by it).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from salur.channels.outside import BLAMES, PASSING
from salur.channels.platforms.loose import each, first, ident, moment, part, read_object, rows, table, within, words
from salur.channels.platforms.text import clean_line
from salur.channels.platforms.whatsapp.content import facts_of, files_of, troubles, words_of
from salur.channels.platforms.whatsapp.errors import row_of, told_later
from salur.channels.ports import (
    AccountNews,
    AccountView,
    Broken,
    Echoed,
    Edited,
    Ignored,
    Inbound,
    Item,
    Raw,
    Receipted,
    Removed,
    Unreadable,
)

STATUSES: dict[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
NEWS: dict[str, Literal["revoked", "restricted", "restored"]] = {
    "ACCOUNT_DELETED": "revoked",
    "ACCOUNT_OFFBOARDED": "revoked",
    "PARTNER_REMOVED": "revoked",
    "PARTNER_APP_UNINSTALLED": "revoked",
    "ACCOUNT_RESTRICTION": "restricted",
    "ACCOUNT_VIOLATION": "restricted",
    "DISABLED_UPDATE": "restricted",
    "ACCOUNT_RECONNECTED": "restored",
}
ECHOES = ("message_echoes", "smb_message_echoes")
_NUMBER = re.compile(r"\+?\d{4,20}")
_SCOPED = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_NOTES = {"reaction": "reaction", "request_welcome": "empty", "system": "unknown_kind", "ephemeral": "unknown_kind"}


@dataclass(frozen=True)
class Said:
    """What stands around a message: the account it came to, the people named beside it, when it came."""

    account_ref: str
    received_at: datetime | None
    people: tuple[Mapping[str, Any], ...] = ()


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Every item of one delivery; raises Unreadable where nothing in it can be told apart."""
    body = read_object(raw)
    if "entry" not in body:
        raise Unreadable("no delivery of WhatsApp")
    items: list[Item] = []
    for place, entry in enumerate(rows(body, "entry")):
        if not isinstance(entry, Mapping):
            items.append(Broken(f"entry.{place}", "no object"))
            continue
        for below, change in enumerate(rows(entry, "changes")):
            where = f"entry.{place}.changes.{below}"
            items.extend(_change(account, change, raw.received_at, where))
    return items or [Ignored("empty")]


def _change(account: AccountView, change: Any, received_at: datetime | None, where: str) -> Iterator[Item]:
    value, field = table(change, "value"), ident(change, "field")
    if not isinstance(change, Mapping) or not value:
        yield Broken(where, "a change without a value")
        return
    number = ident(value, "metadata", "phone_number_id")
    people = tuple(one for _, one in each(value, "contacts"))
    said = Said(number if number != account.address else "", received_at, people)
    told = list(_told(value, said, f"{where}.value"))
    if not told:
        told = [_news(field, value, said)]
    yield from told


def _told(value: Mapping[str, Any], said: Said, where: str) -> Iterator[Item]:
    """Messages, echoes, states and troubles of one change."""
    for place, one in enumerate(rows(value, "messages")):
        yield _message(one, said, f"{where}.messages.{place}")
    for name in ECHOES:
        for place, one in enumerate(rows(value, name)):
            yield _echo(one, said, f"{where}.{name}.{place}")
    for place, one in enumerate(rows(value, "statuses")):
        yield from _status(one, said, f"{where}.statuses.{place}")
    for code, title in troubles(value):
        yield _trouble(code, title, said)


def _message(one: Any, said: Said, where: str) -> Item:
    message_id, kind = ident(one, "id"), ident(one, "type")
    if not isinstance(one, Mapping) or not message_id:
        return Broken(where, "a message without an id")
    at = within(moment(one, "timestamp"), said.received_at)
    if kind == "edit" and ident(one, "edit", "original_message_id"):
        text = words_of(table(one, "edit", "message"))
        return Edited(ident(one, "edit", "original_message_id"), text, at, message_id, said.account_ref)
    if kind == "revoke" and ident(one, "revoke", "original_message_id"):
        return Removed(ident(one, "revoke", "original_message_id"), at, "author", account_ref=said.account_ref)
    if kind in _NOTES:
        detail = "" if kind == "reaction" else first(ident(one, "system", "type"), kind)[:80]
        return Ignored(_NOTES[kind], ident(one, "reaction", "message_id"), detail, said.account_ref)
    text, files, facts = words_of(one), files_of(one), facts_of(one)
    if not text and not files:
        known = [code for code, _ in troubles(one)]
        detail = " ".join(filter(None, (kind or "no type", ident(one, "unsupported", "type"), *known)))[:80]
        return Ignored("empty" if kind == "text" else "unknown_kind", detail=detail, account_ref=said.account_ref)
    person, group, quoted = _person(one, said), ident(one, "group_id"), ident(one, "context", "id")
    return Inbound(
        external_id=message_id,
        text=text,
        spoken_at=at,
        sender_address=_address(one, person),
        sender_name=clean_line(words(person, "profile", "name"))[:200],
        sender_handle=clean_line(words(person, "profile", "username"))[:100],
        thread_ids=(quoted,) if quoted else (),
        place=group,
        answer_at={"message": message_id, **({"group": group} if group else {})},
        link="" if group else _conversation(one, person),
        post=_advert(table(one, "referral")),
        media=files,
        account_ref=said.account_ref,
        extra=facts,
    )


def _person(one: Mapping[str, Any], said: Said) -> Mapping[str, Any]:
    """Who said it: the one whose id or number the message names; where only one is named, that one.

    The number in `from` may be written otherwise than the `wa_id` beside it.
    """
    scoped, number = ident(one, "from_user_id"), ident(one, "from")
    for person in said.people:
        if scoped and ident(person, "user_id") == scoped:
            return person
    for person in said.people:
        if number and number in (ident(person, "wa_id"), ident(person, "user_id")):
            return person
    return said.people[0] if len(said.people) == 1 else {}


def _address(one: Mapping[str, Any], person: Mapping[str, Any]) -> str:
    """Where an answer can go: the id that stays when a number changes or is hidden, else the number, else nowhere."""
    for found in (ident(one, "from_user_id"), ident(person, "user_id"), ident(one, "from")):
        if _SCOPED.fullmatch(found):
            return found
    for found in (ident(one, "from"), ident(person, "wa_id")):
        if _NUMBER.fullmatch(found):
            return found.lstrip("+")
    return ""


def _conversation(one: Mapping[str, Any], person: Mapping[str, Any]) -> str:
    """Where an officer who uses the agency's number opens the conversation; "" where the person shows no number.

    Source: WhatsApp Help Center, "How to use click to chat": the number in full, without zeros, signs or brackets.
    """
    numbers = (ident(person, "wa_id"), ident(one, "from"))
    found = next((number.lstrip("+") for number in numbers if _NUMBER.fullmatch(number)), "")
    return f"https://wa.me/{found}" if found else ""


def _advert(referral: Mapping[str, Any]) -> dict[str, str]:
    """The advertisement or post that led the person here."""
    lines = [words(referral, "headline"), words(referral, "body")]
    link = words(referral, "source_url")
    found = {
        "id": ident(referral, "source_id"),
        "link": link if link.startswith("https://") else "",
        "text": "\n".join(one for one in lines if one),
    }
    return {key: value for key, value in found.items() if value}


def _echo(one: Any, said: Said, where: str) -> Item:
    """Something said from the agency's own phone (both use one number)."""
    message_id, kind = ident(one, "id"), ident(one, "type")
    if not isinstance(one, Mapping) or not message_id:
        return Broken(where, "an echo without an id")
    at = within(moment(one, "timestamp"), said.received_at)
    if kind == "revoke" and ident(one, "revoke", "original_message_id"):
        return Removed(ident(one, "revoke", "original_message_id"), at, "account", account_ref=said.account_ref)
    if kind == "edit":
        return Ignored("own_message", ident(one, "edit", "original_message_id"), "edited", said.account_ref)
    if kind == "reaction":
        return Ignored("reaction", ident(one, "reaction", "message_id"), "", said.account_ref)
    to = first(ident(one, "to_user_id"), ident(one, "to")).lstrip("+")
    quoted = ident(one, "context", "id")
    return Echoed(message_id, words_of(one), at, to, in_reply_to=quoted, account_ref=said.account_ref)


def _status(one: Any, said: Said, where: str) -> Iterator[Item]:
    """What became of a message of ours. Our own key beside it also proves that it was taken over."""
    about, word = ident(one, "id"), ident(one, "status")
    if not isinstance(one, Mapping) or not about:
        yield Broken(where, "a status without an id")
        return
    status = STATUSES.get(word)
    if status is None:
        yield Ignored("unknown_kind", about, f"status {word[:60]}", said.account_ref)
        return
    at = within(moment(one, "timestamp"), said.received_at)
    to = _recipient(one, said)
    key = ident(one, "biz_opaque_callback_data")
    if key and status != "failed":
        yield Echoed(about, "", at, to, once_key=key, account_ref=said.account_ref)
    if status != "failed":
        yield Receipted(about, status, at, to, account_ref=said.account_ref)
        return
    code, title = next(iter(troubles(one)), ("", ""))
    found = told_later(code)
    permanent, blames = found.action not in PASSING, BLAMES[found.action]
    yield Receipted(about, status, at, to, code, title, permanent, said.account_ref, blames, found.after)


def _recipient(one: Mapping[str, Any], said: Said) -> str:
    """Whom it went to, under the address by which that person is known here: to a group, the group."""
    number = ident(one, "recipient_id").lstrip("+")
    if ident(one, "recipient_type") == "group":
        return number
    person = next((p for p in said.people if ident(p, "wa_id") == number or len(said.people) == 1), {})
    return first(ident(one, "recipient_user_id"), ident(person, "user_id"), number)


def _trouble(code: str, title: str, said: Said) -> Item:
    """An error that WhatsApp tells beside or instead of messages: of the account, where its code says so."""
    row = row_of(code)
    detail = f"WhatsApp says: {code} {title}".strip()
    if code in ("0", "190"):
        return AccountNews("revoked", detail, account_ref=said.account_ref)
    if row is not None and row[0] == "stop_account":
        return AccountNews("restricted", detail, account_ref=said.account_ref)
    return Ignored("unknown_kind", detail=detail, account_ref=said.account_ref)


def _news(field: str, value: Mapping[str, Any], said: Said) -> Item:
    """A change that is no message: of the account, of templates, of calls, of preferences."""
    event = ident(value, "event")
    detail = " ".join(one for one in (field, event, ident(value, "message_template_name")) if one)[:120]
    kind = NEWS.get(event) if field in ("account_update", "") else None
    if kind is None:
        return Ignored("unknown_kind", detail=detail or "no field", account_ref=said.account_ref)
    if part(value, "ban_info", "waba_ban_state") == "REINSTATE":
        kind = "restored"
    limits = [ident(one, "restriction_type") for _, one in each(value, "restriction_info")]
    told = ", ".join(one for one in (*limits, ident(value, "violation_info", "violation_type")) if one)
    return AccountNews(kind, f"WhatsApp says: {event} {told}".strip()[:300], account_ref=said.account_ref)
