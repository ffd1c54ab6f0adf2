"""Moving open cases to a newer version: first what would change, then chunk by chunk."""

from itertools import islice
from time import monotonic

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

from salur.desk.officer import OfficerRequest, actor, officer
from salur.desk.sop_pages.forms import MoveForm
from salur.desk.sop_pages.views_draft import sentence_of
from salur.sop import move, queries
from salur.sop.models import SopVersion
from salur.sop.versions import Refused

SHOWN = 100
"""Cases whose changes the page reckons; the command line reckons all."""
SECONDS = 5.0
"""How long one sending of the form goes on moving cases; sent again, it goes on."""


@officer("write_sop")
def move_cases(request: OfficerRequest, from_id: int, to_id: int) -> HttpResponse:
    """What moving the open cases of one version to another would bring; sent with a reason, it moves them."""
    old, new = queries.version(from_id), queries.version(to_id)
    if old is None or new is None:
        raise Http404
    form = MoveForm(request.POST if request.method == "POST" else None)
    refusal = ""
    try:
        move.demand_movable(old.government_id, old.pk, new.pk)
        if request.method == "POST" and form.is_valid():
            _carry_on(request, old, new, form.cleaned_data["reason"])
    except Refused as refused:
        refusal = sentence_of(refused)
    context = {"old": old, "new": new, "form": form, "refusal": refusal}
    if not refusal:
        shown = list(islice(move.preview(old.government_id, old.pk, new.pk), SHOWN))
        context |= {
            "left": move.count_open(old.government_id, old.pk),
            "shown": [one for one in shown if one.changes],
            "looked_at": len(shown),
            "unchanged": sum(not one.changes for one in shown),
            "late": sum(any(change.verdict == "late" for change in one.changes) for one in shown),
            "in_time": sum(any(change.verdict == "in_time" for change in one.changes) for one in shown),
        }
    return render(request, "desk/sop/move.html", context, status=409 if refusal else 200)


def _carry_on(request: OfficerRequest, old: SopVersion, new: SopVersion, reason: str) -> None:
    moved, until = 0, monotonic() + SECONDS
    for count in move.move_all(old.government_id, old.pk, new.pk, reason=reason, actor=actor(request)):
        moved += count
        if monotonic() > until:
            break
    said = ngettext("%(n)s case moved.", "%(n)s cases moved.", moved) % {"n": moved}
    left = move.count_open(old.government_id, old.pk)
    messages.success(request, f"{said} {gettext('Send the form again to go on.')}" if left else said)
