"""The cells of a spreadsheet file as they stand, record by record. Pure."""

import codecs
import csv
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, load_workbook

LONGEST_CELL = 10_000_000
LARGEST_BOOK = 100_000_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BLOCK = 1 << 20


class ExportProblem(ValueError):
    """The file as a whole cannot be imported; the text says why and what to do."""


@dataclass(frozen=True)
class Record:
    """One line of a sheet. `number` is its row as a spreadsheet program shows it; `problem` why it cannot be read."""

    number: int
    cells: list[Any]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """One table of a file; `name` is "" where a file has only one. `records` reads it from the start each time."""

    name: str
    records: Callable[[], Iterator[Record]]


def book(path: Path) -> list[Sheet] | None:
    """The sheets of a workbook (XLSX and its kin), or None where the file is text. Raises ExportProblem."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_OLE):
        raise ExportProblem(_why_ole(path))
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            small = _unpacks_small(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise ExportProblem(_broken(error)) from error
    if not small:
        raise ExportProblem(f"the workbook unpacks to more than {LARGEST_BOOK // 1_000_000} MB: {_SPLIT}")
    found = _guarded(lambda: load_workbook(str(path)))
    return [_sheet(found, name) for name in found.sheet_names]


def _unpacks_small(archive: zipfile.ZipFile) -> bool:
    """Whether all of it unpacks to at most LARGEST_BOOK bytes, counted while unpacking.

    What the file says of its own sizes proves nothing: a few kilobytes may unpack to gigabytes and declare one byte.
    """
    left = LARGEST_BOOK
    for entry in archive.infolist():
        entry.file_size = 2 * LARGEST_BOOK  # else no more is unpacked than the file declares
        with archive.open(entry) as unpacked:
            while block := unpacked.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    return False
    return True


def _sheet(found: CalamineWorkbook, name: str) -> Sheet:
    def records() -> Iterator[Record]:
        rows = _guarded(lambda: found.get_sheet_by_name(name)).iter_rows()
        for number, cells in enumerate(rows, start=1):
            yield Record(number, [_unescaped(cell) if isinstance(cell, str) else cell for cell in cells])

    return Sheet(name, records)


def _unescaped(text: str) -> str:
    """A workbook writes characters that XML cannot hold as _x000D_ (ECMA-376, ST_Xstring)."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def _guarded(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except PasswordError as error:
        raise ExportProblem(_LOCKED) from error
    except BaseException as error:
        # The reader panics on some broken workbooks, with an exception that is no Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise ExportProblem(_broken(error)) from error


_LOCKED = "the workbook is protected by a password: remove the password in your spreadsheet program and save it again"


_SPLIT = "split it into several files, or save it as CSV"


def _broken(error: BaseException) -> str:
    return (
        f"the workbook is damaged or no XLSX ({str(error)[:120]}): open it in a spreadsheet program and save it again"
    )


def _why_ole(path: Path) -> str:
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return _LOCKED
    return "this is an old Excel file (.xls): open it in a spreadsheet program and save it as .xlsx or CSV"


def text_sheet(path: Path, encoding: str, delimiter: str) -> Sheet:
    """A CSV file as a sheet; bytes that the encoding does not know read as the replacement character."""

    def records() -> Iterator[Record]:
        csv.field_size_limit(LONGEST_CELL)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            yield from _records(file, delimiter)

    return Sheet("", records)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    taken, ended = 0, False

    def watched() -> Iterator[str]:
        nonlocal taken, ended
        for line in lines:
            taken += 1
            yield line
        ended = True

    reader, number = csv.reader(watched(), delimiter=delimiter), 0
    while True:
        number, before = number + 1, taken
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(number, [], f'{error}: is a quotation mark (") without its pair?')
            continue
        # A record that is whole does not look beyond its own end; one with an open quotation mark reads to the end.
        problem = (
            f'a quotation mark (") in this row has no pair, so the {taken - before} lines up to the end of the file'
            " were taken for one row: mend it and import again"
        )
        yield Record(number, cells, problem if ended else "")


def encoding_of(path: Path) -> str:
    """How a text file is encoded: by its mark, by its zeros, else UTF-8 where that reads well, else Windows-1252."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 5 and min(even, odd) <= max(even, odd) // 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    good, bad = _utf8_letters(path)
    return "utf-8" if good >= bad else "cp1252"


def _utf8_letters(path: Path) -> tuple[int, int]:
    """How many characters beyond ASCII are whole UTF-8, and how many are not."""
    decoder, good, bad = codecs.getincrementaldecoder("utf-8")("replace"), 0, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            text = decoder.decode(block)
            if not text.isascii():
                broken = text.count("\ufffd")
                bad += broken
                good += sum(c > "\x7f" for c in text) - broken
    return good, bad + len(decoder.decode(b"", final=True))
