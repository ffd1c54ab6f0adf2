"""Where it hurts: what was late in a period, by how long, in which step, and where the time went."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from salur.insight.lab.bootstrap import Pattern, Share, compare
from salur.insight.lab.caveats import Caveat, left_out
from salur.insight.lab.counted import Spread, spread
from salur.insight.lab.counting import chunked, count, job_of, nobody_cancels, nobody_watches
from salur.insight.lab.hurts_tally import AgencyId, HurtsTally, SaidOnce
from salur.insight.lab.names import Names
from salur.insight.lab.period import Period
from salur.insight.lab.ranking import Cause, Counts, causes
from salur.insight.lab.verdicts import Verdict
from salur.insight.lab.workdays import HUNDREDTHS
from salur.insight.lab.workers import Cancel, Progress

SEED = 1
Table = tuple["Kept", ...]
Group = tuple[str, str | int | None]
"""A way of grouping, and the step, agency, kind, horizon or channel."""

_ALL: Group = ("overall", "")
_VERDICTS: tuple[Verdict, ...] = ("in_time", "met_late", "overdue", "lapsed_late", "pending", "ended")
"""The kept one first, then the late ones."""


@dataclass(frozen=True)
class Kept:
    """One row: how the obligations of a step, agency, kind, horizon or channel were kept.

    `obligations` = in_time + met_late + overdue (still open) + lapsed_late (ended undone) + pending (open, in time) +
    ended (undone, before they were due). `share` counts in_time against everything late; `lateness` is in working days
    of the calendar that the obligation counts on.
    """

    code: str
    name: str
    obligations: int
    in_time: int
    met_late: int
    overdue: int
    lapsed_late: int
    pending: int
    ended: int
    share: Share
    lateness: Spread

    @property
    def met(self) -> int:
        """Done, in time or not."""
        return self.in_time + self.met_late

    @property
    def breached(self) -> int:
        """Late in any way."""
        return self.met_late + self.overdue + self.lapsed_late

    @property
    def still_open(self) -> int:
        """Still to be done at the cut-off."""
        return self.overdue + self.pending


@dataclass(frozen=True)
class Stretch:
    """From one fact to the next, with its part of the lateness of a cause."""

    began: str
    ended: str
    began_name: str
    ended_name: str
    part: float


@dataclass(frozen=True)
class Hurt:
    """One cause of lateness; see `ranking.Cause`. `agency` is empty where no agency stands out.

    `late_days` and `per_pass` (each time a case goes through the step) are working days; `part`: of all lateness of the
    period. `cases` were made late by it.
    """

    step: str
    name: str
    agency_id: AgencyId
    agency: str
    late_days: float
    per_pass: float
    part: float
    passes: int
    cases: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Node:
    """A place on the process map: a kind of fact, and how often it came."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Edge:
    """A way on the process map: how often it was taken, the working days it took (pauses left out), its part of all."""

    began: str
    ended: str
    began_name: str
    ended_name: str
    time: Spread
    part: float


