"""How long an account may be silent before something is wrong, learned from its own traffic. Pure.

Silence is not measured in hours but in messages that were to be expected meanwhile: a Sunday night counts for little
where nobody writes on Sunday nights. For every hour of the week we know from the past weeks how much comes in it.
"""

import math
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

LEARNED_FROM = timedelta(days=28)
SHORTEST = timedelta(hours=6)
LONGEST = timedelta(days=28)
ENOUGH = 30
ENOUGH_TIME = timedelta(days=7)
CELL = timedelta(minutes=20)
UNLIKELY = 7.0
"""So many messages missing by chance alone: once in e^7, that is once in 1,100 silences."""
MARGIN = 1.5
"""What is once and a half as unusual as anything seen before."""
HOUR = timedelta(hours=1)
HOURS = 168
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)


def longest_silence(instants: Iterable[datetime], since: datetime) -> timedelta | None:
    """The longest silence to expect after `since`, from the (aware) instants of what came before.

    None with fewer than 30 instants or less than seven days between the first and the last. At least six hours, and
    never less than a silence that is among the instants themselves. Several instants within the same twenty minutes
    count as one, so that a storm on one evening does not make every later evening suspicious. Hours are those of a
    clock without summer time.
    """
    seen = sorted({cell_of(one) for one in instants})
    if len(seen) < ENOUGH or seen[-1] - seen[0] < ENOUGH_TIME:
        return None
    expected = _by_hour(seen)
    # What lies in one cell may be up to a cell apart from what lies in the next.
    widest = max(_between(expected, a, b + CELL) for a, b in zip(seen, seen[1:], strict=False))
    return max(SHORTEST, _until(expected, since, max(UNLIKELY, MARGIN * widest)))


def cell_of(instant: datetime) -> datetime:
    """The begin of the twenty minutes that an aware instant lies in."""
    return _MONDAY + CELL * ((instant - _MONDAY) // CELL)


def _by_hour(seen: list[datetime]) -> list[float]:
    """How much comes in each hour of the week; the hours beside it speak too, each half as loud."""
    weeks = max(1.0, (seen[-1] - seen[0]) / timedelta(days=7))
    count = Counter(_hour(one) for one in seen)
    return [
        (count[h] * 2 + count[(h - 1) % HOURS] + count[(h + 1) % HOURS]) / 4 / weeks
        for h in range(HOURS)
    ]  # fmt: skip


def _hour(instant: datetime) -> int:
    return (instant - _MONDAY) // HOUR % HOURS


def _between(expected: list[float], start: datetime, end: datetime) -> float:
    """How many messages were to be expected between two instants."""
    total, at = 0.0, start
    while at < end:
        step = min(_next_hour(at), end)
        total += expected[_hour(at)] * ((step - at) / HOUR)
        at = step
    return total


def _until(expected: list[float], start: datetime, much: float) -> timedelta:
    """How long after `start` so many messages were to be expected."""
    at, missing = start, much
    weeks = math.floor(much / sum(expected))
    at, missing = at + timedelta(days=7) * weeks, missing - weeks * sum(expected)
    while at - start < LONGEST:
        hour = expected[_hour(at)] * ((_next_hour(at) - at) / HOUR)
        if hour >= missing > 0:
            return at - start + HOUR * (missing / expected[_hour(at)])
        at, missing = _next_hour(at), missing - hour
        if missing <= 0:
            return at - start
    return LONGEST


def _next_hour(instant: datetime) -> datetime:
    return _MONDAY + HOUR * ((instant - _MONDAY) // HOUR + 1)
