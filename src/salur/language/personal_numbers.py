"""Personal data that is numbers or addresses of machines: identity, phone, account, plate, e-mail, link. Pure.

Sources: NIK and family card number, Permendagri 108/2019 (16 digits, the 7th to 12th the date of birth, 40 added to the
day for women); phone numbers, national numbering plan (+62, 8 to 13 digits); NPWP, 15 digits in groups, or 16; BPJS
card, 13 digits beginning with 000; plates, Perpol 7/2021: letters of the region, one to four digits, some letters.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

Kind = Literal[
    "nik", "family_card", "number", "phone", "email", "plate", "account", "customer", "tax_number", "passport",
    "health_card", "link", "address", "name", "birth", "health", "age",
]  # fmt: skip
Hit = tuple[Kind, int, int]

# Between two digits of one number: a blank, a dot, a hyphen, or an invisible character.
_SEP = r"[ .\-\u00a0\u200b-\u200f\u2060\ufeff\u00ad]?"
_WIDE = r"[ .\-()\u00a0\u200b-\u200f\u2060\ufeff\u00ad]{0,3}"
# Before a context word: no letter, and no bracket, which opens one of our own tokens.
_HEAD = r"(?i)(?<![\w\[])"
# From a context word to its number: no digit, no new line, none of our tokens.
_GAP = r"[^\d\n\[\]•]"


def _spaced(*groups: str) -> str:
    return _SEP.join(groups)


_NIK = re.compile(
    r"(?<!\d)"
    + _spaced("[1-9]", *[r"\d"] * 5)
    + _SEP
    + f"(?:0{_SEP}[1-9]|[1256]{_SEP}\\d|3{_SEP}[01]|4{_SEP}[1-9]|7{_SEP}[01])"
    + _SEP
    + f"(?:0{_SEP}[1-9]|1{_SEP}[0-2])"
    + _SEP
    + _spaced(*[r"\d"] * 6)
    + r"(?!\d)"
)
# Codes of provinces in the first two digits (Permendagri on codes of regions).
_PROVINCES = frozenset(
    (*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98))
)
_SIXTEEN = re.compile(rf"(?<!\d)(?:\d{_SEP}){{15}}\d(?!\d)")
_LONG = re.compile(r"\d{16,}")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DATE = r"(?:\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2})|\d{4}[-./]\d{1,2}[-./]\d{1,2})"
_DATES = re.compile(rf"{_DATE}(?:[ .\-]{_DATE})*|(?:19|20)\d\d(?:[ \-](?:19|20)\d\d)+")
_MONEY_BEFORE = re.compile(r"(?i)(?:\brp\.?|\brupiah|\bsebesar|\bsenilai|\bsejumlah|\bidr)\s*$")
_MONEY_AFTER = re.compile(r"(?i)\s*(?:rupiah|juta|ribu|miliar|rb|jt|,-)")

_MOBILE = re.compile(
    rf"(?<!\d)(?<!\d[.,/\-])(?:\+\s?62{_WIDE}|00{_SEP}62{_WIDE}|(?<![\w.,])62{_WIDE}|\(?[0oO]{_SEP})(?:\(?0\)?{_SEP})?"
    rf"8(?:{_WIDE}\d){{7,12}}(?!\d)"
)
_LANDLINE = re.compile(
    rf"(?<![\w.,/+])(?<!\d-)(?:\+\s?62{_WIDE}|62{_SEP}|\(?0)[2-9]\d{{1,2}}\)?[ .\-]{{0,3}}\d(?:{_SEP}\d){{4,8}}(?!\d)"
)
_DIGIT_WORD = "(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan|\\d)"
_PHONE_WORDS = re.compile(
    rf"(?i)(?<![\w\[])(?:(?:plus[\s,.\-]*)?(?:enam|6)[\s,.\-]*(?:dua|2)|nol|kosong|0)[\s,.\-]*(?:delapan|lapan|8)"
    rf"(?:[\s,.\-]{{0,4}}{_DIGIT_WORD}){{6,12}}(?!\w)"
)
_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_EMAIL_SPELLED = re.compile(
    r"(?i)(?<![\w.+-])[\w.+-]{1,64}\s?\(at\)\s?[\w-]{1,63}(?:\s?(?:\.|\(dot\))\s?[\w-]{1,63}){1,4}"
)
_URL = re.compile(r"(?i)\bhttps?://[^\s<>\[\]•]+")
_SECRET = re.compile(
    r"(?i)[?&#;/](?:[a-z]+_)?(?:token|key|kunci|sig|signature|auth|sesi|session|sid|code|kode|otp|pass|password|sandi|"
    r"secret|jwt|ticket|tiket)=|//[^/\s:@]+:[^/\s@]+@|eyJ[\w-]{10,}|"
    r"/(?:reset|verify|verifikasi|konfirmasi|confirm|undangan|invite|login|masuk)[\w-]*/[\w-]{10,}"
)
_TAX_SHAPED = re.compile(r"(?<![\d.])\d{2}\.\d{3}\.\d{3}\.\d[-.]\d{3}\.\d{3}(?![\d.])")
_HEALTH_SHAPED = re.compile(r"(?<![\d.])000\d{10}(?!\d)")
_PASSPORT = re.compile(_HEAD + rf"(?:paspor|passport)(?!\w){_GAP}{{0,15}}?(?<!\w)([a-z]{{1,2}}\s?\d{{6,8}})(?!\w)")


def _after(words: str, least: int, most: int, gap: int = 40) -> re.Pattern[str]:
    """A number of `least` to `most` digits behind one of the words."""
    return re.compile(_HEAD + rf"(?:{words})(?!\w){_GAP}{{0,{gap}}}?(\d(?:{_SEP}\d){{{least - 1},{most - 1}}})(?!\d)")


_BANKS = "bca|bri|bni|btn|bsi|mandiri|bank lampung|cimb|danamon|permata|bjb|muamalat"
_IN_CONTEXT: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("tax_number", _after("npwp", 15, 16, 25)),
    ("family_card", _after(r"(?:no\.? ?|nomor )?(?:kk|kartu keluarga)", 10, 18, 25)),
    ("nik", _after(r"nik|(?:no\.? ?|nomor )?e?-?ktp", 10, 18, 25)),
    ("health_card", _after(r"bpjs|jkn|kis|kpj|no\.? ?kartu peserta", 11, 13)),
    ("customer", _after(r"id ?pel(?:anggan)?|(?:no\.? ?|nomor )(?:pelanggan|meter(?:an)?|sambungan|kwh)", 6, 12, 25)),
    ("account", _after(rf"rek|rekening|no\.?rek|norek|va|virtual account|briva|{_BANKS}", 8, 19)),
)
_ACCOUNT_BEFORE = re.compile(
    rf"(?i)(?<![\w.,])(\d(?:{_SEP}\d){{7,18}})(?!\d)\s{{0,2}}\(?(?:{_BANKS}|a\.\s?n\.?|a/n|atas nama)(?!\w)"
)
_KINDS_BEFORE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("tax_number", re.compile(r"(?i)(?<![\w\[])npwp(?!\w)")),
    ("family_card", re.compile(r"(?i)(?<![\w\[])(?:kk|kartu keluarga)(?!\w)")),
    ("account", re.compile(rf"(?i)(?<![\w\[])(?:rek|rekening|norek|va|virtual account|briva|{_BANKS})(?!\w)")),
)
_LOOK_BACK = 25

_REGIONS = (
    "AA|AB|AD|AE|AG|BA|BB|BD|BE|BG|BH|BK|BL|BM|BN|BP|DA|DB|DC|DD|DE|DG|DH|DK|DL|DM|DN|DP|DR|DS|DT|DW|EA|EB|ED|KB|KH|KT|"
    "KU|PA|PB|PG|PS|PT|PY|A|B|D|E|F|G|H|K|L|M|N|P|R|S|T|W|Z"
)
_PLATE = re.compile(rf"(?<![\w\[./-])(?:{_REGIONS})[ .\-]?\d{{1,4}}[ .\-]?[A-Z]{{1,3}}(?![\w/])")
_PLATE_LOWER = re.compile(rf"(?i)(?<![\w\[./-])(?:{_REGIONS})[ .\-]?\d{{2,4}}[ .\-]?([a-z]{{1,3}})(?![\w/])")
_VEHICLE = re.compile(
    r"(?i)(?<![\w\[])(?:plat|pelat|nopol|no\.? ?pol|nomor polisi|motor|mobil|truk|angkot|bus|kendaraan|pick ?up|taksi|"
    r"sepeda motor|fuso|travel|ambulans)(?:nya)?(?!\w)[^\n\[\]•]{0,25}$"
)
_NO_PLATE_BEFORE = re.compile(
    r"(?i)\b(?:blok|kelas|gedung|lantai|jalur|pintu|loket|zona|tipe|seri|pasal|km|lt|kav|kode|golongan|rumah)\.?\s*$"
)
_ENDINGS = """
    di ke km kg m cm mm rp rb jt dr yg dan utk dg ada apa ini itu jam hp rt rw x s d wib orang org ya pak bu min bln th
    thn hr kk ha l gb mb
