"""The door for programs that speak Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), at /open311/v2/.

Reports are taken in batch: a POST is answered with a token, by which the program learns the number of the case once it
is open. Whoever files or asks after requests shows the api_key of its account; it sees its own requests and no others.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from salur.api import open311_requests as door
from salur.api.open311_answers import Fault, refused, rows, single
from salur.api.queries import Search
from salur.channels.models import Account
from salur.kernel import tenancy

P = ParamSpec("P")
TAKEN = (
    *("service_code", "lat", "long", "address_string", "address_id", "email", "device_id", "account_id"),
    *("first_name", "last_name", "phone", "description", "media_url"),
)


def endpoint(
    *methods: str,
) -> Callable[[Callable[Concatenate[HttpRequest, str, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Serve a resource in the form its name ends in; whatever stands against it is told in that form too."""

    def wrap(view: Callable[Concatenate[HttpRequest, str, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @never_cache
        @csrf_exempt
        def served(request: HttpRequest, form: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise Fault(405, f"use {' or '.join(methods)}")
                with tenancy.use(tenancy.EVERYTHING):
                    return view(request, form, *args, **kwargs)
            except Fault as fault:
                return refused(form, fault)

        return served

    return wrap


def _text(fields: QueryDict, name: str) -> str:
    return fields.get(name, "").replace("\0", "").strip()


def _account(fields: QueryDict) -> Account:
    return door.account(door.jurisdiction(_text(fields, "jurisdiction_id")), _text(fields, "api_key"))


@endpoint("GET")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Where the door is and what it speaks (Open311 Service Discovery)."""
    here = settings.SALUR_BASE_URL + reverse("api:open311_discovery", args=[form]).rpartition("/")[0] + "/v2"
    told = {"specification": "http://wiki.open311.org/GeoReport_v2", "url": here, "type": "production"}
    return single(form, "discovery", {"changeset": "2026-11-24T00:00:00Z", "endpoints": [told]})


@endpoint("GET")
def services(request: HttpRequest, form: str) -> HttpResponse:
    """GET services: what may be reported to a government."""
    government = door.jurisdiction(_text(request.GET, "jurisdiction_id"))
    return rows(form, ("services", "service"), door.services(government))


@endpoint("GET")
def service(request: HttpRequest, form: str, service_code: str) -> HttpResponse:
    """GET service definition: no service asks for more than the words."""
    government = door.jurisdiction(_text(request.GET, "jurisdiction_id"))
    code = door.mandate(government, service_code).function_id
    return single(form, "service_definition", {"service_code": code, "attributes": []})


@endpoint("GET", "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """POST service request, and GET service requests."""
    if request.method == "POST":
        said = {name: value for name in TAKEN if (value := _text(request.POST, name))}
        token = door.file(_account(request.POST), said)
        told = {"token": token, "service_notice": "", "account_id": said.get("account_id", "")}
        return rows(form, ("service_requests", "request"), [told], 201)
    found = door.requests(_account(request.GET), _search(request.GET))
    return rows(form, ("service_requests", "request"), found)


@endpoint("GET")
def request_by_id(request: HttpRequest, form: str, number: str) -> HttpResponse:
    """GET service request: where one stands."""
    found = door.requests(_account(request.GET), Search(numbers=(number,)))
    if not found:
        raise Fault(404, "service_request_id was not found")
    return rows(form, ("service_requests", "request"), found)


@endpoint("GET")
def token(request: HttpRequest, form: str, token: str) -> HttpResponse:
    """GET service_request_id from a token: empty until the case is open."""
    number = door.request_of_token(_account(request.GET), token)
    return rows(form, ("service_requests", "request"), [{"service_request_id": number, "token": token}])


def _search(fields: QueryDict) -> Search:
    return Search(
        numbers=_several(fields, "service_request_id"),
        service_codes=_several(fields, "service_code"),
        statuses=tuple(sorted(set(_several(fields, "status")))),
        since=_moment(fields, "start_date"),
        until=_moment(fields, "end_date"),
    )


def _several(fields: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in _text(fields, name).split(",") if one.strip())[:200]


def _moment(fields: QueryDict, name: str) -> datetime | None:
    """An instant of the standard's W3C form; one without an offset is in UTC."""
    written = _text(fields, name)
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Fault(400, f"{name} is no date and time such as 2026-11-24T08:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
