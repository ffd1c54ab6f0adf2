import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.worktime.spans import LARGEST_AMOUNT, UNITS, Span, SpanError


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3 working_days", Span(3, "working_days")),
        ("0 working_hours", Span(0, "working_hours")),
        ("  14   calendar_days ", Span(14, "calendar_days")),
        ("1 working_day", Span(1, "working_days")),
    ],
)
def test_a_written_span_is_read(text: str, span: Span) -> None:
    assert Span.parse(text) == span


@given(st.integers(0, LARGEST_AMOUNT), st.sampled_from(UNITS))
def test_what_a_span_writes_it_reads_back(amount: int, unit: str) -> None:
    text = f"{amount} {unit}"
    assert str(Span.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "write an amount and a unit"),
        ("working_days", "write an amount and a unit"),
        ("3", "write an amount and a unit"),
        ("2.5 working_hours", "write an amount and a unit"),
        ("9" * 5000 + " working_days", "write an amount and a unit"),
        ("-1 working_days", "cannot be negative"),
        ("10001 working_days", "too long"),
        ("3 hari_kerja", "use working_days, working_hours, calendar_days"),
    ],
)
def test_a_span_that_cannot_be_read_is_refused_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(SpanError, match=says):
        Span.parse(text)


@pytest.mark.parametrize("amount", [True, 1.5, "3"])
def test_an_amount_must_be_a_whole_number(amount: object) -> None:
    with pytest.raises(SpanError, match="whole number"):
        Span(amount, "working_days")  # type: ignore[arg-type]  # the wrong type is the point


def test_a_unit_must_be_known() -> None:
    with pytest.raises(SpanError, match="unknown unit 'weeks'"):
        Span(1, "weeks")  # type: ignore[arg-type]  # the wrong unit is the point
