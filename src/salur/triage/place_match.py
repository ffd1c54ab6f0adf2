"""Which areas a text names, by the gazetteer and the words around a name.

Names repeat (fourteen villages are called Sidodadi) and many are ordinary words (Panjang, Harapan), so a name alone is
rarely enough: a word such as kecamatan or desa before it, or a larger area named elsewhere in the text, decides.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from salur.language.normalise import Normalised
from salur.triage.knowledge import AreaEntry, Knowledge

_WIDEST = 4
_SHORTEST = 4
_MOST_MENTIONS = 60


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_CUES = {
    "provinsi": "province",
    "kabupaten": "regency",
    "kota": "regency",
    "pemkab": "regency",
    "pemkot": "regency",
    "bupati": "regency",
    "kecamatan": "district",
    "camat": "district",
    "kelurahan": "village",
    "lurah": "village",
    "desa": "village",
    "kades": "village",
    "pekon": "village",
    "peratin": "village",
    "tiyuh": "village",
    "kampung": "village",
}
_NEAR = _words("di ke dari daerah wilayah warga masyarakat sekitar area kawasan arah menuju antara")
_STREET = _words("jalan gang simpang pasar perumahan komplek toko masjid pantai sungai stasiun terminal way")
_PERSON = _words("bapak ibu saudara haji nama mas mbak pt cv")

# Names of areas that are also everyday words, persons, streets or far-away cities: they count only behind their cue.
_ORDINARY = _words(
    """
    agungjaya airabang airhitam alamjaya ambarawa asahan badak bakung bambang banding bandungbaru bangunan banyumas
    banyuwangi baros batuputih bawang belu bengkulu beringin betung bojong brawijaya budidaya bumiagung bumidaya
    bumijaya bumimandiri bumimas bumiraya bungkuk cabang campang canggu cempaka ciamis cimanuk durian dwikora enggal
    gading garut gayam gebang gedung gunungagung gunungterang harapan hatta jagang jembrana jepara kanoman keagungan
    kebagusan kebumen kecapi kedamaian kedaton kediri kejadian kejayaan kemuning kenali kerang kerta ketapang
    keteguhan klaten kotabaru kotadalam kotakarang labuhan limau lombok lomboktimur luas maja malaya mandah
    margomulyo mataram mekarjaya mekarsari merbau mesirilir metro napal negararatu nibung pagar paguyuban paku
    palapa palas pancasila panjang panutan pariaman pasarbaru pasiran pasuruan patoman payung pejajaran pekalongan
    pelita pemancar pematang penanggungan penantian penawar pengajaran pisang pulaujaya pulogadung purwodadi
    purworejo rajawali rawas rawi rengas ruguk sidodadi sidomulyo sidorejo siliwangi simpangempat simpangtiga
    sinarharapan siraman sriwijaya suak suban sukabumi sukadamai sukajadi sukamaju sukamakmur sukoharjo sumberagung
    sumberjaya sumberrejeki sumbersari sumur surabaya surakarta tajur talang taman tamansari tanahabang
    tanjungharapan tanjungraya tanjungsari tarahan tebing tekad tempuran ujung umbar wana waspada wates wawasan
    wonosobo yogyakarta
    """
)


@dataclass(frozen=True, slots=True)
class Place:
    """An area the text names, and how sure we are (0 to 1)."""

    code: str
    name: str
    level: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Unclear:
    """A name that fits several areas: the citizen's own words and how many areas carry the name."""

    quote: str
    count: int


@dataclass(frozen=True, slots=True)
class PlaceFinding:
    """The areas named, the smallest level first; names that stayed unclear; the words of the text that these are."""

    places: tuple[Place, ...]
    unclear: tuple[Unclear, ...]
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Mention:
    first: int
    last: int
    key: str
    areas: tuple[AreaEntry, ...]
    cue: str
    near: bool
    street: bool


