"""What came of trying a draft: frozen results for a table, a page or a report."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import add
from typing import Any, cast, get_args

from salur.insight.lab.bootstrap import Difference, Pattern, Share, compare
from salur.insight.lab.caveats import Caveat
from salur.insight.lab.names import Names
from salur.insight.lab.period import Period
from salur.insight.lab.trial_tally import AgencyId, ChangedCase, Said, TrialTally
from salur.insight.lab.verdicts import LATE, Verdict
from salur.insight.lab.why import Reason, reason_said
from salur.sop.saying import in_words

BEFORE, AFTER = "before", "after"
Numbers = tuple[int, int, int, int, int, int, int, int, int]
"""Of one case in one group: kept and broken before, kept and broken after, obligations before and after, pending before
and after, unknowable."""
Group = tuple[str, str | int | None]
"""A way of grouping, and the step, agency, kind, horizon or channel."""

_ALL: Group = ("overall", "")
_NUMBERS: dict[tuple[Verdict, Verdict], Numbers] = {
    (before, after): (
        *(int(before == "in_time"), int(before in LATE), int(after == "in_time"), int(after in LATE)),
        *(int(before != "absent"), int(after != "absent")),
        *(int(before == "pending"), int(after == "pending"), int(after == "unknowable")),
    )
    for before in get_args(Verdict)
    for after in get_args(Verdict)
}


@dataclass(frozen=True)
class Side:
    """Obligations on one side: decided ones in the share, open ones still in time, and those that nobody can judge."""

    obligations: int
    share: Share
    pending: int
    unknowable: int


@dataclass(frozen=True)
class Compared:
    """One row: a step, agency, kind, horizon, channel or all, before and after. `cases` have such an obligation."""

    code: str
    name: str
    cases: int
    before: Side
    after: Side
    difference: Difference


@dataclass(frozen=True)
class ChangeGroup:
    """How many obligations of a step went from one verdict to another for the same reasons."""

    step: str
    name: str
    before: Verdict
    after: Verdict
    reasons: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class ChangedObligation:
    """One obligation of a listed case; the instants are None where the obligation does not exist."""

    step: str
    name: str
    before: Verdict
    after: Verdict
    due_before: datetime | None
    due_after: datetime | None
    met_before: datetime | None
    met_after: datetime | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ListedCase:
    """A case in which a verdict differs, with every obligation that does."""

    case_id: int
    number: str
    kind: str
    agency_id: AgencyId
    agency: str
    changes: tuple[ChangedObligation, ...]


@dataclass(frozen=True)
class Week:
    """One ISO week: its Monday, and the obligations that are due in it."""

    monday: date
    before: int
    after: int

    @property
    def label(self) -> str:
        """As people write it: 2026-W07."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02}"


@dataclass(frozen=True)
class Workload:
    """Obligations due from an actor, week by week without gaps, and the fullest week on each side."""

    actor: str
    name: str
    before: int
    after: int
    peak_before: Week
    peak_after: Week
    weeks: tuple[Week, ...]


@dataclass(frozen=True)
class Rung:
    """How often a rung of a step's ladder was reached; of those reached on both sides, how many earlier or later."""

    step: str
    name: str
    rung: int
    to: str
    to_name: str
    before: int
    after: int
    earlier: int
    later: int


@dataclass(frozen=True)
class Simulation:
    """A draft tried on a period. Nothing of it was written anywhere.

    `changed` cases have an obligation whose verdict differs; `worse` have more that are late, `better` fewer. `listed`
    holds the foremost of them, `changed` counts all.
    """

    period: Period
    seed: int
    title: str
    version: int
    sha256: str
    cases: int
    open_cases: int
    overall: Compared
    steps: tuple[Compared, ...]
    agencies: tuple[Compared, ...]
    kinds: tuple[Compared, ...]
    horizons: tuple[Compared, ...]
    channels: tuple[Compared, ...]
    changed: int
    worse: int
    better: int
    groups: tuple[ChangeGroup, ...]
    listed: tuple[ListedCase, ...]
    workload: tuple[Workload, ...]
    escalations: tuple[Rung, ...]
    caveats: tuple[Caveat, ...]


