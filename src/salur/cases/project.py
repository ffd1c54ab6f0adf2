"""The sortable columns of a case, written from what the fold derived."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from salur.cases.models import Case


@dataclass(frozen=True)
class Projection:
    """Every derived column of a case. Nothing in it depends on the hour at which it was computed."""

    agency_id: int | None
    kind: str
    function_id: str | None
    horizon: str
    status: str
    next_actor: str
    due_at: datetime | None
    citizen_due_at: datetime | None
    closes_at: datetime | None
    review_on: date | None
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: str
    provisional: bool
    breaches: int
    next_breach_at: datetime | None


COLUMNS = tuple(Projection.__dataclass_fields__)


def project(case_id: int, projection: Projection) -> None:
    """Write the projection, in the caller's transaction."""
    Case.objects.filter(pk=case_id).update(**asdict(projection))


def stored(case: Case) -> Projection:
    """What the columns of a case say now."""
    return Projection(**{name: getattr(case, name) for name in COLUMNS})
