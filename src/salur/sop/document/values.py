"""The single values of an SOP document: texts, codes, dates, spans. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Protocol, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import core_schema

from salur.sop.document.said import Said, _
from salur.sop.words import Limit
from salur.worktime.hours import Hours, Interval, Week, read_hours, read_week, write_week
from salur.worktime.spans import LARGEST_AMOUNT, UNITS, Span, SpanError

LONGEST_TEXT = 10_000
LONGEST_TITLE = 200

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPAN = re.compile(r"\s*([+-]?)([0-9]+)\s+(\D*\S)\s*")
_INVISIBLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_HOURS = re.compile(r"\s*([01][0-9]|2[0-3]):[0-5][0-9]\s*-\s*([01][0-9]|2[0-3]):[0-5][0-9]\s*")
_UNIT = f"(?:{'|'.join(unit + '?' for unit in UNITS)})"
_WORKING = "(?:working_days?|working_hours?)"


class Unfit(ValueError):
    """A value that may not stand here; `said` is the sentence for people."""

    def __init__(self, text: str, **params: object) -> None:
        self.said = Said(text, params)
        super().__init__(str(self.said))


class Part(BaseModel):
    """Anything in a document that has fields of its own: frozen, and no field is taken that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)


def nearest(word: object, known: Sequence[str]) -> str | None:
    """The known word that a typing slip most likely meant; None where none is near."""
    found = get_close_matches(str(word).strip().lower().replace("-", "_").replace(" ", "_"), known, 1, 0.6)
    return found[0] if found else None


def _visible(value: str) -> str:
    if found := _INVISIBLE.search(value):
        code = f"{ord(found[0]):04X}"
        raise Unfit(_("has an invisible character that no text may have (U+%(code)s); delete it"), code=code)
    return value


def _span(value: object) -> Span:
    span = _any_span(value)
    if span.amount == 0:
        raise Unfit(_("%(found)s is over at once; write at least 1, such as 1 %(unit)s"), found=span, unit=span.unit)
    return span


def _any_span(value: object) -> Span:
    if isinstance(value, Span):
        return value
    try:
        return Span.parse(str(value))
    except SpanError as error:
        raise _why_no_span(value) from error


def _why_no_span(value: object) -> Unfit:
    written = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        if isinstance(value, int) and not isinstance(value, bool):
            sentence = _("the number %(found)s has no unit; write an amount and a unit, such as 3 working_days")
            return Unfit(sentence, found=value)
        return Unfit(
            _('"%(found)s" is no span of time; write an amount and a unit, such as 3 working_days'), found=shown(value)
        )
    sign, amount, unit = written.groups()
    if unit not in (*UNITS, *(one.removesuffix("s") for one in UNITS)):
        return Unfit(
            _('the unit "%(unit)s" is unknown; write working_days, working_hours or calendar_days%(hint)s'),
            unit=shown(unit),
            hint=meant_hint(nearest(unit, UNITS)),
        )
    if sign == "-":
        return Unfit(_('"%(found)s" is negative; write an amount from 1, such as 3 working_days'), found=shown(value))
    return Unfit(_('"%(found)s" is too long; at most %(most)s are counted'), found=shown(value), most=LARGEST_AMOUNT)


def one_of(words: Sequence[str]) -> str | Said:
    """ "a, b or c", as a part of a sentence."""
    if len(words) < 2:
        return "".join(words)
    return Said(_("%(words)s or %(last)s"), {"words": ", ".join(words[:-1]), "last": words[-1]})


def meant_hint(word: str | None) -> str | Said:
    """ "; did you mean a?", as the end of a sentence; empty without a word."""
    return Said(_("; did you mean %(word)s?"), {"word": word}) if word else ""


