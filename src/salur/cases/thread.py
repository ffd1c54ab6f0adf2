"""Which case a message continues: by proof only, never by subject or display name.

What counts as proof depends on who vouches for the sender. A mail, a form or a walk-in says itself who it is from; a
platform with accounts says it, and says in which place and under which words somebody wrote. So a signed token proves
everywhere, an answered message where it is one's own, and the rest (somebody else's thread, a number in the text, the
chat one is in) only on a platform that vouches.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet

from salur.cases.models import Case, CaseMessage, Voice
from salur.cases.number import read_number
from salur.channels.registry import platform
from salur.intake.models import Message
from salur.intake.note import chat
from salur.intake.queries import answered_by_us, reached
from salur.intake.traces import UNKNOWN, Traces, traces
from salur.kernel import ledger
from salur.kernel.crypto import sign, unsign

OUR_ID = re.compile(r"\bsalur\.([a-z0-9]{20,40})\.")
NUMBER = re.compile(r"\b\d{2}(?:\d{2})?[ -]?\d{4}[ -]?[0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{4}\b")
STILL = timedelta(days=3)
"""How long after its closing a case is still what the next line in its chat is about."""
LATEST = 30
"""So many of a person's latest messages to an account are looked through."""


def thread_token(case: Case) -> str:
    """The signed token that stands in the plus-address and the Message-ID of everything sent about a case."""
    return sign(case.number.replace("-", "").lower())


def look(message: Message) -> Traces:
    """What traces a message has here. Of two such messages, or two lines of one person, read at the same instant one
    waits for the other until the transaction ends."""
    if not message.sender_index:
        return UNKNOWN
    twin = f"twin:{message.government_id}:{message.external_id}"
    ledger.hold_many([twin, chat(message.account_id, message.sender_index)] if vouched(message) else [twin])
    return traces(message)


def find_case(message: Message, found: Traces) -> Case | None:
    """The case this message continues, or None; `found` are its traces.

    Proofs, strongest first: a signed token in the address it was written to, or in one of our own message ids among
    those it answers; an answered message that is in a case, or is one of ours; on a platform that vouches for its
    senders also a case number in the text (the sender being a voice of it already), the group of messages it belongs
    to, the thread under a public post, and the private chat, as long as its latest case is open or was closed less
    than STILL ago.
    """
    ids = [str(one) for one in message.extra.get("thread_ids", [])]
    if (case := _by_token(message, ids)) is not None or not message.sender_index:
        return case
    if not vouched(message):
        return _by_answered(message, ids if found.answers else [])
    ids += [message.root_id] if message.root_id else []
    own = _own_links(message) if found.spoke else []
    if not (found.spoke or found.answers):
        ids = []  # neither a message nor words of ours are known by them
    return (
        _by_answered(message, ids)
        or _by_what_we_said(message, ids, own)
        or _by_number(message)
        or _by_group(message)
        or (_by_public_thread(message, own) if message.audience == "public" else _by_chat(message, own))
    )


def vouched(message: Message) -> bool:
    """Whether the platform itself says who wrote this and where, so that nobody can pretend."""
    return bool(message.place) or platform(message.account.platform).capabilities.chat


def _by_token(message: Message, ids: Iterable[str]) -> Case | None:
    tokens = [str(message.extra.get("thread_token") or "")] + [hit for one in ids for hit in OUR_ID.findall(one)]
    for token in filter(None, tokens):
        number = read_number(unsign(token) or "")
        case = Case.objects.filter(number=number, government_id=message.government_id).first() if number else None
        if case:
            return case
    return None


def _by_answered(message: Message, ids: Sequence[str]) -> Case | None:
    """The case of a message among those it answers: one's own, or one that all can read in public or in one room.

    The platform vouches for a thread in a place; a mail names what it answers itself, and anybody can name anything.
    """
    if not ids:
        return None
    whose = Q(message__sender_index=message.sender_index)
    if message.audience == "public":
        whose |= Q(message__audience="public")
    elif message.place:
        whose |= Q(message__audience="private", message__place=message.place)
    links = CaseMessage.objects.filter(whose, message__account_id=message.account_id, message__external_id__in=ids)
    return _first_in(ids, {link.message.external_id: link.case for link in _with_case(links)})


