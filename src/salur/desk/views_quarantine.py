"""What came in and could not be understood: a person looks, and lets it be tried again."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.desk.officer import OfficerRequest, actor, officer
from salur.intake import queries
from salur.intake.models import Delivery
from salur.intake.replay import NotQuarantined, replay
from salur.journey.act import act

SHOWN = 2048
"""How many bytes of a raw delivery its page shows."""


@officer("quarantine")
def quarantine(request: OfficerRequest) -> HttpResponse:
    """Deliveries that wait for a person, and the count that proves nothing was lost."""
    context = {"deliveries": list(queries.quarantined().defer("body")[:200]), "count": queries.conservation()}
    return render(request, "desk/quarantine.html", context)


@officer("quarantine")
def delivery(request: OfficerRequest, delivery_id: int) -> HttpResponse:
    """One delivery: why it was not understood, and how it begins, as plain text."""
    one = _found(delivery_id)
    body = bytes(one.body)
    beginning = body[:SHOWN].decode("utf-8", "replace").replace("\x00", "\ufffd")
    return render(
        request, "desk/delivery.html", {"delivery": one, "size": len(body), "beginning": beginning, "shown": SHOWN}
    )


@officer("quarantine")
def replay_again(request: OfficerRequest, delivery_id: int) -> HttpResponse:
    """Let one delivery be tried again."""
    one = _found(delivery_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        act(replay, one.pk, actor=actor(request))
    except NotQuarantined:
        messages.info(request, gettext("This delivery is being tried again already."))
    else:
        messages.success(request, gettext("It is tried again now; look here in a moment."))
    return redirect("desk:quarantine")


def _found(delivery_id: int) -> Delivery:
    one = queries.delivery(delivery_id)
    if one is None:
        raise Http404
    return one
