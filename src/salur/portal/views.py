"""The front page, the form, and the receipt."""

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from salur.channels.models import Account
from salur.portal.access import public, remember_receipt
from salur.portal.filing import file_form
from salur.portal.forms import ReportForm
from salur.portal.limits import Limit, count, spent
from salur.portal.queries import agencies_to_choose, filed, portal_accounts, promises

FIRST = "18"
"""The code of the government that the form offers first."""


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    """What Salur is, its two doors, how long it takes."""
    accounts = portal_accounts()
    first = chosen(accounts, FIRST)
    return render(
        request,
        "portal/home.html",
        {
            "governments": [account.government for account in accounts],
            "first": first.government if first else None,
            "promises": _promises(first) if first else [],
        },
    )


def _promises(account: Account) -> list[tuple[str, str]]:
    document = promises(account.government)
    if document is None:
        return []
    found = []
    for rule in document.kinds.values():
        span = rule.answer_within
        within = {
            "working_days": ngettext("%(n)d working day", "%(n)d working days", span.amount),
            "working_hours": ngettext("%(n)d working hour", "%(n)d working hours", span.amount),
            "calendar_days": ngettext("%(n)d day", "%(n)d days", span.amount),
        }[span.unit]
        found.append((rule.name.en if get_language() == "en" else rule.name.id, within % {"n": span.amount}))
    return found


def chosen(accounts: list[Account], code: str) -> Account | None:
    """The portal account of the government with this code; else of the one offered first, else any, else None."""
    by_code = {account.government.code: account for account in accounts}
    return by_code.get(code) or by_code.get(FIRST) or next(iter(accounts), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def report(request: HttpRequest) -> HttpResponse:
    """The form. Works without JavaScript: a button of its own shows the agencies of another government."""
    accounts = portal_accounts()
    account = chosen(accounts, request.POST.get("government") or request.GET.get("government") or FIRST)
    if account is None:
        return render(request, "portal/closed.html", status=503)
    known: dict[str, Any] = {"accounts": accounts, "agencies": agencies_to_choose(account.government)}
    status = 200
    if request.method == "POST" and "show_agencies" not in request.POST:
        form = ReportForm(request.POST, request.FILES, **known)
        if form.is_valid():
            if not spent(request, Limit.WRITE):
                count(request, Limit.WRITE)
                return redirect("portal:receipt", file_form(account, form.cleaned_data["form_id"], form.cleaned_data))
            form.add_error(None, too_often())
            status = 429
    else:
        start = {"form_id": uuid.uuid4(), **request.POST.dict(), "government": account.government.code}
        form = ReportForm(initial=start, **known)
    return render(request, "portal/report.html", {"form": form}, status=status)


def too_often() -> str:
    """What is said to a connection that has written very often."""
    return gettext(
        "Many messages came from this connection within the last hour. Your words are still here: please send them "
        "again later, or go to the agency's counter."
    )


@require_safe
@public
def agencies(request: HttpRequest) -> HttpResponse:
    """The select of agencies for another government, put into the form in place."""
    accounts = portal_accounts()
    account = chosen(accounts, request.GET.get("government", ""))
    if account is None:
        raise Http404
    form = ReportForm(accounts=accounts, agencies=agencies_to_choose(account.government))
    return render(request, "salur/field.html", {"field": form["agency"]})


@never_cache
@require_safe
@public
def receipt(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What became of a filed form; only who filed it knows the key. The number shows once the case is open."""
    found = filed(key)
    if found is None:
        raise Http404
    if getattr(request, "htmx", False):  # the page asks whether it is worth loading anew
        return HttpResponse(status=204) if found.waiting else HttpResponse(headers={"HX-Refresh": "true"})
    link = settings.SALUR_BASE_URL + reverse("portal:case", args=[found.case.number]) if found.case else ""
    page = {"filed": found, "case": found.case, "key": key, "link": link}
    response = render(request, "portal/receipt.html", page)
    if found.case:
        remember_receipt(response, found.case.number)
    return response
