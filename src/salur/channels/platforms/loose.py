"""Reading JSON of platforms without believing in its shape: a wrong type is an absent value, never an exception.

Strict models lose messages: ids come as numbers, lists as objects, seconds as milliseconds or text.
"""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from salur.channels.platforms.text import clean_json, clean_line
from salur.channels.ports import Raw, Unreadable

_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def read_object(raw: Raw) -> Mapping[str, Any]:
    """The JSON object of a delivery, fit to store (no NUL, no lone surrogates). Raises Unreadable."""
    found = read_value(raw)
    if not isinstance(found, Mapping):
        raise Unreadable("JSON is no object")
    return found


def read_value(raw: Raw) -> Any:
    """The JSON value of a delivery, fit to store. Raises Unreadable."""
    try:
        return clean_json(json.loads(raw.body))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no readable JSON ({type(error).__name__})") from error


def part(value: Any, *path: str) -> Any:
    """The value under these keys; None where any of them is absent or no object."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def table(value: Any, *path: str) -> Mapping[str, Any]:
    """The object under these keys; an empty one where there is none."""
    found = part(value, *path)
    return found if isinstance(found, Mapping) else {}


def rows(value: Any, *path: str) -> list[Any]:
    """The list under these keys; a lone object counts as a list of one; else an empty list."""
    found = part(value, *path)
    if isinstance(found, list):
        return found
    return [found] if isinstance(found, Mapping) and found else []


def ident(value: Any, *path: str) -> str:
    """An id as text: numbers as they are written, at most 300 characters; "" for anything else."""
    found = part(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)[:300]
    return clean_line(found)[:300] if isinstance(found, str) else ""


def words(value: Any, *path: str) -> str:
    """A text with its line breaks, stripped; numbers as they are written; "" for anything else."""
    found = part(value, *path)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(found)
    return found.replace("\r\n", "\n").strip() if isinstance(found, str) else ""


def moment(value: Any, *path: str) -> datetime | None:
    """An instant in UTC, or None: unix seconds or milliseconds (number or text), or ISO 8601 (else in UTC)."""
    found = part(value, *path)
    if isinstance(found, str):
        text = found.strip()
        try:
            found = float(text)
        except ValueError:
            return _written(text)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found) or found <= 0:
        return None
    seconds = found / 1000 if found > 100_000_000_000 else found
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return at if at < _LATEST else None


def _written(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    try:
        return at.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def first(*values: str) -> str:
    """The first that is not empty."""
    return next((one for one in values if one), "")


def each(value: Any, *path: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a list with their places; what is no object is passed over."""
    for place, one in enumerate(rows(value, *path)):
        if isinstance(one, Mapping):
            yield place, one


def within(at: datetime | None, received_at: datetime | None, slack: timedelta = timedelta(minutes=5)) -> datetime:
    """The instant, where it is told and does not lie in the future of the receipt; else the receipt's own, or now."""
    now = received_at or datetime.now(UTC)
    return at if at is not None and at <= now + slack else now
