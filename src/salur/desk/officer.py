"""Who is at the desk: the officer behind the request, their scope, and what their role may do."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from salur.agencies.models import Member, Role
from salur.agencies.queries import member_of, scope_of
from salur.channels.queries import disturbed_for
from salur.kernel import ledger, tenancy

EVERYONE = frozenset(Role)
MAY: dict[str, frozenset[str]] = {
    "see": EVERYONE,
    "counter": frozenset({Role.OPERATOR, Role.COORDINATOR}),
    "handle": frozenset({Role.OPERATOR, Role.COORDINATOR}),
    "refer": frozenset({Role.OPERATOR, Role.COORDINATOR}),
    "arbitrate": frozenset({Role.APPROVER, Role.COORDINATOR, Role.LEADER}),
    "draft": frozenset({Role.OPERATOR, Role.COORDINATOR}),
    "approve": frozenset({Role.APPROVER}),
    "close": frozenset({Role.APPROVER, Role.COORDINATOR}),
    "lab": frozenset({Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR}),
    "escalations": frozenset({Role.APPROVER, Role.COORDINATOR, Role.LEADER}),
    "quarantine": frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    "calendar": frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    "administer": frozenset({Role.ADMINISTRATOR}),
    "see_accounts": EVERYONE,
    "connect": frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    "see_sop": EVERYONE,
    "write_sop": frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    "review_sop": frozenset({Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.LEADER}),
    "sign_sop": frozenset({Role.LEADER}),
}
"""Which roles may do what. What is not named here nobody may do."""
OF_THE_WHOLE = frozenset({"lab", "sign_sop"})
"""What concerns every agency: of the leaders only those who answer for the whole government may do it."""


class OfficerRequest(HttpRequest):
    """A request whose officer is known."""

    member: Member


def officer(action: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Admit officers whose role may do `action`, and run the view in their scope and time zone.

    Nobody signed in is sent to the sign-in page; for everybody else a page that is not theirs does not exist (404).
    """
    assert action in MAY

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def admitted(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            member = member_of(request.user.pk, disturbed=disturbed_for(MAY["connect"]))
            if member is None or not may(member, action):
                raise Http404
            request.member = member
            with tenancy.use(scope_of(member)), timezone.override(ZoneInfo(member.government.timezone)):
                response = view(request, *args, **kwargs)
                # A lazy template would run its queries after the scope is gone.
                if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                    response.render()
                return response

        admitted.officer_action = action  # type: ignore[attr-defined]  # read by the test that walks every URL
        return admitted

    return decorate


def actor(request: OfficerRequest) -> str:
    """How the journal names this officer."""
    return ledger.member(request.member.pk)


def may(member: Member, action: str) -> bool:
    """Whether an officer may do something: by their role and, as a leader, by how far they answer."""
    if action in OF_THE_WHOLE and member.role == Role.LEADER and not member.government_wide:
        return False
    return member.role in MAY[action]
