"""The work calendars of a government: in force, revised with a preview of what moves, and how far the recount is."""

from datetime import date
from itertools import islice
from typing import Any

import yaml
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from salur.agencies.models import CalendarVersion
from salur.agencies.queries import calendar_rows
from salur.desk.calendar_words import why_not
from salur.desk.forms import DeskForm
from salur.desk.officer import OfficerRequest, actor, officer
from salur.journey.act import act
from salur.kernel import clock
from salur.sop import recount
from salur.sop.document.marked_yaml import LARGEST
from salur.sop.queries import calendars_for
from salur.worktime.calendar import WorkCalendar
from salur.worktime.document import CalendarError

LOOKED_AT = 1000
"""Open cases that a preview on the page goes through; `salur calendar add --preview` goes through all."""


class CalendarForm(DeskForm):
    """A calendar document, as a file or pasted."""

    key = forms.ChoiceField(label=_("Calendar"))
    file = forms.FileField(
        label=_("Calendar document (YAML)"),
        help_text=_("Download the calendar in force, edit it, and give it back here."),
        required=False,
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False, max_length=LARGEST)

    def __init__(self, *args: Any, keys: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(key, _name(key)) for key in keys]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """The document, read and checked, under "calendar" and "document"."""
        answers: dict[str, Any] = super().clean() or {}
        file, text = answers.get("file"), answers.get("text", "")
        if file and file.size > LARGEST:
            most = {"most": formats.number_format(LARGEST, force_grouping=True)}
            raise forms.ValidationError(
                gettext("The file is larger than %(most)s bytes: choose a calendar document.") % most
            )
        if not file and not text:
            raise forms.ValidationError(gettext("Choose the file of the new calendar."))
        try:
            answers["text"] = file.read().decode("utf-8") if file else text
            answers["document"] = recount.read_calendar(answers["text"])
            answers["calendar"] = WorkCalendar.from_document(answers["document"])
        except UnicodeDecodeError:
            raise forms.ValidationError(gettext("The file is no text in UTF-8: save it as such.")) from None
        except CalendarError as problem:
            told = [gettext("This calendar cannot be used."), *why_not(problem, answers["text"])]
            raise forms.ValidationError(told) from problem
        return answers


@officer("calendar")
def calendar(request: OfficerRequest) -> HttpResponse:
    """The calendars in force and the last recounts; a new calendar is previewed first, then put into force."""
    rows = calendar_rows(request.member.government_id)
    context: dict[str, Any] = {}
    form = CalendarForm(request.POST or None, request.FILES or None, keys=list(rows))
    if request.method == "POST" and form.is_valid():
        if "confirm" in request.POST:
            return _put_into_force(request, form.cleaned_data)
        context = {"preview": _preview(request.member.government_id, form.cleaned_data), "looked_at": LOOKED_AT}
    recounts = recount.recent(request.member.government_id)
    context |= {"form": form, "calendars": [_shown(row, request.member.government.timezone) for row in rows.values()]}
    context |= {"recounts": recounts, "running": any(one.finished_at is None for one in recounts)}
    page = "desk/recounts.html" if request.headers.get("HX-Request") else "desk/recount.html"
    return render(request, page, context)


@officer("calendar")
def moved(request: OfficerRequest, recount_id: int) -> HttpResponse:
    """The deadlines that moved in one recount, the old beside the new, and the cases that could not be counted."""
    found = recount.recount_of(request.member.government_id, recount_id)
    if found is None:
        raise Http404
    context = {"recount": found, "moved": recount.moved_deadlines(found), "failures": recount.failures(found)}
    return render(request, "desk/recount_moved.html", context)


@officer("calendar")
def document(request: OfficerRequest, key: str) -> HttpResponse:
    """A calendar in force as a YAML file, to be edited."""
    row = calendar_rows(request.member.government_id).get(key)
    if row is None:
        raise Http404
    text = yaml.safe_dump(row.document, allow_unicode=True, sort_keys=False)
    name = f"kalender-{request.member.government.code}-{key}-v{row.version}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


def _put_into_force(request: OfficerRequest, answers: dict[str, Any]) -> HttpResponse:
    government = request.member.government
    version, asked = act(
        recount.put_into_force, government, answers["key"], answers["document"], asked_by=actor(request)
    )
    if version is None:
        messages.info(request, gettext("This is the calendar in force already; the open reports are counted anew."))
    else:
        messages.success(request, gettext("The calendar is in force. The open reports are counted anew now."))
    return redirect("desk:recount", asked.pk)


def _preview(government_id: int, answers: dict[str, Any]) -> dict[str, Any]:
    """What moves, what becomes certain or provisional, and what could not be counted any more."""
    after = recount.with_calendar(government_id, answers["key"], answers["calendar"])
    found = list(recount.preview(government_id, calendars_for(government_id), after, limit=LOOKED_AT))
    moves = [one for one in found if one.due_at not in (None, one.was_due_at)]
    return {
        "moves": moves[: recount.SHOWN],
        "count": len(moves),
        "problems": list(islice((one for one in found if one.problem), recount.SHOWN)),
        "certain": sum(one.was_provisional and not one.provisional and not one.problem for one in found),
        "provisional": sum(one.provisional and not one.was_provisional for one in found),
        "text": answers["text"],
        "key": answers["key"],
        "name": _name(answers["key"]),
        "decree": answers["calendar"].decree,
    }


def _shown(row: CalendarVersion, zone: str) -> dict[str, Any]:
    """A calendar for the list, with the closed days from today on."""
    today = clock.today(zone)
    closed = [{**one, "date": date.fromisoformat(one["date"])} for one in row.document["holidays"]]
    ahead = [one for one in closed if one["date"] >= today]
    return {"row": row, "name": _name(row.key), "years": row.document["decreed_years"], "ahead": ahead}


def _name(key: str) -> str:
    return gettext(recount.CALENDARS[key]) if key in recount.CALENDARS else key
