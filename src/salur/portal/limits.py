"""How often one connection may write or guess; counted in the shared cache, so that every web process counts alike."""

from datetime import timedelta
from enum import Enum

from django.core.cache import cache
from django.http import HttpRequest

from salur.kernel import clock
from salur.kernel.crypto import blind_index

WINDOW = timedelta(hours=1)


class Limit(Enum):
    """What is counted, and how many an hour are fine for one address (a household or an office may share it)."""

    WRITE = 60
    GUESS = 60


def spent(request: HttpRequest, limit: Limit) -> bool:
    """Whether this connection has used up its hour."""
    return int(cache.get(_key(request, limit), 0)) >= limit.value


def count(request: HttpRequest, limit: Limit) -> None:
    """Count one more. Two at the same instant may count as one, which does no harm here."""
    key = _key(request, limit)
    if not cache.add(key, 1, timeout=int(WINDOW.total_seconds())):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two calls
            cache.add(key, 1, timeout=int(WINDOW.total_seconds()))


def _key(request: HttpRequest, limit: Limit) -> str:
    window = int(clock.now().timestamp() // WINDOW.total_seconds())
    return f"portal:{limit.name}:{window}:{blind_index(str(request.META.get('REMOTE_ADDR', '')))}"
