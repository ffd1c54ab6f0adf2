"""What people did in a case, in order: its way through the process map, its pauses and hand-overs. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from salur.kernel.events import Fact
from salur.sop.document.model import SopDocument

OPEN = "open"
"""The end of the way of a case that is open at the cut-off."""

_QUIET = frozenset(
    {"sop.started", "sop.moved", "voice.admitted", "message.copied", "case.fact_voided", "case.classified"}
)
_RECEIPTS = ("acknowledgement", "notice")


@dataclass(frozen=True, slots=True)
class Stop:
    """One place on the way of a case: when, what was done (kind, with a purpose behind a colon), who then held it."""

    at: datetime
    node: str
    agency_id: int | str | None


@dataclass(frozen=True, slots=True)
class Standstill:
    """A pause with its reason; one that lasts ends at the cut-off."""

    reason: str
    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class HandOn:
    """An agency handed the case to another, having held it since `held_since`."""

    from_agency: int | str
    to_agency: int | str
    held_since: datetime
    at: datetime


def happened_at(fact: Fact) -> datetime:
    """When it happened: what a late entry says, else when it was written down."""
    told = fact.data.get("happened_at")
    if told is None:
        return fact.at
    try:
        return min(datetime.fromisoformat(told).astimezone(UTC), fact.at)
    except (TypeError, ValueError, OverflowError):
        return fact.at


def way(facts: Sequence[Fact], spoken_at: datetime | None) -> list[Stop]:
    """The stops of a case by time. Receipts, notices and bookkeeping are left out; one reply to many is one stop."""
    voided = {fact.data.get("seq") for fact in facts if fact.kind == "case.fact_voided"}
    stops: list[Stop] = []
    agency: int | str | None = None
    last: tuple[str, object] = ("", None)
    for fact in facts:
        kind, data = fact.kind, fact.data
        if kind in _QUIET or fact.seq in voided:
            continue
        if kind in ("case.opened", "case.referred"):
            agency = data.get("agency_id", agency)
        purpose = data.get("purpose")
        if purpose in _RECEIPTS:
            continue
        node = f"{kind}:{purpose}" if purpose else kind
        this = (node, data.get("reply_id"))
        if this == last and purpose:
            continue
        last = this
        at = spoken_at if kind == "case.opened" and spoken_at is not None else happened_at(fact)
        stops.append(Stop(at, node, agency))
    if any(earlier.at > later.at for earlier, later in zip(stops, stops[1:], strict=False)):
        stops.sort(key=_instant)
    return stops


def standstills(facts: Sequence[Fact], document: SopDocument, now: datetime) -> list[Standstill]:
    """The pauses that the document allows; one ends with the fact that resumes it, closes the case or holds anew."""
    found: list[Standstill] = []
    reason, began = "", now
    for fact in facts:
        if reason and _resumes(fact, reason, document):
            found.append(Standstill(reason, began, max(began, happened_at(fact))))
            reason = ""
        if fact.kind == "case.held" and fact.data.get("reason") in document.pauses:
            reason, began = str(fact.data["reason"]), happened_at(fact)
    if reason:
        found.append(Standstill(reason, began, max(began, now)))
    return found


def hand_ons(stops: Sequence[Stop]) -> Iterator[HandOn]:
    """Every hand-over from one agency to another."""
    holder: int | str | None = None
    since: datetime | None = None
    for stop in stops:
        if stop.node not in ("case.opened", "case.referred"):
            continue
        if holder is not None and since is not None and stop.agency_id is not None and stop.agency_id != holder:
            yield HandOn(holder, stop.agency_id, since, stop.at)
        if since is None or stop.agency_id != holder:
            holder, since = stop.agency_id, stop.at


def said_at(facts: Sequence[Fact]) -> Mapping[int, datetime]:
    """The instant of every fact by its seq."""
    return {fact.seq: happened_at(fact) for fact in facts}


def _resumes(fact: Fact, reason: str, document: SopDocument) -> bool:
    if fact.kind in ("case.resumed", "case.closed", "case.held"):
        return True
    return any(matcher.matches(fact, answer_stood=True) for matcher in document.pauses[reason].resumed_by)


def _instant(stop: Stop) -> datetime:
    return stop.at
