"""Laws every calendar keeps, held against a counter that knows nothing but minutes and the written document."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from salur.worktime.calendar import WorkCalendar
from salur.worktime.deadline import deadline, next_opening, working_days_between, working_minutes
from salur.worktime.spans import UNITS, Span, Unit

JAKARTA = ZoneInfo("Asia/Jakarta")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST = date(2026, 12, 1)  # the year turns in the middle of what is counted
MINUTE = timedelta(minutes=1)

hours = st.sampled_from(
    [
        ("07:30-12:00", "13:00-16:00"),
        ("07:30-11:30", "13:00-16:30"),
        ("08:00-12:00", "12:00-15:00"),
        ("09:15-09:45", "10:00-10:01", "22:00-23:59"),
        ("00:00-06:00",),
        (),
    ]
)
open_hours = hours.filter(bool)
dates = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
starts = st.integers(0, 45 * 1440).map(
    lambda n: datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=JAKARTA) + n * MINUTE
)


def weeks(monday: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[dict[str, list[str]]]:
    return st.fixed_dictionaries({day: (monday if day == "mon" else hours).map(list) for day in DAYS})


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    first = draw(dates)
    period = {
        "name": "Ramadan",
        "from": first.isoformat(),
        "to": (first + timedelta(days=draw(st.integers(0, 30)))).isoformat(),
        "weekly": draw(weeks(hours)),
    }
    closed = draw(st.sets(dates, max_size=8))
    special = draw(st.dictionaries(dates, hours, max_size=3))
    return {
        "version": "1",
        "decree": "SK 1/2026",
        "timezone": "Asia/Jakarta",
        "decreed_years": [2026],
        "weekly": draw(weeks(open_hours)),
        "periods": draw(st.sampled_from([[], [period]])),
        "holidays": [{"date": day.isoformat(), "name": "Libur", "kind": "local"} for day in sorted(closed)],
        "special": [{"date": day.isoformat(), "intervals": list(value)} for day, value in special.items()],
    }


@cache
def minutes_of(written: tuple[str, ...]) -> tuple[int, ...]:
    def minute(text: str) -> int:
        return int(text[:2]) * 60 + int(text[3:])

    ranges = [(minute(text[:5]), minute(text[6:])) for text in written]
    return tuple(number for number in range(1440) if any(first <= number < last for first, last in ranges))


def minutes_on(day: date, document: dict[str, Any]) -> tuple[int, ...]:
    text = day.isoformat()
    for part in document["special"]:
        if part["date"] == text:
            return minutes_of(tuple(part["intervals"]))
    if any(part["date"] == text for part in document["holidays"]):
        return ()
    for part in document["periods"]:
        if part["from"] <= text <= part["to"]:
            return minutes_of(tuple(part["weekly"][DAYS[day.weekday()]]))
    return minutes_of(tuple(document["weekly"][DAYS[day.weekday()]]))


def days_from(day: date, document: dict[str, Any]) -> Iterator[tuple[date, tuple[int, ...]]]:
    while True:
        if found := minutes_on(day, document):
            yield day, found
        day += timedelta(days=1)


def instant(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=JAKARTA) + minute * MINUTE


def worked_from(start: datetime, document: dict[str, Any]) -> Iterator[datetime]:
    """The start of each working minute not before `start`."""
    for day, minutes in days_from(start.date(), document):
        yield from (instant(day, minute) for minute in minutes if instant(day, minute) >= start)


def brute_deadline(start: datetime, span: Span, document: dict[str, Any]) -> datetime:
    if span.unit == "calendar_days":
        return start + timedelta(days=span.amount)
    if span.amount == 0:
        before = start - MINUTE
        if before.date() == start.date() and before.hour * 60 + before.minute in minutes_on(before.date(), document):
            return start
        return next(worked_from(start, document))
    if span.unit == "working_hours":
        return next(islice(worked_from(start, document), span.amount * 60 - 1, None)) + MINUTE
    closings = (instant(day, minutes[-1]) + MINUTE for day, minutes in days_from(start.date(), document))
    return next(islice((closing for closing in closings if closing >= start), span.amount, None))


spans = st.builds(Span, st.integers(0, 15), st.sampled_from(UNITS))
amounts = st.integers(1, 15)
working_units = st.sampled_from(["working_days", "working_hours"])


@given(documents(), starts, spans)
def test_the_deadline_is_the_one_counted_minute_by_minute(
    document: dict[str, Any], start: datetime, span: Span
) -> None:
    calendar = WorkCalendar.from_document(document)
    assert deadline(start, span, calendar).at == brute_deadline(start, span, document)


@given(documents(), starts, starts)
def test_working_minutes_are_those_counted_one_by_one(document: dict[str, Any], a: datetime, b: datetime) -> None:
    calendar = WorkCalendar.from_document(document)
    a, b = min(a, b), max(a, b)
    counted = 0
    for minute in worked_from(a, document):
        if minute >= b:
            break
        counted += 1
    assert working_minutes(a, b, calendar) == counted
    assert working_minutes(b, a, calendar) == -counted


@given(documents(), starts, spans, dates)
def test_adding_a_holiday_never_makes_a_deadline_earlier(
    document: dict[str, Any], start: datetime, span: Span, day: date
) -> None:
    more = deepcopy(document)
    if all(part["date"] != day.isoformat() for part in document["holidays"]):
        more["holidays"].append({"date": day.isoformat(), "name": "Libur baru", "kind": "national"})
    before = deadline(start, span, WorkCalendar.from_document(document)).at
    assert deadline(start, span, WorkCalendar.from_document(more)).at >= before


@given(documents(), starts, amounts, amounts, st.sampled_from(UNITS))
def test_adding_spans_is_associative(document: dict[str, Any], start: datetime, a: int, b: int, unit: Unit) -> None:
    calendar = WorkCalendar.from_document(document)
    in_two = deadline(deadline(start, Span(a, unit), calendar).at, Span(b, unit), calendar).at
    assert in_two == deadline(start, Span(a + b, unit), calendar).at


@given(documents(), starts, st.integers(0, 15), working_units)
def test_an_instant_counts_from_its_next_opening(
    document: dict[str, Any], start: datetime, amount: int, unit: Unit
) -> None:
    calendar = WorkCalendar.from_document(document)
    opening = next_opening(start, calendar)
    assert opening >= start
    assert next_opening(opening, calendar) == opening
    assert working_minutes(start, opening, calendar) == 0
    assert deadline(start, Span(amount, unit), calendar).at == deadline(opening, Span(amount, unit), calendar).at


@given(documents(), starts, starts, spans)
def test_a_later_start_never_gives_an_earlier_deadline(
    document: dict[str, Any], a: datetime, b: datetime, span: Span
) -> None:
    calendar = WorkCalendar.from_document(document)
    assert deadline(min(a, b), span, calendar).at <= deadline(max(a, b), span, calendar).at


@given(documents(), starts, st.integers(0, 59), amounts)
def test_a_deadline_of_hours_holds_those_hours(
    document: dict[str, Any], start: datetime, seconds: int, amount: int
) -> None:
    calendar = WorkCalendar.from_document(document)
    start += timedelta(seconds=seconds)
    found = deadline(start, Span(amount, "working_hours"), calendar).at
    assert working_minutes(start, found, calendar) == amount * 60


@given(documents(), starts, st.integers(0, 15))
def test_a_deadline_of_days_holds_those_days(document: dict[str, Any], start: datetime, amount: int) -> None:
    calendar = WorkCalendar.from_document(document)
    found = deadline(start, Span(amount, "working_days"), calendar).at
    assert working_days_between(start, found, calendar) == amount


@settings(max_examples=25)
@given(starts, spans)
def test_the_shipped_calendars_are_counted_minute_by_minute(
    five_day: WorkCalendar, six_day: WorkCalendar, start: datetime, span: Span
) -> None:
    for calendar in (five_day, six_day):
        # As drawn, over Christmas and New Year; 270 days earlier, over Ramadan and Idul Fitri 2026.
        for shifted in (start, start - timedelta(days=270)):
            assert deadline(shifted, span, calendar).at == brute_deadline(shifted, span, calendar.to_document())


@given(documents(), starts, spans)
def test_a_deadline_is_provisional_when_it_touches_a_year_without_decree(
    document: dict[str, Any], start: datetime, span: Span
) -> None:
    found = deadline(start, span, WorkCalendar.from_document(document))
    touched = span.unit != "calendar_days" and found.at.year == 2027
    assert found.provisional is touched