def _by_what_we_said(message: Message, ids: Sequence[str], own: Sequence[CaseMessage]) -> Case | None:
    """The case in which we said a message among those it answers.

    Ids of what went out stand in the journals of cases (`dispatch.sent`): those of the cases this person has a part in
    are looked through. Where somebody else answers what we said in public, the platform has shown us our own words
    again, and what they answered is in a case.
    """
    streams = {link.case.stream: link.case for link in own}
    if ids and streams:
        # Of an answer in several parts `external_id` is the last, `said` are all.
        named = Q(data__external_id__in=list(ids)) | Q(data__said__has_any_keys=list(ids))
        sent = ledger.entries().filter(named, stream__in=streams, kind="dispatch.sent")
        stream = sent.order_by("-id").values_list("stream", flat=True).first()
        if stream is not None:
            return streams[stream]
    answered = answered_by_us(message.account_id, ids) if ids and message.audience == "public" else []
    return _by_answered(message, answered)


def _by_number(message: Message) -> Case | None:
    """The case whose number stands in the text, if the sender is a voice of it: a number alone proves nothing."""
    numbers = {number for found in NUMBER.findall(message.text) if (number := read_number(found))}
    if not numbers:
        return None
    known = Voice.objects.filter(
        case__number__in=numbers,
        government_id=message.government_id,
        address_index=message.sender_index,
        account__platform=message.account.platform,
    )
    voice = known.select_related("case").order_by("-case_id").first()
    return voice.case if voice else None


def _by_group(message: Message) -> Case | None:
    """The case of another message of its album or of the lines in a row."""
    if not (message.lead_id or message.group_key):
        return None
    leader = message.lead_id or message.pk
    links = CaseMessage.objects.filter(Q(message_id=leader) | Q(message__lead_id=leader))
    link = _with_case(links).order_by("id").first()
    return link.case if link else None


def _by_public_thread(message: Message, own: Iterable[CaseMessage]) -> Case | None:
    """The case of what the same person said in the same public thread."""
    root = message.root_id or message.external_id
    same = (link.case for link in own if root in (link.message.root_id, link.message.external_id))
    return next(same, None)


def _by_chat(message: Message, own: Sequence[CaseMessage]) -> Case | None:
    """The latest case of this person in this chat, or that we wrote to them in private about, if it still goes on.

    It goes on while it is open, and STILL after its closing.
    """
    going = [link for link in own if _goes_on(link.case, message)]
    for link in going:
        if link.message.audience == "private" and link.message.place == message.place:
            return link.case
    return _by_our_private_word(message, {link.case.stream: link.case for link in going})


def _goes_on(case: Case, message: Message) -> bool:
    return case.closed_at is None or message.spoken_at - case.closed_at < STILL


def _by_our_private_word(message: Message, streams: dict[str, Case]) -> Case | None:
    """The case of a public comment that we answered in private: the platform told us that our words reached them."""
    if not streams:
        return None
    entries = ledger.entries().filter(stream__in=streams, kind="dispatch.sent").order_by("-id")[:LATEST]
    cases = {
        one: streams[entry.stream]
        for entry in entries
        for one in (entry.data["external_id"], *entry.data.get("said", ()))
        if one
    }
    return _first_in(cases, {one: cases[one] for one in reached(message.account_id, message.sender_index, cases)})


def _own_links(message: Message) -> list[CaseMessage]:
    """The latest messages of this sender to this account that are in a case, newest first."""
    latest = Message.objects.filter(account_id=message.account_id, sender_index=message.sender_index)
    ids = latest.exclude(pk=message.pk).order_by("-spoken_at").values("id")[:LATEST]
    links = _with_case(CaseMessage.objects.filter(message_id__in=ids, message__account_id=message.account_id))
    return list(links.order_by("-message__spoken_at", "-id"))


def _with_case(links: QuerySet[CaseMessage]) -> QuerySet[CaseMessage]:
    """With the case and what it needs to know of the message; nothing is decrypted that nobody reads."""
    columns = ("external_id", "audience", "place", "root_id", "spoken_at")
    return links.select_related("case", "message").only("case", *(f"message__{name}" for name in columns))


def _first_in(ids: Iterable[str], cases: dict[str, Case]) -> Case | None:
    """The case of the most specific id that has one."""
    return next((cases[one] for one in ids if one in cases), None)
