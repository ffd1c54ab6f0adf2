"""Whose turn it is: the pace of an account and of each recipient, kept so that all senders share it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from salur.channels import health
from salur.channels.registry import platform
from salur.channels.ways import Pace
from salur.kernel import clock
from salur.publishing.models import Dispatch

TAKE = """
WITH taken AS (
    INSERT INTO publishing_turn AS t (government_id, account_id, to_index, full_at)
    VALUES (%(government)s, %(account)s, %(to)s, %(now)s + %(step)s)
    ON CONFLICT (account_id, to_index) DO UPDATE SET full_at = GREATEST(t.full_at, %(now)s) + %(step)s
    WHERE t.full_at <= %(now)s + %(slack)s
    RETURNING 1
)
SELECT (SELECT count(*) FROM taken),
       (SELECT full_at FROM publishing_turn WHERE account_id = %(account)s AND to_index = %(to)s)
"""
"""The generic cell rate algorithm (ITU-T I.371, virtual scheduling): `full_at` is the theoretical arrival time."""

PUT_OFF = """
WITH due AS (
    SELECT id, not_before FROM publishing_dispatch
    WHERE account_id = %(account)s AND (%(to)s = '' OR to_index = %(to)s) AND state = 'waiting'
      AND not_before < %(free)s AND id <> %(first)s
    FOR UPDATE SKIP LOCKED
), ranked AS (SELECT id, row_number() OVER (ORDER BY not_before, id) AS place FROM due)
UPDATE publishing_dispatch d SET not_before = %(free)s + ranked.place * %(step)s FROM ranked WHERE d.id = ranked.id
"""

REST = """
INSERT INTO publishing_turn AS t (government_id, account_id, to_index, full_at)
VALUES (%(government)s, %(account)s, %(to)s, %(full)s)
ON CONFLICT (account_id, to_index) DO UPDATE SET full_at = GREATEST(t.full_at, %(full)s)
"""


def take(government_id: int, account_id: int, to_index: str, pace: Pace) -> datetime | None:
    """Take one turn of the account (`to_index` "") or of one recipient; None when taken, else when one is free."""
    step, now = timedelta(seconds=pace.seconds), clock.now()
    slack = step * (pace.burst - 1)
    facts: dict[str, Any] = {"government": government_id, "account": account_id, "to": to_index}
    facts |= {"now": now, "step": step, "slack": slack}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, facts)
        taken, full_at = cursor.fetchone()
    if taken:
        return None
    return max(full_at - slack, now + timedelta(milliseconds=1)) if full_at else now + step


def put_off(dispatch_id: int, account_id: int, to_index: str, free_at: datetime, pace: Pace) -> None:
    """Let this dispatch wait until its turn, and all others due from there each for a turn of its own behind it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE publishing_dispatch SET not_before = %s WHERE id = %s AND not_before < %s",
            [free_at, dispatch_id, free_at],
        )
        facts: dict[str, Any] = {"account": account_id, "to": to_index, "free": free_at, "first": dispatch_id}
        facts["step"] = timedelta(seconds=pace.seconds)
        cursor.execute(PUT_OFF, facts)


def _rest_recipient(government_id: int, account_id: int, to_index: str, until: datetime, pace: Pace) -> None:
    """Say nothing to one recipient of an account until an instant: neither what waits, nor what is still to come.

    What waits has a turn each from there on, by the recipient's pace; a longer rest that is on already stands.
    """
    step = timedelta(seconds=pace.seconds)
    facts: dict[str, Any] = {"government": government_id, "account": account_id, "to": to_index}
    # The first turn is free at `until`, and no burst is left: the platform just had too much of them.
    facts |= {"full": until + step * (pace.burst - 1), "free": until, "step": step, "first": 0}
    with connection.cursor() as cursor:
        cursor.execute(REST, facts)
        cursor.execute(PUT_OFF, facts)


def spare(dispatch: Dispatch, *, stop: str = "", rest: float = 0, rest_recipient: float = 0) -> None:
    """Let an account be after what its platform said: stopped, for the reason `stop`; or so many seconds in peace.

    With `rest_recipient` alone it is only this recipient that nothing is said to for so many seconds.
    """
    if stop:
        health.stop(dispatch.account_id, stop)
    elif rest:
        health.rest(dispatch.account_id, rest)
    elif rest_recipient and dispatch.to_index:
        pace = platform(dispatch.account.platform).capabilities.person_pace or Pace(rest_recipient)
        until = clock.now() + timedelta(seconds=rest_recipient)
        _rest_recipient(dispatch.government_id, dispatch.account_id, dispatch.to_index, until, pace)
