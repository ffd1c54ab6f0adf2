"""Counts in one case after the other what was late, and which step took the time. Pure.

The lateness of an obligation is laid on the steps that took the time between its start and its end, each by the working
time it took. So a slow verification is named when the answer is late for it, and not only the answer.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import get_args

from salur.insight.lab.counted import Sifted
from salur.insight.lab.history import Journal
from salur.insight.lab.timeline import OPEN, Standstill, Stop, hand_ons, said_at, standstills, way
from salur.insight.lab.verdicts import LATE, Verdict, verdict_of
from salur.insight.lab.workdays import HUNDREDTHS, AllWorkDays
from salur.sop.document.model import SopDocument
from salur.sop.document.rules import Obligation
from salur.sop.engine.clocks import Calendars
from salur.sop.engine.fold import fold
from salur.sop.engine.state import CaseState, ObligationState
from salur.sop.words import Purpose
from salur.worktime.deadline import DeadlineError

AgencyId = int | str | None
SaidOnce = tuple[str, AgencyId, Verdict]
"""Step, agency, verdict."""
HAND_OVER = "hand_over"
"""The step of an agency that hands a case on: no obligation of the document measures it."""

_CITIZENS_TURN = frozenset({"message.joined"})
_BY_DATE = ("review_on", "promised_on")


@dataclass
class HurtsTally(Sifted):
    """What is counted of a period.

    `verdicts` counts cases that are alike: (kind, horizon, channel, ((step, agency, verdict), ...)). All times are
    hundredths of working days. `blame` is lateness by (step, from, to, agency), `excess` the same as hundredths of the
    limits that were missed, `passed` how often a step was gone through and `spent` the time that took.
    """

    verdicts: Counter[tuple[str, str, str, tuple[SaidOnce, ...]]] = field(default_factory=Counter)
    lateness: Counter[tuple[str, AgencyId, str, str, str, int]] = field(default_factory=Counter)
    nodes: Counter[str] = field(default_factory=Counter)
    edges: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    blame: Counter[tuple[str, str, str, AgencyId]] = field(default_factory=Counter)
    excess: Counter[tuple[str, AgencyId]] = field(default_factory=Counter)
    hurt: Counter[tuple[str, AgencyId]] = field(default_factory=Counter)
    passed: Counter[tuple[str, AgencyId]] = field(default_factory=Counter)
    spent: Counter[tuple[str, AgencyId]] = field(default_factory=Counter)
    pauses: Counter[tuple[str, int]] = field(default_factory=Counter)
    paused_cases: Counter[str] = field(default_factory=Counter)
    hand_overs: Counter[tuple[AgencyId, AgencyId, int]] = field(default_factory=Counter)
    handed_cases: int = 0


@dataclass(slots=True)
class _Leg:
    """The way from one stop to the next: the step that it was, its working time without pauses.

    `held_by` had the case on the way, `agency_id` at its end.
    """

    step: str
    began: str
    ended: str
    began_at: datetime
    ended_at: datetime
    held_by: AgencyId
    agency_id: AgencyId
    took: int


class HurtsCounter:
    """Adds up a period; `versions` are the documents by version id."""

    def __init__(self, versions: dict[int, SopDocument], calendars: Calendars, now: datetime) -> None:
        self.tally = HurtsTally()
        self._versions, self._calendars, self._now = versions, calendars, now
        self._work = AllWorkDays(calendars)
        self._said: dict[SaidOnce, SaidOnce] = {}
        self._order = {version: _Order(document) for version, document in versions.items()}
        self._by_date = {
            one.code for document in versions.values() for one in document.obligations if one.within in _BY_DATE
        }

    def add(self, journal: Journal) -> None:
        """Count one case."""
        tally = self.tally
        version = tally.version_of(journal)
        if version is None:
            return
        document = self._versions[version]
        try:
            state = fold(journal.facts, document, self._calendars, self._now)
        except DeadlineError:
            tally.unfoldable += 1
            return
        tally.cases += 1
        tally.open_cases += state.closed_at is None
        said = tuple(self._same(one) for one in state.obligations)
        tally.verdicts[state.kind, state.horizon, journal.channel, said] += 1
        tally.passed.update((code, agency) for code, agency, _ in said if code in self._by_date)
        stops = way(journal.facts, state.spoken_at)
        pauses = standstills(journal.facts, document, self._now)
        self._count_pauses(pauses)
        self._count_hand_overs(stops)
        legs = self._legs(stops, pauses, state, self._order[version])
        self._count_way(stops, legs)
        late = [one for one, (_, _, verdict) in zip(state.obligations, said, strict=True) if verdict in LATE]
        if late:
            self._count_lateness(late, state, journal, legs, pauses)

    def _same(self, one: ObligationState) -> SaidOnce:
        """Step, agency and verdict; equal ones are one object, for they are kept many times."""
        said = (one.code, one.agency_id, verdict_of(one))
        return self._said.setdefault(said, said)

    def _count_pauses(self, pauses: Sequence[Standstill]) -> None:
        for pause in pauses:
            self.tally.pauses[pause.reason, self._work.default.between(pause.began_at, pause.ended_at)] += 1
        self.tally.paused_cases.update({pause.reason for pause in pauses})

    def _count_hand_overs(self, stops: Sequence[Stop]) -> None:
        handed = False
        for one in hand_ons(stops):
            took = self._work.of(one.from_agency).between(one.held_since, one.at)
            self.tally.hand_overs[one.from_agency, one.to_agency, took] += 1
            handed = True
        self.tally.handed_cases += handed

    def _legs(
        self, stops: Sequence[Stop], pauses: Sequence[Standstill], state: CaseState, order: "_Order"
    ) -> list[_Leg]:
        ends = _milestones(state, order, self._now)
        instants = sorted(ends)
        tail = [Stop(self._now, OPEN, state.agency_id)] if self._now in ends and stops else []
        legs = []
        for began, ended in pairwise([*stops, *tail]):
            took = self._worked(began.agency_id, began.at, ended.at, pauses)
            step = _step(ended, ends, instants)
            legs.append(_Leg(step, began.node, ended.node, began.at, ended.at, began.agency_id, ended.agency_id, took))
        return legs

    def _worked(self, agency: AgencyId, began: datetime, ended: datetime, pauses: Sequence[Standstill]) -> int:
        """Working time in which no pause lasted."""
        work = self._work.of(agency)
        took = work.between(began, ended)
        for pause in pauses:
            took -= work.between(max(began, pause.began_at), min(ended, pause.ended_at))
        return max(took, 0)

    def _count_way(self, stops: Sequence[Stop], legs: Sequence[_Leg]) -> None:
        tally = self.tally
        tally.nodes.update(stop.node for stop in stops)
        last = ""
        for leg in legs:
            tally.edges[leg.began, leg.ended, leg.took] += 1
            if leg.step and leg.step not in self._by_date:
                tally.spent[leg.step, leg.agency_id] += leg.took
                tally.passed[leg.step, leg.agency_id] += leg.step != last
            last = leg.step

    def _count_lateness(
        self,
        late: Sequence[ObligationState],
        state: CaseState,
        journal: Journal,
        legs: Sequence[_Leg],
        pauses: Sequence[Standstill],
    ) -> None:
        instants = said_at(journal.facts)
        hurt: set[tuple[str, AgencyId]] = set()
        for one in late:
            ended = one.met_at or _ended(one, state, instants, self._now)
            work = self._work.of(None if one.clock == "citizen" else one.agency_id)
            by = work.between(one.due_at, ended)
            self.tally.lateness[one.code, one.agency_id, state.kind, state.horizon, journal.channel, by] += 1
            # A limit of hours that a nested clock cut short is no measure.
            limit = max(work.between(one.started_at, one.due_at), HUNDREDTHS // 2)
            took = self._took(one, ended, legs, pauses)
            self._lay(by, by * HUNDREDTHS // limit, took)
            hurt |= {(leg.step, leg.agency_id) for _, leg in took}
        self.tally.hurt.update(hurt)

    def _took(
        self, one: ObligationState, ended: datetime, legs: Sequence[_Leg], pauses: Sequence[Standstill]
    ) -> list[tuple[int, _Leg]]:
        """The legs that took the time between start and end of an obligation, and how long each took in it.

        What is due on a date set in the case is late by itself: the time until then was meant to pass. For the same
        reason it makes nothing else late.
        """
        found = []
        for leg in legs if one.within not in _BY_DATE else ():
            if leg.step and leg.step not in self._by_date and leg.ended_at > one.started_at and leg.began_at < ended:
                whole = leg.began_at >= one.started_at and leg.ended_at <= ended
                began, until = max(leg.began_at, one.started_at), min(leg.ended_at, ended)
                took = leg.took if whole else self._worked(leg.held_by, began, until, pauses)
                if took:
                    found.append((took, leg))
        return found or [(1, _Leg(one.code, "", "", one.due_at, ended, one.agency_id, one.agency_id, 1))]

    def _lay(self, by: int, excess: int, took: Sequence[tuple[int, _Leg]]) -> None:
        """Lay so much lateness on the legs, by the time each took; what does not divide goes to the longest."""
        total = sum(part for part, _ in took)
        longest = max(took, key=_part)
        for part, leg in took:
            rest = by - sum(by * other // total for other, _ in took) if leg is longest[1] else 0
            self.tally.blame[leg.step, leg.began, leg.ended, leg.agency_id] += by * part // total + rest
            rest = excess - sum(excess * other // total for other, _ in took) if leg is longest[1] else 0
            self.tally.excess[leg.step, leg.agency_id] += excess * part // total + rest


def _part(took: tuple[int, _Leg]) -> int:
    return took[0]


class _Order:
    """How a document's obligations stand to each other: by what each is met, and which comes first."""

    def __init__(self, document: SopDocument) -> None:
        self.place = {one.code: place for place, one in enumerate(document.obligations)}
        self.facts = {one.code: _facts(one) for one in document.obligations}
        self.narrowness = {one.code: (len(one.met_by), len(self.facts[one.code])) for one in document.obligations}

    def under_way(self, undone: Sequence[ObligationState]) -> str:
        """The step a case is in: the first of those that started last; its answer, where that would meet it too."""
        started = max(one.started_by for one in undone)
        latest = sorted((one.code for one in undone if one.started_by == started), key=self.place.__getitem__)
        first = latest[0]
        return min((code for code in latest if self.facts[code] <= self.facts[first]), key=self.narrowness.__getitem__)


