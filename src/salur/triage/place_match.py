"""Which areas a text means, by the gazetteer, the landmarks and the words around a name.

Names repeat (fourteen villages are called Sidodadi) and many are ordinary words (Panjang, Harapan), so a name alone is
rarely enough: a word such as kecamatan or desa before it, or a larger area named nearby, decides. What stays open is
told as candidates, never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from salur.language.normalise import Normalised
from salur.triage.gazetteer import LandmarkEntry, nearest
from salur.triage.knowledge import AreaEntry, Knowledge, within
from salur.triage.place_names import ORDINARY, Mention, apart, mentions_in, street_words

_LEVELS = ("province", "regency", "district", "village")
_SPECIFIC = {"province": 0.0, "regency": 1.0, "district": 2.0}
# A larger area supports a name less the farther off it stands; this many words halve it.
_HALF = 8
_CLOSE = 0.4
_CLEARLY = 1.2
_CANDIDATES = 6
_SHOWN_AS_WORDS = ("town", "monument", "estate")


@dataclass(frozen=True, slots=True)
class Place:
    """An area the text names, and how sure we are (0 to 1)."""

    code: str
    name: str
    level: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Unclear:
    """A name that fits several areas: the citizen's own words, how many areas carry the name, and some of them."""

    quote: str
    count: int
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceFinding:
    """The areas meant, the smallest level first; names that stayed unclear; the words of the text that these are.

    `candidates` are places that may be meant and are not certain enough to act on: names of streets, where a road leads
    to, the bearers of an unclear name, the account's own area. `landmarks` were named; `street` is the citizen's own
    street, RT and RW; `located` says that a pin or a photograph gave the point.
    """

    places: tuple[Place, ...]
    unclear: tuple[Unclear, ...]
    words: frozenset[int]
    candidates: tuple[Place, ...] = ()
    landmarks: tuple[LandmarkEntry, ...] = ()
    street: str = ""
    located: bool = False

    @property
    def outcome(self) -> str:
        """What is known of the place: "point", "area" or "unknown"."""
        return "point" if self.located else "area" if self.places else "unknown"


@dataclass(slots=True)
class _Search:
    """What has been settled so far."""

    text: Normalised
    knowledge: Knowledge
    home: tuple[str, ...]
    mentions: tuple[Mention, ...]
    found: dict[str, Place] = field(default_factory=dict)
    maybe: dict[str, Place] = field(default_factory=dict)
    unclear: dict[str, Unclear] = field(default_factory=dict)
    landmarks: list[LandmarkEntry] = field(default_factory=list)
    words: set[int] = field(default_factory=set)
    settled: set[int] = field(default_factory=set)
    anchors: list[tuple[Mention, str]] = field(default_factory=list)


def find_places(
    text: Normalised,
    knowledge: Knowledge,
    *,
    prior_area: str | None = None,
    point: tuple[float, float] | None = None,
) -> PlaceFinding:
    """The areas a text means.

    `prior_area` is the code of the account's own area (the government's where none is given): among equal candidates
    the one within it is preferred, and alone it is only ever a candidate. `point` is a pin or the place of a photograph
    (latitude, longitude in degrees, WGS 84): it lies in the district whose village has the nearest middle; a point
    that is far from every village is passed over. Never raises on any text.
    """
    prior = prior_area or knowledge.government_code
    search = _Search(
        text, knowledge, tuple(dict.fromkeys((prior, knowledge.government_code))), mentions_in(text, knowledge)
    )
    _settle(search, "province")
    _settle(search, "regency")
    _settle_sites(search, alone=True)
    _settle(search, "district")
    _settle_sites(search, alone=False)
    _settle(search, "village")
    located = _locate(search, point) if point is not None else False
    order = {level: place for place, level in enumerate(reversed(_LEVELS))}
    places = sorted(search.found.values(), key=lambda place: (order[place.level], -place.confidence, place.code))
    if not places and prior_area and "." in prior_area and prior_area in knowledge.areas:
        _suppose(search, knowledge.areas[prior_area], 0.3)
    for unclear in search.unclear.values():
        for place in unclear.candidates:
            search.maybe.setdefault(place.code, place)
    maybe = [place for place in search.maybe.values() if place.code not in search.found]
    maybe.sort(key=lambda place: (-place.confidence, place.code))
    return PlaceFinding(
        tuple(places),
        tuple(search.unclear.values()),
        frozenset(search.words),
        tuple(maybe[:_CANDIDATES]),
        tuple(dict.fromkeys(search.landmarks)),
        street_words(text),
        located,
    )