@dataclass(frozen=True)
class ProcessMap:
    """How cases went from fact to fact; nodes by count, edges by the time they took in all."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class PauseCost:
    """How long the clocks stood still for a reason, in working days, and in how many cases."""

    reason: str
    name: str
    time: Spread
    cases: int


@dataclass(frozen=True)
class HandOverCost:
    """How long agencies held cases, in working days, before they handed them on to another."""

    from_agency: AgencyId
    from_name: str
    to_agency: AgencyId
    to_name: str
    time: Spread


@dataclass(frozen=True)
class WhereItHurts:
    """Everything the lab says of a period. `spent`: working days by step, whether late or not."""

    period: Period
    cases: int
    open_cases: int
    overall: Kept
    steps: Table
    agencies: Table
    kinds: Table
    horizons: Table
    channels: Table
    hurts: tuple[Hurt, ...]
    spent: tuple[tuple[str, str, float], ...]
    process_map: ProcessMap
    pauses: tuple[PauseCost, ...]
    hand_overs: tuple[HandOverCost, ...]
    handed_cases: int
    caveats: tuple[Caveat, ...]


def where_it_hurts(
    period: Period,
    *,
    seed: int = SEED,
    processes: int | None = None,
    progress: Progress = nobody_watches,
    cancel: Cancel = nobody_cancels,
) -> WhereItHurts:
    """Fold every case of a period under its own version and say what was late, and why. Writes nothing.

    Names are in the language in force. `progress` hears how many cases of how many are done; once `cancel` says so,
    Cancelled is raised. Raises NoCalendar and WorkerFailed.
    """
    versions, chunks = chunked(period)
    tally = count(job_of(period, versions), chunks, processes, progress, cancel)
    assert isinstance(tally, HurtsTally)
    return told(tally, period, Names(period.government_id, list(versions.values())), seed)


def told(tally: HurtsTally, period: Period, names: Names, seed: int) -> WhereItHurts:
    """The counts of a period as tables, causes and map."""
    rows = _Rows(tally, seed)
    return WhereItHurts(
        period=period,
        cases=tally.cases,
        open_cases=tally.open_cases,
        overall=rows.table("overall", str)[0] if tally.cases else rows.nothing(),
        steps=rows.table("step", names.step),
        agencies=rows.table("agency", names.agency),
        kinds=rows.table("kind", names.kind),
        horizons=rows.table("horizon", names.horizon),
        channels=rows.table("channel", names.channel),
        hurts=_hurts(causes(Counts(tally.blame, tally.excess, tally.passed, tally.hurt)), names),
        spent=_spent(tally, names),
        process_map=_map(tally, names),
        pauses=_pauses(tally, names),
        hand_overs=_hand_overs(tally, names),
        handed_cases=tally.handed_cases,
        caveats=left_out(tally.unopened, tally.unbound, tally.unfoldable, tally.open_cases),
    )


class _Rows:
    """The verdicts and the lateness, grouped in every way at once."""

    def __init__(self, tally: HurtsTally, seed: int) -> None:
        self._seed = seed
        self._groups: dict[Group, Counter[tuple[int, ...]]] = defaultdict(Counter)
        self._late: dict[Group, Counter[int]] = defaultdict(Counter)
        known: dict[tuple[SaidOnce, ...], dict[Group, tuple[int, ...]]] = {}
        for (kind, horizon, channel, said), cases in tally.verdicts.items():
            numbers = known.get(said)
            if numbers is None:
                numbers = known[said] = _numbers_of(said)
            for group, counted in numbers.items():
                self._groups[group][counted] += cases
            for group in (("kind", kind), ("horizon", horizon), ("channel", channel)) if said else ():
                self._groups[group][numbers[_ALL]] += cases
        for (step, agency, kind, horizon, channel, by), times in tally.lateness.items():
            for group in (_ALL, ("step", step), ("agency", agency)):
                self._late[group][by] += times
            for group in (("kind", kind), ("horizon", horizon), ("channel", channel)):
                self._late[group][by] += times

    def table(self, dimension: str, name: Callable[[Any], str]) -> Table:
        """The rows of one way of grouping, those with most lateness first."""
        rows = [self._row(group, name) for group in list(self._groups) if group[0] == dimension]
        return tuple(sorted(rows, key=lambda row: (-row.lateness.total, -row.obligations, row.code)))

    def nothing(self) -> Kept:
        """The row of a period without cases."""
        return self._row(_ALL, str)

    def _row(self, group: Group, name: Callable[[Any], str]) -> Kept:
        verdicts: Counter[str] = Counter()
        patterns: Counter[Pattern] = Counter()
        for numbers, cases in self._groups[group].items():
            verdicts.update({verdict: cases * part for verdict, part in zip(_VERDICTS, numbers, strict=True)})
            kept, broken = numbers[0], sum(numbers[1:4])
            patterns[kept, broken, kept, broken] += cases
        share, _, _ = compare(patterns, self._seed, f"{group[0]}:{group[1]}")
        code = group[1]
        return Kept(
            code="" if code is None else str(code),
            name=name(code),
            obligations=verdicts.total(),
            in_time=verdicts["in_time"],
            met_late=verdicts["met_late"],
            overdue=verdicts["overdue"],
            lapsed_late=verdicts["lapsed_late"],
            pending=verdicts["pending"],
            ended=verdicts["ended"],
            share=share,
            lateness=spread(self._late[group]),
        )


def _numbers_of(said: tuple[SaidOnce, ...]) -> dict[Group, tuple[int, ...]]:
    """How often each verdict came in one case, in all, by step and by agency."""
    found: dict[Group, list[int]] = {}
    for step, agency, verdict in said:
        for group in (_ALL, ("step", step), ("agency", agency)):
            found.setdefault(group, [0] * len(_VERDICTS))[_VERDICTS.index(verdict)] += 1
    return {group: tuple(numbers) for group, numbers in found.items()}


def _hurts(found: list[Cause], names: Names) -> tuple[Hurt, ...]:
    total = sum(one.late_days for one in found) or 1.0
    return tuple(
        Hurt(
            step=one.step,
            name=names.step(one.step),
            agency_id=one.agency_id,
            agency="" if one.agency_id is None else names.agency(one.agency_id),
            late_days=one.late_days,
            per_pass=one.per_pass,
            part=one.late_days / total,
            passes=one.passes,
            cases=one.cases,
            stretches=tuple(
                Stretch(began, ended, names.fact(began), names.fact(ended), part)
                for began, ended, part in one.stretches
            ),
        )
        for one in found
    )


def _spent(tally: HurtsTally, names: Names) -> tuple[tuple[str, str, float], ...]:
    by_step: Counter[str] = Counter()
    for (step, _), took in tally.spent.items():
        by_step[step] += took
    return tuple((step, names.step(step), took / HUNDREDTHS) for step, took in by_step.most_common())


def _map(tally: HurtsTally, names: Names) -> ProcessMap:
    times: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for (began, ended, took), often in tally.edges.items():
        times[began, ended][took] += often
    spreads = {way: spread(counted) for way, counted in times.items()}
    total = sum(one.total for one in spreads.values()) or 1.0
    edges = [
        Edge(began, ended, names.fact(began), names.fact(ended), one, one.total / total)
        for (began, ended), one in spreads.items()
    ]
    nodes = tuple(Node(code, names.fact(code), often) for code, often in _ordered(tally.nodes))
    return ProcessMap(nodes, tuple(sorted(edges, key=lambda one: (-one.time.total, one.began, one.ended))))


def _ordered(counter: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))


def _pauses(tally: HurtsTally, names: Names) -> tuple[PauseCost, ...]:
    times: dict[str, Counter[int]] = defaultdict(Counter)
    for (reason, took), often in tally.pauses.items():
        times[reason][took] += often
    found = [
        PauseCost(reason, names.pause(reason), spread(counted), tally.paused_cases[reason])
        for reason, counted in times.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.time.total, one.reason)))


def _hand_overs(tally: HurtsTally, names: Names) -> tuple[HandOverCost, ...]:
    times: dict[tuple[AgencyId, AgencyId], Counter[int]] = defaultdict(Counter)
    for (giver, taker, took), often in tally.hand_overs.items():
        times[giver, taker][took] += often
    found = [
        HandOverCost(giver, names.agency(giver), taker, names.agency(taker), spread(counted))
        for (giver, taker), counted in times.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.time.total, one.from_name, one.to_name)))
