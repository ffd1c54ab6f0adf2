"""The projection thrown away and folded again from the journals: it must come out the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from salur.cases.models import Case
from salur.cases.project import COLUMNS, Projection, project, stored
from salur.cases.queries import every_case_id
from salur.kernel import clock, ledger
from salur.sop.advance import projection
from salur.sop.queries import state_of


@dataclass(frozen=True)
class Difference:
    """A case whose stored columns are not what its journal says; `columns` names them."""

    number: str
    columns: tuple[str, ...]


def rebuild(*, write: bool) -> Iterator[Difference | None]:
    """Fold every case in scope anew and compare; with `write` the columns are mended. Yields once a case."""
    for case_id in every_case_id():
        case = Case.objects.get(pk=case_id)
        journal = ledger.journal(case.stream)
        state = state_of(case, clock.now(), journal)
        if state is None:
            yield None
            continue
        fresh = projection(state, journal)
        wrong = _differing(stored(case), fresh)
        if wrong and write:
            project(case_id, fresh)
        yield Difference(case.number, wrong) if wrong else None


def _differing(old: Projection, new: Projection) -> tuple[str, ...]:
    return tuple(name for name in COLUMNS if getattr(old, name) != getattr(new, name))
