"""Whose matter it is: the level of government that owns it, with the words and the law that say so. Pure.

The rules of jurisdiction come first, then the words of the catalogue, the register of roads, and at last who usually
owns the function. Where they disagree or are silent the level is "unknown", with the levels it may be.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from salur.language.normalise import Normalised
from salur.triage import explain
from salur.triage.jurisdiction import (
    IRRIGATION_STEPS,
    LEVEL_NAMES,
    NATIONAL_BODIES,
    ROAD_LEVELS,
    WATER,
    Rule,
    shipped_rules,
)
from salur.triage.knowledge import Knowledge, RoadEntry, joined, within
from salur.triage.phrases import PhraseIndex
from salur.triage.place_match import Place
from salur.triage.reading import Ranked, Reason
from salur.triage.scoring import Evidence, is_strong

# "The road beside the toll gate", "not a village road": the word is there and is not what the matter is about.
_ASIDE_WORDS = """
    depan dekat samping belakang sebelah seberang area sekitar disamping didepan dibelakang arah menuju akses bukan
    lewat exit keluar
"""
_ASIDE = frozenset(_ASIDE_WORDS.split())
_ASIDE_REACH = 1
_HECTARES = re.compile(r"\b(\d{1,3}(?:\.\d{3})+|\d{1,6})\s*(?:ha|hektar|hektare)\b", re.IGNORECASE)
_ROAD_CANDIDATES = ("regency", "village", "province")
_SEGMENTS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Matter:
    """Whose matter a text is.

    `level`: national, province, regency, village, unknown. `candidates`: the levels it may be, the likeliest first,
    where it is unknown. `body`: the code of the outside body that acts, where one does. `function` leads.
    """

    level: str
    reasons: tuple[Reason, ...] = ()
    candidates: tuple[str, ...] = ()
    body: str = ""
    function: str = ""


@lru_cache(maxsize=1)
def _rules() -> PhraseIndex[Rule]:
    return PhraseIndex.build((word, rule) for rule in shipped_rules() for word in rule.words)


def find_level(
    text: Normalised,
    functions: Sequence[Ranked],
    found: Mapping[str, Evidence],
    roads: Sequence[RoadEntry],
    places: Sequence[Place],
    knowledge: Knowledge,
) -> Matter:
    """Whose matter the text is. For a supervisory complaint the words of the function behind it decide.

    `functions` are ranked, `found` is their evidence, `roads` the listed segments spoken of, `places` the areas meant.
    """
    lead = functions[0].code if functions else ""
    if lead == "inspection" and len(functions) > 1 and is_strong(found[functions[1].code]):
        lead = functions[1].code
    held, aside = _rules_held(text, lead, places, knowledge)
    matter = _by_rules(held, lead)
    if not functions:
        return matter or Matter("unknown")
    if matter is None or (matter.level == "unknown" and not matter.body):
        matter = _by_words(lead, found[lead], aside) or matter
    if lead == "roads_bridges" and matter is None:
        return _by_register(roads, places, knowledge)
    if lead == "irrigation_rivers" and (matter is None or matter.level == "unknown"):
        matter = _by_hectares(text, lead) or matter
    return matter or _by_custom(lead, knowledge)


def _rules_held(
    text: Normalised, lead: str, places: Sequence[Place], knowledge: Knowledge
) -> tuple[list[tuple[Rule, str]], frozenset[str]]:
    """The rules whose words are the matter of the text, with the citizen's words; and phrases that only stand aside."""
    held: list[tuple[Rule, str]] = []
    aside: set[str] = set()
    spoken = f" {text.text} "
    for hit in _rules().find(text):
        if any(token.text in _ASIDE for token in text.tokens[max(0, hit.first - _ASIDE_REACH) : hit.first]):
            aside.add(hit.phrase)
            continue
        for rule in hit.meanings:
            if rule.functions and lead not in rule.functions:
                continue
            if _holds_here(rule, places, knowledge) and not any(f" {word} " in spoken for word in rule.unless):
                held.append((rule, text.quote(hit.first, hit.last)))
    return held, frozenset(aside)


def _by_rules(held: Sequence[tuple[Rule, str]], lead: str) -> Matter | None:
    """The highest rank decides; equals that differ leave it open."""
    if not held:
        return None
    top = max(rule.rank for rule, _ in held)
    best = [(rule, quote) for rule, quote in held if rule.rank == top]
    levels = tuple(dict.fromkeys(rule.level for rule, _ in best))
    rule, quote = best[0]
    if len(levels) > 1:
        return Matter("unknown", (_open(levels),), tuple(level for level in levels if level != "unknown"), "", lead)
    if rule.level == "unknown":
        return Matter("unknown", (_open(rule.candidates),), rule.candidates, rule.body if top else "", lead)
    return Matter(rule.level, (_ruled(rule, quote),), (), rule.body, lead)


