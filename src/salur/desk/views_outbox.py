"""Answers that did not go out by themselves."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.desk.officer import OfficerRequest, actor, officer
from salur.desk.refusals import said
from salur.journey.act import act
from salur.publishing import dispatch, queries
from salur.publishing.replies import NotAllowed


@officer("handle")
def outbox(request: OfficerRequest) -> HttpResponse:
    """Sendings that need a person, newest first."""
    return render(request, "desk/outbox.html", {"dispatches": list(queries.stuck()[:200])})


@officer("handle")
def decide(request: OfficerRequest, dispatch_id: int) -> HttpResponse:
    """The officer's word on one sending: it reached the citizen, or it is to be sent again."""
    one = queries.dispatch(dispatch_id)
    if one is None:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    went_out = request.POST.get("went_out") == "yes"
    try:
        act(dispatch.decide, one.pk, went_out=went_out, actor=actor(request))
    except NotAllowed as refusal:
        messages.warning(request, said(refusal))
    else:
        messages.success(request, gettext("Noted as delivered.") if went_out else gettext("It is sent again."))
    if request.POST.get("back") == "outbox":
        return redirect("desk:outbox")
    return redirect("desk:case", number=one.reply.case.number)
