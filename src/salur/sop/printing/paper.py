"""The signed form as PDF: header, identity block, flow table, rules, revision history. Pure.

The form is that of PermenPANRB 35/2012 and Permendagri 52/2011, on A4 in landscape.
"""

from dataclasses import asdict
from datetime import UTC, datetime, time
from textwrap import shorten
from typing import Any

import segno

from salur.sop.document.model import SopDocument
from salur.sop.printing import grid
from salur.sop.printing.flow import drawings, page_data
from salur.sop.printing.seal import Seal
from salur.sop.printing.tables import tables
from salur.sop.printing.typeset import typeset
from salur.sop.printing.words import WORDS, date_words, instant_words

FOOTER_NUMBER = 80
"""Characters of the number at the foot of every page."""
SHORT_HASH = 16
"""Characters of the hash at the foot of every page; the whole hash stands on the first and the last."""


def pdf(document: SopDocument, seal: Seal) -> bytes:
    """The form of a document. The same document and seal give the same bytes on every machine.

    A seal without an instant of signing makes a draft: marked as one on every page, without a code that verifies.
    """
    made = seal.signed_at or datetime.combine(document.dates.created, time(), UTC)
    return typeset("paper.typ", _data(document, seal), "pdf", int(made.timestamp()))[0]


def verifying_code(seal: Seal) -> segno.QRCode:
    """The QR code with the address at which the hash verifies."""
    return segno.make(seal.address, error="m", micro=False)


def _data(document: SopDocument, seal: Seal) -> dict[str, Any]:
    words = WORDS["paper"]
    signed = seal.signed_at is not None
    return {
        "words": words,
        "geometry": {
            "width": grid.PAGE_WIDTH,
            "height": grid.PAGE_HEIGHT,
            "x": grid.MARGIN_X,
            "top": grid.MARGIN_TOP,
            "bottom": grid.MARGIN_BOTTOM,
        },
        "draft": not signed,
        "government": seal.government,
        "unit": document.unit,
        "title": document.title.id,
        "number": document.number,
        "footer": words["footer"]
        % {"number": shorten(document.number, FOOTER_NUMBER, placeholder=" ..."), "version": document.version},
        "footer_hash": words["footer_hash"] % {"short": seal.sha256[:SHORT_HASH]},
        "sha256": seal.sha256,
        "address": seal.address,
        "header": _header(document),
        "approver": document.approver.model_dump(),
        "employee_number": _employee_number(document),
        "signed": _signed(seal),
        "qr": _matrix(seal) if signed else [],
        "identity": [
            [words[name], list(getattr(document, name))]
            for name in ("legal_basis", "qualifications", "related", "equipment", "warnings", "records")
        ],
        "flow": [page_data(drawing) for drawing in drawings(document)],
        "tables": [asdict(table) for table in tables(document, seal)],
    }


def _header(document: SopDocument) -> list[tuple[str, str]]:
    words, dates = WORDS["paper"], document.dates
    return [
        (words["number"], document.number),
        (words["created"], date_words(dates.created)),
        (words["revised"], date_words(dates.revised) if dates.revised else words["none"]),
        (words["effective"], date_words(dates.effective)),
    ]


def _employee_number(document: SopDocument) -> str:
    number = document.approver.employee_number
    return str(WORDS["paper"]["employee_number"]) % {"number": number} if number else ""


def _signed(seal: Seal) -> str:
    if seal.signed_at is None:
        return ""
    words = WORDS["paper"]
    said = words["signed"] % {"at": instant_words(seal.signed_at, seal.timezone), "by": seal.signed_by}
    return f"{said} {words['in_force'] % {'date': date_words(seal.in_force_from)}}" if seal.in_force_from else said


def _matrix(seal: Seal) -> list[str]:
    """The modules of the code, row by row: 1 is dark. Its quiet zone is left to the page."""
    return ["".join("1" if module else "0" for module in row) for row in verifying_code(seal).matrix]
