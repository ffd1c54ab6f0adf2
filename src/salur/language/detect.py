"""In which language a text is written: Indonesian, Javanese, Sundanese, Lampung, English, or another one. Pure."""

import re
from dataclasses import dataclass

from salur.language.evidence import says
from salur.language.fold import EMOJI_NAMES, fold

MAX_CHARACTERS = 4_000
_WORD = re.compile(r"[a-z]+")
# Letters of other scripts: Greek to the last Asian block before the phonetic letters, kana, Han, Hangul, Arabic forms.
_FOREIGN = re.compile("[^\\W\\d_\u0000-\u036f\u1d00-\u2bff\ua720-\ua7ff\uff00-\uff65\U00010000-\U0001ffff]")
# Fewer words than this, or less evidence, and nothing is said.
_LEAST = 0.9
# A text of other words only: so few of its words speak for a known language.
_THIN = 0.12
_ENOUGH_WORDS = 6
_CODES = ("id", "jv", "su", "ljp", "en")


@dataclass(frozen=True, slots=True)
class Detected:
    """The language most of a text is in, and the share (0 to 1) of the evidence that speaks for it.

    `code` is "id", "jv" (Javanese), "su" (Sundanese), "ljp" (Lampung), "en", "other" for a text in no known language,
    "unknown" where there is too little to say. The share is 0 for "unknown".
    """

    code: str
    share: float


def detect(text: str) -> Detected:
    """The language of a text by the evidence of its words; the first `MAX_CHARACTERS` characters are read.

    Languages mix in one message: `share` near one half says so. Never raises on any string.
    """
    head = text[:MAX_CHARACTERS]
    plain = fold(head).text
    words = _WORD.findall(plain)
    if not head.isascii():
        foreign = _FOREIGN.findall(head)
        latin = sum(map(len, words)) - sum(map(len, _WORD.findall(fold("".join(foreign)).text)))
        if len(foreign) > latin:
            return Detected("other", round(len(foreign) / (len(foreign) + latin), 3))
    scores = dict.fromkeys(_CODES, 0.0)
    speaking = 0
    for word in words:
        if word in EMOJI_NAMES:
            continue
        found = says(word)
        speaking += bool(found)
        for code, weight in found:
            scores[code] += weight
    total = sum(scores.values())
    best = max(_CODES, key=scores.__getitem__)
    if len(words) >= _ENOUGH_WORDS and total < _THIN * len(words):
        return Detected("other", round(1 - speaking / len(words), 3))
    if scores[best] < _LEAST:
        return Detected("unknown", 0.0)
    return Detected(best, round(scores[best] / total, 3))
