"""Two people, one text: drafts that wait for an approver, and drafts that came back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.agencies.queries import member_names
from salur.cases.moved import Moved, last_word, unmoved
from salur.cases.queries import messages_of
from salur.desk import journal
from salur.desk.forms import DeskForm, ReturnForm, ReviseForm
from salur.desk.officer import OfficerRequest, actor, officer
from salur.desk.refusals import said
from salur.desk.views_case import meanwhile
from salur.journey.act import act
from salur.kernel import ledger
from salur.publishing import queries, replies
from salur.publishing.models import Reply


@officer("approve")
def approvals(request: OfficerRequest) -> HttpResponse:
    """Drafts that wait for this approver, oldest first."""
    waiting = list(queries.to_approve()[:200])
    names = member_names({reply.drafted_by for reply in waiting})
    rows = [(reply, journal.who(reply.drafted_by, names)) for reply in waiting]
    return render(request, "desk/approvals.html", {"rows": rows})


@officer("approve")
def judge(request: OfficerRequest, reply_id: int) -> HttpResponse:
    """Read a draft beside what the citizen said, and release it or give it back."""
    reply = _found(reply_id)
    form = ReturnForm(request.POST if request.POST.get("decision") == "return" else None)
    if request.method != "POST":
        return _judge_page(request, reply, form)
    if request.POST.get("decision") == "approve":
        verb: Callable[[], object] = lambda: replies.approve(reply.pk, actor=actor(request))  # noqa: E731
        done = gettext("Released: it goes out now.")
    elif form.is_valid():
        verb = lambda: replies.give_back(reply.pk, note=form.cleaned_data["note"], actor=actor(request))  # noqa: E731
        done = gettext("Given back to the author.")
    else:
        return _judge_page(request, reply, form)
    return _do(request, reply, form, verb, done) or redirect("desk:approvals")


@officer("draft")
def revise(request: OfficerRequest, reply_id: int) -> HttpResponse:
    """Write a returned draft anew and lay it before an approver again."""
    reply = _found(reply_id)
    form = ReviseForm(request.POST if request.method == "POST" else None, initial={"text": reply.text})
    if request.method != "POST" or not form.is_valid():
        return _page(request, reply, form, "desk/revise.html")
    text = form.cleaned_data["text"]
    done = gettext("The draft waits for an approver.")
    again = _do(request, reply, form, lambda: replies.revise(reply.pk, text=text, actor=actor(request)), done)
    return again or redirect("desk:case", number=reply.case.number)
