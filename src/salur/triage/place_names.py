"""Names of places as they stand in a text, with the words around them; which place is meant is decided elsewhere."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from salur.language.normalise import Normalised
from salur.triage.gazetteer import LandmarkEntry, one_slip_away
from salur.triage.knowledge import AreaEntry, Knowledge

_WIDEST = 6
_SHORTEST = 3
_MOST_MENTIONS = 60
_BOUNDARY = 8
"""Words that the end of a sentence counts for between two names."""


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
    "tiuh": "village",
    "kampung": "village",
}
_NEAR = _words(
    "di ke dari daerah wilayah warga masyarakat sekitar area kawasan antara sampai arah menuju jurusan tujuan"
)
_ALONG = _words("ke dari antara sampai")
_TOWARDS = _words("arah menuju jurusan tujuan")
_STREET = _words("jalan gang")
_PART = _words(
    "simpang pasar perumahan komplek toko masjid pantai sungai stasiun terminal way rs rsud puskesmas polsek"
)
_PERSON = _words("bapak ibu saudara haji nama mas mbak pt cv")
# Words after a name that make it the name of something else.
_OTHER_THING = {"metro": _words("tv mini sexual news jaya"), "mesuji": _words("sekampung")}
_LINKS = _words("ke dan sampai arah menuju hingga")
# A full stop after a short form ends no sentence: "Kec. Natar", "Jl. Mawar".
_BREAK = re.compile(r"[!?;\n]|\.\s")
_FORGIVEN_LEVELS = ("regency", "district")

# Names of areas that are also everyday words, persons, streets or far-away cities: they count only behind their cue.
ORDINARY = _words(
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
    unit2 unitdua unitii wonosobo yogyakarta
    """
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at the words `first` up to, not including, `last`.

    `areas` and `sites` carry the name. `cue` is the level that the word before it says; `near`: a word such as "di"
    stands before it; `street`: it is the name of a street; `part`: of a market, a bridge and the like; `way`: "along"
    for an end of a road ("dari X ke Y"), "towards" for where it leads; `exact`: spelt as in the gazetteer.
    """

    first: int
    last: int
    key: str
    areas: tuple[AreaEntry, ...]
    sites: tuple[LandmarkEntry, ...]
    cue: str
    near: bool
    street: bool
    part: bool
    way: str
    exact: bool = True


def mentions_in(text: Normalised, knowledge: Knowledge) -> tuple[Mention, ...]:
    """Names of areas and landmarks from left to right, the widest first, at most sixty."""
    found: list[Mention] = []
    place, tokens, starts = 0, text.tokens, knowledge.name_starts
    while place < len(tokens) and len(found) < _MOST_MENTIONS:
        before = tokens[place - 1].text if place else ""
        told = before in _CUES or before in _NEAR
        mention = None
        if before not in _PERSON and (told or tokens[place].text in starts):
            mention = (
                _exact(text, place, before, knowledge) or (told and _misspelt(text, place, before, knowledge)) or None
            )
        if mention is None and tokens[place].text[:2] in ("di", "ke"):
            mention = _glued(text, place, knowledge)
        if mention is None:
            place += 1
            continue
        found.append(mention)
        place = mention.last
    return tuple(_routes(text, found))


def _exact(text: Normalised, place: int, before: str, knowledge: Knowledge) -> Mention | None:
    name = widest_name(text, place, knowledge.name_starts, knowledge.area_names, knowledge.landmarks)
    if name is None or _is_other_thing(text, name):
        return None
    last, key = name
    return _mention(text, place, last, before, key, knowledge)


def _is_other_thing(text: Normalised, name: tuple[int, str]) -> bool:
    last, key = name
    return key in _OTHER_THING and last < len(text.tokens) and text.tokens[last].text in _OTHER_THING[key]


def _mention(text: Normalised, place: int, last: int, before: str, key: str, knowledge: Knowledge) -> Mention:
    areas, sites = knowledge.area_names.get(key, ()), knowledge.landmarks.get(key, ())
    cue, near = _CUES.get(before, ""), before in _NEAR
    if cue and not any(area.level == cue for area in areas):
        cue, near = "", True  # "kota Kalianda": a district, but the word still says that it is a place
    way = "towards" if before in _TOWARDS else "along" if before in _ALONG else ""
    return Mention(place, last, key, areas, sites, cue, near, before in _STREET, before in _PART, way)


def _misspelt(text: Normalised, place: int, before: str, knowledge: Knowledge) -> Mention | None:
    """A name of six letters or more with one slip, behind a word that says that a place follows.

    Behind a mere preposition only districts and regencies with the same first letter are thought of.
    """
    cue = _CUES.get(before, "")
    best: tuple[int, str, list[AreaEntry]] | None = None
    for last, key in _runs(text, place, 3):
        names = one_slip_away(key, knowledge.name_slips)
        areas = [area for name in names for area in knowledge.area_names[name] if not cue or area.level == cue]
        if not cue:
            areas = [a for name in names if name[0] == key[0] and len(key) > 6 for a in knowledge.area_names[name]]
            areas = [area for area in areas if area.level in _FORGIVEN_LEVELS and joined_name(area)[0] == key[0]]
        if areas:
            best = last, key, areas
    if best is None:
        return None
    last, key, areas = best
    way = "towards" if before in _TOWARDS else "along" if before in _ALONG else ""
    return Mention(place, last, key, tuple(dict.fromkeys(areas)), (), cue, not cue, False, False, way, exact=False)


def joined_name(area: AreaEntry) -> str:
    """The plain name of an area as one run of lower-case letters."""
    return area.name.removeprefix("Kabupaten ").removeprefix("Kota ").lower().replace(" ", "")


def _glued(text: Normalised, place: int, knowledge: Knowledge) -> Mention | None:
    """A district or regency glued to its preposition: "dikalianda", "keNatar"."""
    token = text.tokens[place].text
    areas = [area for area in knowledge.area_names.get(token[2:], ()) if area.level in _FORGIVEN_LEVELS]
    if len(token) < 7 or not areas or token[2:] in ORDINARY:
        return None
    way = "along" if token[:2] == "ke" else ""
    return Mention(place, place + 1, token[2:], tuple(areas), (), "", True, False, False, way)


def _routes(text: Normalised, mentions: list[Mention]) -> Iterator[Mention]:
    """Names joined by a dash, "ke" or "dan" behind "jalan", "dari" or "antara" are ends of a road, not streets."""
    along = ""
    for place, mention in enumerate(mentions):
        after = mentions[place + 1] if place + 1 < len(mentions) else None
        linked = after is not None and _linked(text, mention, after)
        if along:
            mention = replace(mention, street=False, near=True, way=mention.way or along)
        elif linked and (mention.street or mention.way == "along"):
            mention = replace(mention, street=False, near=True, way="along")
        along = "along" if linked and mention.way == "along" else ""
        yield mention


def _linked(text: Normalised, one: Mention, other: Mention) -> bool:
    """Whether only a dash or one linking word stands between two names."""
    between = text.tokens[one.last : other.first]
    if not between:
        gap = text.original[text.tokens[one.last - 1].end : text.tokens[other.first].start]
        return gap.strip() in ("-", "–", "—", "/")
    return len(between) == 1 and between[0].text in _LINKS


def apart(text: Normalised, one: Mention, other: Mention) -> int:
    """Words from one name to another; the end of a sentence between them counts for eight."""
    left, right = (one, other) if one.first <= other.first else (other, one)
    words = max(0, right.first - left.last)
    if not words or words > 40:
        return words
    for place in range(left.last, right.first + 1):
        gap = text.original[text.tokens[place - 1].end : text.tokens[place].start]
        if _BREAK.search(gap) and not (gap.lstrip()[:1] == "." and _is_short(text, place - 1)):
            return words + _BOUNDARY
    return words


def _is_short(text: Normalised, place: int) -> bool:
    token = text.tokens[place]
    return token.text in _CUES or token.text in _STREET or token.end - token.start < 4


def _runs(text: Normalised, place: int, widest: int) -> Iterator[tuple[int, str]]:
    """Words from `place` joined, one more each time, never over the end of a clause."""
    tokens = text.tokens
    key = ""
    for last in range(place + 1, min(place + widest, len(tokens)) + 1):
        if last > place + 1 and text.original[tokens[last - 2].end : tokens[last - 1].start].strip(" \t-'’"):
            return
        key += tokens[last - 1].text
        yield last, key


def widest_name(text: Normalised, place: int, starts: Container[str], *names: Container[str]) -> tuple[int, str] | None:
    """The widest run of words from `place` that joined together is a name: where it ends, and the joined name.

    `starts` holds the beginnings of all names. Words of one name are parted by blanks or a hyphen only.
    """
    best: tuple[int, str] | None = None
    for last, key in _runs(text, place, _WIDEST):
        if key not in starts:
            break
        if len(key) >= _SHORTEST and any(key in group for group in names):
            best = (last, key)
    return best


_STREET_STOPS = _words(
    """rusak parah berlubang hancur di dekat depan samping sebelah macet banjir gelap sudah tidak yang kami saya ini itu
    sangat sekali mohon tolong dan arah menuju dari ke kecamatan kelurahan kabupaten desa pekon tiyuh kota provinsi
    jalan licin longsor amblas minta belum sampai padam mati masih ada juga perlu"""
)
_NUMBERED = _words("nomor rt rw blok km lk lingkungan dusun")
_STREET_KINDS = _words("raya desa kabupaten provinsi nasional negara lintas tol poros utama kampung pekon umum aspal")
_LONGEST_STREET = 5


def street_words(text: Normalised) -> str:
    """The first street with number, RT and RW as the citizen wrote it; nothing where none is named."""
    tokens = text.tokens
    for place, token in enumerate(tokens):
        if token.text not in _STREET and token.text not in ("rt", "rw"):
            continue
        last = place + 1 if token.text in _STREET else place
        while token.text in _STREET and last < len(tokens) and last - place <= _LONGEST_STREET:
            gap = text.original[tokens[last - 1].end : tokens[last].start]
            stop = tokens[last].text in _STREET_STOPS or tokens[last].text in _NUMBERED
            if stop or (_BREAK.search(gap) and last > place + 1) or "," in gap:
                break
            last += 1
        if last == place + 1 and token.text in _STREET or tokens[min(place + 1, len(tokens) - 1)].text in _STREET_KINDS:
            continue
        while last + 1 < len(tokens) and tokens[last].text in _NUMBERED and tokens[last + 1].text[:1].isalnum():
            last += 2
        if last > place:
            return text.quote(place, last)
    return ""
