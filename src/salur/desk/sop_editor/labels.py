"""What the fields and words of the document are called on the screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salur.sop import vocabulary
from salur.sop.document.said import Said
from salur.sop.field_words import FIELDS
from salur.sop.saying import in_words

PAGES: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "identity": (
        _("Identity of the paper"),
        (
            *("title", "unit", "number", "dates", "approver", "legal_basis", "qualifications", "related"),
            *("equipment", "warnings", "records", "revisions"),
        ),
    ),
    "steps": (_("Flow table"), ("steps",)),
    "limits": (_("Duties and time limits"), ("kinds", "obligations")),
    "actors": (_("Who acts"), ("actors",)),
    "channels": (_("Promise on each channel"), ("channels",)),
    "rules": (_("Pauses, hand-over, closing"), ("pause_reasons", "handover", "closure")),
    "horizons": (_("Short, medium, long term"), ("horizons",)),
    "templates": (_("Texts to citizens"), ("templates",)),
    "accounts": (_("Official accounts"), ("official_accounts",)),
}
"""The pages of the editor in their order, each with the sections it edits."""

UNITS: dict[str, Promise] = {
    "working_days": _("working days"),
    "working_hours": _("working hours"),
    "calendar_days": _("calendar days"),
}

_WORDS: dict[str, Mapping[str, Said]] = {
    "role": vocabulary.ROLES,
    "purpose": vocabulary.PURPOSES,
    "closes_as": vocabulary.OUTCOMES,
    "evidence": vocabulary.OUTCOMES,
    "second_person": vocabulary.OUTCOMES,
    "citizen_confirms": vocabulary.OUTCOMES,
    "clock": vocabulary.CLOCKS,
    "answer_in": vocabulary.ANSWERS_IN,
    "requires": vocabulary.DEMANDS,
    "plans": vocabulary.PLANS,
    "symbol": vocabulary.SYMBOLS,
    "kinds": vocabulary.KINDS,
    "horizons": vocabulary.HORIZONS,
    "channels": vocabulary.CHANNELS,
    "templates": vocabulary.TEMPLATES,
    "event": vocabulary.EVENTS,
    "limit": vocabulary.LIMITS,
    "day": vocabulary.WEEKDAYS,
    "lane": vocabulary.LANES,
}
"""Whose words the codes of a field are."""


def known_codes(field: str) -> dict[str, str]:
    """The codes an item of a mapping may stand under and what they are called; empty where the writer names it."""
    return {code: word_of(field, code) for code in _WORDS[field]} if field in ("channels", "templates") else {}


def label_of(part: str, name: str) -> str:
    """The name of a field of a part of the document on the screen."""
    said = FIELDS.get(part, {}).get(name)
    return in_words(said) if said is not None else name


def word_of(field: str, code: str) -> str:
    """The word for a code in a field of the document; the code where nobody gave it a word."""
    if field == "unit":
        return str(UNITS.get(code, code))
    said = _WORDS.get(field, {}).get(code)
    text = in_words(said) if said is not None else code
    return text[:1].upper() + text[1:] if said is not None else text
