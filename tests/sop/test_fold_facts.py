"""What single facts do and what they must not do: odd data, closed cases, imports, obligations of another document."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from salur.kernel.events import Fact
from salur.sop.document.model import SopDocument
from salur.sop.document.rules import Obligation
from salur.sop.engine.clocks import Calendars
from salur.sop.engine.fold import fold
from salur.sop.engine.order import RANKS
from salur.sop.engine.state import CaseState, Flag, ObligationState

State = Callable[..., CaseState]
Lines = Callable[[CaseState], dict[str, str]]
Moment = Callable[[str], datetime]
Row = tuple[str, str, dict[str, Any]]
Echo = Callable[..., ObligationState | None]

OPENED: Row = ("2026-07-06 09:00", "case.opened", {"kind": "complaint", "agency_id": 1})
VERIFIED: Row = ("2026-07-06 10:00", "case.verified", {})
CLOSED: Row = ("2026-07-07 09:00", "case.closed", {})
DATA = {"case.held": {"reason": "incomplete"}}


@pytest.fixture
def echo(standard: SopDocument, calendars: Calendars, journal: Callable[..., list[Fact]], moment: Moment) -> Echo:
    """The only obligation of a document that starts on some facts and is met by others, after a journal."""

    def folded(rows: Sequence[Row], starts_on: str, met_by: str) -> ObligationState | None:
        written = {"code": "echo", "name": {"id": "Gema", "en": "Echo"}, "actor": "operator", "clock": "agency"}
        rule = Obligation.model_validate(
            {**written, "within": "1 working_days", "starts_on": [starts_on], "met_by": [met_by]}
        )
        document = standard.model_copy(update={"obligations": (rule,)})
        told = fold(journal(*rows), document, calendars, moment("2026-07-20 10:00"))
        return told.obligations[-1] if told.obligations else None

    return folded


TAKING_BACK = ("case.fact_voided", "dispatch.failed", "reply.withdrawn")


@pytest.mark.parametrize("kind", sorted({*RANKS} - {*TAKING_BACK, "case.closed"}))
def test_a_fact_that_counts_may_start_and_meet(kind: str, echo: Echo) -> None:
    before = [OPENED] if kind != "case.opened" else []
    before += [CLOSED] if kind == "case.reopened" else []
    plan = {"horizon": "medium", "milestones": [["design", "2026-08-31"]]}
    before += [("2026-07-06 11:00", "case.horizon_set", plan)] if kind == "case.milestone_reached" else []
    data = {**DATA.get(kind, {}), "name": "design"}
    started = echo([*before, ("2026-07-08 10:00", kind, data)], kind, "case.fact_voided")
    assert started is not None and started.started_by == len(before) + 1
    if kind not in ("case.opened", "case.reopened"):
        met = echo([*before, ("2026-07-08 10:00", kind, data)], "case.opened", kind)
        assert met is not None and met.met_at is not None


@pytest.mark.parametrize("kind", ["message.joined", "case.held", "case.arbiter_called", "case.closing_proposed"])
def test_what_does_not_count_in_a_closed_case_meets_nothing(kind: str, echo: Echo) -> None:
    told = echo([OPENED, CLOSED, ("2026-07-08 10:00", kind, DATA.get(kind, {}))], "case.opened", kind)
    assert told is not None and (told.met_at, told.superseded_by) == (None, "closed")
    sent = echo([OPENED, CLOSED, ("2026-07-08 10:00", "dispatch.sent", {})], "case.opened", "dispatch.sent")
    assert sent is not None and sent.met_at is not None


@pytest.mark.parametrize("kind", ["case.opened", "case.reopened", "case.held", "case.milestone_reached"])
def test_what_changes_nothing_meets_nothing(kind: str, echo: Echo) -> None:
    told = echo([OPENED, VERIFIED, ("2026-07-08 10:00", kind, {})], "case.verified", kind)
    assert told is not None and told.open


def test_a_second_closing_changes_nothing(echo: Echo, state: State, moment: Moment) -> None:
    again: Row = ("2026-07-08 10:00", "case.closed", {"outcome": "archived"})
    told = state(OPENED, CLOSED, again, now="2026-07-09 10:00")
    assert (told.closed_at, told.outcome) == (moment("2026-07-07 09:00"), "")
    ended = echo([OPENED, CLOSED], "case.opened", "case.verified")
    assert ended is not None and ended.superseded_by == "closed"
    met = echo([OPENED, CLOSED, again], "case.opened", "case.closed")
    assert met is not None and met.met_at == moment("2026-07-07 09:00")


@pytest.mark.parametrize("data", [{}, {"agency_id": [2]}, {"agency_id": 1.5}, {"agency_id": 1}])
def test_a_referral_to_nowhere_moves_nothing(data: dict[str, Any], state: State) -> None:
    told = state(OPENED, VERIFIED, ("2026-07-07 09:00", "case.referred", data), now="2026-07-07 10:00")
    assert (told.agency_id, told.handovers) == (1, 0)
    assert [one.superseded_by for one in told.obligations if one.code == "follow_up"] == [""]


def test_an_agency_may_be_taken_away(state: State) -> None:
    away: Row = ("2026-07-07 09:00", "case.referred", {"agency_id": None})
    told = state(OPENED, VERIFIED, away, now="2026-07-07 10:00")
    assert (told.agency_id, told.handovers) == (None, 0)


def test_an_odd_horizon_is_not_followed(state: State) -> None:
    for odd in ("decade", 5):
        told = state(OPENED, ("2026-07-07 09:00", "case.horizon_set", {"horizon": odd}), now="2026-07-08 09:00")
        assert (told.horizon, told.flags) == ("short", (Flag("unknown_horizon", str(odd)),))
    assert state(OPENED, ("2026-07-07 09:00", "case.horizon_set", {}), now="2026-07-08 09:00").flags == ()


def test_dates_and_instants_out_of_reach_are_slips_of_the_pen(state: State) -> None:
    plan = {"horizon": "long", "owner": "a", "plan": "rpjmd", "plan_reference": "b", "review_on": "2026-09-15"}

    def flags(**dates: str) -> set[str]:
        row: Row = ("2026-07-07 09:00", "case.horizon_set", {**plan, "promised_on": "2027-01-04", **dates})
        return {flag.detail for flag in state(OPENED, row, now="2026-07-08 09:00").flags}

    assert flags(promised_on="2126-12-31") == set()
    assert flags(promised_on="2127-01-01") == {"2127-01-01", "promised_on"}
    assert flags(review_on="1925-12-31") == {"1925-12-31", "review_on"}
    for year, known in (("1926", True), ("1925", False)):
        spoken: Row = (OPENED[0], OPENED[1], {**OPENED[2], "spoken_at": f"{year}-07-06T09:00+07:00"})
        told = state(spoken, now="2026-07-08 09:00")
        assert told.spoken_at is not None
        assert (told.spoken_at.year == 1926, bool(told.flags)) == (known, not known)


def test_an_imported_wait_can_end_by_silence(state: State, moment: Moment) -> None:
    def held(**data: Any) -> CaseState:
        row: Row = ("2026-07-08 10:00", "case.held", data)
        return state(OPENED, VERIFIED, row, now="2026-07-09 10:00")

    assert held(reason="incomplete", imported=True).closes_at == moment("2026-07-22 16:00")
    assert held(reason="incomplete").closes_at is None
    assert held(reason="force_majeure", imported=True).closes_at is None


def test_what_was_let_go_before_it_was_due_is_not_late_when_the_case_closes(
    standard: SopDocument, calendars: Calendars, journal: Callable[..., list[Fact]], moment: Moment, lines: Lines
) -> None:
    only_grave = [
        rule.model_copy(update={"kinds": ("supervisory_complaint",)}) if rule.code == "verify" else rule
        for rule in standard.obligations
    ]
    document = standard.model_copy(update={"obligations": tuple(only_grave)})
    grave: Row = (OPENED[0], OPENED[1], {**OPENED[2], "kind": "supervisory_complaint"})
    lesser: Row = ("2026-07-08 09:00", "case.classified", {"kind": "complaint"})
    closed: Row = ("2026-07-13 09:00", "case.closed", {})
    told = fold(journal(grave, lesser, closed), document, calendars, moment("2026-07-20 09:00"))
    assert lines(told)["verify"] == "due 2026-07-09 16:00 · closed"
    late = fold(journal(grave, closed), document, calendars, moment("2026-07-20 09:00"))
    assert lines(late)["verify"] == "due 2026-07-09 16:00 · closed · breached"


@pytest.mark.parametrize("odd", [0, -1, 3, 9, 2.0, "2", [2], None])
def test_a_void_of_nothing_is_flagged_and_changes_nothing(odd: object, state: State) -> None:
    told = state(OPENED, VERIFIED, ("2026-07-07 10:00", "case.fact_voided", {"seq": odd}), now="2026-07-08 10:00")
    assert (told.status, told.flags) == ("in_progress", (Flag("unknown_fact", str(odd)),))
    told = state(OPENED, VERIFIED, ("2026-07-07 10:00", "case.fact_voided", {"seq": 2}), now="2026-07-08 10:00")
    assert (told.status, told.flags) == ("new", ())


def test_a_void_starts_nothing_itself(echo: Echo) -> None:
    voided: Row = ("2026-07-08 10:00", "case.fact_voided", {"seq": 2})
    assert echo([OPENED, VERIFIED, voided], "case.fact_voided", "case.verified") is None


def test_a_bounce_takes_back_only_what_was_sent(echo: Echo) -> None:
    uncertain: Row = ("2026-07-08 10:00", "dispatch.uncertain", {"dispatch_id": 1})
    bounced: Row = ("2026-07-08 11:00", "dispatch.failed", {"dispatch_id": 1})
    told = echo([OPENED, uncertain, bounced], "dispatch.uncertain", "case.verified")
    assert told is not None and told.started_by == 2
    sent: Row = ("2026-07-08 10:00", "dispatch.sent", {"dispatch_id": 1})
    assert echo([OPENED, sent, bounced], "dispatch.sent", "case.verified") is None
