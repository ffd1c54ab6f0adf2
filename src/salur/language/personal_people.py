"""Personal data that is words: names in context, the number of somebody's house, ages of children, illnesses. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator

from salur.language.name_words import is_given, is_ordinary
from salur.language.personal_numbers import Hit, Kind

_HEAD = r"(?<![\w\[])"
_WORD = r"[^\W\d_][\w'’]*"
_NAME_WORDS = re.compile(rf"{_WORD}\.?(?:[ \t]+{_WORD}\.?){{0,3}}")
# After these any word that is not an ordinary one is a name.
_NAMED = re.compile(
    rf"(?i){_HEAD}(?:nama (?:saya|sy|lengkap|pelapor)(?: saya| adalah| yaitu)?|nama\s?:|bernama|"
    r"perkenalkan,? (?:nama )?saya)(?!\w)[\s:,.=-]{1,5}"
)
# After these a word is a name if it has a capital and is no ordinary word, or if we know it.
_SIGNED = re.compile(
    rf"(?i){_HEAD}(?:atas nama|a\.\s?n\.?|a/n|hormat (?:saya|kami)|tertanda|ttd|"
    r"nama (?:korban|terlapor|pemilik|anak|pasien|siswa|ibu|ayah|istri|suami)(?:nya)?(?: saya| kami)?)"
    r"(?!\w)[\s:,.=-]{1,5}"
)
_AN = re.compile(rf"{_HEAD}(?:an|An|AN)\.?\s*:?\s+(?=[A-Z][a-z]+ [A-Z])")
_ADDRESSED = re.compile(
    rf"(?i){_HEAD}(?:(?:bapak|pak|ibu|bu|mas|mbak|mba|bang|abang|kang|saudar[ai]|tuan|nyonya|om|tante|ustadz?|mbah|pakde|"
    r"bude)[ \t]+|(?:bpk|sdri?|ny|ust)\.?[ \t]+)"
)
# After these only a name we know.
_MINE = re.compile(
    rf"(?i){_HEAD}(?:saya|sy|haji|hajjah|(?:anak|putra|putri|istri|suami|ibu|bapak|ayah|adik|kakak|cucu|keponakan|tetangga|"
    rf"teman) "
    r"(?:saya|kami|sy)),?[ \t]+"
)
# A street or a house of prayer is named after somebody: the name is a place.
_PLACE_BEFORE = re.compile(
    r"(?i)(?<!\w)(?:jalan|jl|jln|gang|gg|masjid|musala|mushola|sd|smp|sma|smk|pasar|pondok|ponpes|yayasan|rs|rsud|"
    r"klinik|jembatan|simpang|makam|lapangan|gedung|stadion|bandara|pelabuhan|terminal|kampung|desa|dusun|tugu|"
    r"taman)\.?[ \t]*$"
)

_HOME = re.compile(
    rf"(?i){_HEAD}(?:alamat (?:rumah |tinggal |lengkap |ktp )?(?:saya|kami|sy)|rumah (?:saya|kami|sy|ortu|orang tua|"
    r"mertua|tetangga|anak|pak|bu|bapak|ibu)|(?:ber)?tinggal di|(?:ber)?domisili|kediaman)(?!\w)"
)
_HOME_REACH = 100
_HOUSE = re.compile(
    r"(?i)(?<![\w\[])(?:(?:no|nomor|nomer|nmr)\.?\s?:?\s?\d{1,4}(?:\s?[a-z](?![\w]))?(?:/\d{1,3})?|"
    r"blok\s[a-z]{1,3}(?:\s?[-/.]?\s?\d{1,3}[a-z]?)?)(?!\w)"
)
_NO_HOUSE_BEFORE = re.compile(
    r"(?i)(?:jalan|ruas|jembatan|laporan|surat|aduan|perda|pasal|uu|km|tps|kk|hp|telepon)\.?\s*$"
)

_RELATIVE = (
    r"(?:anak|putra|putri|istri|isteri|suami|ibu|bapak|ayah|adik|kakak|nenek|kakek|cucu|mertua|keponakan|"
    r"orang tua|ortu|"
    r"paman|bibi)"
)
_ILL = re.compile(
    rf"(?i){_HEAD}(?:{_RELATIVE} (?:saya|kami|sy)|(?:saya|sy|aku)(?= (?:sedang |lagi |adalah |juga |memang )?"
    r"(?:menderita|mengidap|kena|terkena|positif|punya|penderita|pasien|sakit|hamil|divonis|didiagnosa|odha)))(?!\w)"
)
_ILL_REACH = 70
_ILLNESS = re.compile(
    r"(?i)(?<![\w\[])(?:hiv(?:/aids)?|aids|odha|tbc?|tuberkulosis|kanker(?: (?!di|dan|yang)\w+)?|tumor(?: otak)?|"
    r"leukemia|diabetes|kencing manis|stroke|(?:sakit|gagal|serangan|penyakit|kelainan) (?:jantung|ginjal|liver|"
    r"hati|paru|"
    r"saraf|jiwa)|gangguan (?:jiwa|mental)|hipertensi|darah tinggi|asma|epilepsi|lumpuh(?: layu)?|odgj|skizofrenia|"
    r"depresi|bipolar|autis(?:me)?|down syndrome|hepatitis(?: [abc](?!\w))?|demam berdarah|dbd|tifus|tipes|"
    r"malaria|kusta|"
    r"cuci darah|hemodialis[ai]s?|kemoterapi|kemo|keguguran|hamil(?: \d{1,2} (?:bulan|bln|minggu))?|stunting|"
    r"gizi buruk|"
    r"thalas+emia|hidrosefalus|bibir sumbing|sifilis|sipilis|gonore|katarak|patah tulang|difteri|campak|"
    r"meningitis)(?!\w)"
)
_CHILD = re.compile(
    rf"(?i){_HEAD}(?:anak|putra|putri|cucu|adik|keponakan|bayi|balita|siswa|siswi|santri|murid)(?:nya)?(?: saya|"
    rf" kami| sy)?(?!\w)"
)
_CHILD_REACH = 50
_AGE = re.compile(
    r"(?i)(?<=\()\s*(?:umur |usia )?\d{1,2}(?:[.,]\d)?\s?(?:th|thn|tahun|bln|bulan)\.?\s*(?=\))|"
    r"(?<![\w\[])(?:ber)?(?:umur|usia)(?:nya)?\s\d{1,2}(?:[.,]\d)?(?:\s?(?:th|thn|tahun|bln|bulan)(?!\w))?"
)
_MONTHS = "jan|feb|mar|apr|mei|jun|jul|agu|ags|sep|okt|nov|des"
_BIRTH = re.compile(
    rf"(?i){_HEAD}(?:ttl|(?:tgl\.?|tanggal) lahir|lahir)(?:nya)?(?!\w)[^\d\n\[\]•]{{0,40}}?"
    rf"(\d{{1,2}}[-./ ](?:\d{{1,2}}|(?:{_MONTHS})[a-z]*)[-./ ]\d{{2,4}})(?!\d)"
)
_SENTENCE_END = re.compile(r"[\n!?]|\.\s")


def names(text: str) -> Iterator[Hit]:
    """Names that the words around them show: "nama saya ...", "a.n. ...", "Pak ...", "saya Budi".

    An official's title ("Pak Camat") and a street named after somebody stay.
    """
    for match in _NAMED.finditer(text):
        yield from _name(text, match.end(), sure=True)
    for pattern in (_SIGNED, _AN):
        for match in pattern.finditer(text):
            yield from _name(text, match.end(), sure=False, signed=True)
    for match in _ADDRESSED.finditer(text):
        if not _PLACE_BEFORE.search(text[max(0, match.start() - 20) : match.start()]):
            yield from _name(text, match.end(), sure=False)
    for match in _MINE.finditer(text):
        if not _PLACE_BEFORE.search(text[max(0, match.start() - 20) : match.start()]):
            yield from _name(text, match.end(), sure=None)


def _name(text: str, start: int, sure: bool | None, *, signed: bool = False) -> Iterator[Hit]:
    """The name that begins at `start`, if one does.

    `sure`: any word may be a name (True), one with a capital (False), or only a name we know (None). In a signature
    the words behind a first name belong to it.
    """
    found = _NAME_WORDS.match(text, start)
    if found is None:
        return
    end = start
    capital = False
    for number, part in enumerate(re.finditer(_WORD, found[0])):
        word = part[0]
        styled = word[0].isupper() and (len(word) == 1 or not word.isupper())
        known = is_given(word, styled)
        if number == 0:
            capital = styled
        fits = known or (
            not is_ordinary(word)
            and ((styled and (capital or number == 0) and sure is not None) or (sure is True and not capital))
        )
        if number and sure is None:
            fits = known or (styled and capital and not is_ordinary(word))
        elif number and (sure or signed):
            fits = is_given(word, True) or not is_ordinary(word)
        if not fits or (number == 0 and len(word) == 1):
            break
        end = start + part.end()
        if text[end : end + 1] == "." and len(word) > 2:
            break
    if end > start:
        yield "name", start, end


def homes(text: str) -> Iterator[Hit]:
    """House numbers and blocks where somebody's home is spoken of; street, RT and RW stay."""
    for match in _HOME.finditer(text):
        reach = text[match.end() : match.end() + _HOME_REACH].partition("\n")[0]
        for house in _HOUSE.finditer(reach):
            if not _NO_HOUSE_BEFORE.search(reach[max(0, house.start() - 12) : house.start()]):
                yield "address", match.end() + house.start(), match.end() + house.end()


