"""Who may see which rows: one scope per request or job, enforced by the manager of every tenant table."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from django.db import models


class NoScope(RuntimeError):
    """A tenant table was read outside any scope: a bug, never an empty answer."""


@dataclass(frozen=True)
class Scope:
    """What the present request or job may see.

    `government_id` None means every government (the worker, the command line, the portal looking a number up);
    `agency_ids` None means every agency of that government.
    """

    government_id: int | None
    agency_ids: frozenset[int] | None = None


EVERYTHING = Scope(government_id=None)
_scope: ContextVar[Scope | None] = ContextVar("salur_scope", default=None)


@contextmanager
def use(scope: Scope) -> Iterator[None]:
    """Run a block within one scope; scopes nest and the inner one counts."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def current() -> Scope:
    """The scope in force. Raises NoScope when there is none."""
    scope = _scope.get()
    if scope is None:
        raise NoScope("no scope in force: wrap the work in tenancy.use(...)")
    return scope


T = TypeVar("T", bound=models.Model)


class TenantManager(models.Manager[T]):
    """Shows only the rows of the scope in force: its government, and its agencies where the table has a path to one."""

    def get_queryset(self) -> models.QuerySet[T]:
        """The rows in scope. Raises NoScope outside any scope."""
        scope, rows = current(), super().get_queryset()
        if scope.government_id is not None:
            rows = rows.filter(government_id=scope.government_id)
        path = getattr(self.model, "AGENCY_PATH", "")
        if scope.agency_ids is not None and path:
            rows = rows.filter(**{f"{path}__in": scope.agency_ids})
        return rows


class Tenant(models.Model):
    """A row that belongs to one government. `AGENCY_PATH` is the lookup that leads to the agency it belongs to."""

    AGENCY_PATH: ClassVar[str] = ""

    objects = TenantManager()

    class Meta:
        abstract = True
