"""How well voices of one matter are found, on clusters that were planted, and the fitting of the weights. Pure.

The planted clusters (corpus/same.tsv) are invented: `family.number`, where number 0 is the matter with its many voices
and the others are its look-alikes: the same words about another place, another matter at the same place, the same thing
again after a repair. A family lies wholly in the tuning part or in the quarter that tests.
"""

import csv
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from importlib.resources import files
from itertools import combinations

import numpy as np

from salur.language.normalise import normalise
from salur.triage.same import FEATURES, JOIN, Matter, Pair, Rarity, compare, traits

_ROUNDS = 50
_NOON = timedelta(hours=5)

Places = tuple[str, ...]
Functions = tuple[tuple[str, float], ...]
Read = Callable[[str, str], tuple[Places, Functions]]
"""From a text and the area its account serves: the codes of areas, and functions with their probabilities."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One invented report: its cluster, where it truly is, the area of the account it came to, and its post."""

    cluster: str
    place: str
    at: datetime
    area: str
    post: str
    text: str

    @property
    def family(self) -> str:
        """The cluster together with its look-alikes."""
        return self.cluster.partition(".")[0]

    @property
    def test(self) -> bool:
        """Whether the family belongs to the quarter of families that nothing was tuned on."""
        return blake2b(self.family.encode(), digest_size=1).digest()[0] % 4 == 3


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair as judged and as it is: `same` one case, `apart` at different places."""

    pair: Pair
    same: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """Pairwise measures at a threshold; `wrong_places`: pairs joined although they lie at different places.

    `asked`: pairs between ASK and JOIN, shown to an officer. `calibration`: expected error of p in ten bins.
    """

    pairs: int
    precision: float
    recall: float
    f1: float
    wrong_places: int
    asked: int
    calibration: float


def planted() -> tuple[Planted, ...]:
    """The shipped clusters, in the order of the file."""
    text = (files("salur.triage") / "corpus" / "same.tsv").read_text("utf-8")
    return tuple(map(_planted, csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)))


def _planted(row: Mapping[str, str]) -> Planted:
    channel, _, post = row["channel"].partition("/")
    at = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) + _NOON
    area = channel.partition("@")[2]
    return Planted(row["cluster"], row["place"], at, area, f"{channel}/{post}" if post else "", row["text"])


def as_matter(one: Planted, id: str, read: Read, plain: Container[str]) -> Matter:
    """What a reading makes of a planted report. The true place is not looked at."""
    places, functions = read(one.text, one.area)
    said = Matter.said(id, normalise(one.text), one.at, plain)
    return replace(said, places=places, functions=functions, post=one.post)


def judge(reports: Sequence[Planted], read: Read, rarity: Rarity, plain: Container[str]) -> Iterator[Judged]:
    """Every pair of reports compared; ids are their numbers in the sequence."""
    ready = [traits(as_matter(one, str(number), read, plain), rarity) for number, one in enumerate(reports)]
    for (one, this), (other, that) in combinations(zip(reports, ready, strict=True), 2):
        same = one.cluster == other.cluster
        yield Judged(compare(this, that, rarity), same, one.place != other.place)


def measure(pairs: Iterable[Judged], join: float = JOIN, ask: float = 0.0) -> Quality:
    """Pairwise precision, recall and F1 of joining from `join` on. Raises ValueError where no pair is given."""
    every = list(pairs)
    if not every:
        raise ValueError("Nothing to measure on: there is no pair.")
    joined = [judged for judged in every if judged.pair.p >= join]
    right, same = sum(judged.same for judged in joined), sum(judged.same for judged in every)
    precision, recall = right / len(joined) if joined else 1.0, right / same if same else 1.0
    return Quality(
        pairs=len(every),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if right else 0.0,
        wrong_places=sum(judged.apart for judged in joined),
        asked=sum(ask <= judged.pair.p < join for judged in every) if ask else 0,
        calibration=_calibration(every),
    )


def _calibration(every: Sequence[Judged]) -> float:
    """The expected calibration error in ten equal bins, over the pairs with any probability at all."""
    rated = [judged for judged in every if judged.pair.p >= 0.01]
    bins: dict[int, list[Judged]] = {}
    for judged in rated:
        bins.setdefault(min(int(judged.pair.p * 10), 9), []).append(judged)
    off = (abs(sum(judged.pair.p - judged.same for judged in group)) for group in bins.values())
    return sum(off) / len(rated) if rated else 0.0


def fit(pairs: Iterable[Judged], ridge: float = 1.0) -> tuple[float, dict[str, float]]:
    """Bias and weights of the logistic that explain the pairs best (Newton, with a ridge on the weights)."""
    open_to = [judged for judged in pairs if judged.pair.features]
    x = np.array([[1.0, *(judged.pair.features[name] for name in FEATURES)] for judged in open_to])
    y = np.array([float(judged.same) for judged in open_to])
    weights, penalty = np.zeros(x.shape[1]), np.full(x.shape[1], ridge)
    penalty[0] = 1e-6
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (p - y) + penalty * weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return float(weights[0]), {name: float(value) for name, value in zip(FEATURES, weights[1:], strict=True)}
