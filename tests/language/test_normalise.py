"""A text is read word by word; the original and the place of every word are kept."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.language.normalise import MAX_CHARACTERS, MAX_TOKENS, normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Jl. Melati rusak", "jalan melati rusak"),
        ("jln yg di kec. Natar blm diperbaiki", "jalan yang di kecamatan natar belum diperbaiki"),
        ("TOLOOOONG pak", "tolong bapak"),
        ("rusakkk", "rusak"),
        ("gak ada air", "tidak ada air"),
        ("jalan2 kota", "jalan kota"),
        ("RT/RW 03/02", "rt rw 03 02"),
        ("𝗷𝗮𝗹𝗮𝗻 𝓻𝓾𝓼𝓪𝓴", "jalan rusak"),
        ("🅹🅰🅻🅰🅽", "jalan"),
        ("ｊａｌａｎ", "jalan"),
        ("jа\u200bl\u00adаn", "jalan"),  # Cyrillic letters, an invisible blank, a soft hyphen
        ("jalán", "jalan"),
        ("Sukoharjo III", "sukoharjo iii"),
        ("air😀mati", "air mati"),
        ("😀😀", ""),
        ("\x00\ud800", ""),
        ("", ""),
    ],
)
def test_words_are_read_as_people_mean_them(written: str, read: str) -> None:
    assert normalise(written).text == read


def test_the_original_and_each_place_are_kept() -> None:
    text = "Mohon 𝗷𝗮𝗹𝗮𝗻nya, jln. Mawar!"
    found = normalise(text)
    assert found.original == text
    assert [text[token.start : token.end] for token in found.tokens] == ["Mohon", "𝗷𝗮𝗹𝗮𝗻nya", "jln", "Mawar"]
    assert found.tokens[1].bare == "jalan"
    assert found.quote(1, 3) == "𝗷𝗮𝗹𝗮𝗻nya, jln"


def test_a_character_that_grows_keeps_its_place() -> None:
    text = "x ﷺ jalan"
    assert [text[token.start : token.end] for token in normalise(text).tokens][-1] == "jalan"


def test_long_texts_are_cut_and_say_so() -> None:
    found = normalise("air " * 50_000)
    assert found.truncated
    assert len(found.tokens) == MAX_TOKENS
    assert not normalise("air mati").truncated
    assert normalise("a" * 100_000).tokens == ()


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "ﷺ" * 100_000, "\ud800\x00" * 50_000, "😀" * 100_000, "e\u0301" * 50_000]
)
def test_work_is_bounded(text: str) -> None:
    start = time.perf_counter()
    normalise(text)
    assert time.perf_counter() - start < 2


@given(st.text(st.characters(), max_size=400))
def test_places_are_in_order_and_inside_the_text(text: str) -> None:
    found = normalise(text)
    assert found.original == text
    ends = [0]
    for token in found.tokens:
        assert token.text and token.bare
        assert ends[-1] <= token.end <= min(len(text), MAX_CHARACTERS)
        assert token.start < token.end
        ends.append(token.end)


@given(st.text(st.sampled_from("abijkmnoprstuy 🙂.,\n"), max_size=200))
def test_case_does_not_matter(text: str) -> None:
    assert normalise(text.upper()).text == normalise(text).text
