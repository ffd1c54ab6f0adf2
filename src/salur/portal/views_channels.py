"""The official channels of a government, and which of them are disturbed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from salur.channels.queries import public_channels
from salur.portal.access import public
from salur.portal.queries import portal_accounts
from salur.portal.views import FIRST, chosen


@require_safe
@public
def channels(request: HttpRequest) -> HttpResponse:
    """Where a government can be written to, whether it works now, and how else to report."""
    accounts = portal_accounts()
    account = chosen(accounts, request.GET.get("government") or FIRST)
    found = public_channels(account.government_id) if account else []
    context = {
        "governments": [one.government for one in accounts],
        "government": account.government if account else None,
        "channels": found,
        "disturbed": sum(one.disturbed_since is not None for one in found),
    }
    return render(request, "portal/channels.html", context)
