"""Counts due instants: on whose calendar, with which pauses, nested in the citizen's clock. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from salur.sop.engine.rulebook import Rule, Term
from salur.sop.engine.state import RungState
from salur.sop.engine.story import Due, Pause, Run, Story
from salur.worktime.calendar import Period, WorkCalendar
from salur.worktime.deadline import Deadline, deadline, next_opening, working_days_between, working_minutes
from salur.worktime.hours import Week
from salur.worktime.spans import Span

_NOTHING = Span(0, "working_days")
_KEPT_YEARS = range(1900, 2200)
_MOST_KEPT = 200_000
LATEST = datetime.max.replace(tzinfo=UTC)


Day = dict[Term, Due]
"""What was counted from the starts of one working day."""


class Clock:
    """A work calendar that remembers what was counted on it.

    Spans of working days end alike for every start that counts from one working day, so each is counted once a day.
    """

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self._days: dict[int, list[tuple[datetime, Day]]] = {}
        self._closings: dict[tuple[Term, date], Due] = {}
        self._kept = 0

    def day(self, start: datetime) -> Day | None:
        """Where what is counted from the working day of an instant of UTC is kept; None far from the present."""
        if start.year not in _KEPT_YEARS:
            return None
        for turn, day in self._days.get(start.toordinal()) or self._lay_out(start):
            if start <= turn:
                return day
        return None

    def due(self, term: Term, start: datetime, day: Day | None) -> Due:
        """The due instant of a span that starts at an instant of UTC, with its ladder; `day` is that of the start."""
        if day is None or not term.by_day:
            return self.laddered(term, deadline(start, term.span, self.calendar))
        kept = day.get(term)
        if kept is None:
            kept = day[term] = self._keep(self.laddered(term, deadline(start, term.span, self.calendar)))
        return kept

    def closing(self, term: Term, on: date) -> Due:
        """The closing of a date, or of the next working day, with the ladder of a term."""
        kept = self._closings.get((term, on))
        if kept is None:
            opening = deadline(datetime.combine(on, time(), self.calendar.timezone), _NOTHING, self.calendar)
            closes = self.calendar.intervals(opening.at.date())[-1].end
            at = datetime.combine(opening.at.date(), closes, self.calendar.timezone)
            found = Deadline(at, opening.provisional, opening.reason, opening.undecreed_years)
            kept = self._closings[term, on] = self._keep(self.laddered(term, found))
        return kept

    def _keep(self, due: Due) -> Due:
        """Counts what is kept, and forgets all of it before it grows without end."""
        self._kept += 1
        if self._kept > _MOST_KEPT:
            self._days.clear()
            self._closings.clear()
            self._kept = 0
        return due

    def laddered(self, term: Term, found: Deadline) -> Due:
        """A due instant with the rungs that follow it in working time; a rung after nothing is the instant itself."""
        rungs = tuple(
            RungState(number, to, deadline(found.at, after, self.calendar).at if after.amount else found.at, False)
            for number, to, after in term.rungs
        )
        return Due(found, rungs)

    def _lay_out(self, start: datetime) -> list[tuple[datetime, Day]]:
        """For every date of a year of UTC: up to which instants a start counts from which working day.

        A new year is such an instant too, for the decree of the year of the start counts as well.
        """
        zone = self.calendar.timezone
        turns = [
            closing.astimezone(UTC) for near in (-1, 0, 1) for closing in self.calendar.year(start.year + near).closings
        ]
        for near in (0, 1):
            turns.append(datetime(start.year + near, 1, 1, tzinfo=zone).astimezone(UTC) - timedelta(microseconds=1))
        turns = [*sorted(turns), LATEST]
        days = [(turn, Day()) for turn in turns]
        first = datetime(start.year, 1, 1, tzinfo=UTC)
        for midnight in (first + timedelta(days=day) for day in range(366)):
            last = bisect_left(turns, midnight + timedelta(days=1))
            self._days[midnight.toordinal()] = days[bisect_left(turns, midnight) : last + 1]
        return self._days[start.toordinal()]


@lru_cache(maxsize=256)
def clock_of(calendar: WorkCalendar) -> Clock:
    """The clock of a calendar, the same for an equal one."""
    return Clock(calendar)


def _attended(calendar: WorkCalendar, hours: Week) -> WorkCalendar:
    """The calendar of a channel: its service hours on the working days of another calendar."""

    def served(week: Week) -> Week:
        mon, tue, wed, thu, fri, sat, sun = (
            service if worked else () for worked, service in zip(week, hours, strict=True)
        )
        return mon, tue, wed, thu, fri, sat, sun

    return replace(
        calendar,
        version=f"{calendar.version} in service hours",
        weekly=served(calendar.weekly),
        periods=tuple(Period(one.name, one.first, one.last, served(one.weekly)) for one in calendar.periods),
        special={day: hours[day.weekday()] if worked else () for day, worked in calendar.special.items()},
    )


@dataclass(frozen=True)
class Calendars:
    """The government's work calendar, and those of agencies that work on days of their own, by agency id."""

    default: WorkCalendar
    by_agency: Mapping[int | str, WorkCalendar] = field(default_factory=dict)
    _clocks: dict[int | str | Term | None, Clock] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, agency_id: int | str | None) -> WorkCalendar:
        """The calendar an agency works by."""
        return self.default if agency_id is None else self.by_agency.get(agency_id, self.default)

    def clock(self, agency_id: int | str | None = None) -> Clock:
        """The clock of an agency, or of the government."""
        kept = self._clocks.get(agency_id)
        if kept is None:
            kept = self._clocks[agency_id] = clock_of(self.of(agency_id))
        return kept

    def attended(self, term: Term, hours: Week) -> Clock:
        """The clock of the promise of a channel that has service hours: the government's, in these hours."""
        kept = self._clocks.get(term)
        if kept is None:
            kept = self._clocks[term] = clock_of(_attended(self.default, hours))
        return kept


