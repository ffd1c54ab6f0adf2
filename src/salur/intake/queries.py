"""Questions about what came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from salur.channels.models import Account
from salur.channels.registry import platform
from salur.intake.models import Delivery, Message, StoredFile
from salur.kernel import clock


@dataclass(frozen=True)
class Conservation:
    """received = understood + ignored + quarantined + waiting, counted over all deliveries in scope."""

    received: int
    understood: int
    ignored: dict[str, int]
    quarantined: int
    waiting: int

    @property
    def holds(self) -> bool:
        """Whether nothing is unaccounted for."""
        return self.received == self.understood + sum(self.ignored.values()) + self.quarantined + self.waiting


def conservation() -> Conservation:
    """The conservation count of every delivery in scope, from one statement and so of one instant."""
    rows = list(Delivery.objects.values_list("state", "reason").annotate(n=Count("id")).order_by())
    by_state = {state: sum(n for found, _, n in rows if found == state) for state in Delivery.State.values}
    return Conservation(
        received=sum(n for _, _, n in rows),
        understood=by_state["understood"],
        ignored={reason: n for state, reason, n in rows if state == Delivery.State.IGNORED},
        quarantined=by_state["quarantined"],
        waiting=by_state["received"],
    )


def oldest_received() -> datetime | None:
    """When the delivery that has waited longest to be understood came in, or None when none waits."""
    rows = Delivery.objects.filter(state=Delivery.State.RECEIVED).order_by("id")
    return rows.values_list("received_at", flat=True).first()


def next_received() -> Delivery | None:
    """The next delivery to be understood, locked until the transaction ends; None when none is ready."""
    rows = Delivery.objects.filter(state=Delivery.State.RECEIVED).exclude(not_before__gt=clock.now())
    rows = rows.select_related("account__agency", "account__government")
    return rows.select_for_update(skip_locked=True, of=("self",)).order_by("id").first()


def own_copy_seen(account_id: int) -> bool:
    """Whether a copy of something we sent has come back to this account before: it then keeps such copies."""
    return Delivery.objects.filter(account_id=account_id, state=Delivery.State.IGNORED, reason="own_message").exists()


def quarantined() -> QuerySet[Delivery]:
    """Deliveries that wait for a person, newest first."""
    return Delivery.objects.filter(state=Delivery.State.QUARANTINED).select_related("account").order_by("-received_at")


def delivery(delivery_id: int) -> Delivery | None:
    """One delivery in scope."""
    return Delivery.objects.select_related("account").filter(pk=delivery_id).first()


def delivery_of(account: Account, external_id: str) -> Delivery | None:
    """The delivery that an account keeps under this id, if it is in scope."""
    return Delivery.objects.select_related("account").filter(account=account, external_id=external_id).first()


def files_of(messages: Iterable[Message]) -> dict[int, list[StoredFile]]:
    """The stored files of messages, by message id."""
    found: dict[int, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(message__in=list(messages)).order_by("id"):
        found.setdefault(file.message_id, []).append(file)
    return found


def accounts_to_poll() -> list[Account]:
    """Active accounts whose platform has to be asked."""
    rows = Account.objects.filter(state=Account.State.LIVE).order_by("id")
    return [account for account in rows if platform(account.platform).capabilities.can_fetch]
