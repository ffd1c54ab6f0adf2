"""Many deadlines at once are the deadlines one by one, whatever the unit, the zone and the calendar."""

from datetime import UTC, datetime
from time import perf_counter
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.worktime.test_deadline import at, closed_from_2027
from tests.worktime.test_laws import documents, spans

from salur.worktime.calendar import WorkCalendar
from salur.worktime.deadline import DeadlineError, deadline
from salur.worktime.instants import InstantError
from salur.worktime.many import deadlines
from salur.worktime.spans import UNITS, Span, Unit

ZONES = ("Asia/Jakarta", "Asia/Jayapura", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
"""Without summer time, with it, with half an hour of it, and with an offset of 5:45."""

instants = st.integers(
    int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2029, 1, 1, tzinfo=UTC).timestamp())
)
DAYS_OF_CHANGE = ("2026-03-08", "2026-03-29", "2026-04-04", "2026-10-03", "2026-10-25", "2026-11-01", "2026-12-31")
near_changes = st.builds(
    lambda day, quarters: int(np.datetime64(day, "s").astype(int)) + 900 * quarters,
    st.sampled_from(DAYS_OF_CHANGE),
    st.integers(-48, 144),
)
long_spans = st.builds(Span, st.integers(0, 700), st.sampled_from(UNITS))


def one_by_one(starts: list[int], span: Span, calendar: WorkCalendar) -> tuple[list[int], list[bool]]:
    found = [deadline(datetime.fromtimestamp(start, UTC), span, calendar) for start in starts]
    return [round(one.at.timestamp()) for one in found], [one.provisional for one in found]


def at_once(starts: list[int], span: Span, calendar: WorkCalendar) -> tuple[list[int], list[bool]]:
    found = deadlines(np.array(starts, np.int64), span, calendar)
    return found.at.astype(np.int64).tolist(), found.provisional.tolist()


@given(
    documents(), st.lists(instants | near_changes, min_size=1, max_size=20), spans | long_spans, st.sampled_from(ZONES)
)
def test_many_are_what_each_of_them_is(document: dict[str, Any], starts: list[int], span: Span, zone: str) -> None:
    calendar = WorkCalendar.from_document({**document, "timezone": zone})
    assert at_once(starts, span, calendar) == one_by_one(starts, span, calendar)


@given(
    st.lists(near_changes, min_size=1, max_size=20), st.integers(0, 30), st.sampled_from(UNITS), st.sampled_from(ZONES)
)
def test_work_in_the_hours_that_summer_time_skips_and_repeats(
    starts: list[int], amount: int, unit: Any, zone: str
) -> None:
    night = {day: ["00:15-01:30", "01:30-03:15", "23:00-23:59"] for day in ("mon", "tue", "sat", "sun")}
    calendar = WorkCalendar.from_document({"version": "1", "decree": "SK", "timezone": zone, "weekly": night})
    span = Span(amount, unit)
    assert at_once(starts, span, calendar) == one_by_one(starts, span, calendar)


@given(st.lists(instants, min_size=1, max_size=50), long_spans)
def test_the_shipped_calendars_count_the_same(
    five_day: WorkCalendar, six_day: WorkCalendar, starts: list[int], span: Span
) -> None:
    for calendar in (five_day, six_day):
        assert at_once(starts, span, calendar) == one_by_one(starts, span, calendar)


def test_a_vector_across_the_holidays_of_2026(five_day: WorkCalendar) -> None:
    starts = np.array(["2026-03-13T02:00", "2026-01-05T09:00", "2026-01-05T09:00:01"], "datetime64[s]")
    found = deadlines(starts, Span(3, "working_days"), five_day)
    expected = ["2026-03-25T09:00", "2026-01-08T09:00", "2026-01-09T09:30"]
    assert found.at.tolist() == np.array(expected, "datetime64[s]").tolist()
    assert not found.provisional.any()


def test_the_form_of_what_was_asked_is_kept(five_day: WorkCalendar) -> None:
    grid = (np.datetime64("2027-12-30") + np.arange(6)).reshape(2, 3)
    found = deadlines(grid, Span(5, "working_days"), five_day)
    assert found.at.shape == found.provisional.shape == (2, 3)
    assert found.provisional.all() and found.at.dtype == np.dtype("datetime64[s]")
    empty = deadlines(np.array([], "datetime64[s]"), Span(1, "working_days"), five_day)
    assert empty.at.shape == empty.provisional.shape == (0,)


