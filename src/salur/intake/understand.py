"""From a raw delivery to messages: once, alone, and never lost when it fails."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from salur.channels.ports import Ignored, Inbound, Item, Raw, Unreadable
from salur.channels.registry import platform
from salur.intake.events import DeliveryIgnored, DeliveryQuarantined, MessageReceived
from salur.intake.files import keep
from salur.intake.models import Delivery, Message
from salur.intake.queries import next_received
from salur.kernel import clock, ledger
from salur.kernel.crypto import blind_index
from salur.kernel.events import Event

log = structlog.get_logger("salur.intake")
State = Delivery.State
CONTACTS = ("email", "phone", "contact")
TRIES = 3
PAUSE = timedelta(seconds=20)


def understand(delivery: Delivery) -> None:
    """Parse one delivery that the caller holds locked, in the caller's transaction.

    Ends in `understood`, `ignored` with a reason or `quarantined` with a reason. What the platform calls unreadable is
    quarantined at once; what only this program fails on is tried three times first. One bad delivery never blocks the
    next. What the tables refuse is raised.
    """
    account = delivery.account
    raw = Raw(
        delivery.external_id,
        bytes(delivery.body),
        delivery.content_type,
        received_at=delivery.received_at,
        via=delivery.via,
    )
    try:
        found = platform(account.platform).parse(account.view(), raw)
    except Unreadable as problem:
        _quarantine(delivery, "unreadable", str(problem))
    except Exception as problem:
        log.exception("delivery not understood", delivery=delivery.pk, attempt=delivery.attempts + 1)
        _failed(delivery, problem)
    else:
        _write(delivery, found)


def understand_next() -> bool:
    """Understand the next waiting delivery, in the caller's transaction; False when none is ready."""
    delivery = next_received()
    if delivery is not None:
        understand(delivery)
    return delivery is not None


def understand_next_alone() -> bool:
    """As `understand_next`, where something was not carried all the way: what the tables refuse counts as a try."""
    delivery = next_received()
    if delivery is None:
        return False
    try:
        with ledger.savepoint():
            understand(delivery)
    except Exception as problem:
        log.exception("delivery not written", delivery=delivery.pk)
        delivery.refresh_from_db(fields=["attempts"])
        _failed(delivery, problem)
    return True


def _failed(delivery: Delivery, problem: Exception) -> None:
    delivery.attempts += 1
    if delivery.attempts >= TRIES:
        _quarantine(delivery, "error", f"{type(problem).__name__}: see the log for delivery {delivery.pk}")
    else:
        delivery.not_before = clock.now() + PAUSE * delivery.attempts
        delivery.save(update_fields=["attempts", "not_before"])


def _write(delivery: Delivery, found: Sequence[Item]) -> None:
    said = [item for item in found if isinstance(item, Inbound)]
    idle = next((item for item in found if isinstance(item, Ignored)), Ignored("empty"))
    if said:
        delivery.state, delivery.reason, delivery.detail = State.UNDERSTOOD, "", ""
        for inbound in said:
            _message(delivery, inbound)
    else:
        delivery.state, delivery.reason, delivery.detail = State.IGNORED, idle.reason, storable(idle.detail)
        event = DeliveryIgnored(
            delivery_id=delivery.pk,
            account_id=delivery.account_id,
            reason=idle.reason,
            about=storable(idle.about)[:300],
            detail=storable(idle.detail),
        )
        _record(delivery, event)
    delivery.save(update_fields=["state", "reason", "detail"])


def _message(delivery: Delivery, inbound: Inbound) -> None:
    external_id = storable(inbound.external_id)[:300]
    if Message.objects.filter(account_id=delivery.account_id, external_id=external_id).exists():
        return
    extra = {**inbound.extra, "thread_ids": list(inbound.thread_ids), "thread_token": inbound.thread_token}
    contacts = {name: str(extra.pop(name)) for name in CONTACTS if extra.get(name)}
    message = Message.objects.create(
        government_id=delivery.government_id,
        account=delivery.account,
        delivery=delivery,
        external_id=external_id,
        subject=storable(inbound.subject)[:300],
        text=storable(inbound.text),
        spoken_at=min(inbound.spoken_at, delivery.received_at),
        sender_address=storable(inbound.sender_address),
        sender_name=storable(inbound.sender_name),
        sender_handle=storable(inbound.sender_handle),
        sender_index=blind_index(inbound.sender_address) if inbound.sender_address else "",
        contacts=_storable_json(contacts),
        extra=_storable_json(extra),
        audience=inbound.audience,
        place=storable(inbound.place)[:300],
        root_id=storable(inbound.root_id)[:300],
        group_key=storable(inbound.group_key)[:120],
        answer_at=_storable_json(dict(inbound.answer_at)),
        link=storable(inbound.link)[:500],
        post=_storable_json(dict(inbound.post)),
        first_text=storable(inbound.text),
    )
    keep(message, inbound.attachments)
    ledger.begin(f"message:{message.pk}", message.government_id)
    ledger.record(
        MessageReceived(message_id=message.pk, platform=delivery.account.platform),
        stream=f"message:{message.pk}",
        government_id=message.government_id,
        actor=ledger.CITIZEN,
    )


def _quarantine(delivery: Delivery, reason: str, detail: str) -> None:
    delivery.state, delivery.reason, delivery.detail = State.QUARANTINED, reason, storable(detail)[:500]
    delivery.save(update_fields=["state", "reason", "detail", "attempts"])
    _record(delivery, DeliveryQuarantined(delivery_id=delivery.pk, reason=reason))


def _record(delivery: Delivery, event: Event) -> None:
    stream = f"delivery:{delivery.pk}"
    ledger.record(event, stream=stream, government_id=delivery.government_id, actor=ledger.SYSTEM)


def storable(text: str) -> str:
    """The text as PostgreSQL can hold it: no NUL, no lone surrogate."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _storable_json(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _storable_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable_json(item) for item in value]
    return value
