"""Which cases stand in the register of medium and long handling, in what order, and what belongs to each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat

from salur.cases.models import Case, CaseMessage, Voice
from salur.kernel.models import Entry
from salur.triage.models import Reading

CHUNK = 500
"""Cases whose journals are held in memory at once."""


@dataclass(frozen=True)
class Wanted:
    """What the register is asked for; "" and None mean all. `year` is that of the promised date."""

    horizon: str = ""
    agency_id: int | None = None
    plan: str = ""
    year: int | None = None
    closed: bool = False


def registered(wanted: Wanted) -> QuerySet[Case]:
    """Cases of the medium and long horizon in scope, by promised date; those without one last.

    Each carries `voices`, how many citizens stand behind it, and `first_message`. Plan and promise are those of the
    last `case.horizon_set`, which cannot be struck out.
    """
    rows = Case.objects.select_related("agency", "function", "government").filter(horizon__in=("medium", "long"))
    heard = Voice.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(n=Count("id")).values("n")
    said = CaseMessage.objects.filter(case=OuterRef("pk"), is_copy=False).order_by("id").values("message_id")[:1]
    rows = rows.annotate(
        voices=Subquery(heard), first_message=Subquery(said), plan=_set("plan"), promised=_set("promised_on")
    )
    if not wanted.closed:
        rows = rows.filter(closed_at=None)
    if wanted.horizon:
        rows = rows.filter(horizon=wanted.horizon)
    if wanted.agency_id is not None:
        rows = rows.filter(agency_id=wanted.agency_id)
    if wanted.plan:
        rows = rows.filter(plan=wanted.plan)
    if wanted.year is not None:
        rows = rows.filter(promised__startswith=f"{wanted.year:04d}-")
    return rows.order_by(F("promised").asc(nulls_last=True), "id")


def _set(name: str) -> Subquery:
    """A field of the last `case.horizon_set` of a case, as text."""
    stream = Concat(Value("case:"), Cast(OuterRef("pk"), CharField()))
    entries = Entry.objects.filter(stream=stream, kind="case.horizon_set").order_by("-seq")
    return Subquery(entries.annotate(said=KeyTextTransform(name, "data")).values("said")[:1])


def in_chunks(rows: QuerySet[Case]) -> Iterator[list[Case]]:
    """All cases of a question in their order, some at a time: first only their numbers, then what belongs to them."""
    order = list(rows.values_list("pk", flat=True))
    for first in range(0, len(order), CHUNK):
        wanted = order[first : first + CHUNK]
        found = {case.pk: case for case in rows.filter(pk__in=wanted)}
        yield [found[pk] for pk in wanted if pk in found]


def places_of(cases: list[Case]) -> dict[int, str]:
    """The places that the reading of a case's first message names, by case id."""
    messages: dict[int, int] = {case.first_message: case.pk for case in cases if case.first_message}  # type: ignore[attr-defined]  # annotated by registered()
    rows: Any = Reading.objects.filter(message_id__in=messages).values_list("message_id", "result__places")
    return {messages[message]: "; ".join(one["name"] for one in places or ()) for message, places in rows}
