"""From phrases to honest probabilities: how much a text speaks of each function, and so of each agency."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from salur.language.normalise import Normalised
from salur.triage.knowledge import PAIR, Knowledge
from salur.triage.reading import Ranked

# A phrase said again adds little: it is still one thing said.
_REPEAT = 0.15
_REPEATS_COUNTED = 3
# What a citizen says first is mostly what it is about.
_OPENING_WORDS = 20
_OPENING = 1.3
# How sharply the leader is set apart, and the weight of "something else": one strong phrase alone stays near one half.
_SHARPNESS = 1.8
_SOMETHING_ELSE = 2.5
_KEPT = 5
# "The lamp beside the school": what stands beside is where it is, not what it is about.
_BESIDE = frozenset(
    (
        "depan",
        "dekat",
        "samping",
        "belakang",
        "sebelah",
        "seberang",
        "area",
        "sekitar",
        "lokasi",
        "disamping",
        "didepan",
        "dibelakang",
        "alamat",
    )
)
_BESIDE_REACH = 2
_LANDMARK = 0.35
# How far apart two words may stand that only together speak of a function.
_REACH = 7
_NAMED = 2.0
_NAMED_UNIT = 3.0
_CHOSEN = 3.0


@dataclass(slots=True)
class Evidence:
    """What was found for one function: its score, its phrases as (citizen's words, weight), its level votes."""

    score: float = 0.0
    phrases: dict[str, tuple[str, float]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)


def weigh_functions(text: Normalised, places: frozenset[int], knowledge: Knowledge) -> dict[str, Evidence]:
    """Score every function the text has words for. `levels` maps a phrase to the level it decides.

    `places` are the words that name a place: "Kota Gajah" does not speak of elephants, nor "desa Natar" of village
    matters.
    """
    found: dict[str, Evidence] = {}
    seen: dict[str, int] = {}
    passed_over = set(places)
    for hit in knowledge.function_words.find(text):
        if not hit.meanings:
            passed_over.update(range(hit.first, hit.last))
        if all(place in places for place in range(hit.first, hit.last)):
            continue
        times = seen[hit.phrase] = seen.get(hit.phrase, 0) + 1
        if times > 1 + _REPEATS_COUNTED:
            continue
        for word in hit.meanings:
            evidence = found.setdefault(word.function, Evidence())
            evidence.score += word.weight * _factor(text, hit.first, times) / len(hit.meanings)
            if times == 1:
                evidence.phrases[hit.phrase] = (text.quote(hit.first, hit.last), word.weight)
                if word.level:
                    evidence.levels[hit.phrase] = word.level
    for pair in knowledge.function_pairs.find(text, _REACH, passed_over):
        word = pair.meanings[0]
        evidence = found.setdefault(word.function, Evidence())
        evidence.score += word.weight
        quote = f"{text.quote(pair.first, pair.first + 1)} … {text.quote(pair.last - 1, pair.last)}"
        evidence.phrases.setdefault(pair.phrase, (quote, word.weight))
    return found


def _factor(text: Normalised, place: int, times: int) -> float:
    """How much a phrase counts where it stands: repeats and landmarks little, the opening words more."""
    if times > 1:
        return _REPEAT
    if any(token.text in _BESIDE for token in text.tokens[max(0, place - _BESIDE_REACH) : place]):
        return _LANDMARK
    return _OPENING if place < _OPENING_WORDS else 1.0


def rank_functions(found: Mapping[str, Evidence], knowledge: Knowledge) -> tuple[Ranked, ...]:
    """The functions by probability, at most five."""
    scores = {code: evidence.score for code, evidence in found.items()}
    return _ranked(scores, {code: entry.name_id for code, entry in knowledge.functions.items()})


def rank_agencies(
    found: Mapping[str, Evidence], named: Mapping[str, str], chosen: str | None, knowledge: Knowledge
) -> tuple[Ranked, ...]:
    """The agencies by probability, at most five: by their mandates, by being named, by the citizen's choice.

    A named unit without a mandate of its own (a hospital, a bureau) is meant itself; a named agency that holds mandates
    may only be mentioned in passing.
    """
    scores: dict[str, float] = {}
    for function, evidence in found.items():
        agency = knowledge.mandates.get(function)
        if agency is not None:
            scores[agency] = scores.get(agency, 0.0) + evidence.score
    leading = set(knowledge.mandates.values())
    highest = max(scores.values(), default=0.0)
    for agency in named:
        scores[agency] = scores.get(agency, 0.0) + (_NAMED if agency in leading else highest + _NAMED_UNIT)
    if chosen is not None:
        scores[chosen] = scores.get(chosen, 0.0) + _CHOSEN
    return _ranked(scores, {code: agency.name for code, agency in knowledge.agencies.items()})


def _ranked(scores: Mapping[str, float], names: Mapping[str, str]) -> tuple[Ranked, ...]:
    sharp = {code: score**_SHARPNESS for code, score in scores.items() if score > 0}
    total = sum(sharp.values()) + _SOMETHING_ELSE
    ranked = [Ranked(code, names[code], round(value / total, 3)) for code, value in sharp.items()]
    return tuple(sorted(ranked, key=lambda entry: (-entry.p, entry.code))[:_KEPT])


def is_strong(evidence: Evidence) -> bool:
    """Whether at least one strong phrase or pair speaks for the function."""
    return any(weight >= PAIR for _, weight in evidence.phrases.values())
