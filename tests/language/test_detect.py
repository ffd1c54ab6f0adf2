"""The language of a text is told by its words, also in short and mixed texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.language.detect import detect

TEXTS = {
    "id": [
        "Jalan di depan kantor camat rusak parah dan belum diperbaiki",
        "min kapan lampu jalan nyala lagi, udah seminggu gelap",
        "Mohon informasi syarat pindah domisili",
        "𝗷𝗮𝗹𝗮𝗻 𝗿𝘂𝘀𝗮𝗸 𝗽𝗮𝗿𝗮𝗵",
        "jа\u200bl\u00adаn rusak, tolong pak",
        "gak ada air bersih di kampung kami 😡",
    ],
    "jv": [
        "Dalane rusak kabeh pak, wis suwe ora didandani",
        "banyune butek, piye iki kok durung ana petugas sing teka",
        "Nyuwun tulung, griya kula kebanjiran, dereng wonten bantuan",
    ],
    "su": [
        "Punten, cai ledeng teu ngocor ti kamari",
        "jalan ka sakola barudak geus ruksak pisan, iraha dibenerkeunna",
        "Runtah numpuk di sisi walungan, bauna kacida",
    ],
    "ljp": [
        "Nyak haga lapor, ranglaya di pekon sikam nayah lubang",
        "tabik pun, mawat wat petugas sai ratong mit pekon sikam",
    ],
    "en": ["The road to our school is broken and nobody came", "please help, there is no water since Monday"],
    "other": [
        "Дорога разбита и воды нет уже неделю",
        "道路が壊れています",
        "الطريق مكسور منذ أسبوع",
        "ถนนพังมาก",
        "सड़क टूटी है",
    ],
    "unknown": ["", "😀😀", "12345", "?!", "\x00\ud800"],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in TEXTS.items() for text in texts])
def test_the_language_is_told(code: str, text: str) -> None:
    found = detect(text)
    assert found.code == code
    assert (found.share > 0) == (code != "unknown")


def test_a_mixed_text_says_so() -> None:
    mixed = detect("Mohon maaf pak, jalan di desa kami rusak parah, wis suwe ora didandani, piye iki")
    assert mixed.code in ("id", "jv")
    assert mixed.share < 0.8 < detect("Mohon maaf pak, jalan di desa kami rusak parah").share


@pytest.mark.parametrize(
    "text",
    [
        "La route est cassée et il manque de la lumière depuis longtemps",
        "Die Straße vor unserem Haus ist seit Wochen kaputt, niemand kommt vorbei",
        "Cesta před naší školou je rozbitá, prosíme o opravu co nejdříve",
        "Đường trước nhà tôi bị hỏng nặng, xin sửa chữa sớm giúp chúng tôi",
        "Barabara mbele ya nyumba yetu imeharibika, tafadhali itengenezwe haraka",
    ],
)
def test_other_languages_are_not_taken_for_ours(text: str) -> None:
    assert detect(text).code in ("other", "unknown")


@given(st.text(st.characters(), max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    found = detect(text)
    assert 0 <= found.share <= 1
    assert found == detect(text)


@pytest.mark.parametrize("text", ["a" * 100_000, "jalan " * 20_000, "ﷺ" * 100_000, "д" * 100_000, "a b " * 30_000])
def test_work_is_bounded(text: str) -> None:
    began = time.perf_counter()
    detect(text)
    assert time.perf_counter() - began < 0.5
