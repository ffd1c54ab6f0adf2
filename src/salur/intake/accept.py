"""Keep what came in, before anything is understood."""

from django.db import connection, transaction

from salur.channels.models import Account
from salur.channels.ports import Raw
from salur.intake.models import Delivery
from salur.kernel import clock


@transaction.atomic
def accept(account: Account, raw: Raw) -> Delivery | None:
    """Store one raw delivery, once per account and external id; None when we already have it.

    It waits in the state `received` for `intake/understand`, which `journey/worker` calls; the worker is woken on
    commit. What is said twice by a platform is stored once, whatever the reason of the repeat.
    """
    delivery, new = Delivery.objects.get_or_create(
        account=account,
        external_id=raw.external_id[:300],
        defaults={
            "government_id": account.government_id,
            "body": raw.body,
            "content_type": raw.content_type[:120],
            "received_at": raw.received_at or clock.now(),
        },
    )
    if not new:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('salur_ledger', '')")
    return delivery