"""
_NO_PLATE_ENDING = frozenset(_ENDINGS.split())


def links(text: str) -> Iterator[Hit]:
    """Links that open something for whoever holds them: with a token, a key, a password. Others stay."""
    for match in _URL.finditer(text):
        address = match[0].rstrip(".,;:!?)\"'")
        if _SECRET.search(address):
            yield "link", match.start(), match.start() + len(address)


def emails(text: str) -> Iterator[Hit]:
    """E-mail addresses, also with (at) and (dot)."""
    for pattern in (_EMAIL, _EMAIL_SPELLED):
        for match in pattern.finditer(text):
            yield "email", match.start(), match.end()


def identity_numbers(text: str) -> Iterator[Hit]:
    """Numbers of 16 digits or more, in one or in groups; not two dates, years or an amount of money in groups."""
    for pattern in (_NIK, _SIXTEEN, _LONG):
        for match in pattern.finditer(text):
            if not match[0].isdigit() and _is_plain(text, match.start(), match.end()):
                continue
            yield _kind_of(text, match.start(), match[0]), match.start(), match.end()


def _kind_of(text: str, start: int, number: str) -> Kind:
    before = text[max(0, start - _LOOK_BACK) : start].rpartition("\n")[2]
    for kind, pattern in _KINDS_BEFORE:
        if pattern.search(before):
            return kind
    return "nik" if is_nik(number) else "number"


def is_nik(number: str) -> bool:
    """Whether 16 digits can be a NIK: a province's code, a day of birth (40 more for women), a month."""
    digits = "".join(str(unicodedata.decimal(sign)) for sign in number if sign.isdecimal())
    if len(digits) != 16 or int(digits[:2]) not in _PROVINCES:
        return False
    day, month = int(digits[6:8]), int(digits[8:10])
    return (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12


def _is_plain(text: str, start: int, end: int) -> bool:
    """Whether a run of digits is a date, years or an amount of money."""
    run = text[start:end]
    return bool(
        _GROUPED.fullmatch(run)
        or _DATES.fullmatch(run)
        or _MONEY_BEFORE.search(text[max(0, start - 12) : start])
        or _MONEY_AFTER.match(text, end)
    )


def phones(text: str) -> Iterator[Hit]:
    """Phone numbers of Indonesia in digits or in words ("nol delapan satu ...")."""
    for pattern in (_MOBILE, _LANDLINE):
        for match in pattern.finditer(text):
            if "+" in match[0] or not _is_plain(text, match.start(), match.end()):
                yield "phone", match.start(), match.end()
    for match in _PHONE_WORDS.finditer(text):
        if any(sign.isalpha() for sign in match[0]):
            yield "phone", match.start(), match.end()


def shaped_cards(text: str) -> Iterator[Hit]:
    """Numbers known by their shape alone: NPWP in its groups, BPJS card."""
    for match in _TAX_SHAPED.finditer(text):
        yield "tax_number", match.start(), match.end()
    for match in _HEALTH_SHAPED.finditer(text):
        yield "health_card", match.start(), match.end()


def numbers_in_context(text: str) -> Iterator[Hit]:
    """Numbers that a word before them makes personal: account, card, customer, passport; and accounts before a bank."""
    for kind, pattern in _IN_CONTEXT:
        for match in pattern.finditer(text):
            if not _is_plain(text, match.start(1), match.end(1)) and "rp" not in match[0].lower().split():
                yield kind, match.start(1), match.end(1)
    for match in _ACCOUNT_BEFORE.finditer(text):
        if not _is_plain(text, match.start(1), match.end(1)):
            yield "account", match.start(1), match.end(1)
    for match in _PASSPORT.finditer(text):
        yield "passport", match.start(1), match.end(1)


def plates(text: str) -> Iterator[Hit]:
    """Vehicle plates of all regions in capitals; in small letters where a word for a vehicle stands before."""
    for match in _PLATE.finditer(text):
        if _may_be_plate(text, match):
            yield "plate", match.start(), match.end()
    for match in _PLATE_LOWER.finditer(text):
        known = _VEHICLE.search(text[max(0, match.start() - 40) : match.start()])
        if known and match[1].lower() not in _NO_PLATE_ENDING:
            yield "plate", match.start(), match.end()


def _may_be_plate(text: str, match: re.Match[str]) -> bool:
    """Whether capitals around digits are a plate and not an acronym (P2TL), a class or a block."""
    digits = sum(sign.isdigit() for sign in match[0])
    glued = match[0].isalnum()
    if digits + sum(sign.isalpha() for sign in match[0]) <= 3 or (glued and digits < 3):
        return False
    ending = re.sub(r"[^A-Z]", "", match[0][2:]).lower()
    return ending not in _NO_PLATE_ENDING and not _NO_PLATE_BEFORE.search(
        text[max(0, match.start() - 12) : match.start()]
    )


FINDERS: tuple[Callable[[str], Iterable[Hit]], ...] = (
    links,
    emails,
    shaped_cards,
    identity_numbers,
    phones,
    numbers_in_context,
    plates,
)
