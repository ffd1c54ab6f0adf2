"""What kind of message a text is. Pure; a proposal with reasons, never a ground to drop anything.

Profanity and sneering are flags: whoever swears about a broken road complains about a broken road. A text that speaks
of something wrong is never read as abuse or chat.
"""

from dataclasses import dataclass

from salur.language.normalise import Normalised
from salur.triage.corpus_file import KINDS
from salur.triage.gambling import gambling
from salur.triage.kind_features import cues_in, features
from salur.triage.kind_model import KindModel, base_model
from salur.triage.reading import Reason

VOICES = frozenset({"complaint", "supervisory_complaint", "aspiration", "information_request"})
_NAMES = {
    "complaint": ("pengaduan", "a complaint"),
    "supervisory_complaint": ("pengaduan berkadar pengawasan", "a complaint that needs supervision"),
    "aspiration": ("aspirasi", "an aspiration"),
    "information_request": ("permintaan informasi", "a request for information"),
    "praise": ("pujian", "praise"),
    "small_talk": ("obrolan", "small talk"),
    "broadcast": ("siaran instansi", "an agency's own broadcast"),
    "spam": ("spam", "spam"),
    "abuse": ("makian", "abuse"),
}
_FLAGS = {"profane": "profanity", "threat": "threat"}
_REASONS = 3
_LONGEST = 60
_LIKELY = 0.5
# Words of misuse decide alone; how sure we then are grows with their number.
_MISUSE = 0.8


@dataclass(frozen=True, slots=True)
class Kind:
    """The likeliest kind, its probability `p`, the words that spoke for it, and `flags`.

    Flags: `gambling`, `profanity`, `threat`, `sneer`.
    """

    code: str
    p: float
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...]

    @property
    def is_voice(self) -> bool:
        """Whether a citizen wants something done, told or examined."""
        return self.code in VOICES


def kind_of(
    words: Normalised, text: str, *, matter: bool = False, own_account: bool = False, model: KindModel | None = None
) -> Kind:
    """The kind of a text. Raises nothing.

    `matter`: other rules found a government function in it; then it is never chat or abuse. `own_account`: the agency
    itself wrote it. `model`: another model of kinds than the one built from the seed corpus.
    """
    if own_account:
        return Kind("broadcast", 1.0, (), ())
    advertised = gambling(words)
    if advertised.p >= _LIKELY:
        quotes = [sign.evidence for sign in advertised.signs if sign.weight > 0]
        return Kind("spam", advertised.p, _reasons("spam", quotes), ("gambling",))
    cues = cues_in(words)
    flags = tuple(name for meaning, name in _FLAGS.items() if meaning in cues)
    misuse = cues.get("supervisory", [])
    if misuse:
        sure = 1.0 - (1.0 - _MISUSE) / len(misuse)
        return Kind("supervisory_complaint", round(sure, 4), _reasons("supervisory_complaint", misuse), flags)
    found = features(words, text, cues)
    model = model or base_model()
    odds = _allowed(model.probabilities(found), matter, cues)
    code = _choose(odds)
    if code == "complaint" and "sneer" in cues and "complaining" in cues:
        flags = (*flags, "sneer")
    return Kind(code, round(odds[code], 4), _reasons(code, _quotes(words, model.speaking(found, code), cues)), flags)


def _allowed(odds: dict[str, float], matter: bool, cues: dict[str, list[str]]) -> dict[str, float]:
    """The probabilities without the kinds that a text with a matter cannot be."""
    if matter or "complaining" in cues or "civic" in cues:
        odds = odds | {"abuse": 0.0, "small_talk": 0.0}
    total = sum(odds.values())
    return {code: p / total for code, p in odds.items()}


def _choose(odds: dict[str, float]) -> str:
    """First whether a citizen wants something, by the weight of all such kinds together; then the likeliest kind."""
    voice = sum(p for code, p in odds.items() if code in VOICES) >= _LIKELY
    return max((code for code in KINDS if (code in VOICES) == voice), key=lambda code: odds[code])


def _quotes(words: Normalised, speaking: list[str], cues: dict[str, list[str]]) -> list[str]:
    """The writer's own words for the features that spoke; marks and lengths cannot be quoted."""
    read = [token.text for token in words.tokens]
    quotes: list[str] = []
    for word in speaking:
        if not word.startswith("~"):
            place = read.index(word)
            quotes.append(words.quote(place, place + 1))
        else:
            quotes.extend(cues.get(word[1:], [])[:1])
        if len(quotes) >= _REASONS:
            break
    return list(dict.fromkeys(quotes))


def _reasons(code: str, quotes: list[str]) -> tuple[Reason, ...]:
    indonesian, english = _NAMES[code]
    lines = [" ".join(quote.split())[:_LONGEST] for quote in quotes[:_REASONS]]
    return tuple(
        Reason(f"kind_{code}", f"Kata “{line}” → {indonesian}", f"The words “{line}” → {english}", line)
        for line in lines
    )
