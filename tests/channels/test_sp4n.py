"""Rows of an SP4N-LAPOR! export, and the ways a date is written in them."""

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.channels.platforms.sp4n.moment import moment
from salur.channels.ports import AccountView, Raw, Unreadable
from salur.channels.registry import platform

ACCOUNT = AccountView(1, "sp4n", "lapor")
WIB = timezone(timedelta(hours=7))
ROW: dict[str, Any] = {
    "Tracking ID": 1234567.0,
    "Tanggal": "2024-05-06",
    "Waktu": "10:15",
    "Klasifikasi": "Pengaduan Tidak Berkadar Pengawasan",
    "ID Kategori": 12,
    "Kategori": "Infrastruktur",
    "Judul": "Jalan rusak",
    "Isi Awal": "jln rusak bgt",
    "Isi Akhir": "Jalan rusak berat",
    "Tipe": "Anonim|Rahasia",
    "Sumber": "Website",
    "Instansi Induk": "Pemerintah Provinsi Lampung",
    "ID Instansi Terdisposisi": "77",
    "Instansi Terdisposisi": "Dinas Bina Marga",
    "Status": "Ditutup oleh Sistem",
    "Alasan Tunda/Arsip": "-",
    "Provinsi": "Lampung",
    "Kota/Kabupaten": "Pesawaran",
    "Kecamatan": "Gedong Tataan",
    "Kelurahan": None,
}


def platform_row(change: dict[str, Any]) -> Any:
    found = platform("sp4n").parse(ACCOUNT, Raw("x", json.dumps({**ROW, **change}).encode(), "application/json"))
    assert isinstance(found, list)
    return found[0].extra


def read(**change: Any) -> Any:
    body = json.dumps({**ROW, **{k.replace("_", " "): v for k, v in change.items()}}).encode()
    found = platform("sp4n").parse(ACCOUNT, Raw("x", body, "application/json"))
    assert isinstance(found, list)
    return found[0]


def test_whole_row() -> None:
    said = read()
    assert (said.external_id, said.text, said.subject) == ("1234567", "Jalan rusak berat", "Jalan rusak")
    assert said.spoken_at == datetime(2024, 5, 6, 10, 15, tzinfo=WIB)
    assert said.sender_address == ""
    assert said.extra == {
        "classification": "Pengaduan Tidak Berkadar Pengawasan",
        "kind": "complaint",
        "category_id": "12",
        "category": "Infrastruktur",
        "original_text": "jln rusak bgt",
        "source": "Website",
        "parent_agency": "Pemerintah Provinsi Lampung",
        "agency_id": "77",
        "agency_name": "Dinas Bina Marga",
        "status": "Ditutup oleh Sistem",
        "hold_reason": "",
        "province": "Lampung",
        "regency": "Pesawaran",
        "district": "Gedong Tataan",
        "village": "",
        "anonymous": True,
        "confidential": True,
        "status_known": True,
        "history": {
            "stage": "closed",
            "closed_by": "system",
            "outcome": "silence",
            "reason": "Ditutup oleh Sistem",
            "note": "SP4N-LAPOR! Status: Ditutup oleh Sistem; Instansi Terdisposisi: Dinas Bina Marga",
        },
    }


@pytest.mark.parametrize(
    ("status", "past"),
    [
        ("Belum Terverifikasi", ("new", "", "")),
        ("Menunggu Kelengkapan Informasi", ("held", "", "")),
        ("Belum Ditindaklanjuti", ("referred", "", "")),
        ("Proses", ("followed_up", "", "")),
        ("DITUTUP  OLEH ADMIN", ("closed", "officer", "answered")),
        ("Ditutup Oleh Pelapor", ("closed", "citizen", "completed")),
        ("Diarsipkan Oleh Sistem", ("closed", "system", "archived")),
        ("Diarsipkan Oleh Pelapor", ("closed", "citizen", "archived")),
        ("Konten Terblokir", ("closed", "officer", "archived")),
        ("Entah", ("referred", "", "")),
        (None, ("referred", "", "")),
    ],
)
def test_status_tells_the_past(status: str | None, past: tuple[str, str, str]) -> None:
    told = read(Status=status).extra["history"]
    assert (told["stage"], told["closed_by"], told["outcome"]) == past


def test_reason_of_the_archive_and_an_unknown_status_are_kept() -> None:
    told = platform_row({"Status": "Diarsipkan Oleh Admin", "Alasan Tunda/Arsip": "Bukan kewenangan"})
    assert told["history"]["reason"] == "Bukan kewenangan"
    assert "Alasan Tunda/Arsip: Bukan kewenangan" in told["history"]["note"]
    odd = platform_row({"Status": "Entah", "Instansi Terdisposisi": "Tidak Diketahui"})
    assert (odd["status_known"], odd["agency_name"], odd["history"]["note"]) == (False, "", "SP4N-LAPOR! Status: Entah")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Pengaduan Berkadar Pengawasan", "supervisory_complaint"),
        ("PERMINTAAN  INFORMASI", "information_request"),
        ("Aspirasi", "aspiration"),
        ("", None),
        ("Lain", None),
    ],
)
def test_kind(written: str, kind: str | None) -> None:
    assert read(Klasifikasi=written).extra["kind"] == kind


