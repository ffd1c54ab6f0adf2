"""Everything the page of one case shows, gathered in few queries and with masked names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext

from salur.agencies.models import Member
from salur.agencies.queries import member_names
from salur.cases.due import Due, due_words
from salur.cases.models import Case, CaseMessage, Voice
from salur.cases.moved import last_word
from salur.cases.queries import messages_of
from salur.desk import journal
from salur.desk.officer import may
from salur.intake.models import StoredFile
from salur.intake.queries import files_of
from salur.kernel import clock, ledger
from salur.kernel.facts import Fact
from salur.publishing.models import Dispatch, Reply
from salur.publishing.queries import dispatches_of, replies_of
from salur.sop.fold import CaseState, ObligationState
from salur.sop.queries import calendars_for, state_of, version_in
from salur.sop.versions import document_of
from salur.triage.queries import reading_of
from salur.worktime.calendar import WorkCalendar


@dataclass(frozen=True)
class VoiceView:
    """A citizen as the desk may know them."""

    id: int
    name: str
    address: str
    channel: str
    hidden: bool
    told: bool


@dataclass(frozen=True)
class MessageView:
    """One thing a citizen said."""

    link: CaseMessage
    voice: VoiceView
    files: list[StoredFile]


@dataclass(frozen=True)
class DutyView:
    """One obligation with its deadline in words."""

    state: ObligationState
    name: str
    due: Due | None
    standing: str


@dataclass(frozen=True)
class ReplyView:
    """One reply with who wrote it and where it went."""

    reply: Reply
    drafted_by: str
    approved_by: str
    dispatches: list[Dispatch]
    can_judge: bool
    can_revise: bool


def voice_view(voice: Voice, number: int, channel: str) -> VoiceView:
    """A voice with its name, or without name and address where it asked for that."""
    if voice.anonymous or voice.confidential:
        return VoiceView(voice.pk, gettext("Anonymous"), "", channel, hidden=True, told=voice.told)
    name = voice.name or gettext("Citizen %(n)s") % {"n": number}
    return VoiceView(voice.pk, name, voice.address, channel, hidden=False, told=voice.told)


def case_page(case: Case, member: Member) -> dict[str, Any]:
    """The context of the page. Eight queries beside those that found the officer and the case."""
    now = clock.now()
    facts = ledger.journal(case.stream)
    calendars = calendars_for(case.government_id)
    state = state_of(case, now, facts, calendars)
    replies, dispatches = replies_of(case), dispatches_of(case)
    people = {fact.actor for fact in facts} | {reply.drafted_by for reply in replies} | {r.approved_by for r in replies}
    names = member_names(people)
    calendar = calendars.of(case.agency_id)
    said = messages_of(case)
    messages = heard(said)
    return {
        "case": case,
        "state": state,
        "due": due_words(case.due_at, now, calendar),
        "citizen_due": due_words(case.citizen_due_at, now, calendar),
        "voices": list({one.link.voice_id: one.voice for one in messages}.values()),
        "messages_said": messages,
        "reading": reading_of([link.message_id for link in said]),
        "duties": _duties(state, now, calendar),
        "replies": [_reply(reply, dispatches, names, member) for reply in replies],
        "lines": journal.lines(facts, names),
        "sop_title": _sop_title(facts),
        "sop": next((fact.data for fact in facts if fact.kind == "sop.started"), None),
        "seen": last_word(facts),
    }


def _sop_title(facts: Sequence[Fact]) -> str:
    version = version_in(facts)
    return document_of(version).title.of(_language()) if version else ""


def _language() -> str:
    return "id" if (get_language() or "id").startswith("id") else "en"


def heard(links: list[CaseMessage]) -> list[MessageView]:
    """What citizens said, oldest first, each with its files and its masked voice."""
    files = files_of([link.message for link in links])
    voices: dict[int, VoiceView] = {}
    for link in links:
        if link.voice_id not in voices:
            channel = link.message.account.platform
            voices[link.voice_id] = voice_view(link.voice, len(voices) + 1, channel)
    return [MessageView(link, voices[link.voice_id], files.get(link.message_id, [])) for link in links]


def _duties(state: CaseState | None, now: datetime, calendar: WorkCalendar | None) -> list[DutyView]:
    if state is None:
        return []
    return [_duty(one, _language(), now, calendar) for one in state.obligations]


def _duty(one: ObligationState, language: str, now: datetime, calendar: WorkCalendar | None) -> DutyView:
    name = one.name.of(language)
    if one.met_at:
        standing = gettext("Done late") if one.breached else gettext("Done in time")
    elif one.superseded:
        standing = gettext("No longer counts")
    elif one.paused:
        standing = gettext("Waits for the citizen")
    else:
        standing = gettext("Late") if one.breached else gettext("Running")
    return DutyView(one, name, due_words(one.due_at, now, calendar) if one.open and not one.paused else None, standing)


def _reply(reply: Reply, dispatches: list[Dispatch], names: dict[str, str], member: Member) -> ReplyView:
    me = ledger.member(member.pk)
    waits = reply.state == Reply.State.SUBMITTED
    return ReplyView(
        reply=reply,
        drafted_by=journal.who(reply.drafted_by, names),
        approved_by=journal.who(reply.approved_by, names) if reply.approved_by else "",
        dispatches=[one for one in dispatches if one.reply_id == reply.pk],
        can_judge=waits and may(member, "approve") and reply.drafted_by != me,
        can_revise=reply.state == Reply.State.DRAFT and may(member, "draft"),
    )
