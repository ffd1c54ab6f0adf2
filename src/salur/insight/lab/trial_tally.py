"""Folds one case after the other under its own version and under a draft, and counts what differs. Pure."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from salur.insight.lab.counted import Sifted
from salur.insight.lab.history import Journal
from salur.insight.lab.verdicts import LATE, Verdict, verdict_of
from salur.insight.lab.why import Reason, reasons_for
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars
from salur.sop.engine.fold import fold
from salur.sop.engine.state import CaseState, ObligationState
from salur.worktime.deadline import DeadlineError

AgencyId = int | str | None
Pair = tuple[ObligationState | None, ObligationState | None]
Said = tuple[str, AgencyId, Verdict, Verdict]
"""Step, agency, verdict before and after."""


@dataclass(frozen=True, slots=True)
class Change:
    """One obligation of a case whose verdict differs. Instants are None where there is no such obligation."""

    code: str
    before: Verdict
    after: Verdict
    due_before: datetime | None
    due_after: datetime | None
    met_before: datetime | None
    met_after: datetime | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """A case in which a verdict differs."""

    case_id: int
    number: str
    kind: str
    agency_id: AgencyId
    changes: tuple[Change, ...]


@dataclass
class TrialTally(Sifted):
    """What is counted of a comparison.

    `verdicts` counts cases that are alike: (kind, horizon, channel, ((step, agency, before, after), ...)). `due` counts
    obligations by (side, actor, week), the week as days since the year 1 divided by seven. `rungs` counts rungs by
    (step, rung, to, what): before, after, or how both compare (earlier, later). `odd` counts cases by caveat.
    """

    changed: int = 0
    worse: int = 0
    better: int = 0
    verdicts: Counter[tuple[str, str, str, tuple[Said, ...]]] = field(default_factory=Counter)
    groups: Counter[tuple[str, Verdict, Verdict, tuple[Reason, ...]]] = field(default_factory=Counter)
    due: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    rungs: Counter[tuple[str, int, str, str]] = field(default_factory=Counter)
    odd: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: list[tuple[int, int, ChangedCase]] = field(default_factory=list)
    keep: int = 0

    def merge(self, other: "TrialTally") -> None:
        """Add another's counts; of the changed cases the foremost are kept."""
        keep = self.keep
        super().merge(other)
        self.keep = keep
        self.kept = heapq.nsmallest(keep, [*self.kept, *other.kept], key=_place)

    def foremost(self) -> list[ChangedCase]:
        """The changed cases that are listed."""
        return [case for _, _, case in heapq.nsmallest(self.keep, self.kept, key=_place)]


