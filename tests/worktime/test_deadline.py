from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from salur.worktime.calendar import WorkCalendar
from salur.worktime.deadline import (
    Deadline,
    DeadlineError,
    deadline,
    next_opening,
    working_days_between,
    working_minutes,
)
from salur.worktime.instants import InstantError
from salur.worktime.spans import Span

JAKARTA = ZoneInfo("Asia/Jakarta")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        # Across Nyepi, Idul Fitri and their collective leave.
        ("2026-03-13T09:00", 3, "2026-03-25T16:00"),
        ("2026-03-13T09:00", 5, "2026-03-27T16:30"),
        ("2026-03-13T09:00", 14, "2026-04-10T16:30"),
        ("2025-03-27T09:00", 5, "2025-04-14T16:00"),
        # The closing instant belongs to its day; a second later the next working day is day 0.
        ("2026-01-05T16:00", 1, "2026-01-06T16:00"),
        ("2026-01-05T16:00:01", 1, "2026-01-07T16:00"),
        ("2026-01-05T00:00", 1, "2026-01-06T16:00"),
        # During the break of a day, and at a weekend.
        ("2026-01-05T12:30", 1, "2026-01-06T16:00"),
        ("2026-01-10T10:00", 1, "2026-01-13T16:00"),
        # Midnight of 31 December: 1 January is a holiday, and in 2026 it is a Thursday, in 2027 a Friday.
        ("2025-12-31T23:59:59", 1, "2026-01-05T16:00"),
        ("2026-01-01T00:00", 1, "2026-01-05T16:00"),
        ("2026-12-31T23:59:59", 1, "2027-01-06T16:00"),  # day 0 is 4 January, the 5th is Isra Mikraj
        # A supervisory complaint: 22 days left in July, 19 in August (the 17th and 25th are holidays), 19 in September.
        ("2026-07-01T08:00", 60, "2026-09-25T16:30"),
    ],
)
def test_working_days_end_at_the_closing_of_the_last(
    start: str, days: int, expected: str, five_day: WorkCalendar
) -> None:
    assert deadline(at(start), Span(days, "working_days"), five_day) == Deadline(at(expected))


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-01-05T09:00", 2, "2026-01-05T11:00"),
        ("2026-01-05T11:00", 1, "2026-01-05T12:00"),  # not the opening after the break
        ("2026-01-05T11:00", 2, "2026-01-05T14:00"),
        ("2026-01-09T11:00", 1, "2026-01-09T13:30"),  # Friday break from 11:30 to 13:00
        ("2026-01-09T15:30", 1, "2026-01-09T16:30"),
        ("2026-01-09T15:30", 2, "2026-01-12T08:30"),
        ("2026-02-19T06:00", 5, "2026-02-19T13:30"),  # Ramadan: from 8, break of half an hour
        ("2026-02-20T11:00", 1, "2026-02-20T13:00"),  # Friday in Ramadan: break from 11:30 to 12:30
        ("2026-01-05T09:00:30", 1, "2026-01-05T10:00:30"),
        ("2026-12-31T15:30", 1, "2027-01-04T08:00"),
        ("2026-12-31T15:00", 1, "2026-12-31T16:00"),  # the last closing of a year is not the next year's opening
        ("2026-01-10T10:00", 15, "2026-01-13T16:00"),
    ],
)
def test_working_hours_count_only_working_time(start: str, hours: int, expected: str, five_day: WorkCalendar) -> None:
    assert deadline(at(start), Span(hours, "working_hours"), five_day).at == at(expected)


def test_a_hospital_counts_saturdays(six_day: WorkCalendar) -> None:
    assert deadline(at("2026-01-09T09:00"), Span(1, "working_days"), six_day).at == at("2026-01-10T14:30")
    assert deadline(at("2026-01-09T14:00"), Span(5, "working_hours"), six_day).at == at("2026-01-10T12:00")


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-03-13T23:15", 3, "2026-03-16T23:15"),
        ("2026-12-31T00:00", 1, "2027-01-01T00:00"),
        ("2028-02-28T10:00", 1, "2028-02-29T10:00"),
        ("2026-03-14T10:00", 0, "2026-03-14T10:00"),
    ],
)
def test_calendar_days_keep_the_wall_time(start: str, days: int, expected: str, five_day: WorkCalendar) -> None:
    assert deadline(at(start), Span(days, "calendar_days"), five_day) == Deadline(at(expected))


def test_a_start_of_another_zone_is_counted_in_the_calendars_zone(five_day: WorkCalendar) -> None:
    # 17:30 on Sunday in London's winter is Monday 00:30 in Lampung.
    found = deadline(datetime(2026, 1, 4, 17, 30, tzinfo=UTC), Span(1, "working_days"), five_day)
    assert found.at == at("2026-01-06T16:00")
    assert found.at.isoformat() == "2026-01-06T16:00:00+07:00"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-01-05T09:00", "2026-01-05T09:00"),
        ("2026-01-05T12:00", "2026-01-05T12:00"),
        ("2026-01-05T12:01", "2026-01-05T13:00"),
        ("2026-01-05T16:00:01", "2026-01-06T07:30"),
        ("2026-03-17T15:01", "2026-03-25T07:30"),
        ("2026-12-31T23:59:59", "2027-01-04T07:30"),
    ],
)
def test_next_opening_and_a_span_of_nothing(start: str, expected: str, five_day: WorkCalendar) -> None:
    assert next_opening(at(start), five_day) == at(expected)
    assert deadline(at(start), Span(0, "working_hours"), five_day).at == at(expected)
    assert deadline(at(start), Span(0, "working_days"), five_day).at == at(expected)


