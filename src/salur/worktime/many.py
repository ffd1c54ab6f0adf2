"""Counting many deadlines at once with numpy: the same answers as `deadline` gives one by one."""

from calendar import isleap
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from salur.worktime.calendar import WorkCalendar
from salur.worktime.deadline import deadline
from salur.worktime.instants import InstantError
from salur.worktime.spans import Span

Seconds = NDArray[np.int64]
"""Whole seconds since 1970: of UTC for instants, of the clock on the wall for wall time."""

_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_NEVER, _ALWAYS = -(1 << 60), 1 << 60
_BLOCK = 1 << 15
"""So many starts at a time stay within the processor's cache."""


def _first_of(year: int) -> int:
    return (date(year, 1, 1).toordinal() - _EPOCH) * _DAY


@dataclass(frozen=True, slots=True)
class Many:
    """The deadlines of many starts, in their order: `at` in UTC (datetime64[s]), and whether each is provisional."""

    at: NDArray[np.datetime64]
    provisional: NDArray[np.bool_]


def deadlines(starts: NDArray[Any], span: Span, calendar: WorkCalendar) -> Many:
    """When `span` is over, counted from each of many instants: what `deadline.deadline` says of every one of them.

    `starts` is an array of any shape, of datetime64 (read as UTC) or of whole seconds since 1970 (UTC). A zone with
    summer time is counted on its wall clock, as one by one; that costs two more look-ups a start.

    Raises TypeError for another array, InstantError for a start that is no instant of the years 1 to 9999 or has a
    fraction of a second, and DeadlineError where one of the deadlines does not exist.
    """
    utc = _seconds(np.asarray(starts))
    flat = utc.ravel()
    at, provisional = np.empty(flat.shape, np.int64), np.zeros(flat.shape, np.bool_)
    # At the two ends of time a zone's wall leaves the years there are: those few starts are counted one by one.
    counted = (flat >= _first_of(2)) & (flat < _first_of(MAXYEAR))
    if counted.any():
        counter = _Counter(span, calendar, flat[counted])
        some = flat[counted][0]
        for begin in range(0, flat.size, _BLOCK):
            block = slice(begin, begin + _BLOCK)
            near = np.where(counted[block], flat[block], some)
            counted[block] &= counter.count(near, at[block], provisional[block])
    for place in np.flatnonzero(~counted):
        found = deadline(_instant(int(flat[place])), span, calendar)
        at[place], provisional[place] = round(found.at.timestamp()), found.provisional
    return Many(at.reshape(utc.shape).view("datetime64[s]"), provisional.reshape(utc.shape))


def _seconds(starts: NDArray[Any]) -> Seconds:
    if starts.dtype.kind in "iu":
        return starts.astype(np.int64)
    if starts.dtype.kind != "M":
        raise TypeError(f"starts must be datetime64 or whole seconds since 1970, not {starts.dtype}")
    if np.isnat(starts).any():
        raise InstantError("one of the starts is no instant (NaT): leave it out")
    whole = starts.astype("datetime64[s]")
    if (whole.astype(starts.dtype) != starts).any():
        raise InstantError("one of the starts has a fraction of a second: give whole seconds")
    return whole.astype(np.int64)


def _instant(seconds: int) -> datetime:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError as error:
        raise InstantError(f"{seconds} seconds since 1970 is too far away to be counted from") from error


