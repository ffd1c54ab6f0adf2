"""Instants: read from text, and brought into a calendar's zone."""

import re
from datetime import datetime, tzinfo

# datetime.fromisoformat takes any character between date and time; ISO 8601 and people write T or a space.
_WRITTEN = re.compile(r"[0-9W-]+([Tt ][0-9:.,]+([Zz]|[+-][0-9:]+)?)?")


class InstantError(ValueError):
    """An instant that cannot be used; the text says what to write instead."""


def parse_instant(text: str, tz: tzinfo) -> datetime:
    """Read an ISO 8601 instant, such as 2026-03-13T09:00+07:00; the result is aware.

    An instant without an offset is wall time in `tz`; a date alone is its midnight there. Raises InstantError.
    """
    written = text.strip()
    try:
        if _WRITTEN.fullmatch(written) is None:
            raise ValueError("not ISO 8601")
        instant = datetime.fromisoformat(written)
    except ValueError as error:
        raise InstantError(
            f"cannot read the instant {text!r}: write ISO 8601, such as 2026-03-13T09:00+07:00 ({error})"
        ) from error
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=tz)


def in_zone(instant: datetime, tz: tzinfo) -> datetime:
    """The same instant as wall time in `tz`. Raises InstantError when it is naive or out of range."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise InstantError(f"{instant.isoformat()} has no time zone: give an aware datetime")
    try:
        return instant.astimezone(tz)
    except OverflowError as error:
        raise InstantError(f"{instant.isoformat()} is too far away to be counted from") from error
