"""The counter: what a citizen says in person or by telephone, written down in under a minute, with a slip."""

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
from salur.desk.forms import COUNTER_CHANNELS, CounterForm
from salur.desk.officer import OfficerRequest, officer
from salur.intake.accept import accept
from salur.intake.queries import delivery_of
from salur.journey.act import act
from salur.kernel import clock, tenancy


def _accounts(request: OfficerRequest) -> dict[str, Account]:
    """The counter and the telephone of the clerk's agency, those it has."""
    found = {name: account_of(request.member.agency_id, name) for name, _ in COUNTER_CHANNELS}
    return {name: account for name, account in found.items() if account is not None}


@officer("counter")
def counter(request: OfficerRequest) -> HttpResponse:
    """The clerk's form. Posting it twice makes one report, for the form carries its own id."""
    accounts = _accounts(request)
    posted = request.POST if request.method == "POST" else None
    form = CounterForm(posted, member=request.member, channels=accounts, initial=_blank())
    if request.method != "POST" or not accounts or not form.is_valid():
        return render(request, "desk/counter.html", {"form": form, "account": next(iter(accounts.values()), None)})
    account = accounts[form.cleaned_data.get("channel") or next(iter(accounts))]
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
    found = (delivery_of(account, str(form_id)) for account in _accounts(request).values())
    delivery = next((one for one in found if one is not None), None)
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