def _facts(one: Obligation) -> frozenset[tuple[str, str]]:
    """Every kind of fact, with its purpose, that meets an obligation; a matcher without purposes takes any of them."""
    return frozenset(
        (matcher.event, purpose) for matcher in one.met_by for purpose in matcher.purpose or get_args(Purpose)
    )


def _milestones(state: CaseState, order: _Order, now: datetime) -> dict[datetime, str]:
    """The instants at which something due was done or came to its end, with the step that this was.

    One fact may meet several obligations: it is the work of the one that fewest kinds of facts can meet, for an answer
    also meets the wider duty to respond. What is still to be done, or was dropped late, ends as the step under way.
    """
    met: dict[datetime, tuple[tuple[int, int], int, str]] = {}
    for one in state.obligations:
        if one.met_at is not None:
            found = (order.narrowness[one.code], -one.started_by, one.code)
            met[one.met_at] = min(met.get(one.met_at, found), found)
    ends = {at: code for at, (_, _, code) in met.items()}
    undone = [one for one in state.obligations if one.open and not one.paused]
    if undone:
        ends.setdefault(now, order.under_way(undone))
    if state.closed_at is not None:
        dropped = [one for one in state.obligations if one.superseded_by == "closed" and one.breached]
        if dropped:
            ends.setdefault(state.closed_at, order.under_way(dropped))
    return ends


def _step(ended: Stop, ends: dict[datetime, str], instants: Sequence[datetime]) -> str:
    """The step that the time up to a stop was: the next that was done; "" for the citizen's turn, and after all."""
    if ended.node in _CITIZENS_TURN:
        return ""
    if ended.node in ("case.referred", "case.arbiter_called") and ended.at not in ends:
        return HAND_OVER
    place = bisect_left(instants, ended.at)
    return ends[instants[place]] if place < len(instants) else ""


def _ended(one: ObligationState, state: CaseState, instants: Mapping[int, datetime], now: datetime) -> datetime:
    """When an obligation that was never met came to its end: with its successor, the closing, or not yet."""
    later = [
        instants[other.started_by]
        for other in state.obligations
        if other.code == one.code and other.started_by > one.started_by
    ]
    if one.superseded_by in ("transferred", "restarted") and later:
        return min(later)
    if one.superseded_by == "closed" and state.closed_at is not None:
        return max(state.closed_at, one.due_at)
    return now
