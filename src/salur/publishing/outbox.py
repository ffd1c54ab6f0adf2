"""One dispatch a voice: laid into the outbox in the transaction that hears of the approval."""

import secrets
from datetime import datetime, timedelta

from salur.cases.models import Voice
from salur.cases.queries import told_voices_of, words_of
from salur.cases.thread import thread_token
from salur.channels.health import SENDERS
from salur.channels.registry import platform
from salur.kernel import clock, ledger, memory
from salur.kernel.database import insert, ring
from salur.kernel.ledger import as_fact
from salur.kernel.models import Entry
from salur.publishing.events import ReplyApproved
from salur.publishing.models import Dispatch, Reply
from salur.publishing.outbound import FOLDED

UNDO = timedelta(seconds=10)
"""How long an approved answer of a person waits, so that it can be taken back."""
CHAT_PAUSE = timedelta(seconds=20)
"""How long an acknowledgement waits in a chat, where people write several lines in a row: it follows the last one."""
FOLD_WITHIN = timedelta(minutes=10)
"""How old an acknowledgement that has not gone out may be for a notice to be said together with it."""


def lay(entry: Entry) -> None:
    """Make one waiting dispatch for every voice of the case that is told, answering the last thing that voice said.

    Heard on `reply.approved`. What was withdrawn and approved again waits anew. Where messages cost money, a notice is
    said in one message with an acknowledgement that has not gone out yet.
    """
    event = ReplyApproved.read(as_fact(entry))
    kept = memory.kept(f"reply:{event.reply_id}")
    reply: Reply = kept or Reply.objects.select_related("case").get(pk=event.reply_id)
    if reply.state != Reply.State.APPROVED:
        return  # withdrawn before it was heard
    said = words_of(reply.case_id)
    token, not_before, laid = thread_token(reply.case), _not_before(reply), _laid(reply)
    folding = _acknowledged_soon(reply)
    for voice in told_voices_of(reply.case_id):
        if voice.pk in laid:
            continue
        # What was written on the page of the report cannot be answered in the chat that the voice has.
        own = [one for one in said if one.voice_id == voice.pk and one.account_id == voice.account_id]
        last = own[-1] if own else None
        insert(
            Dispatch(
                government_id=reply.government_id,
                reply=reply,
                voice=voice,
                account_id=voice.account_id,
                once_key=f"{token}.{secrets.token_hex(6)}",
                to=voice.address,
                to_index=voice.address_index,
                to_name=voice.name,
                subject=((last.subject if last else "") or reply.case.title)[:300],
                message_id=last.message_id if last else None,
                in_reply_to=last.external_id if last else "",
                references=[one.external_id for one in own[-10:]],
                thread_token=token,
                not_before=not_before,
                **_folded(voice, folding),
            )
        )
    memory.once("outbox:rung", wake)


def wake() -> None:
    """Wake the senders once the caller's transaction is committed."""
    ring(SENDERS)


def _not_before(reply: Reply) -> datetime:
    now = clock.now()
    if reply.approved_by != ledger.SYSTEM:
        return max(now, (reply.approved_at or now) + UNDO)
    chat = reply.purpose == "acknowledgement" and platform(reply.case.channel).capabilities.chat
    return now + CHAT_PAUSE if chat else now


def _laid(reply: Reply) -> set[int]:
    """The voices this reply has a dispatch for already; those that were withdrawn wait again."""
    if reply.approved_by == ledger.SYSTEM:
        return set()
    rows = Dispatch.objects.filter(reply=reply)
    rows.filter(state=Dispatch.State.WITHDRAWN).update(state=Dispatch.State.WAITING, not_before=_not_before(reply))
    return set(rows.values_list("voice_id", flat=True))


def _acknowledged_soon(reply: Reply) -> set[int]:
    """The voices whose acknowledgement, on an account where messages cost, still waits; it is held until we are done.

    Only for what a program says of its own accord.
    """
    if reply.purpose != "notice" or reply.approved_by != ledger.SYSTEM:
        return set()
    rows = Dispatch.objects.filter(
        reply__case_id=reply.case_id,
        reply__purpose="acknowledgement",
        reply__approved_at__gte=clock.now() - FOLD_WITHIN,
        state=Dispatch.State.WAITING,
        said=[],
    )
    waiting = rows.select_related("account").select_for_update(of=("self",))
    return {one.voice_id for one in waiting if any(w.cost for w in platform(one.account.platform).capabilities.ways)}


def _folded(voice: Voice, folding: set[int]) -> dict[str, str]:
    return {"state": Dispatch.State.WITHDRAWN, "problem": FOLDED} if voice.pk in folding else {}
