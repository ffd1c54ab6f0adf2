"""Fetch what is new on accounts that can be asked, each in its turn, and keep their place."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.db import connection, connections, transaction
from django.db.models import F, Q

from salur.channels.alarm import open_alarm
from salur.channels.alone import POLL, alone
from salur.channels.connect import keep_place
from salur.channels.health import instant, note_poll, stop
from salur.channels.models import Account
from salur.channels.ports import FetchFailed
from salur.channels.registry import PLATFORMS, platform
from salur.intake.accept import accept
from salur.kernel import clock, tenancy

log = structlog.get_logger("salur.intake")
AT_ONCE = 4
GRACE = timedelta(minutes=2)
"""Where the platform calls us, what is younger than this may still come by the hook, and is left to it."""
MOST = 500
LONGEST = 30.0
"""The most deliveries and seconds of one turn; what is left comes in the next, after everybody else has had theirs."""
REVOKED = timedelta(minutes=15)


def due_to_poll() -> list[Account]:
    """The accounts at work whose turn to be asked has come, the longest unasked first."""
    able = [name for name, one in PLATFORMS.items() if one.capabilities.can_fetch]
    rows = Account.objects.filter(state=Account.State.LIVE, platform__in=able)
    rows = rows.filter(Q(poll_after=None) | Q(poll_after__lte=clock.now())).defer("credentials")
    return list(rows.order_by(F("polled_at").asc(nulls_first=True), "id"))


def poll(account: Account, seconds: float = 0) -> int:
    """Accept what is new on one account, up to the bounds of a turn; returns how many deliveries were new.

    The cursor moves in the transaction of the delivery it stands behind, so a kill between two messages loses
    nothing and repeats nothing. Of several workers one polls an account at a time (advisory lock of the session).
    A failure is noted on the account for the doctor and never raised; where even that cannot be written, because the
    database is out of reach, the connection is closed: the session lock goes with it, and the next call connects anew.
    The account is due again after its platform's own pause, or after `seconds` where it has none.
    """
    try:
        with alone(POLL, account.pk) as mine:
            return _turn(account.pk, seconds) if mine else 0
    except Exception as error:
        log.warning("account not polled", account=account.pk, error=type(error).__name__)
        if not connection.in_atomic_block:
            connection.close()
        return 0


def poll_due(account: Account, seconds: float) -> int:
    """As `poll`, unless another worker has asked this account meanwhile."""
    rows = Account.objects.filter(pk=account.pk, state=Account.State.LIVE)
    due = rows.filter(Q(poll_after=None) | Q(poll_after__lte=clock.now())).exists()
    return poll(account, seconds) if due else 0


def _turn(account_id: int, seconds: float) -> int:
    account = Account.objects.get(pk=account_id)
    pause = timedelta(seconds=platform(account.platform).capabilities.fetch_seconds or seconds)
    turn = _Turn(account)
    problem = ""
    try:
        turn.fetch()
    except FetchFailed as failure:
        problem = failure.reason
        if failure.after is not None:
            pause = max(pause, timedelta(seconds=failure.after))
        if failure.revoked:
            pause = max(pause, REVOKED)
            stop(account_id, problem)
            open_alarm(account, "token", problem)
    except Exception as error:
        log.warning("account not polled", account=account_id, error=type(error).__name__)
        # What an error of our own says may hold what somebody wrote.
        problem = f"{account.platform}: {type(error).__name__}"
    note_poll(account, problem, clock.now() + (timedelta() if turn.cut_short and not problem else pause))
    return turn.new


class _Turn:
    """One account's turn: what is new and old enough is stored; the place is kept as far as nothing was left out."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.new = 0
        self.cut_short = False
        hooked = instant(account.health, "hooked_since") is not None
        self.young = clock.now() - GRACE if hooked else None

    def fetch(self) -> None:
        """Raises FetchFailed; what was stored before stands."""
        began, left_out = monotonic(), False
        fetched = platform(self.account.platform).fetch_since(self.account.view(), self.account.cursor)
        for number, raw in enumerate(fetched, start=1):
            if self._may_still_come(raw.said_at):
                left_out = True
                continue
            with transaction.atomic():
                self.new += accept(self.account, replace(raw, via="poll")) is not None
                if raw.cursor is not None and not left_out:
                    keep_place(self.account.pk, raw.cursor)
            spent = monotonic() - began
            # Cut where the place was just kept, or the next turn would do all of this one again.
            if (number >= MOST or spent > LONGEST) and (left_out or raw.cursor is not None):
                self.cut_short = not left_out
                return
            if spent > 4 * LONGEST:
                raise FetchFailed("more came at once than one turn can take")

    def _may_still_come(self, said_at: datetime | None) -> bool:
        return self.young is not None and said_at is not None and said_at > self.young


class Pollers:
    """Takes accounts side by side, a few at once: one whose server hangs takes one place and delays no other."""

    def __init__(self, step: Callable[[Account], int], *, at_once: int = AT_ONCE, name: str = "poll") -> None:
        self._step = step
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._asked: dict[int, Future[int]] = {}

    def ask(self, accounts: Iterable[Account], patience: float) -> int:
        """Take every account that is not still being taken, and wait up to `patience` seconds for the answers.

        Returns the sum of what the step returned for the accounts that answered. Who did not goes on being asked and
        is left out of the next calls until then. To be called from one thread.
        """
        self._asked = {key: asked for key, asked in self._asked.items() if not asked.done()}
        for account in accounts:
            if account.pk not in self._asked:
                self._asked[account.pk] = self._pool.submit(self._alone, account)
        answered, _ = wait(self._asked.values(), timeout=patience)
        return sum(one.result() for one in answered)

    def close(self) -> None:
        """Ask nobody any more; whoever is being asked now is waited for."""
        self._pool.shutdown(cancel_futures=True)

    def _alone(self, account: Account) -> int:
        """A thread of its own: neither scope nor connection comes with it, and none is left behind."""
        try:
            with tenancy.use(tenancy.EVERYTHING):
                return self._step(account)
        except Exception as error:
            log.exception("a step failed", account=account.pk, error=type(error).__name__)
            return 0
        finally:
            connections.close_all()
