"""Emergencies in what people write: which one, the writer's words, and the number to call. Pure.

Raised where something happens now; not where it is over, feared, practised, or a figure of speech. Where it is unclear
the alarm is raised: a needless look costs an officer a minute. The one exception to all quieting is talk of suicide.
"""

import re
from dataclasses import dataclass

from salur.language.normalise import Normalised
from salur.triage.phrases import PhraseIndex

# Kominfo: 112 where the regency runs it; 110 Polri; 113 fire; 115 Basarnas; 118/119 ambulance; Kementerian Kesehatan:
# 119 extension 8 (healing119.id, open again since 31 July 2025); Kementerian PPPA: SAPA 129.
NUMBERS = {
    "fire": ("113", "112"),
    "flood": ("112", "115"),
    "landslide": ("112", "115"),
    "violence": ("110", "112"),
    "women_children": ("129", "110"),
    "suicide": ("119 ext 8", "112"),
    "accident": ("119", "118", "112"),
    "missing": ("115", "112"),
}

_FIRE = """
    kebakaran, kebakar, terbakar, api membesar, api merembet, api menyala, kobong, rumah dibakar, ledakan gas,
    tabung meledak, gas meledak
"""
_FLOOD = """
    terjebak banjir, hanyut, terseret arus, terseret banjir, banjir bandang, air sepinggang, air sedada,
    air seleher, banjir sedada, banjir seleher, setinggi dada, setinggi leher, setinggi atap, naik ke atap,
    di atas atap, tenggelam, tanggul jebol, terjebak air, warga terjebak
"""
_LANDSLIDE = "longsor, tanah longsor, tertimbun, tertimbun longsor"
_VIOLENCE = """
    dibacok, membacok, dianiaya, penganiayaan, dikeroyok, pengeroyokan, tawuran, begal, dibegal, dirampok, perampokan,
    ditusuk, ditikam, penembakan, ditembak, disandera, bawa sajam, bawa celurit, dipukuli, disekap, bentrok
"""
_WOMEN_CHILDREN = """
    kdrt, diperkosa, pemerkosaan, dicabuli, pencabulan, pelecehan seksual, anak disiksa, anak dipukuli, menyiksa anak,
    memukuli anak, memukuli istri, dipukuli suami, dipukul suami, anak disekap, penculikan, diculik, kekerasan anak,
    kekerasan terhadap anak, bayi dibuang, anak dirantai, suami mukul, anak ditelantarkan
"""
_SUICIDE = """
    bunuh diri, mengakhiri hidup, akhiri hidup, pengen mati, ingin mati, mau mati saja, pengin mati, gantung diri,
    mau loncat dari jembatan, tidak mau hidup lagi, tidak ingin hidup lagi, tidak sanggup hidup, minum racun,
    lebih baik mati, menyayat nadi
"""
_ACCIDENT = """
    kecelakaan, tabrakan, tertabrak, ditabrak, tabrak lari, terlindas, korban luka, luka parah, tergeletak,
    berdarah darah, tersetrum, kesetrum, keracunan, tertimpa pohon, tertimpa bangunan, tidak sadarkan diri,
    serangan jantung, kejang, pendarahan, sekarat, tidak bernapas, laka lantas
"""
_MISSING = (
    "anak hilang, orang hilang, hilang di laut, perahu terbalik, kapal tenggelam, kapal karam, tersesat di gunung"
)

# Figures of speech, names of offices and plans: found first, they mean nothing.
_QUIET = """
    kebakaran jenggot, banjir diskon, banjir pujian, banjir hadiah, banjir order, banjir air mata, banjir promo,
    terbakar api cemburu, terbakar emosi, terbakar semangat, terbakar cemburu, semangat terbakar, tenggelam dalam,
    tertabrak aturan, mobil pemadam kebakaran, pemadam kebakaran, dinas kebakaran, rawan kebakaran, rawan longsor,
    rawan kecelakaan, rawan begal, rawan tawuran, rawan banjir, rawan tabrakan, pos kebakaran, hidran kebakaran,
    alat pemadam, asuransi kecelakaan, santunan kecelakaan, jaminan kecelakaan, jaminan kecelakaan kerja,
    angka kecelakaan, titik kecelakaan, bentrok jadwal, jadwal bentrok, bentrok dengan, bekas kebakaran,
    korban kebakaran, bekas longsor, tertimbun sampah, tertimbun utang, tertimbun tanah, hanyut dalam, luka lama,
    sampah terbakar, lampu terbakar, kulit terbakar, uang hilang, mati lampu, mati listrik, akta, penembakan jarak,
    bunuh diri politik, matahari tenggelam, jalan tenggelam, kejang demam
"""
# What people write of a fear, a plan, an exercise or the lack of it, before the word.
_NOT_NOW_WORDS = """
    tidak bukan belum tanpa rawan cegah mencegah antisipasi mengantisipasi simulasi pelatihan latihan lomba sosialisasi
    penyuluhan potensi berpotensi risiko resiko ancaman khawatir takut kuatir takutnya bahaya waspada jangan sampai
    menyebabkan mengakibatkan menimbulkan memicu penyebab sering pernah hampir nyaris menghindari korban bekas usai
    pasca pascabanjir pencegahan penanggulangan bantuan seandainya kalau jika bila supaya agar film berita kasus
    """
