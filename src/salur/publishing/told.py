"""What a platform tells of a message of ours: one standing, in whatever order and however often it is told."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from salur.kernel import ledger
from salur.kernel.events import Event
from salur.publishing.events import DispatchDelivered, DispatchFailed, DispatchSent
from salur.publishing.models import Dispatch

RANKS: Mapping[str, int] = {"": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}
"""A failure is more than that it was taken over, and less than that it arrived: what arrived did not fail."""
ARRIVED = ("delivered", "read")


def furthest(statuses: Iterable[str]) -> str:
    """The standing that these statuses come to, in any order and however often each is told; "" for none."""
    return max(statuses, key=lambda status: RANKS.get(status, 0), default="")


def note_status(dispatch: Dispatch, status: str, at: datetime, problem: str) -> None:
    """Note what a platform told of a dispatch that went out. The caller holds its case.

    A failure makes it failed, with the platform's reason; that it arrived makes it sent again.
    """
    if furthest((dispatch.receipt, status)) == dispatch.receipt or dispatch.state not in (
        Dispatch.State.SENT,
        Dispatch.State.FAILED,
    ):
        return
    came_back = dispatch.state == Dispatch.State.FAILED
    dispatch.receipt = status
    if status == "failed":
        dispatch.state, dispatch.problem = Dispatch.State.FAILED, problem[:500]
    elif status in ARRIVED:
        dispatch.state, dispatch.problem = Dispatch.State.SENT, ""
    dispatch.save(update_fields=["receipt", "state", "problem"])
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


def why(code: str, detail: str) -> str:
    """The platform's reason as the desk shows it."""
    told = detail or "the platform reports that it was not delivered"
    return f"{told} ({code})" if code else told
