"""Emergencies are raised where something happens now, with the number to call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.language.normalise import normalise
from salur.triage.alarm_words import NUMBERS, emergencies


def kinds(text: str) -> list[str]:
    return [emergency.kind for emergency in emergencies(normalise(text))]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("Tolong pak ada kebakaran di pasar Tugu, api membesar", "fire", "113"),
        ("Warga terjebak banjir di Way Dadi, ada bayi", "flood", "112"),
        ("Longsor di Liwa menutup jalan, ada warga tertimbun", "landslide", "112"),
        ("ada tawuran bawa celurit depan SMA", "violence", "110"),
        ("tetangga saya KDRT, istrinya dipukuli suami", "women_children", "129"),
        ("saya sudah tidak kuat, pengen mati", "suicide", "119 ext 8"),
        ("Kecelakaan di jalinsum, korban tergeletak", "accident", "119"),
        ("perahu terbalik di Teluk Lampung", "missing", "115"),
        ("kmrn sdh padam tapi sekarang kebakaran lagi", "fire", "113"),
    ],
)
def test_an_emergency_names_its_kind_words_and_number(text: str, kind: str, number: str) -> None:
    found = {emergency.kind: emergency for emergency in emergencies(normalise(text))}
    assert kind in found
    assert found[kind].numbers[0] == number
    assert all(words in text for words in found[kind].words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anggota dewan kebakaran jenggot",
        "banjir diskon di mal",
        "Kebakaran di pasar kemarin sudah padam, mohon bantuan",
        "Daerah kami rawan banjir",
        "Tikungan ini rawan kecelakaan, mohon rambu",
        "Jalan licin, takut ada kecelakaan",
        "tidak ada kebakaran di sini",
        "Simulasi kebakaran di kantor gubernur",
        "Jalan rusak bisa menyebabkan kecelakaan",
        "Tahun lalu longsor, jalannya belum diperbaiki",
        "Kantor pemadam kebakaran pindah ke mana?",
        "Got mampet, jalan banjir tiap hujan",
        "Pohon besar hampir longsor",
    ],
)
def test_what_is_over_feared_or_a_figure_of_speech_raises_nothing(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize("text", ["kemarin saya pengen mati", "takut, saya mau bunuh diri", "dulu pernah ingin mati"])
def test_talk_of_suicide_is_never_quieted(text: str) -> None:
    assert kinds(text) == ["suicide"]


def test_a_past_sentence_does_not_quiet_the_next() -> None:
    assert kinds("Kemarin banjir bandang. Ada kebakaran di ruko!") == ["fire"]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for emergency in emergencies(normalise(text)):
        assert emergency.numbers == NUMBERS[emergency.kind]