def due_instants(story: Story, calendars: Calendars, now: datetime) -> list[Due]:
    """The due instant of every run of the story as known at `now`, in the same order.

    The citizen clock counts on the default calendar, the agency clock on that of the agency that held the case at the
    start. An agency's due instant is never later than that of the answer it works for, unless the citizen's had
    passed, or the answer gone out, before the agency's clock started. A date that was set stands for itself.
    """
    due: list[Due] = []
    default = calendars.clock()
    still = not story.pauses and not story.closures
    day_clock: Clock | None = None
    day_start: datetime | None = None
    day: Day | None = None
    nesting: list[int] = []
    for place, run in enumerate(story.runs):
        rule, term, start = run.rule, run.term, run.started_at
        if run.fixed is not None:
            due.append(run.fixed)
            continue
        if rule.of_citizen or rule.by_channel:
            clock = default if term.hours is None else calendars.attended(term, term.hours)
        else:
            clock = calendars.clock(run.agency_id)
        if rule.dated:
            due.append(_dated(run, clock))
            continue
        if not rule.of_citizen:
            nesting.append(place)
        # Most of what runs began when the citizen spoke: their day is looked up once.
        if day_start is not start or day_clock is not clock:
            day_start, day_clock, day = start, clock, clock.day(start)
        found = (day.get(term) if day is not None else None) or clock.due(term, start, day)
        if not still:
            found = with_pauses(found, term, start, day, clock, stops_of(rule, story), run.over_at or now)
        due.append(found if run.latest is None else min(found, run.latest, key=_instant))
    for place in nesting:
        run = story.runs[place]
        outer = _outer(run, story)
        if outer is not None and due[outer].utc < due[place].utc and run.started_at <= due[outer].utc:
            due[place] = _nested(run, due[place], due[outer].deadline, calendars)
    return due


def _instant(due: Due) -> datetime:
    return due.utc


