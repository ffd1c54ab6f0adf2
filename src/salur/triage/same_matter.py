"""What is known of one matter before it is compared with others."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

from salur.language.normalise import Normalised
from salur.triage.same_marks import Mark, read_marks, read_things, skeleton

_EVERYWHERE = frozenset(("bandar", "lampung", "jalan", "gang"))
_LETTER_BITS = 512


class Rarity(Protocol):
    """What is known of words: how rare each is, and which are everyday words and so no names."""

    def weight(self, word: str) -> float:
        """The inverse document frequency of a word, natural logarithm, above 0."""

    def everyday(self, word: str) -> bool:
        """Whether the word is an everyday word rather than a name."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What one message or case speaks of.

    `words`: the normalised words in order. `functions`: pairs of code and probability. `places`: Kemendagri codes of
    the areas named, or of the one area the account serves where none is named; several of one level are candidates.
    `point`: latitude and longitude in degrees. `marks`: see `read_marks`. `at`: aware instant of the first voice.
    `post`: key of the post under which it was said, empty for none.
    """

    id: str
    words: tuple[str, ...]
    functions: tuple[tuple[str, float], ...] = ()
    places: tuple[str, ...] = ()
    point: tuple[float, float] | None = None
    marks: frozenset[Mark] = frozenset()
    at: datetime = datetime.fromtimestamp(0, UTC)
    open: bool = True
    post: str = ""

    @classmethod
    def said(cls, id: str, text: Normalised, at: datetime, plain: Container[str]) -> "Matter":
        """A matter from a text alone, with the marks read from it. `plain`: see `read_marks`."""
        return cls(id, tuple(token.bare for token in text.tokens), marks=read_marks(text, plain), at=at)


@dataclass(frozen=True, slots=True)
class Traits:
    """A matter made ready to be compared many times."""

    matter: Matter
    words: frozenset[str]
    names: frozenset[str]
    things: frozenset[str]
    letters: int
    joined: str
    spaced: str
    areas: Mapping[int, frozenset[str]]
    days: float


def traits(matter: Matter, rarity: Rarity) -> Traits:
    """Make a matter ready to be compared. Everyday words are told from names by the base, not by what is open."""
    words = frozenset(word for word in matter.words if len(word) > 2 or word.isdigit())
    names = frozenset(
        skeleton(word)
        for word in words
        if word.isalpha() and len(word) > 3 and word not in _EVERYWHERE and not rarity.everyday(word)
    )
    letters = 0
    for word in words:
        if not rarity.everyday(word) or rarity.weight(word) > 2:
            padded = f" {word} "
            for start in range(len(padded) - 2):
                letters |= 1 << (_stable(padded[start : start + 3]) % _LETTER_BITS)
    return Traits(
        matter=matter,
        words=words,
        names=names,
        things=read_things(matter.words),
        letters=letters,
        joined="".join(matter.words),
        spaced=f" {' '.join(matter.words)} ",
        areas=_areas(matter.places),
        days=matter.at.timestamp() / 86400,
    )


def _stable(piece: str) -> int:
    """A number of three letters that is the same in every process."""
    return (ord(piece[0]) * 31 + ord(piece[1])) * 31 + ord(piece[2])


@lru_cache(maxsize=65536)
def _areas(codes: tuple[str, ...]) -> Mapping[int, frozenset[str]]:
    """Codes with all that lie above them, by level: 1 province, 2 regency, 3 district, 4 village."""
    found: dict[int, set[str]] = {}
    for code in codes:
        parts = code.split(".")
        for level in range(2, len(parts) + 1):
            found.setdefault(level, set()).add(".".join(parts[:level]))
    return {level: frozenset(group) for level, group in found.items()}
