"""Journals whose verdicts were computed by hand on the shipped calendars: what is due when, and what was late.

Five-day week: Monday to Thursday 07:30-16:00, Friday 07:30-16:30; in Ramadan (19 February to 20 March 2026) until 15:00
and 15:30. Closed are, among others, 18 to 24 March, 3 April, 27 and 28 May, 1 June, 17 and 25 August 2026. July and
October 2026 have no holiday; 6 July is a Monday.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from salur.sop.engine.state import CaseState, Flag

State = Callable[..., CaseState]
Lines = Callable[[CaseState], dict[str, str]]
Moment = Callable[[str], datetime]
Row = tuple[str, str, dict[str, Any]]

HOSPITAL = 7
PLAN = {"horizon": "medium", "owner": "Bidang Jalan", "plan": "rkpd", "plan_reference": "RKPD 2027"}


def opened(spoken: str, kind: str = "complaint", **more: Any) -> Row:
    """Opened the moment it was spoken."""
    told = f"{spoken.replace(' ', 'T')}+07:00"
    return spoken, "case.opened", {"kind": kind, "agency_id": 1, "horizon": "short", "spoken_at": told, **more}


def fact(at: str, of: str, /, **data: Any) -> Row:
    return at, of, data


def sent(at: str, purpose: str = "answer", **data: Any) -> Row:
    return at, "dispatch.sent", {"purpose": purpose, **data}


def rungs(state: CaseState, code: str) -> list[str]:
    """The ladder of the last run of an obligation, as lines "1 head_of_agency 2026-07-09 16:00 reached"."""
    ladder = [one for one in state.obligations if one.code == code][-1].escalations
    return [f"{r.rung} {r.to} {r.at:%Y-%m-%d %H:%M}{' reached' if r.reached else ''}" for r in ladder]


def test_ramadan_hours_and_the_leave_after_it(state: State, lines: Lines) -> None:
    told = state(opened("2026-03-09 09:00", channel="instagram"), now="2026-03-09 10:00")
    assert lines(told) == {
        "verify": "due 2026-03-12 15:00",
        "first_response": "due 2026-03-10 15:00",
        # Ten days until the 24th are closed; Good Friday is a holiday.
        "answer": "due 2026-04-06 16:00",
    }
    assert told.channel == "instagram"


def test_collective_leave_after_a_friday_evening(state: State, lines: Lines) -> None:
    told = state(opened("2026-05-22 17:00", "information_request"), now="2026-05-25 08:00")
    assert lines(told) == {"verify": "due 2026-06-02 16:00", "answer": "due 2026-06-04 16:00"}


def test_first_response_in_the_hours_of_the_channel(under: State, lines: Lines) -> None:
    hours = '{mon: ["08:00-20:00"], thu: ["08:00-20:00"], fri: ["08:00-20:00"], sat: ["08:00-12:00"]}'
    attended = {
        "whatsapp: {first_response: 1 working_days}": (
            f"whatsapp: {{first_response: 4 working_hours, service_hours: {hours}}}"
        )
    }
    # An hour and a half on Friday evening, nothing on Saturday, for no agency works then; the rest on Monday.
    told = under(attended, opened("2026-07-03 18:30", channel="whatsapp"), now="2026-07-03 19:00")
    assert lines(told)["first_response"] == "due 2026-07-06 10:30"
    assert lines(told)["verify"] == "due 2026-07-09 16:00"
    # Ramadan shortens the day of the office, not that of the channel.
    fasting = under(attended, opened("2026-03-12 19:00", channel="whatsapp"), now="2026-03-12 19:30")
    assert lines(fasting)["first_response"] == "due 2026-03-13 11:00"
    # On Tuesday and Wednesday nobody attends it.
    tuesday = under(attended, opened("2026-07-07 09:00", channel="whatsapp"), now="2026-07-07 09:30")
    assert lines(tuesday)["first_response"] == "due 2026-07-09 12:00"


def test_first_response_binds_only_where_it_is_promised(state: State, lines: Lines) -> None:
    for channel in ("radio", "", None):
        assert "first_response" not in lines(state(opened("2026-07-06 09:00", channel=channel), now="2026-07-06 10:00"))
    web = opened("2026-07-06 09:00", channel="web")
    receipt = sent("2026-07-06 09:01", "acknowledgement")
    assert lines(state(web, receipt, now="2026-07-06 10:00"))["first_response"] == "due 2026-07-09 16:00"
    asked = sent("2026-07-09 16:00", "question")
    assert lines(state(web, receipt, asked, now="2026-07-09 16:01"))["first_response"] == (
        "due 2026-07-09 16:00 · met 2026-07-09 16:00"
    )


def test_a_ladder_through_a_holiday(state: State, moment: Moment) -> None:
    case = opened("2026-08-11 10:00")
    before = state(case, now="2026-08-14 16:30")
    assert (before.wakes_at, before.due_at) == (moment("2026-08-14 16:30"), moment("2026-08-14 16:30"))
    late = state(case, now="2026-08-18 15:59")
    assert rungs(late, "verify") == ["1 regional_secretary 2026-08-18 16:00"]
    assert (late.obligations[0].breached, late.wakes_at) == (True, moment("2026-08-18 16:00"))
    called = state(case, now="2026-08-18 16:00")
    assert rungs(called, "verify") == ["1 regional_secretary 2026-08-18 16:00 reached"]
    assert called.wakes_at == moment("2026-09-02 16:00")
    assert rungs(called, "answer") == ["1 head_of_agency 2026-09-02 16:00", "2 regional_secretary 2026-09-07 16:00"]
    # At the due instant itself the answer is not late yet, but the first rung has come.
    due = state(case, now="2026-09-02 16:00")
    assert rungs(due, "answer")[0] == "1 head_of_agency 2026-09-02 16:00 reached"
    assert (due.obligations[-1].breached, due.wakes_at) == (False, moment("2026-09-02 16:00"))
    assert state(case, now="2026-09-02 16:01").wakes_at == moment("2026-09-07 16:00")


def test_a_rung_comes_only_while_the_obligation_is_open(state: State) -> None:
    case = opened("2026-08-11 10:00")
    for at, end in (("2026-08-18 16:00", ""), ("2026-08-18 16:01", " reached")):
        told = state(case, fact(at, "case.verified"), now="2026-08-31 10:00")
        assert rungs(told, "verify") == [f"1 regional_secretary 2026-08-18 16:00{end}"]
        gone = state(case, fact(at, "case.closed", outcome="archived"), now="2026-08-31 10:00")
        assert rungs(gone, "verify") == [f"1 regional_secretary 2026-08-18 16:00{end}"]
    assert gone.wakes_at is None


def test_no_rung_while_the_clock_stands_still(state: State, lines: Lines, moment: Moment) -> None:
    case = opened("2026-08-11 10:00")
    held = fact("2026-08-14 10:00", "case.held", reason="incomplete")
    told = state(case, held, now="2026-08-21 10:00")
    assert (lines(told)["verify"], told.wakes_at) == ("due 2026-08-21 16:30 · paused", None)
    assert rungs(told, "verify") == ["1 regional_secretary 2026-08-24 16:00"]
    # Four working days stood still: 14 August to 21 August without the 17th.
    back = state(case, held, fact("2026-08-21 10:00", "case.resumed"), now="2026-08-24 16:00")
    assert lines(back)["verify"] == "due 2026-08-21 16:30 · breached"
    assert rungs(back, "verify") == ["1 regional_secretary 2026-08-24 16:00 reached"]
    # A pause after the due instant comes too late for the ladder as well.
    late = state(case, fact("2026-08-18 10:00", "case.held", reason="incomplete"), now="2026-08-18 16:00")
    assert rungs(late, "verify") == ["1 regional_secretary 2026-08-18 16:00 reached"]
    assert lines(late)["answer"].endswith("paused")


def test_a_promised_date_on_a_closed_day(state: State, lines: Lines, moment: Moment) -> None:
    planned = fact("2026-07-08 09:00", "case.horizon_set", **PLAN, promised_on="2026-10-10", review_on="2026-09-15")
    case = (opened("2026-07-06 09:00"), fact("2026-07-06 10:00", "case.verified"), planned, sent("2026-07-13 10:00"))
    told = state(*case, now="2026-09-15 16:00")
    # 10 October 2026 is a Saturday.
    assert lines(told)["complete"] == "due 2026-10-12 16:00"
    assert (told.promised_on, told.plan, told.flags) == (date(2026, 10, 10), "rkpd", ())
    assert rungs(told, "complete") == ["1 head_of_agency 2026-10-12 16:00", "2 regional_secretary 2026-10-26 16:00"]
    done = fact("2026-10-13 08:00", "case.closed", by="officer", outcome="completed")
    closed = state(*case, done, now="2026-10-27 10:00")
    assert lines(closed)["complete"] == "due 2026-10-12 16:00 · met 2026-10-13 08:00 · breached"
    assert rungs(closed, "complete")[0].endswith("reached")
    assert not rungs(closed, "complete")[1].endswith("reached")
    # Promised far beyond the answer, and beyond what the horizon allows: the date itself stands.
    far = fact("2026-07-08 09:00", "case.horizon_set", **PLAN, promised_on="2029-03-01", review_on="2026-09-15")
    assert lines(state(*case[:2], far, now="2026-07-09 10:00"))["complete"] == "due 2029-03-01 16:00 · provisional"
    # A promise for a day that is over already is due at the closing of the day on which it was made.
    past = fact("2026-07-08 09:00", "case.horizon_set", **PLAN, promised_on="2026-07-01")
    assert lines(state(*case[:2], past, now="2026-07-08 10:00"))["complete"] == "due 2026-07-08 16:00"
    # Without a date it comes up after the horizon's interval: 365 days.
    bare = fact("2026-07-08 17:00", "case.horizon_set", **PLAN, promised_on=None)
    assert lines(state(*case[:2], bare, now="2026-07-08 18:00"))["complete"] == "due 2027-07-08 16:00"
    # Set again, it is promised anew.
    again = fact("2026-07-20 09:00", "case.horizon_set", **PLAN, promised_on="2026-10-19", review_on="2026-09-15")
    moved = state(*case, again, now="2026-09-15 10:00")
    runs = [(o.superseded_by, f"{o.due_at:%m-%d}") for o in moved.obligations if o.code == "complete"]
    assert runs == [("restarted", "10-12"), ("", "10-19")]


def test_a_hospital_works_on_saturday(state: State, lines: Lines) -> None:
    case = opened("2026-07-09 09:00", agency_id=HOSPITAL)
    told = state(case, fact("2026-07-09 10:00", "case.verified"), now="2026-07-09 11:00")
    assert lines(told)["follow_up"] == "due 2026-07-15 15:00"
    assert rungs(told, "follow_up") == ["1 head_of_agency 2026-07-16 15:00"]
    # The citizen's clock counts on the government's calendar all the same.
    assert lines(told)["verify"] == "due 2026-07-14 16:00 · met 2026-07-09 10:00"


def test_the_end_of_a_year_whose_successor_is_not_decreed(state: State, lines: Lines) -> None:
    told = state(opened("2027-12-20 09:00"), now="2027-12-20 10:00")
    assert lines(told) == {"verify": "due 2027-12-23 16:00", "answer": "due 2028-01-10 16:00 · provisional"}
    assert told.provisional and "2028" in told.reasons[0]
    # Spoken after the last closing of the year, in the year that is decreed, or in the one that is not.
    for spoken in ("2027-12-31 18:00", "2027-12-31 23:59", "2028-01-01 00:00", "2028-01-03 07:00"):
        assert lines(state(opened(spoken), now="2028-01-03 08:00"))["verify"] == "due 2028-01-06 16:00 · provisional"
    assert "2027" not in state(opened("2028-01-01 00:00"), now="2028-01-03 08:00").reasons[0]


def test_leap_day(state: State, lines: Lines) -> None:
    told = state(opened("2028-02-25 10:00", "information_request"), now="2028-02-25 11:00")
    assert lines(told)["answer"] == "due 2028-03-03 16:30 · provisional"
    planned = fact("2028-02-29 09:00", "case.horizon_set", **PLAN)
    told = state(opened("2028-02-25 10:00"), planned, now="2028-03-01 11:00")
    assert lines(told)["review"] == "due 2028-05-29 16:00 · provisional"


def test_a_late_entry_counts_from_when_it_happened(state: State, lines: Lines) -> None:
    late = fact("2026-07-10 09:00", "case.verified", happened_at="2026-07-09T15:00+07:00")
    told = state(opened("2026-07-06 09:00"), late, now="2026-07-10 10:00")
    assert lines(told)["verify"] == "due 2026-07-09 16:00 · met 2026-07-09 15:00"
    assert lines(told)["follow_up"] == "due 2026-07-16 16:00"
    # It is read where it happened: the referral that was written before it comes after it.
    referred = fact("2026-07-09 16:00", "case.referred", agency_id=2)
    told = state(opened("2026-07-06 09:00"), referred, late, now="2026-07-10 10:00")
    assert [(o.started_by, o.superseded_by) for o in told.obligations if o.code == "follow_up"] == [
        (3, "transferred"),
        (2, ""),
    ]
    # Never in the future, and never before the case.
    ahead = fact("2026-07-10 09:00", "case.verified", happened_at="2026-07-30T15:00+07:00")
    assert "met 2026-07-10 09:00" in lines(state(opened("2026-07-06 09:00"), ahead, now="2026-07-10 10:00"))["verify"]
    before = fact("2026-07-10 09:00", "case.verified", happened_at="2026-07-01T15:00+07:00")
    assert "met 2026-07-06 09:00" in lines(state(opened("2026-07-06 09:00"), before, now="2026-07-10 10:00"))["verify"]
    odd = fact("2026-07-10 09:00", "case.verified", happened_at="2026-07-09T15:00")
    told = state(opened("2026-07-06 09:00"), odd, now="2026-07-10 10:00")
    assert told.flags == (Flag("unreadable_instant", "2026-07-09T15:00"),)
    assert "met 2026-07-10 09:00" in lines(told)["verify"]


def test_a_case_that_was_written_down_late(state: State, lines: Lines, moment: Moment) -> None:
    data = {"kind": "complaint", "agency_id": 1, "spoken_at": "2026-07-06T09:00+07:00"}
    paper = fact("2026-07-10 09:00", "case.opened", **data, happened_at="2026-07-06T10:00+07:00")
    verified = fact("2026-07-10 09:05", "case.verified", happened_at="2026-07-07T10:00+07:00")
    told = state(paper, verified, now="2026-07-10 10:00")
    assert told.spoken_at == moment("2026-07-06 09:00")
    assert lines(told)["verify"] == "due 2026-07-09 16:00 · met 2026-07-07 10:00"
    # Without it the case opened when it was written: nothing can have happened in it before.
    bare = fact("2026-07-10 09:00", "case.opened", **data)
    assert "met 2026-07-10 09:00 · breached" in lines(state(bare, verified, now="2026-07-10 10:00"))["verify"]
    # Nobody spoke after the case was opened.
    early = fact("2026-07-10 09:00", "case.opened", **data, happened_at="2026-07-06T08:00+07:00")
    assert state(early, now="2026-07-10 10:00").spoken_at == moment("2026-07-06 08:00")


def test_a_voided_fact_was_never_written(state: State, lines: Lines) -> None:
    case = [opened("2026-07-06 09:00"), fact("2026-07-06 10:00", "case.verified"), sent("2026-07-08 10:00")]
    wrong = fact("2026-07-08 11:00", "case.closed", by="officer", outcome="completed")
    void = fact("2026-07-09 08:00", "case.fact_voided", seq=4, was_kind="case.closed", reason="wrong case")
    told = state(*case, wrong, void, now="2026-07-09 10:00")
    assert (told.status, told.reopened_count, told.flags) == ("answered", 0, ())
    restored = fact("2026-07-09 09:00", "case.fact_voided", seq=5)
    assert state(*case, wrong, void, restored, now="2026-07-09 10:00").status == "closed"
    again = fact("2026-07-09 09:30", "case.fact_voided", seq=6)
    assert state(*case, wrong, void, restored, again, now="2026-07-09 10:00").status == "answered"
    # An answer that never went out met nothing.
    unsaid = state(*case, fact("2026-07-09 08:00", "case.fact_voided", seq=3), now="2026-07-27 09:00")
    assert lines(unsaid)["answer"] == "due 2026-07-24 16:30 · breached"


def test_what_cannot_be_voided_is_flagged(state: State) -> None:
    case = [opened("2026-07-06 09:00"), fact("2026-07-06 10:00", "case.verified")]
    for seq, code in ((1, "unvoidable_fact"), (9, "unknown_fact"), (3, "unknown_fact"), ("2", "unknown_fact")):
        told = state(*case, fact("2026-07-06 11:00", "case.fact_voided", seq=seq), now="2026-07-06 12:00")
        assert (told.flags, told.status) == ((Flag(code, str(seq)),), "in_progress")
    # Nothing is taken back before it was written.
    early = fact("2026-07-06 09:30", "case.fact_voided", seq=3)
    told = state(case[0], early, case[1], now="2026-07-06 12:00")
    assert (told.flags, told.status) == ((Flag("unknown_fact", "3"),), "in_progress")
