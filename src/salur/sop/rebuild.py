"""The projection thrown away and folded again from the journals: it must come out the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from salur.cases.models import Case
from salur.cases.project import COLUMNS, Projection, project, stored
from salur.cases.queries import every_case_id
from salur.kernel import clock, ledger
from salur.sop import escalate
from salur.sop.advance import projection
from salur.sop.models import Escalation
from salur.sop.queries import document_in, state_of


@dataclass(frozen=True)
class Difference:
    """A case whose stored columns are not what its journal says; `columns` names them."""

    number: str
    columns: tuple[str, ...]


def rebuild(*, write: bool) -> Iterator[Difference | None]:
    """Fold every case in scope anew and compare; with `write` the columns are mended. Yields once a case.

    Each case is held while it is read, so that an officer at work is neither disturbed nor undone. A journal whose hash
    chain does not hold is named as "journal". A case not bound to an SOP yet has nothing to compare.
    """
    for case_id in every_case_id():
        with transaction.atomic():
            yield _one(case_id, write=write)


def _one(case_id: int, *, write: bool) -> Difference | None:
    ledger.hold(f"case:{case_id}")
    case = Case.objects.get(pk=case_id)
    journal = ledger.journal(case.stream)
    state = state_of(case, clock.now(), journal)
    document = document_in(journal)
    if state is None or document is None:
        return None
    fresh = projection(state, journal)
    wrong = _differing(stored(case), fresh)
    rows = {_rung(row): row for row in escalate.rows_of(case_id, case.government_id, state, document, journal)}
    kept = {_rung(row): row for row in Escalation.objects.filter(case_id=case_id)}
    if rows.keys() != kept.keys() or any(_columns(rows[key]) != _columns(kept[key]) for key in rows):
        wrong = (*wrong, "escalations")
    if wrong and write:
        project(case_id, fresh)
        Escalation.objects.filter(case_id=case_id).exclude(
            pk__in=[kept[key].pk for key in rows if key in kept]
        ).delete()
        escalate.project(case_id, case.government_id, state, document, journal)
    broken = () if ledger.first_break(case.stream) is None else ("journal",)
    return Difference(case.number, (*wrong, *broken)) if wrong or broken else None


def _rung(row: Escalation) -> tuple[str, int, int]:
    return row.code, row.started_by, row.rung


def _columns(row: Escalation) -> tuple[object, ...]:
    return tuple(getattr(row, f"{name}_id" if name == "agency" else name) for name in escalate.DERIVED)


def _differing(old: Projection, new: Projection) -> tuple[str, ...]:
    return tuple(name for name in COLUMNS if getattr(old, name) != getattr(new, name))
