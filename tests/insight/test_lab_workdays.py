"""Working time in hundredths of working days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.insight.conftest import moment

from salur.insight.lab.workdays import AllWorkDays, WorkDays
from salur.sop.engine.clocks import Calendars
from salur.worktime.deadline import deadline, working_days_between
from salur.worktime.spans import Span

INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("began", "ended", "expected"),
    [
        ("2026-07-06 16:00", "2026-07-09 16:00", 300),  # closing to closing, three days on
        ("2026-07-10 16:30", "2026-07-13 16:00", 100),  # over a weekend
        ("2026-07-11 09:00", "2026-07-12 20:00", 0),  # all of it at a weekend
        ("2026-07-06 07:30", "2026-07-06 16:00", 100),  # one whole day
        ("2026-07-06 16:00", "2026-07-06 09:00", 0),  # backwards
    ],
)
def test_a_working_day_counts_as_one(calendars: Calendars, began: str, ended: str, expected: int) -> None:
    assert WorkDays(calendars.default).between(moment(began), moment(ended)) == expected


def test_a_part_of_a_day_is_the_part_of_its_working_time(calendars: Calendars) -> None:
    hours = calendars.default.intervals(moment("2026-07-07 00:00").date())
    first = hours[0]
    worked = sum((one.length for one in hours), timedelta())
    began = moment(f"2026-07-07 {first.start:%H:%M}")
    assert WorkDays(calendars.default).between(began, began + first.length) == round(100 * (first.length / worked))


@given(start=INSTANTS, days=st.integers(1, 60))
def test_it_agrees_with_the_deadline(calendars: Calendars, start: datetime, days: int) -> None:
    work = WorkDays(calendars.default)
    due = deadline(start, Span(days, "working_days"), calendars.default).at
    later = deadline(due, Span(3, "working_days"), calendars.default).at
    assert work.between(due, later) == 300
    assert days * 100 <= work.between(start, due) <= (days + 1) * 100
    assert working_days_between(start, due, calendars.default) == days


@given(a=INSTANTS, b=INSTANTS, c=INSTANTS)
def test_time_adds_up(calendars: Calendars, a: datetime, b: datetime, c: datetime) -> None:
    work = AllWorkDays(calendars).of(None)
    first, middle, last = sorted((a, b, c))
    assert abs(work.between(first, middle) + work.between(middle, last) - work.between(first, last)) <= 1
