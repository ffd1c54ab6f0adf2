"""One case: its page, what officers do to it, and the files citizens sent."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.agencies.queries import member_names
from salur.cases.evidence import evidence_file
from salur.cases.handle import NotPossible, admit
from salur.cases.models import Case
from salur.cases.moved import Moved, last_word, unless_moved
from salur.cases.queries import case_by_number, file_of_case, is_of_hidden
from salur.desk import journal
from salur.desk.acts import ACTS, Act
from salur.desk.case_forms import CaseForm
from salur.desk.case_page import case_page
from salur.desk.officer import OfficerRequest, actor, may, officer
from salur.desk.refusals import said
from salur.desk.said import traced
from salur.desk.stand import Stand, stand_of
from salur.intake.file_types import type_of
from salur.intake.files import path_of
from salur.intake.models import StoredFile
from salur.journey.act import act
from salur.kernel import ledger
from salur.publishing.replies import NotAllowed
from salur.sop.queries import document_in


def found(number: str) -> Case:
    """The case with this number in the officer's scope; for everybody else it does not exist (404)."""
    case = case_by_number(number)
    if case is None:
        raise Http404
    return case


@officer("see")
def case(request: OfficerRequest, number: str) -> HttpResponse:
    """The page of a case: what was said, what the rules make of it, what is due, and what can be done."""
    one = found(number)
    stand = stand_of(one, request.member)
    context = case_page(stand)
    context["acts"] = [offer for offer in ACTS.values() if may(request.member, offer.action) and offer.fits(stand)]
    context["can"] = {slug: offer in context["acts"] for slug, offer in ACTS.items()}
    return render(request, "desk/case.html", context)


def act_view(offer: Act) -> Callable[..., HttpResponseBase]:
    """The page and the receiver of one act."""

    @officer(offer.action)
    def view(request: OfficerRequest, number: str) -> HttpResponse:
        stand = stand_of(found(number), request.member)
        if request.method == "POST":
            return _receive(request, stand, offer)
        initial = offer.initial(stand) | {
            name: request.GET[name] for name in ("agency", "agency_code", "reason", "purpose") if name in request.GET
        }
        form = offer.form(stand=stand, initial=initial)
        return _act_page(request, stand.case, offer, form, last_word(stand.facts))

    return view


def _receive(request: OfficerRequest, stand: Stand, offer: Act) -> HttpResponse:
    one, seq = stand.case, seen_in(request)
    form = offer.form(request.POST, request.FILES, stand=stand)
    if not form.is_valid() or "look" in request.POST:
        return _act_page(request, one, offer, form, seq)
    try:
        result = act(unless_moved, one.pk, seq, lambda: offer.carry_out(one, form.cleaned_data, actor(request)))
    except Moved:
        return _act_page(request, one, offer, form, **meanwhile(one, seq))
    except (NotPossible, NotAllowed) as refusal:
        form.add_error(None, said(refusal))
        return _act_page(request, one, offer, form, seq)
    messages.success(request, offer.said(result))
    # A hand-over may put the case out of the officer's sight.
    if case_by_number(one.number) is None:
        return redirect("desk:queue")
    return redirect("desk:case", number=one.number)


def seen_in(request: OfficerRequest) -> int:
    """The mark of the page from which a form was posted; 0 where it is missing."""
    mark = request.POST.get("seq", "")
    return int(mark) if mark.isdecimal() and len(mark) < 10 else 0


def _act_page(request: OfficerRequest, one: Case, offer: Act, form: CaseForm, seen: int, **more: Any) -> HttpResponse:
    template = "desk/act_form.html" if request.headers.get("HX-Request") else "desk/act.html"
    context = {"case": one, "act": offer, "form": form, "seen": seen, **more}
    return render(request, template, context, status=409 if more else 200)


@officer("handle")
def admit_voice(request: OfficerRequest, number: str, voice_id: int) -> HttpResponse:
    """Let a further sender of a case hear what is said in it."""
    one = found(number)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        act(admit, one.pk, voice_id=voice_id, actor=actor(request))
    except NotPossible as refusal:
        messages.warning(request, said(refusal))
    else:
        messages.success(request, gettext("They hear the answers from now on."))
    return redirect("desk:case", number=one.number)


def meanwhile(one: Case, seen: int) -> dict[str, Any]:
    """What people did in a case since an officer opened its page, and the mark to go on from."""
    facts = ledger.journal(one.stream)
    new = [fact for fact in facts if fact.seq > seen and fact.actor != ledger.SYSTEM]
    names = member_names({fact.actor for fact in new})
    return {"meanwhile": journal.lines(new, names, document_in(facts)), "seen": last_word(facts)}


@officer("see")
def file(request: OfficerRequest, file_id: int) -> FileResponse:
    """A citizen's file as a download, since it may hold anything; a photograph without what the camera wrote in it.

    What would betray a hidden citizen or the place of a camera is not there (404).
    """
    stored = file_of_case(file_id)
    if (
        stored is None
        or stored.state != StoredFile.State.KEPT
        or traced(stored, hidden=is_of_hidden(stored.message_id))
    ):
        raise Http404
    return _download(stored.shown_sha256 or stored.sha256, stored.name)


@officer("see")
def photo(request: OfficerRequest, file_id: int) -> FileResponse:
    """A citizen's photograph as we drew it anew: the only thing of theirs that a page shows as it is."""
    stored = file_of_case(file_id)
    if stored is None or not stored.shown_sha256 or not default_storage.exists(path_of(stored.shown_sha256)):
        raise Http404
    opened = default_storage.open(path_of(stored.shown_sha256))
    drawn = type_of(opened.read(16))
    opened.seek(0)
    response = FileResponse(opened, content_type=drawn or "application/octet-stream")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@officer("see")
def evidence(request: OfficerRequest, evidence_id: int) -> FileResponse:
    """A file of evidence as a download."""
    stored = evidence_file(evidence_id)
    if stored is None:
        raise Http404
    return _download(stored.sha256, stored.name)


def _download(sha256: str, name: str) -> FileResponse:
    if not default_storage.exists(path_of(sha256)):
        raise Http404
    response = FileResponse(
        default_storage.open(path_of(sha256)),
        as_attachment=True,
        filename=name or gettext("file"),
        content_type="application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