def _settle(search: _Search, level: str) -> None:
    """Settle the names that fit this level, in the order of the text."""
    for mention in search.mentions:
        if mention.first in search.settled or mention.cue not in ("", level):
            continue
        fitting = [area for area in mention.areas if area.level == level]
        if not fitting:
            continue
        if mention.street and not mention.cue:
            if len(fitting) == 1 and level != "village" and mention.key not in ORDINARY:
                _suppose(search, fitting[0], 0.3)
            continue
        support = {area.code: _support(search, mention, area) for area in fitting}
        if not mention.exact and level == "village" and not max(support.values()):
            continue  # "desa jarang ..." is no village Jagang; a larger area must speak for a slip
        if not mention.cue and not _may_stand_alone(search, mention, level, max(support.values())):
            continue
        best = _narrowed(search, mention, fitting, support)
        search.words.update(range(mention.first - bool(mention.cue), mention.last))
        if len(best) > 1:
            names = tuple(_place(area, round(0.9 / len(best), 2)) for area in best[:_CANDIDATES])
            quote = search.text.quote(mention.first, mention.last)
            search.unclear[mention.key] = Unclear(quote, len(best), names)
            continue
        search.settled.add(mention.first)
        search.unclear.pop(mention.key, None)
        sure = _confidence(mention, best[0], support[best[0].code], len(fitting))
        search.anchors.append((mention, best[0].code))
        if mention.way == "towards":
            _suppose(search, best[0], min(sure, 0.4))
        else:
            _keep(search, best[0], sure)


def _settle_sites(search: _Search, *, alone: bool) -> None:
    """Settle landmarks: those of one place before the districts, the others once districts are known."""
    for mention in search.mentions:
        sites = mention.sites
        open_still = mention.first not in search.settled and not mention.cue and not mention.street
        if not sites or not open_still or (len(sites) == 1) != alone:
            continue
        areas = [search.knowledge.areas[site.area_code] for site in sites]
        support = {area.code: _support(search, mention, area) for area in areas}
        if mention.key in ORDINARY and not mention.near and not mention.part and max(support.values()) < _CLOSE:
            continue
        supported = [area for area in areas if support[area.code] > 0]
        best = _narrowed(search, mention, supported or areas, support)
        search.landmarks.extend(site for site in sites if len(best) > 1 or site.area_code == best[0].code)
        if sites[0].kind in _SHOWN_AS_WORDS:
            search.words.update(range(mention.first, mention.last))
        if len(best) > 1:
            names = tuple(_place(area, round(0.9 / len(best), 2)) for area in best[:_CANDIDATES])
            search.unclear[mention.key] = Unclear(search.text.quote(mention.first, mention.last), len(best), names)
        elif mention.way == "towards":
            _suppose(search, best[0], 0.4)
        else:
            _keep(search, best[0], 0.85 if support[best[0].code] or len(sites) == 1 else 0.6)
        search.settled.add(mention.first)
        if len(best) == 1:
            search.anchors.append((mention, best[0].code))


def _support(search: _Search, mention: Mention, area: AreaEntry) -> float:
    """How much the other names of the text speak for this bearer of the name: larger areas named near it, and smaller
    ones that lie in it."""
    total = 0.0
    for anchor, code in search.anchors:
        around = area.code.startswith(f"{code}.") or (bool(mention.sites) and code.startswith(area.code))
        if around and anchor.first != mention.first:
            weight = _SPECIFIC.get(search.knowledge.areas[code].level, 0.0) * (0.5 if anchor.way == "towards" else 1.0)
            total += weight / (1 + apart(search.text, mention, anchor) / _HALF)
    if len(mention.areas) > 1 and area.level == "district":
        total += 0.5 * _held(search, mention, area)
    return total


