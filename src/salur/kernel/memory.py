"""What one transaction wrote or read itself, so that it is not read again. Outside `opened` nothing is kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_known: ContextVar[dict[str, Any] | None] = ContextVar("salur_known", default=None)


@contextmanager
def opened() -> Iterator[None]:
    """Keep what is told inside the block, which must be one transaction: a rollback makes its memory wrong."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def keep(name: str, thing: object) -> None:
    """Keep a thing under a name such as "case:12". Whoever changes its row by another way calls `forget`."""
    known = _known.get()
    if known is not None:
        known[name] = thing


def kept(name: str) -> Any:
    """What was kept under this name, or None."""
    known = _known.get()
    return known.get(name) if known is not None else None


def once(name: str, read: Callable[[], T]) -> T:
    """What `read` finds, found once a transaction."""
    known = _known.get()
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    found: T = known[name]
    return found


def forget(*names: str) -> None:
    """Have these things read anew."""
    known = _known.get()
    for name in names if known else ():
        known.pop(name, None)  # type: ignore[union-attr]  # there is a memory, or there are no names


def forget_all() -> None:
    """Have everything read anew."""
    known = _known.get()
    if known:
        known.clear()
