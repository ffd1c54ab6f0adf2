"""Another try at what was quarantined, after somebody mended the cause."""

from collections.abc import Iterable

from salur.intake.events import DeliveryReplayed
from salur.intake.models import Delivery
from salur.kernel import ledger


class NotQuarantined(ValueError):
    """Only a quarantined delivery can be replayed."""


def replay(delivery_id: int, *, actor: str) -> None:
    """Put one quarantined delivery back into the queue. Raises NotQuarantined."""
    if not replay_many([delivery_id], actor=actor):
        raise NotQuarantined(f"delivery {delivery_id} is not in quarantine")


def replay_many(delivery_ids: Iterable[int], *, actor: str) -> int:
    """Put those of these deliveries that are in quarantine back into the queue; returns how many they were.

    Everything in them is parsed again, and only what is missing is added.
    """
    waiting = Delivery.objects.filter(pk__in=list(delivery_ids), state=Delivery.State.QUARANTINED)
    rows = list(waiting.select_for_update().order_by("id").values_list("id", "government_id"))
    Delivery.objects.filter(pk__in=[pk for pk, _ in rows]).update(
        state=Delivery.State.RECEIVED, reason="", detail="", attempts=0, not_before=None
    )
    for government_id in sorted({government_id for _, government_id in rows}):
        written = [(f"delivery:{pk}", DeliveryReplayed(delivery_id=pk)) for pk, whose in rows if whose == government_id]
        ledger.record_many(written, government_id=government_id, actor=actor)
    return len(rows)
