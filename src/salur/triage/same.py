"""Whether two matters are one: the same thing at the same place, and still the same occurrence. Pure.

Likeness alone never joins: people write the same sentence about two streets. Whatever shows that two matters lie at
different places excludes the pair; without a place or a post in common it stays below JOIN, whatever the words say.
The weights are fitted by `same_measure.fit` on the tuning families of the planted clusters (corpus/same.tsv).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salur.triage.same_matter import Matter, Rarity, Traits, traits
from salur.triage.same_place import Ground, ground_of
from salur.triage.same_reasons import Difference, Likeness, Sign

__all__ = ("ASK", "JOIN", "Matter", "Pair", "Rarity", "Traits", "compare", "decide", "traits")

JOIN = 0.60
"""From here on a message joins as a voice. Set by measurement: see docs/explanation/reading.md."""
ASK = 0.25
"""From here on an officer sees the pair side by side."""
_JUST_BELOW = 0.01
_SURER = 0.8
_PASSING_DAYS = 15.0
_LASTING_DAYS = 60.0
_PASSING = frozenset(("flood", "fire", "theft", "jam", "power", "poisoning", "party", "indecency", "elephant"))
_AGAIN_DAYS = 21.0
_AGAIN = frozenset(("lagi", "kembali", "kambuh", "padahal"))
_REPAIRED = frozenset(("diperbaiki", "dibenerin", "ditambal", "diaspal", "dibersihkan", "selesai", "digiring", "baru"))

FEATURES = (
    "street",
    "landmark",
    "village",
    "spot",
    "spots_apart",
    "district",
    "near",
    "post",
    "names",
    "names_shared",
    "names_apart",
    "words",
    "letters",
    "things",
    "things_apart",
    "thing_there",
    "function",
    "function_apart",
    "days",
    "again",
)
WEIGHTS: Mapping[str, float] = {
    "street": 1.636,
    "landmark": 1.392,
    "village": -0.040,
    "spot": 0.325,
    "spots_apart": -1.995,
    "district": -0.613,
    "near": 0.000,
    "post": 0.989,
    "names": -0.173,
    "names_shared": 0.610,
    "names_apart": -2.095,
    "words": 1.196,
    "letters": 0.520,
    "things": 3.122,
    "things_apart": -1.997,
    "thing_there": 2.004,
    "function": 0.454,
    "function_apart": 0.024,
    "days": -3.540,
    "again": -2.011,
}
BIAS = -3.732


@dataclass(frozen=True, slots=True)
class Pair:
    """A new matter beside an open one: `p` that both are one case, the features it follows from, the signs to show."""

    id: str
    p: float
    features: Mapping[str, float]
    signs: tuple[Sign, ...]


def compare(one: Traits, other: Traits, rarity: Rarity) -> Pair:
    """How probable it is that both are one case. Symmetric in p; `id` is that of `other`.

    p is 0 where the places contradict. It stays below JOIN without a place or post in common, and where one is closed.
    """
    ground = ground_of(one, other)
    if ground.apart:
        return Pair(other.matter.id, 0.0, {}, ground.apart)
    features = _features(one, other, ground, rarity)
    p = probability(features)
    if not _anchored(ground, features, p) or not (one.matter.open and other.matter.open):
        p = min(p, JOIN - _JUST_BELOW)
    return Pair(other.matter.id, p, features, _signs(one, other, ground, features))


def probability(features: Mapping[str, float]) -> float:
    """The logistic of the weighted features."""
    return 1 / (1 + math.exp(-BIAS - sum(WEIGHTS.get(name, 0.0) * value for name, value in features.items())))


def decide(pairs: Sequence[Pair]) -> str:
    """ "join" the best pair, "ask" an officer, or "open" a new case.

    It looks at the likeliest pair alone.
    """
    ranked = sorted((pair.p for pair in pairs), reverse=True)
    if not ranked or ranked[0] < ASK:
        return "open"
    return "join" if ranked[0] >= JOIN else "ask"


def _anchored(ground: Ground, features: Mapping[str, float], p: float) -> bool:
    """Whether something ties both to one place.

    A street name alone does not: every town has a Jalan Sudirman. Names in common without their kind may be those of a
    whole district, so they must be all that is named, and the rest must be surer.
    """
    if ground.near:
        return True
    if ground.partly:
        return False
    if ground.spots_apart and not (ground.street or ground.landmark):
        return False
    if ground.village or features["post"]:
        return True
    if ground.street or ground.landmark:
        return ground.regency or (ground.street and ground.landmark)
    return p >= _SURER and features["names_shared"] > 0 and not features["names_apart"] and ground.regency


def _features(one: Traits, other: Traits, ground: Ground, rarity: Rarity) -> dict[str, float]:
    names, shared, apart = _names(one, other)
    days = abs(one.days - other.days)
    agree, disagree = _functions(one.matter.functions, other.matter.functions)
    later = max((one, other), key=lambda each: (each.days, each.matter.id))
    again = bool(later.words & _AGAIN and later.words & _REPAIRED)
    things = one.things & other.things
    either = min(len(one.things), len(other.things))
    bits = one.letters.bit_count() * other.letters.bit_count()
    placed = ground.street or ground.landmark or ground.village or ground.near or (names >= 0.5 and shared > 0)
    return {
        "street": float(ground.street),
        "landmark": float(ground.landmark),
        "village": float(ground.village),
        "spot": float(ground.spot),
        "spots_apart": float(ground.spots_apart),
        "district": float(ground.district),
        "near": float(ground.near),
        "post": float(bool(one.matter.post) and one.matter.post == other.matter.post),
        "names": names,
        "names_shared": shared,
        "names_apart": apart,
        "words": _cosine(one, other, rarity),
        "letters": (one.letters & other.letters).bit_count() / math.sqrt(bits) if bits else 0.0,
        "things": 2 * len(things) / (len(one.things) + len(other.things)) if either else 0.0,
        "things_apart": float(bool(either) and not things),
        "thing_there": float(placed and bool(things)),
        "function": agree,
        "function_apart": disagree,
        "days": 1 - math.exp(-days / (_PASSING_DAYS if (one.things | other.things) & _PASSING else _LASTING_DAYS)),
        "again": float(again and days > _AGAIN_DAYS) + float(days > 2 * _AGAIN_DAYS),
    }


def _names(one: Traits, other: Traits) -> tuple[float, float, float]:
    """The share of the names of the poorer text that the other holds, how many both hold, and how many each lacks.

    Both counts end at three, which counts as 1.
    """
    shared = len(one.names & other.names)
    fewer = min(len(one.names), len(other.names))
    return shared / fewer if fewer else 0.0, min(shared, 3) / 3, min(fewer - shared, 3) / 3


def _functions(one: Sequence[tuple[str, float]], other: Sequence[tuple[str, float]]) -> tuple[float, float]:
    """The probability that both are of one function, and that they are of different ones; 0 where none is known."""
    there = dict(other)
    agree = sum(p * there.get(code, 0.0) for code, p in sorted(one))
    return agree, sum(p for _, p in one) * sum(there.values()) - agree


def _cosine(one: Traits, other: Traits, rarity: Rarity) -> float:
    """The cosine of both texts by the rarity of their words."""
    shared = sum(rarity.weight(word) ** 2 for word in sorted(one.words & other.words))
    if not shared:
        return 0.0
    lengths = (sum(rarity.weight(word) ** 2 for word in sorted(each.words)) for each in (one, other))
    return shared / math.sqrt(math.prod(lengths))


def _signs(one: Traits, other: Traits, ground: Ground, features: Mapping[str, float]) -> tuple[Sign, ...]:
    """What speaks for and against, for the officer: likenesses first."""
    days = round(abs(one.days - other.days))
    marks = sorted(a.name for a in one.matter.marks for b in other.matter.marks if a == b and a.kind != "km")
    found = [
        (ground.street, Sign(Likeness.STREET, marks[0] if marks else "")),
        (ground.landmark, Sign(Likeness.LANDMARK)),
        (ground.village, Sign(Likeness.VILLAGE)),
        (ground.near, Sign(Likeness.NEAR)),
        (bool(features["post"]), Sign(Likeness.POST)),
        (features["things"] > 0, Sign(Likeness.THING)),
        (features["words"] > 0.5, Sign(Likeness.WORDS)),
        (features["things_apart"] > 0, Sign(Difference.THING)),
        (features["function_apart"] > 0.5, Sign(Difference.FUNCTION)),
        (features["names_apart"] > 0.5, Sign(Difference.NAMES)),
        (features["again"] > 0, Sign(Difference.AGAIN)),
        (not (one.matter.open and other.matter.open), Sign(Difference.CLOSED)),
        (True, Sign(Likeness.DAYS if days < _AGAIN_DAYS else Difference.DAYS, str(days))),
    ]
    return tuple(sign for holds, sign in found if holds)