def find_places(text: Normalised, knowledge: Knowledge) -> PlaceFinding:
    """The areas a text names. Larger areas in the text, or the government's own regency, tell equal names apart."""
    mentions = tuple(_mentions(text, knowledge))
    found: dict[str, Place] = {}
    unclear: dict[str, Unclear] = {}
    words: set[int] = set()
    settled: set[int] = set()
    for level in ("province", "regency", "district", "village"):
        context = tuple(found)
        for mention in mentions:
            if mention.first in settled or mention.cue not in ("", level):
                continue
            fitting = [area for area in mention.areas if area.level == level]
            if not fitting:
                continue
            chosen = _choose(mention, fitting, context, knowledge)
            if chosen is not None:
                words.update(range(mention.first - bool(mention.cue), mention.last))
            if isinstance(chosen, Place):
                settled.add(mention.first)
                if chosen.code not in found or found[chosen.code].confidence < chosen.confidence:
                    found[chosen.code] = chosen
            elif chosen is not None:
                unclear[mention.key] = Unclear(text.quote(mention.first, mention.last), chosen)
    order = {"village": 0, "district": 1, "regency": 2, "province": 3}
    places = sorted(found.values(), key=lambda place: (order[place.level], -place.confidence, place.code))
    return PlaceFinding(tuple(places), tuple(unclear.values()), frozenset(words))


def _mentions(text: Normalised, knowledge: Knowledge) -> Iterator[_Mention]:
    """Names of areas from left to right, the widest first, at most `_MOST_MENTIONS`."""
    tokens = text.tokens
    place = count = 0
    while place < len(tokens) and count < _MOST_MENTIONS:
        name = widest_name(text, place, knowledge.area_names)
        before = tokens[place - 1].text if place else ""
        if name is None or before in _PERSON:
            place += 1
            continue
        last, key = name
        areas = knowledge.area_names[key]
        cue, near = _CUES.get(before, ""), before in _NEAR
        if cue and not any(area.level == cue for area in areas):
            cue, near = "", True  # "kota Kalianda": a district, but the word still says that it is a place
        yield _Mention(place, last, key, areas, cue, near, before in _STREET)
        count += 1
        place = last


def widest_name(text: Normalised, place: int, names: Container[str]) -> tuple[int, str] | None:
    """The widest run of words from `place` that joined together is in `names`: where it ends, and the joined name.

    Words of one name are parted by blanks or a hyphen only, never by the end of a clause.
    """
    tokens = text.tokens
    key = ""
    best: tuple[int, str] | None = None
    for last in range(place + 1, min(place + _WIDEST, len(tokens)) + 1):
        if last > place + 1 and text.original[tokens[last - 2].end : tokens[last - 1].start].strip(" \t-'’"):
            break
        key += tokens[last - 1].text
        if len(key) >= _SHORTEST and key in names:
            best = (last, key)
    return best


def _choose(
    mention: _Mention, fitting: list[AreaEntry], context: tuple[str, ...], knowledge: Knowledge
) -> Place | int | None:
    """The one area meant; the number of areas where it stays unclear; None where it is no place at all."""
    cued = bool(mention.cue)
    if not cued and not _may_stand_alone(mention, fitting[0].level, bool(context)):
        return None
    above = tuple(code for code in context if code != knowledge.government_code and code.count(".") >= 1)
    inside = [area for area in fitting if area.code.startswith(tuple(f"{code}." for code in above))] if above else []
    if above and not inside and not cued:
        return None
    home = f"{knowledge.government_code}."
    narrowed = inside or [area for area in fitting if area.code.startswith(home)] or fitting
    if len(narrowed) > 1:
        return len(narrowed)
    confidence = _confidence(mention, narrowed[0], bool(inside), len(fitting))
    return Place(narrowed[0].code, narrowed[0].name, narrowed[0].level, confidence)


def _may_stand_alone(mention: _Mention, level: str, has_context: bool) -> bool:
    """Whether a name without kecamatan, desa and the like before it may be read as a place."""
    if mention.key in _ORDINARY:
        return level == "regency" and mention.near
    if level in ("province", "regency"):
        return True
    if level == "district":
        return len(mention.key) >= 5 or mention.near or has_context
    long_enough = len(mention.key) >= 9 or mention.last - mention.first > 1
    return not mention.street and (has_context or mention.near) and long_enough


def _confidence(mention: _Mention, area: AreaEntry, inside: bool, namesakes: int) -> float:
    """How sure: a cue and a larger area in the text make it sure, namesakes elsewhere and street names less so."""
    if area.level in ("province", "regency"):
        return 0.98 if mention.cue else 0.9
    confidence = 0.9 if mention.cue else 0.7 if area.level == "district" else 0.5
    if inside:
        confidence += 0.08 if mention.cue else 0.2
    elif namesakes > 1:
        confidence -= 0.2
    if mention.street and not mention.cue:
        confidence -= 0.2
    return round(confidence, 2)