class Tables:
    """The verdicts of both sides, grouped in every way at once."""

    def __init__(self, tally: TrialTally, seed: int) -> None:
        self._seed = seed
        self._groups: dict[Group, Counter[Numbers]] = defaultdict(Counter)
        known: dict[tuple[Said, ...], dict[Group, Numbers]] = {}
        for (kind, horizon, channel, said), cases in tally.verdicts.items():
            numbers = known.get(said)
            if numbers is None:
                numbers = known[said] = _numbers_of(said)
            for group, counted in numbers.items():
                self._groups[group][counted] += cases
            for group in (("kind", kind), ("horizon", horizon), ("channel", channel)) if said else ():
                self._groups[group][numbers[_ALL]] += cases

    def rows(self, dimension: str, name: Callable[[Any], str]) -> tuple[Compared, ...]:
        """The rows of one way of grouping, those whose share falls most first."""
        rows = [self._row(group, name) for group in list(self._groups) if group[0] == dimension]
        return tuple(sorted(rows, key=lambda row: (row.difference.value or 0.0, -row.cases, row.code)))

    def overall(self) -> Compared:
        """All obligations together."""
        return self._row(_ALL, str)

    def _row(self, group: Group, name: Callable[[Any], str]) -> Compared:
        counted, code = self._groups[group], group[1]
        patterns: Counter[Pattern] = Counter()
        sums = [0] * 5
        for numbers, cases in counted.items():
            patterns[numbers[:4]] += cases
            sums = [whole + cases * part for whole, part in zip(sums, numbers[4:], strict=True)]
        before, after, difference = compare(patterns, self._seed, f"{group[0]}:{code}")
        return Compared(
            code="" if code is None else str(code),
            name=name(code),
            cases=counted.total(),
            before=Side(sums[0], before, sums[2], 0),
            after=Side(sums[1], after, sums[3], sums[4]),
            difference=difference,
        )


def _numbers_of(said: tuple[Said, ...]) -> dict[Group, Numbers]:
    """The numbers of one case in all, by step and by agency."""
    found: dict[Group, Numbers] = {}
    for step, agency, before, after in said:
        of_one = _NUMBERS[before, after]
        for group in (_ALL, ("step", step), ("agency", agency)):
            known = found.get(group)
            found[group] = of_one if known is None else cast("Numbers", tuple(map(add, known, of_one)))
    return found


def workload(tally: TrialTally, names: Names) -> tuple[Workload, ...]:
    """Obligations due per actor and ISO week, the actor with most first."""
    actors: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    for (side, actor, week), count in tally.due.items():
        actors[actor][side, week] += count
    found = []
    for actor, due in actors.items():
        known = [week for _, week in due]
        weeks = tuple(
            Week(date.fromordinal(week * 7 + 1), due[BEFORE, week], due[AFTER, week])
            for week in range(min(known), max(known) + 1)
        )
        found.append(
            Workload(
                actor=actor,
                name=names.actor(actor),
                before=sum(week.before for week in weeks),
                after=sum(week.after for week in weeks),
                peak_before=max(weeks, key=lambda week: week.before),
                peak_after=max(weeks, key=lambda week: week.after),
                weeks=weeks,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.before - one.after, one.actor)))


def rungs(tally: TrialTally, names: Names) -> tuple[Rung, ...]:
    """Escalations on both sides, by step and rung."""
    keys = {(step, number, to) for step, number, to, _ in tally.rungs}
    return tuple(
        Rung(
            *(step, names.step(step), number, to, names.actor(to)),
            *(tally.rungs[step, number, to, what] for what in (BEFORE, AFTER, "earlier", "later")),
        )
        for step, number, to in sorted(keys)
    )


def groups(tally: TrialTally, names: Names) -> tuple[ChangeGroup, ...]:
    """The changes of verdict by step and reasons, the most frequent first."""
    found = [
        ChangeGroup(step, names.step(step), before, after, _why(reasons, names), count)
        for (step, before, after, reasons), count in tally.groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.step, one.before, one.after, one.reasons)))


def listed(cases: Iterable[ChangedCase], names: Names) -> tuple[ListedCase, ...]:
    """The changed cases that were kept, with names."""
    return tuple(
        ListedCase(
            case_id=one.case_id,
            number=one.number,
            kind=names.kind(one.kind),
            agency_id=one.agency_id,
            agency=names.agency(one.agency_id),
            changes=tuple(
                ChangedObligation(
                    *(change.code, names.step(change.code), change.before, change.after),
                    *(change.due_before, change.due_after, change.met_before, change.met_after),
                    _why(change.reasons, names),
                )
                for change in one.changes
            ),
        )
        for one in cases
    )


def _why(reasons: tuple[Reason, ...], names: Names) -> tuple[str, ...]:
    return tuple(in_words(reason_said(reason, names.pause)) for reason in reasons)
