"""Keep what came in, before anything is understood."""

from typing import Any

from django.db import connection

from salur.channels.models import Account
from salur.channels.ports import Raw
from salur.intake.models import Delivery
from salur.kernel import clock
from salur.kernel.database import ring

STORE = """
INSERT INTO intake_delivery
    (government_id, account_id, external_id, body, content_type, received_at, via, state, reason, detail, attempts)
VALUES (%s, %s, %s, %s, %s, %s, %s, 'received', '', '', 0)
ON CONFLICT (account_id, external_id) DO NOTHING RETURNING id
"""


def accept(account: Account, raw: Raw) -> Delivery | None:
    """Store one raw delivery, once per account and external id; None when we already have it.

    One statement, so that two deliveries of the same thing at the same instant are one. It waits in the state
    `received` for `intake/understand`, which `journey/worker` calls; the worker is woken on commit.
    """
    delivery = Delivery(
        government_id=account.government_id,
        account=account,
        external_id=raw.external_id[:300],
        body=raw.body,
        content_type=raw.content_type[:120],
        received_at=raw.received_at or clock.now(),
        via=raw.via,
    )
    values: list[Any] = [
        delivery.government_id,
        account.pk,
        delivery.external_id,
        raw.body,
        delivery.content_type,
        delivery.received_at,
        delivery.via,
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)
        stored = cursor.fetchone()
        if stored is None:
            return None
    ring("salur_ledger")
    delivery.pk = stored[0]
    delivery._state.adding, delivery._state.db = False, connection.alias
    return delivery
