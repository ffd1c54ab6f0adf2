"""Files as people and programs save them, read as rows under the names of the export."""

import re
import tempfile
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.intake.factory import HEADER, report, write_csv, write_xlsx

from salur.intake.export_file import Row, read_export
from salur.intake.export_source import ExportProblem

SNAKE = {
    "Tracking ID": "tracking_id", "Tanggal": "tanggal_masuk", "Waktu": "waktu_masuk", "Isi Awal": "isi_laporan_awal",
    "Isi Akhir": "isi_laporan_akhir", "Sumber": "sumber_laporan", "Instansi Terdisposisi": "dinas_tujuan",
    "Alasan Tunda/Arsip": "alasan_tunda", "Kota/Kabupaten": "kota_kabupaten", "Kecamatan": "kecamatan_final",
}  # fmt: skip


def rows(path: Path) -> list[Row]:
    return list(read_export(path).rows())


def text_file(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problem(path: Path) -> str:
    with pytest.raises(ExportProblem) as error:
        read_export(path)
    return str(error.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_delimiter_and_encoding_reads_the_same(tmp_path: Path, delimiter: str, encoding: str) -> None:
    said = report(1, Isi_Akhir='Satu; dua, "tiga"\tempat | lima\nbaris kedua – déjà', Judul="Café")
    path = write_csv(tmp_path / "a.csv", [said, report(2)], delimiter=delimiter, encoding=encoding)
    found = rows(path)
    assert [(row.where, row.tracking_id, row.problem) for row in found] == [("2", "7000001", ""), ("3", "7000002", "")]
    assert dict(found[0].cells) == said


def test_names_in_other_spellings_any_order_and_unknown_columns_are_kept(tmp_path: Path) -> None:
    said = report(1, Kecamatan="Gading Rejo") | {"status_final": "Selesai"}
    names = [*reversed(HEADER), "status_final"]
    path = write_csv(tmp_path / "a.csv", [said], header=names)
    text = path.read_text().splitlines()
    spelled = [SNAKE.get(name, f" {name.upper()} ") for name in names]
    path.write_text("\n".join(["\ufeff" + ",".join(spelled), *text[1:]]))
    assert dict(rows(path)[0].cells) == {key.strip(): value for key, value in said.items() if key != "status_final"} | {
        "STATUS_FINAL": "Selesai"
    }


def test_own_spelling_counts_before_another_and_a_column_that_comes_twice_is_kept_twice(tmp_path: Path) -> None:
    header = "kecamatan_final;Kecamatan;Judul;Judul;Tracking ID;Tanggal;Isi;;"
    path = text_file(tmp_path / "a.csv", f"{header}\nA;B;satu;dua;5;2024-05-06;isi;lebih;\n")
    assert dict(rows(path)[0].cells) == {
        "kecamatan_final": "A", "Kecamatan": "B", "Judul": "satu", "Judul (4)": "dua", "Tracking ID": "5",
        "Tanggal": "2024-05-06", "Isi Akhir": "isi", "column 8": "lebih", "column 9": "",
    }  # fmt: skip


def test_missing_columns_are_named_beside_what_was_found(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [report(1)], header=["Judul", "Status", "Tanggal"])
    assert problem(path) == "missing column(s): Tracking ID, Isi Akhir. The header has: Judul, Status, Tanggal"


def test_workbook_with_titles_above_and_real_dates(tmp_path: Path) -> None:
    said = report(1, Tracking_ID=6094957.0, Tanggal=date(2024, 5, 6), Isi_Akhir="a_x000D_\nb")
    found = rows(write_xlsx(tmp_path / "a.xlsx", [said], above=["LAPORAN RINGKAS", "", "Periode 2024"]))
    assert [(row.where, row.tracking_id) for row in found] == [("5", "6094957")]
    assert (found[0].cells["Tanggal"], found[0].cells["Waktu"]) == ("2024-05-06", "10:15:00")
    assert found[0].cells["Isi Akhir"] == "a\r\nb"


def test_times_and_serials_of_a_workbook(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet()
    page.write_row(1, 1, ["Tracking ID", "Tanggal", "Waktu", "Isi"])
    clock, moment = book.add_format({"num_format": "hh:mm"}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    page.write_row(2, 1, ["1", 45418, 0.5, "serial"])
    page.write_row(4, 1, ["2", "", "", "real"])
    page.write_datetime(4, 2, datetime.fromisoformat("2024-05-06 14:05"), moment)
    page.write_datetime(4, 3, time(14, 5), clock)
    book.close()
    told = [(row.where, row.cells["Tanggal"], row.cells["Waktu"]) for row in rows(tmp_path / "a.xlsx")]
    assert told == [("3", "45418", "0.5"), ("5", "2024-05-06 14:05:00", "14:05:00")]


def test_every_sheet_with_the_header_counts_and_others_are_named(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    for name in ("2023", "2024"):
        page = book.add_worksheet(name)
        page.write_row(0, 0, ["Tracking ID", "Tanggal", "Isi"])
        page.write_row(1, 0, [name, "2024-05-06", "x"])
    book.add_worksheet("Kosong")
    book.add_worksheet("Catatan").write(0, 0, "Dibuat bulan Mei")
    book.close()
    export = read_export(tmp_path / "a.xlsx")
    assert [(row.where, row.tracking_id) for row in export.rows()] == [("2023!2", "2023"), ("2024!2", "2024")]
    assert export.skipped == ["Catatan"]


@pytest.mark.parametrize(
    ("written", "read"),
    [("6094957.0", "6094957"), ('="6094957"', "6094957"), ("'6094957", "6094957"), (" 60\x00949\u200b57\n", "6094957")],
)
def test_tracking_id_as_spreadsheets_bend_it(tmp_path: Path, written: str, read: str) -> None:
    assert rows(write_csv(tmp_path / "a.csv", [report(1, Tracking_ID=written)]))[0].tracking_id == read


def test_rows_that_cannot_be_kept_say_why(tmp_path: Path) -> None:
    bad = [report(1, Tracking_ID=""), report(2, Tracking_ID="6,09E+06"), report(3)]
    path = write_csv(tmp_path / "a.csv", bad)
    path.write_text(
        path.read_text() + "\n,,,\n8000000,2024-05-06" + ",x" * 20 + '\n9,2024-05-06,"tidak ditutup\nlagi\n'
    )
    told = [(row.where, row.problem) for row in rows(path)]
    assert [where for where, _ in told] == ["2", "3", "4", "7", "8"]
    assert told[0][1] == "column 'Tracking ID' is empty"
    assert "was shortened" in told[1][1]
    assert told[2][1] == ""
    assert "22 cells, the header names 20" in told[3][1]
    assert "no pair" in told[4][1] and "2 lines" in told[4][1]


def test_huge_cell_nul_and_broken_letters(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [report(1, Isi_Akhir="x" * 500_000), report(2, Judul="a\x00b é" * 20)])
    path.write_bytes(path.read_bytes().replace(b"jln bolong", b"jln \xff\xed\xa0\x80", 1))
    found = rows(path)
    assert len(found[0].cells["Isi Akhir"]) == 500_000
    assert found[1].cells["Judul"] == "a\x00b é" * 20
    assert found[0].cells["Isi Awal"].startswith("jln \ufffd")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"\n\n ,,\n", "the file is empty"),
        (b"%PDF-1.7\n\x00\x01\x02", "no spreadsheet"),
        (b"PK\x03\x04 broken", "damaged or no XLSX"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old Excel file (.xls)"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"<html><table><tr><td>Tracking ID</td></tr></table></html>", "a web page under the name"),
        (b"nama,alamat\nA,B\n", "no header in the first 20 rows"),
        (b"\n" * 30 + b"Tracking ID,Tanggal,Isi\n1,2,3\n", "no header in the first 20 rows"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_why(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in problem(text_file(tmp_path / "a.csv", content))


def test_a_cut_workbook_is_damaged(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [report(n) for n in range(50)])
    path.write_bytes(path.read_bytes()[:2000])
    assert "damaged" in problem(path)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"Tracking ID;Tanggal;Isi\n", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"]),
)
def test_any_bytes_are_rows_or_a_problem_with_words(tail: bytes, head: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = text_file(Path(folder) / "a.csv", head + tail)
        try:
            found: list[Any] = rows(path)
        except ExportProblem as error:
            assert str(error)
        else:
            assert all(row.tracking_id or row.problem for row in found)


def lie(path: Path, declared: int) -> None:
    """Overwrite the unpacked size of the largest part in the central directory."""
    octets = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = max(entry.file_size for entry in archive.infolist())
    for place in (at.start() for at in re.finditer(b"PK\x01\x02", bytes(octets))):
        if int.from_bytes(octets[place + 24 : place + 28], "little") == size:
            octets[place + 24 : place + 28] = declared.to_bytes(4, "little")
    path.write_bytes(octets)


@pytest.mark.parametrize("declared", [None, 1])
def test_a_workbook_that_unpacks_to_more_than_is_borne_is_refused_whatever_it_declares(
    tmp_path: Path, declared: int | None
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [report(1)])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/besar.xml", "w") as large:
        for _ in range(101):
            large.write(bytes(1_000_000))
    if declared is not None:
        lie(path, declared)
    assert path.stat().st_size < 200_000
    assert problem(path) == ("the workbook unpacks to more than 100 MB: split it into several files, or save it as CSV")


def test_the_reader_too_believes_no_declared_size(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [report(1)])
    lie(path, 1)
    assert rows(path)[0].tracking_id == "7000001"
