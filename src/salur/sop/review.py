"""The review of a draft: given to another person, given back with a reason, or found ready to be signed."""

from salur.kernel import ledger
from salur.kernel.events import Event
from salur.sop.document.said import Said, _
from salur.sop.drafts import document_of_draft, editors, held
from salur.sop.events import SopReturned, SopReviewed, SopSubmitted
from salur.sop.models import SopDraft
from salur.sop.queries import facts_of
from salur.sop.sign import demand_signable
from salur.sop.versions import Refused, stream


def submit(draft_id: int, *, revision: int, actor: str) -> SopDraft:
    """Give a draft to review, at the revision that was on the page.

    Raises NotSignable while anything stands against signing it (errors of the proofs with the officers of this
    government, version number, dates), and Refused when the draft is gone, moved on, or was submitted already.
    """
    draft = _at(draft_id, revision, SopDraft.State.DRAFT)
    document = document_of_draft(draft)
    demand_signable(draft.sop, document, facts_of(draft.government_id))
    draft.state, draft.submitted_by = SopDraft.State.REVIEW, actor
    draft.save(update_fields=["state", "submitted_by"])
    _write(draft, SopSubmitted(revision=revision, sha256=document.sha256), actor)
    return draft


def return_draft(draft_id: int, *, revision: int, reason: str, actor: str) -> SopDraft:
    """Give a submitted or reviewed draft back to its drafters, with what has to be changed. Raises Refused."""
    draft = _at(draft_id, revision, SopDraft.State.REVIEW, SopDraft.State.REVIEWED)
    if not reason.strip():
        raise Refused(Said(_("say what has to be changed")))
    draft.state, draft.submitted_by, draft.reviewed_by = SopDraft.State.DRAFT, "", ""
    draft.save(update_fields=["state", "submitted_by", "reviewed_by"])
    _write(draft, SopReturned(revision=revision, reason=reason.strip()), actor)
    return draft


def approve_review(draft_id: int, *, revision: int, actor: str) -> SopDraft:
    """Find a submitted draft ready to be signed. Raises Refused for anybody who wrote or submitted it.

    Whoever saved a text of this draft since the last signing counts as its writer, whichever line they changed.
    """
    draft = _at(draft_id, revision, SopDraft.State.REVIEW)
    written_by = editors(draft)
    if actor in (*written_by, draft.submitted_by):
        raise Refused(Said(_("who wrote or submitted the draft cannot review it: another person must")))
    draft.state, draft.reviewed_by = SopDraft.State.REVIEWED, actor
    draft.save(update_fields=["state", "reviewed_by"])
    event = SopReviewed(revision=revision, sha256=document_of_draft(draft).sha256, editors=written_by)
    _write(draft, event, actor)
    return draft


def _at(draft_id: int, revision: int, *states: str) -> SopDraft:
    draft = held(draft_id)
    if draft.revision != revision:
        raise Refused(Said(_("the draft was changed meanwhile: read it again before you decide")))
    if draft.state not in states:
        raise Refused(Said(_("somebody else has decided on this draft meanwhile: reload the page")))
    return draft


def _write(draft: SopDraft, event: Event, actor: str) -> None:
    ledger.record(event, stream=stream(draft.sop_id), government_id=draft.government_id, actor=actor)
