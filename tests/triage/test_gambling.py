"""Advertisements of gambling are told by their make; citizens' texts, also those against gambling, are left alone."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.language.normalise import normalise
from salur.triage.corpus_file import examples
from salur.triage.gambling import gambling

ADVERTISED = [
    "Berkat 𝐓𝐀𝐏𝐈𝐒𝟕𝟕 hidup saya berubah",
    "Keren acaranya! 𝘛𝘈PIS𝟴𝟴 juga keren",
    "Terima kasih pak bupati, jalan mulus seperti rezeki di 𝗧𝗔𝗣𝗜𝗦𝟳𝟳",
    "cuma di ✨ T A P I S 7 7 ✨ bikin senang",
    "T.A.P.I.S.B.E.T gampang menang",
    "🔥TAPIS88🔥 paling oke",
    "sl0t g4c0r anti rungkad",
    "maxwin terus tiap malam",
    "main di ТAPIS77 cair terus",  # the first letter is Cyrillic
    "TAPIS⭐77⭐ memang beda",
]
CITIZENS = [
    "",
    "Mohon lampu jalan di RT03 RW07 Kelurahan Kedaton diperbaiki",
    "SDN12 Metro atapnya bocor, anak2 kepanasan",
    "Tolong berantas judi slot di warung dekat sekolah, meresahkan warga",
    "Anak saya kecanduan slot gacor, mohon situsnya diblokir",
    "Slot parkir di RSUD selalu penuh",
    "Jalan depan blok C12 no 77 rusak parah",
    "Vaksin covid19 di puskesmas kapan ada lagi?",
    "Selamat HUT RI ke-79, dirgahayu Indonesia",
    "قُلْ هُوَ اللَّهُ أَحَدٌ",
    "Это видео хорошее",
    "@tapis88 tolong cek jalan ini",
    "Pajak motor BE1234AB kena denda dua kali",
]


@pytest.mark.parametrize("text", ADVERTISED)
def test_an_advertisement_is_found_and_says_why(text: str) -> None:
    read = gambling(normalise(text))
    assert read.p >= 0.5
    assert all(sign.evidence in text for sign in read.signs)


@pytest.mark.parametrize("text", CITIZENS)
def test_what_citizens_write_is_left_alone(text: str) -> None:
    assert gambling(normalise(text)).p < 0.5


def test_a_whole_text_in_a_fancy_font_is_a_matter_of_taste() -> None:
    plain = "jalan desa kami rusak parah tolong segera diperbaiki ya bapak"
    bold = "".join(chr(0x1D41A + ord(letter) - ord("a")) if letter.isalpha() else letter for letter in plain)
    assert gambling(normalise(bold)).p < 0.5


def test_the_seed_corpus_of_citizens_raises_almost_no_false_alarm() -> None:
    citizens = [one.text for one in examples() if one.kind != "spam"]
    alarms = [text for text in citizens if gambling(normalise(text)).p >= 0.5]
    assert len(alarms) <= 0.002 * len(citizens), alarms


@given(st.text(max_size=300))
def test_any_text_has_a_probability(text: str) -> None:
    read = gambling(normalise(text))
    assert 0.0 <= read.p <= 1.0
    assert read == gambling(normalise(text))


@settings(max_examples=20)
@given(st.sampled_from(["a b ", "【", "🔥A", "x.", "a1", "𝐀 "]))
def test_long_hostile_texts_stay_quick(piece: str) -> None:
    words = normalise(piece * (100_000 // len(piece)))
    began = time.perf_counter()
    gambling(words)
    assert time.perf_counter() - began < 1.0
