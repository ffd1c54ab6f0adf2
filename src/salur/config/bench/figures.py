"""What a measurement comes to: rounds and single times, their medians, and the ratio to the best peer. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from salur.config.bench.peers import Best, best


@dataclass(frozen=True)
class Figure:
    """One row of the report.

    `unit` is "/s" (higher is better; values are the rates of rounds, `p99` is None) or "ms" (lower is better; values
    are single times), else the unit of a plain quantity. `n` counts the values, `per` says what one of them is.
    """

    measure: str
    name: str
    unit: str
    minimum: float
    median: float
    p99: float | None
    n: int
    peer: Best | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better than the best peer at the median; above 1 Salur is ahead. None without a peer."""
        if self.peer is None or not self.median or not self.peer.median:
            return None
        return self.median / self.peer.median if self.unit == "/s" else self.peer.median / self.median

    @property
    def ratio_p99(self) -> float | None:
        """The same at the 99th percentile; None for rates."""
        if self.peer is None or not self.p99 or not self.peer.p99:
            return None
        return self.peer.p99 / self.p99

    def to_json(self) -> dict[str, Any]:
        """The row for --json."""
        return {
            "measure": self.measure,
            "name": self.name,
            "unit": self.unit,
            "min": self.minimum,
            "median": self.median,
            "p99": self.p99,
            "n": self.n,
            "best_peer": None if self.peer is None else self.peer.to_json(),
            "ratio": self.ratio,
            "ratio_p99": self.ratio_p99,
            "note": self.note,
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of all values do not exceed. Raises ValueError where there are none."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def rates(measure: str, name: str, per_round: Sequence[float], *, row: str = "", note: str = "") -> Figure:
    """A figure of rates, one a round; `row` names the peers' row to compare with."""
    peer = best(row, "rate") if row else None
    return Figure(measure, name, "/s", min(per_round), median(per_round), None, len(per_round), peer, note)


def times(measure: str, name: str, seconds: Sequence[float], *, row: str = "", note: str = "") -> Figure:
    """A figure of single times given in seconds, reported in milliseconds."""
    ms = [one * 1000 for one in seconds]
    peer = best(row, "p50") if row else None
    return Figure(measure, name, "ms", min(ms), median(ms), percentile(ms, 0.99), len(ms), peer, note)
