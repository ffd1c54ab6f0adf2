"""What a classifier sees of a text: its words and pairs of words, and the runs of letters within its words. Pure.

Runs of letters (two to five, with the word's ends) are shared by what is misspelt, inflected or said in a dialect.
"""

from collections.abc import Iterator
from functools import lru_cache

from salur.language.normalise import Normalised

SHORTEST, LONGEST = 2, 5
RUN = "\x00"
"""What tells a run of letters from a word of the same letters."""


def words_of(text: Normalised) -> Iterator[str]:
    """Every word, and every two words that stand together ("jalan rusak"), as often as they occur."""
    before = ""
    for token in text.tokens:
        yield token.text
        if before:
            yield f"{before} {token.text}"
        before = token.text


@lru_cache(maxsize=65_536)
def runs_of(word: str) -> tuple[str, ...]:
    """The runs of letters of one word, each behind RUN; one that begins or ends the word has a blank there."""
    whole = f" {word} "
    return tuple(
        RUN + whole[start : start + length]
        for length in range(SHORTEST, min(LONGEST, len(whole)) + 1)
        for start in range(len(whole) - length + 1)
    )