def shown(value: object) -> str | Said:
    """A value as a sentence names it: short, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return Said(_("a group of fields"))
    if isinstance(value, list | tuple):
        return Said(_("a list"))
    if value is None:
        return Said(_("nothing"))
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _limit(value: object) -> object:
    if isinstance(value, str) and value in get_args(Limit):
        return value
    if isinstance(value, str) and re.fullmatch(r"\s*[a-z_]+\s*", value, re.IGNORECASE):
        raise Unfit(
            _('"%(found)s" is no limit; write a span such as 3 working_days, or %(words)s%(hint)s'),
            found=shown(value),
            words=one_of(get_args(Limit)),
            hint=meant_hint(nearest(value, get_args(Limit))),
        )
    return _span(value)


def _after_due(value: object) -> Span:
    if isinstance(value, str) and re.match(r"\s*-", value):
        raise Unfit(
            _('"%(found)s" lies before the obligation is due; write how long after it, from 0 working_days'),
            found=shown(value),
        )
    span = _any_span(value)
    if span.unit == "calendar_days":
        raise Unfit(_("a rung counts in working time; write working_days or working_hours, not calendar_days"))
    return span


def _written_date(value: object) -> object:
    # Whatever else pydantic reads as a date (a number of seconds, a time of day), nobody means in an SOP.
    if isinstance(value, date) or (isinstance(value, str) and _DATE.fullmatch(value.strip())):
        return value.strip() if isinstance(value, str) else value
    raise Unfit(_('"%(found)s" is no date; write year-month-day, such as 2026-01-31'), found=shown(value))


def _code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise Unfit(
            _('"%(found)s" is no code; use small letters, digits and _, a letter first, at most 40 characters'),
            found=shown(value),
        )
    return value


def _interval(value: object) -> Interval:
    if isinstance(value, Interval):
        return value
    if not isinstance(value, str) or not _HOURS.fullmatch(value):
        raise Unfit(
            _('"%(found)s" are no hours; write from-to, such as "07:30-12:00", between 00:00 and 23:59'),
            found=shown(value),
        )
    try:
        return Interval.parse(value)
    except ValueError as error:
        raise Unfit(
            _('"%(found)s" ends before it begins; write the earlier hour first'), found=value.strip()
        ) from error


def _apart(hours: Hours) -> Hours:
    try:
        return read_hours([str(interval) for interval in hours])
    except ValueError as error:
        raise Unfit(_("two of these hours overlap; write each hour once")) from error


def _week(days: dict[str, Hours]) -> Week:
    return read_week({day: [str(interval) for interval in hours] for day, hours in days.items()})


def _open_days(week: Week) -> dict[str, list[str]]:
    return {day: hours for day, hours in write_week(week).items() if hours}


def _span_schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


_ANY_AMOUNT = rf"^\s*0*[1-9][0-9]{{0,4}}\s+{_UNIT}\s*$"
_ClosedBefore = Annotated[
    Interval,
    PlainValidator(_interval),
    WithJsonSchema({"type": "string", "pattern": rf"^{_HOURS.pattern}$", "examples": ["07:30-12:00"]}),
]
_Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_Days = dict[_Weekday, Annotated[tuple[_ClosedBefore, ...], AfterValidator(_apart)]]

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_visible)]
Note = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_visible)]
"""A text that may be left empty."""
Code = Annotated[str, Field(json_schema_extra={"pattern": f"^{_CODE.pattern}$"}), AfterValidator(_code)]
Day = Annotated[
    date, BeforeValidator(_written_date), WithJsonSchema({"type": "string", "pattern": f"^{_DATE.pattern}$"})
]
LimitedSpan = Annotated[Span, PlainValidator(_span), PlainSerializer(str), _span_schema(_ANY_AMOUNT, "3 working_days")]
AfterDue = Annotated[
    Span,
    PlainValidator(_after_due),
    PlainSerializer(str),
    _span_schema(rf"^\s*[0-9]{{1,12}}\s+{_WORKING}\s*$", "1 working_days"),
]
Within = Annotated[
    Span | Limit,
    PlainValidator(_limit),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(get_args(Limit))},
                {"type": "string", "pattern": _ANY_AMOUNT, "examples": ["3 working_days"]},
            ]
        }
    ),
]


def _week_schema(source: Any, handler: Any) -> core_schema.CoreSchema:
    return core_schema.no_info_after_validator_function(_week, handler(_Days))


ServiceHours = Annotated[Week, GetPydanticSchema(_week_schema), PlainSerializer(_open_days)]


class Words(Part):
    """One text in both languages of the screens."""

    id: Text
    en: Text

    def of(self, language: str) -> str:
        """The text for a language code; Indonesian for every code but English ("en", "en-gb")."""
        return self.en if language.partition("-")[0] == "en" else self.id

    def __str__(self) -> str:
        """The English text, as in a sentence that is not translated."""
        return self.en


def _short_enough(words: Words) -> Words:
    if max(len(words.id), len(words.en)) > LONGEST_TITLE:
        raise Unfit(_("is too long; at most %(most)s characters"), most=LONGEST_TITLE)
    return words


Title = Annotated[Words, AfterValidator(_short_enough)]
"""The name of something that stands in a heading, a button or a table: at most 200 characters in each language."""


class HasCode(Protocol):
    """A part that is named by a code."""

    @property
    def code(self) -> str:
        """Its name in the document."""


Coded = TypeVar("Coded", bound=Sequence[HasCode])


def codes_once(parts: Coded) -> Coded:
    """Refuses a list in which two parts have one code."""
    codes = [part.code for part in parts]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise Unfit(_("the code %(code)s is used twice; every code must be its own"), code=twice[0])
    return parts
