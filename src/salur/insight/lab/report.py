"""The evaluation report: what a finished run found, as a paper for the yearly review."""

from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from salur.insight.lab.shown import map_of, shown
from salur.insight.models import LabRun
from salur.sop.printing.typeset import typeset

MOST_ROWS = 40


def report(run: LabRun) -> bytes:
    """The PDF of a finished run, in the language it was asked in; the same run gives the same bytes."""
    with translation.override(run.language):
        data = _data(run)
    stamp = int(run.finished_at.timestamp()) if run.finished_at else 0
    return typeset("report.typ", data, "pdf", stamp)[0]


def _data(run: LabRun) -> dict[str, Any]:
    found = shown(run)
    trial = run.kind == LabRun.Kind.SIMULATE
    return {
        "lang": run.language,
        "title": _("Trial of a revision of the SOP") if trial else _("Evaluation of the SOP"),
        "government": run.government.name,
        "subject": run.label,
        "period": _("Reports from %(since)s to %(until)s")
        % {"since": formats.date_format(run.since, "j F Y"), "until": formats.date_format(run.until, "j F Y")},
        "made": _("Counted on %(day)s from the journals of the reports")
        % {"day": formats.date_format(timezone.localtime(run.asked_at), "j F Y")},
        "findings": {"title": _("Findings"), "lines": found["findings"]},
        "tables": _trial_tables(found) if trial else _period_tables(found),
        "map": {"title": _("Where reports went, and how long it took"), "svg": "" if trial else map_of(found["found"])},
        "caveats": {
            "title": _("What these figures do not say"),
            "lines": [f"{one['said']} ({one['count']})" for one in found["found"]["caveats"]],
        },
        "note": _(
            "Shares are of duties whose outcome is known. In brackets: the interval that covers 95 % of the draws when "
            "the reports are drawn again and again. Times are working days of the calendar of each duty."
        ),
        "sign": {"place": _("Read and discussed on:"), "who": _("Head of the organisation bureau")},
        "page": _("Page"),
    }


def _table(title: str, head: list[str], rows: list[list[Any]], note: str = "") -> dict[str, Any]:
    cells = [[str(cell) for cell in row] for row in rows[:MOST_ROWS]]
    return {"title": title, "head": head, "rows": cells, "note": note}


def _period_tables(found: dict[str, Any]) -> list[dict[str, Any]]:
    hurts = [
        [one["name"], one["agency"] or "–", one["percent"], one["days"], one["each"], one["cases"]]
        for one in found["hurts"]
    ]
    tables = [
        _table(
            _("What causes lateness"),
            [_("Duty"), _("Agency"), _("Part"), _("Working days in all"), _("Each time"), _("Reports")],
            hurts,
            found["order"],
        )
    ]
    head = ["", _("Duties"), _("Kept in time"), _("Late"), _("Late: median"), _("Late: 90 %"), _("Late: sum")]
    for title, rows in found["tables"]:
        cells = [
            [one["name"], one["obligations"], one["percent"], one["late"], one["median"], one["p90"], one["sum"]]
            for one in rows
        ]
        tables.append(_table(title, head, cells, found["measure"] if len(tables) == 1 else ""))
    pauses = [[one["name"], one["cases"], one["days"]] for one in found["pauses"]]
    tables.append(_table(_("Pauses"), [_("Reason"), _("Reports"), _("Working days")], pauses))
    handed = [[one["from_name"], one["to_name"], one["time"]["count"], one["days"]] for one in found["hand_overs"]]
    tables.append(_table(_("Hand-overs between agencies"), [_("From"), _("To"), _("Times"), _("Working days")], handed))
    return [one for one in tables if one["rows"]]


def _trial_tables(found: dict[str, Any]) -> list[dict[str, Any]]:
    head = ["", _("Reports"), _("Kept before"), _("Kept after"), _("Difference in points")]
    tables = [
        _table(title, head, [[one["name"], one["cases"], one["was"], one["would"], one["points"]] for one in rows])
        for title, rows in found["tables"]
    ]
    groups = [[one["name"], one["said"], "; ".join(one["reasons"]), one["count"]] for one in found["groups"]]
    head = [_("Duty"), _("Verdict"), _("Why"), _("Number of duties")]
    tables.append(_table(_("Which verdicts change, and why"), head, groups))
    load = [
        [one["name"], one["before"], one["after"], one["peak_before"]["before"], one["peak_after"]["after"]]
        for one in found["workload"]
    ]
    tables.append(
        _table(
            _("Work in all, and in the fullest week"),
            [_("Who"), _("Before"), _("After"), _("Fullest week before"), _("Fullest week after")],
            load,
        )
    )
    return [one for one in tables if one["rows"]]
