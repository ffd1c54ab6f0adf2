"""The door of the live pages."""

from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from salur.desk import live
from salur.desk.officer import OfficerRequest, officer
from salur.kernel import tenancy
from salur.kernel.database import parameters


@officer("see")
def changes(request: OfficerRequest) -> HttpResponseBase:
    """Tell an open page of changes in the cases its officer may see; 503 where too many pages are open already."""
    if live.full():
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    stream = live.events(tenancy.current(), parameters())
    if not connection.in_atomic_block:
        connection.close()  # the page stays open for long and needs none
    response = StreamingHttpResponse(stream, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
