"""The SOP on paper: the signed form of a version, and the form of a draft marked as one."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext

from salur.desk.officer import OfficerRequest, officer
from salur.sop import queries
from salur.sop.document.load import SopInvalid
from salur.sop.printed import paper_of, paper_of_draft


@officer("see_sop")
def version(request: OfficerRequest, version_id: int) -> HttpResponse:
    """The signed form of a version as PDF."""
    found = queries.version(version_id)
    if found is None:
        raise Http404
    return _pdf(paper_of(found.pk), f"sop-{request.member.government.code}-{found.sop.code}-v{found.version}.pdf")


@officer("see_sop")
def draft(request: OfficerRequest, draft_id: int) -> HttpResponse:
    """The form of the draft as it is now, as PDF; every page says that it is not signed."""
    found = queries.draft(draft_id)
    if found is None:
        raise Http404
    try:
        content = paper_of_draft(found)
    except SopInvalid:
        advice = gettext("The draft no longer fits the SOP it follows. Open it in the editor and mend it there first.")
        return HttpResponse(advice, status=409, content_type="text/plain; charset=utf-8")
    response = _pdf(content, f"sop-{request.member.government.code}-{found.sop.code}-draft-{found.revision}.pdf")
    response["Cache-Control"] = "no-store"
    return response


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
