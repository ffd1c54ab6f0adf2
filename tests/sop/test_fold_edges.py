"""The fold under other documents, without decrees, and on journals that should not exist."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from salur.kernel.events import Fact
from salur.sop.document.load import load
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars
from salur.sop.engine.fold import JournalEmpty, fold
from salur.sop.engine.state import CaseState, Flag

State = Callable[..., CaseState]
Lines = Callable[[CaseState], dict[str, str]]
Moment = Callable[[str], datetime]
Row = tuple[str, str, dict[str, Any]]


def opened(spoken: str = "2026-07-04T10:00+07:00", kind: str = "complaint") -> Row:
    """Spoken on Saturday 4 July 2026 and understood a minute later."""
    return "2026-07-04 10:01", "case.opened", {"kind": kind, "agency_id": 1, "horizon": "short", "spoken_at": spoken}


VERIFIED: Row = ("2026-07-06 10:00", "case.verified", {})
ANSWERED: Row = ("2026-07-16 14:00", "dispatch.sent", {"purpose": "answer"})


def test_year_without_decree_is_provisional(
    standard: SopDocument, calendars: Calendars, moment: Moment, journal: Callable[..., list[Fact]]
) -> None:
    _, kind, data = opened("2027-12-27T10:00+07:00")
    told = fold(journal(("2027-12-27 10:01", kind, data)), standard, calendars, moment("2027-12-27 11:00"))
    assert told.provisional
    assert all("2028" in reason for reason in told.reasons)
    assert [o.provisional for o in told.obligations if o.code == "answer"] == [True]


def test_working_hours_and_calendar_days_pause_in_their_own_unit(
    standard_text: str, calendars: Calendars, moment: Moment, journal: Callable[..., list[Fact]], lines: Lines
) -> None:
    text = standard_text.replace("within: 3 working_days", "within: 6 working_hours")
    document = load(text.replace("answer_within: 14 working_days", "answer_within: 10 calendar_days"))
    rows = [
        ("2026-07-06 07:30", "case.opened", {**opened()[2], "spoken_at": "2026-07-06T07:30+07:00"}),
        ("2026-07-06 09:00", "case.held", {"reason": "incomplete"}),
        ("2026-07-07 08:30", "case.resumed", {}),
    ]
    told = fold(journal(*rows), document, calendars, moment("2026-07-07 09:00"))
    # 1.5 h were worked before the pause, 4.5 h are left from 08:30; the noon break is 60 minutes.
    assert lines(told)["verify"] == "due 2026-07-07 14:00"
    assert lines(told)["answer"] == "due 2026-07-17 07:00"


def test_working_hours_never_end_inside_a_pause(
    standard_text: str, calendars: Calendars, moment: Moment, journal: Callable[..., list[Fact]], lines: Lines
) -> None:
    document = load(standard_text.replace("within: 3 working_days", "within: 6 working_hours"))
    rows = [
        ("2026-07-06 07:30", "case.opened", {**opened()[2], "spoken_at": "2026-07-06T07:30+07:00"}),
        ("2026-07-06 14:30", "case.held", {"reason": "incomplete"}),
        ("2026-07-06 20:00", "case.resumed", {}),
    ]
    told = fold(journal(*rows), document, calendars, moment("2026-07-06 20:00"))
    assert lines(told)["verify"] == "due 2026-07-06 20:00"


def test_odd_journals(
    standard: SopDocument, calendars: Calendars, moment: Moment, journal: Callable[..., list[Fact]], state: State
) -> None:
    with pytest.raises(JournalEmpty, match=r"case\.opened"):
        fold([], standard, calendars, moment("2026-07-06 09:00"))
    unopened = state(VERIFIED, ANSWERED, now="2026-07-20 09:00")
    assert (unopened.status, unopened.obligations, unopened.spoken_at) == ("new", (), None)
    assert unopened.flags == (Flag("not_opened", "case.opened"),)
    odd = state(opened("yesterday", kind="gossip"), ("2026-07-06 09:00", "moon.rose", {}), now="2026-07-06 10:00")
    assert odd.spoken_at == moment("2026-07-04 10:01")
    assert {flag.code for flag in odd.flags} == {"unreadable_instant", "unknown_kind"}
    assert odd.citizen_due_at is not None
    # Nobody speaks in the future.
    assert state(opened("2030-01-01T00:00+07:00"), now="2026-07-06 10:00").spoken_at == moment("2026-07-04 10:01")
    facts = journal(opened(), VERIFIED, ANSWERED)
    now = moment("2026-07-20 09:00")
    shuffled = [facts[2], facts[0], facts[1], facts[0], facts[2]]
    assert fold(shuffled, standard, calendars, now) == fold(facts, standard, calendars, now)


def test_obligation_of_one_kind_follows_corrections_of_the_kind(
    standard_text: str, calendars: Calendars, moment: Moment, journal: Callable[..., list[Fact]], lines: Lines
) -> None:
    document = load(standard_text.replace("- code: verify", "- code: verify\n    kinds: [supervisory_complaint]"))
    there: Row = ("2026-07-07 08:00", "case.classified", {"kind": "supervisory_complaint"})
    back: Row = ("2026-07-08 08:00", "case.classified", {"kind": "complaint"})
    now = moment("2026-07-13 09:00")
    assert "verify" not in lines(fold(journal(opened()), document, calendars, now))
    assert lines(fold(journal(opened(), there), document, calendars, now))["verify"] == (
        "due 2026-07-09 16:00 · breached"
    )
    assert lines(fold(journal(opened(), there, back), document, calendars, now))["verify"] == (
        "due 2026-07-09 16:00 · not_bound"
    )
