"""Personal data is hidden, everything else stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.language.masking import MARK, mask_personal


@pytest.mark.parametrize(
    "secret",
    [
        "1871010101900001",
        "1871 0101 0190 0001",
        "1871.0101.0190.0001",
        "18-71-01-010190-0001",
        "081234567890",
        "0812-3456-7890",
        "0812 3456 7890",
        "+62 812 3456 7890",
        "+6281234567890",
        "6281234567890",
        "(0721) 481107",
        "0721-481107",
        "warga.contoh+lapor@surel.contoh.id",
    ],
)
def test_personal_data_is_hidden(secret: str) -> None:
    assert mask_personal(f"Hubungi {secret}, terima kasih") == f"Hubungi {MARK}, terima kasih"
    assert mask_personal(secret) == MARK


@pytest.mark.parametrize(
    "text",
    [
        "18-2611-7QK4-MXRC",
        "tanggal 01-02-2026 pukul 10.30",
        "2026-02-10 08:00",
        "Rp 1.500.000.000",
        "Rp62000000",
        "Jalan nomor 062 km 12",
        "kode pos 35141",
        "RT 003/RW 012",
        "10.000 warga @ desa",
        "",
    ],
)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert mask_personal(text) == text


@given(
    st.text(alphabet="abc .,-", max_size=40),
    st.from_regex(r"\A08[1-9][0-9]{8,9}\Z"),
    st.text(alphabet="abc .,", max_size=40),
)
def test_a_mobile_number_never_survives(before: str, phone: str, after: str) -> None:
    assert phone not in mask_personal(f"{before} {phone} {after}")


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_personal(text)
    assert mask_personal(once) == once


def test_a_long_text_is_read_in_one_go() -> None:
    began = time.monotonic()
    for sign in ("a", "1", "0 ", "a.", "@a"):
        mask_personal(sign * 100_000)
    assert time.monotonic() - began < 5
