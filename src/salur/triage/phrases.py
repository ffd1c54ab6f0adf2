"""Finding known phrases in a normalised text: one look-up for each word, the longest phrase wins."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, Self, TypeVar

from salur.language.normalise import Normalised, Token, normalise

Meaning = TypeVar("Meaning")
# Prepositions that people glue to the next word: "dijalan", "kesekolah".
_GLUED = ("di", "ke")


@dataclass(frozen=True, slots=True)
class Found(Generic[Meaning]):
    """A phrase in a text: words `first` up to, not including, `last`, and everything the phrase means."""

    first: int
    last: int
    phrase: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class PhraseIndex(Generic[Meaning]):
    """Phrases by their first word, longest first."""

    by_first: Mapping[str, tuple[tuple[tuple[str, ...], tuple[Meaning, ...]], ...]]

    @classmethod
    def build(cls, phrases: Iterable[tuple[str, Meaning]], hiding: Iterable[str] = ()) -> Self:
        """Index phrases; each is normalised as texts are, and one phrase may carry several meanings.

        `hiding` phrases are found without any meaning, and so keep shorter phrases inside them from being found.
        """
        meanings: dict[tuple[str, ...], list[Meaning]] = {}
        for phrase in hiding:
            meanings[tuple(token.text for token in normalise(phrase).tokens)] = []
        for phrase, meaning in phrases:
            words = tuple(token.text for token in normalise(phrase).tokens)
            if words and meaning not in meanings.setdefault(words, []):
                meanings[words].append(meaning)
        by_first: dict[str, list[tuple[tuple[str, ...], tuple[Meaning, ...]]]] = {}
        for words, group in meanings.items():
            by_first.setdefault(words[0], []).append((words, tuple(group)))
        for entries in by_first.values():
            entries.sort(key=lambda entry: (-len(entry[0]), entry[0]))
        return cls(MappingProxyType({first: tuple(entries) for first, entries in by_first.items()}))

    def find(self, text: Normalised) -> Iterator[Found[Meaning]]:
        """Phrases from left to right that do not overlap; at each word the longest one."""
        by_first, tokens = self.by_first, text.tokens
        resume = 0
        for place, token in enumerate(tokens):
            if place < resume:
                continue
            entries = by_first.get(token.text)
            if entries is None and token.bare is not token.text:
                entries = by_first.get(token.bare)
            if entries is None and token.text[:2] in _GLUED and len(token.text) > 5:
                entries = by_first.get(token.text[2:]) or by_first.get(token.bare[2:])
            for words, meanings in entries or ():
                if len(words) == 1 or _continues(words, tokens, place):
                    resume = place + len(words)
                    yield Found(place, resume, " ".join(words), meanings)
                    break


def _continues(words: tuple[str, ...], tokens: tuple[Token, ...], place: int) -> bool:
    """Whether the words after the first stand behind `place` too, with or without endings."""
    if place + len(words) > len(tokens):
        return False
    for ahead in range(1, len(words)):
        token = tokens[place + ahead]
        if words[ahead] != token.text and words[ahead] != token.bare:
            return False
    return True


@dataclass(frozen=True, slots=True)
class PairIndex(Generic[Meaning]):
    """Pairs of words that mean something when they stand near each other, in either order."""

    first_words: Mapping[str, tuple[int, ...]]
    second_words: Mapping[str, frozenset[int]]
    meanings: tuple[Meaning, ...]

    @classmethod
    def build(cls, pairs: Iterable[tuple[Iterable[str], Iterable[str], Meaning]]) -> Self:
        """Index (words, near words, meaning); the words are normalised as texts are."""
        first: dict[str, list[int]] = {}
        second: dict[str, set[int]] = {}
        meanings: list[Meaning] = []
        for words, near, meaning in pairs:
            for word in words:
                first.setdefault(_single(word), []).append(len(meanings))
            for word in near:
                second.setdefault(_single(word), set()).add(len(meanings))
            meanings.append(meaning)
        return cls(
            MappingProxyType({word: tuple(group) for word, group in first.items()}),
            MappingProxyType({word: frozenset(group) for word, group in second.items()}),
            tuple(meanings),
        )

    def find(self, text: Normalised, reach: int, passed_over: Container[int]) -> Iterator[Found[Meaning]]:
        """Each pair once, where it first stands with at most `reach` words from one word to the other.

        Words at the places in `passed_over` are not read.
        """
        tokens = text.tokens
        waiting: dict[int, list[int]] = {}
        for place, token in enumerate(tokens):
            if place in passed_over:
                continue
            for pair in self.first_words.get(token.text) or self.first_words.get(token.bare) or ():
                waiting.setdefault(pair, []).append(place)
        if not waiting:
            return
        for place, token in enumerate(tokens):
            if place in passed_over:
                continue
            pairs = self.second_words.get(token.text) or self.second_words.get(token.bare) or frozenset()
            for pair in sorted(pairs & waiting.keys()):
                partner = min(waiting[pair], key=lambda other: abs(other - place))
                if 0 < abs(partner - place) <= reach:
                    del waiting[pair]
                    left, right = sorted((partner, place))
                    phrase = f"{tokens[left].text} … {tokens[right].text}"
                    yield Found(left, right + 1, phrase, (self.meanings[pair],))


def _single(word: str) -> str:
    return normalise(word).tokens[0].text
