"""Two people, one text: drafts that wait for an approver, and drafts that came back."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.agencies.queries import member_names
from salur.cases.moved import Moved, last_word, unless_moved
from salur.cases.queries import messages_of
from salur.desk import journal
from salur.desk.forms import DeskForm, ReturnForm, ReviseForm
from salur.desk.officer import OfficerRequest, actor, officer
from salur.desk.refusals import said
from salur.desk.said import heard
from salur.desk.views_case import meanwhile, seen_in
from salur.journey.act import act
from salur.kernel import ledger
from salur.kernel.events import Fact
from salur.publishing import queries, replies
from salur.publishing.models import Reply
from salur.publishing.preview import preview
from salur.publishing.withdraw import was_withdrawn
from salur.publishing.withdraw import withdraw as take_back


@officer("approve")
def approvals(request: OfficerRequest) -> HttpResponse:
    """Drafts that wait for an approver of this agency, oldest first."""
    waiting = list(queries.to_approve()[:200])
    names = member_names({reply.drafted_by for reply in waiting})
    rows = [(reply, journal.who(reply.drafted_by, names)) for reply in waiting]
    return render(request, "desk/approvals.html", {"rows": rows})


@officer("approve")
def judge(request: OfficerRequest, reply_id: int) -> HttpResponse:
    """Read a draft beside what the citizen said, and release it or give it back."""
    reply = _found(reply_id)
    decision = request.POST.get("decision", "")
    form = ReturnForm(request.POST if decision == "return" else None)
    if decision == "approve":
        verb: Callable[[], object] = partial(replies.approve, reply.pk, actor=actor(request))
        done = gettext("Released: it goes out in ten seconds, and can be taken back until then.")
    elif decision == "return" and form.is_valid():
        verb = partial(replies.give_back, reply.pk, note=form.cleaned_data["note"], actor=actor(request))
        done = gettext("Given back to the author.")
    else:
        return _page(request, reply, form, "desk/judge.html")
    refused = _do(request, reply, verb, done)
    if refused:
        return _page(request, reply, form, "desk/judge.html", **refused)
    # The page of the case is where a released answer can be taken back.
    return redirect("desk:case", number=reply.case.number) if decision == "approve" else redirect("desk:approvals")


@officer("approve")
def withdraw(request: OfficerRequest, reply_id: int) -> HttpResponse:
    """Take a released answer back before it is sent: it waits for an approver again."""
    reply = _found(reply_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        act(take_back, reply.pk, actor(request))
    except replies.NotAllowed as refusal:
        messages.warning(request, said(refusal))
    else:
        messages.success(
            request, gettext("Taken back: nothing was sent. Release it again, or give it back for a change.")
        )
    return redirect("desk:case", number=reply.case.number)


@officer("draft")
def revise(request: OfficerRequest, reply_id: int) -> HttpResponse:
    """Write a returned draft anew and lay it before an approver again."""
    reply = _found(reply_id)
    facts = ledger.journal(reply.case.stream)
    form = _revision(request, reply, facts)
    if request.method != "POST" or not form.is_valid() or "look" in request.POST:
        return _page(request, reply, form, "desk/revise.html", facts)
    verb = partial(replies.revise, reply.pk, **form.cleaned_data, actor=actor(request))
    refused = _do(request, reply, verb, gettext("The draft waits for an approver."))
    if refused:
        return _page(request, reply, form, "desk/revise.html", **refused)
    return redirect("desk:case", number=reply.case.number)


def _revision(request: OfficerRequest, reply: Reply, facts: Sequence[Fact]) -> ReviseForm:
    """The form of a returned draft, with how it would go out as it is written now."""
    posted = request.POST if request.method == "POST" else None
    written = posted or {"text": reply.text, "answer_in": reply.answer_in}
    text, answer_in = str(written.get("text", "")), str(written.get("answer_in", ""))
    ways = preview(reply.case, text, reply.purpose, answer_in, facts)
    chosen = reply.answer_in or ("same" if ways.in_public else replies.PRIVATELY)
    return ReviseForm(posted, ways=ways, initial={"text": reply.text, "answer_in": chosen})


def _found(reply_id: int) -> Reply:
    reply = queries.reply(reply_id)
    if reply is None:
        raise Http404
    return reply


def _do(request: OfficerRequest, reply: Reply, verb: Callable[[], object], done: str) -> dict[str, Any]:
    """Run the verb unless the case moved; an empty dict on success, else what the page has to say."""
    seen = seen_in(request)
    try:
        act(unless_moved, reply.case_id, seen, verb)
    except Moved:
        return meanwhile(reply.case, seen)
    except replies.NotAllowed as refusal:
        return {"refusal": said(refusal), "seen": seen}
    messages.success(request, done)
    return {}


def _page(
    request: OfficerRequest,
    reply: Reply,
    form: DeskForm,
    template: str,
    journal_of_case: Sequence[Fact] | None = None,
    **refused: Any,
) -> HttpResponse:
    names = member_names({reply.drafted_by})
    current = _found(reply.pk) if refused else reply
    facts = ledger.journal(reply.case.stream) if journal_of_case is None else journal_of_case
    # How a draft that is written anew goes out stands in its form.
    waits = current.state == Reply.State.SUBMITTED and not isinstance(form, ReviseForm)
    context = {
        "reply": current,
        "taken_back": was_withdrawn(current),
        "ways": preview(reply.case, current.text, current.purpose, current.answer_in, facts) if waits else None,
        "case": reply.case,
        "form": form,
        "drafted_by": journal.who(reply.drafted_by, names),
        "own": reply.drafted_by == actor(request),
        "messages_said": heard(messages_of(reply.case)),
        "seen": last_word(facts),
    }
    return render(request, template, context | refused, status=409 if "meanwhile" in refused else 200)
