"""What the model of kinds looks at in a text: its words, and the cues of our own lists. Pure."""

from salur.language.normalise import Normalised
from salur.triage import cue_words

# A long letter says what it is in its first lines.
_WORDS_READ = 200


def features(words: Normalised, text: str, cues: dict[str, list[str]] | None = None) -> list[str]:
    """The words and cues of a text, each once, in a fixed order. Cues start with "~", which no word does."""
    cues = cues_in(words) if cues is None else cues
    found = dict.fromkeys(token.text for token in words.tokens[:_WORDS_READ])
    for meaning, quotes in cues.items():
        found[f"~{meaning}"] = None
        if len(quotes) > 1:
            found[f"~{meaning} again"] = None
    head = text[:2000]
    for mark in "?#@!":
        if mark in head:
            found[f"~{mark}"] = None
    size = len(words.tokens)
    found["~short" if size < 6 else "~middling" if size < 25 else "~long"] = None
    return list(found)


def cues_in(words: Normalised) -> dict[str, list[str]]:
    """For each meaning of our cue lists the writer's words, one for each different phrase."""
    found: dict[str, dict[str, str]] = {}
    for hit in cue_words.CUES.find(words):
        for meaning in hit.meanings:
            found.setdefault(meaning, {}).setdefault(hit.phrase, words.quote(hit.first, hit.last))
    return {meaning: list(quotes.values()) for meaning, quotes in found.items()}
