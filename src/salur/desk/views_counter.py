"""The counter: what a citizen says in person, written down in under a minute, with a slip to take home."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from salur.cases.queries import case_of_delivery
from salur.channels.models import Account
from salur.channels.ports import Raw
from salur.channels.queries import account_of
from salur.desk.forms import CounterForm
from salur.desk.officer import OfficerRequest, officer
from salur.intake.accept import accept
from salur.intake.queries import delivery_of
from salur.journey.act import act
from salur.kernel import clock, tenancy


def _account(request: OfficerRequest) -> Account | None:
    return account_of(request.member.agency_id, "counter")


@officer("counter")
def counter(request: OfficerRequest) -> HttpResponse:
    """The clerk's form. Posting it twice makes one report, for the form carries its own id."""
    account = _account(request)
    form = CounterForm(request.POST if request.method == "POST" else None, member=request.member, initial=_blank())
    if request.method != "POST" or account is None or not form.is_valid():
        return render(request, "desk/counter.html", {"form": form, "account": account})
    form_id = str(form.cleaned_data["form_id"])
    raw = Raw(form_id, json.dumps(_body(request, form.cleaned_data)).encode(), "application/json")
    if act(accept, account, raw) is None:
        messages.info(request, gettext("This form was sent already; nothing was written down twice."))
    return redirect("desk:receipt", form_id=form_id)


def _blank() -> dict[str, Any]:
    return {"form_id": uuid.uuid4(), "spoken_at": timezone.localtime(clock.now())}


def _body(request: OfficerRequest, answers: dict[str, Any]) -> dict[str, Any]:
    kept = {name: answers[name] for name in ("text", "name", "phone", "email", "anonymous", "confidential")}
    return kept | {
        "form_id": str(answers["form_id"]),
        "kind": answers["kind"] or None,
        "agency": answers["agency"] or None,
        "government": request.member.government.code,
        "spoken_at": answers["spoken_at"].isoformat(),
        "clerk": request.member.pk,
    }


@officer("counter")
def receipt(request: OfficerRequest, form_id: uuid.UUID) -> HttpResponse:
    """The slip for the citizen: number, agency, date, address to follow it. Until the case is there it asks again."""
    account = _account(request)
    delivery = delivery_of(account, str(form_id)) if account else None
    if delivery is None:
        raise Http404
    # The report may lie with another agency by now; the slip shows no more than its number, holder and date.
    with tenancy.use(tenancy.Scope(request.member.government_id)):
        case = case_of_delivery(delivery.pk)
    context = {
        "delivery": delivery,
        "case": case,
        "ready": case is not None and case.citizen_due_at is not None,
        "failed": delivery.state in ("quarantined", "ignored"),
        "address": case.link if case else "",
    }
    template = "desk/receipt_body.html" if request.headers.get("HX-Request") else "desk/receipt.html"
    return render(request, template, context)
