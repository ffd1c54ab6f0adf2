"""Counting as the platforms count, and cutting between words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.channels.counting import graphemes, has_link, length, shorten, split
from salur.channels.ways import Counting, TextLimit

WORDS = st.lists(
    st.one_of(
        st.text("abcdefghijklmnopqrstuvwxyz.,€[]", min_size=1, max_size=12),
        st.sampled_from(
            ["👨‍👩‍👧", "🇮🇩", "道路", "é", "e\u0301", "https://salur.test/lacak/LPG-26-7/", "Rp2.000", "salur.id"]
        ),
    ),
    min_size=1,
    max_size=120,
)
GAPS = st.sampled_from([" ", "\n", "\n\n"])
LIMITS = st.sampled_from(
    [
        TextLimit(40, parts=2), TextLimit(60, "utf16", 3), TextLimit(80, "bytes", 4), TextLimit(60, "x_weighted", 3),
        TextLimit(1, "sms", 2), TextLimit(2, "sms", 3), TextLimit(40, parts=200),
    ]
)  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Words with blanks, line ends and empty lines between them."""
    return "".join(one + draw(GAPS) for one in draw(WORDS)).strip()


@pytest.mark.parametrize(
    ("text", "counting", "wanted"),
    [
        ("jalan", "characters", 5),
        ("👨‍👩‍👧", "utf16", 8),
        ("é道", "bytes", 5),
        ("jalan rusak", "x_weighted", 11),
        ("道路", "x_weighted", 4),
        ("👨‍👩‍👧", "x_weighted", 2),
        ("1️⃣ 🇮🇩", "x_weighted", 5),
        ("e\u0301", "x_weighted", 1),
        ("‘kutip’ — tanda", "x_weighted", 15),
        ("lihat https://salur.lampungprov.go.id/lacak/LPG-26-0000-1234-5/.", "x_weighted", 6 + 23 + 1),
        ("salur.id", "x_weighted", 23),
        ("a" * 160, "sms", 1),
        ("a" * 161, "sms", 2),
        ("a" * 306, "sms", 2),
        ("a" * 307, "sms", 3),
        ("€" * 80, "sms", 1),
        ("€" * 81, "sms", 2),
        ("a" + "€" * 153, "sms", 3),
        ("é" * 160, "sms", 1),
        ("’" + "a" * 69, "sms", 1),
        ("’" + "a" * 70, "sms", 2),
        ("道" * 135, "sms", 3),
        ("", "sms", 1),
    ],
)
def test_each_platform_counts_in_its_own_way(text: str, counting: Counting, wanted: int) -> None:
    assert length(text, counting) == wanted


def test_graphemes_stay_whole() -> None:
    assert graphemes("a👨‍👩‍👧e\u0301🇮🇩🇲🇾1️⃣👍🏽") == ["a", "👨‍👩‍👧", "e\u0301", "🇮🇩", "🇲🇾", "1️⃣", "👍🏽"]


@given(texts(), LIMITS)
def test_every_piece_fits_and_there_are_never_too_many(text: str, limit: TextLimit) -> None:
    pieces = split(text, limit, "lanjutannya: https://salur.test/lacak/LPG-26-7/")
    assert 1 <= len(pieces) <= limit.parts
    assert all(piece and length(piece, limit.counting) <= limit.most for piece in pieces)


@given(texts(), LIMITS)
def test_words_keep_their_order_and_none_is_lost_where_the_parts_suffice(text: str, limit: TextLimit) -> None:
    pieces = split(text, limit)
    said = [word for piece in pieces for word in piece.split()]
    if "…" not in pieces[-1] and not pieces[-1].endswith("..."):
        assert "".join(said) == "".join(text.split())
    enough = split(text, TextLimit(limit.most, limit.counting, 10_000))
    if len(enough) <= limit.parts:
        assert "".join("".join(enough).split()) == "".join("".join(pieces).split())
    whole = text.split()
    if all(length(word, limit.counting) <= limit.most for word in whole):
        assert [word for piece in enough for word in piece.split()] == whole


@given(texts(), LIMITS)
def test_a_shortened_text_is_a_beginning_of_whole_words_with_the_ending(text: str, limit: TextLimit) -> None:
    ending = "lihat salur.test/x"
    short = shorten(text, limit, ending)
    assert length(short, limit.counting) <= limit.most
    if short != text.strip():
        assert short.endswith(ending)
        begun = short.removesuffix(ending).rstrip().rstrip("….").split()
        assert [one.rstrip(".") for one in begun[:-1]] == [one.rstrip(".") for one in text.split()[: len(begun[:-1])]]


def test_paragraphs_are_preferred_and_sentences_next() -> None:
    text = "Satu dua tiga empat.\n\nLima enam tujuh lagi. Delapan sembilan sepuluh sebelas."
    assert split(text, TextLimit(37, parts=4)) == (
        "Satu dua tiga empat.",
        "Lima enam tujuh lagi.",
        "Delapan sembilan sepuluh sebelas.",
    )


def test_a_paragraph_costs_no_part_that_is_needed() -> None:
    text = "aaaa aaaa aaaa\n\nbbbb bbbb bbbb bbbb bbbb"
    assert split(text, TextLimit(20, parts=2)) == ("aaaa aaaa aaaa\n\nbbbb", "bbbb bbbb bbbb bbbb")


def test_a_word_longer_than_a_piece_is_cut_between_graphemes() -> None:
    assert split("👨‍👩‍👧" * 3, TextLimit(11, parts=9)) == ("👨‍👩‍👧👨‍👩‍👧", "👨‍👩‍👧")


def test_what_does_not_fit_is_left_out_and_the_link_stands_for_it() -> None:
    short = split("kata " * 60, TextLimit(60), "Lengkapnya: https://s.test/1")
    assert short == ("kata kata kata kata kata kata… Lengkapnya: https://s.test/1",)


def test_a_text_message_is_shortened_without_leaving_its_alphabet() -> None:
    short = shorten("kata " * 60, TextLimit(1, "sms"))
    assert short.endswith("kata...") and length(short, "sms") == 1 and len(short) <= 160


def test_links_are_seen_as_a_platform_sees_them() -> None:
    assert has_link("lihat https://salur.test/x") and has_link("lihat lampungprov.go.id/x")
    assert not has_link("Jl. Ahmad Yani No. 5, pukul 07.30")
