"""The written form of a work calendar, as a YAML or JSON document, and its checks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError, model_validator

from salur.worktime.hours import Hours, Week, read_hours, read_week
from salur.worktime.wrong import Wrong

HolidayKind = Literal["national", "collective_leave", "local"]


class CalendarError(ValueError):
    """A calendar document that cannot be used; the text names each place and what is wrong there.

    `details` are the same as pydantic tells them, a `Wrong` of ours under ctx.error; empty for what is no document.
    """

    def __init__(self, text: str, details: Sequence[Any] = ()) -> None:
        self.details = tuple(details)
        super().__init__(text)


def _read_zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(value if isinstance(value, str) else "")
    except (KeyError, ValueError, OSError) as error:
        raise Wrong("unknown timezone %(found)r: use a name such as Asia/Jakarta", found=value) from error


def _only_a_date(value: object) -> object:
    # pydantic would read a bare number as seconds since 1970, which is never what a calendar means.
    if isinstance(value, date | str):
        return value
    raise Wrong("write a date such as 2026-03-19, not %(found)r", found=value)


Day = Annotated[date, BeforeValidator(_only_a_date)]
HoursOfDay = Annotated[Hours, PlainValidator(read_hours)]
HoursOfWeek = Annotated[Week, PlainValidator(read_week)]
Text = Annotated[str, Field(min_length=1)]
Year = Annotated[int, Field(ge=1, le=9999, strict=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class HolidayPart(_Part):
    """One closed date."""

    date: Day
    name: Text
    kind: HolidayKind


class PeriodPart(_Part):
    """A range of dates, both ends included, with a week of its own."""

    name: Text
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    weekly: HoursOfWeek

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise Wrong(
                "period %(name)r ends on %(last)s, before it starts on %(first)s",
                name=self.name,
                last=self.last,
                first=self.first,
            )
        return self


class SpecialPart(_Part):
    """One date with hours of its own, which win over every holiday, period and week."""

    date: Day
    intervals: HoursOfDay


class CalendarDocument(_Part):
    """The whole document; see `WorkCalendar` for what each part means."""

    version: Text
    decree: Text
    timezone: Annotated[ZoneInfo, PlainValidator(_read_zone)]
    weekly: HoursOfWeek
    periods: tuple[PeriodPart, ...] = ()
    holidays: tuple[HolidayPart, ...] = ()
    special: tuple[SpecialPart, ...] = ()
    decreed_years: tuple[Year, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _refuse_repeats("holidays", (part.date for part in self.holidays))
        _refuse_repeats("special", (part.date for part in self.special))
        for earlier, later in pairwise(sorted(self.periods, key=lambda part: part.first)):
            if later.first <= earlier.last:
                raise Wrong(
                    "periods %(earlier)r and %(later)r overlap on %(day)s",
                    earlier=earlier.name,
                    later=later.name,
                    day=later.first,
                )
        weeks = [self.weekly, *(part.weekly for part in self.periods)]
        if not any(map(any, weeks)) and not any(part.intervals for part in self.special):
            raise Wrong("no working interval at all: give at least one weekday its hours")
        return self


def _refuse_repeats(place: str, dates: Iterable[date]) -> None:
    seen: set[date] = set()
    for day in dates:
        if day in seen:
            raise Wrong("%(place)s: %(day)s is written twice", place=place, day=day)
        seen.add(day)


def read_document(document: Mapping[str, Any]) -> CalendarDocument:
    """Check a document. Raises CalendarError naming every place that is wrong."""
    try:
        return CalendarDocument.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = "; ".join(map(_problem, details))
        raise CalendarError(f"this work calendar cannot be used: {problems}", details) from error


def _problem(detail: Any) -> str:
    place = ".".join(str(step) for step in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"{place}: unknown key"
    text = str(detail["msg"]).removeprefix("Value error, ")
    return f"{place}: {text}" if place else text
