"""Whom the portal lets in: everybody, across governments. What it shows is public, or theirs who hold the number."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from salur.kernel import tenancy


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
