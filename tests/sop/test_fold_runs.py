"""What starts, meets and ends an obligation: verdicts computed by hand, one for every condition of it.

Five-day week: Monday to Thursday 07:30-16:00, Friday 07:30-16:30. July 2026 has no holiday; 6 July is a Monday.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from salur.sop.engine.state import CaseState

State = Callable[..., CaseState]
Lines = Callable[[CaseState], dict[str, str]]
Moment = Callable[[str], datetime]
Row = tuple[str, str, dict[str, Any]]

PLAN = {"horizon": "medium", "owner": "Bidang Jalan", "plan": "rkpd", "plan_reference": "RKPD 2027"}


def opened(spoken: str = "2026-07-06 09:00", kind: str = "complaint", **more: Any) -> Row:
    """Opened the moment it was spoken."""
    told = f"{spoken.replace(' ', 'T')}+07:00"
    return spoken, "case.opened", {"kind": kind, "agency_id": 1, "horizon": "short", "spoken_at": told, **more}


def fact(at: str, of: str, /, **data: Any) -> Row:
    return at, of, data


def sent(at: str, purpose: str = "answer", **data: Any) -> Row:
    return at, "dispatch.sent", {"purpose": purpose, **data}


def verdicts(state: CaseState, code: str) -> list[tuple[str, int | str | None]]:
    """Why each run of an obligation ended ("" for open and met ones), and who held the case then."""
    return [(one.superseded_by, one.agency_id) for one in state.obligations if one.code == code]


def test_a_closed_case_starts_nothing(state: State) -> None:
    """What ran when it closed may still be met."""
    told = state(
        opened(),
        fact("2026-07-07 09:00", "case.closed"),
        fact("2026-07-08 09:00", "case.verified"),
        fact("2026-07-08 10:00", "case.referred", agency_id=2),
        now="2026-07-09 09:00",
    )
    assert [(one.code, one.superseded_by) for one in told.obligations] == [("verify", ""), ("answer", "closed")]


def test_whoever_held_the_case_when_it_ended(state: State, moment: Moment) -> None:
    told = state(
        opened(),
        fact("2026-07-06 10:00", "case.verified"),
        fact("2026-07-07 09:00", "case.referred", agency_id=2),
        fact("2026-07-08 09:00", "case.followed_up"),
        fact("2026-07-09 09:00", "case.followed_up"),
        fact("2026-07-10 09:00", "case.referred", agency_id=3),
        fact("2026-07-13 09:00", "case.closed"),
        fact("2026-07-14 09:00", "case.referred", agency_id=4),
        now="2026-07-15 09:00",
    )
    assert verdicts(told, "verify") == [("", 1)]
    assert verdicts(told, "follow_up") == [("transferred", 2), ("", 2), ("closed", 3)]
    assert verdicts(told, "answer") == [("closed", 3)]
    assert told.agency_id == 4
    # Done is done: the second report of it changes nothing.
    met = [one.met_at for one in told.obligations if one.code == "follow_up"]
    assert met == [None, moment("2026-07-08 09:00"), None]


def test_what_left_after_the_closing_was_done_by_its_holder_all_the_same(state: State, moment: Moment) -> None:
    told = state(
        opened(),
        fact("2026-07-07 09:00", "case.closed"),
        sent("2026-07-07 09:05"),
        fact("2026-07-08 09:00", "case.reopened"),
        now="2026-07-08 10:00",
    )
    first, second = [one for one in told.obligations if one.code == "answer"]
    assert (first.met_at, first.superseded_by, first.agency_id) == (moment("2026-07-07 09:05"), "", 1)
    assert (second.open, second.started_at) == (True, moment("2026-07-06 09:00"))


def test_only_an_answer_can_be_spoken_against(state: State, moment: Moment) -> None:
    """The new work began when the citizen spoke, though the message was understood after the next closing."""
    again = fact("2026-07-08 16:05", "message.joined", spoken_at="2026-07-08T15:55:00+07:00")
    told = state(opened(), again, now="2026-07-09 09:00")
    assert not [one for one in told.obligations if one.code == "answer_again"]
    told = state(opened(), sent("2026-07-07 09:00"), again, now="2026-07-09 09:00")
    (work,) = [one for one in told.obligations if one.code == "answer_again"]
    # Five working days after Wednesday the 8th, not after the 9th.
    assert (work.started_at, work.due_at) == (moment("2026-07-08 15:55"), moment("2026-07-15 16:00"))


def test_the_arbiter_who_is_called_twice_has_no_more_time(state: State) -> None:
    calls = [fact("2026-07-07 09:00", "case.arbiter_called"), fact("2026-07-08 09:00", "case.arbiter_called")]
    told = state(opened(), *calls, now="2026-07-08 10:00")
    assert [(one.started_by, one.open) for one in told.obligations if one.code == "arbitrate"] == [(2, True)]
    decided = fact("2026-07-07 12:00", "case.verified")
    told = state(opened(), calls[0], decided, calls[1], now="2026-07-08 10:00")
    assert [(one.started_by, one.open) for one in told.obligations if one.code == "arbitrate"] == [
        (2, False),
        (4, True),
    ]


def test_the_first_response_follows_the_channel_whatever_the_kind_becomes(state: State, lines: Lines) -> None:
    case = opened(channel="instagram")
    assert lines(state(case, now="2026-07-06 10:00"))["first_response"] == "due 2026-07-07 16:00"
    told = state(case, fact("2026-07-06 10:00", "case.classified", kind="aspiration"), now="2026-07-06 11:00")
    assert lines(told)["first_response"] == "due 2026-07-07 16:00"


GRAVE = {"  - code: verify\n": "  - code: verify\n    kinds: [supervisory_complaint]\n"}


def test_an_obligation_of_another_kind_is_never_met(under: State, moment: Moment) -> None:
    verified = fact("2026-07-06 10:00", "case.verified")
    grave = fact("2026-07-07 09:00", "case.classified", kind="supervisory_complaint")
    told = under(GRAVE, opened(), verified, grave, now="2026-07-07 10:00")
    assert [one.met_at for one in told.obligations if one.code == "verify"] == [None]
    told = under(GRAVE, opened(), verified, now="2026-07-07 10:00")
    assert "verify" not in [one.code for one in told.obligations]
    again = fact("2026-07-07 12:00", "case.verified")
    told = under(GRAVE, opened(), verified, grave, again, now="2026-07-08 10:00")
    assert [one.met_at for one in told.obligations if one.code == "verify"] == [moment("2026-07-07 12:00")]


def test_what_never_bound_while_the_case_was_open_is_not_told_afterwards(under: State) -> None:
    grave = fact("2026-07-08 09:00", "case.classified", kind="supervisory_complaint")
    told = under(GRAVE, opened(), fact("2026-07-07 09:00", "case.closed"), grave, now="2026-07-09 10:00")
    assert [one.code for one in told.obligations] == ["answer"]


def test_what_did_not_bind_was_not_late(under: State, lines: Lines) -> None:
    answer = {"  - code: answer\n": "  - code: answer\n    kinds: [information_request, supervisory_complaint]\n"}
    case = opened(kind="information_request")
    told = under(
        answer,
        case,
        # Fourteen working days are over on 24 July, but a complaint is no concern of this obligation.
        fact("2026-07-08 09:00", "case.classified", kind="complaint"),
        fact("2026-07-27 09:00", "case.classified", kind="supervisory_complaint"),
        now="2026-07-28 09:00",
    )
    assert lines(told)["answer"] == "due 2026-09-30 16:00"


def test_a_citizens_review_counts_from_the_plan_not_from_the_first_word(under: State, moment: Moment) -> None:
    citizens = {"    within: review_on\n    clock: agency\n": "    within: review_on\n    clock: citizen\n"}
    told = under(citizens, opened(), fact("2026-07-08 09:00", "case.horizon_set", **PLAN), now="2026-07-08 10:00")
    (review,) = [one for one in told.obligations if one.code == "review"]
    # 90 calendar days after 8 July are 6 October, a Tuesday.
    assert (review.started_at, review.due_at) == (moment("2026-07-08 09:00"), moment("2026-10-06 16:00"))


def test_the_citizens_message_opens_a_new_round_only_against_an_answer(state: State) -> None:
    verified = [fact(f"2026-07-{day} 10:00", "case.verified") for day in ("07", "09")]
    followed_up = fact("2026-07-08 09:00", "case.followed_up")
    said = fact("2026-07-08 10:00", "message.joined")
    told = state(opened(), verified[0], followed_up, said, verified[1], now="2026-07-10 09:00")
    assert [one.started_by for one in told.obligations if one.code == "follow_up"] == [2]
    answered = [opened(), verified[0], sent("2026-07-08 09:00"), said, verified[1]]
    told = state(*answered, now="2026-07-10 09:00")
    assert [one.started_by for one in told.obligations if one.code == "follow_up"] == [2, 5]


def test_what_let_go_once_let_go_then(under: State, lines: Lines) -> None:
    told = under(
        GRAVE,
        opened(kind="supervisory_complaint"),
        fact("2026-07-08 09:00", "case.classified", kind="complaint"),
        fact("2026-07-13 09:00", "case.classified", kind="aspiration"),
        now="2026-07-14 09:00",
    )
    assert lines(told)["verify"] == "due 2026-07-09 16:00 · not_bound"


def test_what_ended_before_it_was_due_was_never_late(state: State, lines: Lines) -> None:
    grave = fact("2026-07-20 09:00", "case.classified", kind="supervisory_complaint")
    told = state(
        opened(kind="information_request"), fact("2026-07-08 09:00", "case.closed"), grave, now="2026-07-21 09:00"
    )
    assert lines(told)["answer"] == "due 2026-09-30 16:00 · closed"


def test_a_citizens_clock_starts_once_whoever_takes_the_case_over(under: State) -> None:
    citizens = {"    within: 5 working_days\n    clock: agency\n": "    within: 5 working_days\n    clock: citizen\n"}
    rows = [fact("2026-07-07 09:00", "case.verified"), fact("2026-07-08 09:00", "case.referred", agency_id=2)]
    assert verdicts(under(citizens, opened(), *rows, now="2026-07-09 09:00"), "follow_up") == [("", 2)]
