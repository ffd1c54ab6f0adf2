"""Whether a paper is genuine: anybody may compare the hash on it with the SOPs that were signed."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from salur.portal.access import public
from salur.portal.limits import Limit, count, spent
from salur.portal.queries import signed_papers
from salur.sop.printed import paper_of

_HASH = re.compile(r"[0-9a-f]{64}")
LONGEST = 500
"""Characters of what was typed that are looked at; a whole address with a hash in it is far shorter."""


@require_safe
@public
def search(request: HttpRequest) -> HttpResponse:
    """The field for a hash, or for the whole address that stands on the paper."""
    typed = request.GET.get("hash", "")[:LONGEST]
    found = _HASH.search("".join(typed.split()).lower())
    if found:
        return redirect("portal:sop", found[0])
    context = {"typed": typed.strip()[:80], "wrong": "hash" in request.GET}
    return render(request, "portal/sop.html", context, status=404 if typed.strip() else 200)


@require_safe
@public
def verify(request: HttpRequest, sha256: str) -> HttpResponse:
    """What was signed under a hash: by whom, when, since when and until when it is in force; else 404."""
    if spent(request, Limit.GUESS):
        return render(request, "429.html", status=429)
    papers = signed_papers(sha256) if _HASH.fullmatch(sha256) else []
    if not papers:
        count(request, Limit.GUESS)
    context = {"sha256": sha256[:64], "papers": papers, "unknown": not papers, "typed": sha256[:80]}
    return render(request, "portal/sop.html", context, status=200 if papers else 404)


@cache_control(public=True, max_age=3600)
@require_safe
@public
def paper(request: HttpRequest, sha256: str, code: str) -> HttpResponse:
    """The signed form as PDF. One content may be signed by several governments: `code` names whose paper it is."""
    if spent(request, Limit.GUESS):
        return render(request, "429.html", status=429)
    found = next((one.version for one in signed_papers(sha256) if one.version.government.code == code), None)
    if found is None:
        count(request, Limit.GUESS)
        raise Http404
    response = HttpResponse(paper_of(found.pk), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="sop-{code}-{found.sop.code}-v{found.version}.pdf"'
    return response
