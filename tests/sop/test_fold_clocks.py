"""On whose calendar, with which stops and inside which promise an obligation is due: computed by hand.

Five-day week: Monday to Thursday 07:30-12:00 and 13:00-16:00, Friday until 16:30. The hospital works six days. July
2026 has no holiday; 6 July is a Monday. Holidays are decreed for 2025 to 2027.
"""

from collections.abc import Callable
from typing import Any

from salur.kernel.events import Fact
from salur.sop.document.load import load
from salur.sop.engine.clocks import Calendars
from salur.sop.engine.fold import fold
from salur.sop.engine.state import CaseState
from salur.worktime.calendar import WorkCalendar

State = Callable[..., CaseState]
Lines = Callable[[CaseState], dict[str, str]]
Row = tuple[str, str, dict[str, Any]]

HOSPITAL = 7
HOURS = {"    within: 3 working_days\n": "    within: 6 working_hours\n"}
ANSWER = "  - code: answer\n"


def opened(spoken: str = "2026-07-06 09:00", kind: str = "complaint", **more: Any) -> Row:
    """Opened the moment it was spoken."""
    told = f"{spoken.replace(' ', 'T')}+07:00"
    return spoken, "case.opened", {"kind": kind, "agency_id": 1, "horizon": "short", "spoken_at": told, **more}


def fact(at: str, of: str, /, **data: Any) -> Row:
    return at, of, data


def follow_ups(state: CaseState) -> list[str]:
    return [f"{one.due_at:%Y-%m-%d %H:%M}" for one in state.obligations if one.code == "follow_up"]


def test_hours_stand_still_for_what_was_worked_in_the_pause(under: State, lines: Lines) -> None:
    case = opened("2026-07-06 13:00")
    # Three hours on Monday, and from Tuesday 07:30 three more.
    assert lines(under(HOURS, case, now="2026-07-06 13:00"))["verify"] == "due 2026-07-07 10:30"

    def paused(since: str, until: str) -> str:
        rows = [fact(since, "case.held", reason="incomplete"), fact(until, "case.resumed")]
        return lines(under(HOURS, case, *rows, now="2026-07-07 09:00"))["verify"]

    # An hour of Monday and one of Tuesday: half an hour of the second comes after the noon break.
    assert paused("2026-07-06 15:00", "2026-07-07 08:30") == "due 2026-07-07 13:30"
    # Nobody works in the evening.
    assert paused("2026-07-06 17:00", "2026-07-06 18:00") == "due 2026-07-07 10:30"


def test_hours_moved_into_another_year_heed_its_decree(under: State, lines: Lines) -> None:
    def paused(case: Row, since: str, until: str) -> CaseState:
        rows = [fact(since, "case.held", reason="force_majeure"), fact(until, "case.resumed")]
        told: CaseState = under(HOURS, case, *rows, now=until)
        return told

    # Wednesday 29 December 2027: due the same day, were it not for the pause. Nobody has decreed 2028.
    told = paused(opened("2027-12-29 07:30"), "2027-12-29 08:30", "2028-01-04 08:30")
    assert lines(told)["verify"].endswith("provisional")
    assert "2028" in told.reasons[0]
    # What began in a year without decree stays provisional wherever it moves.
    told = paused(opened("2024-12-30 07:30"), "2024-12-30 08:30", "2025-01-06 08:30")
    assert lines(told)["verify"].endswith("provisional")
    assert "2024" in told.reasons[0]
    told = paused(opened("2026-12-29 07:30"), "2026-12-29 08:30", "2027-01-04 08:30")
    assert not lines(told)["verify"].endswith("provisional")


def test_the_time_in_which_the_case_was_closed(under: State, lines: Lines) -> None:
    stops = {"closed_time_counts: true": "closed_time_counts: false"}
    rows = [
        opened(),
        fact("2026-07-06 10:00", "case.verified"),
        fact("2026-07-08 09:00", "case.closed"),
        # Approved before the closing, sent after it: the agency's clock had not stopped for the citizen.
        fact("2026-07-14 09:00", "dispatch.sent", purpose="progress"),
        fact("2026-07-15 09:00", "case.reopened"),
    ]
    told = under(stops, *rows, now="2026-07-15 10:00")
    met = next(one for one in told.obligations if one.code == "follow_up")
    assert (f"{met.due_at:%Y-%m-%d}", met.breached, met.met_at is not None) == ("2026-07-13", True, True)
    # Fourteen working days from 6 July end on the 24th; five of them the case was closed.
    assert lines(told)["answer"] == "due 2026-07-31 16:30"
    assert lines(under({}, *rows, now="2026-07-15 10:00"))["answer"] == "due 2026-07-24 16:30"
    # A case closed twice stood still twice.
    again = [fact("2026-07-16 09:00", "case.closed"), fact("2026-07-17 09:00", "case.reopened")]
    assert lines(under(stops, *rows, *again, now="2026-07-20 10:00"))["answer"] == "due 2026-08-03 16:00"
    assert lines(under({}, *rows, *again, now="2026-07-20 10:00"))["answer"] == "due 2026-07-24 16:30"


