"""Taking back an approved answer before anything of it has gone out."""

from salur.kernel import clock, ledger
from salur.publishing.events import ReplyWithdrawn
from salur.publishing.models import Dispatch, Reply
from salur.publishing.outbox import UNDO
from salur.publishing.replies import NotAllowed


def withdraw(reply_id: int, actor: str) -> None:
    """Make an approved reply of a person a draft again, while all its dispatches still wait for the undo to be over.

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
    reply.state, reply.approved_by, reply.approved_at = Reply.State.DRAFT, "", None
    reply.save(update_fields=["state", "approved_by", "approved_at"])
    event = ReplyWithdrawn(reply_id=reply.pk, purpose=reply.purpose)
    ledger.record(event, stream=reply.case.stream, government_id=reply.government_id, actor=actor)


def can_be_withdrawn(reply: Reply) -> bool:
    """Whether the time for taking it back is not over yet."""
    released = reply.state == Reply.State.APPROVED and reply.approved_by != ledger.SYSTEM
    return released and reply.approved_at is not None and clock.now() < reply.approved_at + UNDO
