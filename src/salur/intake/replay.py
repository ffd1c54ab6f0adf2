"""Another try at what was quarantined, after somebody mended the cause."""

from salur.intake.events import DeliveryReplayed
from salur.intake.models import Delivery
from salur.kernel import ledger


class NotQuarantined(ValueError):
    """Only a quarantined delivery can be replayed."""


def replay(delivery_id: int, *, actor: str) -> None:
    """Put one quarantined delivery back into the queue. Raises NotQuarantined."""
    changed = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.QUARANTINED).update(
        state=Delivery.State.RECEIVED, reason="", detail="", attempts=0, not_before=None
    )
    if not changed:
        raise NotQuarantined(f"delivery {delivery_id} is not in quarantine")
    government_id = Delivery.objects.values_list("government_id", flat=True).get(pk=delivery_id)
    ledger.record(
        DeliveryReplayed(delivery_id=delivery_id),
        stream=f"delivery:{delivery_id}",
        government_id=government_id,
        actor=actor,
    )