class _Counter:
    """Counts one span on one calendar, for starts between the earliest and the latest of `utc`."""

    def __init__(self, span: Span, calendar: WorkCalendar, utc: Seconds) -> None:
        self.span = span
        # The wall may show the year before or after that of UTC.
        low, high = _instant(int(utc.min())).year - 1, _instant(int(utc.max())).year + 1
        if span.unit == "calendar_days":
            self.zone = _zone(calendar.timezone, low, min(high + 1 + span.amount // 365, MAXYEAR))
        else:
            high = _far_enough(calendar, span, high)
            self.zone = _zone(calendar.timezone, low, high)
            self.table = _table(calendar, low, high)

    def count(self, utc: Seconds, at: Seconds, provisional: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Fill `at` and `provisional`; True for each start whose deadline was found."""
        wall = utc + self.zone.offset_at(utc)
        if self.span.unit == "calendar_days":
            ends = wall + self.span.amount * _DAY
            at[:] = self.zone.utc_of(ends)
            return ends < _first_of(MAXYEAR)
        table = self.table
        if not table.closings.size:
            return np.zeros(utc.shape, np.bool_)
        day = wall // _DAY - table.first_day
        year = table.year[day]
        index = table.index[day] + (wall > table.closes[day])
        if self.span.amount and self.span.unit == "working_days":
            index += self.span.amount
        worked = table.target(wall, index, self.span.amount) if self.span.unit == "working_hours" else None
        if worked is not None and self.span.amount:
            index = np.searchsorted(table.worked, worked)
        found: NDArray[np.bool_] = index < table.stop[year]
        index = np.where(found, index, 0)
        provisional[:] = table.undecreed[table.years[index] + 1] > table.undecreed[year]
        if not self.span.amount:
            ends = table.opening(wall, index)
            # An instant of working time is its own opening, also in the hour that summer time repeats.
            at[:] = np.where(ends == wall, utc, self.zone.utc_of(ends))
        elif worked is None:
            at[:] = self.zone.utc_of(table.closings[index])
        else:
            at[:] = self.zone.utc_of(table.ending(worked, index))
        return found


def _far_enough(calendar: WorkCalendar, span: Span, year: int) -> int:
    """The year by which the span is over for a start in `year` or before; that of an empty year where it never is."""
    days = span.unit == "working_days"
    left = span.amount + 1 if days else span.amount * 3600 or 1
    while year < MAXYEAR and left > 0:
        year += 1
        laid_out = calendar.year(year)
        if not laid_out.dates:
            break
        left -= len(laid_out.dates) if days else laid_out.total // timedelta(seconds=1)
    return year


@dataclass(frozen=True, slots=True)
class _Zone:
    """The offsets of a time zone from UTC, in seconds, and the instants (UTC) and wall times at which they change."""

    offsets: Seconds
    changes: Seconds
    wall_changes: Seconds

    def offset_at(self, utc: Seconds) -> Seconds | np.int64:
        """The offset at each instant."""
        return self.offsets[np.searchsorted(self.changes, utc, "right")] if self.changes.size else self.offsets[0]

    def utc_of(self, wall: Seconds) -> Seconds:
        """The instant of each wall time; as datetime reads it, the first of two, and by the old offset in a gap."""
        at = np.searchsorted(self.wall_changes, wall, "right") if self.changes.size else 0
        utc: Seconds = wall - self.offsets[at]
        return utc


@lru_cache(maxsize=256)
def _zone(timezone: ZoneInfo, low: int, high: int) -> _Zone:
    first = _offset(timezone, max(_first_of(max(low, 2)), _first_of(2)))
    changes = [change for year in range(max(low, 2), min(high + 1, MAXYEAR)) for change in _changes(timezone, year)]
    offsets = np.array([first, *(after for _, after in changes)], np.int64)
    instants = np.array([instant for instant, _ in changes], np.int64)
    return _Zone(offsets, instants, instants + np.maximum(offsets[:-1], offsets[1:]))


def _offset(timezone: ZoneInfo, utc: int) -> int:
    offset = _instant(utc).astimezone(timezone).utcoffset() or timedelta()
    return round(offset.total_seconds())


@lru_cache(maxsize=4096)
def _changes(timezone: ZoneInfo, year: int) -> tuple[tuple[int, int], ...]:
    """When in a year (of UTC) the offset changes, and to what; found by halving the days on which it does."""
    found = []
    before = _offset(timezone, _first_of(year))
    for begin in range(_first_of(year), _first_of(year + 1), _DAY):
        after = _offset(timezone, begin + _DAY)
        if after != before:
            early, late = begin, begin + _DAY
            while late - early > 1:
                middle = (early + late) // 2
                early, late = (middle, late) if _offset(timezone, middle) == before else (early, middle)
            found.append((late, after))
            before = after
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Table:
    """The working days of some years end to end, as arrays.

    By calendar day from `first_day` on: `year` (counted from the first), `index` of the first working day not before
    it, and when it `closes` (never, where nobody works). By working day: `years`, `closings`, `worked` until then, and
    the `starts` and `ends` of its intervals, a row for the first, second, ... of the day. By year: `stop`, the index
    that a count begun in it cannot reach; `undecreed`, how many of the years before it have no decree.
    """

    first_day: int
    year: NDArray[np.int64]
    index: NDArray[np.int64]
    closes: Seconds
    years: NDArray[np.int64]
    closings: Seconds
    worked: Seconds
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    stop: NDArray[np.int64]
    undecreed: NDArray[np.int64]

    def target(self, wall: Seconds, index: NDArray[np.int64], hours: int) -> Seconds:
        """The working time since the first day at which so many hours after each wall time are over."""
        day = np.minimum(index, len(self.worked) - 1)
        worked = np.where(day, self.worked[day - 1], 0)
        for start, end in zip(self.starts, self.ends, strict=True):
            worked += np.maximum(np.minimum(wall, end[day]) - start[day], 0)
        # A start behind the last working day has no target: one that lies behind them all.
        return np.where(index == day, worked + hours * 3600, _ALWAYS)

    def opening(self, wall: Seconds, index: NDArray[np.int64]) -> Seconds:
        """Each wall time itself in working time of its working day, else the next start of work."""
        at = wall
        for start, end in zip(self.starts[::-1], self.ends[::-1], strict=True):
            at = np.where(wall <= end[index], np.maximum(wall, start[index]), at)
        return at

    def ending(self, worked: Seconds, index: NDArray[np.int64]) -> Seconds:
        """When on a working day so much working time since the first day was over: counted back from its closing."""
        surplus = self.worked[index] - worked
        at, done = self.closings[index], np.zeros(index.shape, np.bool_)
        for start, end in zip(self.starts[::-1], self.ends[::-1], strict=True):
            length = end[index] - start[index]
            at = np.where(done, at, end[index] - np.minimum(surplus, length))
            done |= surplus < length
            surplus = surplus - np.where(done, 0, length)
        return at


@lru_cache(maxsize=64)
def _table(calendar: WorkCalendar, low: int, high: int) -> _Table:
    years = [calendar.year(number) for number in range(low, high + 1)]
    dates = [day for year in years for day in year.dates]
    hours = [intervals for year in years for intervals in year.hours]
    working = np.array([day.toordinal() - _EPOCH for day in dates], np.int64)
    first_day = _first_of(low) // _DAY
    days = np.arange(first_day, date(high, 12, 31).toordinal() - _EPOCH + 1)
    shape = (max((len(intervals) for intervals in hours), default=1), len(hours))
    starts, ends = np.full(shape, _NEVER, np.int64), np.full(shape, _NEVER, np.int64)
    for place, (day, intervals) in enumerate(zip(working, hours, strict=True)):
        for row, interval in enumerate(intervals):
            starts[row, place], ends[row, place] = (day * _DAY + _of_day(one) for one in (interval.start, interval.end))
    closings = ends.max(axis=0, initial=_NEVER)
    lengths = [sum((interval.length for interval in intervals), timedelta()) for intervals in hours]
    closes = np.full(days.shape, _ALWAYS, np.int64)
    closes[working - first_day] = closings
    begins = np.cumsum([0, *(len(year.dates) for year in years)])
    empty = [place for place, year in enumerate(years) if not year.dates]
    return _Table(
        first_day=int(first_day),
        year=np.repeat(np.arange(len(years)), [365 + isleap(number) for number in range(low, high + 1)]),
        index=np.searchsorted(working, days),
        closes=closes,
        years=np.repeat(np.arange(len(years)), [len(year.dates) for year in years]),
        closings=closings,
        worked=np.cumsum([round(length.total_seconds()) for length in lengths], dtype=np.int64),
        starts=starts,
        ends=ends,
        stop=np.array([next((begins[e] for e in empty if e > place), begins[-1]) for place in range(len(years))]),
        undecreed=np.cumsum([0, *(number not in calendar.decreed_years for number in range(low, high + 1))]),
    )


def _of_day(at: time) -> int:
    return at.hour * 3600 + at.minute * 60