def _holds_here(rule: Rule, places: Sequence[Place], knowledge: Knowledge) -> bool:
    if not rule.area:
        return True
    return knowledge.government_code == rule.area or any(within(place.code, rule.area) for place in places)


def _by_words(lead: str, evidence: Evidence, aside: frozenset[str]) -> Matter | None:
    """The words of the catalogue that decide a level, those that only stand aside left out; None for none."""
    levels_of = {
        phrase: level
        for phrase, level in evidence.levels.items()
        if not any(f" {phrase} " in f" {other} " for other in aside)
    }
    votes = Counter(levels_of.values()).most_common()
    if not votes:
        return None
    if len(votes) > 1 and votes[0][1] == votes[1][1]:
        levels = tuple(level for level, _ in votes)
        return Matter("unknown", (_open(levels),), levels, "", lead)
    level = votes[0][0]
    phrase = next(phrase for phrase, voted in levels_of.items() if voted == level)
    body = NATIONAL_BODIES.get(lead, "") if level == "national" else ""
    return Matter(level, (explain.level_word_reason(level, evidence.phrases[phrase][0]),), (), body, lead)


def _by_register(roads: Sequence[RoadEntry], places: Sequence[Place], knowledge: Knowledge) -> Matter:
    """A listed road has its class; else the class is open, and listed roads that end at the place named are told."""
    levels = tuple(dict.fromkeys(ROAD_LEVELS.get(road.road_class, "unknown") for road in roads))
    if len(levels) == 1:
        body = NATIONAL_BODIES["roads_bridges"] if levels[0] == "national" else ""
        return Matter(levels[0], (), (), body, "roads_bridges")
    ends = dict.fromkeys(
        index
        for place in places
        if place.level in ("district", "village")
        for index in knowledge.road_ends.get(joined(place.name), ())
        if within(place.code, knowledge.roads[index].area_code)
    )
    near = [knowledge.roads[index] for index in ends][:_SEGMENTS_SHOWN]
    reasons = (explain.road_class_unknown(), *(_maybe_listed(road) for road in near))
    candidates = tuple(dict.fromkeys((*(ROAD_LEVELS.get(r.road_class, "province") for r in near), *_ROAD_CANDIDATES)))
    return Matter("unknown", reasons, candidates, "", "roads_bridges")


def _by_hectares(text: Normalised, lead: str) -> Matter | None:
    """The size of the irrigation area, where the citizen tells it."""
    match = _HECTARES.search(text.original[:2_000])
    if match is None or not any(token.text in ("irigasi", "di", "daerah", "saluran") for token in text.tokens):
        return None
    size = int(match.group(1).replace(".", ""))
    level = next(level for least, level in IRRIGATION_STEPS if size > least or (size == least and least != 3_000))
    indonesian, english = LEVEL_NAMES[level]
    reason = Reason(
        "level_hectares",
        f"Daerah irigasi {size} hektare → kewenangan {indonesian} ({WATER})",
        f"An irrigation area of {size} hectares → {english} ({WATER})",
        match.group(),
    )
    return Matter(level, (reason,), (), "bbws" if level == "national" else "", lead)


def _by_custom(lead: str, knowledge: Knowledge) -> Matter:
    """Nothing in the text tells: the usual owner of the function."""
    level = knowledge.functions[lead].level
    if level == "unknown":
        return Matter("unknown", function=lead)
    body = NATIONAL_BODIES.get(lead, "") if level == "national" else ""
    return Matter(level, (explain.usual_level_reason(level, knowledge.functions[lead]),), (), body, lead)


def _ruled(rule: Rule, quote: str) -> Reason:
    (indonesian, english), words = LEVEL_NAMES[rule.level], " ".join(quote.split())[:60]
    return Reason(
        "level_word",
        f"Kata “{words}” → kewenangan {indonesian} ({rule.basis})",
        f"The words “{words}” → {english} ({rule.basis})",
        words,
    )


def _open(levels: Sequence[str]) -> Reason:
    known = [LEVEL_NAMES[level] for level in levels if level in LEVEL_NAMES]
    return Reason(
        "level_open",
        f"Kewenangan belum pasti: {' atau '.join(name for name, _ in known)}; perlu diperiksa",
        f"Whose matter it is stays open: {' or '.join(name for _, name in known)}; it must be checked",
    )


def _maybe_listed(road: RoadEntry) -> Reason:
    return Reason(
        "road_maybe_listed",
        f"Mungkin ruas jalan provinsi no. {road.number} {road.name}, yang berujung di sini",
        f"It may be the provincial road segment no. {road.number} {road.name}, which ends here",
        road.name,
    )