class TrialCounter:
    """Adds up a comparison of a draft with the versions that the cases are on.

    `unknowable` names by version the obligations of the draft that its cases cannot be judged by; `keep` is how many
    changed cases are kept with their obligations, those that become late before those that no longer are.
    """

    def __init__(
        self,
        versions: Mapping[int, SopDocument],
        draft: SopDocument,
        calendars: Calendars,
        now: datetime,
        unknowable: Mapping[int, frozenset[str]],
        keep: int,
    ) -> None:
        self.tally = TrialTally(keep=keep)
        self._versions, self._draft, self._calendars, self._now = versions, draft, calendars, now
        self._unknowable = unknowable
        self._stricter = {version: _Stricter(own, draft) for version, own in versions.items()}
        self._reasons: dict[tuple[object, ...], tuple[Reason, ...]] = {}
        self._same: dict[Said, Said] = {}  # equal ones are one object, for they are kept many times

    def add(self, journal: Journal) -> None:
        """Fold one case on both sides and count it."""
        tally = self.tally
        version = tally.version_of(journal)
        if version is None:
            return
        own = self._versions[version]
        try:
            before = fold(journal.facts, own, self._calendars, self._now)
            after = fold(journal.facts, self._draft, self._calendars, self._now)
        except DeadlineError:
            tally.unfoldable += 1
            return
        tally.cases += 1
        tally.open_cases += before.closed_at is None
        self._count_due("before", before.obligations)
        self._count_due("after", after.obligations)
        self._count_oddities(journal, self._stricter[version], before, after)
        unknowable = self._unknowable.get(version, frozenset())
        said: list[Said] = []
        changes: list[tuple[Said, Pair]] = []
        for pair in _pairs(before.obligations, after.obligations):
            one = _said(pair, unknowable)
            said.append(self._same.setdefault(one, one))
            if one[2] != one[3]:
                changes.append((one, pair))
            if pair[0] is not None and pair[0].escalations or pair[1] is not None and pair[1].escalations:
                self._count_rungs(pair, one)
        tally.verdicts[before.kind, before.horizon, journal.channel, tuple(said)] += 1
        if changes:
            self._count_changes(journal, before, changes)

    def _count_due(self, side: str, obligations: Sequence[ObligationState]) -> None:
        due = self.tally.due
        for one in obligations:
            # What ended before its instant came was never due.
            if not one.superseded or one.breached:
                due[side, one.actor, (one.due_at.toordinal() - 1) // 7] += 1

    def _count_rungs(self, pair: Pair, said: Said) -> None:
        before = {rung.rung: rung for rung in pair[0].escalations if rung.reached} if pair[0] else {}
        known = pair[1] is not None and said[3] != "unknowable"
        after = {rung.rung: rung for rung in pair[1].escalations if rung.reached} if known and pair[1] else {}
        rungs = self.tally.rungs
        for number, rung in before.items():
            rungs[said[0], number, rung.to, "before"] += 1
        for number, rung in after.items():
            rungs[said[0], number, rung.to, "after"] += 1
            was = before.get(number)
            if was is not None and was.at != rung.at:
                rungs[said[0], number, rung.to, "earlier" if rung.at < was.at else "later"] += 1

    def _count_changes(self, journal: Journal, state: CaseState, changes: Sequence[tuple[Said, Pair]]) -> None:
        tally = self.tally
        told = []
        for (code, _, was, now), (before, after) in changes:
            reasons = self._why(journal, code, state, before, after)
            tally.groups[code, was, now, reasons] += 1
            told.append(
                Change(
                    *(code, was, now),
                    *(before.due_at if before else None, after.due_at if after else None),
                    *(before.met_at if before else None, after.met_at if after else None),
                    reasons,
                )
            )
        late = sum((one.after in LATE) - (one.before in LATE) for one in told)
        tally.changed += 1
        tally.worse += late > 0
        tally.better += late < 0
        case = ChangedCase(journal.case_id, journal.number, state.kind, state.agency_id, tuple(told))
        tally.kept.append((0 if late > 0 else 1 if late < 0 else 2, journal.case_id, case))
        if len(tally.kept) > 2 * tally.keep + 100:
            tally.kept = heapq.nsmallest(tally.keep, tally.kept, key=_place)

    def _why(
        self,
        journal: Journal,
        code: str,
        state: CaseState,
        before: ObligationState | None,
        after: ObligationState | None,
    ) -> tuple[Reason, ...]:
        paused = frozenset(str(fact.data.get("reason")) for fact in journal.facts if fact.kind == "case.held")
        sides = (before is not None, after is not None)
        key = (journal.version_id, code, state.kind, journal.channel, paused, state.reopened_count > 0, sides)
        found = self._reasons.get(key)
        if found is None:
            assert journal.version_id is not None
            own = self._versions[journal.version_id]
            found = self._reasons[key] = reasons_for(
                code,
                own,
                self._draft,
                kind=state.kind,
                channel=journal.channel,
                paused=paused,
                reopened=state.reopened_count > 0,
                was_there=sides[0],
                is_there=sides[1],
            )
        return found

    def _count_oddities(self, journal: Journal, stricter: "_Stricter", before: CaseState, after: CaseState) -> None:
        """What in this case history cannot tell, as (caveat, detail)."""
        odd = self.tally.odd
        if after.flags:
            odd.update((flag.code, flag.detail) for flag in set(after.flags) - set(before.flags))
        outcome = before.outcome
        if before.closed_at is not None:
            if stricter.silence and before.closed_by == "system":
                odd["silence", ""] += 1
            if outcome in stricter.evidence and not before.evidence:
                odd["evidence", outcome] += 1
            if outcome in stricter.second_person:
                odd["second_person", outcome] += 1
            if outcome in stricter.citizen_confirms and before.closed_by == "officer":
                odd["citizen_confirms", outcome] += 1
        if stricter.bounces is not None and before.handovers > stricter.bounces:
            odd["bounce_limit", ""] += 1
        if journal.facts[0].data.get("imported"):
            odd["imported", ""] += 1


def _said(pair: Pair, unknowable: frozenset[str]) -> Said:
    """The verdicts on both sides; what is unknowable was at least not done."""
    before, after = pair
    one = before or after
    assert one is not None
    verdict = verdict_of(after) if after else "absent"
    if after and after.met_at is None and one.code in unknowable:
        verdict = "unknowable"
    return one.code, one.agency_id, verdict_of(before) if before else "absent", verdict


class _Stricter:
    """What a draft asks that a version did not, and that no fold can supply.

    Whether silence closes at another time; the outcomes for which evidence, a second person or the citizen's word is
    new; how many hand-overs it allows, where that is fewer.
    """

    def __init__(self, own: SopDocument, draft: SopDocument) -> None:
        old, new = own.closure, draft.closure
        self.silence = (old.after_answer, old.after_question) != (new.after_answer, new.after_question)
        self.evidence = frozenset(new.evidence) - frozenset(old.evidence)
        self.second_person = frozenset(new.second_person) - frozenset(old.second_person)
        self.citizen_confirms = frozenset(new.citizen_confirms) - frozenset(old.citizen_confirms)
        fewer = draft.handover.bounce_limit < own.handover.bounce_limit
        self.bounces = draft.handover.bounce_limit if fewer else None


def _pairs(before: Sequence[ObligationState], after: Sequence[ObligationState]) -> Iterator[Pair]:
    """The same obligation on both sides: by code and starting fact, else by code and turn; the rest stands alone."""
    if [one[:1] + one[4:5] for one in before] == [one[:1] + one[4:5] for one in after]:
        yield from zip(before, after, strict=True)
        return
    by_key = {(one.code, one.started_by): one for one in after}
    rest: dict[str, list[ObligationState]] = defaultdict(list)
    taken = {(one.code, one.started_by) for one in before}
    for one in after:
        if (one.code, one.started_by) not in taken:
            rest[one.code].append(one)
    for one in before:
        other = by_key.get((one.code, one.started_by))
        if other is None and rest[one.code]:
            other = rest[one.code].pop(0)
        yield one, other
    for left in rest.values():
        yield from ((None, one) for one in left)


def _place(kept: tuple[int, int, ChangedCase]) -> tuple[int, int]:
    return kept[:2]