def births(text: str) -> Iterator[Hit]:
    """Dates of birth."""
    for match in _BIRTH.finditer(text):
        yield "birth", match.start(1), match.end(1)


def illnesses(text: str) -> Iterator[Hit]:
    """Named illnesses of the writer or of a relative. Plain "sakit" stays: it is the matter and names no illness."""
    yield from _behind(text, _ILL, _ILL_REACH, _ILLNESS, "health")


def ages(text: str) -> Iterator[Hit]:
    """Ages of children: in brackets, or behind "umur", "usia"."""
    yield from _behind(text, _CHILD, _CHILD_REACH, _AGE, "age")


def _behind(text: str, context: re.Pattern[str], reach: int, fact: re.Pattern[str], kind: Kind) -> Iterator[Hit]:
    """Facts that stand at most `reach` characters behind a context, in the same sentence."""
    for match in context.finditer(text):
        stop = _SENTENCE_END.search(text, match.end(), match.end() + reach)
        end = stop.start() if stop else min(len(text), match.end() + reach)
        for found in fact.finditer(text, match.end(), end):
            if found.end() < end or stop or end == len(text) or not text[end].isalnum():
                yield kind, found.start(), found.end()


FINDERS: tuple[Callable[[str], Iterable[Hit]], ...] = (names, homes, births, illnesses, ages)
