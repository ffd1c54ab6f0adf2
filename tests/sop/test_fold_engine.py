"""Parts of the engine by themselves: what is kept between folds, and journals read from text."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from salur.kernel.events import Fact
from salur.sop.document.model import SopDocument
from salur.sop.engine import clocks, rulebook
from salur.sop.engine.clocks import Calendars, Clock
from salur.sop.engine.fold import fold
from salur.sop.engine.rulebook import Term
from salur.sop.engine.written import JournalInvalid, read_journal
from salur.worktime.calendar import WorkCalendar
from salur.worktime.deadline import deadline
from salur.worktime.instants import InstantError
from salur.worktime.spans import Span

MONDAY = datetime(2026, 7, 6, 3, tzinfo=UTC)


def days(amount: int) -> Term:
    return Term(Span(amount, "working_days"), ())


def test_a_clock_counts_a_day_once(calendars: Calendars) -> None:
    clock, term = Clock(calendars.default), days(3)
    found = clock.due(term, MONDAY, clock.day(MONDAY))
    later = MONDAY + timedelta(hours=5)
    assert clock.due(term, later, clock.day(later)) is found
    for other in (MONDAY + timedelta(days=1), MONDAY - timedelta(days=3)):
        assert clock.due(term, other, clock.day(other)) is not found
    assert clock.day(datetime(1899, 7, 6, tzinfo=UTC)) is None
    assert clock.day(datetime(2200, 7, 6, tzinfo=UTC)) is None
    assert clock.day(datetime(1900, 7, 6, tzinfo=UTC)) is not None
    assert clock.day(datetime(2199, 12, 31, 23, tzinfo=UTC)) is not None


def test_a_clock_forgets_before_it_grows_without_end(calendars: Calendars, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "_MOST_KEPT", 2)
    clock = Clock(calendars.default)

    def kept(amount: int) -> int:
        clock.due(days(amount), MONDAY, clock.day(MONDAY))
        return len(clock.day(MONDAY) or ())

    assert [kept(1), kept(2), kept(3)] == [1, 2, 0]
    assert [kept(1), kept(2), kept(3)] == [1, 2, 0]
    term, on = days(1), MONDAY.date()
    first = clock.closing(term, on)
    assert clock.closing(term, on) is first
    clock.closing(days(2), on)
    clock.closing(days(3), on)
    assert clock.closing(term, on) is not first


def test_a_document_is_made_ready_once(standard: SopDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulebook, "MOST_BOOKS", 2)
    monkeypatch.setattr(rulebook, "_ready", {})
    one, two, three = standard, standard.model_copy(), standard.model_copy()
    first = rulebook.rulebook(one, {})
    assert rulebook.rulebook(one, {}) is first
    assert rulebook.rulebook(two, {}) is not first
    assert rulebook.rulebook(one, {}) is first
    rulebook.rulebook(three, {})
    assert rulebook.rulebook(one, {}) is not first


def test_a_naive_instant_is_refused(
    standard: SopDocument, calendars: Calendars, journal: Callable[..., list[Fact]]
) -> None:
    naive = Fact(1, "case.opened", datetime(2026, 7, 6, 10), "system", {})
    with pytest.raises(InstantError):
        fold([naive], standard, calendars, MONDAY)
    with pytest.raises(InstantError):
        fold(journal(("2026-07-06 10:00", "case.opened", {})), standard, calendars, datetime(2026, 7, 6, 10))


def test_a_journal_is_read_from_lines() -> None:
    text = (
        '\n{"seq": 4, "kind": "case.verified", "at": "2026-07-06T10:00+07:00", "actor": "member:3", "data": {"a": 1}}\n'
    )
    text += '{"seq": 1, "kind": "moon.rose", "at": "2026-07-06 10:00Z"}\r\n'
    first, second = read_journal(text)
    assert first == Fact(4, "case.verified", MONDAY, "member:3", {"a": 1})
    assert second == Fact(1, "moon.rose", MONDAY + timedelta(hours=7), "system", {})
    with pytest.raises(JournalInvalid, match="line 2: data") as refused:
        read_journal('\n{"seq": 1, "kind": "a", "at": "2026-07-06T10:00Z", "data": []}\n{"seq": 1.5}')
    assert len(str(refused.value).splitlines()) == 4


def test_a_span_of_hours_is_counted_from_each_start(calendars: Calendars) -> None:
    clock, hours = Clock(calendars.default), Term(Span(1, "working_hours"), ())
    for start in (MONDAY, MONDAY + timedelta(minutes=30)):
        assert clock.due(hours, start, clock.day(start)).at == start + timedelta(hours=1)


def every_day(timezone: str, hours: str) -> dict[str, Any]:
    weekly = {day: [hours] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    return {"version": "1", "decree": "-", "timezone": timezone, "decreed_years": [2025], "weekly": weekly}


ELSEWHERE = {
    "nights": every_day("Asia/Jakarta", "00:00-07:00"),
    "west": every_day("America/Bogota", "08:00-22:00"),
    "east": every_day("Pacific/Kiritimati", "06:00-08:00"),
}


@pytest.mark.parametrize(
    "turn",
    [
        datetime(2026, 7, 6, 9, tzinfo=UTC),  # a closing
        datetime(2026, 7, 3, 9, 30, tzinfo=UTC),  # the last of a week
        datetime(2024, 12, 31, 17, tzinfo=UTC) - timedelta(microseconds=1),  # the last instant of a year without decree
        datetime(2025, 12, 31, 9, tzinfo=UTC),  # the last closing of a year
        datetime(2025, 12, 31, 17, tzinfo=UTC) - timedelta(microseconds=1),
        datetime(2025, 3, 4, 0, tzinfo=UTC),  # a closing at midnight of UTC, of those who work at night
        datetime(2025, 1, 1, 0, tzinfo=UTC),
        datetime(2025, 1, 1, 5, tzinfo=UTC) - timedelta(microseconds=1),  # a year without decree ends in Bogota
        datetime(2026, 1, 1, 5, tzinfo=UTC) - timedelta(microseconds=1),
        datetime(2024, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2024, 2, 29, 23, tzinfo=UTC),
        datetime(2024, 12, 31, 0, tzinfo=UTC),
        datetime(2025, 12, 31, 18, tzinfo=UTC),  # the first closing of the next year, of those farthest east
        datetime(2026, 1, 1, 3, tzinfo=UTC),  # a closing of the year before, of those who work west of Greenwich
    ],
)
@pytest.mark.parametrize("place", ["", "nights", "west", "east"])
def test_a_day_ends_with_its_closing(turn: datetime, place: str, calendars: Calendars) -> None:
    calendar = WorkCalendar.from_document(ELSEWHERE[place]) if place else calendars.default
    around = [turn + timedelta(microseconds=step) for step in (-1, 0, 1, 2)]
    term = days(3)
    for order in (around, around[::-1]):
        clock = Clock(calendar)
        for start in order:
            assert clock.due(term, start, clock.day(start)).deadline == deadline(start, term.span, calendar)
