"""Templates with places to fill."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.sop.wording import WordingError, fill, placeholders, stray_braces


def test_places_in_order_and_once() -> None:
    assert placeholders("Laporan {number} oleh {agency}, {number}") == ("number", "agency")


@pytest.mark.parametrize(("text", "stray"), [("{a}", False), ("{a", True), ("a}", True), ("{{a}}", True), ("a", False)])
def test_stray_braces(text: str, stray: bool) -> None:
    assert stray_braces(text) is stray


def test_missing_values_are_named() -> None:
    with pytest.raises(WordingError, match="no value for agency, due"):
        fill("{number} {agency} {due}", {"number": "A-1"})


def test_no_way_into_objects() -> None:
    assert placeholders("{number.__class__}") == ("number.__class__",)
    with pytest.raises(WordingError):
        fill("{number.__class__}", {"number": "A-1"})


@given(st.text(max_size=30))
def test_values_are_never_read_as_places(value: str) -> None:
    assert fill("<{answer}>", {"answer": value, "number": "A-1"}) == f"<{value}>"
