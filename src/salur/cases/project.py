"""The sortable columns of a case, written from what the fold derived."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import connection

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
    wakes_at: datetime | None


COLUMNS = tuple(Projection.__dataclass_fields__)


def project(case_id: int, projection: Projection) -> None:
    """Write the projection, in the caller's transaction."""
    Case.objects.filter(pk=case_id).update(**asdict(projection))


def project_many(projections: Mapping[int, Projection]) -> None:
    """Write the projections of many cases (by id) in one statement, in the caller's transaction.

    A row that says so already is left as it is.
    """
    if not projections:
        return
    typed = ", ".join(f"{name} {Case._meta.get_field(name).db_type(connection)}" for name in COLUMNS)
    ours, new = (", ".join(f"{table}.{name}" for name in COLUMNS) for table in ("c", "n"))
    rows = [{"id": case_id, **vars(one)} for case_id, one in projections.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE cases_case AS c SET ({', '.join(COLUMNS)}) = ({new}) "  # names of ours
            f"FROM jsonb_to_recordset(%s::jsonb) AS n (id bigint, {typed}) "
            f"WHERE c.id = n.id AND ({ours}) IS DISTINCT FROM ({new})",
            [json.dumps(rows, default=str)],
        )


def stored(case: Case) -> Projection:
    """What the columns of a case say now."""
    return Projection(**{name: getattr(case, name) for name in COLUMNS})