@pytest.mark.parametrize(
    ("start", "span", "expected", "missing"),
    [
        ("2027-12-30T09:00", "1 working_days", "2027-12-31T16:30", ()),
        ("2027-12-31T09:00", "1 working_days", "2028-01-03T16:00", (2028,)),
        ("2027-12-31T17:00", "0 working_hours", "2028-01-03T07:30", (2028,)),
        ("2028-02-28T09:00", "1 working_days", "2028-02-29T16:00", (2028,)),
        ("2028-02-29T15:00", "2 working_hours", "2028-03-01T08:30", (2028,)),
        ("2024-12-31T23:00", "1 working_days", "2025-01-03T16:30", (2024,)),
        ("2027-12-31T09:00", "300 working_days", "2029-02-23T16:30", (2028, 2029)),
    ],
)
def test_a_year_without_decree_makes_the_deadline_provisional(
    start: str, span: str, expected: str, missing: tuple[int, ...], five_day: WorkCalendar
) -> None:
    found = deadline(at(start), Span.parse(span), five_day)
    assert found.at == at(expected)
    assert found.undecreed_years == missing
    assert found.provisional is bool(missing)
    assert all(str(year) in found.reason for year in missing)
    assert bool(found.reason) is bool(missing)


def test_naive_instants_are_refused(five_day: WorkCalendar) -> None:
    naive, aware = datetime(2026, 1, 5, 9, 0), at("2026-01-05T09:00")
    for count in (
        lambda: deadline(naive, Span(1, "working_days"), five_day),
        lambda: deadline(naive, Span(1, "calendar_days"), five_day),
        lambda: next_opening(naive, five_day),
        lambda: working_minutes(naive, aware, five_day),
        lambda: working_minutes(aware, naive, five_day),
        lambda: working_days_between(naive, aware, five_day),
    ):
        with pytest.raises(InstantError, match="has no time zone"):
            count()


def closed_from_2027(**parts: Any) -> WorkCalendar:
    return WorkCalendar.from_document(
        {
            "version": "closing",
            "decree": "SK 1/2026",
            "timezone": "Asia/Jakarta",
            "weekly": {"mon": ["08:00-12:00"]},
            "periods": [{"name": "Closed", "from": "2027-01-01", "to": "9999-12-31", "weekly": {}}],
            **parts,
        }
    )


@pytest.mark.parametrize("span", ["1 working_days", "5 working_hours"])
def test_a_calendar_that_never_opens_again_ends_the_count(span: str) -> None:
    with pytest.raises(DeadlineError, match="'closing' has no working day in all of 2027"):
        deadline(at("2026-12-28T08:00"), Span.parse(span), closed_from_2027())
    with pytest.raises(DeadlineError, match="no working day in all of 2027"):
        next_opening(at("2026-12-28T12:01"), closed_from_2027())


def test_a_calendar_may_start_with_an_empty_year() -> None:
    period = {"name": "Closed", "from": "2026-01-01", "to": "2026-12-31", "weekly": {}}
    calendar = closed_from_2027(periods=[period])
    assert deadline(at("2026-02-02T08:00"), Span(5, "working_hours"), calendar).at == at("2027-01-11T09:00")


@pytest.mark.parametrize("span", ["1 working_days", "20 working_hours", "40 calendar_days"])
def test_the_end_of_time_is_a_clear_error(span: str, five_day: WorkCalendar) -> None:
    with pytest.raises(DeadlineError, match="after the year 9999"):
        deadline(at("9999-12-31T15:00"), Span.parse(span), five_day)


@pytest.mark.parametrize(
    ("a", "b", "minutes"),
    [
        ("2026-01-05T00:00", "2026-01-06T00:00", 450),
        ("2026-01-05T11:30", "2026-01-05T13:30", 60),
        ("2026-01-05T12:10", "2026-01-05T12:50", 0),
        ("2026-01-05T09:00", "2026-01-05T09:01:59", 1),
        ("2026-01-05T13:30", "2026-01-05T11:30", -60),
        ("2026-12-31T15:00", "2027-01-04T08:00", 90),
        # 2026 has 240 working days of 450 minutes, 19 of them in Ramadan of 390.
        ("2025-12-31T16:00", "2027-01-04T07:30", 221 * 450 + 19 * 390),
    ],
)
def test_working_minutes(a: str, b: str, minutes: int, five_day: WorkCalendar) -> None:
    assert working_minutes(at(a), at(b), five_day) == minutes


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        ("2026-01-05T09:00", "2026-01-05T16:00", 0),
        ("2026-01-05T09:00", "2026-01-06T06:00", 1),
        ("2026-01-09T09:00", "2026-01-11T09:00", 0),
        ("2026-01-10T09:00", "2026-01-12T09:00", 0),  # a Saturday counts from Monday
        ("2026-01-10T09:00", "2026-01-13T09:00", 1),
        ("2026-01-10T09:00", "2026-01-11T09:00", 0),
        ("2026-03-13T09:00", "2026-03-25T16:00", 3),
        ("2026-03-25T16:00", "2026-03-13T09:00", -3),
        ("2025-12-31T09:00", "2027-01-04T09:00", 241),
        ("2026-12-31T17:00", "2027-01-02T09:00", 0),
    ],
)
def test_working_days_between(a: str, b: str, days: int, five_day: WorkCalendar) -> None:
    assert working_days_between(at(a), at(b), five_day) == days


def test_working_days_between_is_the_inverse_of_the_deadline(five_day: WorkCalendar) -> None:
    start = at("2026-01-10T09:00")
    for days in range(0, 500, 7):
        found = deadline(start, Span(days, "working_days"), five_day)
        assert working_days_between(start, found.at, five_day) == days
