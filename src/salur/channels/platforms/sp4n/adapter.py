"""One row of an SP4N-LAPOR! export ("Laporan Ringkas") behind the port. Column names as facts of that export."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from salur.channels.guide import Guide, gettext_noop
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.form import read_json
from salur.channels.platforms.sp4n.history import history, knows
from salur.channels.platforms.sp4n.moment import moment
from salur.channels.platforms.text import clean_line
from salur.channels.ports import AccountView, Inbound, Item, Outbound, Raw, Receipt, Unreadable
from salur.channels.ways import Capabilities, TextLimit, Way

KINDS = {
    "pengaduan berkadar pengawasan": "supervisory_complaint",
    "pengaduan tidak berkadar pengawasan": "complaint",
    "pengaduan": "complaint",
    "permintaan informasi": "information_request",
    "aspirasi": "aspiration",
}
EXTRA = {
    "classification": "Klasifikasi",
    "category_id": "ID Kategori",
    "category": "Kategori",
    "original_text": "Isi Awal",
    "source": "Sumber",
    "parent_agency": "Instansi Induk",
    "agency_id": "ID Instansi Terdisposisi",
    "agency_name": "Instansi Terdisposisi",
    "status": "Status",
    "hold_reason": "Alasan Tunda/Arsip",
    "province": "Provinsi",
    "regency": "Kota/Kabupaten",
    "district": "Kecamatan",
    "village": "Kelurahan",
}
# What stands in the column of the agency where nobody was named.
_NO_AGENCY = ("tidak diketahui", "tidak ada", "belum terdisposisi")
_LONGEST_ID = 200


class Sp4nPlatform(DefaultPlatform):
    """Reading only; what we answer is entered into SP4N-LAPOR! by a person."""

    capabilities = Capabilities(ways=(Way("hand", TextLimit(100_000)),), needs_address=False)
    guide = Guide(label=gettext_noop("SP4N-LAPOR!"), icon="file-import", offered=False)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read {column: value} of one row; raises Unreadable naming the column and the value that is wrong."""
        row = read_json(raw)
        tracking_id = clean_line(_cell(row, "Tracking ID"))
        if not tracking_id:
            raise Unreadable("column 'Tracking ID' is empty")
        if len(tracking_id) > _LONGEST_ID:
            raise Unreadable(f"column 'Tracking ID' holds {len(tracking_id)} characters, more than {_LONGEST_ID}")
        title = clean_line(_cell(row, "Judul"))
        text = _cell(row, "Isi Akhir") or _cell(row, "Isi Awal") or title
        if not text:
            raise Unreadable("columns 'Isi Akhir', 'Isi Awal' and 'Judul' are all empty")
        spoken_at = moment(row.get("Tanggal"), row.get("Waktu"))
        if raw.received_at is not None and spoken_at > raw.received_at + timedelta(days=1):
            raise Unreadable(f"column 'Tanggal': {spoken_at:%Y-%m-%d} lies in the future")
        extra: dict[str, Any] = {name: _cell(row, column) for name, column in EXTRA.items()}
        extra["kind"] = KINDS.get(clean_line(_cell(row, "Klasifikasi")).lower())
        extra |= _flags(_cell(row, "Tipe"))
        if extra["agency_name"].lower() in _NO_AGENCY:
            extra["agency_name"] = ""
        extra["status_known"] = knows(extra["status"])
        extra["history"] = history(extra["status"], extra["hold_reason"], extra["agency_name"])
        return [Inbound(external_id=tracking_id, text=text, spoken_at=spoken_at, subject=title, extra=extra)]

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Always a person's errand: SP4N-LAPOR! takes answers by its own screens."""
        return Receipt(f"sp4n:{out.once_key}", manual=True)


def _cell(row: Mapping[str, Any], column: str) -> str:
    """The cell as text; whole numbers that a spreadsheet keeps as 123.0 read 123, a lone dash is empty."""
    value = row.get(column)
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (dict, list)):
        raise Unreadable(f"column '{column}' holds no single value")
    text = str(value).strip()
    return "" if text in ("-", "\u2013") else text


def _flags(tipe: str) -> dict[str, bool]:
    """Anonymous (name hidden) and confidential (report hidden) are two flags, in any order and either alone."""
    words = {word.lower() for word in re.split(r"[|,;/&\s]+", tipe) if word}
    unknown = words - {"anonim", "rahasia", "dan", "biasa", "normal", "publik", "terbuka", "none", "tidak", "ada"}
    if unknown:
        raise Unreadable(f"column 'Tipe': '{tipe[:80]}' is neither Anonim nor Rahasia")
    return {"anonymous": "anonim" in words, "confidential": "rahasia" in words}
