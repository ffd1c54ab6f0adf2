"""The rules of the check against the fold itself: every way through a case is walked, and no document that the check
passes leaves a case where nobody is bound, time does not act and nothing is awaited."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from salur.kernel.events import Fact
from salur.sop.document.load import STANDARD, load
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars
from salur.sop.engine.fold import fold
from salur.sop.engine.state import CaseState
from salur.sop.proofs.check import check
from salur.sop.words import CASE_KINDS

BEGIN = datetime(2026, 7, 6, 8, tzinfo=ZoneInfo("Asia/Jakarta"))
PLANNED = {"owner": "Bappeda", "plan": "rkpd", "plan_reference": "RKPD 2027", "promised_on": "2027-03-01"}
MEDIUM = {"horizon": "medium", "review_on": "2026-09-01", **PLANNED}
STEPS: list[tuple[str, dict[str, Any]]] = [
    ("case.verified", {}),
    ("case.referred", {"agency_id": 2, "reason": "not_ours"}),
    ("case.followed_up", {}),
    ("case.held", {"reason": "incomplete"}),
    ("case.held", {"reason": "force_majeure"}),
    ("case.resumed", {"reason": ""}),
    ("case.horizon_set", MEDIUM),
    ("case.horizon_set", {"horizon": "short"}),
    ("case.reviewed", {"next_review_on": "2026-10-01"}),
    ("message.joined", {}),
    ("dispatch.sent", {"purpose": "question"}),
    ("dispatch.sent", {"purpose": "progress"}),
    ("dispatch.sent", {"purpose": "answer"}),
    ("case.closed", {"by": "officer", "outcome": "answered"}),
    ("case.reopened", {"by": "citizen"}),
]
"""What may happen to a case at any time."""

MOST = 160
"""Different situations of one case that are looked at, those with the shortest history first."""


@dataclass(frozen=True)
class Situation:
    """What matters of a state for how it may go on."""

    status: str
    horizon: str
    bound: frozenset[str]
    pause: str
    closes: bool

    @property
    def forgotten(self) -> bool:
        """Whether nobody is bound, time does not close the case and no pause waits for its end."""
        return self.status != "closed" and not self.bound and not self.closes and not self.pause


def situation(state: CaseState) -> Situation:
    bound = frozenset(one.code for one in state.obligations if one.open)
    return Situation(state.status, state.horizon, bound, state.pause_reason, state.closes_at is not None)


def walk(document: SopDocument, kind: str, calendars: Calendars) -> dict[Situation, set[Situation]]:
    """Every situation of a case of this kind, and those that may follow it."""
    opened = {"kind": kind, "agency_id": 1, "horizon": "short", "spoken_at": BEGIN.isoformat(), "channel": "web"}
    first = [Fact(1, "case.opened", BEGIN, "system", opened)]
    ways: dict[Situation, set[Situation]] = {}
    waiting = [(situation(fold(first, document, calendars, BEGIN)), first)]
    while waiting and len(ways) < MOST:
        here, journal = waiting.pop(0)
        if here in ways:
            continue
        ways[here] = set()
        for there, longer in followed(journal, document, calendars):
            ways[here].add(there)
            waiting.append((there, longer))
    return ways


def followed(
    journal: list[Fact], document: SopDocument, calendars: Calendars
) -> Iterator[tuple[Situation, list[Fact]]]:
    at = BEGIN + timedelta(minutes=len(journal))
    for kind, data in STEPS:
        if kind == "case.reviewed" and situation(fold(journal, document, calendars, at)).horizon == "short":
            continue  # no officer can
        longer = [*journal, Fact(len(journal) + 1, kind, at, "system", data)]
        yield situation(fold(longer, document, calendars, at)), longer


def test_every_status_of_the_standard_is_reached_and_left(standard: SopDocument, calendars: Calendars) -> None:
    for kind in CASE_KINDS:
        ways = walk(standard, kind, calendars)
        assert {one.status for one in ways} == {
            "new",
            "in_progress",
            "awaiting_citizen",
            "answered",
            "scheduled",
            "closed",
        }
        assert [one for one in ways if one.forgotten] == []
        assert [one for one, beyond in ways.items() if not any(there.status != one.status for there in beyond)] == []


EDITS = st.sampled_from(["drop", "short", "longer", "one kind", "first start", "last start", "first end"])
CODES = [rule.code for rule in load(STANDARD.read_text(encoding="utf-8")).obligations]


def edit(data: dict[str, Any], code: str, what: str) -> None:
    rule = next(one for one in data["obligations"] if one["code"] == code)
    if what == "drop":
        data["obligations"].remove(rule)
    elif what == "one kind":
        rule["kinds"] = ["aspiration"]
    elif what in ("short", "longer"):
        rule["horizons"] = ["short"] if what == "short" else ["medium", "long"]
    elif what == "first end":
        rule["met_by"] = rule["met_by"][:1]
    else:
        rule["starts_on"] = rule["starts_on"][:1] if what == "first start" else rule["starts_on"][-1:]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(CODES), EDITS, min_size=1, max_size=3), st.sampled_from(CASE_KINDS))
def test_no_case_is_forgotten_under_a_document_that_may_be_signed(
    calendars: Calendars, edits: dict[str, str], kind: str
) -> None:
    data = load(STANDARD.read_text(encoding="utf-8")).model_dump(mode="json")
    for code, what in edits.items():
        edit(data, code, what)
    try:
        document = SopDocument.model_validate(data)
    except ValidationError:
        return
    forgotten = [one for one in walk(document, kind, calendars) if one.forgotten]
    assert not forgotten or any(problem.severity == "error" for problem in check(document)), forgotten


def test_the_walk_finds_what_the_check_finds(standard: SopDocument, calendars: Calendars) -> None:
    """Each of these leaves a case lying; a walk that saw nothing would prove nothing."""
    for code, what, status in (
        ("answer", "first start", "in_progress"),
        ("answer_again", "drop", "in_progress"),
        ("review", "first start", "scheduled"),
    ):
        data = standard.model_dump(mode="json")
        edit(data, code, what)
        if code == "review":
            edit(data, "complete", "drop")
        for other in ("follow_up", "first_response", "verify"):
            edit(data, other, "drop")
        document = SopDocument.model_validate(data)
        found = [one for one in walk(document, "complaint", calendars) if one.forgotten]
        assert status in {one.status for one in found}, code
        assert any(problem.severity == "error" for problem in check(document))