def _outer(run: Run, story: Story) -> int | None:
    """The place of the open promise to the citizen when the run started."""
    for place in reversed(range(len(story.runs))):
        outer = story.runs[place]
        if (
            outer.rule.answers
            and outer.binding
            and outer.place <= run.place
            and outer.round == run.round
            and (outer.met_place is None or outer.met_place > run.place)
        ):
            return place
    return None


def _nested(run: Run, inner: Due, outer: Deadline, calendars: Calendars) -> Due:
    at = outer.at.astimezone(inner.at.tzinfo)
    found = Deadline(at, outer.provisional, outer.reason, outer.undecreed_years)
    return calendars.clock(run.agency_id).laddered(run.term, found)


def stops_of(rule: Rule, story: Story) -> Sequence[Pause]:
    """The times in which a clock stood still, the earliest first."""
    stops = [pause for pause in story.pauses if rule.stops_for(pause.reason)]
    if rule.of_citizen:
        stops = sorted([*stops, *story.closures], key=_beginning)
    return stops


def _beginning(pause: Pause) -> datetime:
    return pause.began_at


def _dated(run: Run, clock: Clock) -> Due:
    """The closing of the date, or of the next working day, and never before the obligation began.

    A review comes at the latest after the interval of its horizon, whatever date was set; so does a promise without
    a date.
    """
    on = run.on
    if on is None or run.rule.within == "review_on":
        latest = deadline(run.started_at, run.term.span, clock.calendar).at.date()
        on = latest if on is None else min(on, latest)
    return clock.closing(run.term, max(on, next_opening(run.started_at, clock.calendar).date()))


def with_pauses(
    due: Due, term: Term, start: datetime, day: Day | None, clock: Clock, pauses: Sequence[Pause], until: datetime
) -> Due:
    """A due instant moved by the pauses in which its clock stood still, as known at `until`.

    A pause adds what it took in the span's own unit: working days, minutes of working time, or its whole duration. It
    counts from the later of its beginning and the start; one that began after the due instant comes too late to help.
    """
    calendar, added = clock.calendar, 0
    for pause in pauses:
        began = max(pause.began_at, start)
        ended = min(pause.ended_at or until, until)
        if ended <= began or began > due.utc:
            continue
        if term.by_day:
            added += _days_of(pause, began, ended, clock)
            due = clock.due(term.longer(added), start, day)
        elif term.span.unit == "working_hours":
            later = _worked_later(due.at, working_minutes(began, ended, calendar), calendar)
            due = clock.laddered(term, _moved(due.deadline, max(later, ended.astimezone(calendar.timezone)), calendar))
        else:
            due = clock.laddered(term, Deadline(due.at + (ended - began)))
    return due


def _days_of(pause: Pause, began: datetime, ended: datetime, clock: Clock) -> int:
    """The working days of a pause, or of what of it concerns a clock."""
    whole = began is pause.began_at and ended is pause.ended_at
    if whole and clock in pause.days:
        return pause.days[clock]
    # An instant outside working time counts from the next opening: so does the end of a pause.
    days = working_days_between(began, next_opening(ended, clock.calendar), clock.calendar)
    if whole:
        pause.days[clock] = days
    return days


def _moved(due: Deadline, at: datetime, calendar: WorkCalendar) -> Deadline:
    # The decree of the year it has moved into counts as well.
    known = due if due.provisional else deadline(at, _NOTHING, calendar)
    return Deadline(at, known.provisional, known.reason, known.undecreed_years)


def _worked_later(instant: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """The instant after so many more minutes of working time."""
    left = timedelta(minutes=minutes)
    day = instant.date()
    while left:
        for interval in calendar.intervals(day):
            opens = max(instant, datetime.combine(day, interval.start, calendar.timezone))
            room = datetime.combine(day, interval.end, calendar.timezone) - opens
            if room >= left:
                return opens + left
            left -= max(room, timedelta())
        day += timedelta(days=1)
    return instant
