"""Reading a citizen's text word by word without losing where each word stood.

Whatever people paste is accepted: styled letters, emoji, NUL, lone surrogates, a hundred kilobytes. Work is bounded:
only the first `MAX_CHARACTERS` characters and `MAX_TOKENS` words are read, and the original stays as it came.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from salur.language.words import SHORT_FORMS

MAX_CHARACTERS = 20_000
MAX_TOKENS = 3_000
MAX_WORD = 40

_WORD = re.compile(r"[^\W_]+")
_ROMAN = re.compile(r"[ivx]+")
_RUN = re.compile(r"(.)\1{2,}")
_FINAL_PAIR = re.compile(r"([a-z])\1$")
# What people glue to a word: "jalannya", "rusaklah", "adakah".
_ENDINGS = ("nya", "lah", "kah", "pun")
# Letters of other scripts that look Latin; used to slip words past filters.
_LOOKALIKES = {ord(a): b for a, b in zip("аеорсухіјѕԁһ", "aeopcyxijsdh", strict=True)}
# Letter blocks that Unicode does not fold: negative circled, negative squared, regional indicators.
_LETTER_BLOCKS = ((0x1F150, 0x1F169), (0x1F170, 0x1F189), (0x1F1E6, 0x1F1FF))


@dataclass(frozen=True, slots=True)
class Token:
    """One written word: `text` as we read it, `bare` without endings such as -nya, and its span in the original."""

    text: str
    bare: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as read: the untouched original and its words in order. `truncated` says that not all was read."""

    original: str
    tokens: tuple[Token, ...]
    truncated: bool

    @property
    def text(self) -> str:
        """The words as read, joined by single spaces."""
        return " ".join(token.text for token in self.tokens)

    def quote(self, first: int, last: int) -> str:
        """The citizen's own characters from word `first` up to, not including, word `last`."""
        return self.original[self.tokens[first].start : self.tokens[last - 1].end]


def normalise(text: str) -> Normalised:
    """Read a text into words: styles, case, accents and stretched letters folded, short forms written out.

    One token stands for each written word and knows its span in the original. Never raises on any string.
    """
    head = text[:MAX_CHARACTERS]
    folded, places = _fold(head)
    tokens: list[Token] = []
    truncated = len(text) > MAX_CHARACTERS
    for match in _WORD.finditer(folded):
        if match.end() - match.start() > MAX_WORD:
            continue
        if len(tokens) == MAX_TOKENS:
            truncated = True
            break
        word, bare = _read_word(match.group())
        start, last = match.start(), match.end() - 1
        if places is None:
            tokens.append(Token(word, bare, start, last + 1))
        else:
            tokens.append(Token(word, bare, places[start], places[last] + 1))
    return Normalised(text, tuple(tokens), truncated)


def _fold(text: str) -> tuple[str, list[int] | None]:
    """Plain lower-case characters, and for each of them its place in `text` (None where the places are the same)."""
    if text.isascii():
        return text.lower(), None
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        piece = character.lower() if character.isascii() else _fold_character(character)
        pieces.append(piece)
        places.extend([place] * len(piece))
    return "".join(pieces), places


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """One character as plain lower-case letters; nothing for marks and invisible characters: they split no words."""
    code = ord(character)
    for first, last in _LETTER_BLOCKS:
        if first <= code <= last:
            return chr(ord("a") + code - first)
    if unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return ""
    plain = unicodedata.normalize("NFKD", character).casefold()
    kept = "".join(part for part in plain if unicodedata.category(part) not in ("Mn", "Me"))
    return kept.translate(_LOOKALIKES)


@lru_cache(maxsize=16384)
def _read_word(word: str) -> tuple[str, str]:
    """The word as we read it, and the same without an ending."""
    if _ROMAN.fullmatch(word):
        return word, word
    word = _RUN.sub(r"\1", word)
    if len(word) > 4 and word.endswith("2") and word[:-1].isalpha():
        word = word[:-1]
    word = SHORT_FORMS.get(word, word)
    if len(word) > 4:
        word = _FINAL_PAIR.sub(r"\1", word)
        word = SHORT_FORMS.get(word, word)
    return word, _without_ending(word)


def _without_ending(word: str) -> str:
    """Drop one of -nya, -lah, -kah, -pun where at least four letters stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
