"""What a platform tells of a message of ours: one standing, in whatever order and however often it is told."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from salur.channels import health
from salur.kernel import clock, ledger
from salur.kernel.database import ring
from salur.kernel.events import Event
from salur.publishing.events import DispatchDelivered, DispatchFailed, DispatchSent
from salur.publishing.models import Dispatch
from salur.publishing.turns import spare

RANKS: Mapping[str, int] = {"": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}
"""A failure is more than that it was taken over, and less than that it arrived: what arrived did not fail."""
ARRIVED = ("delivered", "read")
AGAIN = timedelta(minutes=1)
"""How long a message that was not delivered, and may be another time, waits for its next try."""
ACCOUNT_TRIES = 3
WRITTEN = (
    *("receipt", "state", "problem", "once_key", "said", "external_id", "sent_at", "first_tried_at"),
    *("closed_ways", "not_before", "attempts"),
)


def furthest(statuses: Iterable[str]) -> str:
    """The standing that these statuses come to, in any order and however often each is told; "" for none."""
    return max(statuses, key=lambda status: RANKS.get(status, 0), default="")


@dataclass(frozen=True)
class Told:
    """One status of a message of ours, and of a failure what it holds for, in the words of `ports.SendFailed`.

    `at` is aware, `after` in seconds.
    """

    status: str
    at: datetime
    problem: str = ""
    permanent: bool = True
    blames: str = "message"
    after: float | None = None


def note_status(dispatch: Dispatch, told: Told) -> None:
    """Note what a platform told of a dispatch that went out. The caller holds its case.

    A failure makes it failed, with the platform's reason; that it arrived makes it sent again. Where the failure leaves
    a way, it waits to be said again, if it is one message: see `_goes_on`.
    """
    if furthest((dispatch.receipt, told.status)) == dispatch.receipt or dispatch.state not in (
        Dispatch.State.SENT,
        Dispatch.State.FAILED,
    ):
        return
    came_back = dispatch.state == Dispatch.State.FAILED
    dispatch.receipt = told.status
    if told.status == "failed":
        dispatch.state, dispatch.problem = Dispatch.State.FAILED, told.problem[:500]
        if not came_back:
            _spare(dispatch, told)
            if len(dispatch.said) == 1 and _goes_on(told, dispatch.attempts):
                _wait_again(dispatch, told)
    elif told.status in ARRIVED:
        dispatch.state, dispatch.problem = Dispatch.State.SENT, ""
    dispatch.save(update_fields=WRITTEN)
    for event in _events(dispatch, told.status, told.at, came_back):
        ledger.record(
            event, stream=dispatch.reply.case.stream, government_id=dispatch.government_id, actor=ledger.SYSTEM
        )


def _goes_on(told: Told, attempts: int) -> bool:
    """Whether it may still be said: another time, by another way, or once the account works again.

    An account whose probe is well is let send again by itself; where what is said is refused again all the same, an
    officer has to look.
    """
    if told.blames == "account":
        return attempts < ACCOUNT_TRIES
    return not told.permanent or told.blames == "way"


def _spare(dispatch: Dispatch, told: Told) -> None:
    """Leave in peace whom the failure is about, as after a refusal at once.

    An account that was let send again since the failure is not stopped for it: platforms tell late.
    """
    if told.blames == "way":
        return
    if told.blames == "account" and (told.permanent or told.after is None):
        resumed = health.instant(dispatch.account.health, "resumed_at")
        if resumed is None or told.at > resumed:
            spare(dispatch, stop=told.problem)
    elif told.after and told.blames == "recipient":
        spare(dispatch, rest_recipient=told.after)
    elif told.after:  # a platform that names a time means the account, unless it says otherwise
        spare(dispatch, rest=told.after)


def _events(dispatch: Dispatch, status: str, at: datetime, came_back: bool) -> Iterator[Event]:
    facts: dict[str, Any] = {
        "dispatch_id": dispatch.pk,
        "reply_id": dispatch.reply_id,
        "voice_id": dispatch.voice_id,
        "channel": dispatch.account.platform,
    }
    purpose = dispatch.reply.purpose
    if status == "failed":
        yield DispatchFailed(**facts, purpose=purpose, problem=dispatch.problem[:300])
    if status in ARRIVED:
        if came_back:  # the failure took the sending back from the journal: it stands again
            yield DispatchSent(**facts, purpose=purpose, external_id=dispatch.external_id, confirmed_by="receipt")
        yield DispatchDelivered(**facts, status=status, at=at.isoformat())


def _wait_again(dispatch: Dispatch, told: Told) -> None:
    """Put back what the platform took and did not deliver.

    A way that closed is left at once; a passing failure is waited out, and what was tried before by this way then goes
    by another; a failure of the account says nothing against the way.
    """
    closed = told.blames == "way" or (told.blames != "account" and dispatch.attempts > 1)
    if closed and dispatch.way:
        dispatch.closed_ways = [*dispatch.closed_ways, dispatch.way]
    if closed:
        dispatch.attempts = 0
    begin_anew(dispatch)
    wait = timedelta() if told.blames == "way" else max(AGAIN, timedelta(seconds=told.after or 0))
    dispatch.state, dispatch.not_before = Dispatch.State.WAITING, clock.now() + wait
    if not wait:
        ring(health.SENDERS)


def begin_anew(dispatch: Dispatch) -> None:
    """Make what was said whole, and did not arrive, an utterance with its own key. The caller saves it."""
    token = dispatch.once_key.rpartition(".")[0]
    dispatch.once_key, dispatch.said, dispatch.external_id = f"{token}.{secrets.token_hex(6)}", [], ""
    dispatch.receipt, dispatch.sent_at, dispatch.first_tried_at = "", None, None


def why(code: str, detail: str) -> str:
    """The platform's reason as the desk shows it."""
    told = detail or "the platform reports that it was not delivered"
    return f"{told} ({code})" if code else told
