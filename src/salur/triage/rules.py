"""The first reading of a text by rules: transparent, deterministic, and silent where the evidence is thin."""

from collections.abc import Mapping

from salur.language.normalise import Normalised, normalise
from salur.triage import cue_words, explain
from salur.triage.alarm_words import emergencies
from salur.triage.gambling import gambling
from salur.triage.handover import SURE, handover
from salur.triage.knowledge import STRONG, WEAK, Knowledge, within
from salur.triage.level import find_level
from salur.triage.phrases import PhraseIndex
from salur.triage.place_match import Place, find_places
from salur.triage.reading import Ranked, Reading, Reason
from salur.triage.road_match import find_roads
from salur.triage.scoring import Evidence, is_strong, rank_agencies, rank_functions, weigh_functions

# Below this probability, or this close to the runner-up, a person decides.
_ENOUGH = 0.5
_MARGIN = 0.15
_ADVERTISED = 0.5


def read(text: str, knowledge: Knowledge, *, chosen_agency: str | None = None) -> Reading:
    """Read a citizen's text for one government.

    `chosen_agency` is the code of an agency the citizen picked; a code the government does not have is passed over.
    The work is bounded whatever the text; nothing is raised for any string.
    """
    words = normalise(text)
    chosen = chosen_agency if chosen_agency in knowledge.agencies else None
    finding = find_places(words, knowledge)
    roads = find_roads(words, finding.places, knowledge)
    found = weigh_functions(words, finding.words, knowledge)
    if roads and "roads_bridges" in found:
        found["roads_bridges"].score += WEAK
    kind, supervisory = _kind(text, words)
    if kind == "supervisory_complaint":
        _put_supervision_first(found, knowledge)
    functions = rank_functions(found, knowledge)
    named = {hit.meanings[0]: words.quote(hit.first, hit.last) for hit in knowledge.agency_words.find(words)}
    if kind == "supervisory_complaint":  # the agency named or chosen may be the accused one
        agencies = rank_agencies(found, {}, None, knowledge)
    else:
        agencies = rank_agencies(found, named, chosen, knowledge)
    matter = find_level(words, functions, found, roads, finding.places, knowledge)
    level, proposed = matter.level, handover(matter, finding.places, knowledge)
    urgent, raised, horizon = _first(cue_words.URGENCY, words, "urgent"), emergencies(words), _horizon(words)
    doubts = [*_doubts(functions, agencies, found, level, finding.places, knowledge), *_unwanted(words)]
    reasons = [
        *explain.function_reasons(functions, found, knowledge),
        *explain.agency_reasons(agencies, named, chosen, knowledge),
        *explain.road_reasons(roads),
        *matter.reasons,
        *explain.place_reasons(finding),
        *(explain.supervision_reason(quote) for quote in supervisory[:2]),
        *(explain.emergency_reason(one) for one in raised),
        *([explain.urgency_reason(urgent)] if urgent and not raised else []),
        *([explain.horizon_reason(*horizon)] if horizon else []),
        *doubts,
        *([proposed.reason] if proposed else []),
    ]
    return Reading(
        kind=kind,
        functions=functions,
        agencies=agencies,
        level=level,
        places=finding.places,
        horizon=horizon[0] if horizon else "short",
        urgency="high" if urgent or raised else "normal",
        abstain=bool(doubts),
        reasons=tuple(reasons),
    )


def _unwanted(words: Normalised) -> list[Reason]:
    """The doubt whether this is a report at all."""
    advertised = gambling(words)
    if advertised.p < _ADVERTISED:
        return []
    return [explain.advertised([sign.evidence for sign in advertised.signs if sign.weight > 0])]


def _kind(text: str, words: Normalised) -> tuple[str, list[str]]:
    """The kind of message, and the words that make it a supervisory complaint.

    A question or a wish counts only where little is complained about: "kapan diperbaiki?" about a broken road is a
    complaint still.
    """
    supervisory = [words.quote(hit.first, hit.last) for hit in cue_words.SUPERVISORY.find(words)]
    if supervisory:
        return "supervisory_complaint", supervisory
    asking = _count(cue_words.ASKING, words)
    wishing = _count(cue_words.WISHING, words)
    complaining = _count(cue_words.COMPLAINING, words)
    questioning = "?" in text and not complaining and _count(cue_words.QUESTION, words)
    if questioning or (asking and asking + ("?" in text) > complaining):
        return "information_request", []
    if wishing > complaining // 2:
        return "aspiration", []
    return "complaint", []


def _count(index: PhraseIndex[str], words: Normalised) -> int:
    """How many different phrases of a list the text holds."""
    return len({hit.phrase for hit in index.find(words)})


def _first(index: PhraseIndex[str], words: Normalised, meaning: str) -> str:
    """The citizen's words for the first phrase with this meaning, or nothing."""
    hits = (hit for hit in index.find(words) if meaning in hit.meanings)
    return next((words.quote(hit.first, hit.last) for hit in hits), "")


def _horizon(words: Normalised) -> tuple[str, str] | None:
    """A suggested longer horizon and the words for it; long before medium."""
    for horizon in ("long", "medium"):
        quote = _first(cue_words.HORIZON, words, horizon)
        if quote:
            return horizon, quote
    return None


def _put_supervision_first(found: dict[str, Evidence], knowledge: Knowledge) -> None:
    """A supervisory complaint is examined by the supervisor whatever else it speaks of."""
    if "inspection" in knowledge.functions:
        evidence = found.setdefault("inspection", Evidence())
        others = [other.score for code, other in found.items() if code != "inspection"]
        evidence.score = max(evidence.score, STRONG) + max(others, default=0.0)


def _doubts(
    functions: tuple[Ranked, ...],
    agencies: tuple[Ranked, ...],
    found: Mapping[str, Evidence],
    level: str,
    places: tuple[Place, ...],
    knowledge: Knowledge,
) -> list[Reason]:
    """The reasons why a person should decide; none where the reading can stand."""
    if not functions or not agencies:
        return [explain.thin_evidence()]
    doubts: list[Reason] = []
    lead = functions[0]
    rival = next((other for other in functions[1:] if not _same_agency(lead, other, knowledge)), None)
    agreed = agencies[0].p if knowledge.mandates.get(lead.code) == agencies[0].code else 0.0
    if not is_strong(found[lead.code]):
        doubts.append(explain.thin_evidence())
    elif rival is not None and lead.p - rival.p < _MARGIN:
        doubts.append(explain.tie(lead, rival))
    elif max(lead.p, agreed) < _ENOUGH:
        doubts.append(explain.thin_evidence())
    own = {"province"} if knowledge.level == "province" else {"regency", "village"}
    if level not in own and level != "unknown":
        doubts.append(explain.outside_authority(level))
    elsewhere = _elsewhere(places, knowledge)
    if elsewhere is not None:
        doubts.append(explain.outside_area(elsewhere))
    return doubts


def _same_agency(one: Ranked, other: Ranked, knowledge: Knowledge) -> bool:
    """Whether two functions lie with one agency of this government: then it does not matter which of them is meant."""
    agency = knowledge.mandates.get(one.code)
    return agency is not None and agency == knowledge.mandates.get(other.code)


def _elsewhere(places: tuple[Place, ...], knowledge: Knowledge) -> Place | None:
    """A surely named place outside the government's area, where no place inside it is named."""
    own = knowledge.government_code
    inside = any(within(place.code, own) for place in places)
    outside = [place for place in places if place.confidence >= SURE and not within(place.code, own)]
    outside = [place for place in outside if not own.startswith(f"{place.code}.")]
    return outside[0] if outside and not inside else None
