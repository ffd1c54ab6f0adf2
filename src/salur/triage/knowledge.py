"""What the rules know of one government: functions with their words, agencies with mandates, areas and roads.

Frozen and free of Django: built once from plain rows by `Knowledge.build`, then read by every reading.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, Self

from salur.agencies.seed_document import FunctionSeed
from salur.language.normalise import normalise
from salur.triage.cue_words import SAYS_NOTHING
from salur.triage.gazetteer import Centre, Grid, LandmarkEntry, beginnings, grid_of, shipped_landmarks, slips
from salur.triage.phrases import PairIndex, PhraseIndex

STRONG = 3.0
WEAK = 1.0
PAIR = 2.5


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """One agency of the government."""

    code: str
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MandateEntry:
    """The agency that leads a function in this government."""

    function: str
    agency: str


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """One area by its Kemendagri code. `level`: province, regency, district, village; `aliases`: short forms.

    `latitude` and `longitude` are its middle in degrees (WGS 84); without them no point is placed by it.
    """

    code: str
    name: str
    level: str
    parent_code: str = ""
    aliases: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class RoadEntry:
    """One road segment. `road_class`: national, provincial, regency, village."""

    number: str
    name: str
    area_code: str
    road_class: str


@dataclass(frozen=True, slots=True)
class FunctionWord:
    """What a phrase says: the function it speaks of, how much, and the owner's level where the phrase decides it."""

    function: str
    weight: float
    level: str = ""


@dataclass(frozen=True, slots=True)
class FunctionEntry:
    """A function as the rules need it."""

    code: str
    name_id: str
    name_en: str
    level: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the rules look up for one government, indexed."""

    government_code: str
    functions: Mapping[str, FunctionEntry]
    agencies: Mapping[str, AgencyEntry]
    mandates: Mapping[str, str]
    supervisory: str
    function_words: PhraseIndex[FunctionWord]
    function_pairs: PairIndex[FunctionWord]
    agency_words: PhraseIndex[str]
    areas: Mapping[str, AreaEntry]
    area_names: Mapping[str, tuple[AreaEntry, ...]]
    landmarks: Mapping[str, tuple[LandmarkEntry, ...]]
    name_starts: frozenset[str]
    name_slips: Mapping[str, tuple[str, ...]]
    centres: Grid
    roads: tuple[RoadEntry, ...]
    road_ends: Mapping[str, tuple[int, ...]]
    road_starts: frozenset[str]

    @classmethod
    def build(
        cls,
        government_code: str,
        functions: Sequence[FunctionSeed],
        agencies: Sequence[AgencyEntry],
        mandates: Sequence[MandateEntry],
        areas: Sequence[AreaEntry] = (),
        roads: Sequence[RoadEntry] = (),
        landmarks: Sequence[LandmarkEntry] | None = None,
    ) -> Self:
        """Index plain rows for reading.

        `functions` is the catalogue with its words; `agencies` and `mandates` are those of the one government;
        `landmarks` are the shipped ones where none are given, as far as they lie in one of the areas. A
        mandate whose function or agency is not among the rows raises ValueError: it could not be explained.
        """
        by_code = {agency.code: agency for agency in agencies}
        entries = {f.code: FunctionEntry(f.code, f.name.id, f.name.en, f.level) for f in functions}
        for mandate in mandates:
            if mandate.agency not in by_code or mandate.function not in entries:
                raise ValueError(f"Mandate {mandate.function} -> {mandate.agency}: both must be among the given rows.")
        lead = {mandate.function: mandate.agency for mandate in mandates}
        road_ends = _road_ends(roads)
        named = _named(tuple(areas), tuple(shipped_landmarks() if landmarks is None else landmarks))
        return cls(
            government_code=government_code,
            functions=MappingProxyType(entries),
            agencies=MappingProxyType(by_code),
            mandates=MappingProxyType(lead),
            supervisory=lead.get("inspection", ""),
            function_words=PhraseIndex.build(_function_phrases(functions), SAYS_NOTHING),
            function_pairs=PairIndex.build(
                (pair.words, pair.near, FunctionWord(f.code, PAIR)) for f in functions for pair in f.pairs
            ),
            agency_words=PhraseIndex.build(_agency_phrases(agencies)),
            areas=named.areas,
            area_names=named.names,
            landmarks=named.landmarks,
            name_starts=named.starts,
            name_slips=named.slips,
            centres=named.centres,
            roads=tuple(roads),
            road_ends=road_ends,
            road_starts=beginnings(road_ends),
        )

    @property
    def level(self) -> str:
        """The level of this government: province for a code like 18, regency for one like 18.01."""
        return "regency" if "." in self.government_code else "province"


class _Named(NamedTuple):
    """What is looked up by the name of a place."""

    areas: Mapping[str, AreaEntry]
    names: Mapping[str, tuple[AreaEntry, ...]]
    landmarks: Mapping[str, tuple[LandmarkEntry, ...]]
    starts: frozenset[str]
    slips: Mapping[str, tuple[str, ...]]
    centres: Grid


@lru_cache(maxsize=4)
def _named(areas: tuple[AreaEntry, ...], landmarks: tuple[LandmarkEntry, ...]) -> _Named:
    """The same for all governments of a province, and the dear part of their knowledge: made once."""
    by_code, names = {area.code: area for area in areas}, _area_names(areas)
    sites = _landmark_names([one for one in landmarks if one.area_code in by_code])
    starts = beginnings((*names, *sites))
    return _Named(MappingProxyType(by_code), names, sites, starts, slips(names), grid_of(_centres(areas)))


def _function_phrases(functions: Sequence[FunctionSeed]) -> Iterable[tuple[str, FunctionWord]]:
    """Each phrase once a function; a phrase that decides the level counts as strong and carries the level."""
    for function in functions:
        levels = {word: rule.level for rule in function.levels for word in rule.words}
        for word in dict.fromkeys((*function.strong, *levels)):
            yield word, FunctionWord(function.code, STRONG, levels.get(word, ""))
        for word in function.weak:
            if word not in levels:
                yield word, FunctionWord(function.code, WEAK)


def _agency_phrases(agencies: Sequence[AgencyEntry]) -> Iterable[tuple[str, str]]:
    for agency in agencies:
        for name in dict.fromkeys((agency.name, agency.short_name, *agency.aliases)):
            if name:
                yield name, agency.code


def within(code: str, area: str) -> bool:
    """Whether an area is another one or lies in it, by their Kemendagri codes."""
    return code == area or code.startswith(f"{area}.")


def joined(name: str) -> str:
    """A name as one run of letters, so that "Gading Rejo" and "gadingrejo" are the same."""
    return "".join(token.text for token in normalise(name).tokens)


def _area_names(areas: Sequence[AreaEntry]) -> Mapping[str, tuple[AreaEntry, ...]]:
    """Areas by joined name, without the words kabupaten and kota before a regency's name."""
    found: dict[str, list[AreaEntry]] = {}
    for area in areas:
        plain = area.name
        if area.level == "regency":
            plain = plain.removeprefix("Kabupaten ").removeprefix("Kota ")
        for key in dict.fromkeys(joined(name) for name in (plain, *area.aliases)):
            if key:
                found.setdefault(key, []).append(area)
    return MappingProxyType({key: tuple(group) for key, group in found.items()})


