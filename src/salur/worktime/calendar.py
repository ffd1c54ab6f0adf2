"""When an agency works: weekly hours, dated periods, holidays and special dates of one decreed version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from types import MappingProxyType
from typing import Any, Self
from zoneinfo import ZoneInfo

from salur.worktime.document import HolidayKind, read_document
from salur.worktime.hours import Hours, Week, write_week


@dataclass(frozen=True, slots=True)
class Holiday:
    """Why a date is closed; collective leave (cuti bersama) is no working day either (Perpres 21/2023 art. 6)."""

    name: str
    kind: HolidayKind


@dataclass(frozen=True, slots=True)
class Period:
    """Dates from `first` to `last`, both included, on which `weekly` replaces the usual week, such as Ramadan."""

    name: str
    first: date
    last: date
    weekly: Week


@dataclass(frozen=True, slots=True)
class WorkYear:
    """The working days of one year laid end to end, so that a deadline is found by bisection, not by walking.

    The tuples run side by side, one item a working day: `dates`, `hours`, `instants` (start and end of each interval),
    `closings` (all of these aware, in the calendar's zone) and `worked`, the working time of the year up to that
    closing.
    """

    dates: tuple[date, ...]
    hours: tuple[Hours, ...]
    instants: tuple[tuple[tuple[datetime, datetime], ...], ...]
    closings: tuple[datetime, ...]
    worked: tuple[timedelta, ...]

    @property
    def total(self) -> timedelta:
        """All working time of the year."""
        return self.worked[-1] if self.worked else timedelta()


@dataclass(frozen=True)
class WorkCalendar:
    """One version of an agency's work calendar; make it with `from_document`, which checks it.

    `weekly` holds for every date, `periods` replace it for their dates, `holidays` close a date, `special` gives a
    date hours of its own and wins over all (an empty tuple closes it). `decreed_years` are the years for which the
    holidays were decreed: counting through any other year is provisional. `decree` names the source of the hours.
    """

    version: str
    decree: str
    timezone: ZoneInfo
    weekly: Week
    periods: tuple[Period, ...]
    holidays: Mapping[date, Holiday]
    special: Mapping[date, Hours]
    decreed_years: frozenset[int]
    _years: dict[int, WorkYear] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Years are laid out once and kept, so nobody may change the dates underneath them.
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        object.__setattr__(self, "special", MappingProxyType(dict(self.special)))

    def __hash__(self) -> int:
        # A part of what equality compares; mappings have no hash of their own.
        return hash((self.version, self.decree, self.timezone.key, self.decreed_years))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read the document form, as loaded from YAML or JSON.

        Keys: version, decree, timezone (IANA name), weekly {mon..sun: ["07:30-12:00", ...]}, periods [{name, from,
        to, weekly}], holidays [{date, name, kind}], special [{date, intervals}], decreed_years [year]. A weekday left
        out is closed. Raises CalendarError, which names each place that is wrong.
        """
        read = read_document(document)
        return cls(
            version=read.version,
            decree=read.decree,
            timezone=read.timezone,
            weekly=read.weekly,
            periods=tuple(
                Period(part.name, part.first, part.last, part.weekly)
                for part in sorted(read.periods, key=lambda part: part.first)
            ),
            holidays={part.date: Holiday(part.name, part.kind) for part in read.holidays},
            special={part.date: part.intervals for part in read.special},
            decreed_years=frozenset(read.decreed_years),
        )

    def to_document(self) -> dict[str, Any]:
        """The document form, ready for JSON or YAML; `from_document` gives an equal calendar back."""
        return {
            "version": self.version,
            "decree": self.decree,
            "timezone": self.timezone.key,
            "decreed_years": sorted(self.decreed_years),
            "weekly": write_week(self.weekly),
            "periods": [
                {
                    "name": period.name,
                    "from": period.first.isoformat(),
                    "to": period.last.isoformat(),
                    "weekly": write_week(period.weekly),
                }
                for period in self.periods
            ],
            "holidays": [
                {"date": day.isoformat(), "name": holiday.name, "kind": holiday.kind}
                for day, holiday in sorted(self.holidays.items())
            ],
            "special": [
                {"date": day.isoformat(), "intervals": [str(interval) for interval in hours]}
                for day, hours in sorted(self.special.items())
            ],
        }

    def intervals(self, day: date) -> Hours:
        """The working intervals of a local date, in order; empty when closed."""
        if day in self.special:
            return self.special[day]
        if day in self.holidays:
            return ()
        for period in self.periods:
            if period.first <= day <= period.last:
                return period.weekly[day.weekday()]
        return self.weekly[day.weekday()]

    def is_working(self, day: date) -> bool:
        """Whether a local date has any working time."""
        return bool(self.intervals(day))

    def year(self, number: int) -> WorkYear:
        """The working days of a year; laid out at the first call, kept afterwards."""
        laid_out = self._years.get(number)
        if laid_out is None:
            laid_out = self._years[number] = self._lay_out(number)
        return laid_out

    def _lay_out(self, number: int) -> WorkYear:
        first = date(number, 1, 1).toordinal()
        days = [date.fromordinal(ordinal) for ordinal in range(first, date(number, 12, 31).toordinal() + 1)]
        working = [(day, hours) for day in days if (hours := self.intervals(day))]
        lengths = (sum((interval.length for interval in hours), timedelta()) for _, hours in working)
        instants = tuple(tuple(interval.on(day, self.timezone) for interval in hours) for day, hours in working)
        return WorkYear(
            dates=tuple(day for day, _ in working),
            hours=tuple(hours for _, hours in working),
            instants=instants,
            closings=tuple(intervals[-1][1] for intervals in instants),
            worked=tuple(accumulate(lengths)),
        )
