"""The one place where the time of day enters; tests and the demonstration turn it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

_turned: ContextVar[datetime | None] = ContextVar("salur_turned_clock", default=None)


def now() -> datetime:
    """The present instant, aware; the turned one inside `turned_to`."""
    return _turned.get() or timezone.now()


def today(zone: str) -> date:
    """The present calendar day in a time zone such as "Asia/Jakarta"."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def turned_to(instant: datetime) -> Iterator[None]:
    """Let the clock stand at an aware instant for a block. Raises ValueError for a naive one."""
    if timezone.is_naive(instant):
        raise ValueError("the clock can only be turned to an instant with a time zone")
    token = _turned.set(instant)
    try:
        yield
    finally:
        _turned.reset(token)
