"""The queue: what is due first."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from salur.agencies.queries import agency_names, calendars_of
from salur.cases import queries, words
from salur.cases.due import due_words
from salur.cases.handle import KINDS
from salur.cases.models import Case
from salur.cases.queries import PAGE, Filter
from salur.cases.schedule import HORIZONS
from salur.desk.officer import OfficerRequest, may, officer
from salur.kernel import clock

BOXES = ("open", "newest", "unassigned", "waiting", "closed")


@officer("see")
def queue(request: OfficerRequest) -> HttpResponse:
    """Cases by due date, filtered; an exact number leads straight to its case."""
    wanted = _wanted(request)
    if wanted.text and (found := queries.case_by_number(wanted.text)):
        return redirect("desk:case", number=found.number)
    rows = queries.queue(wanted)
    member, now = request.member, clock.now()
    calendars = calendars_of(member.government_id)
    shown = [(case, due_words(case.due_at, now, _calendar(case, calendars))) for case in rows[:PAGE]]
    whole = may(member, "administer") or may(member, "quarantine")
    narrowed = any((wanted.status, wanted.kind, wanted.horizon, wanted.agency_id))
    context = {
        "rows": shown,
        "cases_at": reverse("desk:case", args=["-"]).removesuffix("-/"),  # once, not for every row
        "wanted": wanted,
        "boxes": BOXES if whole else tuple(box for box in BOXES if box != "unassigned"),
        "agencies": agency_names(member.government_id) if whole else [],
        "statuses": {code: word for code, word in words.STATUSES.items() if code != "closed"},
        "kinds": {code: words.KINDS[code] for code in KINDS},
        "horizons": {code: words.HORIZONS[code] for code in HORIZONS},
        "next_page": _next_page(request, rows),
        "narrowed": narrowed,
        "filtered": bool(narrowed or wanted.text),
    }
    return render(request, "desk/queue.html", context)


def _calendar(case: Case, calendars: dict[str, Any]) -> Any:
    return (calendars.get(case.agency.calendar) if case.agency else None) or calendars.get("default")


def _wanted(request: OfficerRequest) -> Filter:
    asked = {
        name: request.GET.get(name, "").strip() for name in ("box", "status", "kind", "horizon", "agency", "q", "after")
    }
    return Filter(
        box=asked["box"] if asked["box"] in BOXES else "open",
        status=asked["status"] if asked["status"] in words.STATUSES else "",
        kind=asked["kind"] if asked["kind"] in KINDS else "",
        horizon=asked["horizon"] if asked["horizon"] in HORIZONS else "",
        agency_id=int(asked["agency"]) if asked["agency"].isdecimal() and len(asked["agency"]) < 10 else None,
        text=asked["q"].replace("\x00", "")[:200],
        after=_place(asked["after"]),
    )


def _place(text: str) -> tuple[datetime, int] | None:
    instant, _, last = text.partition("~")
    try:
        at = datetime.fromisoformat(instant)
        return (at, int(last)) if timezone.is_aware(at) and 0 <= int(last) < 2**62 else None
    except ValueError:
        return None


def _next_page(request: OfficerRequest, rows: list[Case]) -> str:
    if len(rows) <= PAGE:
        return ""
    last, query = rows[PAGE - 1], request.GET.copy()
    query["after"] = f"{(last.due_at or last.opened_at).isoformat()}~{last.pk}"
    return query.urlencode()
