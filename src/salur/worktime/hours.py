"""Working intervals within one day, and the week they repeat in."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Self

from salur.worktime.wrong import Wrong

_WRITTEN = re.compile(r"\s*([01][0-9]|2[0-3]):([0-5][0-9])\s*-\s*([01][0-9]|2[0-3]):([0-5][0-9])\s*")


@dataclass(frozen=True, slots=True)
class Interval:
    """Working time from `start` to `end` of one day, wall time of the calendar's zone; both ends belong to it.

    Raises ValueError when it does not end after it starts. An interval never crosses midnight.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise Wrong("%(interval)s: an interval must end after it starts", interval=self)

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read "07:30-12:00" (24-hour clock, 00:00 to 23:59). Raises ValueError."""
        written = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
        if written is None:
            raise Wrong('cannot read the interval %(found)r: write "07:30-12:00", from 00:00 to 23:59', found=text)
        return cls(time(int(written[1]), int(written[2])), time(int(written[3]), int(written[4])))

    @property
    def length(self) -> timedelta:
        """Working time from start to end."""
        return timedelta(hours=self.end.hour - self.start.hour, minutes=self.end.minute - self.start.minute)

    def on(self, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
        """Its start and end on a date, as aware instants of a zone."""
        return datetime.combine(day, self.start, zone), datetime.combine(day, self.end, zone)

    def __str__(self) -> str:
        """The written form, which `parse` reads back."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


Hours = tuple[Interval, ...]
"""The working intervals of one day in order; empty when closed."""

Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
"""Monday to Sunday."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_hours(value: object) -> Hours:
    """Read the intervals of one day, such as ["07:30-12:00", "13:00-16:00"]; [] is a closed day.

    Intervals are put in order; they may touch. Raises ValueError when two overlap or one cannot be read.
    """
    if not isinstance(value, list | tuple):
        raise Wrong("write a list of intervals ([] when closed), not %(found)r", found=value)
    hours = tuple(sorted((Interval.parse(text) for text in value), key=lambda interval: interval.start))
    for earlier, later in pairwise(hours):
        if later.start < earlier.end:
            raise Wrong("%(earlier)s and %(later)s overlap", earlier=earlier, later=later)
    return hours


def read_week(value: object) -> Week:
    """Read the hours of a week: {"mon": [...], ...}; a weekday left out is closed. Raises ValueError."""
    if not isinstance(value, dict):
        raise Wrong("write the hours by weekday (%(days)s), not %(found)r", days=", ".join(WEEKDAYS), found=value)
    unknown = [key for key in value if key not in WEEKDAYS]
    if unknown:
        raise Wrong("unknown weekday %(found)r: use %(days)s", found=unknown[0], days=", ".join(WEEKDAYS))
    mon, tue, wed, thu, fri, sat, sun = (_hours_of(day, value.get(day, [])) for day in WEEKDAYS)
    return mon, tue, wed, thu, fri, sat, sun


def _hours_of(weekday: str, value: object) -> Hours:
    try:
        return read_hours(value)
    except Wrong as error:
        raise Wrong("%(weekday)s: %(why)s", weekday=weekday, why=error) from error


def write_week(week: Week) -> dict[str, list[str]]:
    """The document form of a week, which `read_week` reads back."""
    return {weekday: [str(interval) for interval in hours] for weekday, hours in zip(WEEKDAYS, week, strict=True)}
