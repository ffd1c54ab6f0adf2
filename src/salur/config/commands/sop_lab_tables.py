"""What the lab found, as lines of text for a terminal, in the language in force."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from salur.insight.lab.bootstrap import Difference, Share
from salur.insight.lab.caveats import Caveat
from salur.insight.lab.counted import Spread
from salur.insight.lab.hurts import Hurt, Kept, WhereItHurts
from salur.insight.lab.period import Period
from salur.insight.lab.shown import number, order
from salur.insight.lab.trial import Compared, Simulation

SHOWN = 12
"""Rows of a table on the screen; --json has them all."""
WIDEST = 46
"""Characters of a name."""

_VERDICTS = {
    "in_time": gettext_noop("in time"),
    "met_late": gettext_noop("late"),
    "overdue": gettext_noop("overdue"),
    "lapsed_late": gettext_noop("late and undone"),
    "pending": gettext_noop("pending"),
    "ended": gettext_noop("ended before it was due"),
    "unknowable": gettext_noop("not knowable"),
    "absent": gettext_noop("no obligation"),
}


_GROUPS = (
    ("steps", gettext_noop("By step")),
    ("agencies", gettext_noop("By agency")),
    ("kinds", gettext_noop("By kind")),
    ("horizons", gettext_noop("By horizon")),
    ("channels", gettext_noop("By channel")),
)
"""The tables of both results, by the field that holds their rows."""


def simulation_lines(found: Simulation) -> Iterator[str]:
    """A simulation: compliance on both sides, what changes and why, workload, escalations, what is not known."""
    yield _("%(title)s, version %(version)s, tried on the past") % {"title": found.title, "version": found.version}
    yield from _period(found.period, found.cases, found.open_cases)
    if not found.cases:
        yield from _caveats(found.caveats)
        return
    yield from _compared(_("All"), [found.overall], _("All obligations"))
    for name, title in _GROUPS:
        yield from _compared(_(title), getattr(found, name))
    yield from _changes(found)
    yield from _load(found)
    yield from _caveats(found.caveats)


def hurts_lines(found: WhereItHurts) -> Iterator[str]:
    """Where it hurts: the causes of lateness, how obligations were kept, where the time went."""
    yield _("Where it hurts")
    yield from _period(found.period, found.cases, found.open_cases)
    if not found.cases:
        yield from _caveats(found.caveats)
        return
    yield from _causes(found.hurts)
    yield from _kept(_("All"), [found.overall], _("All obligations"))
    for name, title in _GROUPS:
        yield from _kept(_(title), getattr(found, name))
    yield from _ways(found)
    yield from _caveats(found.caveats)


def _period(period: Period, cases: int, still_open: int) -> Iterator[str]:
    filled = {
        "since": _instant(period.since),
        "until": _instant(period.until),
        "now": _instant(period.now),
        "cases": _number(cases),
        "open": _number(still_open),
    }
    yield _("Reports from %(since)s to %(until)s, as known at %(now)s") % filled
    if cases:
        yield _("%(cases)s reports, %(open)s of them still open") % filled
    else:
        yield _("There are no reports in this period.")


def _compared(title: str, rows: Sequence[Compared], name: str = "") -> Iterator[str]:
    yield from _table(
        title,
        (_("Obligations"), _("Before"), _("After"), _("Difference"), _("Not knowable")),
        [
            (
                name or row.name,
                _number(row.before.obligations),
                _share(row.before.share),
                _share(row.after.share),
                _difference(row.difference),
                _number(row.after.unknowable),
            )
            for row in rows
        ],
    )


def _changes(found: Simulation) -> Iterator[str]:
    yield ""
    yield _("%(changed)s reports change: %(worse)s are late more often, %(better)s less often") % {
        "changed": _number(found.changed),
        "worse": _number(found.worse),
        "better": _number(found.better),
    }
    yield from _table(
        _("What changes"),
        (_("Obligations"), _("Before"), _("After"), _("Why")),
        [
            (one.name, _number(one.count), _(_VERDICTS[one.before]), _(_VERDICTS[one.after]), "; ".join(one.reasons))
            for one in found.groups
        ],
    )
    yield from _table(
        _("Reports, the foremost first"),
        (_("Agency"), _("Step"), _("Before"), _("After"), _("Due before"), _("Due after")),
        [
            (
                *(case.number, case.agency, change.name, _(_VERDICTS[change.before]), _(_VERDICTS[change.after])),
                *(_instant(change.due_before), _instant(change.due_after)),
            )
            for case in found.listed
            for change in case.changes
        ],
    )


def _load(found: Simulation) -> Iterator[str]:
    yield from _table(
        _("Workload: obligations due"),
        (_("Before"), _("After"), _("Fullest week before"), _("Fullest week after")),
        [
            (
                *(one.name, _number(one.before), _number(one.after)),
                f"{one.peak_before.label}: {_number(one.peak_before.before)}",
                f"{one.peak_after.label}: {_number(one.peak_after.after)}",
            )
            for one in found.workload
        ],
    )
    yield from _table(
        _("Escalations"),
        (_("Called"), _("Before"), _("After"), _("Earlier"), _("Later")),
        [
            (f"{one.name} ({one.rung})", one.to_name, *map(_number, (one.before, one.after, one.earlier, one.later)))
            for one in found.escalations
        ],
    )


def _causes(hurts: Sequence[Hurt]) -> Iterator[str]:
    yield ""
    yield _("What hurts most") if hurts else _("Nothing was late.")
    if hurts:
        yield "  " + order()
    for place, one in enumerate(hurts[:SHOWN], start=1):
        yield f"{place:3}. {cause_said(one)}"
        if one.stretches:
            first = one.stretches[0]
            yield "     " + _("%(part)s %% of it between: %(began)s → %(ended)s") % {
                "part": _decimal(first.part * 100, 0),
                "began": first.began_name,
                "ended": first.ended_name,
            }


def cause_said(one: Hurt) -> str:
    """One cause of lateness as a sentence."""
    filled = {
        "step": one.name,
        "agency": one.agency,
        "days": _decimal(one.late_days),
        "cases": _number(one.cases),
        "each": _decimal(one.per_pass, 2),
        "part": _decimal(one.part * 100, 0),
    }
    if one.agency:
        text = _(
            "%(step)s at %(agency)s: %(days)s working days late in all (%(part)s %%), %(each)s each time, "
            "in %(cases)s reports"
        )
        return text % filled
    text = _("%(step)s: %(days)s working days late in all (%(part)s %%), %(each)s each time, in %(cases)s reports")
    return text % filled


def _kept(title: str, rows: Sequence[Kept], name: str = "") -> Iterator[str]:
    yield from _table(
        title,
        (
            *(_("Obligations"), _("Met"), _("Late"), _("Open"), _("In time")),
            *(_("Late: median"), _("Late: 90 %"), _("Late: sum")),
        ),
        [
            (
                name or row.name,
                *map(_number, (row.obligations, row.met, row.breached, row.still_open)),
                _share(row.share),
                *_spread(row.lateness),
            )
            for row in rows
        ],
    )


def _ways(found: WhereItHurts) -> Iterator[str]:
    yield from _table(
        _("Where the time goes (working days)"),
        (_("Times"), _("Median"), _("90 %"), _("Sum"), _("Part")),
        [
            (
                f"{edge.began_name} → {edge.ended_name}",
                *(_number(edge.time.count), *_spread(edge.time), f"{_decimal(edge.part * 100)} %"),
            )
            for edge in found.process_map.edges
        ],
        widest=2 * WIDEST,
    )
    yield from _table(
        _("Pauses (working days)"),
        (_("Reports"), _("Median"), _("90 %"), _("Sum")),
        [(one.name, _number(one.cases), *_spread(one.time)) for one in found.pauses],
    )
    yield from _table(
        _("Hand-overs: working days until the report was handed on"),
        (_("To"), _("Times"), _("Median"), _("90 %"), _("Sum")),
        [(one.from_name, one.to_name, _number(one.time.count), *_spread(one.time)) for one in found.hand_overs],
    )


def _caveats(caveats: Iterable[Caveat]) -> Iterator[str]:
    told = [f"  - {one.said} ({_number(one.count)})" if one.count else f"  - {one.said}" for one in caveats]
    if told:
        yield ""
        yield _("What cannot be known from history")
        yield from told


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, widest: int = WIDEST) -> Iterator[str]:
    """A table whose first column has no head but the title; numbers stand right, what is too long is cut."""
    if not rows:
        return
    shown = [[_cut(cell, widest if not place else 200) for place, cell in enumerate(row)] for row in rows[:SHOWN]]
    widths = [max(map(len, column)) for column in zip([title, *head], *shown, strict=True)]
    yield ""
    for row in ([title, *head], *shown):
        cells = [
            cell.ljust(width) if not place or not _numeric(shown, place) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
    if len(rows) > SHOWN:
        yield "  " + _("and %(more)s more; --json shows all") % {"more": _number(len(rows) - SHOWN)}


def _numeric(rows: Sequence[Sequence[str]], place: int) -> bool:
    return all(not row[place] or row[place][0] in "-+0123456789–" for row in rows)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _share(one: Share) -> str:
    if one.share is None or one.low is None or one.high is None:
        return "–"
    low, high = _decimal(one.low * 100), _decimal(one.high * 100)
    return f"{_decimal(one.share * 100)} % ({low}–{high})"


def _difference(one: Difference) -> str:
    if one.value is None or one.low is None or one.high is None:
        return "–"
    low, high = _decimal(one.low * 100), _decimal(one.high * 100)
    sign = "+" if one.value > 0 else ""
    return f"{sign}{_decimal(one.value * 100)} ({low} … {high})"


def _spread(one: Spread) -> tuple[str, str, str]:
    return _decimal(one.median), _decimal(one.p90), _decimal(one.total)


def _decimal(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else number(value, digits)


def _number(value: int) -> str:
    return str(formats.number_format(value, force_grouping=True))


def _instant(at: datetime | None) -> str:
    return "–" if at is None else str(formats.date_format(at, "j M Y H:i"))
