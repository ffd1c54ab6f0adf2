"""Taking back an approved answer before anything of it has gone out."""

from datetime import datetime

from salur.kernel import clock, ledger
from salur.publishing.events import ReplyWithdrawn
from salur.publishing.models import Dispatch, Reply
from salur.publishing.outbox import UNDO
from salur.publishing.replies import NotAllowed

TAKEN_BACK = "taken back before it was sent"
"""The note of a reply that was taken back (an English message id)."""


def withdraw(reply_id: int, actor: str) -> None:
    """Lay an approved reply of a person before an approver again, while all its dispatches wait for the undo to end.

    The approver may release the same text once more, or give it back to be changed.

    Raises NotAllowed when it is too late: then nothing changes.
    """
    ledger.hold(f"case:{Reply.objects.values_list('case_id', flat=True).get(pk=reply_id)}")
    reply = Reply.objects.select_related("case").get(pk=reply_id)
    if reply.state != Reply.State.APPROVED or reply.approved_at is None or reply.approved_by == ledger.SYSTEM:
        raise NotAllowed("only an answer that was just released can be taken back: reload the page")
    # Whoever claims one of them has it locked until the claim is committed: then its state is seen here.
    waiting = list(Dispatch.objects.select_for_update().filter(reply=reply).order_by("id"))
    begun = any(one.state != Dispatch.State.WAITING or one.attempts or one.said for one in waiting)
    if begun or clock.now() >= reply.approved_at + UNDO:
        raise NotAllowed("too late to take it back: the answer is on its way")
    Dispatch.objects.filter(reply=reply).update(state=Dispatch.State.WITHDRAWN)
    reply.state, reply.approved_by, reply.approved_at = Reply.State.SUBMITTED, "", None
    reply.return_note = TAKEN_BACK
    reply.save(update_fields=["state", "approved_by", "approved_at", "return_note"])
    event = ReplyWithdrawn(reply_id=reply.pk, purpose=reply.purpose)
    ledger.record(event, stream=reply.case.stream, government_id=reply.government_id, actor=actor)


def undo_until(reply: Reply) -> datetime | None:
    """Until when a reply that a person released can be taken back (aware); None where it cannot, or no longer."""
    if reply.state != Reply.State.APPROVED or reply.approved_by == ledger.SYSTEM or reply.approved_at is None:
        return None
    until = reply.approved_at + UNDO
    return until if clock.now() < until else None


def was_withdrawn(reply: Reply) -> bool:
    """Whether it waits for an approver because it was taken back."""
    return reply.state == Reply.State.SUBMITTED and reply.return_note == TAKEN_BACK
