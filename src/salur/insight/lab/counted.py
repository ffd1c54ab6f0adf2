"""Counts that worker processes make and one process adds up: the result does not depend on who counted what. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from salur.insight.lab.history import Journal
from salur.insight.lab.workdays import HUNDREDTHS


@dataclass
class Counted:
    """A dataclass of whole numbers and Counters of whole numbers, which can be added to another of its class."""

    def merge(self, other: Any) -> None:
        """Add another's counts to these."""
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif isinstance(mine, int):
                setattr(self, one.name, mine + theirs)


@dataclass
class Sifted(Counted):
    """How many cases of a period were counted (`cases`, of them `open_cases`), and how many could not be, and why."""

    cases: int = 0
    unopened: int = 0
    unbound: int = 0
    unfoldable: int = 0
    open_cases: int = 0

    def version_of(self, journal: Journal) -> int | None:
        """The version under which a case is counted; None, and noted here, where it cannot be."""
        if not journal.facts:
            self.unopened += 1
            return None
        self.unbound += journal.version_id is None
        return journal.version_id


@dataclass(frozen=True)
class Spread:
    """How long something took or how late it was, in working days: how often, the median, the ninth decile, the sum.

    A quantile is the smallest value that so large a part of all does not exceed; None where there is nothing.
    """

    count: int
    median: float | None
    p90: float | None
    total: float


def spread(values: Mapping[int, int] | Iterable[tuple[int, int]]) -> Spread:
    """The spread of values given as hundredths of working days with how often each came; a value may come twice."""
    often: Counter[int] = Counter()
    for value, times in values.items() if isinstance(values, Mapping) else values:
        often[value] += times
    total = sum(value * times for value, times in often.items())
    count = often.total()
    return Spread(count, _quantile(often, count, 50), _quantile(often, count, 90), total / HUNDREDTHS)


def _quantile(often: Counter[int], count: int, percent: int) -> float | None:
    wanted = -(-count * percent // 100)
    passed = 0
    for value in sorted(often):
        passed += often[value]
        if passed >= wanted:
            return value / HUNDREDTHS
    return None
