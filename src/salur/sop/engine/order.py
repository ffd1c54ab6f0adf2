"""Which facts of a journal count, and in what order they are read. Pure."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from salur.kernel.events import Fact
from salur.sop.engine.standing import not_voided, standing
from salur.worktime.instants import in_zone

RANKS = (
    *("case.opened", "case.classified", "case.horizon_set", "case.referred", "case.verified", "case.arbiter_called"),
    *("case.followed_up", "case.evidence_added", "case.milestone_reached", "case.reviewed"),
    *("reply.drafted", "reply.submitted", "reply.returned", "reply.approved", "reply.withdrawn"),
    *("dispatch.uncertain", "dispatch.sent", "dispatch.failed"),
    *("case.held", "case.resumed", "message.joined"),
    *("case.closing_proposed", "case.closing_refused", "case.closed", "case.reopened", "case.fact_voided"),
)
"""Every kind the fold reads, in the order in which facts of one instant are read: as a case runs from opening to
closing, and in doubt so that what is owed stays owed (a message at the instant of an answer speaks against it)."""

_RANK = {kind: rank for rank, kind in enumerate(RANKS)}

_CHAINED = {
    "case.classified": ("was_kind", "kind"),
    "case.horizon_set": ("was_horizon", "horizon"),
    "case.referred": ("from_agency_id", "agency_id"),
}
"""Facts that say what was before: of one instant, each follows the one that made it so."""

_TAKES_BACK = frozenset({"case.fact_voided", "dispatch.failed", "reply.withdrawn"})
_EARLIEST = datetime.min.replace(tzinfo=UTC)

Flagger = Callable[[str, object], None]


def aware_instant(written: object) -> datetime | None:
    """An ISO 8601 instant with offset, in UTC; None where it is not one, or lies where no calendar reaches."""
    try:
        instant = datetime.fromisoformat(str(written))
        return instant.astimezone(UTC) if instant.utcoffset() is not None else None
    except (ValueError, OverflowError):
        return None


def in_order(journal: Sequence[Fact], flag: Flagger) -> Sequence[Fact]:
    """The facts that count, in the order in which they are read, each at the instant from which it counts (UTC).

    The opening comes first; without one nothing counts. A seq that comes twice counts once; what was voided, came back
    undelivered or was withdrawn does not count; kinds not in RANKS mean nothing here. A fact counts at the instant it
    was written down, or at its earlier `happened_at`; never before the case was opened. Facts of one instant are
    concurrent: their seq means nothing, RANKS and their content order them. `flag` hears of what is odd. Raises
    InstantError for a fact written at a naive instant.
    """
    told: list[Fact] = []
    seq, at, was = 0, _EARLIEST, 0
    for fact in journal:
        kind = fact.kind
        rank = _RANK.get(kind)
        if rank is None:
            continue
        instant = fact.at
        if kind in _TAKES_BACK or instant.tzinfo is not UTC or fact.seq <= seq or "happened_at" in fact.data:
            return _sorted_out(journal, flag)
        # At one instant by rank, but where a reopening belongs depends on the others.
        if instant <= at and (instant < at or rank <= was or kind == "case.reopened"):
            return _sorted_out(journal, flag)
        seq, at, was = fact.seq, instant, rank
        told.append(fact)
    return told if told and told[0].kind == "case.opened" else _sorted_out(journal, flag)


def _sorted_out(journal: Sequence[Fact], flag: Flagger) -> Sequence[Fact]:
    by_seq: dict[int, Fact] = {}
    for fact in journal:
        by_seq.setdefault(fact.seq, fact)
    known = [fact for fact in not_voided(by_seq, flag) if fact.kind in _RANK]
    counted = [_counted_from(fact, flag) for fact in known]
    opening = min((fact.at for fact in counted if fact.kind == "case.opened"), default=None)
    if opening is None:
        return ()
    return standing(_canonical(_at(max(fact.at, opening), fact) for fact in counted))


def _counted_from(fact: Fact, flag: Flagger) -> Fact:
    at = fact.at if fact.at.tzinfo is UTC else in_zone(fact.at, UTC)
    written = fact.data.get("happened_at")
    if written is not None:
        happened = aware_instant(written)
        if happened is None:
            flag("unreadable_instant", written)
        else:
            at = min(at, happened)
    return _at(at, fact)


def _at(at: datetime, fact: Fact) -> Fact:
    return fact if at is fact.at else replace(fact, at=at)


def _canonical(facts: Iterable[Fact]) -> list[Fact]:
    facts = list(facts)
    closings = {fact.at for fact in facts if fact.kind == "case.closed"}

    def place(fact: Fact) -> tuple[datetime, bool, int, int]:
        # A reopening comes before whatever is then done in the open case, unless it opens what is closed just now.
        first = fact.kind == "case.reopened" and fact.at not in closings
        return fact.at, not first, _RANK[fact.kind], fact.seq

    ordered: list[Fact] = []
    for _, group in groupby(sorted(facts, key=place), key=_together):
        same = list(group)
        ordered += same if len(same) == 1 else _by_content(same)
    return ordered


def _together(fact: Fact) -> tuple[datetime, str]:
    return fact.at, fact.kind


def _by_content(same: Collection[Fact]) -> list[Fact]:
    """Facts of one kind and instant: each behind the one that it follows, else by what they say."""
    left = sorted(same, key=_content)
    was, now = _CHAINED.get(left[0].kind, ("", ""))
    ordered: list[Fact] = []
    while left:
        made = ordered[-1].data.get(now) if ordered else None
        following = [fact for fact in left if ordered and fact.data.get(was) == made]
        # A chain begins with what no other fact of this instant brought about.
        first = [fact for fact in left if all(fact.data.get(was) != other.data.get(now) for other in left)]
        ordered.append((following or first or left)[0])
        left.remove(ordered[-1])
    return ordered


def _content(fact: Fact) -> tuple[str, str]:
    return json.dumps(dict(fact.data), sort_keys=True, default=str), fact.actor