def _held(search: _Search, mention: Mention, area: AreaEntry) -> float:
    """How near a name stands that only a village or landmark of this district bears, of all that the mention may be."""
    rivals = [other for other in mention.areas if other.level == "district" and other.code != area.code]
    nearest_by = 0.0
    for other in search.mentions:
        if other.first == mention.first or other.cue not in ("", "village"):
            continue
        codes = [village.code for village in other.areas] + [f"{site.area_code}." for site in other.sites]
        inside = any(code.startswith(f"{area.code}.") for code in codes)
        elsewhere = any(code.startswith(f"{rival.code}.") for code in codes for rival in rivals)
        if inside and not elsewhere:
            nearest_by = max(nearest_by, 1 / (1 + apart(search.text, mention, other) / _HALF))
    return nearest_by


def _may_stand_alone(search: _Search, mention: Mention, level: str, support: float) -> bool:
    """Whether a name without kecamatan, desa and the like before it may be read as a place."""
    if mention.key in ORDINARY:
        if level == "regency":
            return mention.near or not mention.part
        return support >= _CLOSE and (mention.near or _comma_follows(search.text, mention))
    if level in ("province", "regency"):
        return True
    if level == "district":
        return len(mention.key) >= 5 or mention.near or support > 0
    long_enough = len(mention.key) >= 9 or mention.last - mention.first > 1
    elsewhere = any(code.count(".") and code not in search.home for _, code in search.anchors)
    if elsewhere and not support:
        return False
    return not mention.part and long_enough and (support > 0 or mention.near or bool(search.anchors))


def _comma_follows(text: Normalised, mention: Mention) -> bool:
    return text.original[text.tokens[mention.last - 1].end :][:1] == ","


def _narrowed(
    search: _Search, mention: Mention, areas: Sequence[AreaEntry], support: dict[str, float]
) -> list[AreaEntry]:
    """The bearers that the text speaks for most; among equals those within the account's own area, if any."""
    top = max(support[area.code] for area in areas)
    best = [area for area in areas if support[area.code] * _CLEARLY >= top]
    for home in search.home:
        inside = [area for area in best if within(area.code, home)]
        if len(best) > 1 and inside:
            best = inside
    return best


def _confidence(mention: Mention, area: AreaEntry, support: float, namesakes: int) -> float:
    """How sure: a cue and a larger area in the text make it sure; namesakes, slips and ends of roads less so."""
    if area.level in ("province", "regency"):
        sure = 0.98 if mention.cue else 0.9 if mention.key not in ORDINARY or mention.near else 0.7
    else:
        sure = 0.9 if mention.cue else 0.7 if area.level == "district" else 0.5
        if support:
            sure += 0.08 if mention.cue else 0.2
        elif namesakes > 1:
            sure -= 0.2
    if mention.part and not mention.cue:
        sure -= 0.2
    if not mention.exact:
        sure -= 0.2
    return round(min(sure, 0.6) if mention.way == "along" else sure, 2)


def _locate(search: _Search, point: tuple[float, float]) -> bool:
    """Put the district of a point first; False for a point that lies nowhere we know."""
    hit = nearest(*point, search.knowledge.centres)
    district = search.knowledge.areas.get(hit[0][:8]) if hit else None
    if hit is None or district is None:
        return False
    _, distance, rival = hit
    # Measured on 2,000 points against the boundaries: right for 97 and for 68 in 100 of them.
    _keep(search, district, 0.95 if rival > 2 * distance else 0.65)
    return True


def _place(area: AreaEntry, confidence: float) -> Place:
    return Place(area.code, area.name, area.level, confidence)


def _keep(search: _Search, area: AreaEntry, confidence: float) -> None:
    before = search.found.get(area.code)
    if before is None or before.confidence < confidence:
        search.found[area.code] = _place(area, confidence)


def _suppose(search: _Search, area: AreaEntry, confidence: float) -> None:
    search.maybe.setdefault(area.code, _place(area, round(confidence, 2)))
