"""Laws of the fold over journals that nobody would write, and over those that somebody might."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from salur.kernel.facts import Fact
from salur.sop.clocks import Calendars
from salur.sop.document import SopDocument
from salur.sop.fold import fold
from salur.sop.state import CaseState
from salur.sop.words import EVENTS
from salur.worktime.calendar import Holiday, WorkCalendar

EPOCH = datetime(2026, 1, 5, tzinfo=UTC)
KINDS = ["complaint", "supervisory_complaint", "aspiration", "information_request"]

instants = st.integers(0, 120 * 24 * 60).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
written = instants.map(lambda instant: instant.isoformat())
dates = st.dates(date(2025, 6, 1), date(2028, 1, 31)).map(lambda day: day.isoformat())
agencies = st.sampled_from([None, 1, 2, 7])

sensible = st.one_of(
    st.tuples(st.just("case.classified"), st.fixed_dictionaries({"kind": st.sampled_from(KINDS)})),
    st.tuples(st.just("case.referred"), st.fixed_dictionaries({"agency_id": agencies})),
    st.tuples(st.sampled_from(["case.verified", "case.resumed", "case.followed_up"]), st.just({})),
    st.tuples(
        st.just("case.held"),
        st.fixed_dictionaries({"reason": st.sampled_from(["incomplete", "force_majeure", "tea"])}),
    ),
    st.tuples(
        st.just("case.horizon_set"),
        st.fixed_dictionaries(
            {"horizon": st.sampled_from(["short", "medium", "long"]), "review_on": st.none() | dates}
        ),
    ),
    st.tuples(st.just("case.reviewed"), st.fixed_dictionaries({"next_review_on": st.none() | dates})),
    st.tuples(st.just("message.joined"), st.fixed_dictionaries({"spoken_at": written})),
    st.tuples(
        st.just("dispatch.sent"),
        st.fixed_dictionaries({"purpose": st.sampled_from(["acknowledgement", "question", "progress", "answer"])}),
    ),
    st.tuples(st.just("case.closed"), st.just({"by": "officer", "outcome": "completed"})),
    st.tuples(st.just("case.reopened"), st.just({"by": "citizen"})),
)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | dates,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
keys = ["kind", "agency_id", "horizon", "spoken_at", "reason", "review_on", "next_review_on", "purpose", "reply_id"]
senseless = st.tuples(
    st.sampled_from([*sorted(EVENTS), "voice.joined", "obligation.met", ""]),
    st.dictionaries(st.sampled_from(keys), json_like, max_size=4),
)


@st.composite
def journals(draw: st.DrawFn, told: st.SearchStrategy[Any] = sensible) -> list[Fact]:
    """A case that was opened, then anything, written down in the order of time."""
    kind = draw(st.sampled_from(KINDS))
    later = draw(st.lists(told, max_size=12))
    instants_ = sorted(draw(st.lists(instants, min_size=len(later) + 1, max_size=len(later) + 1)))
    spoken = instants_[0] - timedelta(minutes=draw(st.integers(0, 10_000)))
    first = {"kind": kind, "agency_id": 1, "horizon": "short", "spoken_at": spoken.isoformat()}
    rows = [("case.opened", first), *later]
    return [Fact(seq, *row) for seq, row in enumerate(_rows(rows, instants_), start=1)]


def _rows(rows: list[Any], at: list[datetime]) -> list[tuple[str, datetime, str, Any]]:
    return [(kind, instant, "system", data) for (kind, data), instant in zip(rows, at, strict=True)]


@given(journal=st.lists(st.tuples(senseless, instants), min_size=1, max_size=12), now=instants)
def test_the_fold_is_total(journal: list[Any], now: datetime, standard: SopDocument, calendars: Calendars) -> None:
    facts = [Fact(seq, kind, at, "system", data) for seq, ((kind, data), at) in enumerate(journal, start=1)]
    told = fold(facts, standard, calendars, now)
    assert (told.spoken_at is None) == all(fact.kind != "case.opened" for fact in facts)


@given(journal=journals(st.one_of(sensible, senseless)), now=instants, data=st.data())
def test_the_same_facts_give_the_same_state(
    journal: list[Fact], now: datetime, data: st.DataObject, standard: SopDocument, calendars: Calendars
) -> None:
    shuffled = data.draw(st.permutations([*journal, journal[-1]]))
    assert fold(shuffled, standard, calendars, now) == fold(journal, standard, calendars, now)


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


@given(journal=journals(), now=instants)
def test_what_is_met_stays_met(journal: list[Fact], now: datetime, standard: SopDocument, calendars: Calendars) -> None:
    met: dict[tuple[str, int], datetime] = {}
    for length in range(1, len(journal) + 1):
        told = fold(journal[:length], standard, calendars, now)
        at = {(o.code, o.started_by): o.met_at for o in told.obligations}
        assert len(at) == len(told.obligations)
        assert {key: at.get(key) for key in met} == met
        met = {key: instant for key, instant in at.items() if instant is not None}


@settings(max_examples=200)
@given(journal=journals(), now=instants, off=st.dates(date(2026, 1, 1), date(2026, 9, 30)))
def test_adding_a_holiday_makes_nothing_due_earlier(
    journal: list[Fact], now: datetime, off: date, standard: SopDocument, calendars: Calendars
) -> None:
    def with_holiday(calendar: WorkCalendar) -> WorkCalendar:
        holidays = {**calendar.holidays, off: Holiday("Hari yang ditambahkan", "national")}
        return replace(calendar, holidays=holidays)

    more = Calendars(
        with_holiday(calendars.default), {key: with_holiday(value) for key, value in calendars.by_agency.items()}
    )
    before, after = (fold(journal, standard, chosen, now) for chosen in (calendars, more))
    assert not _earlier(before.citizen_due_at, after.citizen_due_at)
    assert not _earlier(before.closes_at, after.closes_at)
    for old, new in zip(before.obligations, after.obligations, strict=True):
        if not _nests_only_now(old.started_at, before, after):
            assert not _earlier(old.due_at, new.due_at)


def _earlier(before: datetime | None, after: datetime | None) -> bool:
    return before is not None and after is not None and after < before


def _nests_only_now(started_at: datetime, before: CaseState, after: CaseState) -> bool:
    """The holiday carried the citizen's due instant past the start, so that the clock nests in it where it did not."""
    old, new = ([o.due_at for o in state.obligations if o.code == "answer"] for state in (before, after))
    return any(was < started_at <= now for was, now in zip(old, new, strict=True))
