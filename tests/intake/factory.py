"""Invented rows of an SP4N-LAPOR! export, and files made of them."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

HEADER = (
    "Tracking ID", "Tanggal", "Waktu", "Klasifikasi", "ID Kategori", "Kategori", "Judul", "Isi Awal", "Isi Akhir",
    "Tipe", "Sumber", "Instansi Induk", "ID Instansi Terdisposisi", "Instansi Terdisposisi", "Status",
    "Alasan Tunda/Arsip",
    "Provinsi", "Kota/Kabupaten", "Kecamatan", "Kelurahan",
)  # fmt: skip


def report(number: int, **change: Any) -> dict[str, Any]:
    """One invented report; keys of `change` write spaces as underscores."""
    row = {
        "Tracking ID": str(7_000_000 + number),
        "Tanggal": "2024-05-06",
        "Waktu": "10:15:00",
        "Klasifikasi": "Pengaduan Tidak Berkadar Pengawasan",
        "ID Kategori": "12",
        "Kategori": "Infrastruktur",
        "Judul": f"Jalan berlubang nomor {number}",
        "Isi Awal": "jln bolong",
        "Isi Akhir": f"Jalan berlubang di dekat pasar, titik {number}.",
        "Tipe": "Anonim",
        "Sumber": "Website",
        "Instansi Induk": "Pemerintah Provinsi Lampung",
        "ID Instansi Terdisposisi": "77",
        "Instansi Terdisposisi": "Dinas Sosial Provinsi Lampung",
        "Status": "Ditutup Oleh Sistem",
        "Alasan Tunda/Arsip": "",
        "Provinsi": "Lampung",
        "Kota/Kabupaten": "",
        "Kecamatan": "",
        "Kelurahan": "",
    }
    names = {key: key.replace("_", " ") for key in change}
    return row | {names[key]: value for key, value in change.items()}


def write_csv(
    path: Path,
    rows: Sequence[dict[str, Any]],
    *,
    header: Sequence[str] = HEADER,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Path:
    """Write reports as CSV. `header` names columns as the reports do."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows([row.get(name, "") for name in header] for row in rows)
    return path


def write_xlsx(
    path: Path,
    rows: Sequence[dict[str, Any]],
    *,
    header: Sequence[str] = HEADER,
    above: Sequence[str] = (),
    sheet: str = "Data",
) -> Path:
    """Write reports as XLSX with lines of title above the header; dates and times become cells of that kind."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet(sheet)
    for number, title in enumerate(above):
        page.write(number, 0, title)
    page.write_row(len(above), 0, header)
    for number, row in enumerate(rows, start=len(above) + 1):
        page.write_row(number, 0, [row.get(name, "") for name in header])
    book.close()
    return path
