"""A case and the SOP it stays on: what a verb has to know before it may act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salur.cases.handle import NotPossible, held
from salur.cases.models import Case
from salur.kernel import clock, ledger
from salur.kernel.events import Fact
from salur.sop.document.model import SopDocument
from salur.sop.engine.fold import Calendars, CaseState
from salur.sop.queries import calendars_for, document_in, state_of


@dataclass(frozen=True)
class Bound:
    """A case, its journal, the document of the version it stays on, and its state at the instant it was asked for."""

    case: Case
    facts: Sequence[Fact]
    document: SopDocument
    state: CaseState
    calendars: Calendars


def bound(
    case: Case, now: datetime, facts: Sequence[Fact] | None = None, calendars: Calendars | None = None
) -> Bound | None:
    """A case as its SOP sees it at an instant, or None in the moment before it is bound to one.

    A caller that has the journal or the calendars already hands them in.
    """
    journal = ledger.journal(case.stream) if facts is None else facts
    known = calendars or calendars_for(case.government_id)
    document, state = document_in(journal), state_of(case, now, journal, known)
    if document is None or state is None:
        return None
    return Bound(case, journal, document, state, known)


def held_bound(case_id: int) -> Bound:
    """As `bound`, now, and the case kept from everybody else until the transaction ends. Raises NotPossible."""
    found = bound(held(case_id), clock.now())
    if found is None:
        raise NotPossible("the SOP of this case starts in a moment: try again then")
    return found
