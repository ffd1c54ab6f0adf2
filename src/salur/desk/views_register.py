"""The register of medium and long cases: the page, and the same as a workbook."""

import io
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from salur.agencies.queries import agency_names
from salur.cases import words
from salur.desk.officer import OfficerRequest, officer
from salur.insight.register import every_row, rows_of
from salur.insight.register_file import write_register
from salur.insight.register_queries import Wanted, registered
from salur.kernel import clock
from salur.sop.saying import in_words
from salur.sop.vocabulary import PLANS
from salur.sop.words import LONGER_HORIZONS

PAGE = 50
YEARS = 6
"""Years of promise that are offered, from last year on: the long horizon of the standard SOP reaches five years."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@officer("see")
def register(request: OfficerRequest) -> HttpResponse:
    """Medium and long cases in the officer's scope, by promised date, filtered."""
    wanted, today = _wanted(request), clock.today(request.member.government.timezone)
    page = Paginator(registered(wanted), PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context: dict[str, Any] = {
        "rows": rows_of(list(page.object_list)),
        "page": page,
        "wanted": wanted,
        "asked": asked.urlencode(),
        "today": today,
        "horizons": {code: words.HORIZONS[code] for code in LONGER_HORIZONS},
        "plans": {code: in_words(name) for code, name in PLANS.items()},
        "years": range(today.year - 1, today.year + YEARS),
        "agencies": agency_names(request.member.government_id),
    }
    return render(request, "desk/register.html", context)


@officer("see")
def register_file(request: OfficerRequest) -> HttpResponse:
    """The same cases as a workbook for planning."""
    book = io.BytesIO()
    write_register(book, every_row(_wanted(request)))
    name = f"register-{request.member.government.code}-{clock.today(request.member.government.timezone):%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(book.getvalue(), content_type=XLSX, headers=headers)


def _wanted(request: OfficerRequest) -> Wanted:
    asked = {name: request.GET.get(name, "").strip() for name in ("horizon", "agency", "plan", "year", "closed")}
    return Wanted(
        horizon=asked["horizon"] if asked["horizon"] in LONGER_HORIZONS else "",
        agency_id=_number(asked["agency"], 9),
        plan=asked["plan"] if asked["plan"] in PLANS else "",
        year=_number(asked["year"], 4),
        closed=asked["closed"] == "1",
    )


def _number(text: str, digits: int) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None
