"""Working time between two instants, in hundredths of a working day; made to be asked millions of times. Pure."""

from bisect import bisect_left
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from salur.sop.engine.clocks import Calendars
from salur.worktime.calendar import WorkCalendar

HUNDREDTHS = 100


class WorkDays:
    """A work calendar laid out on one line.

    A working day counts as one, however many hours it has, and its part gone by as that part: from a closing to the
    third closing after it there are 3.00, from a closing to the middle of the next working day 0.50.
    """

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._years: tuple[int, int] | None = None
        self._closings: list[float] = []
        self._days: list[tuple[tuple[float, float], ...]] = []
        self._known = (0.0, 0.0)

    def between(self, a: datetime, b: datetime) -> int:
        """Hundredths of working days from `a` to `b`, aware instants; 0 when `b` is not later."""
        first, last = a.timestamp(), b.timestamp()
        if last <= first:
            return 0
        if first < self._known[0] or last >= self._known[1]:
            self._lay_out(a.year - 1, b.year + 1)
        return round((self._at(last) - self._at(first)) * HUNDREDTHS)

    def _at(self, stamp: float) -> float:
        """Working days gone by since the line begins."""
        index = bisect_left(self._closings, stamp)
        if index == len(self._days):
            return float(index)
        intervals = self._days[index]
        if stamp <= intervals[0][0]:
            return float(index)
        worked = sum(min(stamp, end) - start for start, end in intervals if stamp > start)
        return index + worked / sum(end - start for start, end in intervals)

    def _lay_out(self, first: int, last: int) -> None:
        if self._years is not None:
            first, last = min(first, self._years[0]), max(last, self._years[1])
        zone = self._calendar.timezone
        days = range(date(first, 1, 1).toordinal(), date(last + 1, 1, 1).toordinal())
        self._days = [
            tuple((_stamp(day, one.start, zone), _stamp(day, one.end, zone)) for one in hours)
            for day in map(date.fromordinal, days)
            if (hours := self._calendar.intervals(day))
        ]
        self._closings = [intervals[-1][1] for intervals in self._days]
        self._years = first, last
        self._known = _stamp(date(first, 1, 1), time(), zone), _stamp(date(last + 1, 1, 1), time(), zone)


class AllWorkDays:
    """The laid out calendars of a government and of its agencies that keep another one."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars
        self._laid_out: dict[int, WorkDays] = {}
        self._of: dict[int | str | None, WorkDays] = {}
        self.default = self.of(None)

    def of(self, agency_id: int | str | None) -> WorkDays:
        """The working days of an agency; None: those of the government."""
        found = self._of.get(agency_id)
        if found is None:
            calendar = self._calendars.of(agency_id)
            found = self._of[agency_id] = self._laid_out.setdefault(id(calendar), WorkDays(calendar))
        return found


def _stamp(day: date, at: time, zone: ZoneInfo) -> float:
    return datetime.combine(day, at, zone).timestamp()
