"""What came in: the count that proves nothing was lost, and what a person has to look at and let be tried again."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from salur.desk.delivery_words import reason_words
from salur.desk.officer import OfficerRequest, actor, officer
from salur.intake import queries
from salur.intake.counts import DayCount, by_day
from salur.intake.look import SHOWN, look, outline
from salur.intake.models import Delivery
from salur.intake.replay import NotQuarantined, replay, replay_many
from salur.journey.act import act

PERIODS = (7, 30, 90)
"""How many days the count is shown for; the first where none is asked for."""


@dataclass(frozen=True)
class Waiting:
    """One delivery of the quarantine, and why it lies there."""

    delivery: Delivery
    why: str


@dataclass(frozen=True)
class Row:
    """The deliveries of one account on one day."""

    day: DayCount
    ignored: int
    reasons: list[tuple[str, int]]


@officer("quarantine")
def quarantine(request: OfficerRequest) -> HttpResponse:
    """Deliveries that wait for a person, all or those of one reason, and the count that proves nothing was lost."""
    reason = request.GET.get("reason", "")
    waiting = [Waiting(one, reason_words(one.reason)) for one in queries.quarantined(reason).defer("body")[:200]]
    reasons = [(code, reason_words(code), n) for code, n in queries.quarantine_reasons().items()]
    count = queries.conservation()
    context = {"waiting": waiting, "reasons": reasons, "reason": reason, "count": count}
    context["ignored"] = _in_words(count.ignored)
    return render(request, "desk/quarantine.html", context)


@officer("quarantine")
def deliveries(request: OfficerRequest) -> HttpResponse:
    """What came in, by account and day, and what became of it."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[0]
    rows = [Row(one, sum(one.count.ignored.values()), _in_words(one.count.ignored)) for one in by_day(days)]
    holds = all(row.day.count.holds for row in rows)
    context = {"rows": rows, "days": days, "periods": PERIODS, "holds": holds, "count": queries.conservation()}
    return render(request, "desk/deliveries.html", context)


def _in_words(ignored: dict[str, int]) -> list[tuple[str, int]]:
    return [(reason_words(reason), n) for reason, n in sorted(ignored.items(), key=lambda one: (-one[1], one[0]))]


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
    context["why"] = reason_words(one.reason)
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


@officer("quarantine")
def replay_all(request: OfficerRequest) -> HttpResponse:
    """Let every delivery that waits for one reason be tried again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    ids = list(queries.quarantined(request.POST.get("reason") or "-").values_list("pk", flat=True))
    number = act(replay_many, ids, actor=actor(request))
    messages.success(request, gettext("Tried again now: %(n)s.") % {"n": number})
    return redirect("desk:quarantine")


def _found(delivery_id: int) -> Delivery:
    one = queries.delivery(delivery_id)
    if one is None:
        raise Http404
    return one
