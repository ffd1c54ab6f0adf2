"""What superiors were called on because a deadline passed."""

from django.http import HttpResponse
from django.shortcuts import render

from salur.agencies.queries import calendars_of
from salur.cases.due import due_words
from salur.desk.officer import OfficerRequest, officer
from salur.kernel import clock
from salur.sop.escalate import called_on


@officer("escalations")
def escalations(request: OfficerRequest) -> HttpResponse:
    """The open obligations whose ladder has reached this officer, the longest overdue first."""
    now, calendars = clock.now(), calendars_of(request.member.government_id)
    rows = [
        (one, due_words(one.due_at, now, calendars.get(one.agency.calendar if one.agency else "default")))
        for one in called_on(request.member)
    ]
    return render(request, "desk/escalations.html", {"rows": rows})
