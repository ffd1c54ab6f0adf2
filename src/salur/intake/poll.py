"""Fetch what is new on an account that has to be asked, and keep its place."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog
from django.db import connection, connections, transaction

from salur.channels.connect import keep_place, note_health
from salur.channels.models import Account
from salur.channels.registry import platform
from salur.intake.accept import accept
from salur.kernel import tenancy

log = structlog.get_logger("salur.intake")
LOCK = 4711
AT_ONCE = 4


def poll(account: Account) -> int:
    """Accept everything new on one account; returns how many deliveries were new.

    The cursor moves in the transaction of the delivery it stands behind, so a kill between two messages loses
    nothing and repeats nothing. Of several workers one polls an account at a time (advisory lock of the session).
    A failure is noted on the account for the doctor and never raised. Where even that cannot be written, because the
    database is out of reach, the connection is closed: the session lock goes with it, and the next call connects anew.
    """
    try:
        return _poll(account)
    except Exception as error:
        log.warning("account not polled", account=account.pk, error=type(error).__name__)
        if not connection.in_atomic_block:
            connection.close()
        return 0


def _poll(account: Account) -> int:
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


class Pollers:
    """Asks accounts side by side, a few at once: one whose server hangs takes one place and delays no other."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="poll")
        self._asked: dict[int, Future[int]] = {}

    def ask(self, accounts: Iterable[Account], patience: float) -> int:
        """Ask every account that is not still being asked, and wait up to `patience` seconds for the answers.

        Returns how many deliveries were new on the accounts that answered. Who did not goes on being asked and is
        left out of the next calls until then. To be called from one thread.
        """
        self._asked = {key: asked for key, asked in self._asked.items() if not asked.done()}
        for account in accounts:
            if account.pk not in self._asked:
                self._asked[account.pk] = self._pool.submit(_poll_alone, account)
        answered, _ = wait(self._asked.values(), timeout=patience)
        return sum(one.result() for one in answered)

    def close(self) -> None:
        """Ask nobody any more; whoever is being asked now is waited for."""
        self._pool.shutdown(cancel_futures=True)


def _poll_alone(account: Account) -> int:
    """Poll in a thread of its own: neither scope nor connection comes with it, and none is left behind."""
    try:
        with tenancy.use(tenancy.EVERYTHING):
            return poll(account)
    finally:
        connections.close_all()
