"""What is wrong with a calendar document, with the line, in the language of the screen."""

from collections.abc import Sequence
from typing import Any

from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from pydantic import BaseModel

from salur.sop.document.marked_yaml import MarkedYaml, UnreadableYaml, name_of, read
from salur.sop.document.plain_words import said_plainly
from salur.sop.saying import in_words
from salur.worktime.document import CalendarDocument, CalendarError, HolidayPart, PeriodPart, SpecialPart
from salur.worktime.wrong import Wrong

SENTENCES = (
    _("%(interval)s: an interval must end after it starts"),
    _('cannot read the interval %(found)r: write "07:30-12:00", from 00:00 to 23:59'),
    _("write a list of intervals ([] when closed), not %(found)r"),
    _("%(earlier)s and %(later)s overlap"),
    _("write the hours by weekday (%(days)s), not %(found)r"),
    _("unknown weekday %(found)r: use %(days)s"),
    _("%(weekday)s: %(why)s"),
    _("unknown timezone %(found)r: use a name such as Asia/Jakarta"),
    _("write a date such as 2026-03-19, not %(found)r"),
    _("period %(name)r ends on %(last)s, before it starts on %(first)s"),
    _("periods %(earlier)r and %(later)r overlap on %(day)s"),
    _("no working interval at all: give at least one weekday its hours"),
    _("%(place)s: %(day)s is written twice"),
)
"""Every `Wrong` of the calendars; a test compares it with what they raise."""
_PARTS: dict[str, type[BaseModel]] = {"periods": PeriodPart, "holidays": HolidayPart, "special": SpecialPart}
MOST = 10
"""Sentences on the page; whoever has mended these is told the rest."""


def why_not(problem: CalendarError, text: str) -> list[str]:
    """A sentence for each thing wrong in the text of a calendar, each with its line and field where it has one."""
    unreadable = problem.__cause__
    if isinstance(unreadable, UnreadableYaml):
        return [_placed(flaw.line, flaw.field, in_words(flaw.said)) for flaw in unreadable.flaws[:MOST]]
    if not problem.details:
        return [gettext("This is no calendar: download the one in force and edit it.")]
    places = read(text)
    return [_detail(detail, places) for detail in problem.details[:MOST]]


def _detail(detail: Any, places: MarkedYaml) -> str:
    error, path = detail.get("ctx", {}).get("error"), tuple(detail["loc"])
    sentence = _in_words(error) if isinstance(error, Wrong) else in_words(said_plainly(detail, _fields_at))
    return _placed(places.line_of(path) if path else 0, name_of(path), sentence)


def _in_words(wrong: Wrong) -> str:
    params = {name: _in_words(value) if isinstance(value, Wrong) else value for name, value in wrong.params.items()}
    return gettext(wrong.sentence) % params


def _fields_at(place: Sequence[str | int]) -> list[str]:
    part: type[BaseModel] | None = _PARTS.get(str(place[0])) if place else CalendarDocument
    return [one.alias or name for name, one in part.model_fields.items()] if part else []


def _placed(line: int, field: str, sentence: str) -> str:
    where = [gettext("Line %(line)s") % {"line": formats.number_format(line)}] if line else []
    return ": ".join([", ".join(filter(None, [*where, field])), sentence]) if where or field else sentence
