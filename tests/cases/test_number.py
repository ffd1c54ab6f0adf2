"""Case numbers: read however they are typed, refused when mistyped."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from salur.cases.number import ALPHABET, new_number, read_number

codes = st.sampled_from(["18", "18.09", "18.71"])
instants = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 1, 1), timezones=st.just(UTC))


@given(codes, instants, st.integers(0, 3))
def test_a_number_is_read_however_it_is_typed(code: str, at: datetime, manner: int) -> None:
    number = new_number(code, at)
    typed = [number, number.lower(), number.replace("-", " "), f"  {number.replace('-', '')}  "][manner]
    assert read_number(typed) == number


@given(codes, instants, st.data())
def test_one_wrong_sign_is_noticed(code: str, at: datetime, data: st.DataObject) -> None:
    number = new_number(code, at)
    place = data.draw(st.integers(len(number) - 9, len(number) - 1).filter(lambda n: number[n] != "-"))
    other = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != number[place]]))
    assert read_number(number[:place] + other + number[place + 1 :]) is None


@given(codes, instants, st.integers(0, 5))
def test_two_swapped_neighbours_are_noticed(code: str, at: datetime, place: int) -> None:
    number = new_number(code, at)
    body = number[-9:].replace("-", "")
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert swapped == body or read_number(number[:-9] + swapped) is None


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    number = read_number(text)
    assert number is None or read_number(number) == number


def test_numbers_do_not_repeat() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    assert len({new_number("18", at) for _ in range(5000)}) == 5000