@pytest.mark.parametrize("span", ["1 working_days", "5 working_hours", "0 working_days"])
def test_a_calendar_that_never_opens_again_is_the_same_error(span: str) -> None:
    starts = [int(at(text).timestamp()) for text in ("2026-12-21T08:00", "2026-12-28T12:01")]
    with pytest.raises(DeadlineError) as one:
        one_by_one(starts, Span.parse(span), closed_from_2027())
    with pytest.raises(DeadlineError, match="no working day in all of 2027") as many:
        at_once(starts, Span.parse(span), closed_from_2027())
    assert str(many.value) == str(one.value)


def test_a_calendar_may_start_with_an_empty_year() -> None:
    period = {"name": "Closed", "from": "2026-01-01", "to": "2026-12-31", "weekly": {}}
    calendar = closed_from_2027(periods=[period])
    starts = [int(at(text).timestamp()) for text in ("2026-02-02T08:00", "2026-12-31T23:00", "2027-01-04T09:00")]
    for unit in get_args(Unit):
        for amount in (0, 1, 5, 200):
            span = Span(amount, unit)
            assert at_once(starts, span, calendar) == one_by_one(starts, span, calendar)


def test_a_calendar_that_has_closed_for_good_is_the_same_error() -> None:
    with pytest.raises(DeadlineError, match="no working day in all of 2041"):
        at_once([int(at("2040-06-01T10:00").timestamp())], Span(1, "working_days"), closed_from_2027())


@pytest.mark.parametrize("span", ["1 working_days", "20 working_hours", "40 calendar_days"])
def test_the_end_of_time_is_the_same_error(span: str, five_day: WorkCalendar) -> None:
    starts = [int(at(text).timestamp()) for text in ("9998-06-01T15:00", "9999-12-31T15:00")]
    with pytest.raises(DeadlineError, match="after the year 9999"):
        at_once(starts, Span.parse(span), five_day)


@pytest.mark.parametrize("seconds", [1 << 40, -(1 << 40), -62_135_596_801])
def test_a_start_outside_of_time_is_refused(seconds: int, five_day: WorkCalendar) -> None:
    with pytest.raises(InstantError, match="too far away"):
        at_once([0, seconds], Span(1, "working_days"), five_day)


def test_years_long_ago_and_far_ahead_are_counted(five_day: WorkCalendar) -> None:
    for text in ("0001-01-02T08:00", "1945-08-17T10:00", "2100-06-01T10:00", "9998-12-31T10:00", "9999-02-01T10:00"):
        start = [int(at(text).timestamp())]
        for unit in get_args(Unit):
            span = Span(30, unit)
            assert at_once(start, span, five_day) == one_by_one(start, span, five_day), text


@pytest.mark.parametrize(
    ("starts", "error", "says"),
    [
        (np.array(["NaT"], "datetime64[s]"), InstantError, "no instant"),
        (np.array(["2026-01-05T09:00:00.5"], "datetime64[ms]"), InstantError, "fraction of a second"),
        (np.array([1.5]), TypeError, "whole seconds since 1970, not float64"),
        (np.array(["2026-01-05"]), TypeError, "datetime64"),
    ],
)
def test_what_is_no_array_of_instants_is_refused(
    starts: Any, error: type[Exception], says: str, five_day: WorkCalendar
) -> None:
    with pytest.raises(error, match=says):
        deadlines(starts, Span(1, "working_days"), five_day)


def test_many_are_much_faster_than_one_by_one(five_day: WorkCalendar) -> None:
    starts = int(at("2026-01-01T00:00").timestamp()) + np.arange(100_000, dtype=np.int64) * 300
    for unit in get_args(Unit):
        span = Span(14, unit)
        deadlines(starts, span, five_day)
        begun = perf_counter()
        deadlines(starts, span, five_day)
        many = perf_counter() - begun
        begun = perf_counter()
        one_by_one(starts[:2000].tolist(), span, five_day)
        assert many / 100_000 < (perf_counter() - begun) / 2000 / 3
