"""What hurts most: the steps by the lateness they caused, and the agency where it is one. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from salur.insight.lab.workdays import HUNDREDTHS

AgencyId = int | str | None

STANDS_OUT = 2.5
"""So many times as late as usual each time, an agency is named by itself."""
TWICE = 2.0
"""... and so many times as late as all together: where hardly anybody is late, much is more than usual."""
OFTEN_ENOUGH = 10
"""Cases: what happened less often says little of a step, and weighs less."""


@dataclass(frozen=True)
class Cause:
    """A step that made obligations late: in one agency that stands out, or (`agency_id` None) in all others.

    `late_days`: working days by which it made obligations late. `limits`: the same, each obligation measured by its
    own limit, for three days are much against a limit of one and little against sixty. `passes`: how often cases went
    through the step. `stretches`: from which fact to which that time went, with its part of the lateness, the largest
    first.
    """

    step: str
    agency_id: AgencyId
    late_days: float
    limits: float
    passes: int
    cases: int
    stretches: tuple[tuple[str, str, float], ...]

    @property
    def per_pass(self) -> float:
        """Working days of lateness each time a case goes through the step."""
        return self.late_days / max(self.passes, 1)

    @property
    def weight(self) -> float:
        """How late each time, times the root of how late in all: a rare step must be much later to be named first."""
        return self.limits / (self.passes + OFTEN_ENOUGH) * sqrt(max(self.limits, 0.0))


@dataclass(frozen=True)
class Counts:
    """What was counted by step and agency; lateness in hundredths."""

    blame: Mapping[tuple[str, str, str, AgencyId], int]
    excess: Mapping[tuple[str, AgencyId], int]
    passed: Mapping[tuple[str, AgencyId], int]
    hurt: Mapping[tuple[str, AgencyId], int]


def causes(counts: Counts) -> list[Cause]:
    """The causes of lateness by weight, the heaviest first."""
    steps: dict[str, set[AgencyId]] = defaultdict(set)
    for step, agency in (*counts.excess, *counts.passed):
        steps[step].add(agency)
    found = [cause for step, agencies in steps.items() for cause in _of_step(step, agencies, counts)]
    return sorted(found, key=lambda one: (-one.weight, -one.late_days, one.step, str(one.agency_id)))


def _of_step(step: str, agencies: set[AgencyId], counts: Counts) -> list[Cause]:
    times = {agency: counts.passed.get((step, agency), 0) for agency in agencies}
    rates = {agency: (counts.excess.get((step, agency), 0) / max(often, 1), often) for agency, often in times.items()}
    usual = _usual(list(rates.values()))
    mean = sum(counts.excess.get((step, agency), 0) for agency in agencies) / max(sum(times.values()), 1)
    least = max(STANDS_OUT * usual, TWICE * mean)
    alone = {
        agency
        for agency, (rate, _) in rates.items()
        if rate > least and counts.hurt.get((step, agency), 0) >= OFTEN_ENOUGH
    }
    if len(alone) * 2 > len(agencies):  # most agencies: that is no longer the one that stands out
        alone = set()
    parts = [_cause(step, agency, {agency}, counts) for agency in sorted(alone, key=str)]
    return [one for one in (*parts, _cause(step, None, agencies - alone, counts)) if one.late_days > 0]


def _cause(step: str, named: AgencyId, agencies: set[AgencyId], counts: Counts) -> Cause:
    stretches: Counter[tuple[str, str]] = Counter()
    for (name, began, ended, agency), late in counts.blame.items():
        if name == step and agency in agencies:
            stretches[began, ended] += late
    total = stretches.total()
    ways = sorted(stretches.items(), key=lambda pair: (-pair[1], pair[0]))
    return Cause(
        step=step,
        agency_id=named,
        late_days=total / HUNDREDTHS,
        limits=sum(counts.excess.get((step, agency), 0) for agency in agencies) / HUNDREDTHS,
        passes=sum(counts.passed.get((step, agency), 0) for agency in agencies),
        cases=sum(counts.hurt.get((step, agency), 0) for agency in agencies),
        stretches=tuple((began, ended, late / total) for (began, ended), late in ways if began and late),
    )


def _usual(rates: Sequence[tuple[float, int]]) -> float:
    """The lateness each time in the middle of all agencies, each weighing as often as cases went through it."""
    half = sum(times for _, times in rates) / 2
    passed = 0
    for rate, times in sorted(rates):
        passed += times
        if passed >= half:
            return rate
    return 0.0
