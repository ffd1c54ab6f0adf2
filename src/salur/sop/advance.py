"""Fold a case that was touched, write down what became due, met or late, and project its columns."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from salur.cases.project import Projection, project_many
from salur.kernel import clock, ledger
from salur.kernel.events import Event, Fact
from salur.sop import escalate
from salur.sop.engine.fold import CaseState, ObligationState, fold
from salur.sop.events import (
    ObligationBreached,
    ObligationEscalated,
    ObligationMet,
    ObligationMoved,
    ObligationReopened,
    ObligationStarted,
)
from salur.sop.queries import calendars_for, document_in

_MET_OR_NOT = (ObligationMet.KIND, ObligationReopened.KIND)


def advance(case_id: int, government_id: int) -> None:
    """Bring one case up to date, in the caller's transaction: obligations into the journal, columns into the table.

    Called by `journey/act` for every case whose journal was written to. A case not bound to an SOP yet is left alone.
    """
    advance_all([(case_id, government_id)])


def advance_all(cases: Iterable[tuple[int, int]]) -> None:
    """As `advance`, for cases and their governments, with their columns written in one statement."""
    told = [one for case in cases if (one := _advanced(*case)) is not None]
    project_many({case_id: projection(state, journal) for case_id, _, state, _, journal in told})
    escalate.project_many(told)


def _advanced(case_id: int, government_id: int) -> escalate.Told | None:
    """Write down what the fold says and the journal does not; None for a case that is not bound to an SOP yet."""
    stream = f"case:{case_id}"
    ledger.hold(stream)
    journal = ledger.journal(stream)
    document = document_in(journal)
    if document is None:
        return None
    state = fold(journal, document, calendars_for(government_id), clock.now())
    written = [
        ledger.as_fact(ledger.record(event, stream=stream, government_id=government_id, actor=ledger.SYSTEM))
        for event in list(news(state, journal))
    ]
    return case_id, government_id, state, document, [*journal, *written]


def news(state: CaseState, journal: Sequence[Fact]) -> Iterator[Event]:
    """What the fold says of obligations and the journal does not say yet."""
    breached, climbed = breaches_said(journal), rungs_said(journal)
    met = {_key(fact): fact.kind == ObligationMet.KIND for fact in journal if fact.kind in _MET_OR_NOT}
    due = {
        _key(fact): fact.data["due_at"]
        for fact in journal
        if fact.kind in (ObligationStarted.KIND, ObligationMoved.KIND)
    }
    for one in state.obligations:
        key = (one.code, one.started_by)
        common: dict[str, Any] = {"code": one.code, "started_by": one.started_by, "name": one.name.id}
        at = one.due_at.isoformat()
        if key not in due:
            yield ObligationStarted(**common, actor=one.actor, due_at=at)
        elif one.open and not one.paused and due[key] != at:
            yield ObligationMoved(**common, due_at=at, was_due_at=due[key])
        if one.breached and (*key, at) not in breached:
            yield ObligationBreached(**common, due_at=at)
        for rung in one.escalations:
            if rung.reached and (*key, rung.rung, at) not in climbed:
                yield ObligationEscalated(**common, rung=rung.rung, to=rung.to, due_at=at, at=rung.at.isoformat())
        if one.met_at and not met.get(key):
            yield ObligationMet(**common, met_at=one.met_at.isoformat(), in_time=not one.breached)
        elif one.met_at is None and met.get(key):
            yield ObligationReopened(**common, due_at=at)


def projection(state: CaseState, journal: Sequence[Fact]) -> Projection:
    """The sortable columns. While the clocks stand still the promised instant moves with now, so none is stored."""
    said, climbed = breaches_said(journal), rungs_said(journal)
    breached = [one for one in state.obligations if (*_name(one), one.due_at.isoformat()) in said]
    running = [one for one in state.obligations if one.open and not one.paused]
    waking = [one.due_at for one in running if (*_name(one), one.due_at.isoformat()) not in said]
    waking += [
        rung.at
        for one in running
        for rung in one.escalations
        if (*_name(one), rung.rung, one.due_at.isoformat()) not in climbed
    ]
    return Projection(
        agency_id=int(state.agency_id) if state.agency_id is not None else None,
        kind=state.kind,
        function_id=state.function or None,
        horizon=state.horizon,
        status=state.status,
        next_actor=state.next_actor or "",
        due_at=state.due_at,
        citizen_due_at=None if state.paused else state.citizen_due_at,
        closes_at=state.closes_at,
        review_on=state.review_on,
        answered_at=state.answered_at,
        closed_at=state.closed_at,
        outcome=state.outcome,
        provisional=state.provisional,
        breaches=len(breached),
        wakes_at=min(waking, default=None),
    )


def breaches_said(journal: Sequence[Fact]) -> set[tuple[str, int, str]]:
    """The breaches the journal holds, as (code, started_by, due): a deadline that moved may be missed again."""
    return {(*_key(fact), fact.data["due_at"]) for fact in journal if fact.kind == ObligationBreached.KIND}


def rungs_said(journal: Sequence[Fact]) -> set[tuple[str, int, int, str]]:
    """The rungs the journal holds, as (code, started_by, rung, due): each is reached once a deadline."""
    rungs = (fact for fact in journal if fact.kind == ObligationEscalated.KIND)
    return {(*_key(fact), fact.data["rung"], fact.data["due_at"]) for fact in rungs}


def _name(one: ObligationState) -> tuple[str, int]:
    return one.code, one.started_by


def _key(fact: Fact) -> tuple[str, int]:
    return fact.data["code"], fact.data["started_by"]
