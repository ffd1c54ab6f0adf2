"""Counts due instants: on whose calendar, with which pauses, nested in the citizen's clock. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from salur.sop.document import SopDocument
from salur.sop.story import Pause, Run, Story
from salur.worktime.calendar import WorkCalendar
from salur.worktime.deadline import Deadline, deadline, next_opening, working_days_between, working_minutes
from salur.worktime.spans import LARGEST_AMOUNT, Span

_UNTIL_REVIEW = Span(180, "calendar_days")
"""For a document that names no interval: it cannot be signed, but its cases must still come up."""

_NOTHING = Span(0, "working_days")


@dataclass(frozen=True)
class Calendars:
    """The government's work calendar, and those of agencies that work on days of their own, by agency id."""

    default: WorkCalendar
    by_agency: Mapping[int | str, WorkCalendar] = field(default_factory=dict)

    def of(self, agency_id: int | str | None) -> WorkCalendar:
        """The calendar an agency works by."""
        return self.default if agency_id is None else self.by_agency.get(agency_id, self.default)


def due_instants(story: Story, document: SopDocument, calendars: Calendars, now: datetime) -> list[Deadline]:
    """The due instant of every run of the story, in the same order.

    The citizen clock counts on the default calendar, the agency clock on that of the agency that held the case at the
    start. An agency's due instant is never later than that of the answer it works for, unless the citizen's had
    passed, or the answer gone out, before the agency's clock started. A promised review date stands for itself.
    """
    due = [_due(run, story, document, calendars, now) for run in story.runs]
    for place, run in enumerate(story.runs):
        if run.rule.clock == "agency" and run.rule.within != "review_on":
            outer = _outer(run, story)
            if outer is not None:
                due[place] = _nested(run, due[place], due[outer])
    return due


def _outer(run: Run, story: Story) -> int | None:
    """The place of the open promise to the citizen when the run started."""
    for place in range(len(story.runs) - 1, -1, -1):
        outer = story.runs[place]
        if (
            outer.rule.answers_the_citizen
            and outer.rule.binds(story.kind, story.horizon)
            and outer.started_by <= run.started_by
            and outer.round == run.round
            and (outer.met_by is None or outer.met_by > run.started_by)
        ):
            return place
    return None


def _nested(run: Run, inner: Deadline, outer: Deadline) -> Deadline:
    if run.started_at > outer.at or inner.at <= outer.at:
        return inner
    return Deadline(outer.at.astimezone(inner.at.tzinfo), outer.provisional, outer.reason, outer.undecreed_years)


def _due(run: Run, story: Story, document: SopDocument, calendars: Calendars, now: datetime) -> Deadline:
    within = run.rule.within
    calendar = calendars.default if run.rule.clock == "citizen" else calendars.of(run.agency_id)
    if within == "review_on":
        return _review(run, story, document, calendar)
    span = document.answer_limit(story.kind) if within == "answer_limit" else within
    return with_pauses(run.started_at, span, calendar, story.pauses, run.met_at or run.ended_at or now)


def _review(run: Run, story: Story, document: SopDocument, calendar: WorkCalendar) -> Deadline:
    """The closing of the review date, or of the next working day; at most the horizon's interval after it was set."""
    rule = next((rule for name, rule in document.horizons.items() if name == story.horizon), None)
    latest = deadline(run.started_at, (rule and rule.review_within) or _UNTIL_REVIEW, calendar).at.date()
    day = datetime.combine(min(run.review_on or latest, latest), time(), calendar.timezone)
    opening = deadline(max(day, run.started_at), _NOTHING, calendar)
    closing = calendar.intervals(opening.at.date())[-1].end
    at = datetime.combine(opening.at.date(), closing, calendar.timezone)
    return Deadline(at, opening.provisional, opening.reason, opening.undecreed_years)


def with_pauses(
    start: datetime, span: Span, calendar: WorkCalendar, pauses: Sequence[Pause], until: datetime
) -> Deadline:
    """The due instant of a span whose clock stood still in the pauses, as known at `until`.

    A pause adds what it took in the span's own unit: working days, minutes of working time, or its whole duration. It
    counts from the later of its beginning and the start; one that began after the due instant comes too late to help.
    """
    due = deadline(start, span, calendar)
    added = 0
    for pause in pauses:
        began = max(pause.began_at, start)
        ended = min(pause.ended_at or until, until)
        if ended <= began or began > due.at:
            continue
        if span.unit == "working_days":
            # An instant outside working time counts from the next opening: so does the end of a pause.
            added += working_days_between(began, next_opening(ended, calendar), calendar)
            due = deadline(start, Span(min(span.amount + added, LARGEST_AMOUNT), span.unit), calendar)
        elif span.unit == "working_hours":
            later = _worked_later(due.at, working_minutes(began, ended, calendar), calendar)
            due = _moved(due, max(later, ended.astimezone(calendar.timezone)), calendar)
        else:
            due = Deadline(due.at + (ended - began))
    return due


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
