"""Finding and hiding personal data in what everybody may read: on the portal, in exports, in answers. Pure.

The place of a matter stays readable, the home of a person does not: street, RT and RW stay, a house number in the
context of somebody's home goes. An official's title stays, a private person's name goes. Case numbers, amounts of
money, dates, articles of law and road numbers stay. It rather hides too much than too little where both are possible.
Law 27 of 2022 on personal data protection, art. 4.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from salur.language import personal_numbers, personal_people
from salur.language.personal_numbers import Hit, Kind

MARK = "•••"
# What stands in the place of each kind. One word in brackets: a bracket keeps it from being read as context.
TOKENS: Mapping[Kind, str] = {
    "nik": "[NIK]",
    "family_card": "[KK]",
    "number": "[nomor]",
    "phone": "[telepon]",
    "email": "[surel]",
    "plate": "[plat]",
    "account": "[rekening]",
    "customer": "[pelanggan]",
    "tax_number": "[NPWP]",
    "passport": "[paspor]",
    "health_card": "[BPJS]",
    "link": "[tautan]",
    "address": "[alamat]",
    "name": "[nama]",
    "birth": "[lahir]",
    "health": "[kesehatan]",
    "age": "[usia]",
}
_FINDERS: tuple[Callable[[str], Iterable[Hit]], ...] = (*personal_numbers.FINDERS, *personal_people.FINDERS)
_IDENTITY = (personal_numbers.identity_numbers,)
# A case number (see `cases.number`) is no personal data, whatever its signs look like.
_CASE = re.compile(r"(?<![\w-])\d{2}(?:\d{2})?-\d{4}-(?=[0-9A-Z]{0,3}-?[0-9]*[A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])")
# Hiding one thing can uncover another; a text that still uncovers after so many rounds was made to.
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """Personal data of one kind in a text, from `start` up to, not including, `end`."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What was hidden: its span in the original, and where its token stands in the hidden text."""

    kind: Kind
    start: int
    end: int
    at: int
    size: int


def find(text: str) -> tuple[Span, ...]:
    """Personal data in a text, from left to right, without overlaps. Never raises on any string."""
    _, hidden = _hide(text, _FINDERS, TOKENS)
    return tuple(Span(one.kind, one.start, one.end) for one in hidden)


def mask(text: str) -> str:
    """The text with each span of `find` replaced by what it was: "[NIK]", "[telepon]", "[nama]".

    Masking a masked text changes nothing; every character outside the spans stays as it was.
    """
    return _hide(text, _FINDERS, TOKENS)[0]


def mask_personal(text: str) -> str:
    """The text with all personal data replaced by one mark that does not say what it was."""
    return _hide(text, _FINDERS, dict.fromkeys(TOKENS, MARK))[0]


def mask_identity_numbers(text: str) -> str:
    """The text with 16-digit identity numbers alone replaced: for what an office says, whose contacts shall be read."""
    return _hide(text, _IDENTITY, dict.fromkeys(TOKENS, MARK))[0]


def _hide(
    text: str, finders: Iterable[Callable[[str], Iterable[Hit]]], tokens: Mapping[Kind, str]
) -> tuple[str, tuple[_Hidden, ...]]:
    """Hide what the finders find, round after round, until they find nothing more."""
    hidden: tuple[_Hidden, ...] = ()
    for _ in range(_ROUNDS):
        before = len(hidden)
        for finder in finders:
            kept = [case.span() for case in _CASE.finditer(text)]
            hits = [hit for hit in _apart(finder(text)) if not any(a < hit[2] and hit[1] < b for a, b in kept)]
            if hits:
                text, hidden = _replace(text, hidden, hits, tokens)
        if len(hidden) == before:
            break
    return text, hidden


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """The hits from left to right, the longer first where they begin together, without overlaps."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (one[1], -one[2])):
        if not kept or hit[1] >= kept[-1][2]:
            kept.append(hit)
    return kept


def _replace(
    text: str, hidden: tuple[_Hidden, ...], hits: list[Hit], tokens: Mapping[Kind, str]
) -> tuple[str, tuple[_Hidden, ...]]:
    """Put tokens in the place of hits; keep for each token which span of the original it stands for."""
    merged: list[_Hidden] = []
    pieces: list[str] = []
    earlier = iter((*hidden, None))
    waiting = next(earlier)
    done = shift = moved = 0
    for kind, start, end in hits:
        while waiting is not None and waiting.at < start:
            merged.append(_Hidden(waiting.kind, waiting.start, waiting.end, waiting.at + moved, waiting.size))
            shift = waiting.end - waiting.at - waiting.size
            waiting = next(earlier)
        token = tokens[kind]
        merged.append(_Hidden(kind, start + shift, end + shift, start + moved, len(token)))
        pieces += (text[done:start], token)
        moved += len(token) - (end - start)
        done = end
    while waiting is not None:
        merged.append(_Hidden(waiting.kind, waiting.start, waiting.end, waiting.at + moved, waiting.size))
        waiting = next(earlier)
    pieces.append(text[done:])
    return "".join(pieces), tuple(merged)
