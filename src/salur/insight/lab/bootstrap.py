"""How sure a share is: cases drawn again and again from those there were. Seeded and vectorised. Pure.

What is drawn are whole cases, for the obligations of one case hang together. Cases with the same counts are alike, so
drawing cases is drawing how many there are of each pattern: a multinomial draw, which is quick for any number of cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

DRAWS = 2000
LOW, HIGH = 2.5, 97.5
"""Percentiles of the draws: 95 % lie between."""

Draws = npt.NDArray[np.float64]
Pattern = tuple[int, int, int, int]
"""One case in one group: obligations kept and broken before, kept and broken after."""

_IMAGINED: tuple[Pattern, ...] = ((1, 0, 0, 1), (0, 1, 1, 0))
"""Two cases mixed into every draw, one kept and one broken on each side.

Three kept cases of three do not prove that all are kept. The two are no part of the share, and hardly move the interval
of many cases.
"""


@dataclass(frozen=True)
class Share:
    """How many obligations were kept of those that were decided, as a part of 1, with its 95 % interval.

    Without a decided obligation there is no share and no interval.
    """

    kept: int
    broken: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Difference:
    """Share after minus share before, with its 95 % interval, over the same cases (paired)."""

    value: float | None
    low: float | None
    high: float | None


def compare(patterns: Mapping[Pattern, int], seed: int, group: str) -> tuple[Share, Share, Difference]:
    """The shares before and after and their difference, from how many cases show each pattern.

    The same seed and group name give the same intervals, in whatever order the cases were counted.
    """
    decided = {pattern: count for pattern, count in sorted(patterns.items()) if any(pattern)}
    if not decided:
        nothing = Share(0, 0, None, None, None)
        return nothing, nothing, Difference(None, None, None)
    shapes = np.array([*decided, *_IMAGINED], dtype=np.float64)
    counts = np.array([*decided.values(), *(1 for _ in _IMAGINED)], dtype=np.float64)
    dice = np.random.default_rng([seed, crc32(group.encode())])
    drawn = dice.multinomial(int(counts.sum()), counts / counts.sum(), size=DRAWS) @ shapes
    real = counts[: len(decided)] @ shapes[: len(decided)]
    before, after = _shares(drawn[:, :2]), _shares(drawn[:, 2:])
    moved = any(pattern[:2] != pattern[2:] for pattern in decided)
    return _share(real[:2], before), _share(real[2:], after), _difference(real, after - before, moved=moved)


def _shares(drawn: Draws) -> Draws:
    total = drawn.sum(axis=1)
    nothing = np.full(len(total), np.nan)
    return np.asarray(np.divide(drawn[:, 0], total, out=nothing, where=total > 0), dtype=np.float64)


def _share(real: Draws, drawn: Draws) -> Share:
    kept, broken = int(real[0]), int(real[1])
    if kept + broken == 0:
        return Share(0, 0, None, None, None)
    share = kept / (kept + broken)
    low, high = np.nanpercentile(drawn, [LOW, HIGH])
    return Share(kept, broken, share, min(float(low), share), max(float(high), share))


def _difference(
    real: Draws,
    drawn: Draws,
    *,
    moved: bool,
) -> Difference:
    if real[:2].sum() == 0 or real[2:].sum() == 0:
        return Difference(None, None, None)
    value = float(real[2] / real[2:].sum() - real[0] / real[:2].sum())
    if not moved:  # whichever cases are drawn, nothing changes
        return Difference(0.0, 0.0, 0.0)
    low, high = np.nanpercentile(drawn, [LOW, HIGH])
    return Difference(value, min(float(low), value), max(float(high), value))