@pytest.mark.parametrize(
    ("written", "anonymous", "confidential"),
    [
        ("Anonim", True, False),
        ("rahasia", False, True),
        ("Rahasia | Anonim", True, True),
        ("", False, False),
        (None, False, False),
    ],
)
def test_two_flags(written: str | None, anonymous: bool, confidential: bool) -> None:
    extra = read(Tipe=written).extra
    assert (extra["anonymous"], extra["confidential"]) == (anonymous, confidential)


def test_text_falls_back_to_the_first_words_then_the_title() -> None:
    assert read(Isi_Akhir=" ").text == "jln rusak bgt"
    assert read(Isi_Akhir=None, Isi_Awal="-").text == "Jalan rusak"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"Tracking_ID": None}, "column 'Tracking ID' is empty"),
        ({"Tracking_ID": "x" * 300}, "column 'Tracking ID' holds 300"),
        ({"Isi_Akhir": "", "Isi_Awal": "", "Judul": ""}, "'Isi Akhir', 'Isi Awal' and 'Judul' are all empty"),
        ({"Tanggal": ""}, "column 'Tanggal' is empty"),
        ({"Tanggal": "05/16/2024"}, "column 'Tanggal': '05/16/2024' is no date"),
        ({"Tanggal": "30 Februari 2024"}, "'30 Februari 2024' is no date"),
        ({"Tanggal": "6 Mai 2024"}, "'6 Mai 2024' is no date"),
        ({"Tanggal": "2024"}, "'2024' is no date"),
        ({"Tanggal": "0001-01-01T00:00:00+14:00", "Waktu": ""}, "is no date"),
        ({"Waktu": "25:00"}, "column 'Waktu': '25:00' is no time"),
        ({"Waktu": "sore"}, "column 'Waktu': 'sore' is no time"),
        ({"Tipe": "Publikk"}, "column 'Tipe': 'Publikk'"),
        ({"Judul": {"a": 1}}, "column 'Judul' holds no single value"),
    ],
)
def test_wrong_cell_is_named_with_its_value(change: dict[str, Any], told: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(**change)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2024-05-06", "14:05"),
        ("06/05/2024", "14.05"),
        ("6-5-2024", "14:05:00 WIB"),
        ("6 Mei 2024", "pukul 14.05"),
        ("Senin, 06 mei 2024", "14:05 wib"),
        ("6 May 2024, 14:05", None),
        ("06.05.2024 14:05", ""),
        ("2024-05-06T14:05:00", None),
        ("2024-05-06 14:05:00", "-"),
        ("2024-05-06T07:05:00Z", None),
        ("2024-05-06T14:05:00+07:00", ""),
        ("2024-05-06 00:00:00", "14:05:00"),
        ("2024-05-06T00:00:00", "1899-12-31T14:05:00"),
        (45418, 0.5868055555555556),
        (45418.5868055555555556, None),
        ("45418", "14:05"),
    ],
)
def test_moment_in_all_its_spellings(day: Any, clock: Any) -> None:
    assert moment(day, clock) == datetime(2024, 5, 6, 14, 5, tzinfo=WIB)


def test_without_a_time_the_day_begins() -> None:
    assert moment("29 Februari 2024", None) == datetime(2024, 2, 29, tzinfo=WIB)
    assert moment(45418, 0) == datetime(2024, 5, 6, tzinfo=WIB)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(0, 23), st.integers(0, 59))
def test_every_day_reads_the_same_in_four_spellings(day: date, hour: int, minute: int) -> None:
    serial = (day - date(1899, 12, 30)).days
    spelled = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"][day.month - 1]
    forms = [day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day} {spelled} {day.year}", serial]
    expected = datetime(day.year, day.month, day.day, hour, minute, tzinfo=WIB)
    assert {moment(form, f"{hour:02}:{minute:02}") for form in forms} == {expected}
    assert moment(serial, (hour * 60 + minute) / 1440) == expected


@given(st.text(max_size=30) | st.floats() | st.integers(), st.text(max_size=12) | st.floats(0, 1) | st.none())
def test_any_cells_are_a_moment_or_unreadable(day: Any, clock: Any) -> None:
    try:
        assert moment(day, clock).tzinfo is not None
    except Unreadable as error:
        assert "column 'Tanggal'" in str(error) or "column 'Waktu'" in str(error)
