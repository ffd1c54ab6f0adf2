"""The register as a workbook that an agency for planning can import: one header row, one row a case, no formulas."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

import xlsxwriter
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from salur.insight.register import RegisterRow

MOST_LINKS = 60_000
"""A sheet holds 65,530 links; further addresses are written as plain text."""
DAY = "yyyy-mm-dd"


@dataclass(frozen=True)
class Column:
    """One column: the field of a row, its heading, its width in characters, and what it means."""

    field: str
    heading: Promise
    width: int
    meaning: Promise


COLUMNS = (
    Column("number", _("Number"), 20, _("The number of the report; its citizens follow it by this number.")),
    Column("government", _("Government"), 28, _("Whose report it is.")),
    Column("agency", _("Agency"), 36, _("The agency that handles it now.")),
    Column("kind", _("Kind"), 18, _("Complaint, supervisory complaint, aspiration or information request.")),
    Column("function", _("Government function"), 26, _("The function (urusan) it belongs to.")),
    Column("title", _("Title"), 50, _("Personal data is masked; a confidential report shows no title.")),
    Column("area", _("Area"), 28, _("Places that the report names; several are parted by a semicolon.")),
    Column("horizon", _("Handling"), 18, _("Medium or long term, as the signed SOP defines them.")),
    Column("owner", _("Person or unit in charge"), 28, _("Who answers for it.")),
    Column("plan", _("Plan"), 20, _("The paper it stands in.")),
    Column("plan_reference", _("Plan reference"), 36, _("Year, page or activity code in that paper.")),
    Column("promised_on", _("Promised date"), 14, _("By this day it is done; the citizens were told.")),
    Column("review_on", _("Next review"), 14, _("On this day the citizens are told how far it is.")),
    Column("milestones_done", _("Milestones reached"), 12, _("How many milestones are behind it.")),
    Column("milestones", _("Milestones in all"), 12, _("How many milestones were set.")),
    Column("voices", _("How many citizens"), 10, _("So many citizens stand behind the report.")),
    Column("opened_on", _("Opened"), 12, _("The day on which the report was recorded.")),
    Column("days_open", _("Days open"), 10, _("Calendar days from that day to the closing, or to today.")),
    Column("reclassified", _("Times reclassified"), 12, _("How often the handling changed after it was first set.")),
    Column("status", _("Status"), 16, _("Where the report stands.")),
    Column("link", _("Link"), 44, _("The public page of the report.")),
)


def write_register(target: BinaryIO, rows: Iterable[RegisterRow]) -> int:
    """Write the workbook, in Indonesian whatever the screen speaks; returns how many cases it holds.

    Texts are written as texts, never as formulas; dates are real dates without a time of day.
    """
    with translation.override("id"), xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#DDEBF0", "border": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": DAY})
        sheet = book.add_worksheet(gettext("Register"))
        for place, column in enumerate(COLUMNS):
            sheet.write_string(0, place, str(column.heading), head)
            sheet.set_column(place, place, column.width)
        count = 0
        for count, row in enumerate(rows, start=1):
            _write_row(sheet, count, row, day)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(count, 1), len(COLUMNS) - 1)
        _explain(book.add_worksheet(gettext("Columns")), head)
    return count


def _write_row(sheet: Worksheet, line: int, row: RegisterRow, day: Format) -> None:
    for place, column in enumerate(COLUMNS):
        value = getattr(row, column.field)
        if isinstance(value, date):
            sheet.write_datetime(line, place, value, day)
        elif isinstance(value, int):
            sheet.write_number(line, place, value)
        elif column.field == "link" and line <= MOST_LINKS:
            sheet.write_url(line, place, value)
        elif value:
            sheet.write_string(line, place, value)


def _explain(sheet: Worksheet, head: Format) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    for line, texts in enumerate([(gettext("Column"), gettext("Meaning")), *((c.heading, c.meaning) for c in COLUMNS)]):
        for place, text in enumerate(texts):
            sheet.write_string(line, place, str(text), *([] if line else [head]))
    sheet.freeze_panes(1, 0)
