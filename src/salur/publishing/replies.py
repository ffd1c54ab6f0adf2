"""Drafting and approving an answer: two people, one text."""

import hashlib
from collections.abc import Mapping

from salur.cases.models import Case, CaseMessage
from salur.channels.registry import PLATFORMS
from salur.kernel import clock, ledger, memory
from salur.kernel.database import insert
from salur.kernel.events import Event
from salur.publishing.events import ReplyApproved, ReplyDrafted, ReplyReturned, ReplySubmitted
from salur.publishing.known import known_of
from salur.publishing.models import Reply
from salur.publishing.personal import Kind, personal_data

PURPOSES = ("answer", "progress", "question")
IN_PUBLIC: Mapping[Kind, str] = {
    "identity_number": "everybody can read this answer: take the identity number out",
    "phone": "everybody can read this answer: take the telephone number out",
    "email": "everybody can read this answer: take the citizen's e-mail address out",
    "name": "everybody can read this answer: take the citizen's name out",
    "handle": "everybody can read this answer: take the citizen's account name out",
}
"""What an answer must not hold where any of its voices may be answered in public."""

PRIVATELY = "private_first"
"""Where a drafter chose to answer in private."""


class NotAllowed(ValueError):
    """The act does not fit the reply as it is now; the text says why and what to do."""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _write(reply: Reply, event: Event, actor: str) -> None:
    ledger.record(event, stream=reply.case.stream, government_id=reply.government_id, actor=actor)


def _locked(reply_id: int, state: str) -> Reply:
    ledger.hold(f"case:{Reply.objects.values_list('case_id', flat=True).get(pk=reply_id)}")
    reply = Reply.objects.select_related("case").get(pk=reply_id)
    if reply.state != state:
        raise NotAllowed(f"the reply is {reply.state}, not {state}: reload the page")
    return reply


def draft(case_id: int, *, purpose: str, text: str, actor: str, answer_in: str = "") -> Reply:
    """Write a draft and lay it before an approver; `answer_in` is where it is to be said, "" as the SOP says.

    Raises NotAllowed for an empty text, a closed case, one that no agency has yet, or personal data in what everybody
    could read.
    """
    ledger.hold(f"case:{case_id}")
    case = Case.objects.get(pk=case_id)
    if purpose not in PURPOSES:
        raise NotAllowed(f"unknown purpose {purpose!r}")
    if case.closed_at is not None:
        raise NotAllowed("the case is closed; reopen it first")
    if case.agency_id is None:
        raise NotAllowed("choose the agency first: its approver releases what is said")
    if not text.strip():
        raise NotAllowed("write the answer first")
    _refuse_personal_data(case, text, answer_in)
    reply = Reply.objects.create(
        government_id=case.government_id,
        case=case,
        purpose=purpose,
        text=text.strip(),
        answer_in=answer_in,
        drafted_by=actor,
        drafted_at=clock.now(),
        state=Reply.State.SUBMITTED,
    )
    _write(reply, ReplyDrafted(reply_id=reply.pk, purpose=purpose, sha256=_digest(reply.text)), actor)
    _write(reply, ReplySubmitted(reply_id=reply.pk, purpose=purpose, sha256=_digest(reply.text)), actor)
    return reply


def revise(reply_id: int, *, text: str, actor: str, answer_in: str = "") -> None:
    """Change a returned draft and lay it before an approver again; who revises becomes its drafter."""
    reply = _locked(reply_id, Reply.State.DRAFT)
    if not text.strip():
        raise NotAllowed("write the answer first")
    _refuse_personal_data(reply.case, text, answer_in)
    reply.text, reply.drafted_by, reply.drafted_at = text.strip(), actor, clock.now()
    reply.state, reply.return_note, reply.answer_in = Reply.State.SUBMITTED, "", answer_in
    reply.save(update_fields=["text", "drafted_by", "drafted_at", "state", "return_note", "answer_in"])
    _write(reply, ReplySubmitted(reply_id=reply.pk, purpose=reply.purpose, sha256=_digest(reply.text)), actor)


def _refuse_personal_data(case: Case, text: str, answer_in: str) -> None:
    """Raise NotAllowed for personal data in words that may be said where everybody reads.

    What is to be said in private may hold them: `plan` keeps such words from every public way.
    """
    if case.confidential or answer_in == PRIVATELY or not _may_be_public(case):
        return
    kinds = personal_data(text, known_of(case))
    if kinds:
        raise NotAllowed(IN_PUBLIC[kinds[0]])


def _may_be_public(case: Case) -> bool:
    """Whether a voice that is told spoke in public on a platform where it can be answered there."""
    public = [name for name, one in PLATFORMS.items() if any(way.public for way in one.capabilities.ways)]
    rows = CaseMessage.objects.filter(case_id=case.pk, is_copy=False, voice__told=True, voice__confidential=False)
    return rows.filter(message__audience="public", message__account__platform__in=public).exists()


def give_back(reply_id: int, *, note: str, actor: str) -> None:
    """Return a submitted draft with a note that says what to change."""
    reply = _locked(reply_id, Reply.State.SUBMITTED)
    if not note.strip():
        raise NotAllowed("say what has to be changed")
    reply.state, reply.return_note = Reply.State.DRAFT, note.strip()
    reply.save(update_fields=["state", "return_note"])
    _write(reply, ReplyReturned(reply_id=reply.pk, purpose=reply.purpose, note=note.strip()), actor)


def approve(reply_id: int, *, actor: str) -> None:
    """Release a submitted draft. Raises NotAllowed when the approver is the one who drafted it.

    `reply.approved` is heard by `publishing/outbox.lay`, which makes one dispatch a voice.
    """
    reply = _locked(reply_id, Reply.State.SUBMITTED)
    if reply.drafted_by == actor:
        raise NotAllowed("who drafted the answer cannot approve it: another person must")
    reply.state, reply.approved_by, reply.approved_at = Reply.State.APPROVED, actor, clock.now()
    reply.return_note = ""
    reply.save(update_fields=["state", "approved_by", "approved_at", "return_note"])
    _write(reply, ReplyApproved(reply_id=reply.pk, purpose=reply.purpose, sha256=_digest(reply.text)), actor)


def say(case: Case, *, purpose: str, text: str) -> Reply:
    """Say an automatic text that the signed SOP or the rules of Salur prescribe; approved by the system."""
    now = clock.now()
    reply = Reply(
        government_id=case.government_id,
        case=case,
        purpose=purpose,
        text=text,
        state=Reply.State.APPROVED,
        drafted_by=ledger.SYSTEM,
        drafted_at=now,
        approved_by=ledger.SYSTEM,
        approved_at=now,
    )
    insert(reply)
    memory.keep(f"reply:{reply.pk}", reply)
    _write(reply, ReplyApproved(reply_id=reply.pk, purpose=purpose, sha256=_digest(text)), ledger.SYSTEM)
    return reply
