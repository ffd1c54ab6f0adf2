"""All open matters in memory, so that a new message finds those it may belong to within milliseconds.

Held by one process and rebuilt from the cases when it starts: a copy, never the truth. About 4.5 kB a matter.
"""

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from salur.language.normalise import normalise
from salur.triage.corpus_file import examples
from salur.triage.same import ASK, Matter, Pair, Traits, compare, traits
from salur.triage.same_marks import THINGS, skeleton

_WIDE = 4_000
"""A key that more matters share than this says too little to look them all up."""
_MOST_POSTINGS = 60_000
_COMPARED = 60
_EVERYDAY_SHARE = 0.35
_EVERYDAY_TIMES = 2
_PLAIN_SHARE = 0.1
_PLAIN_TIMES = 4


@dataclass(frozen=True, slots=True)
class Base:
    """What words are like in general: in how many texts each occurs, and which are everyday words.

    `plain` are those of the everyday words that are sure enough to end a name.
    """

    texts: int
    frequency: Mapping[str, int]
    words: frozenset[str]
    plain: frozenset[str]

    @classmethod
    def build(cls, texts: Iterable[str]) -> "Base":
        """Count the words of texts. A word mostly written small within sentences is no name."""
        count, frequency, small, large = 0, Counter[str](), Counter[str](), Counter[str]()
        for text in texts:
            count += 1
            read = normalise(text)
            frequency.update({token.bare for token in read.tokens})
            for token in read.tokens:
                if token.start:
                    (small if text[token.start].islower() else large)[token.bare] += 1
        everyday = {
            word
            for word, times in small.items()
            if times >= _EVERYDAY_TIMES and large[word] <= _EVERYDAY_SHARE * (times + large[word])
        }
        plain = {word for word in everyday if small[word] >= _PLAIN_TIMES and large[word] <= _PLAIN_SHARE * small[word]}
        return cls(count, dict(frequency), frozenset(everyday) | THINGS.keys(), frozenset(plain))


@lru_cache(maxsize=1)
def shipped_base() -> Base:
    """The base of the invented reports that are shipped (the seed corpus)."""
    return Base.build(one.text for one in examples())


class OpenMatters:
    """The index of open matters. Not safe for several threads at once."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._slots: dict[str, int] = {}
        self._known: list[Traits | None] = []
        self._free: list[int] = []
        self._postings: dict[str, array[int]] = {}
        self._frequency: Counter[str] = Counter()
        self._scores = np.zeros(1024, dtype=np.float32)

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, id: str) -> bool:
        return id in self._slots

    def weight(self, word: str) -> float:
        """The inverse document frequency over the base and the open matters."""
        times = self._base.frequency.get(word, 0) + self._frequency.get(word, 0)
        return math.log((self._base.texts + len(self._slots) + 2) / (times + 1))

    def everyday(self, word: str) -> bool:
        """Whether the base knows the word as an everyday word."""
        return word in self._base.words

    def add(self, matter: Matter) -> None:
        """Hold an open matter. The same id again replaces what was held; the same matter again changes nothing."""
        held = self._slots.get(matter.id)
        if held is not None:
            known = self._known[held]
            if known is not None and known.matter == matter:
                return
            self.remove(matter.id)
        one = traits(matter, self)
        slot = self._free.pop() if self._free else len(self._known)
        if slot == len(self._known):
            self._known.append(one)
            if slot >= len(self._scores):
                self._scores = np.zeros(2 * len(self._scores), dtype=np.float32)
        else:
            self._known[slot] = one
        self._slots[matter.id] = slot
        self._frequency.update(one.words)
        for key in _keys(one):
            posting = self._postings.get(key)
            if posting is None:
                self._postings[key] = array("I", (slot,))
            else:
                posting.insert(bisect_left(posting, slot), slot)

    def remove(self, id: str) -> None:
        """Let go of a matter that was closed or merged. Raises KeyError for one that is not held."""
        slot = self._slots.pop(id)
        one = self._known[slot]
        assert one is not None
        self._known[slot] = None
        self._free.append(slot)
        self._frequency.subtract(one.words)
        for word in one.words:
            if not self._frequency[word]:
                del self._frequency[word]
        for key in _keys(one):
            posting = self._postings[key]
            del posting[bisect_left(posting, slot)]
            if not posting:
                del self._postings[key]

    def candidates(self, new: Matter, most: int = 10) -> list[Pair]:
        """The open matters that may be the same as `new`, the likeliest first, from ASK on; never `new` itself."""
        one = traits(new, self)
        pairs = []
        for other in self._nearest(one):
            if other.matter.id != new.id:
                pair = compare(one, other, self)
                if pair.p >= ASK:
                    pairs.append(pair)
        return sorted(pairs, key=lambda pair: (-pair.p, pair.id))[:most]

    def _nearest(self, one: Traits) -> list[Traits]:
        """Those that share most with a matter, by the rarity of the keys they share; equals by id."""
        found = sorted((len(posting), key) for key in _keys(one) if (posting := self._postings.get(key)) is not None)
        touched: list[np.ndarray] = []
        budget = _MOST_POSTINGS
        total = len(self._slots) + 2
        for size, key in found:
            if size > _WIDE and touched or size > budget:
                break
            budget -= size
            slots = np.frombuffer(self._postings[key], dtype=np.uint32)
            self._scores[slots] += math.log(total / size) ** 2
            touched.append(slots.copy())
        if not touched:
            return []
        every = np.concatenate(touched)
        scores = self._scores[every]
        self._scores[every] = 0
        enough = min(len(every), _COMPARED * len(touched))
        least = np.partition(scores, len(scores) - enough)[len(scores) - enough]
        picked = {
            int(slot): float(score) for slot, score in zip(*self._above(every, scores, float(least)), strict=True)
        }
        known = [(score, held) for slot, score in picked.items() if (held := self._known[slot]) is not None]
        known.sort(key=lambda entry: (-entry[0], entry[1].matter.id))
        return [held for _, held in known[:_COMPARED]]

    @staticmethod
    def _above(every: np.ndarray, scores: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
        keep = scores >= least
        return every[keep], scores[keep]


def _keys(one: Traits) -> frozenset[str]:
    """By what a matter is found: rare words as they sound, marks, its post, and its things within its areas."""
    matter = one.matter
    keys = {f"w:{skeleton(word)}" for word in one.words if len(word) > 3}
    if matter.post:
        keys.add(f"p:{matter.post}")
    for mark in matter.marks:
        sound = " ".join(skeleton(word) for word in mark.name.split())
        keys.add(f"m:{mark.kind}:{sound}")
        keys.update(f"t:{thing}:{sound}" for thing in one.things)
    for level in (3, 4):
        for code in one.areas.get(level, ()):
            keys.update(f"a:{code}:{thing}" for thing in one.things)
            keys.update(f"f:{code}:{function}" for function, p in matter.functions if p >= 0.25)
    return frozenset(keys)
