"""Laws of the fold over journals that nobody would write, and over those that somebody might."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.kernel.events import Fact
from salur.sop.document.load import load
from salur.sop.document.model import SopDocument
from salur.sop.document.rules import Rung
from salur.sop.engine.clocks import Calendars, Clock
from salur.sop.engine.fold import fold
from salur.sop.engine.order import RANKS
from salur.sop.engine.rulebook import Term
from salur.sop.engine.state import CaseState
from salur.sop.words import EVENTS
from salur.worktime.calendar import Holiday, WorkCalendar
from salur.worktime.deadline import deadline
from salur.worktime.spans import Span

EPOCH = datetime(2026, 1, 5, tzinfo=UTC)
KINDS = ["complaint", "supervisory_complaint", "aspiration", "information_request"]

instants = st.integers(0, 120 * 24 * 60).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
written = instants.map(lambda instant: instant.isoformat())
dates = st.dates(date(2025, 6, 1), date(2028, 1, 31)).map(lambda day: day.isoformat())
agencies = st.sampled_from([None, 1, 2, 7])

PURPOSES = ["acknowledgement", "question", "progress", "answer"]
bare = ["case.verified", "case.resumed", "case.followed_up", "case.arbiter_called", "case.evidence_added"]
bare += ["case.closing_proposed", "case.closing_refused", "reply.submitted", "reply.approved"]
numbers = st.integers(1, 3)


def kind_of(kind: str, /, **data: Any) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(kind), st.fixed_dictionaries(data))


sensible = st.one_of(
    kind_of("case.classified", kind=st.sampled_from(KINDS)),
    kind_of("case.referred", agency_id=agencies),
    st.tuples(st.sampled_from(bare), st.just({})),
    kind_of("case.held", reason=st.sampled_from(["incomplete", "force_majeure", "tea"])),
    kind_of(
        "case.horizon_set",
        horizon=st.sampled_from(["short", "medium", "long"]),
        review_on=st.none() | dates,
        promised_on=st.none() | dates,
        milestones=st.lists(st.tuples(st.sampled_from(["design", "build"]), dates), max_size=2),
    ),
    kind_of("case.milestone_reached", name=st.sampled_from(["design", "build", "move in"])),
    kind_of("case.reviewed", next_review_on=st.none() | dates),
    kind_of("message.joined", spoken_at=written),
    st.tuples(
        st.sampled_from(["reply.submitted", "reply.approved", "reply.withdrawn"]),
        st.fixed_dictionaries({"reply_id": numbers}),
    ),
    kind_of("dispatch.sent", purpose=st.sampled_from(PURPOSES), dispatch_id=numbers, reply_id=numbers),
    st.tuples(st.just("case.closed"), st.just({"by": "officer", "outcome": "completed"})),
    st.tuples(st.just("case.reopened"), st.just({"by": "citizen"})),
)
bounces = kind_of("dispatch.failed", dispatch_id=numbers, reply_id=numbers, purpose=st.just("answer"))
voids = kind_of("case.fact_voided", seq=st.integers(0, 14))
json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | dates | written,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
keys = ["kind", "agency_id", "horizon", "spoken_at", "reason", "review_on", "next_review_on", "purpose", "reply_id"]
keys += ["happened_at", "seq", "channel", "promised_on", "milestones", "name", "plan", "imported", "dispatch_id", "by"]
senseless = st.tuples(
    st.sampled_from([*RANKS, "voice.joined", "obligation.met", "sop.moved", ""]),
    st.dictionaries(st.sampled_from(keys), json_like, max_size=4),
)


@st.composite
def journals(
    draw: st.DrawFn,
    told: st.SearchStrategy[Any] = sensible,
    at: st.SearchStrategy[datetime] = instants,
    unique: bool = False,
) -> list[Fact]:
    """A case that was opened, then anything, written down in the order of time."""
    kind = draw(st.sampled_from(KINDS))
    later = draw(st.lists(told, max_size=12))
    instants_ = sorted(draw(st.lists(at, min_size=len(later) + 1, max_size=len(later) + 1, unique=unique)))
    spoken = instants_[0] - timedelta(minutes=draw(st.integers(0, 10_000)))
    channel = draw(st.sampled_from(["web", "instagram", "radio"]))
    first = {"kind": kind, "agency_id": 1, "horizon": "short", "spoken_at": spoken.isoformat(), "channel": channel}
    rows = [("case.opened", first), *later]
    return [Fact(seq, *row) for seq, row in enumerate(_rows(rows, instants_), start=1)]


def _rows(rows: list[Any], at: list[datetime]) -> list[tuple[str, datetime, str, Any]]:
    return [(kind, instant, "system", data) for (kind, data), instant in zip(rows, at, strict=True)]


@pytest.fixture(scope="session", params=["standard", "other"])
def document(request: pytest.FixtureRequest, standard: SopDocument, standard_text: str) -> SopDocument:
    """The standard SOP, and one with all that it leaves out."""
    if request.param == "standard":
        return standard
    hours = '{mon: ["08:00-20:00"], wed: ["10:00-12:00", "13:00-19:00"], fri: ["08:00-20:00"]}'
    changed = {
        "web: {first_response: 3 working_days}": f"web: {{first_response: 9 working_hours, service_hours: {hours}}}",
        "closed_time_counts: true": "closed_time_counts: false",
        "    within: 3 working_days\n": "    within: 20 working_hours\n    paused_for: [force_majeure]\n",
        "answer_within: 5 working_days": "answer_within: 6 calendar_days",
        "{after: 0 working_days, to: head_of_agency}": "{after: 3 working_hours, to: head_of_agency}",
    }
    for old, new in changed.items():
        assert old in standard_text
        standard_text = standard_text.replace(old, new)
    return load(standard_text)


@given(journal=st.lists(st.tuples(senseless | voids | bounces, instants), min_size=1, max_size=12), now=instants)
def test_the_fold_is_total(journal: list[Any], now: datetime, document: SopDocument, calendars: Calendars) -> None:
    facts = [Fact(seq, kind, at, "system", data) for seq, ((kind, data), at) in enumerate(journal, start=1)]
    told = fold(facts, document, calendars, now)
    assert (told.spoken_at is None) == all(fact.kind != "case.opened" for fact in facts)


@given(journal=journals(st.one_of(sensible, senseless, voids, bounces)), now=instants, data=st.data())
def test_the_same_facts_give_the_same_state(
    journal: list[Fact], now: datetime, data: st.DataObject, document: SopDocument, calendars: Calendars
) -> None:
    shuffled = data.draw(st.permutations([*journal, journal[-1]]))
    before = deepcopy(shuffled)
    assert fold(shuffled, document, calendars, now) == fold(journal, document, calendars, now)
    # Pure: it changes nothing that it is given, and says the same when asked again.
    assert repr(shuffled) == repr(before)
    assert fold(shuffled, document, calendars, now) == fold(journal, document, calendars, now)


def test_facts_of_other_streams_of_thought_change_nothing(
    journal: Callable[..., list[Fact]], standard: SopDocument, calendars: Calendars
) -> None:
    assert set(RANKS) >= EVENTS
    assert not [kind for kind in RANKS if kind.startswith(("sop.", "obligation."))]
    opened = Fact(1, "case.opened", EPOCH, "system", {"kind": "complaint"})
    more = [Fact(2, "sop.moved", EPOCH, "system", {}), Fact(3, "obligation.met", EPOCH, "system", {"imported": True})]
    now = EPOCH + timedelta(days=9)
    assert fold([opened, *more], standard, calendars, now) == fold([opened], standard, calendars, now)


@settings(max_examples=200)
@given(
    journal=journals(sensible | bounces, at=st.integers(0, 5).map(lambda day: EPOCH + timedelta(days=7 * day))),
    now=instants,
    data=st.data(),
)
def test_facts_of_one_instant_are_concurrent(
    journal: list[Fact], now: datetime, data: st.DataObject, document: SopDocument, calendars: Calendars
) -> None:
    by_instant: dict[datetime, list[int]] = {}
    for fact in journal:
        by_instant.setdefault(fact.at, []).append(fact.seq)
    seqs = [seq for instant in sorted(by_instant) for seq in data.draw(st.permutations(by_instant[instant]))]
    permuted = [replace(fact, seq=seq) for fact, seq in zip(journal, seqs, strict=True)]
    assert _unnumbered(fold(permuted, document, calendars, now)) == _unnumbered(fold(journal, document, calendars, now))


def _unnumbered(state: CaseState) -> CaseState:
    return state._replace(obligations=tuple(one._replace(started_by=0) for one in state.obligations))


@given(journal=journals(), now=instants)
def test_a_state_makes_sense(journal: list[Fact], now: datetime, standard: SopDocument, calendars: Calendars) -> None:
    told = fold(journal, standard, calendars, now)
    for obligation in told.obligations:
        assert not (obligation.met_at and obligation.superseded)
        assert obligation.started_at <= obligation.due_at
        if obligation.open and not obligation.paused:
            assert obligation.breached == (now > obligation.due_at)
        if obligation.met_at is not None:
            assert not obligation.paused
            assert obligation.breached == (obligation.met_at > obligation.due_at)
        if obligation.paused:
            assert told.paused
            assert not obligation.breached
            assert obligation.due_at >= now
    still_open = [obligation for obligation in told.obligations if obligation.open]
    codes = [obligation.code for obligation in still_open]
    assert len(codes) == len(set(codes))
    if told.status == "closed":
        assert not still_open
        assert told.closed_at is not None and told.closes_at is None and told.due_at is None
    elif told.status != "awaiting_citizen":
        # No case is a drawer: somebody owes something, or silence will close it, or the clocks stand still.
        assert still_open or told.closes_at or told.paused
    if told.status == "scheduled":
        assert told.closes_at is None and told.review_on is not None


@given(journal=journals(), now=instants, data=st.data())
def test_no_referral_moves_the_citizens_clock(
    journal: list[Fact], now: datetime, data: st.DataObject, standard: SopDocument, calendars: Calendars
) -> None:
    place = data.draw(st.integers(1, len(journal)))
    referral = Fact(0, "case.referred", journal[place - 1].at, "member:1", {"agency_id": data.draw(agencies)})
    together = [*journal[:place], referral, *journal[place:]]
    longer = [replace(fact, seq=seq) for seq, fact in enumerate(together, start=1)]
    before, after = (fold(facts, standard, calendars, now) for facts in (journal, longer))
    assert after.citizen_due_at == before.citizen_due_at
    assert after.spoken_at == before.spoken_at
    assert after.closes_at == before.closes_at


@given(journal=journals(sensible | senseless))
def test_nothing_moves_the_citizens_start(journal: list[Fact], document: SopDocument, calendars: Calendars) -> None:
    first = fold(journal[:1], document, calendars, journal[0].at)
    told = fold(journal, document, calendars, journal[-1].at)
    assert told.spoken_at == first.spoken_at
    for one in told.obligations:
        if one.clock == "citizen":
            assert one.started_at == first.spoken_at


@settings(max_examples=200)
@given(journal=journals(sensible, unique=True))
def test_what_is_met_stays_met_and_what_is_breached_stays_so(
    journal: list[Fact], document: SopDocument, calendars: Calendars
) -> None:
    """As the journal grows and time with it: each state is that of the instant at which its last fact was written."""
    before: dict[tuple[str, int], Any] = {}
    for length in range(1, len(journal) + 1):
        told = fold(journal[:length], document, calendars, journal[length - 1].at)
        after = {(one.code, one.started_by): one for one in told.obligations}
        assert len(after) == len(told.obligations)
        for key, one in before.items():
            assert one.met_at is None or after[key].met_at == one.met_at
            assert not one.breached or after[key].breached
            was = [rung.reached for rung in one.escalations]
            assert all(new.reached >= old for new, old in zip(after[key].escalations, was, strict=True))
        before = after


@given(journal=journals(), now=instants)
def test_ladders_ascend_from_the_due_instant(
    journal: list[Fact], now: datetime, document: SopDocument, calendars: Calendars
) -> None:
    told = fold(journal, document, calendars, now)
    ahead = []
    for one in told.obligations:
        at = [rung.at for rung in one.escalations]
        assert at == sorted(at) and all(instant >= one.due_at for instant in at)
        reached = [rung.reached for rung in one.escalations]
        assert reached == sorted(reached, reverse=True)
        assert not any(reached) or (one.due_at <= now and not one.paused)
        if one.open and not one.paused:
            ahead += [one.due_at] if not one.breached else []
            ahead += [rung.at for rung in one.escalations if not rung.reached]
            assert all(rung.reached == (rung.at <= now) for rung in one.escalations)
    assert told.wakes_at == min(ahead, default=None)
    assert told.wakes_at is None or told.wakes_at >= now


@given(journal=journals(unique=True), now=instants, data=st.data())
def test_written_late_is_as_good_as_written_in_time(
    journal: list[Fact], now: datetime, data: st.DataObject, document: SopDocument, calendars: Calendars
) -> None:
    place = data.draw(st.integers(0, len(journal) - 1))
    fact = journal[place]
    late = replace(
        fact,
        at=fact.at + timedelta(minutes=data.draw(st.integers(0, 200_000))),
        data={**fact.data, "happened_at": fact.at.isoformat()},
    )
    written = [*journal[:place], *journal[place + 1 :], late]
    assert fold(written, document, calendars, now) == fold(journal, document, calendars, now)


@given(journal=journals(sensible | bounces), now=instants, data=st.data())
def test_voided_is_never_written(
    journal: list[Fact], now: datetime, data: st.DataObject, document: SopDocument, calendars: Calendars
) -> None:
    seq = data.draw(st.integers(2, len(journal))) if len(journal) > 1 else None
    if seq is None:
        return
    after = journal[-1].at + timedelta(minutes=5)
    void = Fact(len(journal) + 1, "case.fact_voided", after, "member:1", {"seq": seq})
    restored = Fact(len(journal) + 2, "case.fact_voided", after, "member:1", {"seq": void.seq})
    without = [fact for fact in journal if fact.seq != seq]
    assert fold([*journal, void], document, calendars, now) == fold(without, document, calendars, now)
    assert fold([*journal, void, restored], document, calendars, now) == fold(journal, document, calendars, now)


@settings(max_examples=200)
@given(journal=journals(), now=instants, off=st.dates(date(2026, 1, 1), date(2026, 9, 30)))
def test_adding_a_holiday_makes_nothing_due_earlier(
    journal: list[Fact], now: datetime, off: date, document: SopDocument, calendars: Calendars
) -> None:
    def with_holiday(calendar: WorkCalendar) -> WorkCalendar:
        holidays = {**calendar.holidays, off: Holiday("Hari yang ditambahkan", "national")}
        return replace(calendar, holidays=holidays)

    more = Calendars(
        with_holiday(calendars.default), {key: with_holiday(value) for key, value in calendars.by_agency.items()}
    )
    before, after = (fold(journal, document, chosen, now) for chosen in (calendars, more))
    assert not _earlier(before.citizen_due_at, after.citizen_due_at)
    assert not _earlier(before.closes_at, after.closes_at)
    for old, new in zip(before.obligations, after.obligations, strict=True):
        if not _nests_only_now(old.started_at, before, after):
            assert not _earlier(old.due_at, new.due_at)
            for rung, later in zip(old.escalations, new.escalations, strict=True):
                assert not _earlier(rung.at, later.at)


def _earlier(before: datetime | None, after: datetime | None) -> bool:
    return before is not None and after is not None and after < before


def _nests_only_now(started_at: datetime, before: CaseState, after: CaseState) -> bool:
    """The holiday carried the citizen's due instant past the start, so that the clock nests in it where it did not."""
    old, new = ([o.due_at for o in state.obligations if o.code == "answer"] for state in (before, after))
    return any(was < started_at <= now for was, now in zip(old, new, strict=True))


@given(
    start=st.datetimes(datetime(1890, 1, 1), datetime(2210, 1, 1), timezones=st.just(UTC))
    | st.datetimes(datetime(2025, 12, 28), datetime(2028, 1, 6), timezones=st.just(UTC)),
    amount=st.integers(1, 40),
    unit=st.sampled_from(["working_days", "working_hours", "calendar_days"]),
)
def test_what_a_clock_remembers_is_what_it_would_count(
    start: datetime, amount: int, unit: Any, calendars: Calendars, clock: Clock
) -> None:
    span = Span(amount, unit)
    term = _terms.setdefault(span, Term(span, (Rung(after=Span(1, "working_days"), to="head"),)))
    told = clock.due(term, start, clock.day(start))
    assert told.deadline == deadline(start, span, calendars.default)
    assert told.utc == told.at == told.deadline.at
    assert told.rungs[0].at == deadline(told.at, Span(1, "working_days"), calendars.default).at


_terms: dict[Span, Term] = {}


@pytest.fixture(scope="session")
def clock(calendars: Calendars) -> Clock:
    return Clock(calendars.default)
