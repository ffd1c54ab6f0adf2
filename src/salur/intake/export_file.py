"""A CSV or XLSX file of reports as rows under the column names of the SP4N-LAPOR! export. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from salur.intake.export_source import ExportProblem, Record, Sheet, book, encoding_of, text_sheet

# The columns of "Laporan Ringkas", and what else they are called, in letters and digits only.
COLUMNS: dict[str, tuple[str, ...]] = {
    "Tracking ID": ("idtracking", "nomortracking"),
    "Tanggal": ("tanggalmasuk", "tanggallaporan"),
    "Waktu": ("waktumasuk", "jam"),
    "Klasifikasi": (),
    "ID Kategori": (),
    "Kategori": (),
    "Judul": ("judullaporan",),
    "Isi Awal": ("isilaporanawal",),
    "Isi Akhir": ("isilaporanakhir", "isilaporan", "isi"),
    "Tipe": ("tipelaporan",),
    "Sumber": ("sumberlaporan",),
    "Instansi Induk": (),
    "ID Instansi Terdisposisi": (),
    "Instansi Terdisposisi": ("dinastujuan", "instansitujuan"),
    "Status": ("statuslaporan",),
    "Alasan Tunda/Arsip": ("alasantunda", "alasanarsip"),
    "Provinsi": (),
    "Kota/Kabupaten": ("kabupatenkota",),
    "Kecamatan": ("kecamatanfinal",),
    "Kelurahan": ("kelurahandesa", "desakelurahan"),
}
HEADER_WITHIN = 20
_IDS = ("Tracking ID", "ID Kategori", "ID Instansi Terdisposisi")
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Row:
    """One report of the file. `where` names the row as a spreadsheet program shows it ("12", "2024!12").

    `cells` holds the text of every cell by column: SP4N-LAPOR!'s names, and unknown columns under their own.
    `problem` says why the row cannot even be stored.
    """

    where: str
    tracking_id: str
    cells: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True)
class _Table:
    sheet: Sheet
    header: int
    columns: Sequence[str]


@dataclass(frozen=True)
class Export:
    """A file whose header was found. `skipped` names sheets that hold cells but no such header."""

    tables: Sequence[_Table]
    skipped: Sequence[str]

    def rows(self) -> Iterator[Row]:
        """Every row below the header that is not empty, from the start of the file each time."""
        for table in self.tables:
            prefix = f"{table.sheet.name}!" if len(self.tables) > 1 else ""
            for record in table.sheet.records():
                if record.number > table.header and (record.problem or not _empty(record.cells)):
                    yield _row(record, table.columns, prefix)


def read_export(path: Path) -> Export:
    """Find the header of an export within the first 20 rows of each sheet.

    CSV may be separated by comma, semicolon, tab or bar, in UTF-8, UTF-16 or Windows-1252. Raises ExportProblem where
    the file is empty, no spreadsheet, protected, damaged, or lacks the columns Tracking ID, Tanggal or both Isi.
    """
    if path.stat().st_size == 0:
        raise ExportProblem("the file is empty")
    sheets = book(path)
    if sheets is None:
        encoding = encoding_of(path)
        candidates = [text_sheet(path, encoding, delimiter) for delimiter in _DELIMITERS]
        best = max(candidates, key=lambda sheet: _known(_header(sheet)[1]))
        sheets = [best]
    found = {sheet.name: (sheet, *_header(sheet)) for sheet in sheets}
    full = {name: table for name, table in found.items() if not _missing(table[2])}
    if not full:
        raise ExportProblem(_complaint([header for _, _, header in found.values()], sheets[0]))
    skipped = [
        name for name in found if name not in full and any(not _empty(r.cells) for r in found[name][0].records())
    ]
    return Export([_Table(sheet, number, _names(header)) for sheet, number, header in full.values()], skipped)


def _header(sheet: Sheet) -> tuple[int, list[str]]:
    """The row among the first that names the most columns, with its number; of equals the first."""
    best: tuple[int, list[str]] = (0, [])
    for record in sheet.records():
        if record.number > HEADER_WITHIN:
            break
        cells = [_text(cell, "") for cell in record.cells]
        if _known(cells) > _known(best[1]):
            best = (record.number, cells)
    return best


def _known(header: Sequence[str]) -> int:
    return sum(name in COLUMNS for name in _names(header))


def _missing(header: Sequence[str]) -> list[str]:
    names = set(_names(header))
    missing = [name for name in ("Tracking ID", "Tanggal") if name not in names]
    return missing if names & {"Isi Awal", "Isi Akhir"} else [*missing, "Isi Akhir"]


def _names(header: Sequence[str]) -> list[str]:
    """The name of each column: a known name once, its own spelling before another; others keep what they are called."""
    plain = [_plain(cell) for cell in header]
    names = [""] * len(header)
    for spelled in (lambda name: (_plain(name),), lambda name: COLUMNS[name]):
        for name in COLUMNS:
            places = [n for n, cell in enumerate(plain) if cell in spelled(name) and not names[n]]
            if places and name not in names:
                names[places[0]] = name
    for place, cell in enumerate(header):
        own = " ".join(cell.lstrip("\ufeff").split()) or f"column {place + 1}"
        while not names[place]:
            names[place], own = ("" if own in names or own in COLUMNS else own), f"{own} ({place + 1})"
    return names


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _complaint(headers: Sequence[Sequence[str]], first: Sheet) -> str:
    header = max(headers, key=_known)
    if _known(header) > 1:
        shown = ", ".join(cell.strip()[:40] for cell in header if cell.strip())
        return f"missing column(s): {', '.join(_missing(header))}. The header has: {shown[:600]}"
    top = list(islice((record for record in first.records() if not _empty(record.cells)), 3))
    if not top:
        return "the file is empty"
    shown = " ".join(_text(cell, "") for record in top for cell in record.cells).strip()
    if re.match(r"\ufeff?<(!doctype|html|table|\?xml|meta)", shown, re.IGNORECASE):
        return (
            "this is a web page under the name of a spreadsheet: open it in a spreadsheet program and save it as .xlsx"
        )
    if any(c < " " and c not in "\t\n\r" for c in shown):
        return "this is no spreadsheet: give a CSV or XLSX file"
    return (
        f"no header in the first {HEADER_WITHIN} rows: expected columns such as Tracking ID, Tanggal, Isi Akhir; "
        f"the file begins: {shown[:200]}"
    )


def _row(record: Record, columns: Sequence[str], prefix: str) -> Row:
    where = f"{prefix}{record.number}"
    cells = {name: _text(cell, name) for name, cell in zip(columns, record.cells, strict=False)}
    tracking_id = cells["Tracking ID"] = _tracking_id(cells.get("Tracking ID", ""))
    problem = record.problem
    if not problem and not _empty(record.cells[len(columns) :]):
        problem = (
            f"the row has {len(record.cells)} cells, the header names {len(columns)}: is a cell that holds the "
            "separator not in quotation marks?"
        )
    if not problem and not tracking_id:
        problem = "column 'Tracking ID' is empty"
    if not problem and re.fullmatch(r"\d[.,]\d+E\+\d+", tracking_id, re.IGNORECASE):
        problem = f"column 'Tracking ID': '{tracking_id}' was shortened by a spreadsheet program; export it anew"
    return Row(where, tracking_id, cells, problem)


def _empty(cells: Sequence[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _tracking_id(written: str) -> str:
    """The id as SP4N-LAPOR! shows it: without what spreadsheets do to numbers (6094957.0, ="6094957", '6094957)."""
    printable = "".join(c for c in written if c.isprintable()).strip()
    bare = re.sub(r"""^(?:="(.*)"|'(.*))$""", lambda m: m[1] or m[2] or "", printable).strip()
    return re.sub(r"^(\d+)\.0+$", r"\1", bare)


def _text(value: Any, column: str) -> str:
    """A cell as text, exact where it is text; dates and times of a spreadsheet in ISO, whole numbers without .0."""
    if isinstance(value, str):
        return re.sub(r"^(\d+)\.0+$", r"\1", value) if column in _IDS else value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, timedelta):
        return str(value % timedelta(days=1)).partition(".")[0].zfill(8)
    if isinstance(value, datetime):
        return _moment(value, column)
    if isinstance(value, date):
        return value.isoformat()
    return value.isoformat("seconds") if isinstance(value, time) else str(value)


def _moment(value: datetime, column: str) -> str:
    if column == "Waktu":
        return value.time().isoformat("seconds")
    return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
