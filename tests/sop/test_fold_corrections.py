"""Corrections, pauses, hand-overs, closings and plans: journals whose verdicts were computed by hand.

Five-day week: Monday to Thursday 07:30-16:00, Friday 07:30-16:30; in Ramadan (19 February to 20 March 2026) until 15:00
and 15:30. Closed are, among others, 18 to 24 March, 3 April, 27 and 28 May, 1 June, 17 and 25 August 2026. July and
October 2026 have no holiday; 6 July is a Monday.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from salur.sop.engine.state import CaseState, ClosingProposal, Flag, Milestone

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


def test_a_correction_of_the_kind_undoes_no_breach(state: State, lines: Lines) -> None:
    case = opened("2026-07-06 09:00", "information_request")
    grave = {"kind": "supervisory_complaint"}
    in_time = state(case, fact("2026-07-13 16:00", "case.classified", **grave), now="2026-07-14 10:00")
    assert lines(in_time)["answer"] == "due 2026-09-30 16:00"
    late = fact("2026-07-13 16:01", "case.classified", **grave)
    assert lines(state(case, late, now="2026-07-14 10:00"))["answer"] == "due 2026-07-13 16:00 · breached"
    answered = state(case, late, sent("2026-07-15 09:00"), now="2026-07-16 10:00")
    assert lines(answered)["answer"] == "due 2026-07-13 16:00 · met 2026-07-15 09:00 · breached"
    # Nor does it make late what was done in time: 14 working days held when the answer went out.
    told = state(
        opened("2026-07-06 09:00"),
        fact("2026-07-06 10:00", "case.verified"),
        sent("2026-07-20 09:00"),
        fact("2026-07-21 09:00", "case.classified", kind="information_request"),
        now="2026-07-22 10:00",
    )
    assert lines(told)["answer"] == "due 2026-07-24 16:30 · met 2026-07-20 09:00"
    # What runs takes the shorter limit, even if it has passed.
    shorter = state(
        opened("2026-07-06 09:00"),
        fact("2026-07-21 09:00", "case.classified", kind="information_request"),
        now="2026-07-21 10:00",
    )
    assert lines(shorter)["answer"] == "due 2026-07-13 16:00 · breached"


def test_what_was_breached_stays_so_when_it_no_longer_binds(state: State, lines: Lines) -> None:
    planned = fact("2026-07-08 09:00", "case.horizon_set", **PLAN, review_on="2026-09-15", promised_on="2026-12-01")
    for at, end in (("2026-09-15 16:00", ""), ("2026-09-16 09:00", " · breached")):
        back = fact(at, "case.horizon_set", horizon="short")
        told = state(opened("2026-07-06 09:00"), planned, back, now="2026-12-03 10:00")
        assert lines(told)["review"] == f"due 2026-09-15 16:00 · not_bound{end}"
        assert lines(told)["complete"] == "due 2026-12-01 16:00 · not_bound"
        assert (told.promised_on, told.plan, told.review_on) == (None, "", None)


def test_pauses_and_the_time_a_case_was_closed(under: State, lines: Lines) -> None:
    rows = [
        opened("2026-07-06 09:00"),
        fact("2026-07-06 10:00", "case.verified"),
        fact("2026-07-08 10:00", "case.held", reason="incomplete"),
        fact("2026-07-10 10:00", "case.resumed"),
        sent("2026-07-14 10:00"),
        fact("2026-07-15 10:00", "case.closed", by="officer", outcome="completed"),
        fact("2026-07-22 10:00", "case.reopened", by="citizen"),
    ]
    more = [
        fact("2026-07-23 10:00", "case.held", reason="force_majeure"),
        fact("2026-07-24 10:00", "case.resumed"),
    ]
    still = {"closed_time_counts: true": "closed_time_counts: false"}
    # 14 working days and the two of the pause; the five it was closed count, or do not.
    assert lines(under({}, *rows, now="2026-07-22 11:00"))["answer"] == "due 2026-07-28 16:00"
    assert lines(under(still, *rows, now="2026-07-22 11:00"))["answer"] == "due 2026-08-04 16:00"
    assert lines(under(still, *rows, *more, now="2026-07-24 11:00"))["answer"] == "due 2026-08-05 16:00"
    # The agency's clock starts anew with the reopening, whatever stood still before.
    told = under(still, *rows, now="2026-07-22 11:00")
    assert lines(told)["follow_up"] == "due 2026-07-29 16:00"
    assert [o.met_at is not None for o in told.obligations if o.code == "answer"] == [True, False]
    # What had passed before the closing stays passed.
    late = [rows[0], fact("2026-07-27 09:00", "case.closed"), fact("2026-08-10 09:00", "case.reopened")]
    assert lines(under(still, *late, now="2026-08-10 10:00"))["answer"] == "due 2026-07-24 16:30 · breached"


def test_an_obligation_stops_only_for_its_own_reasons(under: State, lines: Lines, moment: Moment) -> None:
    case = (opened("2026-07-06 09:00"), fact("2026-07-07 10:00", "case.held", reason="incomplete"))
    verify = "    within: 3 working_days\n"
    never = under({verify: verify + "    paused_for: []\n"}, *case, now="2026-07-09 09:00")
    assert lines(never) == {"verify": "due 2026-07-09 16:00", "answer": "due 2026-07-28 16:00 · paused"}
    assert (never.paused, never.due_at, never.wakes_at) == (
        True,
        moment("2026-07-09 16:00"),
        moment("2026-07-09 16:00"),
    )
    flood = {verify: verify + "    paused_for: [force_majeure]\n"}
    assert lines(under(flood, *case, now="2026-07-09 09:00"))["verify"] == "due 2026-07-09 16:00"
    held = (case[0], fact("2026-07-07 10:00", "case.held", reason="force_majeure"))
    assert lines(under(flood, *held, now="2026-07-09 09:00"))["verify"] == "due 2026-07-13 16:00 · paused"


def test_handovers_until_the_arbiter_decides(state: State, lines: Lines) -> None:
    def referred(at: str, agency: int | None) -> Row:
        return fact(at, "case.referred", agency_id=agency)

    rows = [opened("2026-07-06 09:00", agency_id=None), referred("2026-07-06 10:00", 1)]
    assert state(*rows, now="2026-07-06 11:00").handovers == 0
    rows += [referred("2026-07-07 10:00", 2), referred("2026-07-07 11:00", 2), referred("2026-07-08 10:00", 1)]
    assert state(*rows, now="2026-07-08 11:00").handovers == 2
    rows.append(fact("2026-07-08 10:01", "case.arbiter_called", reason="not ours"))
    called = state(*rows, now="2026-07-08 11:00")
    assert (called.arbiter_called, called.handovers, called.next_actor) == (True, 2, "coordinator")
    assert lines(called)["arbitrate"] == "due 2026-07-10 16:30"
    assert rungs(called, "arbitrate") == ["1 regional_secretary 2026-07-13 16:00"]
    decided = state(*rows, referred("2026-07-09 10:00", 3), now="2026-07-09 11:00")
    assert (decided.arbiter_called, decided.handovers, decided.agency_id) == (False, 0, 3)
    assert lines(decided)["arbitrate"] == "due 2026-07-10 16:30 · met 2026-07-09 10:00"
    stays = state(*rows, fact("2026-07-09 10:00", "case.verified"), now="2026-07-09 11:00")
    assert (stays.arbiter_called, stays.handovers, stays.agency_id) == (False, 0, 1)
    closed = state(*rows, fact("2026-07-09 10:00", "case.closed"), now="2026-07-09 11:00")
    assert (closed.arbiter_called, closed.handovers) == (False, 2)
    verified = state(*rows[:-1], fact("2026-07-09 10:00", "case.verified"), now="2026-07-09 11:00")
    assert verified.handovers == 2


def test_a_closing_that_a_second_person_must_confirm(state: State, moment: Moment) -> None:
    case = [opened("2026-07-06 09:00"), sent("2026-07-08 10:00")]
    proposed = fact("2026-07-09 10:00", "case.closing_proposed", outcome="archived", reason="twice written")
    waiting = state(*case, proposed, now="2026-07-09 11:00")
    wanted = ClosingProposal("archived", "twice written", "system", moment("2026-07-09 10:00"))
    assert (waiting.closing_proposed, waiting.status) == (wanted, "answered")
    for over in ("case.closing_refused", "case.closed", "message.joined"):
        assert state(*case, proposed, fact("2026-07-09 11:00", over), now="2026-07-09 12:00").closing_proposed is None
    closed = [*case, fact("2026-07-09 09:00", "case.closed"), proposed]
    assert state(*closed, now="2026-07-09 12:00").closing_proposed is None


def test_evidence_counts_unless_it_is_voided(state: State) -> None:
    case = [opened("2026-07-06 09:00"), fact("2026-07-07 10:00", "case.evidence_added", evidence_id=1)]
    case.append(fact("2026-07-07 11:00", "case.evidence_added", evidence_id=2))
    assert state(*case, now="2026-07-08 10:00").evidence == 2
    assert state(*case, fact("2026-07-07 12:00", "case.fact_voided", seq=3), now="2026-07-08 10:00").evidence == 1


def test_milestones_and_reclassification(state: State, moment: Moment) -> None:
    steps = [["design", "2026-08-31"], ["tender", "2026-09-30"]]
    case = [
        opened("2026-07-06 09:00"),
        fact("2026-07-08 09:00", "case.horizon_set", **PLAN, milestones=steps),
        fact("2026-08-20 09:00", "case.milestone_reached", name="design"),
        fact("2026-08-21 09:00", "case.milestone_reached", name="design"),
    ]
    told = state(*case, now="2026-08-22 09:00")
    design = Milestone("design", date(2026, 8, 31), moment("2026-08-20 09:00"))
    assert told.milestones == (design, Milestone("tender", date(2026, 9, 30), None))
    assert (told.reclassified, told.horizon) == (0, "medium")
    longer = {**PLAN, "horizon": "long", "milestones": [["design", "2026-12-01"], ["build", "soon"], "roof", ["", "x"]]}
    told = state(*case, fact("2026-09-01 09:00", "case.horizon_set", **longer), now="2026-09-02 09:00")
    assert told.milestones == (design._replace(on=date(2026, 12, 1)),)
    assert told.reclassified == 1
    assert [flag.code for flag in told.flags if "milestone" in flag.code] == ["unreadable_milestone"] * 3
    short = fact("2026-09-01 09:00", "case.horizon_set", horizon="short")
    back = [*case, short, fact("2026-09-02 09:00", "case.milestone_reached", name="tender")]
    told = state(*back, now="2026-09-02 10:00")
    assert (told.milestones, told.reclassified) == ((), 1)
    assert Flag("unknown_milestone", "tender") in told.flags
    same = state(*case, case[1][:1] + case[1][1:], now="2026-09-02 10:00")
    assert same.reclassified == 0
    third = [*case, short, fact("2026-09-03 09:00", "case.horizon_set", **PLAN)]
    assert state(*third, now="2026-09-04 10:00").reclassified == 2
    # A case that opened on the medium horizon and goes short for the first time is sorted, not sorted again.
    first = [
        opened("2026-07-06 09:00", horizon="medium"),
        fact("2026-07-07 09:00", "case.horizon_set", horizon="short"),
    ]
    assert state(*first, now="2026-07-08 09:00").reclassified == 0


def test_what_an_obligation_says_of_itself(state: State, moment: Moment) -> None:
    planned = fact("2026-07-08 09:00", "case.horizon_set", **PLAN, review_on="2026-09-15", promised_on="2026-12-01")
    told = state(
        opened("2026-07-06 09:00", channel="web"),
        fact("2026-07-06 10:00", "case.verified"),
        planned,
        now="2026-07-08 10:00",
    )
    assert {o.code: (o.within, o.clock) for o in told.obligations} == {
        "verify": ("3 working_days", "citizen"),
        "first_response": ("first_response", "citizen"),
        "follow_up": ("5 working_days", "agency"),
        "answer": ("answer_limit", "citizen"),
        "review": ("review_on", "agency"),
        "complete": ("promised_on", "agency"),
    }
    assert [(o.code, o.started_by, o.started_at) for o in told.obligations][:2] == [
        ("verify", 1, moment("2026-07-06 09:00")),
        ("first_response", 1, moment("2026-07-06 09:00")),
    ]


def test_a_pause_concerns_a_clock_only_while_it_runs(state: State, lines: Lines) -> None:
    told = state(
        opened("2026-07-06 09:00", channel="web"),
        fact("2026-07-08 10:00", "case.held", reason="force_majeure"),
        fact("2026-07-09 10:00", "case.referred", agency_id=2),
        fact("2026-07-10 10:00", "case.arbiter_called"),
        sent("2026-07-13 10:00", "question"),
        fact("2026-07-14 10:00", "case.resumed"),
        now="2026-07-14 11:00",
    )
    assert lines(told) == {
        # One working day of the pause, and three.
        "verify": "due 2026-07-10 16:30 · met 2026-07-09 10:00",
        "first_response": "due 2026-07-14 16:00 · met 2026-07-13 10:00",
        # Four for the citizen's clock; three and two for those that began in the midst of it.
        "answer": "due 2026-07-30 16:00",
        "follow_up": "due 2026-07-21 16:00",
        "arbitrate": "due 2026-07-16 16:00",
    }


def test_a_fact_starts_an_obligation_once_however_often_the_sop_names_it(under: State) -> None:
    twice = {"starts_on: [case.horizon_set]": "starts_on: [case.horizon_set, {event: case.horizon_set}]"}
    planned = [
        fact(f"2026-07-{day:02} 09:00", "case.horizon_set", **PLAN, promised_on="2026-10-12") for day in (8, 9, 10)
    ]
    told = under(twice, opened("2026-07-06 09:00"), *planned, now="2026-07-10 10:00")
    assert [o.started_by for o in told.obligations if o.code == "complete"] == [2, 3, 4]


def test_a_pause_that_begins_at_the_due_instant_is_in_time(state: State, lines: Lines) -> None:
    held = fact("2026-07-09 16:00", "case.held", reason="incomplete")
    told = state(opened("2026-07-06 09:00"), held, now="2026-07-10 10:00")
    assert lines(told)["verify"] == "due 2026-07-10 16:30 · paused"
    after = fact("2026-07-09 16:01", "case.held", reason="incomplete")
    told = state(opened("2026-07-06 09:00"), after, now="2026-07-10 10:00")
    assert lines(told)["verify"] == "due 2026-07-09 16:00 · breached"


def test_a_clock_that_stands_still_at_its_due_instant_calls_nobody(under: State, lines: Lines) -> None:
    at_once = {
        "    within: 3 working_days\n": "    within: 6 working_hours\n",
        "{after: 1 working_days, to: regional_secretary}": "{after: 0 working_hours, to: regional_secretary}",
    }
    held = fact("2026-07-06 14:30", "case.held", reason="incomplete")
    told = under(at_once, opened("2026-07-06 07:30"), held, now="2026-07-06 20:00")
    assert lines(told)["verify"] == "due 2026-07-06 20:00 · paused"
    assert rungs(told, "verify") == ["1 regional_secretary 2026-07-06 20:00"]


def test_long_ago(state: State) -> None:
    told = state(opened("1890-07-07 09:00"), now="1890-07-07 10:00")
    assert (told.status, len(told.obligations)) == ("new", 2)


def test_started_at_the_last_instant_of_the_answer_it_works_for(state: State, lines: Lines) -> None:
    verified = fact("2026-07-13 16:00", "case.verified")
    told = state(opened("2026-07-06 09:00", "information_request"), verified, now="2026-07-13 16:00")
    assert lines(told)["follow_up"] == "due 2026-07-13 16:00"


def test_a_pause_at_the_very_due_instant(state: State, lines: Lines) -> None:
    held = fact("2026-07-09 16:00", "case.held", reason="incomplete")
    assert lines(state(opened("2026-07-06 09:00"), held, now="2026-07-09 16:00"))["verify"].endswith("16:00 · paused")


def test_working_hours_moved_to_a_closing_end_there(under: State, lines: Lines) -> None:
    hours = {"    within: 3 working_days\n": "    within: 6 working_hours\n"}
    rows = [fact("2026-07-06 09:00", "case.held", reason="incomplete"), fact("2026-07-06 10:30", "case.resumed")]
    told = under(hours, opened("2026-07-06 07:30"), *rows, now="2026-07-06 11:00")
    assert lines(told)["verify"] == "due 2026-07-06 16:00"