def test_only_the_agencys_clock_nests_in_the_answer(under: State, lines: Lines) -> None:
    later = {"    within: 3 working_days\n": "    within: 9 working_days\n"}
    told = under(later, opened(kind="information_request"), now="2026-07-06 10:00")
    assert lines(told) == {"verify": "due 2026-07-17 16:30", "answer": "due 2026-07-13 16:00"}


def test_each_agency_nests_by_its_own_start(state: State) -> None:
    rows = [opened(kind="information_request"), fact("2026-07-09 09:00", "case.referred", agency_id=2)]
    rows.append(fact("2026-07-14 09:00", "case.referred", agency_id=3))
    # The answer is due on the 13th; the second agency began after that and has its own five days.
    assert follow_ups(state(*rows, now="2026-07-14 10:00")) == ["2026-07-13 16:00", "2026-07-21 16:00"]


def test_what_nested_stays_nested_once_it_is_answered(state: State, lines: Lines) -> None:
    rows = [opened(kind="information_request"), fact("2026-07-09 09:00", "case.verified")]
    answered = fact("2026-07-14 09:00", "dispatch.sent", purpose="answer")
    assert follow_ups(state(*rows, answered, now="2026-07-15 09:00")) == ["2026-07-13 16:00"]
    # With the answer out before the work began there is nothing to nest in.
    early = [rows[0], fact("2026-07-08 09:00", "dispatch.sent", purpose="answer"), rows[1]]
    assert follow_ups(state(*early, now="2026-07-15 09:00")) == ["2026-07-16 16:00"]


def test_the_promise_that_was_open_when_the_work_began(under: State, state: State) -> None:
    case = [opened(kind="information_request"), fact("2026-07-07 09:00", "case.closed")]
    case.append(fact("2026-07-09 09:00", "case.reopened"))
    # The reopening renews the promise of the 13th, in the same breath as the work.
    assert follow_ups(state(*case, now="2026-07-09 10:00")) == ["2026-07-13 16:00"]
    # Where it does not, the promise ended with the closing.
    ended = {"starts_on: [case.opened, case.reopened]": "starts_on: [case.opened]"}
    assert follow_ups(under(ended, *case, now="2026-07-09 10:00")) == ["2026-07-16 16:00"]
    # A promise made later is not one that was open.
    later = {"starts_on: [case.opened, case.reopened]": "starts_on: [case.classified]"}
    rows = [opened("2026-07-03 09:00", "information_request"), fact("2026-07-06 10:00", "case.verified")]
    rows.append(fact("2026-07-07 09:00", "case.classified", kind="information_request"))
    told = under(later, *rows, now="2026-07-07 10:00")
    assert follow_ups(told) == ["2026-07-13 16:00"]
    assert [f"{one.due_at:%Y-%m-%d}" for one in told.obligations if one.code == "answer"] == ["2026-07-10"]


def test_work_that_begins_with_the_answer_does_not_nest_in_it(under: State) -> None:
    after = {
        "starts_on: [case.verified, case.referred, case.reopened]": (
            "starts_on: [{event: dispatch.sent, purpose: [answer]}]"
        )
    }
    answered = fact("2026-07-09 09:00", "dispatch.sent", purpose="answer")
    told = under(after, opened(kind="information_request"), answered, now="2026-07-09 10:00")
    assert follow_ups(told) == ["2026-07-16 16:00"]


def test_a_promise_that_does_not_bind_holds_nothing(under: State) -> None:
    other = {
        ANSWER: f"{ANSWER}    kinds: [supervisory_complaint]\n",
        "answer_within: 14 working": "answer_within: 2 working",
    }
    told = under(other, opened(), fact("2026-07-06 10:00", "case.verified"), now="2026-07-06 11:00")
    assert (follow_ups(told), told.citizen_due_at) == (["2026-07-13 16:00"], None)


