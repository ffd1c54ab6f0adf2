"""What a platform tells about a message or an account is kept as a signal, and heard by whom it concerns."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from salur.channels.alarm import close_alarm, open_alarm
from salur.channels.health import stop
from salur.channels.models import Account
from salur.channels.ports import AccountNews, Echoed, Edited, Receipted, Removed
from salur.intake.events import EchoReceived, MessageChanged, ReceiptReceived
from salur.intake.fold import EDITED, REMOVED, SHOWN, Change, Standing, fold
from salur.intake.models import Delivery, Message, Signal
from salur.intake.storable import storable
from salur.kernel import ledger, memory
from salur.kernel.crypto import blind_index
from salur.kernel.events import Event

Told = Edited | Removed | Receipted | Echoed | AccountNews
CHANGES = (EDITED, SHOWN, REMOVED)
ALARMS = {"revoked": ("token",), "restricted": ("down",), "restored": ("token", "down")}
"""Which alarms of an account the news about it open; what was restored ends both."""
STORE = """
INSERT INTO intake_signal (government_id, account_id, delivery_id, about, kind, at, key, text, detail)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (account_id, about, kind, at, key) DO NOTHING RETURNING id
"""


def about(account_id: int, external_id: str) -> str:
    """The name of the lock on one message and what is told about it."""
    return f"said:{account_id}:{external_id}"


def chat(account_id: int, sender_index: str) -> str:
    """The name of the lock on what one person says to one account."""
    return f"chat:{account_id}:{sender_index}"


def stream_of(message_id: int) -> str:
    """The name of a message's stream in the ledger."""
    return f"message:{message_id}"


def locks_of(account: Account, item: Told) -> list[str]:
    """What has to be held before this is noted: the message, so that message and change never miss one another."""
    return [about(account.pk, _id(item.external_id))] if isinstance(item, Edited | Removed) else []


def note(delivery: Delivery, account: Account, item: Told) -> None:
    """Keep what was told, once, and let it be heard. The caller holds `locks_of`.

    It is kept whether or not the message or the sending it speaks of is here yet. What was kept before is told again
    by nobody.
    """
    match item:
        case Edited() | Removed():
            _changed(delivery, account, item)
        case Receipted():
            _receipt(delivery, account, item)
        case Echoed():
            _echo(delivery, account, item)
        case AccountNews():
            _news(delivery, account, item)


def changes_about(account_id: int, external_id: str) -> list[Change]:
    """Every change told about a message, whether or not it is here, by their instants."""
    rows = Signal.objects.filter(account_id=account_id, about=external_id, kind__in=CHANGES).order_by("at", "key")
    return [change_of(row) for row in rows]


def change_of(row: Signal) -> Change:
    """A kept signal of a change, as the fold needs it."""
    return Change(row.kind, row.at, row.key, row.text, row.detail.get("by", "author"), row.detail.get("by_index", ""))


def tell_changes(message: Message, changes: Iterable[Change]) -> None:
    """Record `message.changed` for each of these changes of a message."""
    for change in changes:
        ledger.record(
            MessageChanged(message_id=message.pk, change=change.kind, at=change.at.isoformat(), by=change.by),
            stream=stream_of(message.pk),
            government_id=message.government_id,
            actor=ledger.CITIZEN if change.by == "author" else ledger.SYSTEM,
        )


def show_standing(message: Message, standing: Standing) -> None:
    """Set what a message shows to where it stands; the caller saves it."""
    message.text, message.edited_at = standing.text, standing.edited_at
    message.removed_at, message.removed_by = standing.removed_at, standing.removed_by


def _changed(delivery: Delivery, account: Account, item: Edited | Removed) -> None:
    external_id = _id(item.external_id)
    if isinstance(item, Edited):
        text = storable(item.text)
        # Two edits of one instant without a key of their own are still two, and the same one twice is one.
        key = f"{storable(item.key)[:100]}~{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        change = Change(EDITED, item.at, key, text, "author", _index(item.by_address))
    else:
        kind, by = SHOWN if item.shown else REMOVED, item.by[:10]
        change = Change(kind, item.at, by, "", by, _index(item.by_address))
    who = {"by": change.by} | ({"by_index": change.by_index} if change.by_index else {})
    new = _keep(delivery, account, external_id, change.kind, change.at, key=change.key, text=change.text, detail=who)
    message = Message.objects.filter(account_id=account.pk, external_id=external_id).first() if new else None
    if message is not None:
        show_standing(message, fold(message.first_text, changes_about(account.pk, external_id), message.sender_index))
        message.save(update_fields=["text", "edited_at", "removed_at", "removed_by"])
        memory.forget(stream_of(message.pk))
        tell_changes(message, [change])


def _receipt(delivery: Delivery, account: Account, item: Receipted) -> None:
    event = ReceiptReceived(
        account_id=account.pk,
        about=_id(item.about),
        status=item.status,
        at=item.at.isoformat(),
        to_index=_index(item.to),
        code=storable(item.code)[:60],
        detail=storable(item.detail)[:300],
        permanent=item.permanent,
        blames=item.blames,
        after=item.after,
    )
    names = ("code", "detail", "permanent", "blames", "after", "to_index")
    why = {name: getattr(event, name) for name in names}
    if _keep(delivery, account, event.about, item.status, item.at, key=f"{event.to_index}:{event.code}", detail=why):
        _record(account, event)


def _echo(delivery: Delivery, account: Account, item: Echoed) -> None:
    text = storable(item.text)
    event = EchoReceived(
        account_id=account.pk,
        external_id=_id(item.external_id),
        once_key=storable(item.once_key)[:120],
        at=item.at.isoformat(),
        to_index=_index(item.to),
        in_reply_to=_id(item.in_reply_to),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    said = {"once_key": event.once_key, "to_index": event.to_index, "in_reply_to": event.in_reply_to}
    if _keep(delivery, account, event.external_id, "echoed", item.at, text=text, detail=said):
        _record(account, event)


def _news(delivery: Delivery, account: Account, item: AccountNews) -> None:
    """News have no instant of their own: what is told when they were received. Told again, they change nothing."""
    detail = storable(item.detail)[:300]
    if not _keep(delivery, account, _index(item.to), item.kind, delivery.received_at, detail={"detail": detail}):
        return
    if item.kind == "revoked":
        stop(account.pk, detail)
    for kind in ALARMS.get(item.kind, ()):
        if item.kind == "restored":
            close_alarm(account, kind)
        else:
            open_alarm(account, kind, detail)


def _keep(
    delivery: Delivery,
    account: Account,
    of: str,
    kind: str,
    at: datetime,
    *,
    key: str = "",
    text: str = "",
    detail: dict[str, Any],
) -> bool:
    """Keep a signal; False when it is here already."""
    told = json.dumps(detail)
    values: list[Any] = [account.government_id, account.pk, delivery.pk, of, kind, at, key[:120], text, told]
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)
        return cursor.fetchone() is not None


def _record(account: Account, event: Event) -> None:
    stream = f"account:{account.pk}"
    ledger.record(event, stream=stream, government_id=account.government_id, actor=ledger.SYSTEM)


def _id(text: str) -> str:
    return storable(text)[:300]


def _index(address: str) -> str:
    return blind_index(address) if address else ""
