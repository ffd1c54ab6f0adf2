"""The fold: the only place where a status or a deadline is computed. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from salur.kernel.facts import Fact
from salur.sop.clocks import Calendars, due_instants
from salur.sop.closure import closing, next_actor_of, status_of
from salur.sop.document import SopDocument
from salur.sop.runs import advance
from salur.sop.standing import standing
from salur.sop.state import CaseState, ObligationState, Superseded
from salur.sop.story import Run, Story, tell
from salur.worktime.deadline import Deadline

__all__ = ["Calendars", "CaseState", "JournalEmpty", "ObligationState", "fold"]


class JournalEmpty(ValueError):
    """There is no fact to fold: a case is its journal, so a case without one does not exist."""


def fold(journal: Sequence[Fact], document: SopDocument, calendars: Calendars, now: datetime) -> CaseState:
    """The state of a case at the aware instant `now`: a pure function of journal, SOP version, calendars and now.

    Facts count in the order of their seq; a seq that comes twice counts once; kinds it does not know change nothing.
    The citizen's clock starts when the citizen spoke, and no referral, reopening or correction of the agency moves it;
    a corrected kind changes the limit, never the start. Only a pause for a reason that the SOP names stops it. What
    bounced was not said.

    Raises JournalEmpty, and DeadlineError where a calendar never opens again.
    """
    if not journal:
        raise JournalEmpty("the journal is empty: fold the facts of one case, at least its case.opened")
    story = Story()
    for fact in standing(_in_order(journal)):
        if tell(story, fact, document):
            advance(story, fact, document)
    _note_what_is_missing(story, document)
    return _state(story, document, calendars, now)


def _in_order(journal: Sequence[Fact]) -> Sequence[Fact]:
    if all(earlier.seq < later.seq for earlier, later in pairwise(journal)):
        return journal
    first: dict[int, Fact] = {}
    for fact in journal:
        first.setdefault(fact.seq, fact)
    return [first[seq] for seq in sorted(first)]


def _note_what_is_missing(story: Story, document: SopDocument) -> None:
    if story.opened_at is None:
        story.flag("not_opened", "case.opened")
    for name, rule in document.horizons.items():
        if name == story.horizon:
            for demand in rule.requires:
                if not getattr(story, demand):
                    story.flag("horizon_demand_missing", demand)


def _state(story: Story, document: SopDocument, calendars: Calendars, now: datetime) -> CaseState:
    due = due_instants(story, document, calendars, now)
    told = [(run, at) for run, at in zip(story.runs, due, strict=True) if run.bound or run.met_at is not None]
    obligations = tuple(_obligation(run, at, story, now) for run, at in told)
    ahead = [obligation for obligation in obligations if obligation.open and not obligation.paused]
    closes, closes_as = closing(story, document, calendars)
    status = status_of(story, document)
    reasons = [obligation.reason for obligation in obligations if obligation.open and obligation.provisional]
    if closes is not None and closes.provisional:
        reasons.append(closes.reason)
    return CaseState(
        status=status,
        kind=story.kind,
        function=story.function,
        horizon=story.horizon,
        agency_id=story.agency_id,
        spoken_at=story.spoken_at,
        obligations=obligations,
        next_actor=next_actor_of(story, status, ahead),
        due_at=min((obligation.due_at for obligation in ahead), default=None),
        citizen_due_at=_promised(story, told),
        paused=story.pause is not None,
        pause_reason=story.pause.reason if story.pause else "",
        closes_at=closes.at if closes else None,
        closes_as=closes_as,
        review_on=_review_on(story, told),
        owner=story.owner,
        plan_reference=story.plan_reference,
        answered_at=story.answered_at,
        closed_at=story.closed_at,
        closed_by=story.closed_by,
        outcome=story.outcome,
        reopened_count=story.reopened_count,
        provisional=bool(reasons),
        reasons=tuple(dict.fromkeys(reasons)),
        flags=tuple(story.flags),
    )


def _obligation(run: Run, due: Deadline, story: Story, now: datetime) -> ObligationState:
    binds = run.rule.binds(story.kind, story.horizon)
    why: Superseded = "" if run.met_at else run.ended_why or ("" if binds else "not_bound")
    pause = story.pause
    return ObligationState(
        code=run.rule.code,
        name=run.rule.name,
        actor=run.rule.actor,
        agency_id=story.agency_id if run.running else run.ended_agency_id,
        started_by=run.started_by,
        started_at=run.started_at,
        due_at=due.at,
        met_at=run.met_at,
        breached=why != "not_bound" and (run.met_at or run.ended_at or now) > due.at,
        # A pause that began after the due instant came too late: what is breached stays so.
        paused=(
            pause is not None
            and run.running
            and why == ""
            and run.rule.within != "review_on"
            and pause.began_at <= due.at
        ),
        superseded=why != "",
        superseded_by=why,
        provisional=due.provisional,
        reason=due.reason,
    )


def _promised(story: Story, told: Sequence[tuple[Run, Deadline]]) -> datetime | None:
    """The due instant of the answer last promised to the citizen."""
    for run, due in reversed(told):
        if run.rule.answers_the_citizen and run.rule.binds(story.kind, story.horizon):
            return due.at
    return None


def _review_on(story: Story, told: Sequence[tuple[Run, Deadline]]) -> date | None:
    """The date of the next review: as set, or the latest that the horizon allows."""
    for run, due in reversed(told):
        if run.running and run.rule.within == "review_on" and run.rule.binds(story.kind, story.horizon):
            return min(run.review_on or due.at.date(), due.at.date())
    return None
