"""The shipped calendar against the rules it copies and the `holidays` package."""

from datetime import date, timedelta

import holidays
import pytest

from salur.worktime.calendar import WorkCalendar
from salur.worktime.hours import Week

KINDS = {"public": "national", "government": "collective_leave"}


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_holidays_are_those_of_the_holidays_package(year: int, five_day: WorkCalendar, six_day: WorkCalendar) -> None:
    expected = {
        day: (name, kind)
        for category, kind in KINDS.items()
        for day, name in holidays.country_holidays("ID", years=year, categories=(category,), language="id").items()
    }
    for calendar in (five_day, six_day):
        written = {day: (holiday.name, holiday.kind) for day, holiday in calendar.holidays.items() if day.year == year}
        assert written == expected


@pytest.mark.parametrize(("year", "days"), [(2025, 237), (2026, 240), (2027, 242)])
def test_working_days_a_year(year: int, days: int, five_day: WorkCalendar) -> None:
    all_days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(five_day.is_working(day) for day in all_days) == days
    assert len(five_day.year(year).dates) == days


def test_only_years_with_a_decree_are_decreed(five_day: WorkCalendar) -> None:
    assert five_day.decreed_years == {2025, 2026, 2027}
    assert {day.year for day in five_day.holidays} == {2025, 2026, 2027}


def week_length(week: Week) -> timedelta:
    return sum((interval.length for hours in week for interval in hours), timedelta())


def test_a_week_is_37_and_a_half_hours_and_32_and_a_half_in_ramadan(
    five_day: WorkCalendar, six_day: WorkCalendar
) -> None:
    for calendar, days in ((five_day, 5), (six_day, 6)):
        assert week_length(calendar.weekly) == timedelta(hours=37, minutes=30)
        assert sum(map(bool, calendar.weekly)) == days
        assert len(calendar.periods) == 3
        for period in calendar.periods:
            assert week_length(period.weekly) == timedelta(hours=32, minutes=30)
            assert sum(map(bool, period.weekly)) == days


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 1, 5), "07:30-12:00 13:00-16:00"),
        (date(2026, 1, 9), "07:30-11:30 13:00-16:30"),
        (date(2026, 1, 10), ""),
        (date(2026, 2, 18), "07:30-12:00 13:00-16:00"),
        (date(2026, 2, 19), "08:00-12:00 12:30-15:00"),
        (date(2026, 2, 20), "08:00-11:30 12:30-15:30"),
        (date(2026, 3, 18), ""),
        (date(2026, 3, 20), ""),
        (date(2026, 3, 25), "07:30-12:00 13:00-16:00"),
        (date(2025, 3, 3), "08:00-12:00 12:30-15:00"),
        (date(2027, 2, 8), "08:00-12:00 12:30-15:00"),
    ],
)
def test_hours_of_the_governors_rule(day: date, hours: str, five_day: WorkCalendar) -> None:
    assert " ".join(map(str, five_day.intervals(day))) == hours


def test_a_hospital_works_on_saturday_with_its_ramadan_hours(six_day: WorkCalendar) -> None:
    assert six_day.is_working(date(2026, 1, 10))
    assert not six_day.is_working(date(2026, 1, 11))
    assert " ".join(map(str, six_day.intervals(date(2026, 2, 21)))) == "08:00-12:00 12:30-14:00"


def test_the_estimated_ramadan_says_so(five_day: WorkCalendar) -> None:
    assert [period.name for period in five_day.periods if period.first.year == 2027] == ["Ramadan 1448 H (perkiraan)"]
