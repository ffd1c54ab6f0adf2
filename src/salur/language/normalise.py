"""Reading a citizen's text word by word without losing where each word stood.

Whatever people paste is accepted: styled letters, emoji, NUL, lone surrogates, a hundred kilobytes. Work is bounded:
only the first `MAX_CHARACTERS` characters and `MAX_TOKENS` words are read, and the original stays as it came.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from salur.language.chat import is_hidden, with_digits, written_out
from salur.language.fold import EMOJI_NAMES, Folded, fold
from salur.language.tongues import JAVANESE, LOCAL_WORDS, SUNDANESE
from salur.language.words import SHORT_FORMS

MAX_CHARACTERS = 20_000
MAX_TOKENS = 3_000
MAX_WORD = 40

_WORD = re.compile(r"[^\W_]+")
_ROMAN = re.compile(r"[ivx]+")
_RUN = re.compile(r"(.)\1{2,}")
_FINAL_PAIR = re.compile(r"([a-z])\1$")
# What people glue to a word: "jalannya", "rusaklah", "adakah"; a doubled word: "jalan-jalan".
_ENDINGS = ("nya", "lah", "kah", "pun")
_JAVANESE_ENDINGS = ("ne", "e")
_SUNDANESE_ENDING = "na"
_DOUBLED = re.compile(r"([^\W\d_]{3,})[-‐-―]\1(?![^\W_])")
# Signs set between the letters of one word to slip it past filters: "g@cor", "s*l*o*t", "j!di".
_SIGN = re.compile(r"[^\W\d_]+(?:[@$!*|]+[^\W\d_]+)+")
_SIGNS = ("@", "$", "!", "*", "|")
_SIGN_LETTERS = str.maketrans("@$!|", "asil", "*")
# Letters written one by one: from three on they are one word. A stretched letter is one; a Roman number is none.
_LETTER = re.compile(r"[a-z]|([a-hj-uwyz])\1{2,}")
_SPELLED = 3
_SETTLED_AFTER = 6


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

    Javanese, Sundanese and Lampung words stand as their Indonesian meaning, emoji that carry meaning as words of their
    own ("emojimohon"), letters written one by one as one word. One token stands for each written word and knows its
    span in the original. Reading `Normalised.text` again gives the same words, as long as nothing was cut off. Never
    raises on any string.
    """
    folded = fold(text[:MAX_CHARACTERS])
    tokens: list[Token] = []
    truncated = len(text) > MAX_CHARACTERS
    letters = 0
    for word, start, end in written_words(folded.text):
        if end - start > MAX_WORD:
            continue
        if len(tokens) >= MAX_TOKENS:
            truncated = True
            break
        read, bare, is_letter = _read_word(word)
        if is_letter:
            letters += 1
        else:
            if letters >= _SPELLED:
                _join_letters(tokens, letters, folded)
            letters = 0
        if read in EMOJI_NAMES and tokens and tokens[-1].text == read:
            tokens[-1] = Token(read, read, tokens[-1].start, end)
        else:
            tokens.append(Token(read, bare, start, end))
    if letters >= _SPELLED:
        _join_letters(tokens, letters, folded)
    if len(folded.starts) > 1:
        origin = folded.origin
        tokens = [Token(one.text, one.bare, origin(one.start), origin(one.end - 1) + 1) for one in tokens]
    return Normalised(text, tuple(tokens), truncated)


def written_words(folded: str) -> list[tuple[str, int, int]]:
    """The written words of a folded text with their places; a doubled word (jalan-jalan) once, over its whole span."""
    words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(folded)]
    joined: dict[int, tuple[str, int, int]] = {}
    if "-" in folded or not folded.isascii():
        for match in _DOUBLED.finditer(folded):
            joined[match.start()] = (match[1], match.start(), match.end())
    if any(sign in folded for sign in _SIGNS):
        for match in _SIGN.finditer(folded):
            word = _RUN.sub(r"\1", match[0].translate(_SIGN_LETTERS))
            if is_hidden(word):
                joined[match.start()] = (word, match.start(), match.end())
    return _put_in(words, joined) if joined else words


def _put_in(words: list[tuple[str, int, int]], joined: dict[int, tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The words with the joined ones in the place of their parts."""
    kept, done = [], 0
    for word in words:
        if word[1] >= done:
            whole = joined.get(word[1], word)
            kept.append(whole)
            done = whole[2]
    return kept


def _join_letters(tokens: list[Token], count: int, folded: Folded) -> None:
    """Replace the last `count` tokens, letters one by one, by the words they spell.

    A wider gap parts words, as in "s l o t  g a c o r", where each part has two letters or more.
    """
    run = tokens[-count:]
    del tokens[-count:]
    gaps = [after.start - before.end for before, after in zip(run, run[1:], strict=False)]
    narrow = min(gaps)
    parts: list[list[Token]] = [[run[0]]]
    for gap, token in zip(gaps, run[1:], strict=True):
        if gap > narrow:
            parts.append([token])
        else:
            parts[-1].append(token)
    if any(len(_spelled(part, folded.text)) == 1 for part in parts):
        parts = [run]
    for part in parts:
        word = _spelled(part, folded.text)
        for place in range(0, len(word), MAX_WORD):
            read, bare, _ = _read_word(word[place : place + MAX_WORD])
            tokens.append(Token(read, bare, part[0].start, part[-1].end))


def _spelled(part: Sequence[Token], folded: str) -> str:
    return _RUN.sub(r"\1", "".join(folded[token.start] for token in part))


@lru_cache(maxsize=32768)
def _read_word(word: str) -> tuple[str, str, bool]:
    """The word as we read it, the same without an ending, and whether it is written as one letter."""
    is_letter = _LETTER.fullmatch(word) is not None
    for _ in range(_SETTLED_AFTER):
        read = _read_once(word)
        if read == word:
            break
        word = read
    return word, _without_ending(word), is_letter


def _read_once(word: str) -> str:
    if _ROMAN.fullmatch(word):
        return word
    word = _RUN.sub(r"\1", word)
    if not word.isalpha():
        word = with_digits(word, SHORT_FORMS)
    plain = SHORT_FORMS.get(word) or LOCAL_WORDS.get(word)
    if plain is not None:
        return plain
    if len(word) > 4:
        word = _FINAL_PAIR.sub(r"\1", word)
        word = SHORT_FORMS.get(word) or LOCAL_WORDS.get(word) or _local_with_ending(word) or written_out(word)
    return word


def _local_with_ending(word: str) -> str | None:
    """A Javanese word with -e or -ne, or a Sundanese one with -na, in Indonesian: "dalane" is "jalannya"."""
    for ending in _JAVANESE_ENDINGS:
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 3 and stem in JAVANESE:
            return f"{JAVANESE[stem]}nya"
    stem = word[: -len(_SUNDANESE_ENDING)]
    if word.endswith(_SUNDANESE_ENDING) and len(stem) > 3 and stem in SUNDANESE:
        return f"{SUNDANESE[stem]}nya"
    return None


def _without_ending(word: str) -> str:
    """Drop one of -nya, -lah, -kah, -pun where at least four letters stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
