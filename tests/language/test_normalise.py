"""A text is read word by word; the original and the place of every word are kept."""

import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.language.fold import EMOJI_WORDS
from salur.language.normalise import MAX_CHARACTERS, MAX_TOKENS, normalise
from salur.language.tongues import LOCAL_WORDS
from salur.language.words import SHORT_FORMS


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
        ("ᵖᵃʳᵃʰ ʀᴜꜱᴀᴋ", "parah rusak"),
        ("⒥⒜⒧⒜⒩ 🄹🄰🄻🄰🄽 ⓙⓐⓛⓐⓝ", "jalan jalan jalan"),
        ("🇸🇱🇴🇹 merdeka🇮🇩 🇮🇩🇮🇩", "slot merdeka"),
        ("s l o t  g a c o r hari ini", "slot gacor hari ini"),
        ("g.a.c.o.r", "gacor"),
        ("g@cor s*l*o*t", "gacor slot"),
        ("g4c0r m4xw1n sl0t88 b4nj1r", "gacor maxwin slot88 banjir"),
        ("RT03 km12 SP4N P2TP2A H1N1 sma2 3kg BE 1234 XY", "rt03 km12 sp4n p2tp2a h1n1 sma2 3kg be 1234 xy"),
        ("PT. A. B.", "pt a b"),
        ("anak² jalan-jalan org2 org2nya", "anak jalan orang orgnya"),
        ("2-2 a-a", "2 2 a a"),
        ("benerin dibersihin angin miskin kemarin", "benarkan dibersihkan angin miskin kemarin"),
        ("lampunyalah airx bukanx Denny", "lampunyalah airx bukannya denny"),
        ("🙏🙏 🙏🏻 🔥", "emojimohon emojiapi"),
        ("dalane rusak kabeh, banyune mambu", "jalan rusak semua airnya bau"),
        ("cai teu ngocor kumaha ieu", "air tidak ngocor bagaimana ini"),
        ("nyak lapor ranglaya nayah lubang", "saya lapor jalan banyak lubang"),
        ("Way Halim, Enggal, Karang Anyar, kali", "way halim enggal karang anyar kali"),
        ("km 12, 30 cm, item", "km 12 30 cm item"),
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


FORTY = """
jalan rusak; dalan rusak; jalan ruksak; ranglaya cadang;
the road is broken; la route est cassée;
die Straße ist kaputt; дорога разбита; дорога зламана;
пътят е счупен; ο δρόμος χάλασε; 道路が壊れています; 路坏了; 路壞了;
도로가 파손되었습니다; đường bị hỏng; ถนนพัง; လမ်းပျက်နေသည်;
ផ្លូវខូច; ທາງເພ; सड़क टूटी है; রাস্তা ভাঙা;
சாலை சேதமடைந்தது; రోడ్డు పాడైంది; ರಸ್ತೆ ಹಾಳಾಗಿದೆ;
റോഡ് തകർന്നു; රෝඩ් කැඩිලා; الطريق مكسور; سڑک ٹوٹی ہے;
جاده خراب است; הכביש שבור; መንገዱ ተበላሽቷል;
გზა დაზიანებულია; ճանապարհը վնասված է; yol bozuk;
droga jest zepsuta; cesta je rozbitá; az út rossz;
barabara imeharibika; ang kalsada ay sira;
jalan raya rosak; vegurinn er ónýtur; ᠵᠠᠮ ᠡᠪᠳᠡᠷᠡᠭᠰᠡᠨ
"""


@pytest.mark.parametrize("text", [text.strip() for text in FORTY.split(";")])
def test_forty_languages_are_read_word_by_word(text: str) -> None:
    found = normalise(text)
    assert found.tokens
    assert normalise(found.text).text == found.text
    for token in found.tokens:
        assert not set(text[token.start : token.end]) & set(" \n")


_PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [*SHORT_FORMS, *LOCAL_WORDS, *EMOJI_WORDS, "a", "g", "l", "ccc", "jalan2", "sl0t", "-", ".", "  "]
        ),
        st.text(st.characters(), max_size=6),
    ),
    max_size=14,
)


@given(st.one_of(_PIECES.map(" ".join), _PIECES.map("".join), st.text(st.characters(), max_size=300)))
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@pytest.mark.parametrize("table", [SHORT_FORMS, LOCAL_WORDS])
def test_a_meaning_needs_no_second_look(table: Mapping[str, str]) -> None:
    assert {word: normalise(word).text for word in table.values()} == {word: word for word in table.values()}


def test_enough_short_forms_are_known() -> None:
    assert len(SHORT_FORMS) > 900
    assert len(LOCAL_WORDS) > 500
    assert not set(SHORT_FORMS) & set(LOCAL_WORDS)


def test_words_that_tell_places_are_read_as_they_are() -> None:
    words = (
        "provinsi kabupaten kota kecamatan kelurahan desa pekon tiyuh way gang simpang pasar haji mas mbak di ke dari"
    )
    assert normalise(words).text == words


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


@pytest.mark.parametrize(
    "name", ["sd", "smp", "sma", "smk", "slb", "paud", "mts", "pln", "pdam", "ktp", "kk", "rt", "rw", "hayam wuruk"]
)
def test_names_of_schools_offices_and_streets_are_no_short_forms(name: str) -> None:
    assert normalise(name.upper()).text == name