def test_what_was_last_promised_is_the_promise(state: State, lines: Lines) -> None:
    rows = [
        opened(),
        fact("2026-07-07 09:00", "dispatch.sent", purpose="answer"),
        fact("2026-07-07 10:00", "case.closed"),
    ]
    rows.append(fact("2026-07-07 11:00", "case.classified", kind="information_request"))
    told = state(*rows, now="2026-07-08 10:00")
    assert lines(told)["answer"] == "due 2026-07-24 16:30 · met 2026-07-07 09:00"
    told = state(*rows, fact("2026-07-08 09:00", "case.reopened"), now="2026-07-08 10:00")
    due = [f"{one.due_at:%Y-%m-%d %H:%M}" for one in told.obligations if one.code == "answer"]
    assert due == ["2026-07-24 16:30", "2026-07-13 16:00"]
    assert f"{told.citizen_due_at:%Y-%m-%d %H:%M}" == "2026-07-13 16:00"


REVIEW = "    horizons: [medium, long]\n    starts_on: [case.horizon_set, case.reviewed, case.reopened]\n"


def test_only_a_review_that_runs_and_binds_has_a_date(under: State) -> None:
    plan = {"horizon": "medium", "owner": "Bidang Jalan", "plan": "rkpd", "plan_reference": "RKPD 2027"}
    planned = fact("2026-07-07 09:00", "case.horizon_set", **plan, review_on="2026-09-15")
    assert str(under({}, opened(), planned, now="2026-07-08 09:00").review_on) == "2026-09-15"
    closed = fact("2026-07-08 08:00", "case.closed")
    assert under({}, opened(), planned, closed, now="2026-07-08 09:00").review_on is None
    only_long = {REVIEW: REVIEW.replace("[medium, long]", "[long]")}
    assert under(only_long, opened(), planned, now="2026-07-08 09:00").review_on is None
    always = {REVIEW: "    starts_on: [case.opened]\n"}
    assert under(always, opened(), now="2026-07-08 09:00").review_on is None


FIRST_RESPONSE = "    within: first_response\n    clock: "


def test_the_promise_of_a_channel_is_the_governments_whoever_holds_the_case(under: State, lines: Lines) -> None:
    agencys = {f"{FIRST_RESPONSE}citizen": f"{FIRST_RESPONSE}agency"}
    told = under(agencys, opened("2026-07-10 10:00", agency_id=HOSPITAL, channel="web"), now="2026-07-10 11:00")
    # Three working days after Friday; the hospital's Saturday is none of them.
    assert lines(told)["first_response"] == "due 2026-07-15 16:00"


def test_two_calendars_that_count_from_one_instant_do_not_mix(
    standard_text: str,
    calendars: Calendars,
    journal: Callable[..., list[Fact]],
    lines: Lines,
    moment: Callable[..., Any],
) -> None:
    """The hospital's clock starts with the citizen's, and what it counted is not remembered for others."""
    at_once = standard_text.replace(
        "starts_on: [case.verified, case.referred, case.reopened]", "starts_on: [case.opened]"
    )
    document = load(at_once)
    for agency, due in ((HOSPITAL, "2026-07-16"), (1, "2026-07-17"), (HOSPITAL, "2026-07-16")):
        row = ("2026-07-10 10:00", "case.opened", {"kind": "complaint", "agency_id": agency})
        told = fold(journal(row), document, calendars, moment("2026-07-10 11:00"))
        assert lines(told)["follow_up"].startswith(f"due {due}")
        assert lines(told)["verify"] == "due 2026-07-15 16:00"


def test_service_hours_hold_on_the_days_that_are_worked(
    standard_text: str, calendars: Calendars, journal: Callable[..., list[Fact]], moment: Callable[..., Any]
) -> None:
    daily = ", ".join(f'{day}: ["08:00-18:00"]' for day in ("mon", "tue", "wed", "thu", "fri", "sat"))
    served = f"web: {{first_response: 3 working_days, service_hours: {{{daily}}}}}"
    document = load(standard_text.replace("web: {first_response: 3 working_days}", served))
    usual = calendars.default.to_document()
    # Wednesday the 8th is closed, Saturday the 11th worked in the morning.
    special = [{"date": "2026-07-08", "intervals": []}, {"date": "2026-07-11", "intervals": ["08:00-12:00"]}]
    odd = Calendars(WorkCalendar.from_document({**usual, "special": [*usual["special"], *special]}))

    def first_response(at: str, by: Calendars) -> str:
        told = fold(journal(opened(at, channel="web")), document, by, moment(at))
        return next(f"{one.due_at:%d %H:%M}" for one in told.obligations if one.code == "first_response")

    assert [first_response("2026-07-06 09:00", by) for by in (calendars, odd)] == ["09 18:00", "10 18:00"]
    assert [first_response("2026-07-08 09:00", by) for by in (calendars, odd)] == ["13 18:00", "13 18:00"]
    assert [first_response("2026-07-07 09:00", by) for by in (calendars, odd)] == ["10 18:00", "11 18:00"]
