"""What `advance` does for one case, for many in one transaction: their journals read and written at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from salur.cases.project import project_many
from salur.kernel import clock, ledger
from salur.kernel.events import Event, Fact
from salur.sop import escalate
from salur.sop.advance import news, projection
from salur.sop.document.model import SopDocument
from salur.sop.engine.fold import CaseState, fold
from salur.sop.events import ObligationMoved
from salur.sop.queries import calendars_for, document_in

log = structlog.get_logger("salur.sop")


@dataclass
class Outcome:
    """How many deadlines moved, and the cases (by id) that could not be folded, with what stood against it."""

    moved: int = 0
    failed: dict[int, str] = field(default_factory=dict)


def held_journals(case_ids: Iterable[int]) -> dict[int, list[Fact]]:
    """The journals of many cases, each kept from everybody else until the transaction ends."""
    streams = {case_id: f"case:{case_id}" for case_id in case_ids}
    ledger.hold_many(streams.values())
    journals = ledger.journals(list(streams.values()))
    return {case_id: journals[stream] for case_id, stream in streams.items()}


def write_many(
    written: Sequence[tuple[int, Event]], journals: Mapping[int, list[Fact]], government_id: int, *, actor: str
) -> list[Fact]:
    """Write pairs of case and event, in their order, into the ledger and behind the journals that were read."""
    pairs = [(f"case:{case_id}", event) for case_id, event in written]
    entries = ledger.record_many(pairs, government_id=government_id, actor=actor)
    facts = [ledger.as_fact(entry) for entry in entries]
    for (case_id, _event), fact in zip(written, facts, strict=True):
        journals[case_id].append(fact)
    return facts


def advance_many(
    journals: Mapping[int, list[Fact]], government_id: int, *, touched: Collection[int] = frozenset()
) -> Outcome:
    """Bring many cases up to date whose journals the caller holds (see `held_journals`), in the caller's transaction.

    `touched` are those the caller wrote to: their rungs are kept up even where the fold has no news. A case that
    cannot be folded is left as it is and named in the outcome; one not bound to an SOP yet is left alone.
    """
    calendars, now, outcome = calendars_for(government_id), clock.now(), Outcome()
    folded: dict[int, tuple[CaseState, SopDocument]] = {}
    written: list[tuple[int, Event]] = []
    for case_id, journal in journals.items():
        document = document_in(journal)
        if document is None:
            continue
        try:
            state = fold(journal, document, calendars, now)
            said = list(news(state, journal))
        except Exception as problem:
            log.exception("a case could not be counted anew", case=case_id)
            outcome.failed[case_id] = str(problem)[:200]
            continue
        folded[case_id] = state, document
        written += [(case_id, event) for event in said]
    facts = write_many(written, journals, government_id, actor=ledger.SYSTEM)
    outcome.moved = sum(fact.kind == ObligationMoved.KIND for fact in facts)
    project_many({case_id: projection(state, journals[case_id]) for case_id, (state, _document) in folded.items()})
    told = {case_id for case_id, _event in written} | set(touched)
    escalate.project_many(
        [(case_id, government_id, *one, journals[case_id]) for case_id, one in folded.items() if case_id in told]
    )
    return outcome
