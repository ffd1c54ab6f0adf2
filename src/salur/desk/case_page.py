"""Everything the page of one case shows, gathered in few queries and with masked names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext

from salur.agencies.models import Member
from salur.agencies.queries import member_names
from salur.cases import words
from salur.cases.correct import voided
from salur.cases.due import Due, due_words
from salur.cases.moved import last_word
from salur.cases.queries import messages_of
from salur.desk import journal
from salur.desk.officer import may
from salur.desk.said import heard
from salur.desk.stand import Stand
from salur.kernel import clock, ledger
from salur.publishing.models import Dispatch, Reply
from salur.publishing.queries import dispatches_of, replies_of
from salur.publishing.withdraw import undo_until, was_withdrawn
from salur.sop.document.model import SopDocument
from salur.sop.engine.fold import ObligationState
from salur.sop.engine.state import ClosingProposal
from salur.sop.handover import arbiter_decides
from salur.sop.saying import in_words
from salur.sop.vocabulary import PLANS, word
from salur.triage.queries import reading_of
from salur.worktime.calendar import WorkCalendar


@dataclass(frozen=True)
class DutyView:
    """One obligation with its deadline in words."""

    state: ObligationState
    name: str
    actor: str
    due: Due | None
    standing: str


@dataclass(frozen=True)
class EvidenceView:
    """One file of evidence. `reused`: the same content was evidence in another report of the government before."""

    id: int
    name: str
    note: str
    at: datetime
    who: str
    voided: bool
    reused: bool


@dataclass(frozen=True)
class ProposalView:
    """A closing that waits for a second person."""

    proposal: ClosingProposal
    outcome: str
    who: str
    own: bool


@dataclass(frozen=True)
class Undo:
    """Until when a released answer can be taken back, and how many whole seconds that still is."""

    until: datetime
    seconds: int


@dataclass(frozen=True)
class ReplyView:
    """One reply with who wrote it and where it went."""

    reply: Reply
    drafted_by: str
    approved_by: str
    dispatches: list[Dispatch]
    can_judge: bool
    can_revise: bool
    taken_back: bool
    undo: Undo | None


def case_page(stand: Stand) -> dict[str, Any]:
    """The context of the page. Six queries beside those that found officer and case and where the case stands."""
    case, member, facts, state, now = stand.case, stand.member, stand.facts, stand.state, clock.now()
    replies, dispatches = replies_of(case), dispatches_of(case)
    people = {fact.actor for fact in facts} | {reply.drafted_by for reply in replies} | {r.approved_by for r in replies}
    names = member_names(people)
    calendar = stand.sop.calendars.of(case.agency_id) if stand.sop else None
    said = messages_of(case)
    messages = heard(said)
    return {
        "case": case,
        "state": state,
        "due": due_words(case.due_at, now, calendar),
        "citizen_due": due_words(case.citizen_due_at, now, calendar),
        "voices": list({one.voice.id: one.voice for one in messages}.values()),
        "messages_said": messages,
        "reading": reading_of([link.message_id for link in said if link.message.removed_at is None]),
        "duties": _duties(stand, now, calendar),
        "next_actor": _actor_name(stand.document, case.next_actor),
        "plan": in_words(word(PLANS, state.plan)) if state and state.plan else "",
        "arbiter": _arbiter(stand),
        "proposal": _proposal(stand, names),
        "evidence": _evidence(stand, names),
        "replies": [_reply(reply, dispatches, names, member) for reply in replies],
        "lines": journal.lines(facts, names, stand.document),
        "sop": stand.document,
        "sop_title": stand.document.title.of(_language()) if stand.document else "",
        "seen": last_word(facts),
    }


def _language() -> str:
    return "id" if (get_language() or "id").startswith("id") else "en"


def _actor_name(document: SopDocument | None, code: str) -> str:
    """Who acts, as the SOP calls them."""
    actor = document.actors.get(code) if document else None
    return actor.name.of(_language()) if actor else words.said(words.ACTORS, code)


def _arbiter(stand: Stand) -> str:
    """The arbiter's name where only they can move the case, else ""."""
    if stand.sop is None or not stand.is_open or not arbiter_decides(stand.sop):
        return ""
    return _actor_name(stand.document, stand.sop.document.handover.arbiter)


def _proposal(stand: Stand, names: dict[str, str]) -> ProposalView | None:
    found = stand.state.closing_proposed if stand.state else None
    if found is None or not stand.is_open:
        return None
    outcome = words.said(words.OUTCOMES, found.outcome)
    return ProposalView(found, outcome, journal.who(found.actor, names), own=found.actor == stand.actor)


def _evidence(stand: Stand, names: dict[str, str]) -> list[EvidenceView]:
    added = [fact for fact in stand.facts if fact.kind == "case.evidence_added"]
    gone = voided(stand.facts)
    return [
        EvidenceView(
            id=fact.data["evidence_id"],
            name=fact.data["name"],
            note=fact.data["note"],
            at=fact.at,
            who=journal.who(fact.actor, names),
            voided=fact.seq in gone,
            reused=fact.data.get("reused", False),
        )
        for fact in added
    ]


def _duties(stand: Stand, now: datetime, calendar: WorkCalendar | None) -> list[DutyView]:
    if stand.state is None:
        return []
    return [_duty(one, stand.document, now, calendar) for one in stand.state.obligations]


def _duty(one: ObligationState, document: SopDocument | None, now: datetime, calendar: WorkCalendar | None) -> DutyView:
    name, actor = one.name.of(_language()), _actor_name(document, one.actor)
    if one.met_at:
        standing = gettext("Done late") if one.breached else gettext("Done in time")
    elif one.superseded:
        standing = gettext("No longer counts")
    elif one.paused:
        standing = gettext("Waits for the citizen")
    else:
        standing = gettext("Late") if one.breached else gettext("Running")
    due = due_words(one.due_at, now, calendar) if one.open and not one.paused else None
    return DutyView(one, name, actor, due, standing)


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
        taken_back=was_withdrawn(reply),
        undo=_undo(reply) if may(member, "approve") else None,
    )


def _undo(reply: Reply) -> Undo | None:
    until = undo_until(reply)
    return Undo(until, int((until - clock.now()).total_seconds())) if until else None
