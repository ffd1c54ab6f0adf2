"""Fetch what is new on an account that has to be asked, and keep its place."""

import structlog
from django.db import connection, transaction

from salur.channels.connect import keep_place, note_health
from salur.channels.models import Account
from salur.channels.registry import platform
from salur.intake.accept import accept

log = structlog.get_logger("salur.intake")
LOCK = 4711


def poll(account: Account) -> int:
    """Accept everything new on one account; returns how many deliveries were new.

    The cursor moves in the transaction of the delivery it stands behind, so a kill between two messages loses
    nothing and repeats nothing. Of several workers one polls an account at a time (advisory lock of the session).
    A failure is noted on the account for the doctor and never raised.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, account.pk])
        if not cursor.fetchone()[0]:
            return 0
    try:
        new, problem = _fetch(account), ""
    except Exception as error:
        log.warning("account not polled", account=account.pk, error=type(error).__name__)
        new, problem = 0, f"{type(error).__name__}: {error}"[:500]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, account.pk])
    note_health(account.pk, problem)
    return new


def _fetch(account: Account) -> int:
    account.refresh_from_db(fields=["cursor"])
    new = 0
    for raw in platform(account.platform).fetch_since(account.view(), account.cursor):
        with transaction.atomic():
            new += accept(account, raw) is not None
            if raw.cursor is not None:
                keep_place(account.pk, raw.cursor)
    return new
