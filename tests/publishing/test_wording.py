"""What a signature costs: no message is spent on its ends, and the number of the report is always said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.publishing.conftest import PUBLIC, Town

from salur.channels.counting import length
from salur.channels.platforms.instagram.adapter import COMMENT
from salur.channels.registry import PLATFORMS
from salur.channels.ways import TextLimit, Way
from salur.publishing.wording import Wording

NUMBER = "LPG-26-0000-1234-5"
LINK = f"https://lapor.lampungprov.go.id/lacak/{NUMBER}/"
SPEAKER = "Dinas Bina Marga dan Bina Konstruksi, Pemerintah Provinsi Lampung"
CLOSING = "Bila belum sesuai, cukup balas pesan ini."
BARE = f"{SPEAKER}\nLaporan {NUMBER}"
SHORT = f"{BARE}, riwayatnya: {LINK}"
FULL = f"{SHORT}\n{CLOSING}"
LIMITED = [
    (name, way) for name, one in sorted(PLATFORMS.items()) for way in one.capabilities.ways if way.limit.most < 100_000
]


def signed(text: str) -> Wording:
    return Wording(
        text, NUMBER, LINK, signature=FULL, short_signature=SHORT, bare_signature=BARE,
        ending=f"Selengkapnya: {LINK}", bare_ending=f"Laporan {NUMBER}",
    )  # fmt: skip


def comment(characters: int) -> tuple[str, ...]:
    text = ("Lubang di depan pasar sudah ditambal " * 10)[: characters - 1].rstrip() + "."
    return signed(text).on(Way("public_reply", COMMENT, public=True))


def test_a_comment_loses_its_closing_line_then_its_link_before_a_second_one_is_written() -> None:
    short, middle, long = comment(50), comment(120), comment(200)
    assert [len(one) for one in (short, middle, long)] == [1, 1, 1]
    assert short[0].endswith(FULL)
    assert middle[0].endswith(SHORT) and CLOSING not in middle[0]
    assert long[0].endswith(BARE) and LINK not in long[0]
    assert len(comment(280)) == 2, "the number is said even where it takes another message"


def test_a_single_message_is_not_cut_for_the_sake_of_its_signature() -> None:
    text = " ".join(["Sudah ditambal."] * 10)
    assert signed(text).on(Way("direct", TextLimit(300))) == (f"{text}\n\n{BARE}",)


@pytest.mark.parametrize(("name", "way"), LIMITED, ids=[f"{name}-{way.name}" for name, way in LIMITED])
@settings(max_examples=20)
@given(words=st.integers(1, 600))
def test_on_every_way_the_number_is_said_and_a_fuller_signature_costs_no_message(
    name: str, way: Way, words: int
) -> None:
    text = "Lubang ditambal. " * words
    said = signed(text).on(way)
    assert NUMBER in said[-1]
    bare = Wording(text, NUMBER, LINK, bare_signature=BARE, signature=BARE, bare_ending=NUMBER, ending=NUMBER).on(way)
    assert len(said) == len(bare)
    assert all(length(one, way.limit.counting) <= way.limit.most for one in said)


def test_what_an_officer_writes_on_a_short_way_stays_one_comment(town: Town) -> None:
    town.street.ways(Way("public_reply", COMMENT, public=True, answers=PUBLIC.answers))
    case = town.says("k1")
    found = town.sent(case, "Lubang di depan pasar sudah ditambal tadi malam oleh tim kami. " * 2)
    assert len(found.texts) == 1 and case.number in found.texts[0]
    assert CLOSING not in found.texts[0]
