"""The fold, told as stories: what happened, and what is then due from whom."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from salur.sop.engine.state import CaseState, Flag

State = Callable[..., CaseState]
Lines = Callable[[CaseState], dict[str, str]]
Moment = Callable[[str], datetime]
Row = tuple[str, str, dict[str, Any]]

HOSPITAL = 7


def opened(spoken: str = "2026-07-04T10:00+07:00", **more: Any) -> Row:
    """A complaint spoken on Saturday 4 July 2026 and understood a minute later; that July has no holiday."""
    data = {"number": "A-1", "kind": "complaint", "function": "roads", "agency_id": 1, "horizon": "short"}
    return "2026-07-04 10:01", "case.opened", {**data, "spoken_at": spoken, **more}


VERIFIED: Row = ("2026-07-06 10:00", "case.verified", {})
REFERRED: Row = ("2026-07-07 09:00", "case.referred", {"agency_id": 2, "from_agency_id": 1})
HELD: Row = ("2026-07-08 10:00", "case.held", {"reason": "incomplete"})
ASKED: Row = ("2026-07-08 11:00", "dispatch.sent", {"purpose": "question"})
REPLIED: Row = ("2026-07-13 09:01", "message.joined", {"spoken_at": "2026-07-13T09:00+07:00"})
FOLLOWED_UP: Row = ("2026-07-14 15:00", "case.followed_up", {})
ANSWERED: Row = ("2026-07-16 14:00", "dispatch.sent", {"purpose": "answer"})
MEDIUM = {"horizon": "medium", "owner": "Bidang Jalan", "plan_reference": "RKPD 2027", "review_on": "2026-09-15"}


def test_spoken_on_saturday_counts_from_monday(state: State, lines: Lines, moment: Moment) -> None:
    new = state(opened(), now="2026-07-06 09:00")
    assert (new.status, new.next_actor, new.agency_id) == ("new", "coordinator", 1)
    assert lines(new) == {"verify": "due 2026-07-09 16:00", "answer": "due 2026-07-24 16:30"}
    assert new.due_at == moment("2026-07-09 16:00")
    assert new.citizen_due_at == moment("2026-07-24 16:30")
    assert new.spoken_at == moment("2026-07-04 10:00")
    assert (new.closes_at, new.closes_as, new.provisional, new.flags) == (None, "", False, ())


def test_verified_then_referred(state: State, lines: Lines) -> None:
    verified = state(opened(), VERIFIED, now="2026-07-06 11:00")
    assert (verified.status, verified.next_actor) == ("in_progress", "operator")
    assert lines(verified) == {
        "verify": "due 2026-07-09 16:00 · met 2026-07-06 10:00",
        "answer": "due 2026-07-24 16:30",
        "follow_up": "due 2026-07-13 16:00",
    }
    referred = state(opened(), VERIFIED, REFERRED, now="2026-07-07 09:00")
    first, second = [obligation for obligation in referred.obligations if obligation.code == "follow_up"]
    assert (first.superseded_by, first.breached) == ("transferred", False)
    assert (second.agency_id, second.started_by, referred.agency_id) == (2, 3, 2)
    assert lines(referred)["follow_up"] == "due 2026-07-14 16:00"
    assert lines(referred)["answer"] == "due 2026-07-24 16:30"


def test_held_for_the_citizen(state: State, lines: Lines, moment: Moment) -> None:
    held = state(opened(), VERIFIED, REFERRED, HELD, ASKED, now="2026-07-10 12:00")
    assert (held.status, held.next_actor, held.paused, held.pause_reason) == (
        "awaiting_citizen",
        "citizen",
        True,
        "incomplete",
    )
    assert (held.closes_at, held.closes_as) == (moment("2026-07-22 16:00"), "incomplete")
    assert held.due_at is None
    # Two working days have stood still by now.
    assert lines(held)["follow_up"] == "due 2026-07-16 16:00 · paused"
    assert lines(held)["answer"] == "due 2026-07-28 16:00 · paused"


def test_the_citizens_reply_resumes_the_clocks(state: State, lines: Lines, moment: Moment) -> None:
    resumed = state(opened(), VERIFIED, REFERRED, HELD, ASKED, REPLIED, now="2026-07-13 10:00")
    assert (resumed.status, resumed.paused, resumed.closes_at) == ("in_progress", False, None)
    assert lines(resumed)["follow_up"] == "due 2026-07-17 16:30"
    assert resumed.citizen_due_at == moment("2026-07-29 16:00")


def test_answered_then_silent(state: State, lines: Lines, moment: Moment) -> None:
    told = [opened(), VERIFIED, REFERRED, HELD, ASKED, REPLIED, FOLLOWED_UP, ANSWERED]
    answered = state(*told, now="2026-07-20 10:00")
    assert (answered.status, answered.next_actor, answered.due_at) == ("answered", "citizen", None)
    assert (answered.closes_at, answered.closes_as) == (moment("2026-07-30 16:00"), "silence")
    assert answered.answered_at == moment("2026-07-16 14:00")
    assert lines(answered)["answer"] == "due 2026-07-29 16:00 · met 2026-07-16 14:00"
    closing = ("2026-07-30 16:05", "case.closed", {"by": "system", "outcome": "silence", "reason": ""})
    closed = state(*told, closing, now="2026-08-03 10:00")
    assert (closed.status, closed.closed_by, closed.outcome, closed.next_actor) == ("closed", "system", "silence", None)
    assert (closed.closed_at, closed.closes_at) == (moment("2026-07-30 16:05"), None)


def test_silence_counts_from_the_last_voice_told(state: State, moment: Moment) -> None:
    second = ("2026-07-17 09:00", "dispatch.sent", {"purpose": "answer"})
    answered = state(opened(), VERIFIED, ANSWERED, second, now="2026-07-20 10:00")
    assert answered.answered_at == moment("2026-07-16 14:00")
    assert answered.closes_at == moment("2026-07-31 16:30")


def test_citizen_speaks_against_the_answer(state: State, lines: Lines, moment: Moment) -> None:
    again = ("2026-07-17 08:05", "message.joined", {"spoken_at": "2026-07-17T08:00+07:00"})
    back = state(opened(), VERIFIED, ANSWERED, again, now="2026-07-17 09:00")
    assert (back.status, back.next_actor, back.closes_at, back.answered_at) == ("in_progress", "operator", None, None)
    assert lines(back)["answer_again"] == "due 2026-07-24 16:30"
    assert back.due_at == moment("2026-07-24 16:30")
    # A second message before the new answer does not give the office more time.
    more = ("2026-07-20 08:05", "message.joined", {"spoken_at": "2026-07-20T08:00+07:00"})
    assert lines(state(opened(), VERIFIED, ANSWERED, again, more, now="2026-07-20 09:00")) == lines(back)
    answer = ("2026-07-21 10:00", "dispatch.sent", {"purpose": "answer"})
    done = state(opened(), VERIFIED, ANSWERED, again, answer, now="2026-07-22 09:00")
    assert (done.status, done.closes_at) == ("answered", moment("2026-08-04 16:00"))
    third = ("2026-07-22 10:00", "message.joined", {"spoken_at": "2026-07-22T10:00+07:00"})
    once_more = state(opened(), VERIFIED, ANSWERED, again, answer, third, now="2026-07-22 11:00")
    assert [o.open for o in once_more.obligations if o.code == "answer_again"] == [False, True]


def test_progress_does_not_answer(state: State) -> None:
    progress = ("2026-07-10 10:00", "dispatch.sent", {"purpose": "progress"})
    told = state(opened(), VERIFIED, progress, now="2026-07-13 10:00")
    assert {o.code: o.open for o in told.obligations} == {"verify": False, "follow_up": False, "answer": True}
    assert told.status == "in_progress"


def test_late_is_breached_and_stays_so(state: State, lines: Lines) -> None:
    late = state(opened(), now="2026-07-09 16:01")
    assert lines(late)["verify"] == "due 2026-07-09 16:00 · breached"
    assert lines(state(opened(), now="2026-07-09 16:00"))["verify"] == "due 2026-07-09 16:00"
    done = state(opened(), ("2026-07-10 08:00", "case.verified", {}), now="2026-07-10 09:00")
    assert lines(done)["verify"] == "due 2026-07-09 16:00 · met 2026-07-10 08:00 · breached"
    # A pause after the due instant comes too late to help.
    held = state(opened(), ("2026-07-10 08:00", "case.held", {"reason": "incomplete"}), now="2026-07-15 09:00")
    assert lines(held)["verify"] == "due 2026-07-09 16:00 · breached"


def test_pause_on_the_last_day_is_fair(state: State, lines: Lines) -> None:
    hold = ("2026-07-09 15:00", "case.held", {"reason": "incomplete"})
    assert lines(state(opened(), hold, now="2026-07-09 20:00"))["verify"] == "due 2026-07-10 16:30 · paused"
    resume = ("2026-07-09 20:00", "case.resumed", {"reason": ""})
    assert lines(state(opened(), hold, resume, now="2026-07-10 08:00"))["verify"] == "due 2026-07-10 16:30"


def test_only_reasons_of_the_sop_stop_the_clock(state: State, lines: Lines) -> None:
    tea = ("2026-07-06 08:00", "case.held", {"reason": "tea"})
    told = state(opened(), tea, now="2026-07-08 09:00")
    assert told.flags == (Flag("unknown_pause_reason", "tea"),)
    assert (told.paused, lines(told)["verify"]) == (False, "due 2026-07-09 16:00")


def test_force_majeure_is_not_ended_by_the_citizen(state: State) -> None:
    flood = ("2026-07-08 10:00", "case.held", {"reason": "force_majeure"})
    held = state(opened(), VERIFIED, flood, REPLIED, now="2026-07-13 10:00")
    assert (held.status, held.paused, held.next_actor) == ("in_progress", True, None)
    resumed: Row = ("2026-07-14 10:00", "case.resumed", {})
    assert not state(opened(), VERIFIED, flood, REPLIED, resumed, now="2026-07-14 11:00").paused


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("information_request", "2026-07-13 16:00"),
        ("complaint", "2026-07-24 16:30"),
        ("aspiration", "2026-07-24 16:30"),
        ("supervisory_complaint", "2026-09-30 16:00"),
    ],
)
def test_answer_limit_by_kind(kind: str, due: str, state: State, moment: Moment) -> None:
    assert state(opened(kind=kind), now="2026-07-06 08:00").citizen_due_at == moment(due)
    corrected = ("2026-07-07 08:00", "case.classified", {"kind": kind, "function": "roads"})
    assert state(opened(), corrected, now="2026-07-07 09:00").citizen_due_at == moment(due)


def test_agency_clock_nests_in_the_citizens(state: State, lines: Lines) -> None:
    late: Row = ("2026-07-10 09:00", "case.verified", {})
    nested = state(opened(kind="information_request"), late, now="2026-07-10 10:00")
    assert lines(nested)["follow_up"] == "due 2026-07-13 16:00"
    # Started after the citizen's clock ran out, it has its own time: a limit in the past helps nobody.
    later: Row = ("2026-07-14 09:00", "case.verified", {})
    assert lines(state(opened(kind="information_request"), later, now="2026-07-14 10:00"))["follow_up"] == (
        "due 2026-07-21 16:00"
    )


def test_agency_clock_counts_on_the_agencys_calendar(state: State, lines: Lines) -> None:
    hospital = ("2026-07-07 09:00", "case.referred", {"agency_id": HOSPITAL, "from_agency_id": 1})
    told = state(opened(), hospital, now="2026-07-07 10:00")
    # Six days a week: Saturday 11 July counts for the hospital, not for the citizen's clock.
    assert lines(told)["follow_up"].startswith("due 2026-07-13")
    assert lines(told)["answer"] == "due 2026-07-24 16:30"


def test_ping_pong_starts_each_agency_anew(state: State) -> None:
    there = ("2026-07-07 09:00", "case.referred", {"agency_id": 2, "from_agency_id": 1})
    back = ("2026-07-08 09:00", "case.referred", {"agency_id": 1, "from_agency_id": 2})
    told = state(opened(), VERIFIED, there, back, now="2026-07-08 10:00")
    runs = [(o.superseded_by, o.agency_id) for o in told.obligations if o.code == "follow_up"]
    assert [why for why, _ in runs] == ["transferred", "transferred", ""]
    assert runs[-1][1] == 1


def test_verified_twice_starts_once(state: State) -> None:
    again: Row = ("2026-07-17 10:00", "case.verified", {})
    told = state(opened(), VERIFIED, ANSWERED, again, now="2026-07-17 11:00")
    assert [o.open for o in told.obligations if o.code == "follow_up"] == [False]


def test_reopening_keeps_the_elapsed_time(state: State, lines: Lines, moment: Moment) -> None:
    closed = ("2026-07-20 09:00", "case.closed", {"by": "officer", "outcome": "completed"})
    told = [opened(), VERIFIED, ANSWERED, closed]
    late_word = ("2026-07-21 09:00", "message.joined", {"spoken_at": "2026-07-21T09:00+07:00"})
    assert state(*told, late_word, now="2026-07-21 10:00").status == "closed"
    reopened = ("2026-07-21 09:30", "case.reopened", {"by": "citizen", "reason": "the hole is back"})
    back = state(*told, late_word, reopened, now="2026-07-21 10:00")
    assert (back.status, back.reopened_count, back.outcome, back.closed_at) == ("in_progress", 1, "", None)
    assert back.citizen_due_at == moment("2026-07-24 16:30")
    assert lines(back)["answer"] == "due 2026-07-24 16:30"
    assert lines(back)["follow_up"] == "due 2026-07-24 16:30"
    first = next(o for o in back.obligations if o.code == "answer")
    assert first.met_at == moment("2026-07-16 14:00")


def test_reopened_after_the_limit(state: State, lines: Lines) -> None:
    closed = ("2026-07-31 09:00", "case.closed", {"by": "system", "outcome": "silence"})
    reopened = ("2026-08-03 09:00", "case.reopened", {"by": "citizen"})
    back = state(opened(), VERIFIED, ANSWERED, closed, reopened, now="2026-08-03 10:00")
    assert lines(back)["answer"] == "due 2026-07-24 16:30 · breached"
    assert lines(back)["follow_up"] == "due 2026-08-10 16:00"


def test_closing_ends_what_was_open(state: State, lines: Lines) -> None:
    archived = ("2026-07-10 09:00", "case.closed", {"by": "officer", "outcome": "archived", "reason": "spam"})
    told = state(opened(), archived, now="2026-08-10 09:00")
    assert lines(told) == {
        "verify": "due 2026-07-09 16:00 · closed · breached",
        "answer": "due 2026-07-24 16:30 · closed",
    }
    assert (told.status, told.outcome, told.due_at) == ("closed", "archived", None)


def test_answer_that_leaves_after_the_closing_counts(state: State, lines: Lines) -> None:
    closed = ("2026-07-16 13:59", "case.closed", {"by": "officer", "outcome": "completed"})
    told = state(opened(), VERIFIED, closed, ANSWERED, now="2026-07-20 09:00")
    assert lines(told)["answer"] == "due 2026-07-24 16:30 · met 2026-07-16 14:00"
    assert told.status == "closed"


def test_imported_history(state: State, lines: Lines) -> None:
    old = opened("2025-02-03T08:00+07:00", imported=True)
    closed = ("2026-07-04 10:02", "case.closed", {"by": "system", "outcome": "silence"})
    told = state(old, closed, now="2026-07-06 09:00")
    assert (told.status, told.closed_by, told.outcome) == ("closed", "system", "silence")
    assert lines(told)["answer"] == "due 2025-02-21 16:30 · closed · breached"


def test_what_an_import_knows_without_its_instant_is_neither_late_nor_in_time(state: State, lines: Lines) -> None:
    old = opened("2025-02-03T08:00+07:00", imported=True)
    referred = ("2026-07-04 10:01", "case.referred", {"agency_id": 3, "imported": True})
    still_open = state(old, referred, now="2026-07-06 09:00")
    assert lines(still_open) == {
        "answer": "due 2025-02-21 16:30 · breached",
        "follow_up": "due 2026-07-13 16:00",
    }
    closed = ("2026-07-04 10:02", "case.closed", {"by": "system", "outcome": "silence", "imported": True})
    told = state(old, referred, closed, now="2026-07-06 09:00")
    assert (told.status, told.closed_by, told.obligations, told.citizen_due_at) == ("closed", "system", (), None)


def test_medium_horizon_is_scheduled_not_closed(state: State, lines: Lines, moment: Moment) -> None:
    planned = ("2026-07-08 09:00", "case.horizon_set", MEDIUM)
    told = state(opened(), VERIFIED, planned, now="2026-07-09 09:00")
    assert (told.status, told.owner, told.plan_reference) == ("in_progress", "Bidang Jalan", "RKPD 2027")
    # The citizen's answer is still due in its own time.
    assert told.citizen_due_at == moment("2026-07-24 16:30")
    scheduled = state(opened(), VERIFIED, planned, ANSWERED, now="2026-08-10 09:00")
    assert (scheduled.status, scheduled.closes_at, scheduled.next_actor) == ("scheduled", None, "operator")
    assert (scheduled.review_on, scheduled.due_at) == (date(2026, 9, 15), moment("2026-09-15 16:00"))
    reviewed = ("2026-09-14 10:00", "case.reviewed", {"note": "", "next_review_on": "2026-11-02"})
    after = state(opened(), VERIFIED, planned, ANSWERED, reviewed, now="2026-09-14 11:00")
    assert [o.open for o in after.obligations if o.code == "review"] == [False, True]
    assert lines(after)["review"] == "due 2026-11-02 16:00"


def test_a_long_horizon_is_not_a_drawer(state: State, lines: Lines) -> None:
    bare = ("2026-07-08 09:00", "case.horizon_set", {"horizon": "long"})
    told = state(opened(), VERIFIED, bare, ANSWERED, now="2026-08-10 09:00")
    # Without a date it comes up after the horizon's interval: 180 days, 4 January 2027.
    assert lines(told)["review"] == "due 2027-01-04 16:00"
    assert {flag.detail for flag in told.flags} == {"owner", "plan", "plan_reference", "promised_on", "review_on"}
    far = ("2026-07-08 09:00", "case.horizon_set", {**MEDIUM, "review_on": "2031-01-01"})
    assert state(opened(), VERIFIED, far, now="2026-08-10 09:00").review_on == date(2026, 10, 6)


def test_review_on_a_closed_day_is_due_at_the_next_closing(state: State, lines: Lines) -> None:
    sunday = ("2026-07-08 09:00", "case.horizon_set", {**MEDIUM, "review_on": "2026-09-13"})
    told = state(opened(), VERIFIED, sunday, now="2026-08-10 09:00")
    assert (lines(told)["review"], told.review_on) == ("due 2026-09-14 16:00", date(2026, 9, 13))


def test_back_to_short_gives_the_citizen_the_whole_silence(state: State, moment: Moment) -> None:
    planned = ("2026-07-08 09:00", "case.horizon_set", MEDIUM)
    short = ("2026-09-07 09:00", "case.horizon_set", {"horizon": "short"})
    told = state(opened(), VERIFIED, planned, ANSWERED, short, now="2026-09-07 10:00")
    assert (told.status, told.closes_at, told.owner) == ("answered", moment("2026-09-21 16:00"), "")
    assert [o.superseded_by for o in told.obligations if o.code == "review"] == ["not_bound"]


def test_submitted_reply_waits_for_the_approver(state: State) -> None:
    submitted = ("2026-07-13 10:00", "reply.submitted", {"reply_id": 5, "purpose": "answer"})
    assert state(opened(), VERIFIED, submitted, now="2026-07-13 11:00").next_actor == "approver"
    returned = ("2026-07-13 12:00", "reply.returned", {"reply_id": 5, "purpose": "answer"})
    assert state(opened(), VERIFIED, submitted, returned, now="2026-07-13 13:00").next_actor == "operator"


def test_pause_does_not_touch_what_was_met_before(state: State, lines: Lines) -> None:
    held = state(opened(), VERIFIED, HELD, now="2026-07-10 12:00")
    assert lines(held)["verify"] == "due 2026-07-09 16:00 · met 2026-07-06 10:00"


def test_clocks_resume_when_the_citizen_spoke_not_when_it_was_read(state: State, lines: Lines) -> None:
    read_late = ("2026-07-15 09:00", "message.joined", {"spoken_at": "2026-07-13T09:00+07:00"})
    told = state(opened(), VERIFIED, REFERRED, HELD, ASKED, read_late, now="2026-07-15 10:00")
    assert lines(told)["follow_up"] == "due 2026-07-17 16:30"


def test_after_the_answer_there_is_nothing_to_nest_in(state: State, lines: Lines) -> None:
    handed_on = ("2026-07-22 09:00", "case.referred", {"agency_id": 2, "from_agency_id": 1})
    told = state(opened(), VERIFIED, ANSWERED, handed_on, now="2026-07-22 10:00")
    assert lines(told)["follow_up"] == "due 2026-07-29 16:00"
    again = ("2026-07-22 08:05", "message.joined", {"spoken_at": "2026-07-22T08:00+07:00"})
    told = state(opened(), VERIFIED, ANSWERED, again, now="2026-07-22 10:00")
    assert lines(told)["answer_again"] == "due 2026-07-29 16:00"


def test_what_the_closing_ended_is_not_met_after_reopening(state: State, lines: Lines) -> None:
    archived: Row = ("2026-07-07 09:00", "case.closed", {"by": "officer", "outcome": "archived"})
    reopened: Row = ("2026-07-08 09:00", "case.reopened", {"by": "officer"})
    late: Row = ("2026-07-08 10:00", "case.verified", {})
    told = state(opened(), archived, reopened, late, now="2026-07-08 11:00")
    assert lines(told)["verify"] == "due 2026-07-09 16:00 · closed"


def test_silence_stands_still_in_a_pause(state: State, moment: Moment) -> None:
    flood: Row = ("2026-07-20 09:00", "case.held", {"reason": "force_majeure"})
    over: Row = ("2026-07-22 09:00", "case.resumed", {})
    assert state(opened(), VERIFIED, ANSWERED, flood, now="2026-07-21 09:00").closes_at is None
    resumed = state(opened(), VERIFIED, ANSWERED, flood, over, now="2026-07-22 10:00")
    assert resumed.closes_at == moment("2026-08-03 16:00")
    asked = state(opened(), VERIFIED, ASKED, flood, now="2026-07-21 09:00")
    assert (asked.status, asked.closes_at, asked.closes_as) == ("awaiting_citizen", None, "")
