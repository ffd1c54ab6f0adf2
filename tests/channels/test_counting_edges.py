"""Where the countings have their edges: the last light sign, the long bare link, the emoji in a text message."""

import pytest

from salur.channels.counting import length, split
from salur.channels.ways import TextLimit


@pytest.mark.parametrize(
    ("sign", "weight"),
    [
        ("\u10ff", 1), ("\u1100", 2), ("\u1fff", 2), ("\u2000", 1), ("\u200e", 2), ("\u2010", 1), ("\u201f", 1),
        ("\u2020", 2), ("\u2031", 2), ("\u2032", 1), ("\u2037", 1), ("\u2038", 2),
    ],
)  # fmt: skip
def test_the_light_signs_of_x_end_where_twitter_text_ends_them(sign: str, weight: int) -> None:
    assert length(f"a{sign}b", "x_weighted") == weight + 2


@pytest.mark.parametrize(
    ("link", "weight"),
    [
        ("salur.id", 23),
        ("lampungprov.go.id/lapor", 23),
        ("lampungprov.go.id/lapor1", 24),
        ("laporan.dinas-bina-marga.lampungprov.go.id/lacak/18-2611", 56),
        ("https://laporan.dinas-bina-marga.lampungprov.go.id/lacak/18-2611", 23),
    ],
)
def test_a_bare_link_never_counts_for_less_than_its_signs(link: str, weight: int) -> None:
    assert length(link, "x_weighted") == weight
    assert length(f"lihat {link} ya", "x_weighted") == weight + 9


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("😡" * 35, 1),
        ("😡" * 35 + "a", 2),
        ("😡" * 36, 2),
        ("😡" * 66, 2),  # 33 to a part of 67 units: the last unit is left free, no emoji is torn
        ("😡" * 67, 3),
        ("a😡" * 44, 2),
        ("道" * 70, 1),
        ("道" * 71, 2),
    ],
)
def test_an_emoji_is_two_units_of_a_text_message_and_is_never_torn(text: str, parts: int) -> None:
    assert length(text, "sms") == parts


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (f"{'a' * 10}\n\n{'b' * 8} {'c' * 9}", ("a" * 10, f"{'b' * 8} {'c' * 9}")),
        (f"{'a' * 8}\n\n{'b' * 10} {'c' * 9}", (f"{'a' * 8}\n\n{'b' * 10}", "c" * 9)),
        (f"{'a' * 9}. {'b' * 9} {'c' * 9}", (f"{'a' * 9}.", f"{'b' * 9} {'c' * 9}")),
        (f"{'a' * 8}. {'b' * 10} {'c' * 9}", (f"{'a' * 8}. {'b' * 10}", "c" * 9)),
    ],
)
def test_a_paragraph_or_sentence_ends_a_piece_only_where_it_is_half_full(text: str, pieces: tuple[str, ...]) -> None:
    assert split(text, TextLimit(20, parts=3)) == pieces