def _landmark_names(landmarks: Sequence[LandmarkEntry]) -> Mapping[str, tuple[LandmarkEntry, ...]]:
    """Landmarks by joined name; several of one name lie in several areas."""
    found: dict[str, list[LandmarkEntry]] = {}
    for landmark in landmarks:
        for key in dict.fromkeys(joined(name) for name in (landmark.name, *landmark.aliases)):
            if key:
                found.setdefault(key, []).append(landmark)
    return MappingProxyType({key: tuple(group) for key, group in found.items()})


def _centres(areas: Sequence[AreaEntry]) -> Iterable[Centre]:
    """The middles of villages: the finest we have."""
    for area in areas:
        if area.level == "village" and area.latitude is not None and area.longitude is not None:
            yield Centre(area.code, area.latitude, area.longitude)


def road_end_names(name: str) -> tuple[str, ...]:
    """The joined names a segment runs between, or its street: "Metro - Kota Gajah", "Jalan Veteran (Metro)"."""
    plain = name.split("(")[0]
    ends = [end.strip() for end in plain.split(" - ")]
    cleaned = [end.removeprefix("Simpang ").removeprefix("Batas ").removeprefix("Jalan ") for end in ends]
    return tuple(joined(end) for end in cleaned if end)


def _road_ends(roads: Sequence[RoadEntry]) -> Mapping[str, tuple[int, ...]]:
    """Places of segments in `roads` by the joined name of an end or of the street."""
    found: dict[str, list[int]] = {}
    for place, road in enumerate(roads):
        for end in dict.fromkeys(road_end_names(road.name)):
            found.setdefault(end, []).append(place)
    return MappingProxyType({end: tuple(places) for end, places in found.items()})
