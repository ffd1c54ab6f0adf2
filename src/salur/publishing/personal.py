"""What must not stand in an answer that everybody can read: whose data it is, and of which kind. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from salur.language.masking import MARK, mask_identity_numbers

Kind = Literal["identity_number", "phone", "email", "name", "handle"]

# Mobile numbers of Indonesia: +62, 62 or 0, then 8 and 8 to 11 more digits with single separators.
_MOBILE = re.compile(r"(?<![\d.,+])(?:\+\s?62|62|0)[ .\-]?8(?:[ .\-]?\d){8,11}(?!\d)")
_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_GREETING = r"(?:bapak|ibu|pak|bu|sdr|sdri|saudara|saudari|kak|kakak|mas|mbak|yth|halo|hai|dear)"
_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Known:
    """Whom the answer goes to: names, handles and addresses of the voices; and the numbers and addresses of our own.

    Our own contacts may stand in every answer.
    """

    names: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()


def personal_data(text: str, known: Known) -> tuple[Kind, ...]:
    """The kinds of personal data in a text that everybody could read, each once.

    A 16-digit number (NIK, family card), any mobile number that is not ours, an e-mail address or another address of a
    voice, a voice's name in full or after a greeting, its handle. Law 27 of 2022 on personal data protection, art. 4.
    """
    found = {
        "identity_number": mask_identity_numbers(text) != text,
        "phone": any(True for _ in _phones(text, known)),
        "email": any(True for _ in _addresses(text, known)),
        "name": any(pattern.search(text) for pattern in _names(known)),
        "handle": any(pattern.search(text) for pattern in _handles(known)),
    }
    kinds: tuple[Kind, ...] = ("identity_number", "phone", "email", "name", "handle")
    return tuple(kind for kind in kinds if found[kind])


def without_personal_data(text: str, known: Known) -> str:
    """The text with what `personal_data` finds replaced by a mark: the last guard of what a program says in public.

    A mark can part what hid its neighbour, so it is looked at again until nothing is found. It ends: a mark is no word,
    and each round leaves fewer words.
    """
    while (masked := _masked(text, known)) != text:
        text = masked
    return text


def _masked(text: str, known: Known) -> str:
    text = mask_identity_numbers(text)
    for found in (*_phones(text, known), *_addresses(text, known)):
        text = text.replace(found, MARK)
    for pattern in (*_names(known), *_handles(known)):
        text = pattern.sub(MARK, text)
    return text


def asks_for_personal_data(text: str) -> bool:
    """Whether a question asks the citizen for what should not be answered in public."""
    return _ASKED.search(text) is not None


_ASKED = re.compile(
    r"(?i)\b(?:nik|ktp|kk|kartu keluarga|identitas|nama lengkap|tanggal lahir|alamat|domisili|nomor (?:hp|telepon|telp|"
    r"ponsel|wa|whatsapp|rekening|pelanggan)|no\.? ?(?:hp|telp|wa)|surel|e-?mail|bpjs|npwp|foto diri)\b"
)


def _phones(text: str, known: Known) -> Iterable[str]:
    ours = {_digits(one) for one in known.ours}
    theirs = {_digits(one) for one in known.addresses if len(_digits(one)) > _SHORTEST_NAME + 4}
    for found in _MOBILE.finditer(text):
        number = _digits(found[0])
        if number in theirs or number not in ours:
            yield found[0]


def _addresses(text: str, known: Known) -> Iterable[str]:
    theirs = {one.casefold() for one in known.addresses}
    for found in _EMAIL.finditer(text):
        if found[0].casefold().rstrip(".") in theirs:
            yield found[0]


def _digits(number: str) -> str:
    """The number without its country code, so that 0812, 62812 and +62 812 are the same."""
    digits = re.sub(r"\D", "", number)
    return digits.removeprefix("62") if digits.startswith("62") else digits.lstrip("0")


def _names(known: Known) -> list[re.Pattern[str]]:
    patterns = []
    for name in known.names:
        parts = [re.escape(part) for part in name.split()]
        if len(parts) > 1:
            patterns.append(re.compile(r"(?i)(?<!\w)" + r"\s+".join(parts) + r"(?!\w)"))
        for part in parts:
            if len(part) >= _SHORTEST_NAME:
                patterns.append(re.compile(rf"(?i)(?<!\w){_GREETING}\.?,?\s+(?:{_GREETING}\.?\s+)?{part}(?!\w)"))
    return patterns


def _handles(known: Known) -> list[re.Pattern[str]]:
    bare = {handle.lstrip("@") for handle in known.handles}
    return [
        re.compile(rf"(?i)(?<![\w@.]){'@?' if re.search(r'[._0-9]', one) else '@'}{re.escape(one)}(?!\w)")
        for one in bare
        if len(one) >= _SHORTEST_NAME
    ]
