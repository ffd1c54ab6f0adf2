"""The SOP lab: where a period hurt, a draft tried on it, and the report for the yearly review."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from salur.desk.forms import DeskForm, day
from salur.desk.officer import OfficerRequest, actor, officer
from salur.desk.refusals import said
from salur.insight.lab.period import PeriodInvalid
from salur.insight.lab.report import report
from salur.insight.lab.runs import OPEN, Busy, ask, cancel, recent, run_in_scope
from salur.insight.lab.shown import shown
from salur.insight.models import LabRun
from salur.kernel import clock
from salur.sop.following import whole_text
from salur.sop.queries import draft, drafts, version, versions
from salur.sop.saying import in_words

YEAR = timedelta(days=365)
PAGES = {"hurts": "desk/lab/hurts.html", "simulate": "desk/lab/simulate.html"}


class AskForm(DeskForm):
    """A period, and what to do with it."""

    since = day(_("From"), _("The first day on which citizens spoke."))
    until = day(_("Until"), _("The last day, included."))
    what = forms.ChoiceField(label=_("Question"), required=False)

    def __init__(self, *args: Any, texts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", _("Where does it hurt?")), *texts.items()]  # type: ignore[attr-defined]  # a choice field


def _texts() -> dict[str, str]:
    """The drafts and signed versions that can be tried, by a mark such as d3 or v7."""
    found = {f"d{one.pk}": gettext("Try the draft of %(title)s") % {"title": one.sop.title} for one in drafts()}
    for one in versions():
        found[f"v{one.pk}"] = gettext("Try version %(n)s of %(title)s") % {"n": one.version, "title": one.sop.title}
    return found


def _text_of(mark: str) -> str:
    """The whole document behind one of the marks of `_texts`; "" for none."""
    kind, number = mark[:1], mark[1:]
    if kind == "d" and (one := draft(int(number))):
        return whole_text(one.text, overlay=one.parent_id is not None)
    if kind == "v" and (signed := version(int(number))):
        return str(signed.text)
    return ""


@officer("lab")
def lab(request: OfficerRequest) -> HttpResponse:
    """The questions asked so far, and a new one. A press of `report` asks for the last twelve months."""
    today, texts = clock.today(request.member.government.timezone), _texts()
    first = {"since": today - YEAR, "until": today, "what": request.GET.get("what", "")}
    posted = request.method == "POST"
    form = (
        AskForm(first if "report" in request.POST else request.POST, texts=texts)
        if posted
        else AskForm(initial=first, texts=texts)
    )
    if posted and form.is_valid():
        what = form.cleaned_data["what"]
        try:
            run = ask(
                request.member.government,
                since=form.cleaned_data["since"],
                until=form.cleaned_data["until"],
                actor=actor(request),
                language=(get_language() or "id")[:2],
                text=_text_of(what),
                label=texts.get(what, ""),
            )
        except PeriodInvalid as problem:
            form.add_error("since", in_words(problem.said))
        except Busy as problem:
            form.add_error(None, said(problem))
        else:
            return redirect("desk:lab-run", run_id=run.pk)
    return render(request, "desk/lab/lab.html", {"form": form, "runs": recent()})


def _found(run_id: int) -> LabRun:
    run = run_in_scope(run_id)
    if run is None:
        raise Http404
    return run


@officer("lab")
def lab_run(request: OfficerRequest, run_id: int) -> HttpResponse:
    """How far a run is, or what it found. The progress alone for a page that asks again by itself."""
    run = _found(run_id)
    context: dict[str, Any] = {"run": run, "running": run.state in OPEN}
    if request.headers.get("HX-Request") and run.state in OPEN:
        return render(request, "desk/lab/progress.html", context)
    if request.headers.get("HX-Request"):
        response = HttpResponse()
        response.headers["HX-Refresh"] = "true"
        return response
    if run.state == LabRun.State.DONE:
        context |= shown(run)
    return render(request, PAGES[run.kind] if run.result else "desk/lab/waiting.html", context)


@officer("lab")
def lab_cancel(request: OfficerRequest, run_id: int) -> HttpResponse:
    """Stop a run."""
    run = _found(run_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if cancel(run.pk):
        messages.success(request, gettext("Stopped. Nothing was written."))
    return redirect("desk:lab")


@officer("lab")
def lab_report(request: OfficerRequest, run_id: int) -> HttpResponse:
    """The evaluation report of a finished run as PDF."""
    run = _found(run_id)
    if run.state != LabRun.State.DONE:
        raise Http404
    response = HttpResponse(report(run), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="evaluasi-sop-{run.since}-{run.until}.pdf"'
    return response
