"""What the measurements are read from."""

from django.db import DatabaseError, connection

from salur.intake.models import Delivery
from salur.intake.queries import conservation
from salur.kernel import clock, ledger, tenancy
from salur.kernel.models import Waiting
from salur.publishing import queries as publishing


def database_answers() -> bool:
    """Whether the database answers at all."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def measurements() -> list[tuple[str, str, dict[str, float]]]:
    """Every gauge as (name, help, value by state); a gauge without states has the one state ""."""
    with tenancy.use(tenancy.EVERYTHING):
        counted, dispatches = conservation(), publishing.counts()
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
    return [
        ("salur_deliveries", "Deliveries by state.", deliveries),
        ("salur_dispatches", "Dispatches by state.", dict(dispatches)),
        (
            "salur_waiting_entries",
            "Ledger entries the worker has still to carry on.",
            {"ready": waiting, "stuck": stuck},
        ),
        ("salur_waiting_oldest_seconds", "Age of the entry that has waited longest.", {"": age}),
    ]
