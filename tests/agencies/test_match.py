"""Which agency a name in an export means."""

from dataclasses import dataclass

import pytest

from salur.agencies.match import match_agency, means_government


@dataclass(frozen=True)
class One:
    code: str
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()


AGENCIES = [
    One("dinsos", "Dinas Sosial", "Dinsos", ("sosial",)),
    One("kominfo", "Dinas Komunikasi, Informatika dan Statistik", "Diskominfotik", ("kominfo",)),
    One("pertanian", "Dinas Pertanian, Ketahanan Pangan dan Peternakan", "Dinas Pertanian", ("dinas peternakan",)),
    One("rsj", "RS Jiwa Daerah Provinsi Lampung", "RSJ"),
    One("a", "Badan Satu", "", ("kembar",)),
    One("b", "Badan Dua", "", ("kembar",)),
]
PROVINCE, REGENCY = "Pemerintah Provinsi Lampung", "Pemerintah Kabupaten Lampung Selatan"


@pytest.mark.parametrize(
    ("written", "government", "code"),
    [
        ("Dinas Sosial", REGENCY, "dinsos"),
        ("DINAS  SOSIAL KABUPATEN LAMPUNG SELATAN", REGENCY, "dinsos"),
        ("Dinas Sosial Kab. Lampung Selatan", REGENCY, "dinsos"),
        ("Dinas Sosial Lampung Selatan", REGENCY, "dinsos"),
        ("Dinas Sosial Pemkab Lampung Selatan", REGENCY, "dinsos"),
        ("Dinas Sosial Provinsi Lampung", PROVINCE, "dinsos"),
        ("Dinas Komunikasi Dan Informatika & Statistik Prov. Lampung", PROVINCE, "kominfo"),
        ("dinas peternakan", REGENCY, "pertanian"),
        ("Dinas Pertanian Kab. Lampung Selatan", REGENCY, "pertanian"),
        ("RS Jiwa Daerah", PROVINCE, "rsj"),
        ("RS Jiwa Daerah Provinsi Lampung", PROVINCE, "rsj"),
        # Another government's agency is not ours, and a name that fits two is nobody's.
        ("Dinas Sosial Provinsi Lampung", REGENCY, None),
        ("Dinas Sosial Kabupaten Lampung Selatan", PROVINCE, None),
        ("Dinas Sosial Kota Bandar Lampung", PROVINCE, None),
        ("Kembar", REGENCY, None),
        ("Dinas Sosialisasi", REGENCY, None),
        ("Kecamatan Natar", REGENCY, None),
        ("", REGENCY, None),
        ("...", REGENCY, None),
        ("Kabupaten Lampung Selatan", REGENCY, None),
    ],
)
def test_written_name(written: str, government: str, code: str | None) -> None:
    assert match_agency(written, AGENCIES, government) == code


def test_the_government_itself_is_no_agency() -> None:
    assert means_government("Pemerintah Kabupaten Lampung Selatan", REGENCY)
    assert means_government("PEMKAB Lampung Selatan", REGENCY)
    assert not means_government("Pemerintah Provinsi Lampung", REGENCY)
    assert not means_government("Dinas Sosial", REGENCY)
