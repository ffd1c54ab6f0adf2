"""Expected silence: nights and weekends are no alarm, and a channel that went dead is one soon."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from salur.channels.silence import CELL, LEARNED_FROM, SHORTEST, longest_silence

MONDAY = datetime(2026, 10, 26, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def office_hours(weeks: int = 4) -> list[datetime]:
    """Two messages an hour from 08:00 to 16:00 on five days a week."""
    days = [MONDAY + WEEK * week + DAY * day for week in range(weeks) for day in range(5)]
    return [
        day + HOUR * hour + timedelta(minutes=30 * half) for day in days for hour in range(8, 16) for half in (0, 1)
    ]


def expected(instants: list[datetime], since: datetime) -> timedelta:
    found = longest_silence(instants, since)
    assert found is not None
    return found


@st.composite
def traffics(draw: st.DrawFn) -> list[datetime]:
    """Anything within four weeks that is enough to learn from."""
    minutes = draw(st.lists(st.integers(0, 28 * 24 * 60 - 1), min_size=1, max_size=120))
    regular = [MONDAY + timedelta(minutes=m) for m in minutes]
    every = draw(st.integers(6, 20))
    return regular + [MONDAY + HOUR * every * n for n in range(35)]


def test_a_night_and_a_weekend_are_no_alarm() -> None:
    seen = office_hours()
    friday = MONDAY + WEEK * 4 + DAY * 4 + HOUR * 15.5
    assert expected(seen, friday - DAY) > 17 * HOUR  # Thursday evening until Friday morning
    assert expected(seen, friday) > 64.5 * HOUR  # until Monday morning


def test_a_silent_working_day_is_one_before_it_ends() -> None:
    seen = office_hours()
    tuesday = MONDAY + WEEK * 4 + DAY + HOUR * 8
    assert expected(seen, tuesday) == SHORTEST
    # Dead since Friday evening: told on Monday, not a week later.
    friday = MONDAY + WEEK * 4 + DAY * 4 + HOUR * 15.5
    assert friday + expected(seen, friday) < MONDAY + WEEK * 5 + HOUR * 16


def test_little_traffic_makes_long_patience() -> None:
    daily = [MONDAY + DAY * n + HOUR * hour for n in range(28) for hour in (9, 15)]
    last = daily[-1]
    assert 3 * DAY < expected(daily, last) < 10 * DAY


def test_a_storm_on_one_evening_does_not_make_the_next_evenings_suspicious() -> None:
    quiet = [MONDAY + DAY * n + HOUR * 10 for n in range(28)] + [MONDAY + DAY * n + HOUR * 14 for n in range(28)]
    storm = [MONDAY + DAY * 2 + HOUR * 20 + timedelta(seconds=n) for n in range(500)]
    since = MONDAY + DAY * 30 + HOUR * 14
    assert expected(quiet + storm, since) > 2 * DAY


def test_too_little_to_tell() -> None:
    assert longest_silence([], MONDAY) is None
    assert longest_silence([MONDAY + HOUR * n for n in range(29)], MONDAY) is None
    assert longest_silence([MONDAY + HOUR * n for n in range(160)], MONDAY) is None  # less than seven days
    assert longest_silence([MONDAY + HOUR * n for n in range(170)], MONDAY) is not None
    assert longest_silence([MONDAY] * 100 + [MONDAY + DAY * 10], MONDAY) is None  # one storm tells nothing


@given(traffics())
def test_no_silence_of_the_past_would_have_been_an_alarm(seen: list[datetime]) -> None:
    ordered = sorted(seen)
    for before, after in zip(ordered, ordered[1:], strict=False):
        assert after - before <= expected(seen, before)


@given(traffics(), st.integers(0, 28 * 24 * 60))
def test_it_is_never_short_and_never_endless(seen: list[datetime], minute: int) -> None:
    assert SHORTEST <= expected(seen, MONDAY + timedelta(minutes=minute)) <= LEARNED_FROM


@given(traffics(), st.integers(0, 27 * 24 * 60), st.randoms(use_true_random=False), st.integers(-60, 60))
def test_order_storms_and_the_week_itself_change_nothing(
    seen: list[datetime], minute: int, dice: object, weeks: int
) -> None:
    since = MONDAY + timedelta(minutes=minute)
    storm = [one.replace(minute=one.minute // 20 * 20) + timedelta(seconds=7) for one in seen]
    shuffled = sorted(seen + storm, key=lambda _: dice.random())  # type: ignore[attr-defined]  # a random.Random
    assert expected(shuffled, since) == expected(seen, since)
    moved = [one + WEEK * weeks for one in seen]
    assert expected(moved, since + WEEK * weeks) == expected(seen, since)


@given(traffics(), st.integers(0, 27 * 24 * 60))
def test_waiting_does_not_shorten_patience(seen: list[datetime], minute: int) -> None:
    """Whoever heard something later may be silent until later."""
    since = MONDAY + timedelta(minutes=minute)
    assert since + expected(seen, since) <= since + CELL + expected(seen, since + CELL)
