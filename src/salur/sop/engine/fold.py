"""The fold: the only place where a status or a deadline is computed. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from salur.kernel.events import Fact
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars, due_instants
from salur.sop.engine.closure import closing, next_actor_of, status_of
from salur.sop.engine.order import in_order
from salur.sop.engine.rulebook import rulebook
from salur.sop.engine.runs import advance, rebind, settle
from salur.sop.engine.state import CaseState, ObligationState, RungState, Superseded
from salur.sop.engine.story import Due, Run, Story
from salur.sop.engine.telling import TELLINGS, resume
from salur.worktime.instants import in_zone

__all__ = ["Calendars", "CaseState", "JournalEmpty", "ObligationState", "fold"]


class JournalEmpty(ValueError):
    """There is no fact to fold: a case is its journal, so a case without one does not exist."""


def fold(journal: Sequence[Fact], document: SopDocument, calendars: Calendars, now: datetime) -> CaseState:
    """The state of a case at the aware instant `now`: a pure function of journal, SOP version, calendars and now.

    Which facts count, from when and in which order, says `in_order`; kinds it does not know change nothing. The
    citizen's clock starts when the citizen spoke, and no referral, reopening or correction of the agency moves it; a
    corrected kind changes the limit, never the start, and undoes no breach. Only a pause for a reason that the SOP
    names stops it.

    Raises JournalEmpty, DeadlineError where a calendar never opens again, and InstantError for a naive instant.
    """
    if not journal:
        raise JournalEmpty("the journal is empty: fold the facts of one case, at least its case.opened")
    now = in_zone(now, UTC)
    story = Story(rulebook(document, TELLINGS))
    _read(story, in_order(journal, story.flag), calendars)
    _note_what_is_missing(story)
    return _state(story, calendars, now)


def _read(story: Story, facts: Sequence[Fact], calendars: Calendars) -> None:
    reactions = story.book.reactions
    for place, fact in enumerate(facts):
        reaction = reactions[fact.kind]
        story.place = place
        story.answer_stood = story.answered_at is not None
        if reaction.rebinds:
            settle(story, fact, calendars)
        telling = reaction.telling
        if telling is not None and not telling(story, fact):
            continue
        if story.pause is not None:
            resume(story, story.pause, fact)
        if reaction.rebinds:
            rebind(story, fact.at)
        if reaction.acts:
            advance(story, fact, reaction)


def _note_what_is_missing(story: Story) -> None:
    if story.opened_at is None:
        story.flag("not_opened", "case.opened")
    for demand in story.book.demands.get(story.horizon, ()):
        if not getattr(story, demand):
            story.flag("horizon_demand_missing", demand)


def _state(story: Story, calendars: Calendars, now: datetime) -> CaseState:
    due = due_instants(story, calendars, now)
    obligations = [_obligation(run, at, story, now) for run, at in zip(story.runs, due, strict=True) if run.bound]
    unmet = [one for one in obligations if one.met_at is None and not one.superseded]
    ahead = [one for one in unmet if not one.paused]
    nearest = min(ahead, key=_due_at) if ahead else None
    reasons = [one.reason for one in unmet if one.provisional]
    closes_at, closes_as = closing(story, calendars)
    status = status_of(story)
    pause = story.pause
    # By place, in the order of the fields: naming thirty-five of them takes longer than finding out what they are.
    return CaseState(
        status,
        story.kind,
        story.function,
        story.horizon,
        story.channel,
        story.agency_id,
        story.spoken_at,
        tuple(obligations),
        next_actor_of(story, status, nearest.actor if nearest else None),
        nearest.due_at if nearest else None,
        _promised(story.runs, due),
        _wakes_at(ahead),
        pause is not None,
        pause.reason if pause else "",
        closes_at,
        closes_as,
        _review_on(story.runs, due) if story.longer else None,
        story.promised_on,
        story.owner,
        story.plan,
        story.plan_reference,
        story.milestones,
        story.handovers,
        story.arbiter_called,
        story.reclassified,
        story.evidence,
        story.answered_at,
        story.closing_proposed,
        story.closed_at,
        story.closed_by,
        story.outcome,
        story.reopened_count,
        bool(reasons),
        tuple(dict.fromkeys(reasons)),
        story.flags,
    )


def _due_at(obligation: ObligationState) -> datetime:
    return obligation.due_at


def _wakes_at(ahead: Sequence[ObligationState]) -> datetime | None:
    """The next breach, or rung of what is late already."""
    wakes = [one.due_at for one in ahead if not one.breached]
    wakes += [rung.at for one in ahead for rung in one.escalations if not rung.reached]
    return min(wakes, default=None)


def _obligation(run: Run, due: Due, story: Story, now: datetime) -> ObligationState:
    rule, met_at, utc, pause = run.rule, run.met_at, due.utc, story.pause
    over_at = run.over_at
    why: Superseded = "" if met_at else run.ended_why or ("" if run.binding else "not_bound")
    # A pause that began after the due instant came too late: what is breached stays so.
    paused = pause is not None and over_at is None and rule.stops_for(pause.reason) and pause.began_at <= utc
    return ObligationState(
        rule.code,
        rule.name,
        rule.actor,
        story.agency_id if run.running else run.ended_agency_id,
        run.started_by,
        run.started_at,
        due.at,
        met_at,
        (over_at or now) > utc,
        paused,
        why != "",
        why,
        due.deadline.provisional,
        due.deadline.reason,
        rule.within,
        rule.clock,
        due.rungs if paused or (over_at or now) < utc else _ladder(due, over_at, now),
    )


def _ladder(due: Due, over_at: datetime | None, now: datetime) -> tuple[RungState, ...]:
    """The rungs with those marked that came while the obligation was still open at that instant."""
    return tuple(
        [
            reached if mark <= now and (over_at is None or mark < over_at) else rung
            for rung, reached, mark in zip(due.rungs, due.climbed, due.marks, strict=True)
        ]
    )


def _promised(runs: Sequence[Run], due: Sequence[Due]) -> datetime | None:
    """The due instant of the answer last promised to the citizen."""
    for place in reversed(range(len(runs))):
        if runs[place].rule.answers and runs[place].binding:
            return due[place].at
    return None


def _review_on(runs: Sequence[Run], due: Sequence[Due]) -> date | None:
    """The date of the next review: as set, or the latest that the horizon allows."""
    for run, at in zip(reversed(runs), reversed(due), strict=True):
        if run.running and run.rule.within == "review_on" and run.binding:
            return min(run.on or at.at.date(), at.at.date())
    return None
