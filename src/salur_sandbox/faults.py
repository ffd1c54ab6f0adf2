"""What goes wrong on purpose, and where it is written down."""

import random
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Faults:
    """Rates between 0 and 1, seconds, and numbers of calls.

    `lose`: hooks that are never sent; `duplicate`: sent twice; `shuffle`: the waiting ones go out of order; `delay`:
    seconds before the first try; `batch`: Meta gathers so many waiting entries into one POST; `fail_next`: each
    {platform, path, method, count, status} refuses the next calls; `drop_answer`: each {platform, path, count} does the
    act and breaks the connection before answering. `seed` makes the chances repeatable.
    """

    lose: float = 0.0
    duplicate: float = 0.0
    shuffle: bool = False
    delay: float = 0.0
    batch: int = 1
    fail_next: list[dict[str, Any]] = field(default_factory=list)
    drop_answer: list[dict[str, Any]] = field(default_factory=list)
    seed: int = 1
    chance: random.Random = field(default_factory=lambda: random.Random(1), repr=False)

    def set(self, wanted: dict[str, Any]) -> None:
        """Set what is named and leave the rest. Raises ValueError for an unknown word."""
        known = {"lose", "duplicate", "shuffle", "delay", "batch", "fail_next", "drop_answer", "seed"}
        if unknown := set(wanted) - known:
            raise ValueError(f"unknown faults: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        for name, value in wanted.items():
            listed = name in ("fail_next", "drop_answer") and isinstance(value, dict)
            setattr(self, name, [dict(value)] if listed else value)
        if "seed" in wanted:
            self.chance.seed(self.seed)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.set(Faults().told() | {"seed": 1})

    def falls(self, rate: float) -> bool:
        """Whether a chance of this rate comes true."""
        return rate > 0 and self.chance.random() < rate

    def takes(self, which: list[dict[str, Any]], platform: str, method: str, path: str) -> dict[str, Any] | None:
        """The first rule that holds for a call, counted down; None where none does."""
        for rule in which:
            named = rule.get("platform") in (None, "", platform) and str(rule.get("path") or "") in path
            if not named or rule.get("method") not in (None, "", method) or int(rule.get("count", 1)) < 1:
                continue
            rule["count"] = int(rule.get("count", 1)) - 1
            return rule
        return None

    def told(self) -> dict[str, Any]:
        """What is set now."""
        return {
            "lose": self.lose,
            "duplicate": self.duplicate,
            "shuffle": self.shuffle,
            "delay": self.delay,
            "batch": self.batch,
            "fail_next": self.fail_next,
            "drop_answer": self.drop_answer,
        }