# And behind it or around it in the same sentence, where it is over.
_OVER = """
    kemarin, kemaren, tahun lalu, minggu lalu, bulan lalu, tadi malam sudah, dulu, dahulu, sudah padam, telah padam,
    sudah dipadamkan, berhasil dipadamkan, sudah surut, sudah ditangani, telah ditangani, sudah dievakuasi, sudah aman,
    sudah kondusif, sudah selesai, beberapa waktu lalu, tempo hari, setiap tahun, setiap musim, sudah ditemukan,
    sudah ditangkap, hari lalu, sudah tertangani, sudah ditutup, lalu
"""
_NOW = """
    sekarang, saat ini, masih, sedang, barusan, baru saja, tolong cepat, segera kirim, butuh evakuasi, darurat, cepat,
    terjebak, kirim ambulans, kirim damkar, tolong kirim, kritis
"""
_SENTENCE_END = re.compile(r"[.!?;\n]")
_NOT_NOW_BEFORE = frozenset(_NOT_NOW_WORDS.split())
_BEFORE = 3


def _split(listed: str) -> list[str]:
    return [phrase.strip() for phrase in listed.split(",")]


_KINDS = {
    "fire": _FIRE,
    "flood": _FLOOD,
    "landslide": _LANDSLIDE,
    "violence": _VIOLENCE,
    "women_children": _WOMEN_CHILDREN,
    "suicide": _SUICIDE,
    "accident": _ACCIDENT,
    "missing": _MISSING,
}
_ALARMS = PhraseIndex.build(
    ((phrase, kind) for kind, listed in _KINDS.items() for phrase in _split(listed)), hiding=_split(_QUIET)
)
_TIMES = PhraseIndex.build(
    [(phrase, "over") for phrase in _split(_OVER)] + [(phrase, "now") for phrase in _split(_NOW)]
)


@dataclass(frozen=True, slots=True)
class Emergency:
    """One emergency: `kind` is a key of `NUMBERS`, `words` the writer's own, `numbers` the first to call first.

    112 answers only where the regency runs it: whoever shows the numbers shows all of them.
    """

    kind: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]


def emergencies(words: Normalised) -> tuple[Emergency, ...]:
    """The emergencies a text reports as happening now, in the order they are named. Raises nothing."""
    hits = [hit for hit in _ALARMS.find(words) if hit.meanings]
    if not hits:
        return ()
    times = [(hit.first, hit.meanings[0]) for hit in _TIMES.find(words)]
    sentences = _sentences(words)
    found: dict[str, list[str]] = {}
    for hit in hits:
        kind = hit.meanings[0]
        here = sentences[hit.first]
        around = {meaning for place, meaning in times if sentences[place] == here}
        over = "over" in around and "now" not in around
        if kind == "suicide" or not (over or _feared(words, hit.first, sentences)):
            found.setdefault(kind, []).append(words.quote(hit.first, hit.last))
    return tuple(Emergency(kind, tuple(quotes), NUMBERS[kind]) for kind, quotes in found.items())


def _feared(words: Normalised, place: int, sentences: list[int]) -> bool:
    """Whether the words shortly before, in the same sentence, deny the event or only fear, plan or recall it."""
    before = range(max(0, place - _BEFORE), place)
    return any(words.tokens[at].text in _NOT_NOW_BEFORE for at in before if sentences[at] == sentences[place])


def _sentences(words: Normalised) -> list[int]:
    """For each word the number of its sentence."""
    numbers: list[int] = []
    number, last = 0, 0
    for token in words.tokens:
        number += _SENTENCE_END.search(words.original, last, token.start) is not None
        numbers.append(number)
        last = token.end
    return numbers
