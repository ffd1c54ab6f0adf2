"""Which facts count, and in which order: bounces, corrections, facts of one instant."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from salur.kernel.events import Fact
from salur.sop.document.model import SopDocument
from salur.sop.document.rules import Obligation
from salur.sop.engine import order
from salur.sop.engine.clocks import Calendars
from salur.sop.engine.fold import fold
from salur.sop.engine.state import CaseState

State = Callable[..., CaseState]
Lines = Callable[[CaseState], dict[str, str]]
Moment = Callable[[str], datetime]
Row = tuple[str, str, dict[str, Any]]

OPENED: Row = ("2026-07-06 09:00", "case.opened", {"kind": "complaint", "agency_id": 1})
VERIFIED: Row = ("2026-07-06 10:00", "case.verified", {})
TAKING_BACK = ("dispatch.failed", "case.fact_voided", "reply.withdrawn")
NOON = "2026-07-08 12:00"
LONG_WAY: list[Fact] = []
NEXT_DAY = datetime(2026, 7, 9, 10, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")


def sent(at: str, purpose: str, dispatch: int, reply: int) -> Row:
    return at, "dispatch.sent", {"purpose": purpose, "dispatch_id": dispatch, "reply_id": reply}


def failed(at: str, dispatch: int, reply: int) -> Row:
    return at, "dispatch.failed", {"dispatch_id": dispatch, "reply_id": reply}


def test_an_answer_that_came_back_answers_nobody(state: State, lines: Lines) -> None:
    answer, bounce = sent("2026-07-08 10:00", "answer", 1, 5), failed("2026-07-09 10:00", 1, 5)
    told = state(OPENED, VERIFIED, answer, bounce, now="2026-07-10 10:00")
    assert (told.status, lines(told)["answer"]) == ("in_progress", "due 2026-07-24 16:30")
    # Sent again, it stands; another voice that heard it is answered.
    again = sent("2026-07-10 11:00", "answer", 1, 5)
    told = state(OPENED, VERIFIED, answer, bounce, again, now="2026-07-10 12:00")
    assert lines(told)["answer"] == "due 2026-07-24 16:30 · met 2026-07-10 11:00"
    other = sent("2026-07-08 11:00", "answer", 2, 5)
    told = state(OPENED, VERIFIED, answer, other, bounce, now="2026-07-10 12:00")
    assert lines(told)["answer"] == "due 2026-07-24 16:30 · met 2026-07-08 11:00"
    # A failure of something else takes nothing back.
    told = state(OPENED, VERIFIED, answer, failed("2026-07-09 10:00", 9, 9), now="2026-07-10 12:00")
    assert told.status == "answered"


def said_of(kind: str, at: str, reply: int = 5) -> Row:
    return at, f"reply.{kind}", {"purpose": "answer", "reply_id": reply}


@pytest.fixture
def released(standard: SopDocument, calendars: Calendars, journal: Callable[..., list[Fact]], moment: Moment) -> State:
    """The state under the standard SOP with one more duty: to release a reply that was laid before the approver."""
    written = {"code": "release", "name": {"id": "Menyetujui", "en": "Release"}, "actor": "approver", "clock": "agency"}
    rule = Obligation.model_validate(
        {**written, "within": "1 working_days", "starts_on": ["reply.submitted"], "met_by": ["reply.approved"]}
    )
    document = standard.model_copy(update={"obligations": (*standard.obligations, rule)})
    return lambda *rows, now: fold(journal(*rows), document, calendars, moment(now))


def test_a_withdrawn_approval_is_owed_again_and_waits_for_the_approver(released: State) -> None:
    def met(*rows: Row) -> tuple[bool, str | None]:
        told = released(OPENED, VERIFIED, *rows, now="2026-07-08 12:00")
        return next(one for one in told.obligations if one.code == "release").met_at is not None, told.next_actor

    laid, approved = said_of("submitted", "2026-07-08 09:00"), said_of("approved", "2026-07-08 10:00")
    withdrawn = said_of("withdrawn", "2026-07-08 10:01")
    assert met(laid, approved)[0]
    assert met(laid, approved, withdrawn) == (False, "approver")
    at_once = said_of("withdrawn", "2026-07-08 10:00")
    assert met(laid, at_once, approved) == (False, "approver"), "of one instant the withdrawal is the later"
    assert met(laid, approved, withdrawn, said_of("approved", "2026-07-08 10:30"))[0], "released again it stands"
    assert met(laid, approved, said_of("withdrawn", "2026-07-08 10:01", reply=6))[0], "another reply takes nothing back"


def test_a_pause_for_a_question_that_reached_nobody_never_began(state: State) -> None:
    asked = sent("2026-07-08 10:00", "question", 1, 5)
    held: Row = ("2026-07-08 10:00", "case.held", {"reason": "incomplete", "question_reply_id": 5})
    bounce = failed("2026-07-09 10:00", 1, 5)
    assert state(OPENED, VERIFIED, asked, held, now="2026-07-10 10:00").paused
    told = state(OPENED, VERIFIED, asked, held, bounce, now="2026-07-10 10:00")
    assert (told.paused, told.status) == (False, "in_progress")
    heard = sent("2026-07-08 11:00", "question", 2, 5)
    assert state(OPENED, VERIFIED, asked, heard, held, bounce, now="2026-07-10 10:00").paused
    flood: Row = ("2026-07-08 10:00", "case.held", {"reason": "force_majeure"})
    assert state(OPENED, VERIFIED, asked, flood, bounce, now="2026-07-10 10:00").paused
    nameless: Row = (asked[0], asked[1], {"purpose": "question", "dispatch_id": 1})
    assert state(OPENED, VERIFIED, nameless, flood, bounce, now="2026-07-10 10:00").paused


def test_facts_of_one_instant_have_one_order(
    standard: SopDocument, calendars: Calendars, journal: Callable[..., list[Fact]], moment: Moment
) -> None:
    def after(before: list[Row], *together: tuple[str, dict[str, Any]]) -> CaseState:
        """The state after facts at noon, the same whatever their numbers are."""
        facts = journal(*before, *[(NOON, kind, data) for kind, data in together])
        known, last = facts[: len(before)], facts[len(before) :]
        states = []
        for arranged in permutations(last):
            numbered = [replace(fact, seq=one.seq) for fact, one in zip(arranged, last, strict=True)]
            states.append(fold([*known, *numbered], standard, calendars, moment("2026-07-09 10:00")))
        unnumbered = {
            told._replace(obligations=tuple(one._replace(started_by=0, name=None) for one in told.obligations))
            for told in states
        }
        assert len(unnumbered) == 1
        return states[0]

    closed: Row = ("2026-07-07 09:00", "case.closed", {})
    plan = {"horizon": "medium", "was_horizon": "short", "review_on": "2026-09-15"}
    # What is opened again can be planned, and closed again, in the same breath.
    told = after([OPENED, VERIFIED, closed], ("case.horizon_set", plan), ("case.reopened", {}))
    assert (told.status, "review" in [one.code for one in told.obligations if one.open]) == ("in_progress", True)
    assert after([OPENED, closed], ("case.held", {"reason": "incomplete"}), ("case.reopened", {})).paused
    assert after([OPENED, VERIFIED], ("case.reopened", {}), ("case.closed", {})).status == "in_progress"
    assert after([OPENED, VERIFIED], ("dispatch.sent", {"purpose": "answer"}), ("case.closed", {})).status == "closed"
    # In doubt what is owed stays owed.
    told = after([OPENED, VERIFIED], ("message.joined", {}), ("dispatch.sent", {"purpose": "answer"}))
    assert [one.code for one in told.obligations if one.open] == ["answer_again"]
    # Each referral follows the one that brought the case where it takes it from.
    hops = [(1, 9), (9, 6), (6, 4)]
    referred = [("case.referred", {"from_agency_id": was, "agency_id": to}) for was, to in hops]
    told = after([OPENED, VERIFIED], *referred)
    assert (told.agency_id, told.handovers) == (4, 3)
    kinds = ["complaint", "supervisory_complaint", "aspiration", "information_request"]
    corrected = [{"was_kind": was, "kind": to} for was, to in zip(kinds, kinds[1:], strict=False)]
    told = after([OPENED, VERIFIED], *[("case.classified", data) for data in corrected])
    assert told.kind == "information_request"
    loose = [("case.referred", {"agency_id": agency}) for agency in (3, 2)]
    assert after([OPENED, VERIFIED], *loose).agency_id == 3
    # A chain is followed to its end before another begins, and what came from nowhere begins one like any other.
    chains: list[tuple[list[tuple[int | None, int]], int]] = [([(1, 2), (2, 9), (7, 3)], 3), ([(5, 6), (None, 8)], 8)]
    chains.append(([(1, 3), (3, 9), (9, 8), (7, 4)], 4))
    for links, holder in chains:
        apart = [("case.referred", {"from_agency_id": was, "agency_id": to}) for was, to in links]
        assert after([OPENED, VERIFIED], *apart).agency_id == holder
    # Two agencies that each send it to the other: somebody holds it, and always the same.
    assert (
        after([OPENED], *[("case.referred", {"from_agency_id": a, "agency_id": 9 - a}) for a in (4, 5)]).handovers == 2
    )


def test_the_first_opening_counts(state: State, moment: Moment) -> None:
    again: Row = ("2026-07-07 09:00", "case.opened", {"kind": "aspiration", "agency_id": 2})
    told = state(OPENED, again, now="2026-07-08 09:00")
    assert (told.kind, told.agency_id, told.spoken_at) == ("complaint", 1, moment("2026-07-06 09:00"))
    late: Row = ("2026-07-05 09:00", "case.verified", {})
    told = state(late, OPENED, again, now="2026-07-08 09:00")
    assert [one.met_at for one in told.obligations if one.code == "verify"] == [moment("2026-07-06 09:00")]


def test_every_round_is_its_own(state: State, lines: Lines) -> None:
    """What a closing ended in the first round is not met in the third."""
    told = state(
        OPENED,
        sent("2026-07-07 09:00", "answer", 1, 1),
        ("2026-07-07 10:00", "message.joined", {}),
        ("2026-07-07 11:00", "case.closed", {}),
        ("2026-07-07 12:00", "case.reopened", {}),
        ("2026-07-07 13:00", "case.verified", {}),
        now="2026-07-08 09:00",
    )
    assert lines(told)["verify"] == "due 2026-07-09 16:00 · closed"


def test_silence_stands_still_in_every_pause(state: State, moment: Moment) -> None:
    pauses: list[Row] = []
    for day in ("13", "15"):
        pauses.append((f"2026-07-{day} 09:00", "case.held", {"reason": "force_majeure"}))
        pauses.append((f"2026-07-{int(day) + 1} 09:00", "case.resumed", {}))
    told = state(OPENED, VERIFIED, sent("2026-07-08 09:00", "answer", 1, 1), *pauses, now="2026-07-17 09:00")
    # Ten working days after the 8th, and two.
    assert told.closes_at == moment("2026-07-24 16:30")


def test_the_short_way_is_the_long_way(
    standard: SopDocument, calendars: Calendars, journal: Callable[..., list[Fact]], moment: Moment
) -> None:
    """Facts in UTC and in order take a short way through the reading; any oddity must lead off it."""
    answer = sent("2026-07-08 10:00", "answer", 1, 5)
    late: Row = ("2026-07-09 10:00", "case.followed_up", {"happened_at": "2026-07-07T10:00+07:00"})
    for rows in (
        [OPENED, VERIFIED, answer],
        [OPENED, VERIFIED, answer, failed("2026-07-09 10:00", 1, 5)],
        [OPENED, VERIFIED, answer, ("2026-07-09 10:00", "case.fact_voided", {"seq": 3})],
        [OPENED, VERIFIED, answer, late],
        [OPENED, VERIFIED, ("2026-07-08 10:00", "message.joined", {}), answer],
        [VERIFIED, OPENED, answer],
        [VERIFIED, answer],
    ):
        facts = journal(*rows)
        now = moment("2026-07-10 10:00")
        there = fold(facts, standard, calendars, now)
        utc = [replace(fact, at=fact.at.astimezone(UTC)) for fact in facts]
        for told in (utc, utc[::-1], [*utc, utc[0]], [*utc, replace(utc[0], kind="case.closed")]):
            assert fold(told, standard, calendars, now) == there


def test_which_journals_take_the_short_way(journal: Callable[..., list[Fact]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Most do, or the fold were slow; whatever is odd does not, or the fold were wrong."""
    monkeypatch.setattr(order, "_sorted_out", lambda *_: LONG_WAY)
    answer = sent("2026-07-08 10:00", "answer", 1, 5)
    utc = [replace(fact, at=fact.at.astimezone(UTC)) for fact in journal(OPENED, VERIFIED, answer)]
    first, second, last = utc
    other = replace(second, kind="obligation.met", data={"happened_at": ""})
    approved = replace(last, seq=4, kind="reply.approved")
    sent_then = replace(last, seq=5)
    for plain in ([first], utc, [first, other, last], [first, second, approved, sent_then]):
        assert order.in_order(plain, _no_flag) == [fact for fact in plain if fact is not other]
    reopened = replace(last, seq=5, kind="case.reopened")
    for odd in (
        *([], [other], [second, last], [first, last, second]),
        *([first, second, replace(last, seq=2)], [first, second, replace(last, seq=1)]),
        *([first, second, replace(last, at=second.at.astimezone(JAKARTA))], [*journal(OPENED)]),
        [first, second, replace(last, data={"happened_at": "2026-07-07T10:00+07:00"})],
        [first, second, approved, replace(approved, seq=5)],
        [first, second, last, replace(approved, seq=5)],
        [first, second, last, reopened],
        [first, replace(second, at=last.at), replace(last, at=second.at)],
        *([*utc, replace(last, seq=4, kind=kind, at=NEXT_DAY)] for kind in TAKING_BACK),
    ):
        assert order.in_order(odd, _no_flag) is LONG_WAY


def test_a_number_that_comes_twice_counts_once(
    standard: SopDocument, calendars: Calendars, journal: Callable[..., list[Fact]], moment: Moment
) -> None:
    first, second, answer = journal(OPENED, VERIFIED, sent("2026-07-08 10:00", "answer", 1, 5))
    utc = [replace(fact, at=fact.at.astimezone(UTC)) for fact in (first, second, replace(answer, seq=2))]
    assert fold(utc, standard, calendars, moment("2026-07-09 10:00")).status == "in_progress"


def test_a_journal_of_nothing_the_fold_knows_is_not_opened(standard: SopDocument, calendars: Calendars) -> None:
    moon = Fact(1, "moon.rose", NEXT_DAY, "system", {})
    assert [flag.code for flag in fold([moon], standard, calendars, NEXT_DAY).flags] == ["not_opened"]


def _no_flag(code: str, detail: object) -> None:
    raise AssertionError(code, detail)
