"""The next dispatch whose time has come: planned, and marked as being sent, before anything is sent."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from salur.channels.registry import platform
from salur.channels.ways import Pace
from salur.kernel import clock
from salur.publishing import spend
from salur.publishing.models import Dispatch
from salur.publishing.plan import Planned
from salur.publishing.planning import planned
from salur.publishing.turns import put_off, take

SENDER_LOCK = 4717
"""The class of the session locks of senders; those of `channels/alone` and `intake/words` have numbers of their own."""
HASTE = timedelta(minutes=1)
"""How far ahead `hurry` looks: further than any wait for an undo or for further lines of a citizen."""
PLAN = ("way", "texts", "cost", "deep_link", "state", "claimed_by", "claimed_at", "first_tried_at", "not_before")

NEXT = """
SELECT d.id FROM publishing_dispatch d
WHERE d.state = 'waiting' AND d.not_before <= %(until)s
  AND (d.not_before <= %(now)s OR (d.attempts = 0 AND d.said = '[]'::jsonb))
  AND d.id <> ALL(%(passed)s) AND d.account_id <> ALL(%(at_rest)s)
  AND NOT EXISTS (
      SELECT 1 FROM channels_account a
      WHERE a.id = d.account_id AND (a.stopped <> '' OR a.send_after > %(now)s OR a.state <> 'live')
  )
ORDER BY d.not_before, d.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED
"""
"""Accounts that are stopped, resting or off keep what waits: nothing of theirs is given up."""


def hold_sender_lock(sender: int) -> None:
    """Take the session lock by which other workers see that this sender is alive; it goes with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [SENDER_LOCK, sender])


def claim(sender: int, *, hurry: bool = False) -> int | None:
    """Plan the next waiting dispatch and mark it as being sent by this sender, committed before it is sent.

    Returns its id, or None when none is ready. One that no rule permits is marked too: `transmit` then sends nothing
    and says why. Whoever has no turn yet waits for it, and the next is looked at. With `hurry` nothing waits for an
    undo or for further lines of a citizen: for tests, measurements and the demonstration.
    """
    passed: list[int] = []
    at_rest: list[int] = []
    while True:
        with transaction.atomic():
            found = _next(hurry, passed, at_rest)
            if found is None:
                return None
            dispatch = load(found)
            lacking = _without_turn(dispatch) if _prepare(dispatch, sender) else None
            if lacking is None:
                dispatch.save(update_fields=PLAN)
                return dispatch.pk
            to_index, free_at, pace = lacking
            put_off(dispatch.pk, dispatch.account_id, to_index, free_at, pace)
        passed.append(dispatch.pk)
        if not to_index:
            at_rest.append(dispatch.account_id)


def load(dispatch_id: int) -> Dispatch:
    """A dispatch with all that sending it needs."""
    rows = Dispatch.objects.select_related(
        "reply__case__agency", "reply__case__government", "account", "government", "message", "voice"
    )
    return rows.get(pk=dispatch_id)


def _next(hurry: bool, passed: list[int], at_rest: list[int]) -> int | None:
    now = clock.now()
    facts: dict[str, Any] = {"now": now, "until": now + HASTE if hurry else now, "passed": passed, "at_rest": at_rest}
    with connection.cursor() as cursor:
        cursor.execute(NEXT, facts)
        row = cursor.fetchone()
    return row[0] if row else None


def _prepare(dispatch: Dispatch, sender: int) -> bool:
    """Set how it is said; whether there is anything to send. What was begun goes on by its way unless that closed."""
    dispatch.state, dispatch.claimed_by, dispatch.claimed_at = Dispatch.State.SENDING, sender, clock.now()
    dispatch.first_tried_at = dispatch.first_tried_at or dispatch.claimed_at
    if dispatch.said and dispatch.way and dispatch.way not in dispatch.closed_ways:
        return True
    found, said, paid = planned(dispatch), dispatch.texts[: len(dispatch.said)], spend.paid(dispatch)
    if not isinstance(found, Planned):
        dispatch.way, dispatch.deep_link, dispatch.cost = "", found.deep_link, paid
        return False
    dispatch.way, dispatch.texts, dispatch.cost = found.way, [*said, *found.texts], paid + found.cost
    return True


def _without_turn(dispatch: Dispatch) -> tuple[str, datetime, Pace] | None:
    """Whose turn is not yet: ("" or the recipient, when it is, the pace); None when both turns were taken."""
    capabilities = platform(dispatch.account.platform).capabilities
    wanted = [("", capabilities.account_pace)]
    if dispatch.to_index:
        wanted.insert(0, (dispatch.to_index, capabilities.person_pace))
    turns = [(to_index, pace) for to_index, pace in wanted if pace is not None]
    if not turns:
        return None
    with transaction.atomic():
        for to_index, pace in turns:
            free_at = take(dispatch.government_id, dispatch.account_id, to_index, pace)
            if free_at is not None:
                transaction.set_rollback(True)  # the recipient's turn is not used up where the account has none
                return to_index, free_at, pace
    return None
