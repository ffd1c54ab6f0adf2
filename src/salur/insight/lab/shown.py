"""A finished run in words and numbers as people read them: for the page and for the report."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salur.insight.lab.picture import picture
from salur.insight.models import LabRun

FIRST = 3
"""So many causes are named as findings, those with the largest part; the table has all."""
Row = dict[str, Any]


def shown(run: LabRun) -> dict[str, Any]:
    """Findings, tables and the process map of a finished run, in the language in force."""
    found: dict[str, Any] = run.result or {}
    if run.kind == LabRun.Kind.SIMULATE:
        return {
            "found": found,
            "findings": findings_of_trial(found),
            "tables": [(title, [_compared(row) for row in found[name]]) for name, title in _titles()],
            "overall": _compared(found["overall"]),
            "groups": [{**one, "said": _verdicts(one)} for one in found["groups"]],
            "workload": [_workload(one) for one in found["workload"]],
        }
    return {
        "found": found,
        "findings": findings_of_period(found),
        "tables": [(title, [_kept(row) for row in found[name]]) for name, title in _titles()],
        "overall": _kept(found["overall"]),
        "hurts": [_hurt(one) for one in found["hurts"]],
        "order": order(),
        "measure": _(
            "The sum adds up all late duties; the median is how late the one in the middle was. In working days."
        ),
        "pauses": [{**one, "days": days(one["time"]["total"])} for one in found["pauses"]],
        "hand_overs": [{**one, "days": days(one["time"]["total"])} for one in found["hand_overs"]],
        "ways": [_way(one) for one in found["process_map"]["edges"][:30]],
        "map": "data:image/svg+xml;base64," + base64.b64encode(map_of(found).encode()).decode(),
    }


def _titles() -> list[tuple[str, str]]:
    return [
        ("steps", _("By duty")),
        ("agencies", _("By agency")),
        ("kinds", _("By kind")),
        ("horizons", _("By handling")),
        ("channels", _("By channel")),
    ]


def map_of(found: Mapping[str, Any]) -> str:
    """The process map as SVG."""
    words = {"days": _("working days"), "times": _("times"), "point": formats.get_format("DECIMAL_SEPARATOR")}
    return picture(found["process_map"]["nodes"], found["process_map"]["edges"], words)


def number(value: float, digits: int = 1) -> str:
    """A number as the language writes it."""
    return str(formats.number_format(round(value, digits), decimal_pos=digits, use_l10n=True, force_grouping=True))


def days(value: float | None) -> str:
    """Working days with one decimal, or a dash."""
    return "–" if value is None else number(value)


def percent(share: Mapping[str, Any], name: str = "share") -> str:
    """A share with its 95 % interval, such as "83,2 % (80,1–86,0)"; a dash where nothing was decided."""
    if share[name] is None:
        return "–"
    middle, low, high = (number(100 * share[one]) for one in (name, "low", "high"))
    return f"{middle} % ({low}–{high})"


def points(difference: Mapping[str, Any]) -> str:
    """A difference of shares in percentage points, with sign and interval."""
    if difference["value"] is None:
        return "–"
    value, low, high = (_signed(100 * difference[one]) for one in ("value", "low", "high"))
    return f"{value} ({low} … {high})"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{number(value)}"


def _kept(row: Mapping[str, Any]) -> Row:
    lateness = row["lateness"]
    return {
        **row,
        "percent": percent(row["share"]),
        "late": row["met_late"] + row["overdue"] + row["lapsed_late"],
        "median": days(lateness["median"]),
        "p90": days(lateness["p90"]),
        "sum": days(lateness["total"]),
    }


def _compared(row: Mapping[str, Any]) -> Row:
    low, high = row["difference"]["low"], row["difference"]["high"]
    tone = "" if low is None else "better" if low > 0 else "worse" if high < 0 else ""
    return {
        **row,
        "was": percent(row["before"]["share"]),
        "would": percent(row["after"]["share"]),
        "points": points(row["difference"]),
        "tone": tone,
    }


def _hurt(one: Mapping[str, Any]) -> Row:
    part = number(100 * one["part"], 0)
    return {**one, "percent": f"{part} %", "days": days(one["late_days"]), "each": days(one["per_pass"])}


def _way(one: Mapping[str, Any]) -> Row:
    time = one["time"]
    return {
        "began": one["began_name"],
        "ended": one["ended_name"],
        "count": time["count"],
        "median": days(time["median"]),
        "p90": days(time["p90"]),
        "percent": f"{number(100 * one['part'])} %",
    }


def _workload(one: Mapping[str, Any]) -> Row:
    highest = max([1, *(max(week["before"], week["after"]) for week in one["weeks"])])
    bars = [
        {**week, "was": round(100 * week["before"] / highest), "would": round(100 * week["after"] / highest)}
        for week in one["weeks"]
    ]
    return {**one, "bars": bars}


def _verdicts(one: Mapping[str, Any]) -> str:
    words = {
        "in_time": _("in time"),
        "met_late": _("done late"),
        "overdue": _("overdue"),
        "lapsed_late": _("lapsed late"),
        "pending": _("still in time"),
        "ended": _("ended before its time"),
        "absent": _("no such duty"),
        "unknowable": _("cannot be known"),
    }
    return f"{words.get(one['before'], one['before'])} → {words.get(one['after'], one['after'])}"


def findings_of_period(found: Mapping[str, Any]) -> list[str]:
    """What a leader has to know of a period, in a few sentences; each is a count or a share of what was counted."""
    if not found["cases"]:
        return [_("No report of this period has been counted.")]
    overall = found["overall"]
    said = [
        _("%(cases)s reports, %(open)s of them still open; %(share)s of the decided duties were done in time.")
        % {"cases": found["cases"], "open": found["open_cases"], "share": percent(overall["share"])}
    ]
    largest = sorted(found["hurts"], key=lambda one: -one["part"])[:FIRST]
    said += [_cause(one) for one in largest]
    if largest and found["hurts"][0] != largest[0]:
        said.append(_heaviest(found["hurts"][0]))
    if found["pauses"]:
        most = found["pauses"][0]
        said.append(
            ngettext(
                "The clocks stood still longest for “%(name)s”: %(days)s working days in all, in %(n)s report.",
                "The clocks stood still longest for “%(name)s”: %(days)s working days in all, in %(n)s reports.",
                most["cases"],
            )
            % {"name": most["name"], "days": days(most["time"]["total"]), "n": most["cases"]}
        )
    if found["handed_cases"]:
        spent = sum(one["time"]["total"] for one in found["hand_overs"])
        said.append(
            ngettext(
                "%(n)s report was handed on between agencies, which took %(days)s working days in all.",
                "%(n)s reports were handed on between agencies, which took %(days)s working days in all.",
                found["handed_cases"],
            )
            % {"n": found["handed_cases"], "days": days(spent)}
        )
    return said


def order() -> str:
    """By which rule the causes are ordered."""
    return _(
        "Ordered by how late each time, measured by the limit of the duty, and by how often: a day weighs more against "
        "a limit of three days than against sixty. The part is of all lateness."
    )


def _heaviest(one: Mapping[str, Any]) -> str:
    values = {"step": one["name"], "agency": one["agency"], "each": days(one["per_pass"])}
    if one["agency"]:
        return _("“%(step)s” at %(agency)s hurts most for its limit: %(each)s working days late each time.") % values
    return _("“%(step)s” hurts most for its limit: %(each)s working days late each time.") % values


def _cause(one: Mapping[str, Any]) -> str:
    values = {
        "step": one["name"],
        "agency": one["agency"],
        "part": number(100 * one["part"], 0),
        "days": days(one["late_days"]),
        "each": days(one["per_pass"]),
        "n": one["cases"],
    }
    if one["agency"]:
        text = ngettext(
            "“%(step)s” at %(agency)s causes %(part)s %% of all lateness: "
            "%(days)s working days in all, in %(n)s report.",
            "“%(step)s” at %(agency)s causes %(part)s %% of all lateness: "
            "%(days)s working days in all, in %(n)s reports.",
            one["cases"],
        )
    else:
        text = ngettext(
            "“%(step)s” causes %(part)s %% of all lateness: %(days)s working days in all, in %(n)s report.",
            "“%(step)s” causes %(part)s %% of all lateness: %(days)s working days in all, in %(n)s reports.",
            one["cases"],
        )
    return text % values


def findings_of_trial(found: Mapping[str, Any]) -> list[str]:
    """What a draft would have changed, in a few sentences."""
    if not found["cases"]:
        return [_("No report of this period has been counted.")]
    overall = found["overall"]
    said = [
        _("Duties kept in time: %(was)s under the versions in force then, %(would)s under this text.")
        % {"was": percent(overall["before"]["share"]), "would": percent(overall["after"]["share"])},
        _("The verdict changes in %(changed)s of %(cases)s reports: %(worse)s get worse, %(better)s better.")
        % {name: found[name] for name in ("changed", "cases", "worse", "better")},
    ]
    moved: Sequence[Mapping[str, Any]] = [one for one in found["steps"] if one["difference"]["value"]]
    for one in sorted(moved, key=lambda row: -abs(row["difference"]["value"]))[:FIRST]:
        text = _("“%(name)s”: %(points)s percentage points.")
        said.append(text % {"name": one["name"], "points": points(one["difference"])})
    return said
