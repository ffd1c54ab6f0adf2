import json
from copy import deepcopy
from dataclasses import FrozenInstanceError
from datetime import date, time, timedelta
from typing import Any

import pytest

from salur.worktime.calendar import Holiday, WorkCalendar
from salur.worktime.document import CalendarError
from salur.worktime.hours import Interval

SMALL: dict[str, Any] = {
    "version": "1",
    "decree": "SK 1/2026",
    "timezone": "Asia/Jakarta",
    "decreed_years": [2026],
    "weekly": {"mon": ["13:00-16:00", "07:30-12:00"], "tue": ["08:00-12:00"]},
    "periods": [{"name": "Ramadan", "from": "2026-02-19", "to": "2026-03-20", "weekly": {"mon": ["08:00-15:00"]}}],
    "holidays": [{"date": "2026-06-01", "name": "Hari Lahir Pancasila", "kind": "national"}],
    "special": [
        {"date": "2026-06-01", "intervals": ["09:00-10:00"]},
        {"date": "2026-06-02", "intervals": []},
        {"date": "2026-06-07", "intervals": ["09:00-11:00"]},
    ],
}


def changed(**parts: Any) -> dict[str, Any]:
    return {**deepcopy(SMALL), **parts}


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 1, 5), ["07:30-12:00", "13:00-16:00"]),  # a Monday, its intervals put in order
        (date(2026, 1, 7), []),  # a weekday left out
        (date(2026, 2, 23), ["08:00-15:00"]),  # in the period
        (date(2026, 2, 24), []),  # in the period, a weekday its week leaves out
        (date(2026, 6, 1), ["09:00-10:00"]),  # special wins over a holiday
        (date(2026, 6, 2), []),  # special closes
        (date(2026, 6, 7), ["09:00-11:00"]),  # special opens a Sunday
    ],
)
def test_special_dates_win_over_holidays_over_periods_over_the_week(day: date, hours: list[str]) -> None:
    calendar = WorkCalendar.from_document(SMALL)
    assert [str(interval) for interval in calendar.intervals(day)] == hours
    assert calendar.is_working(day) is bool(hours)


def test_a_holiday_closes_its_date() -> None:
    calendar = WorkCalendar.from_document(changed(special=[]))
    assert not calendar.is_working(date(2026, 6, 1))
    assert calendar.holidays[date(2026, 6, 1)] == Holiday("Hari Lahir Pancasila", "national")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"weekly": {"mon": ["07:30-12:00", "11:00-16:00"]}}, "weekly: mon: 07:30-12:00 and 11:00-16:00 overlap"),
        ({"weekly": {"mon": ["12:00-07:30"]}}, "weekly: mon: 12:00-07:30: an interval must end after it starts"),
        ({"weekly": {"mon": ["08:00-08:00"]}}, "must end after it starts"),
        ({"weekly": {"mon": ["08:00-24:00"]}}, "cannot read the interval '08:00-24:00'"),
        ({"weekly": {"mon": "08:00-12:00"}}, "weekly: mon: write a list of intervals"),
        ({"weekly": {"mon": [800]}}, "cannot read the interval 800"),
        ({"weekly": ["08:00-12:00"]}, "weekly: write the hours by weekday"),
        ({"weekly": {"senin": ["08:00-12:00"]}}, "weekly: unknown weekday 'senin': use mon, tue"),
        ({"timezone": "Asia/Lampung"}, "timezone: unknown timezone 'Asia/Lampung'"),
        ({"timezone": "../etc/passwd"}, "timezone: unknown timezone"),
        ({"timezone": 7}, "timezone: unknown timezone 7"),
        ({"holidays": SMALL["holidays"] * 2}, "holidays: 2026-06-01 is written twice"),
        ({"special": SMALL["special"] * 2}, "special: 2026-06-01 is written twice"),
        ({"holidays": [{"date": 20260601, "name": "x", "kind": "local"}]}, r"holidays\.0\.date: write a date such as"),
        ({"holidays": [{"date": "2026-06-31", "name": "x", "kind": "local"}]}, r"holidays\.0\.date"),
        ({"holidays": [{"date": "2026-06-01", "name": "x", "kind": "libur"}]}, r"holidays\.0\.kind.*collective_leave"),
        ({"holidays": [{"date": "2026-06-01", "name": " ", "kind": "local"}]}, r"holidays\.0\.name"),
        ({"periods": SMALL["periods"] * 2}, "periods 'Ramadan' and 'Ramadan' overlap on 2026-02-19"),
        (
            {"periods": [*SMALL["periods"], {"name": "P", "from": "2026-03-20", "to": "2026-04-01", "weekly": {}}]},
            "periods 'Ramadan' and 'P' overlap on 2026-03-20",
        ),
        (
            {"periods": [{"name": "P", "from": "2026-03-02", "to": "2026-03-01", "weekly": {}}]},
            r"periods\.0: period 'P' ends on 2026-03-01, before it starts on 2026-03-02",
        ),
        ({"weekly": {}, "periods": [], "special": []}, "no working interval at all"),
        ({"decreed_years": ["2026"]}, r"decreed_years\.0"),
        ({"holiday": []}, "holiday: unknown key"),
        ({"version": 1}, "version"),
    ],
)
def test_a_wrong_document_is_refused_naming_the_place(parts: dict[str, Any], says: str) -> None:
    with pytest.raises(CalendarError, match=says):
        WorkCalendar.from_document(changed(**parts))


def test_every_problem_is_named_at_once() -> None:
    wrong = changed(timezone="Asia/Lampung", weekly={"senin": []})
    del wrong["decree"]
    with pytest.raises(CalendarError) as caught:
        WorkCalendar.from_document(wrong)
    assert all(place in str(caught.value) for place in ("decree", "timezone", "weekly"))


def test_touching_intervals_and_periods_are_allowed() -> None:
    following = {"name": "After", "from": "2026-03-21", "to": "2026-03-22", "weekly": {}}
    calendar = WorkCalendar.from_document(
        changed(weekly={"mon": ["08:00-12:00", "12:00-16:00"]}, periods=[following, *SMALL["periods"]])
    )
    assert [period.name for period in calendar.periods] == ["Ramadan", "After"]
    assert calendar.intervals(date(2026, 1, 5)) == (Interval(time(8), time(12)), Interval(time(12), time(16)))


def test_the_document_form_gives_an_equal_calendar_back(five_day: WorkCalendar, six_day: WorkCalendar) -> None:
    for calendar in (WorkCalendar.from_document(SMALL), five_day, six_day):
        again = WorkCalendar.from_document(json.loads(json.dumps(calendar.to_document())))
        assert again == calendar
        assert hash(again) == hash(calendar)
    assert five_day != six_day


def test_a_calendar_cannot_be_changed(five_day: WorkCalendar) -> None:
    with pytest.raises(FrozenInstanceError):
        five_day.version = "2"  # type: ignore[misc]  # that it is refused is the point
    with pytest.raises(TypeError):
        five_day.holidays[date(2026, 1, 2)] = Holiday("x", "local")  # type: ignore[index]  # likewise


def test_a_year_lays_its_working_days_end_to_end() -> None:
    year = WorkCalendar.from_document(SMALL).year(2026)
    assert year.dates[:3] == (date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 12))
    assert year.worked[:3] == (timedelta(hours=7.5), timedelta(hours=11.5), timedelta(hours=19))
    assert year.closings[0].isoformat() == "2026-01-05T16:00:00+07:00"
