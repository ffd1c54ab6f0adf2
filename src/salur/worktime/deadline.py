"""Counting on a work calendar: the deadline of a span, and the working time between two instants."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta

from salur.worktime.calendar import WorkCalendar, WorkYear
from salur.worktime.instants import in_zone
from salur.worktime.spans import Span

_NONE = timedelta()


class DeadlineError(ValueError):
    """A deadline that does not exist: the calendar never opens again, or it lies after the year 9999."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The instant by which a span has passed, in the calendar's zone.

    `provisional` tells that holidays of `undecreed_years` were not decreed when this was counted, so the instant may
    still move; `reason` says so in English and is empty otherwise.
    """

    at: datetime
    provisional: bool = False
    reason: str = ""
    undecreed_years: tuple[int, ...] = ()


def deadline(start: datetime, span: Span, calendar: WorkCalendar) -> Deadline:
    """When `span`, counted from the aware instant `start`, is over.

    working_days: the day of the start is day 0 (of the next opening, when the start lies outside working time) and
    the deadline is the closing of the n-th working day after it. A closing instant still belongs to its day, so spans
    add up: a days and then b days is a + b days. working_hours: n hours of working time after the start.
    calendar_days: the same wall time n days later, whether anybody works or not; holidays do not touch it, so it is
    never provisional. A span of 0 working days or hours ends at the start, or at the next opening.

    Raises InstantError for a naive start and DeadlineError when there is no such instant.
    """
    local = in_zone(start, calendar.timezone)
    if span.unit == "calendar_days":
        try:
            return Deadline(local + timedelta(days=span.amount))
        except OverflowError as error:
            raise DeadlineError(f"{span} after {start.isoformat()} lies after the year {MAXYEAR}") from error
    if span.amount == 0:
        at = _opening(local, calendar)
    elif span.unit == "working_days":
        at = _closing_after(local, span.amount, calendar)
    else:
        at = _worked_after(local, timedelta(hours=span.amount), calendar)
    return _with_decrees(local, at, calendar)


def next_opening(instant: datetime, calendar: WorkCalendar) -> datetime:
    """The instant itself during working time (its closings included), else the next start of work.

    In the calendar's zone. Raises InstantError when naive, DeadlineError when the calendar never opens again.
    """
    return _opening(in_zone(instant, calendar.timezone), calendar)


def working_minutes(a: datetime, b: datetime, calendar: WorkCalendar) -> int:
    """Whole minutes of working time from `a` to `b`, negative when `b` is earlier. Raises InstantError when naive."""
    first, last = in_zone(a, calendar.timezone), in_zone(b, calendar.timezone)
    if last < first:
        return -working_minutes(last, first, calendar)
    worked = _worked_until(last, calendar) - _worked_until(first, calendar)
    worked += sum((calendar.year(number).total for number in range(first.year, last.year)), timedelta())
    return worked // timedelta(minutes=1)


def working_days_between(a: datetime, b: datetime, calendar: WorkCalendar) -> int:
    """Working days after the day `a` counts from, up to and including the local date of `b`.

    The inverse of `deadline` in working days: from a start to its deadline of n working days there are n. Negative
    when `b` is earlier than `a`. Raises InstantError when naive, DeadlineError when the calendar never opens after a.
    """
    first, last = in_zone(a, calendar.timezone), in_zone(b, calendar.timezone)
    if last < first:
        return -working_days_between(last, first, calendar)
    number, index = _day_of(first, calendar)
    end = last.date()
    if end <= calendar.year(number).dates[index]:
        return 0
    whole_years = sum(len(calendar.year(between).dates) for between in range(number, end.year))
    return whole_years + bisect_right(calendar.year(end.year).dates, end) - index - 1


def _with_decrees(local: datetime, at: datetime, calendar: WorkCalendar) -> Deadline:
    decreed = calendar.decreed_years
    if local.year in decreed and (at.year == local.year or decreed.issuperset(range(local.year, at.year + 1))):
        return Deadline(at)
    missing = tuple(year for year in range(local.year, at.year + 1) if year not in decreed)
    years = ", ".join(map(str, missing))
    return Deadline(at, True, f"no holiday decree for {years}: the deadline may still move", missing)


def _day_of(local: datetime, calendar: WorkCalendar) -> tuple[int, int]:
    """Year and index in it of the working day an instant belongs to: the first that has not closed before it."""
    index = bisect_left(calendar.year(local.year).closings, local)
    if index < len(calendar.year(local.year).closings):
        return local.year, index
    _following(local.year, calendar)
    return local.year + 1, 0


def _following(number: int, calendar: WorkCalendar) -> WorkYear:
    """The year after `number`. A year without any working day ends the count, for nothing says it will end."""
    if number >= MAXYEAR:
        raise DeadlineError(f"the deadline lies after the year {MAXYEAR}")
    year = calendar.year(number + 1)
    if not year.dates:
        raise DeadlineError(
            f"work calendar {calendar.version!r} has no working day in all of {number + 1}: "
            "correct its hours, periods or special dates"
        )
    return year


def _opening(local: datetime, calendar: WorkCalendar) -> datetime:
    number, index = _day_of(local, calendar)
    year = calendar.year(number)
    # One interval always matches: the day was found because it had not closed.
    return next(max(local, start) for start, end in year.instants[index] if local <= end)


def _closing_after(local: datetime, days: int, calendar: WorkCalendar) -> datetime:
    number, index = _day_of(local, calendar)
    year = calendar.year(number)
    index += days
    while index >= len(year.closings):
        index -= len(year.closings)
        year = _following(number, calendar)
        number += 1
    return year.closings[index]


def _worked_after(local: datetime, amount: timedelta, calendar: WorkCalendar) -> datetime:
    number, index = _day_of(local, calendar)
    year = calendar.year(number)
    target = amount + (_worked_before(local, year, index) if number == local.year else _NONE)
    while target > year.total:
        target -= year.total
        year = _following(number, calendar)
        number += 1
    index = bisect_left(year.worked, target)
    # Counted back from the closing: what the day still works after the target, interval by interval.
    surplus = year.worked[index] - target
    at = year.closings[index]
    for start, end in reversed(year.instants[index]):
        length = end - start
        if surplus < length:
            return end - surplus
        at = start
        surplus -= length
    return at


def _worked_until(local: datetime, calendar: WorkCalendar) -> timedelta:
    """Working time from the start of the instant's own year up to it."""
    year = calendar.year(local.year)
    index = bisect_left(year.closings, local)
    return year.total if index == len(year.dates) else _worked_before(local, year, index)


def _worked_before(local: datetime, year: WorkYear, index: int) -> timedelta:
    """Working time from the start of a year up to an instant on or before its working day `index`."""
    worked = year.worked[index - 1] if index else _NONE
    for start, end in year.instants[index]:
        if local > start:
            worked += min(local, end) - start
    return worked
