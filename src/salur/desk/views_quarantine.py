"""What came in and could not be understood: a person looks, and lets it be tried again."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from salur.desk.officer import OfficerRequest, actor, officer
from salur.intake import queries
from salur.intake.look import SHOWN, look, outline
from salur.intake.models import Delivery
from salur.intake.replay import NotQuarantined, replay
from salur.journey.act import act


@officer("quarantine")
def quarantine(request: OfficerRequest) -> HttpResponse:
    """Deliveries that wait for a person, and the count that proves nothing was lost."""
    context = {"deliveries": list(queries.quarantined().defer("body")[:200]), "count": queries.conservation()}
    return render(request, "desk/quarantine.html", context)


@officer("quarantine")
def delivery(request: OfficerRequest, delivery_id: int) -> HttpResponse:
    """One delivery: why it was not understood, and its outline. POST shows how its content begins, and is kept."""
    one, content = _found(delivery_id), None
    if request.method == "POST":
        try:
            content = act(look, one.pk, actor=actor(request))
        except NotQuarantined:
            messages.info(request, gettext("This delivery is being tried again already."))
    context = {"delivery": one, "size": len(one.body), "outline": outline(one), "content": content, "shown": SHOWN}
    response = render(request, "desk/delivery.html", context)
    add_never_cache_headers(response)
    return response


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
