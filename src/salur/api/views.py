"""Health for whoever asks, measurements for this machine."""

from ipaddress import ip_address

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from salur.api.queries import database_answers, measurements


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, 503 when the database does not answer."""
    well = database_answers()
    body = {"program": "salur", "status": "ok" if well else "failing", "database": "ok" if well else "does not answer"}
    return JsonResponse(body, status=200 if well else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The measurements in Prometheus' text format 0.0.4, for callers on this machine; others find no page here."""
    if not _from_this_machine(request):
        raise Http404
    lines = []
    for one in measurements():
        lines += [f"# HELP {one.name} {one.meaning}", f"# TYPE {one.name} gauge"]
        lines += [
            f'{one.name}{{{one.label}="{key}"}} {value}' if key else f"{one.name} {value}"
            for key, value in one.values.items()
        ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _from_this_machine(request: HttpRequest) -> bool:
    """Loopback, and not passed on by a proxy on this machine for somebody else."""
    try:
        address = ip_address(str(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    return address.is_loopback and "HTTP_X_FORWARDED_FOR" not in request.META and "HTTP_FORWARDED" not in request.META
