"""From a raw delivery to messages: once, alone, and never lost when it fails."""

from datetime import timedelta

import structlog
from django.db import transaction

from salur.channels.ports import Ignored, Inbound, Raw, Unreadable
from salur.channels.registry import platform
from salur.intake.events import DeliveryIgnored, DeliveryQuarantined, MessageReceived
from salur.intake.files import keep
from salur.intake.models import Delivery, Message
from salur.kernel import clock, ledger
from salur.kernel.crypto import blind_index

log = structlog.get_logger("salur.intake")
TRIES = 3
PAUSE = timedelta(seconds=20)


def understand(delivery: Delivery) -> None:
    """Parse one delivery that the caller holds locked, in the caller's transaction.

    Ends in `understood`, `ignored` with a reason or `quarantined` with a reason. A delivery that only this program
    fails on is tried three times before it is quarantined; one bad delivery never blocks the next.
    """
    try:
        with transaction.atomic():
            _understand(delivery)
    except Unreadable as problem:
        _quarantine(delivery, "unreadable", str(problem))
    except Exception as problem:
        log.exception("delivery not understood", delivery=delivery.pk, attempt=delivery.attempts + 1)
        delivery.attempts += 1
        if delivery.attempts >= TRIES:
            _quarantine(delivery, "error", f"{type(problem).__name__}: see the log for delivery {delivery.pk}")
        else:
            delivery.not_before = clock.now() + PAUSE * delivery.attempts
            delivery.save(update_fields=["attempts", "not_before"])


def _understand(delivery: Delivery) -> None:
    account = delivery.account
    raw = Raw(delivery.external_id, bytes(delivery.body), delivery.content_type, received_at=delivery.received_at)
    found = platform(account.platform).parse(account.view(), raw)
    if isinstance(found, Ignored):
        delivery.state, delivery.reason, delivery.detail = Delivery.State.IGNORED, found.reason, storable(found.detail)
        event = DeliveryIgnored(
            delivery_id=delivery.pk,
            account_id=account.pk,
            reason=found.reason,
            about=storable(found.about)[:300],
            detail=storable(found.detail),
        )
        ledger.record(
            event, stream=f"delivery:{delivery.pk}", government_id=delivery.government_id, actor=ledger.SYSTEM
        )
    else:
        delivery.state, delivery.reason, delivery.detail = Delivery.State.UNDERSTOOD, "", ""
        for inbound in found:
            _message(delivery, inbound)
    delivery.save(update_fields=["state", "reason", "detail"])


def _message(delivery: Delivery, inbound: Inbound) -> None:
    message, new = Message.objects.get_or_create(
        account=delivery.account,
        external_id=storable(inbound.external_id)[:300],
        defaults={
            "government_id": delivery.government_id,
            "delivery": delivery,
            "subject": storable(inbound.subject)[:300],
            "text": storable(inbound.text),
            "spoken_at": min(inbound.spoken_at, delivery.received_at),
            "sender_address": storable(inbound.sender_address),
            "sender_name": storable(inbound.sender_name),
            "sender_index": blind_index(inbound.sender_address) if inbound.sender_address else "",
            "extra": _storable_json(
                {**inbound.extra, "thread_ids": list(inbound.thread_ids), "thread_token": inbound.thread_token}
            ),
        },
    )
    if not new:
        return
    keep(message, inbound.attachments)
    ledger.record(
        MessageReceived(message_id=message.pk, platform=delivery.account.platform),
        stream=f"message:{message.pk}",
        government_id=message.government_id,
        actor=ledger.CITIZEN,
    )


def _quarantine(delivery: Delivery, reason: str, detail: str) -> None:
    delivery.state, delivery.reason, delivery.detail = Delivery.State.QUARANTINED, reason, storable(detail)[:500]
    delivery.save(update_fields=["state", "reason", "detail", "attempts"])
    ledger.record(
        DeliveryQuarantined(delivery_id=delivery.pk, reason=reason),
        stream=f"delivery:{delivery.pk}",
        government_id=delivery.government_id,
        actor=ledger.SYSTEM,
    )


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
