"""The grounds of a reading in words that a citizen and an officer understand, in Indonesian and in English."""

from collections.abc import Iterator, Mapping, Sequence

from salur.triage.alarm_words import Emergency
from salur.triage.jurisdiction import LEVEL_NAMES
from salur.triage.knowledge import FunctionEntry, Knowledge, RoadEntry
from salur.triage.place_match import Place, PlaceFinding
from salur.triage.reading import Ranked, Reason
from salur.triage.scoring import Evidence

_PHRASES_SHOWN = 3
_FUNCTIONS_SHOWN = 2
_LONGEST_QUOTE = 60


def _quoted(words: str) -> str:
    """The citizen's words on one line, shortened."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"


def function_reasons(
    functions: tuple[Ranked, ...], found: Mapping[str, Evidence], knowledge: Knowledge
) -> Iterator[Reason]:
    """For the leading functions, the phrases that speak for them, the weightiest first."""
    for ranked in functions[:_FUNCTIONS_SHOWN]:
        entry = knowledge.functions[ranked.code]
        phrases = sorted(found[ranked.code].phrases.values(), key=lambda phrase: -phrase[1])
        for quote, _ in phrases[:_PHRASES_SHOWN]:
            words = _quoted(quote)
            yield Reason(
                "word",
                f"Kata “{words}” → urusan {entry.name_id}",
                f"The words “{words}” → function {entry.name_en}",
                words,
            )


def agency_reasons(
    agencies: tuple[Ranked, ...], named: Mapping[str, str], chosen: str | None, knowledge: Knowledge
) -> Iterator[Reason]:
    """Why an agency stands where it does, beyond its mandates."""
    ranked = {agency.code for agency in agencies}
    for code, quote in named.items():
        if code in ranked:
            name, words = knowledge.agencies[code].name, _quoted(quote)
            yield Reason("agency_named", f"Menyebut “{words}” → {name}", f"Names “{words}” → {name}", words)
    if chosen is not None:
        name = knowledge.agencies[chosen].name
        yield Reason("agency_chosen", f"Disampaikan kepada {name}", f"Addressed to {name}")


def road_reasons(roads: tuple[RoadEntry, ...]) -> Iterator[Reason]:
    """The listed road segments the text speaks of."""
    kinds = {"provincial": ("provinsi", "provincial"), "national": ("nasional", "national")}
    for road in roads[:_PHRASES_SHOWN]:
        indonesian, english = kinds.get(road.road_class, (road.road_class, road.road_class))
        yield Reason(
            "road_listed",
            f"Ruas jalan {indonesian} no. {road.number} {road.name} ada dalam daftar",
            f"The {english} road segment no. {road.number} {road.name} is listed",
            road.name,
        )


def place_reasons(finding: PlaceFinding) -> Iterator[Reason]:
    """The places named, and names that fit several areas."""
    for place in finding.places[:_PHRASES_SHOWN]:
        yield Reason("place", f"Lokasi: {place.name} ({place.code})", f"Place: {place.name} ({place.code})", place.name)
    for unclear in finding.unclear[:_FUNCTIONS_SHOWN]:
        words = _quoted(unclear.quote)
        yield Reason(
            "place_unclear",
            f"Nama “{words}” dipakai {unclear.count} wilayah; perlu kecamatan atau kabupatennya",
            f"The name “{words}” fits {unclear.count} areas; its district or regency is needed",
            words,
        )


def level_word_reason(level: str, quote: str) -> Reason:
    """A word decided whose matter it is."""
    (indonesian, english), words = LEVEL_NAMES[level], _quoted(quote)
    return Reason("level_word", f"Kata “{words}” → kewenangan {indonesian}", f"The words “{words}” → {english}", words)


def usual_level_reason(level: str, function: FunctionEntry) -> Reason:
    """Nothing in the text says whose matter it is; this is who usually owns it."""
    indonesian, english = LEVEL_NAMES[level]
    return Reason(
        "level_usual",
        f"Urusan {function.name_id} biasanya kewenangan {indonesian}",
        f"{function.name_en} is usually a matter of {english}",
    )


def road_class_unknown() -> Reason:
    """A road whose owner the text does not tell."""
    return Reason(
        "road_class_unknown",
        "Kelas jalan (nasional, provinsi, kabupaten atau desa) belum diketahui; perlu diperiksa",
        "The class of the road (national, provincial, regency or village) is not known yet and must be checked",
    )


def supervision_reason(quote: str) -> Reason:
    """A word that makes it a matter for the supervisor."""
    words = _quoted(quote)
    return Reason(
        "supervisory",
        f"Kata “{words}” → pengaduan berkadar pengawasan",
        f"The words “{words}” → a complaint that needs supervision",
        words,
    )


def urgency_reason(quote: str) -> Reason:
    """A word of danger."""
    words = _quoted(quote)
    return Reason("urgent", f"Kata “{words}” → mendesak", f"The words “{words}” → urgent", words)


EMERGENCIES = {
    "fire": ("kebakaran", "a fire"),
    "flood": ("banjir yang mengancam orang", "a flood that endangers people"),
    "landslide": ("longsor", "a landslide"),
    "violence": ("kekerasan", "violence"),
    "women_children": ("kekerasan terhadap perempuan atau anak", "violence against a woman or child"),
    "suicide": ("nyawa orang yang putus asa", "the life of a person in despair"),
    "accident": ("kecelakaan dengan korban", "an accident with injured people"),
    "missing": ("orang hilang atau terancam", "a person missing or in danger"),
}


def emergency_reason(found: Emergency) -> Reason:
    """An emergency that is reported as happening now, with the numbers to call."""
    indonesian, english = EMERGENCIES[found.kind]
    words, numbers = _quoted(found.words[0]), ", ".join(found.numbers)
    return Reason(
        f"emergency_{found.kind}",
        f"DARURAT: kata “{words}” → {indonesian}; hubungi {numbers}",
        f"EMERGENCY: the words “{words}” → {english}; call {numbers}",
        words,
    )


def advertised(signs: Sequence[str]) -> Reason:
    """It looks like an advertisement of gambling; nothing is dropped, a person looks at it."""
    words = _quoted(", ".join(signs[:_PHRASES_SHOWN]))
    return Reason(
        "gambling",
        f"Tampaknya iklan judi (“{words}”); perlu dilihat petugas",
        f"It looks like an advertisement of gambling (“{words}”); an officer must look at it",
        words,
    )


def horizon_reason(horizon: str, quote: str) -> Reason:
    """A word that suggests a longer horizon."""
    indonesian, words = {"medium": "menengah", "long": "panjang"}[horizon], _quoted(quote)
    return Reason(
        f"horizon_{horizon}",
        f"Kata “{words}” → saran penanganan jangka {indonesian}",
        f"The words “{words}” → {horizon}-term handling is suggested",
        words,
    )


def thin_evidence() -> Reason:
    """Too little to go by."""
    return Reason(
        "thin_evidence",
        "Petunjuk terlalu sedikit; perlu dibaca petugas",
        "Too little evidence; an officer must read it",
    )


def tie(first: Ranked, second: Ranked) -> Reason:
    """Two functions are too close."""
    return Reason(
        "tie",
        f"Dua urusan hampir sama kuat: {first.name} dan {second.name}",
        f"Two functions are nearly equal: {first.code} and {second.code}",
    )


def outside_authority(level: str) -> Reason:
    """Another level owns it; the coordinator hands it over."""
    indonesian, english = LEVEL_NAMES[level]
    return Reason(
        "outside_authority",
        f"Tampaknya kewenangan {indonesian}; diteruskan oleh koordinator",
        f"It seems to be a matter of {english}; the coordinator hands it over",
    )


def outside_area(place: Place) -> Reason:
    """It happened in another government's area; the coordinator hands it over."""
    return Reason(
        "outside_area",
        f"Lokasi {place.name} di luar wilayah pemerintah ini; diteruskan oleh koordinator",
        f"{place.name} lies outside this government's area; the coordinator hands it over",
        place.name,
    )
