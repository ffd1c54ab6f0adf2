"""The draft on its way to the signature: begun, read, submitted, reviewed, signed, given up."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.agencies.queries import member_names
from salur.desk.forms import DeskForm
from salur.desk.journal import who
from salur.desk.officer import OfficerRequest, actor, officer
from salur.desk.sop_editor.live import findings
from salur.desk.sop_pages.forms import GiveBackForm
from salur.desk.sop_pages.reading import sections
from salur.desk.sop_pages.views_read import compared, sop_in_scope
from salur.journey.act import act
from salur.sop import drafts, queries, review
from salur.sop.models import Sop, SopDraft
from salur.sop.saying import in_words
from salur.sop.sign import sign
from salur.sop.versions import LONGEST_SIGNATURE, NotSignable, Refused, document_of

SopView = Callable[[OfficerRequest, Sop], HttpResponse]


def posted(view: SopView) -> Callable[[OfficerRequest, int], HttpResponse]:
    """Give the view the SOP that the officer may see (404 else), and take nothing but a form that was sent."""

    @wraps(view)
    def found(request: OfficerRequest, sop_id: int) -> HttpResponse:
        sop = sop_in_scope(sop_id)
        return view(request, sop) if request.method == "POST" else HttpResponseNotAllowed(["POST"])

    return found


@officer("write_sop")
@posted
def begin(request: OfficerRequest, sop: Sop) -> HttpResponse:
    """Begin the next version of an SOP."""
    try:
        act(drafts.begin, sop.government_id, sop.code, actor=actor(request))
    except Refused as refusal:
        messages.warning(request, sentence_of(refusal))
    else:
        messages.success(request, gettext("The draft is begun. It is not in force before it is signed."))
    return redirect("desk:sop-draft", sop_id=sop.pk)


@officer("see_sop")
def draft(request: OfficerRequest, sop_id: int) -> HttpResponse:
    """The draft as a document, what stands against it, what it changes, and what this officer may do with it."""
    found = queries.draft_of(sop_id)
    return _gone(request, sop_in_scope(sop_id)) if found is None else _page(request, found)


@officer("write_sop")
@posted
def submit(request: OfficerRequest, sop: Sop) -> HttpResponse:
    """Give the draft to review."""
    verb = partial(review.submit, revision=_seen(request), actor=actor(request))
    return _do(request, sop, verb, gettext("The draft is in review: another person reads it now."))


@officer("review_sop")
@posted
def judge(request: OfficerRequest, sop: Sop) -> HttpResponse:
    """Find the draft ready to be signed, or give it back with a reason."""
    how: dict[str, Any] = {"revision": _seen(request), "actor": actor(request)}
    if request.POST.get("decision") == "approve":
        done = gettext("Reviewed: a leader can sign the draft now.")
        return _do(request, sop, partial(review.approve_review, **how), done)
    form = GiveBackForm(request.POST)
    if not form.is_valid():
        return _again(request, sop, back=form)
    verb = partial(review.return_draft, reason=form.cleaned_data["reason"], **how)
    return _do(request, sop, verb, gettext("The draft is given back to its writers."), back=form)


@officer("sign_sop")
@posted
def signature(request: OfficerRequest, sop: Sop) -> HttpResponse:
    """Sign the draft that was on the page, in the position that the paper names and with one's own name."""
    found = queries.draft_of(sop.pk)
    if found is None:
        return _gone(request, sop)
    signed_as = f"{drafts.document_of_draft(found).approver.position}, {request.member.name}"[:LONGEST_SIGNATURE]
    verb = partial(sign, sha256=request.POST.get("sha256", ""), signed_as=signed_as, actor=actor(request))
    return _do(request, sop, verb, gettext("Signed. It is in force from its date on."))


@officer("write_sop")
@posted
def discard(request: OfficerRequest, sop: Sop) -> HttpResponse:
    """Give the draft up; its text stays in the history of the SOP."""
    verb = partial(drafts.discard, base_revision=_seen(request), actor=actor(request))
    return _do(request, sop, verb, gettext("The draft is discarded. Its text stays in the history."))


def sentence_of(refusal: Refused) -> str:
    """A refusal as a sentence in the language in force."""
    text = in_words(refusal.said)
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _seen(request: OfficerRequest) -> int:
    revision = request.POST.get("revision", "")
    return int(revision) if revision.isdecimal() and len(revision) < 9 else 0


def _do(request: OfficerRequest, sop: Sop, verb: Callable[..., object], done: str, **forms: DeskForm) -> HttpResponse:
    """Run a verb on the draft of an SOP; a refusal shows the page again, with what was typed."""
    found = queries.draft_of(sop.pk)
    if found is None:
        return _gone(request, sop)
    try:
        act(verb, found.pk)
    except drafts.Conflict:
        return _again(request, sop, [gettext("Somebody saved the draft meanwhile: read it again first.")], **forms)
    except NotSignable as refusal:
        return _again(request, sop, [in_words(reason) for reason in refusal.reasons], **forms)
    except Refused as refusal:
        return _again(request, sop, [sentence_of(refusal)], **forms)
    messages.success(request, done)
    there = queries.draft_of(sop.pk) is not None
    return redirect("desk:sop-draft", sop_id=sop.pk) if there else redirect("desk:sop-history", sop_id=sop.pk)


def _gone(request: OfficerRequest, sop: Sop) -> HttpResponse:
    messages.warning(request, gettext("There is no draft of this SOP: it was signed, discarded, or never begun."))
    return redirect("desk:sop-history", sop_id=sop.pk)


def _again(request: OfficerRequest, sop: Sop, refusals: list[str] | None = None, **forms: DeskForm) -> HttpResponse:
    found = queries.draft_of(sop.pk)
    return _gone(request, sop) if found is None else _page(request, found, refusals or [], **forms)


def _page(
    request: OfficerRequest, found: SopDraft, refusals: list[str] | None = None, **forms: DeskForm
) -> HttpResponse:
    document = drafts.document_of_draft(found)
    signed = queries.versions()
    base = next((one for one in signed if one.sop_id == found.sop_id), None)
    returned = queries.given_back(found)
    people = {found.edited_by, found.submitted_by, found.reviewed_by} | ({returned.actor} if returned else set())
    names = member_names(people)
    against, warnings = findings(found, document, document.model_dump())
    approver = document.approver
    context = {
        "draft": found,
        "document": document,
        "sections": sections(document),
        "base": base,
        "changes": compared(document_of(base.pk), document) if base else [],
        "against": against,
        "warnings": warnings,
        "edited_by": who(found.edited_by, names),
        "returned": returned,
        "returned_by": who(returned.actor, names) if returned else "",
        "submitted_by": who(found.submitted_by, names) if found.submitted_by else "",
        "reviewed_by": who(found.reviewed_by, names) if found.reviewed_by else "",
        "wrote": found.state != SopDraft.State.DRAFT and actor(request) in drafts.editors(found),
        "submitted_it": actor(request) == found.submitted_by,
        "back": GiveBackForm(),
        "other_name": request.member.name.casefold() != approver.name.casefold(),
        "refusals": refusals,
    }
    return render(request, "desk/sop/draft.html", context | forms, status=409 if refusals else 200)
