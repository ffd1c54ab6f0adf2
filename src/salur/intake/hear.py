"""One thing that a citizen said becomes a message: once, whole, and as it stands after all that was told about it."""

from django.db import connection

from salur.channels.models import Account
from salur.channels.ports import Inbound
from salur.channels.registry import platform
from salur.intake.files import keep
from salur.intake.fold import fold
from salur.intake.groups import gather
from salur.intake.media import want
from salur.intake.models import Delivery, Message
from salur.intake.note import about, changes_about, chat, show_standing, stream_of
from salur.intake.storable import storable, storable_json
from salur.intake.words import MISSING, NOT_TOLD, fill, receive, wake
from salur.kernel import ledger, memory
from salur.kernel.crypto import blind_index
from salur.kernel.database import insert

KNOWN = """
SELECT m.id, m.extra->>'words', EXISTS (SELECT 1 FROM intake_signal WHERE account_id = %(account)s AND about = %(own)s)
FROM (SELECT 1) AS one LEFT JOIN intake_message m ON m.account_id = %(account)s AND m.external_id = %(own)s
"""
"""Asked for every message, so in plain SQL: the message if it is here, and whether anything was told about it."""
CONTACTS = ("email", "phone", "contact")


def locks_of(account: Account, inbound: Inbound) -> list[str]:
    """What has to be held before this is written: the message, where the platform tells of changes to it, and the
    chat, where lines of one person may come at one instant. Nothing where neither can be."""
    can = platform(account.platform).capabilities
    held = []
    if can.edits or can.removals:
        held.append(about(account.pk, storable(inbound.external_id)[:300]))
    if (can.chat or inbound.group_key) and inbound.sender_address:
        held.append(chat(account.pk, blind_index(inbound.sender_address)))
    return held


def hear(delivery: Delivery, account: Account, inbound: Inbound) -> None:
    """Write a message that is not here yet, with its files, its group and every change told about it before.

    Records `message.received`, and `message.changed` for each such change. The caller holds `locks_of`.
    """
    external_id = storable(inbound.external_id)[:300]
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"account": account.pk, "own": external_id})
        known, words, changed = cursor.fetchone()
    if known is not None:
        if words in (MISSING, NOT_TOLD) and inbound.extra.get("words") != MISSING:
            fill(known, _message(delivery, account, inbound), inbound.media)
        return
    can = platform(account.platform).capabilities
    changes = changes_about(account.pk, external_id) if changed else []
    message = _message(delivery, account, inbound)
    show_standing(message, fold(message.first_text, changes, message.sender_index))
    insert(message)
    keep(message, inbound.attachments)
    want(message, inbound.media)
    if can.chat or message.group_key:
        gather(message)
    ledger.begin(stream_of(message.pk), message.government_id)
    memory.keep(stream_of(message.pk), message)
    if message.extra.get("words") == MISSING:
        wake()  # it is read once its words are here
    else:
        receive(message, changes)


def _message(delivery: Delivery, account: Account, inbound: Inbound) -> Message:
    extra = {**inbound.extra, "thread_ids": list(inbound.thread_ids), "thread_token": inbound.thread_token}
    contacts = {name: str(extra.pop(name)) for name in CONTACTS if extra.get(name)}
    return Message(
        government_id=account.government_id,
        account=account,
        delivery=delivery,
        external_id=storable(inbound.external_id)[:300],
        subject=storable(inbound.subject)[:300],
        first_text=storable(inbound.text),
        spoken_at=min(inbound.spoken_at, delivery.received_at),
        sender_address=storable(inbound.sender_address),
        sender_name=storable(inbound.sender_name),
        sender_handle=storable(inbound.sender_handle),
        sender_index=blind_index(inbound.sender_address) if inbound.sender_address else "",
        contacts=storable_json(contacts),
        extra=storable_json(extra),
        audience=inbound.audience,
        place=storable(inbound.place)[:300],
        root_id=storable(inbound.root_id)[:300],
        group_key=storable(inbound.group_key)[:120],
        answer_at=storable_json(dict(inbound.answer_at)),
        link=storable(inbound.link)[:500],
        post=storable_json(dict(inbound.post)),
    )
