"""Whom the portal lets in: everybody, across governments. What it shows is public, or theirs who hold the number.

A number that was said in public is no key any more. Then only who filed the report here and opened its receipt, whose
address nobody else knows, is let in; the browser keeps that as a signed cookie until it is closed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import reverse

from salur.kernel import tenancy

RECEIPT = "salur_receipt"


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Admit anybody and run the view unscoped; the view alone decides what it shows."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with tenancy.use(tenancy.EVERYTHING):
            response = view(request, *args, **kwargs)
            # A lazy template would run its queries after the scope is gone.
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
            return response

    open_to_all.public = True  # type: ignore[attr-defined]  # read by the test that walks every URL
    return open_to_all


def remember_receipt(response: HttpResponse, number: str) -> None:
    """Let the browser that shows the receipt of a report show the whole of this report, until it is closed."""
    response.set_signed_cookie(
        RECEIPT,
        number,
        salt=RECEIPT,
        path=reverse("portal:case", args=[number]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def holds_receipt(request: HttpRequest, number: str) -> bool:
    """Whether this browser has shown the receipt of the report with this number."""
    return bool(request.get_signed_cookie(RECEIPT, default=None, salt=RECEIPT) == number)
