"""The sandbox's own time: the machine's, moved by as much as a test wants."""

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970, moved by `shift` seconds. Windows, tokens, limits and redeliveries all go by it."""

    def __init__(self) -> None:
        self.shift = 0.0

    def now(self) -> float:
        """Unix seconds, with fractions."""
        return time.time() + self.shift

    def moment(self) -> datetime:
        """The same instant, aware, in UTC."""
        return moment(self.now())


def moment(at: float) -> datetime:
    """Unix seconds as an aware instant in UTC."""
    return datetime.fromtimestamp(at, UTC)


def graph(at: float) -> str:
    """As the Graph API writes it: 2024-02-06T09:31:16+0000."""
    return moment(at).strftime("%Y-%m-%dT%H:%M:%S+0000")


def zulu(at: float) -> str:
    """As X and YouTube write it: 2026-07-24T21:05:48.000Z."""
    told = moment(at)
    return f"{told:%Y-%m-%dT%H:%M:%S}.{told.microsecond // 1000:03d}Z"


def instant(text: str) -> float:
    """Unix seconds of what a client wrote: seconds, or ISO 8601 (naive is UTC). Raises ValueError."""
    if text.replace(".", "", 1).isdigit():
        return float(text)
    told = datetime.fromisoformat(text.replace("+0000", "+00:00").replace("Z", "+00:00"))
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
