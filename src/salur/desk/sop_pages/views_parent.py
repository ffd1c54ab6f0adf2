"""Following the SOP of the government above: adopting it, where ours diverges, and what its revision brings."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.desk.officer import OfficerRequest, actor, may, officer
from salur.desk.sop_pages.views_draft import sentence_of
from salur.desk.sop_pages.views_read import in_short, sop_in_scope
from salur.journey.act import act
from salur.sop import parents, queries
from salur.sop.compare import differences
from salur.sop.document.load import SopInvalid
from salur.sop.drafts import Conflict
from salur.sop.models import Sop, SopVersion
from salur.sop.versions import Refused, document_of


@officer("see_sop")
def parent(request: OfficerRequest, sop_id: int) -> HttpResponse:
    """Which SOP this one follows or may follow, and a draft on it for whoever may write one."""
    sop = sop_in_scope(sop_id)
    last = next(iter(queries.versions(sop.pk)), None)
    if request.method == "POST":
        return _begin(request, sop)
    whole = queries.version(last.pk) if last else None
    follows = parents.following(whole) if whole else None
    context: dict[str, Any] = {"sop": sop, "last": last, "draft": queries.draft_of(sop.pk), "follows": follows}
    if follows is not None:
        context |= {"diverging": in_short(follows.diverging)}
        if follows.brings is not None:
            brings = follows.brings
            context |= {"taken": in_short(brings.taken_over), "hidden": in_short(brings.hidden), "brings": brings}
    elif offered := _offered(request, sop):
        context["offered"] = offered
        context["differs"] = in_short(differences(document_of(last.pk), document_of(offered.pk))) if last else []
    return render(request, "desk/sop/parent.html", context)


def _offered(request: OfficerRequest, sop: Sop) -> SopVersion | None:
    offered = parents.adoptable(request.member.government)
    return offered if offered is not None and offered.sop.code == sop.code else None


def _begin(request: OfficerRequest, sop: Sop) -> HttpResponse:
    """A draft that follows: the newest version of the parent, or for the first time the one of the government above."""
    if not may(request.member, "write_sop"):
        raise Http404
    who, draft = actor(request), queries.draft_of(sop.pk)
    last = next(iter(queries.versions(sop.pk)), None)
    try:
        if draft is not None:
            act(parents.follow_newest, draft.pk, base_revision=draft.revision, actor=who)
        elif last is not None and last.parent_id is not None:
            act(parents.begin_rebased, sop.government_id, sop.code, actor=who)
        elif offered := _offered(request, sop):
            act(parents.begin_child, sop.government_id, offered.pk, actor=who)
        else:
            raise Http404
    except Refused as refusal:
        messages.warning(request, sentence_of(refusal))
    except (Conflict, SopInvalid):
        messages.warning(request, gettext("The draft does not fit the newest version: open it in the editor first."))
    else:
        messages.success(request, gettext("The draft follows the SOP of the government above: read it first."))
        return redirect("desk:sop-draft", sop_id=sop.pk)
    return redirect("desk:sop-parent", sop_id=sop.pk)
