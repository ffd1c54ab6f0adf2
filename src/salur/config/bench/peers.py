"""The peers' figures, from data/peers_speed.yaml."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parents[1] / "data" / "peers_speed.yaml"


@dataclass(frozen=True)
class Best:
    """The peer that does best on a row: its rate a second, or its median and 99th percentile in milliseconds."""

    name: str
    median: float
    p99: float | None

    def to_json(self) -> dict[str, Any]:
        """For --json."""
        return {"name": self.name, "median": self.median, "p99": self.p99}


@lru_cache(maxsize=1)
def speed() -> dict[str, Any]:
    """The whole document."""
    found: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return found


def best(row: str, by: str) -> Best:
    """The best peer of a row, judged by "rate" (the highest) or "p50" (the lowest). Raises KeyError for no such row."""
    named = [(name, one) for name, one in speed()["rows"][row].items() if name != "title" and by in one]
    name, one = (max if by == "rate" else min)(named, key=lambda pair: pair[1][by])
    label = speed()["peers"][name].partition(" (")[0]
    return Best(label, float(one[by]), None if by == "rate" else float(one["p99"]))
