"""What a platform tells of a message of ours: one standing, in whatever order and however often it is told."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from salur.kernel import clock, ledger
from salur.kernel.events import Event
from salur.publishing.events import DispatchDelivered, DispatchFailed, DispatchSent
from salur.publishing.models import Dispatch

RANKS: Mapping[str, int] = {"": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}
"""A failure is more than that it was taken over, and less than that it arrived: what arrived did not fail."""
ARRIVED = ("delivered", "read")
AGAIN = timedelta(minutes=1)
"""How long a message that was not delivered, and may be another time, waits for its next try."""
WRITTEN = (
    *("receipt", "state", "problem", "once_key", "said", "external_id", "sent_at", "first_tried_at"),
    *("closed_ways", "not_before", "attempts"),
)


def furthest(statuses: Iterable[str]) -> str:
    """The standing that these statuses come to, in any order and however often each is told; "" for none."""
    return max(statuses, key=lambda status: RANKS.get(status, 0), default="")


def note_status(dispatch: Dispatch, status: str, at: datetime, problem: str, *, permanent: bool = True) -> None:
    """Note what a platform told of a dispatch that went out. The caller holds its case.

    A failure makes it failed, with the platform's reason; that it arrived makes it sent again. A failure that is not
    `permanent` lets it be said again, where it is one message: once by the same way, then by the next.
    """
    if furthest((dispatch.receipt, status)) == dispatch.receipt or dispatch.state not in (
        Dispatch.State.SENT,
        Dispatch.State.FAILED,
    ):
        return
    came_back = dispatch.state == Dispatch.State.FAILED
    dispatch.receipt = status
    if status == "failed":
        once_more = not permanent and dispatch.state == Dispatch.State.SENT and len(dispatch.said) == 1
        dispatch.state, dispatch.problem = Dispatch.State.FAILED, problem[:500]
        if once_more:
            _wait_again(dispatch)
    elif status in ARRIVED:
        dispatch.state, dispatch.problem = Dispatch.State.SENT, ""
    dispatch.save(update_fields=WRITTEN)
    for event in _events(dispatch, status, at, came_back):
        ledger.record(
            event, stream=dispatch.reply.case.stream, government_id=dispatch.government_id, actor=ledger.SYSTEM
        )


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


def _wait_again(dispatch: Dispatch) -> None:
    """Put back what the platform took and did not deliver. What was tried before by this way goes by another now."""
    if dispatch.attempts > 1 and dispatch.way:
        dispatch.closed_ways, dispatch.attempts = [*dispatch.closed_ways, dispatch.way], 0
    begin_anew(dispatch)
    dispatch.state, dispatch.not_before = Dispatch.State.WAITING, clock.now() + AGAIN


def begin_anew(dispatch: Dispatch) -> None:
    """Make what was said whole, and did not arrive, an utterance with its own key. The caller saves it."""
    token = dispatch.once_key.rpartition(".")[0]
    dispatch.once_key, dispatch.said, dispatch.external_id = f"{token}.{secrets.token_hex(6)}", [], ""
    dispatch.receipt, dispatch.sent_at, dispatch.first_tried_at = "", None, None


def why(code: str, detail: str) -> str:
    """The platform's reason as the desk shows it."""
    told = detail or "the platform reports that it was not delivered"
    return f"{told} ({code})" if code else told
