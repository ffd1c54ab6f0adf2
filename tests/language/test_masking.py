"""Personal data is hidden, everything else stays."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.language.masking import MARK, TOKENS, find, mask, mask_identity_numbers, mask_personal

HIDDEN = {
    "NIK 1871010101900001 belum aktif": "NIK [NIK] belum aktif",
    "nik saya 1871 0141 0190 0001": "nik saya [NIK]",
    "1871.0101.0190.0001": "[NIK]",
    "1871\u200b010101900001": "[NIK]",
    "１８７１０１０１０１９００００１": "[NIK]",
    "No KK 1871010101100002 tidak terdaftar": "No KK [KK] tidak terdaftar",
    "kartu 4111111111111111": "kartu [nomor]",
    "kode 187101010190000199": "kode [nomor]",
    "hub 0812.3456.7890 ya": "hub [telepon] ya",
    "hub 0812 - 3456 - 7890": "hub [telepon]",
    "WA08123456789 saja": "WA[telepon] saja",
    "https://wa.me/6281234567890": "https://wa.me/[telepon]",
    "telp 0721-481107/0812-3456-7890": "telp [telepon]/[telepon]",
    "+62 (0)812-3456-7890": "[telepon]",
    "nol delapan satu dua tiga empat lima enam tujuh delapan": "[telepon]",
    "hp nol8 satu2 345 enam789 kapan saja": "hp [telepon] kapan saja",
    "surel warga.contoh(at)surel(dot)id": "surel [surel]",
    "motor BE 1234 XY parkir liar": "motor [plat] parkir liar",
    "B 1234 ABC dan be1234xy": "[plat] dan be1234xy",
    "truk plat be 8123 ya ugal ugalan": "truk plat be 8123 ya ugal ugalan",
    "truk plat be 8123 yb ugal ugalan": "truk plat [plat] ugal ugalan",
    "rek BRI 0123-01-000123-50-9": "rek BRI [rekening]",
    "transfer ke 1234567890 (BCA)": "transfer ke [rekening] (BCA)",
    "virtual account: 8808123412341234": "virtual account: [rekening]",
    "NPWP 09.254.294.3-407.000": "NPWP [NPWP]",
    "paspor C1234567 saya": "paspor [paspor] saya",
    "kartu BPJS 0001234567890 mati": "kartu BPJS [BPJS] mati",
    "id pelanggan 512345678901 padam": "id pelanggan [pelanggan] padam",
    "buka https://contoh.id/atur?token=abc123 cepat": "buka [tautan] cepat",
    "nama saya Budi Santoso, warga Natar": "nama saya [nama], warga Natar",
    "nama saya budi santoso dari natar": "nama saya [nama] dari natar",
    "NAMA SAYA BUDI SANTOSO WARGA NATAR": "NAMA SAYA [nama] WARGA NATAR",
    "a.n. Siti Aminah": "a.n. [nama]",
    "sertifikat atas nama Joko Purwadi hilang": "sertifikat atas nama [nama] hilang",
    "Pak Budi ketua panitia": "Pak [nama] ketua panitia",
    "bu siti tetangga kami": "bu [nama] tetangga kami",
    "saya Rina dari Metro": "saya [nama] dari Metro",
    "anak saya Dimas dipukul": "anak saya [nama] dipukul",
    "bantuan atas nama dedi darmadi belum cair": "bantuan atas nama [nama] belum cair",
    "anak bernama Angela putri Setiawan": "anak bernama [nama]",
    "Haji Umar menolak": "Haji [nama] menolak",
    "BE1234XY melanggar": "[plat] melanggar",
    "Hormat saya,\nJoko Purwadi": "Hormat saya,\n[nama]",
    "anak saya (7 th) mengidap leukemia sejak lahir": "anak saya ([usia]) mengidap [kesehatan] sejak lahir",
    "cucu saya umur 3 tahun stunting": "cucu saya [usia] [kesehatan]",
    "istri saya hamil 7 bulan ditolak puskesmas": "istri saya [kesehatan] ditolak puskesmas",
    "saya penderita TBC": "saya penderita [kesehatan]",
    "lahir di Metro, 12-05-1990": "lahir di Metro, [lahir]",
    "alamat saya Jl. Melati No. 12 RT 03/RW 02 Natar": "alamat saya Jl. Melati [alamat] RT 03/RW 02 Natar",
    "depan rumah saya blok C3 no 7 gelap": "depan rumah saya [alamat] [alamat] gelap",
}  # fmt: skip

STAYS = (
    "18-2611-7QK4-MXRC",
    "laporan 18-2611-8B79-EMW5 belum dijawab",
    "laporan 1871-2611-2345-678A",
    "rekening laporan 1871-2611-7QK4-MXRC",
    "tanggal 01-02-2026 pukul 10.30",
    "01-02-2026 10-02-2026",
    "tahun 2024 2025 2026 2027",
    "2026-02-10 08:00",
    "Rp 1.500.000.000",
    "Rp62000000",
    "anggaran Rp 62.500.000.000",
    "62.500.000.000 rupiah",
    "APBN 3.000.000.000.000.000",
    "BRI 01-02-2026",
    "Jalan nomor 062 km 12",
    "ruas nomor 012 sampai km 5 B",
    "kode pos 35141",
    "RT 003/RW 012",
    "Pasal 27 ayat (3) UU 11 Tahun 2008",
    "Perpres 76 Tahun 2013",
    "10.000 warga @ desa",
    "SMAN 2 KH Ahmad, kelas B 12 C",
    "D 3 A",
    "Pak Gubernur, tolong",
    "Bu Camat dan Pak RT",
    "Pak Bupati Lampung Selatan",
    "Bapak Ibu sekalian",
    "pak tolong jalan kami rusak",
    "Ibu Kota provinsi",
    "diratakan pak. Bahkan hilang",
    "Bapak Ibu Pimpinan dan Pak Tim",
    "Pak Kakam dan Bapak Inspektur",
    "petugas P2TL dan P3SRS",
    "Haji Pemanggilan Anak Tuha",
    "sertifikat atas nama pihak lain",
    "mau ganti nama istri jd kepala keluarga",
    "tidak bisa menyebut nama anaknya, baju biru",
    "ibu hamil ditolak puskesmas",
    "Jl. Pak Budi Natar",
    "Jalan Haji Agus Salim",
    "masjid Haji Umar",
    "atas nama warga Natar kami mohon",
    "a.n. Kepala Dinas",
    "nama saya tidak ada di daftar bansos",
    "nama saya dicoret dari DTSEN",
    "saya warga Natar",
    "Saya Mohon jalan diperbaiki",
    "di desa kami banyak DBD",
    "anak saya sakit diare karena air kotor",
    "anak saya 3 bulan belum dapat KIA",
    "Jl. Melati No. 12 berlubang",
    "https://contoh.id/berita?id=12",
    "lampu mati sejak nol derajat",
    "",
)


@pytest.mark.parametrize(("text", "masked"), HIDDEN.items())
def test_each_kind_is_replaced_by_its_name(text: str, masked: str) -> None:
    assert mask(text) == masked


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


@pytest.mark.parametrize("text", STAYS)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert mask(text) == text
    assert mask_personal(text) == text
    assert find(text) == ()


def test_what_an_office_says_keeps_its_contacts() -> None:
    text = "NIK 1871010101900001: hubungi Pak Budi, 0721-481107"
    assert mask_identity_numbers(text) == f"NIK {MARK}: hubungi Pak Budi, 0721-481107"


def test_spans_name_the_place_in_the_original() -> None:
    text = "nama saya Budi Santoso, hp 081234567890, rek BRI 012301000123509"
    found = [(span.kind, text[span.start : span.end]) for span in find(text)]
    assert found == [("name", "Budi Santoso"), ("phone", "081234567890"), ("account", "012301000123509")]


_PIECES = st.sampled_from(
    [
        "nama saya", "Budi", "Santoso", "pak", "a.n.", "rek", "BRI", "NIK", "KK", "081234567890", "1871010101900001",
        "1871", "0101", "0190", "0001", "0812", "-", ".", " ", "\n", "anak saya", "(7 th)", "umur 5", "hamil", "no. 12",
        "rumah saya", "BE 1234 XY", "12345678", "[nama]", "[rekening]", "nol", "delapan", "satu", "dua", "tiga",
        "a@b.id", "18-2611-7QK4-MXRC", "Rp", "2026", "01-02-2026", "62", "+62", "8", ",", "(", ")", "https://a.id/?token=x",
        "lahir",
    ]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=14).map(" ".join), st.lists(_PIECES).map("".join))


@given(_TEXTS)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once) == once
    assert find(once) == ()
    marked = mask_personal(text)
    assert mask_personal(marked) == marked


@given(_TEXTS)
def test_outside_the_spans_nothing_changes(text: str) -> None:
    pieces, done = [], 0
    for span in find(text):
        assert done <= span.start < span.end
        pieces += (text[done : span.start], TOKENS[span.kind])
        done = span.end
    assert "".join((*pieces, text[done:])) == mask(text)


@given(_TEXTS)
def test_no_number_of_sixteen_digits_survives(text: str) -> None:
    assert not re.search(r"\d{16}", mask(text))


@given(
    st.from_regex(r"\A(1[1-9]|3[1-6]|7[1-6])[0-9]{4}(0[1-9]|[12][0-9]|4[1-9])(0[1-9]|1[0-2])[0-9]{6}\Z"),
    st.sampled_from(" .-"),
)
def test_a_nik_never_survives(nik: str, sign: str) -> None:
    spaced = sign.join(nik[place : place + 4] for place in range(0, 16, 4))
    assert mask(f"KTP saya {nik} ya") == "KTP saya [NIK] ya"
    assert mask(f"KTP saya {spaced} ya") == "KTP saya [NIK] ya"


@given(
    st.text(alphabet="abc .,-", max_size=40),
    st.from_regex(r"\A08[1-9][0-9]{8,9}\Z"),
    st.text(alphabet="abc .,", max_size=40),
)
def test_a_mobile_number_never_survives(before: str, phone: str, after: str) -> None:
    assert phone not in mask(f"{before} {phone} {after}")


@given(st.from_regex(r"\A18-26(0[1-9]|1[0-2])-[2-9A-HJ-NP-Z]{4}-[A-HJ-NP-Z][2-9A-HJ-NP-Z]{3}\Z"))
def test_a_case_number_always_survives(number: str) -> None:
    assert mask(f"laporan {number} pak") == f"laporan {number} pak"


@pytest.mark.parametrize(
    "sign", ["a", "1", "0 ", "a.", "@a", "rek ", "0812", "Pak Budi ", "nol ", "anak saya ", "BE 1"]
)
def test_a_long_text_is_read_in_one_go(sign: str) -> None:
    began = time.monotonic()
    mask((sign * 100_000)[:100_000])
    assert time.monotonic() - began < 5
