"""What the measurements are read from, and what programs ask by Open311."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection

from salur.agencies.models import Government, Mandate
from salur.cases.models import CaseMessage
from salur.channels.models import Account
from salur.intake.counts import Conservation
from salur.intake.gate.counted import hooks
from salur.intake.models import Delivery
from salur.intake.queries import conservation
from salur.kernel import clock, ledger, tenancy
from salur.kernel.models import Waiting
from salur.publishing import queries as publishing
from salur.publishing.models import Reply

COUNTED_EVERY = 60
"""Seconds."""


def database_answers() -> bool:
    """Whether the database answers at all."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


@dataclass(frozen=True)
class Gauge:
    """One measurement for Prometheus: a value for each value of its label, or the one value under ""."""

    name: str
    meaning: str
    values: Mapping[str, float]
    label: str = "state"


def measurements() -> list[Gauge]:
    """Every gauge there is.

    What is counted over whole tables, which grow for ever, is counted once in COUNTED_EVERY seconds, however often it
    is asked for; the queue is looked at each time.
    """
    with tenancy.use(tenancy.EVERYTHING):
        counted, dispatches, at_the_gate = _counted()
        waiting, stuck = Waiting.objects.filter(stuck=False).count(), Waiting.objects.filter(stuck=True).count()
        oldest = ledger.oldest_waiting()
    state = Delivery.State
    deliveries: dict[str, float] = {
        state.RECEIVED: counted.waiting,
        state.UNDERSTOOD: counted.understood,
        state.IGNORED: sum(counted.ignored.values()),
        state.QUARANTINED: counted.quarantined,
    }
    age = (clock.now() - oldest).total_seconds() if oldest else 0
    entries = {"ready": waiting, "stuck": stuck}
    return [
        Gauge("salur_deliveries", "Deliveries by state.", deliveries),
        Gauge("salur_hooks", "Hooks by outcome: kept, or why they were refused.", at_the_gate, "outcome"),
        Gauge("salur_dispatches", "Dispatches by state.", dispatches),
        Gauge("salur_waiting_entries", "Ledger entries the worker has still to carry on.", entries),
        Gauge("salur_waiting_oldest_seconds", "Age of the entry that has waited longest.", {"": age}),
    ]


def _counted() -> tuple[Conservation, dict[str, int], dict[str, float]]:
    kept: tuple[Conservation, dict[str, int], dict[str, float]] | None = cache.get("salur:measurements")
    if kept is None:
        kept = conservation(), publishing.counts(), hooks()
        cache.set("salur:measurements", kept, COUNTED_EVERY)
    return kept


@dataclass(frozen=True)
class Search:
    """What requests may be narrowed by; without numbers and instants those said in the last 90 days."""

    numbers: tuple[str, ...] = ()
    service_codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


LOOKED_BACK = timedelta(days=90)


def open311_governments() -> list[Government]:
    """The governments to which a program may report."""
    open_doors = Account.objects.filter(platform="open311", state=Account.State.LIVE)
    return list(Government.objects.filter(pk__in=open_doors.values("government_id")))


def open311_accounts(government: Government) -> list[Account]:
    """The accounts of the programs that report to a government."""
    rows = Account.objects.filter(government=government, platform="open311", state=Account.State.LIVE)
    return list(rows.select_related("agency", "government").order_by("id"))


def mandates(government: Government) -> list[Mandate]:
    """Which agency of a government owns which function, by the function's name."""
    rows = Mandate.objects.filter(government=government).select_related("function", "agency")
    return list(rows.order_by("function__name", "id"))


def filed_by(account: Account, wanted: Search, most: int) -> list[CaseMessage]:
    """What was filed by an account, with its case, newest first."""
    rows = CaseMessage.objects.filter(message__account=account, is_copy=False)
    rows = rows.select_related("case__agency", "case__function", "message")
    if wanted.numbers:
        rows = rows.filter(case__number__in=wanted.numbers)
    else:
        until = wanted.until or clock.now()
        rows = rows.filter(message__spoken_at__gte=wanted.since or until - LOOKED_BACK, message__spoken_at__lte=until)
    if wanted.service_codes:
        rows = rows.filter(message__extra__service_code__in=wanted.service_codes)
    if wanted.statuses in (("open",), ("closed",)):
        rows = rows.filter(case__closed_at__isnull=wanted.statuses == ("open",))
    return list(rows.order_by("-message__spoken_at", "-id")[:most])


def last_answers(case_ids: Collection[int]) -> dict[int, Reply]:
    """The last answer that was approved in each case."""
    rows = Reply.objects.filter(case_id__in=case_ids, purpose="answer", state=Reply.State.APPROVED)
    return {one.case_id: one for one in rows.order_by("approved_at")}
