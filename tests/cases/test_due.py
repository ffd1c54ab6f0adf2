"""How far away a deadline is, in words."""

from datetime import UTC, datetime, time

import pytest
from django.utils import translation

from salur.cases.due import due_words
from salur.cases.words import STATUSES, said
from salur.worktime.calendar import WorkCalendar

WEEK = WorkCalendar.from_document(
    {
        "version": "uji",
        "decree": "uji",
        "timezone": "Asia/Jakarta",
        "decreed_years": [2026],
        "weekly": {day: ["08:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    }
)
"""Monday to Friday, 8 to 16; Lampung is seven hours ahead of UTC."""


def at(day: int, hour: int = 10) -> datetime:
    """An instant in June 2026 by Lampung's clock; the first of June is a Monday."""
    return datetime.combine(datetime(2026, 6, day, tzinfo=UTC).date(), time(hour), WEEK.timezone)


@pytest.mark.parametrize(
    ("due", "now", "tone", "words"),
    [
        (at(3, 16), at(3, 10), "today", "hari ini"),
        (at(3, 16), at(3, 17), "late", "lewat sejak hari ini"),
        (at(3, 16), at(4, 9), "late", "lewat 1 hari kerja"),
        (at(5, 16), at(9, 9), "late", "lewat 2 hari kerja"),  # a weekend between does not count
        (at(4, 16), at(3, 10), "soon", "1 hari kerja lagi"),
        (at(8, 16), at(5, 20), "soon", "1 hari kerja lagi"),  # on Friday evening, due on Monday
        (at(10, 16), at(3, 10), "later", "5 hari kerja lagi"),
    ],
)
def test_words_count_working_days(due: datetime, now: datetime, tone: str, words: str) -> None:
    with translation.override("id"):
        found = due_words(due, now, WEEK)
    assert found is not None
    assert (found.at, found.tone, found.words) == (due, tone, words)


def test_without_a_deadline_nothing_is_said() -> None:
    assert due_words(None, at(3), WEEK) is None


def test_without_a_calendar_days_are_counted() -> None:
    found = due_words(at(9, 16), at(5, 9), None)
    assert found is not None and found.words.startswith("4 ")


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    assert said(STATUSES, "unheard_of") == "unheard_of"
