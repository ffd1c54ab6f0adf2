"""What each fact sets in the state of a case, and what it leaves as it was: hand-written verdicts, field by field.

Five-day week: Monday to Thursday 07:30-16:00, Friday 07:30-16:30. July 2026 has no holiday; 6 July is a Monday.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from salur.sop.engine.state import CaseState, Flag, Milestone

State = Callable[..., CaseState]
Lines = Callable[[CaseState], dict[str, str]]
Moment = Callable[[str], datetime]
Row = tuple[str, str, dict[str, Any]]

PLAN = {
    **{"horizon": "medium", "owner": "Bidang Jalan", "plan": "rkpd", "plan_reference": "RKPD 2027"},
    **{"review_on": "2026-09-15", "promised_on": "2026-12-01", "milestones": [["design", "2026-08-31"]]},
}
OPENED: Row = ("2026-07-06 09:00", "case.opened", {"kind": "complaint", "function": "roads", "agency_id": 1})
HELD: Row = ("2026-07-07 09:00", "case.held", {"reason": "incomplete"})


def fact(at: str, of: str, /, **data: Any) -> Row:
    return at, of, data


def plan_of(state: CaseState) -> tuple[object, ...]:
    named = (state.owner, state.plan, state.plan_reference, state.promised_on, state.review_on, state.milestones)
    return state.horizon, *named


def test_a_case_may_open_on_a_longer_horizon(state: State) -> None:
    planned = ("medium", "Bidang Jalan", "rkpd", "RKPD 2027", date(2026, 12, 1))
    steps = (Milestone("design", date(2026, 8, 31), None),)
    at, kind, data = OPENED
    told = state((at, kind, {**data, **PLAN}), now="2026-07-06 10:00")
    # Nothing to review yet: the review starts when the horizon is set.
    assert plan_of(told) == (*planned, None, steps)
    told = state(OPENED, fact("2026-07-06 10:00", "case.horizon_set", **PLAN), now="2026-07-06 11:00")
    assert plan_of(told) == (*planned, date(2026, 9, 15), steps)


def test_a_short_case_has_no_plan(state: State) -> None:
    nothing = ("short", "", "", "", None, None, ())
    at, kind, data = OPENED
    assert plan_of(state((at, kind, {**data, **PLAN, "horizon": "short"}), now="2026-07-06 10:00")) == nothing
    back = fact("2026-07-07 10:00", "case.horizon_set", **{**PLAN, "horizon": "short"})
    told = state(OPENED, fact("2026-07-06 10:00", "case.horizon_set", **PLAN), back, now="2026-07-08 11:00")
    assert plan_of(told) == nothing


@pytest.mark.parametrize(
    ("data", "function"),
    [({}, "roads"), ({"function": None}, "roads"), ({"function": 5}, "roads"), ({"function": "water"}, "water")],
)
def test_a_correction_that_is_silent_on_the_function_keeps_it(
    data: dict[str, Any], function: str, state: State
) -> None:
    told = state(OPENED, fact("2026-07-06 10:00", "case.classified", kind="aspiration", **data), now="2026-07-06 11:00")
    assert (told.kind, told.function) == ("aspiration", function)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (fact("2026-07-06 10:00", "case.verified"), "in_progress"),
        (fact("2026-07-06 10:00", "case.referred", agency_id=2), "in_progress"),
        (fact("2026-07-06 10:00", "case.followed_up"), "in_progress"),
        (fact("2026-07-06 10:00", "dispatch.sent", purpose="answer"), "answered"),
        (fact("2026-07-06 10:00", "dispatch.sent", purpose="acknowledgement"), "new"),
        (fact("2026-07-06 10:00", "message.joined"), "new"),
    ],
)
def test_when_a_case_is_no_longer_new(row: Row, status: str, state: State) -> None:
    assert state(OPENED, row, now="2026-07-06 11:00").status == status
    spoken_against = fact("2026-07-06 11:00", "message.joined")
    after = "new" if status == "new" else "in_progress"
    assert state(OPENED, row, spoken_against, now="2026-07-06 12:00").status == after
    closed, again = fact("2026-07-07 10:00", "case.closed"), fact("2026-07-08 10:00", "case.reopened")
    assert state(OPENED, closed, again, now="2026-07-08 12:00").status == "in_progress"


def test_a_second_pause_takes_the_place_of_the_first(state: State, lines: Lines) -> None:
    second = fact("2026-07-08 09:00", "case.held", reason="force_majeure")
    told = state(OPENED, HELD, second, fact("2026-07-09 09:00", "case.resumed"), now="2026-07-15 09:00")
    # One working day of each; the case runs again since the 9th, and three working days end on the 13th.
    assert (told.paused, lines(told)["verify"]) == (False, "due 2026-07-13 16:00 · breached")
    told = state(OPENED, HELD, second, now="2026-07-10 09:00")
    assert (told.pause_reason, lines(told)["verify"]) == ("force_majeure", "due 2026-07-14 16:00 · paused")


def test_whoever_resumes_no_longer_waits_for_the_citizen(under: State) -> None:
    # Even for a reason of which the document says that only the citizen ends it.
    only_citizen = {"resumed_by: [message.joined, case.resumed]": "resumed_by: [message.joined]"}
    asked = fact("2026-07-07 09:00", "dispatch.sent", purpose="question")
    told = under(only_citizen, OPENED, asked, HELD, now="2026-07-08 09:00")
    assert (told.status, told.paused, told.closes_as) == ("awaiting_citizen", True, "incomplete")
    resumed = fact("2026-07-08 10:00", "case.resumed")
    told = under(only_citizen, OPENED, asked, HELD, resumed, now="2026-07-09 09:00")
    assert (told.status, told.paused, told.closes_at, told.closes_as) == ("new", False, None, "")


def test_an_answer_takes_the_case_up_and_ends_the_wait(state: State) -> None:
    asked = fact("2026-07-07 09:00", "dispatch.sent", purpose="question")
    answered = fact("2026-07-08 09:00", "dispatch.sent", purpose="answer")
    assert state(OPENED, asked, now="2026-07-07 10:00").status == "awaiting_citizen"
    assert state(OPENED, asked, answered, now="2026-07-08 10:00").status == "answered"


def test_a_reply_waits_for_its_approver_only_in_an_open_case(state: State) -> None:
    waiting = fact("2026-07-07 10:00", "reply.submitted", reply_id=1)
    assert state(OPENED, waiting, now="2026-07-08 10:00").next_actor == "approver"
    for judged, left in ((1, "coordinator"), (2, "approver")):
        for kind in ("reply.approved", "reply.returned"):
            told = state(OPENED, waiting, fact("2026-07-07 11:00", kind, reply_id=judged), now="2026-07-08 10:00")
            assert told.next_actor == left
    again = fact("2026-07-07 12:00", "case.reopened")
    for closed_at in ("2026-07-07 09:00", "2026-07-07 11:00"):
        told = state(OPENED, fact(closed_at, "case.closed"), waiting, again, now="2026-07-08 10:00")
        assert told.next_actor == "operator"


def test_a_short_case_has_nothing_to_review(state: State) -> None:
    told = state(OPENED, fact("2026-07-06 10:00", "case.reviewed", next_review_on="soon"), now="2026-07-06 11:00")
    assert (told.review_on, told.flags) == (None, ())


def test_a_closing_ends_every_wait(state: State) -> None:
    asked = fact("2026-07-07 09:00", "dispatch.sent", purpose="question")
    closed, again = fact("2026-07-08 09:00", "case.closed", by="officer"), fact("2026-07-09 09:00", "case.reopened")
    told = state(OPENED, asked, HELD, closed, now="2026-07-08 10:00")
    assert (told.paused, told.pause_reason, told.closed_by) == (False, "", "officer")
    told = state(OPENED, asked, HELD, closed, again, now="2026-07-09 10:00")
    assert (told.status, told.paused, told.closes_at, told.closed_by) == ("in_progress", False, None, "")
    # A question sent in a closed case waits for nobody either.
    late = fact("2026-07-08 10:00", "dispatch.sent", purpose="question")
    assert state(OPENED, closed, late, again, now="2026-07-09 10:00").status == "in_progress"


@pytest.mark.parametrize("odd", [["complaint"], {"complaint": 1}, 7, "gossip"])
def test_a_kind_the_document_does_not_know_is_flagged_and_not_followed(odd: object, state: State) -> None:
    told = state(OPENED, fact("2026-07-06 10:00", "case.classified", kind=odd), now="2026-07-06 11:00")
    assert (told.kind, told.flags) == ("complaint", (Flag("unknown_kind", str(odd)),))
    for silent in ({}, {"kind": None}, {"kind": ""}):
        told = state(OPENED, fact("2026-07-06 10:00", "case.classified", **silent), now="2026-07-06 11:00")
        assert (told.kind, told.flags) == ("complaint", ())


@pytest.mark.parametrize("odd", [["incomplete"], {}, None, "tea"])
def test_nobody_waits_for_a_reason_that_is_none(odd: object, state: State) -> None:
    told = state(OPENED, fact("2026-07-06 10:00", "case.held", reason=odd), now="2026-07-06 11:00")
    assert (told.paused, told.flags) == (False, (Flag("unknown_pause_reason", str(odd)),))


def test_a_pause_waits_for_the_citizen_only_if_its_reason_does(state: State) -> None:
    for reason, status in (("incomplete", "awaiting_citizen"), ("force_majeure", "new")):
        for imported in (True, False):
            held = fact("2026-07-06 10:00", "case.held", reason=reason, imported=imported)
            assert state(OPENED, held, now="2026-07-06 11:00").status == status


def test_silence_counts_anew_only_from_a_horizon_that_changed(state: State, moment: Moment) -> None:
    answered = fact("2026-07-08 09:00", "dispatch.sent", purpose="answer")
    same = fact("2026-07-10 09:00", "case.horizon_set", horizon="short")
    # Ten working days after the 8th.
    assert state(OPENED, answered, same, now="2026-07-13 09:00").closes_at == moment("2026-07-22 16:00")
    planned = fact("2026-07-09 09:00", "case.horizon_set", **PLAN)
    told = state(OPENED, answered, planned, now="2026-07-09 10:00")
    assert (told.status, told.closes_at) == ("scheduled", None)
    # Ten after the 10th, on which it came back.
    assert state(OPENED, answered, planned, same, now="2026-07-13 09:00").closes_at == moment("2026-07-24 16:30")
    # Planned before it is answered: silence has nothing to count from, but a question has.
    assert state(OPENED, planned, now="2026-07-13 09:00").closes_at is None
    asked = fact("2026-07-10 09:00", "dispatch.sent", purpose="question")
    told = state(OPENED, planned, asked, now="2026-07-13 09:00")
    assert (told.closes_at, told.closes_as) == (moment("2026-07-24 16:30"), "incomplete")


@pytest.mark.parametrize(
    "odd",
    [
        *(["", "2026-12-01"], [5, "2026-12-01"], [["roof"], "2026-12-01"], ["roof", None], ["roof", "soon"]),
        *(["roof", "2026-12-01", 1], ["roof"], "ab", {"roof": 1, "2026-12-01": 2}, None),
    ],
)
def test_a_milestone_is_a_name_and_a_date(odd: object, state: State) -> None:
    planned = fact("2026-07-06 10:00", "case.horizon_set", **{**PLAN, "milestones": [odd, ["design", "2026-08-31"]]})
    told = state(OPENED, planned, now="2026-07-06 11:00")
    assert told.milestones == (Milestone("design", date(2026, 8, 31), None),)
    assert Flag("unreadable_milestone", str(odd)) in told.flags


def test_only_a_message_says_when_somebody_spoke(state: State, lines: Lines) -> None:
    spoken = "2026-07-08T09:00:00+07:00"
    resumed = fact("2026-07-09 09:00", "case.resumed", spoken_at=spoken)
    # Two working days stood still, or one: the citizen wrote the day before it was read.
    assert lines(state(OPENED, HELD, resumed, now="2026-07-09 10:00"))["verify"] == "due 2026-07-13 16:00"
    said = fact("2026-07-09 09:00", "message.joined", spoken_at=spoken)
    assert lines(state(OPENED, HELD, said, now="2026-07-09 10:00"))["verify"] == "due 2026-07-10 16:30"


def test_an_import_forgets_nothing_of_a_case_that_was_closed_before(state: State) -> None:
    closed = fact("2026-07-07 09:00", "case.closed")
    imported = fact("2026-07-08 09:00", "case.closed", imported=True)
    assert [one.code for one in state(OPENED, closed, imported, now="2026-07-09 09:00").obligations] == [
        "verify",
        "answer",
    ]
    assert state(OPENED, imported, now="2026-07-09 09:00").obligations == ()
