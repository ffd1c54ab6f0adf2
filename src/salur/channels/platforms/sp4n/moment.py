"""When a row of an export was spoken: the many ways people and spreadsheets write a date and a time."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from salur.channels.ports import Unreadable

# SP4N-LAPOR! shows western Indonesian time whatever the zone of the reporter.
ZONE = ZoneInfo("Asia/Jakarta")
YEARS = range(2000, 2101)
_EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of serials after Excel's 29 February 1900
_SPELLED = {
    1: "januari jan january",
    2: "februari feb pebruari peb february",
    3: "maret mar march",
    4: "april apr",
    5: "mei may",
    6: "juni jun june",
    7: "juli jul july",
    8: "agustus agu ags agt agust aug august",
    9: "september sep sept",
    10: "oktober okt october oct",
    11: "november nov nopember nop",
    12: "desember des december dec",
}
_MONTHS = {word: number for number, words in _SPELLED.items() for word in words.split()}
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](.*))?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ ,]+(.*))?")
_WORDS = re.compile(r"(?:[a-z']+, *)?(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})(?:[ ,]+(.*))?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?(?: *(?:WIB))?", re.IGNORECASE)
_ZONED = re.compile(r".*[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})")
_SERIAL = re.compile(r"\d{1,6}(?:\.\d+)?")


def moment(day: Any, clock: Any) -> datetime:
    """The aware moment in Asia/Jakarta from the cells 'Tanggal' and 'Waktu'; without a time, the start of the day.

    Dates are ISO, day first, spelled in Indonesian or English, or Excel serials. Raises Unreadable naming the column
    and the value; a date that is only possible month first is refused, not guessed.
    """
    written = _text(day)
    if not written:
        raise Unreadable("column 'Tanggal' is empty")
    if _ZONED.fullmatch(written) and not _text(clock):
        return _zoned(written)
    found, rest = _day(written)
    if found is None or found.year not in YEARS:
        raise Unreadable(f"column 'Tanggal': '{written[:60]}' is no date (write 2024-05-06, 06/05/2024 or 6 Mei 2024)")
    at, column = (_text(clock), "Waktu") if _text(clock) else (rest, "Tanggal")
    told = _clock(at) if at else time(0, 0)
    if told is None:
        raise Unreadable(f"column '{column}': '{at[:60]}' is no time of day (write 14:05)")
    return datetime.combine(found, told, tzinfo=ZONE)


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    text = " ".join(str(value).split())
    return "" if text in ("-", "\u2013") else text


def _zoned(written: str) -> datetime:
    try:
        found = datetime.fromisoformat(written).astimezone(UTC).astimezone(ZONE)
    except (ValueError, OverflowError):
        found = None
    if found is None or found.year not in YEARS:
        raise Unreadable(f"column 'Tanggal': '{written[:60]}' is no date")
    return found


def _day(written: str) -> tuple[date | None, str]:
    """The date and what is written behind it."""
    if _SERIAL.fullmatch(written):
        serial = float(written)
        rest = str(serial % 1) if serial % 1 else ""
        return _EXCEL_EPOCH + timedelta(days=int(serial)), rest
    if match := _ISO.fullmatch(written):
        return _date(match[1], match[2], match[3]), match[4] or ""
    if match := _DAY_FIRST.fullmatch(written):
        return _date(match[3], match[2], match[1]), match[4] or ""
    if match := _WORDS.fullmatch(written):
        return _date(match[3], str(_MONTHS.get(match[2].lower(), 0)), match[1]), match[4] or ""
    return None, ""


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _clock(written: str) -> time | None:
    """A time of day: 14:05, 14.05, 14:05:30 with or without WIB, or Excel's fraction of a day."""
    if re.fullmatch(r"0?\.\d+|\d\.\d+e-\d+|0(?:\.0+)?", written):
        seconds = min(round(float(written) * 86_400), 86_399)
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    match = _TIME.fullmatch(re.sub(r"^(?:\d{4}-\d{2}-\d{2}[T ]|pukul )", "", written, flags=re.IGNORECASE))
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0)) if match else None
    except ValueError:
        return None
