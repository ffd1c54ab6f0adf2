"""Following a report by its number, writing to it, and saying that it is settled. Who holds the number may.

Once the number was said in public everybody holds it: then all that is left is what everybody may know, and no act.
"""

import uuid
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from salur.cases.closing import close
from salur.cases.handle import NotPossible
from salur.cases.models import Case
from salur.cases.queries import case_by_number, messages_of
from salur.cases.thread import thread_token
from salur.channels.queries import web_account
from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.events import Fact
from salur.language.masking import mask_personal
from salur.portal.access import holds_receipt, public
from salur.portal.filing import file_form
from salur.portal.forms import ResponseForm
from salur.portal.limits import Limit, count, spent
from salur.portal.story import answers_in_public, places, plan, steps, story
from salur.portal.views import too_often
from salur.portal.words import EXPLAINED, KINDS, STATUSES
from salur.publishing.queries import SaidInPublic, replies_of, said_in_public
from salur.sop.bound import bound


def by_number(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view the case of a number. A wrong number gets the search page (404), many wrong ones a pause (429).

    A number that was said in public reaches no view: whoever has it reads what everybody may know, and acts are
    refused (403). Only the browser that holds the receipt goes on.
    """

    @public
    @wraps(view)
    def found(request: HttpRequest, number: str) -> HttpResponse:
        if spent(request, Limit.GUESS):
            return render(request, "429.html", status=429)
        case = case_by_number(number)
        if case is None:
            count(request, Limit.GUESS)
            return render(request, "portal/search.html", {"number": number[:60], "unknown": True}, status=404)
        if case.number != number and request.method == "GET":
            return redirect("portal:case", case.number)
        said = [] if holds_receipt(request, case.number) else said_in_public(case)
        response = _page_for_all(request, case, said) if said else view(request, case)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return found


@require_safe
@public
def search(request: HttpRequest) -> HttpResponse:
    """The field for a number."""
    number = request.GET.get("number", "").replace("/", " ").strip()[:60]
    if number and number not in (".", ".."):
        return redirect("portal:case", number)
    return render(request, "portal/search.html", {"number": "", "empty": "number" in request.GET})


@never_cache
@require_safe
@by_number
def case(request: HttpRequest, found: Case) -> HttpResponse:
    """Where a report stands."""
    form = ResponseForm(initial={"form_id": uuid.uuid4()})
    if "belum" in request.GET:
        form.fields["text"].label = gettext("What is not settled yet?")
    return _page(request, found, form)


def _page(request: HttpRequest, case: Case, form: ResponseForm, status: int = 200) -> HttpResponse:
    facts = ledger.journal(case.stream)
    sop = bound(case, clock.now(), facts)
    context: dict[str, Any] = {
        **_standing(case, facts),
        "form": form,
        "plan": plan(sop.state if sop else None),
        "title": "" if case.confidential else mask_personal(case.title),
        "explained": EXPLAINED.get(case.status, ""),
        "asked": case.status == "answered",
        "only_citizen": bool(sop and "completed" in sop.document.closure.citizen_confirms),
        "moments": story(case, facts, replies_of(case), messages_of(case)),
    }
    return render(request, "portal/case.html", context, status=status)


def _standing(case: Case, facts: Sequence[Fact]) -> dict[str, Any]:
    """Where a case stands, without a word of anybody."""
    late = case.citizen_due_at and not (case.answered_at or case.closed_at) and case.citizen_due_at < clock.now()
    return {
        "case": case,
        "status": STATUSES.get(case.status, case.status),
        "kind": KINDS.get(case.kind, case.kind),
        "steps": steps(case, facts),
        "late": late and case.status not in ("awaiting_citizen", "scheduled"),
    }


def _page_for_all(request: HttpRequest, case: Case, said: Sequence[SaidInPublic]) -> HttpResponse:
    """What everybody may know of a case whose number was said in public; an act is refused and changes nothing.

    Who was about to write gets their words back.
    """
    facts = ledger.journal(case.stream)
    sop = bound(case, clock.now(), facts)
    refused = request.method not in ("GET", "HEAD")
    context = {
        **_standing(case, facts),
        "promised_on": sop.state.promised_on if sop and sop.state.horizon != "short" else None,
        "places": places(said),
        "answers": answers_in_public(said),
        "refused": refused,
        "unsent": request.POST.get("text", "").strip(),
    }
    return render(request, "portal/case_for_all.html", context, status=403 if refused else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_number
def respond(request: HttpRequest, found: Case) -> HttpResponse:
    """Write a further message into the case; a closed one is opened again by it."""
    if request.method != "POST":
        return redirect("portal:case", found.number)
    form = ResponseForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form)
    account = web_account(found.government_id)
    if account is None:
        form.add_error(None, gettext("This government takes no messages here. Please answer the message we sent you."))
        return _page(request, found, form)
    if spent(request, Limit.WRITE):
        form.add_error(None, too_often())
        return _page(request, found, form, status=429)
    count(request, Limit.WRITE)
    said = form.cleaned_data | {"confidential": found.confidential}
    file_form(account, said["form_id"], said, thread_token=thread_token(found))
    messages.success(request, gettext("Your message is kept and shows below in a moment."))
    return redirect(reverse("portal:case", args=[found.number]) + "#story")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_number
def settle(request: HttpRequest, found: Case) -> HttpResponse:
    """Ask once more, then close the case because its citizen says that the matter is settled."""
    if request.method != "POST" and found.closed_at is None:
        return render(request, "portal/settle.html", {"case": found})
    if request.method == "POST":
        try:
            act(close, found.pk, by="citizen", outcome="completed", reason="", actor=ledger.CITIZEN)
        except NotPossible:
            messages.info(request, gettext("The report was closed already."))
        else:
            messages.success(
                request, gettext("Thank you. The report is closed. If the matter comes back, write below.")
            )
    return redirect("portal:case", found.number)
