"""A revised calendar moves every open deadline, keeps the old one, disturbs nobody and survives a kill."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.world import Lampung, ready_lampung

from salur.agencies.queries import calendar_rows
from salur.cases.handle import follow_up
from salur.cases.models import Case
from salur.cases.project import project_many
from salur.cases.queries import cases_under_promise
from salur.config.bench.history_rows import lay_down, world_of
from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.models import Entry
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import recount
from salur.sop.advance import advance, news
from salur.sop.models import Escalation, Recount
from salur.sop.queries import calendars_for
from salur.sop.rebuild import rebuild
from salur.sop.recount import Moved
from salur.worktime.calendar import WorkCalendar
from salur.worktime.document import CalendarError

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


freeze = pytest.mark.usefixtures("at_the_end")


@pytest.fixture
def at_the_end() -> Iterator[None]:
    """The clock stands at NOW."""
    with clock.turned_to(NOW):
        yield


@pytest.fixture
def cases(lampung: Lampung) -> list[Case]:
    """Forty invented cases of the last ten days, and the clock at their end."""
    world = world_of(lampung.province, NOW - timedelta(days=10), NOW)
    lay_down(lampung.province, world, 40)
    with use(EVERYTHING):
        return list(Case.objects.order_by("id"))


def with_holidays(government_id: int, *days: str, key: str = "default") -> dict[str, Any]:
    document: dict[str, Any] = calendar_rows(government_id)[key].document
    holidays = [{"date": day, "name": "Libur uji", "kind": "national"} for day in days]
    return {**document, "version": f"uji {' '.join(days)}", "holidays": [*document["holidays"], *holidays]}


def decree(lampung: Lampung, *days: str, key: str = "default") -> Recount:
    document = with_holidays(lampung.province.pk, *days, key=key)
    with use(EVERYTHING), transaction.atomic():
        return recount.put_into_force(lampung.province, key, document, asked_by="member:1")[1]


def finish(limit: int = 7) -> None:
    for _ in range(1000):
        if not recount.take_some(limit):
            return
    raise AssertionError("a recount never ends")


def fresh(asked: Recount) -> Recount:
    with use(EVERYTHING):
        return Recount.objects.get(pk=asked.pk)


def previewed(lampung: Lampung, *days: str, key: str = "default") -> list[Moved]:
    after = WorkCalendar.from_document(with_holidays(lampung.province.pk, *days, key=key))
    government_id = lampung.province.pk
    return list(
        recount.preview(government_id, calendars_for(government_id), recount.with_calendar(government_id, key, after))
    )


def plain(moved: list[Moved]) -> list[tuple[Any, ...]]:
    return sorted((one.number, one.code, one.was_due_at, one.due_at) for one in moved)


def sound(cases: list[Case]) -> bool:
    """Whether every chain holds and every column is what its journal says."""
    with use(EVERYTHING):
        unbroken = all(ledger.first_break(case.stream) is None for case in cases)
        return unbroken and not any(rebuild(write=False))


@freeze
def test_what_is_previewed_is_what_moves_and_the_old_deadline_is_kept(lampung: Lampung, cases: list[Case]) -> None:
    entries = Entry.objects.count()
    promised = previewed(lampung, "2026-11-25", "2026-11-26")
    assert Entry.objects.count() == entries
    asked = decree(lampung, "2026-11-25", "2026-11-26")
    finish()
    asked, told = fresh(asked), recount.moved_deadlines(asked)
    assert plain(promised) == plain(told) and len(told) > 10
    assert all(one.due_at is not None and one.due_at > one.was_due_at for one in told)
    assert (asked.moved, asked.done, asked.finished_at) == (len(told), asked.total, NOW)
    assert recount.recent(lampung.province.pk)[0] == asked and recount.recent(lampung.regency.pk) == []
    assert sound(cases)


@freeze
def test_a_recount_writes_what_every_case_by_itself_would_have_written(lampung: Lampung, cases: list[Case]) -> None:
    def outcome() -> Any:
        names = ("stream", "seq", "kind", "at", "actor", "data")
        with use(EVERYTHING):
            columns = list(Case.objects.order_by("id").values())
            rungs = list(Escalation.objects.order_by("case", "code", "started_by", "rung").values_list("to", "open"))
        return columns, rungs, list(Entry.objects.order_by("stream", "seq").values_list(*names))

    decree(lampung, "2026-11-13", "2026-11-16", "2026-11-17", "2026-11-18")
    kept = transaction.savepoint()
    with use(EVERYTHING):
        for case_id in cases_under_promise(lampung.province.pk, NOW).values_list("id", flat=True):
            act(advance, case_id, lampung.province.pk)
    single = outcome()
    transaction.savepoint_rollback(kept)
    finish(limit=50)
    assert outcome() == single


@freeze
def test_a_calendar_that_takes_holidays_back_makes_late_and_calls_superiors(
    lampung: Lampung, cases: list[Case]
) -> None:
    before = with_holidays(lampung.province.pk)
    decree(lampung, "2026-11-12", "2026-11-13", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19")
    finish()
    with use(EVERYTHING), transaction.atomic():
        asked = recount.put_into_force(lampung.province, "default", before, asked_by="member:1")[1]
    finish()
    told = recount.moved_deadlines(asked)
    assert any(one.due_at is not None and one.due_at < one.was_due_at for one in told)
    with use(EVERYTHING):
        called = {(row.case_id, row.code, row.rung) for row in Escalation.objects.all()}
    facts = Entry.objects.filter(kind="obligation.escalated").values_list("stream", "data")
    assert called and called == {(int(s.partition(":")[2]), d["code"], d["rung"]) for s, d in facts}
    assert sound(cases)


@freeze
def test_only_the_cases_of_those_who_keep_a_calendar_move(lampung: Lampung, cases: list[Case]) -> None:
    moved = previewed(lampung, "2026-11-21", "2026-11-25", key="six_day")
    with use(EVERYTHING):
        keepers = set(Case.objects.filter(agency__calendar="six_day").values_list("number", flat=True))
    assert {one.number for one in moved} <= keepers


@freeze
def test_the_same_calendar_again_is_no_version_and_moves_nothing(lampung: Lampung, cases: list[Case]) -> None:
    document = calendar_rows(lampung.province.pk)["default"].document
    with use(EVERYTHING):
        version, asked = recount.put_into_force(lampung.province, "default", document, asked_by="member:1")
        assert asked.cause.startswith("Kalender kerja “umum”")
    finish()
    assert version is None and fresh(asked).moved == 0 and fresh(asked).finished_at


@freeze
def test_a_decree_makes_a_provisional_deadline_certain(lampung: Lampung) -> None:
    with clock.turned_to(datetime(2027, 12, 30, 3, tzinfo=UTC)):
        case = lampung.report("akhir-tahun")
        document = with_holidays(lampung.province.pk, "2028-01-03")
        after = WorkCalendar.from_document({**document, "decreed_years": [2025, 2026, 2027, 2028]})
        government_id = lampung.province.pk
        moved = list(
            recount.preview(
                government_id, calendars_for(government_id), recount.with_calendar(government_id, "default", after)
            )
        )
    assert {one.number for one in moved} == {case.number}
    assert all(one.was_provisional and not one.provisional for one in moved)


@freeze
def test_a_calendar_that_never_opens_is_said_before_anything_is_written(lampung: Lampung, cases: list[Case]) -> None:
    document = with_holidays(lampung.province.pk)
    closed = {"name": "Tutup", "from": "2026-11-21", "to": "9999-12-31", "weekly": {}}
    periods = [part for part in document["periods"] if part["to"] < "2026-11-21"]
    after = WorkCalendar.from_document({**document, "periods": [*periods, closed]})
    government_id = lampung.province.pk
    found = list(
        recount.preview(
            government_id, calendars_for(government_id), recount.with_calendar(government_id, "default", after)
        )
    )
    assert found and all(one.due_at is None and "no working day in all of 2027" in one.problem for one in found)


@freeze
def test_killed_in_the_middle_it_goes_on_where_it_was(
    lampung: Lampung, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = decree(lampung, "2026-11-25")
    assert recount.take_some(7) == 7
    entries, done = Entry.objects.count(), fresh(asked).done

    def killed(_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("salur.sop.bulk.project_many", killed)
        with pytest.raises(KeyboardInterrupt):
            recount.take_some(7)
    assert (Entry.objects.count(), fresh(asked).done) == (entries, done) == (entries, 7)
    finish()
    asked, told = fresh(asked), recount.moved_deadlines(asked)
    assert asked.moved == len(told) == len({(one.number, one.code, one.was_due_at) for one in told})
    assert asked.done == asked.total and sound(cases)


@freeze
def test_a_case_that_fails_is_counted_and_stops_nobody(
    lampung: Lampung, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    with use(EVERYTHING):
        numbers = list(Case.objects.filter(closed_at=None).order_by("id").values_list("number", flat=True))
    broken = numbers[3]

    def failing(state: Any, journal: Any) -> Any:
        if journal[0].data["number"] == f"BENCH-{[c.number for c in cases].index(broken)}":
            raise ValueError("cannot be folded")
        return news(state, journal)

    monkeypatch.setattr("salur.sop.bulk.news", failing)
    asked = decree(lampung, "2026-11-25")
    finish()
    assert [(one.number, one.problem) for one in recount.failures(asked)] == [(broken, "cannot be folded")]
    assert fresh(asked).finished_at and broken not in {one.number for one in recount.moved_deadlines(fresh(asked))}
    assert len({one.number for one in recount.moved_deadlines(fresh(asked))}) > 10


@freeze
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DatabaseError("value too long, and the words of a citizen"), "DatabaseError"),
        (ValueError("too odd"), "too odd"),
    ],
)
def test_what_cannot_be_written_is_counted_case_by_case(
    error: Exception, said: str, lampung: Lampung, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    with use(EVERYTHING):
        broken = Case.objects.filter(closed_at=None).order_by("id")[2]

    def refused(projections: Any) -> None:
        if broken.pk in projections:
            raise error
        project_many(projections)

    monkeypatch.setattr("salur.sop.bulk.project_many", refused)
    asked = decree(lampung, "2026-11-25")
    finish()
    assert [(one.number, one.problem) for one in recount.failures(asked)] == [(broken.number, said)]
    with use(EVERYTHING):
        assert Case.objects.get(pk=broken.pk).due_at == broken.due_at
        left = [one.number for one in rebuild(write=False) if one]
    assert left == [broken.number]


@freeze
def test_a_chunk_costs_seventeen_statements_however_many_cases(lampung: Lampung, cases: list[Case]) -> None:
    decree(lampung, "2026-11-25")
    with CaptureQueriesContext(connection) as queries:
        recount.take_some(100)
    assert len(queries) <= 17, [query["sql"][:100] for query in queries]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("- satu", "write one as `salur calendar show` prints it"),
        ("a: &x [1]\nb: *x", "line 1"),
        ("a: !!python/object:os.system x", "line 1"),
        ("a: [1", "line"),
        ("a: " + "x" * 5_000_000, "characters"),
    ],
)
def test_a_text_that_is_no_calendar_is_refused(text: str, says: str) -> None:
    with pytest.raises(CalendarError, match=says):
        recount.read_calendar(text)


def test_a_calendar_as_it_is_shown_is_read_back(lampung: Lampung) -> None:
    document = calendar_rows(lampung.province.pk)["default"].document
    shown = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    assert WorkCalendar.from_document(recount.read_calendar(shown)).to_document() == document


@pytest.mark.django_db(transaction=True)
def test_officers_at_work_are_neither_undone_nor_shut_out() -> None:
    lampung = ready_lampung()
    now = clock.now()
    lay_down(lampung.province, world_of(lampung.province, now - timedelta(days=5), now), 60)
    with use(EVERYTHING):
        cases = list(Case.objects.order_by("id"))
        mine = [case.pk for case in cases if case.closed_at is None][::5]
    day = (now + timedelta(days=2)).date().isoformat()
    asked = decree(lampung, day, (now + timedelta(days=3)).date().isoformat())
    problems: list[Exception] = []

    def run(work: Callable[[], object]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except Exception as problem:
                problems.append(problem)
            finally:
                connection.close()

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def officer() -> None:
        for case_id in mine:
            act(follow_up, case_id, note="Dikerjakan", actor="member:9")

    threads = [run(lambda: finish(9)), run(officer), run(lambda: finish(9))]
    for thread in threads:
        thread.join()
    finish(9)
    assert problems == []
    assert sum(fact.actor == "member:9" for case in cases for fact in ledger.journal(case.stream)) == len(mine)
    assert fresh(asked).done == fresh(asked).total and sound(cases)


@pytest.mark.django_db(transaction=True)
def test_an_act_between_the_reading_and_the_writing_of_a_chunk_waits_and_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lampung = ready_lampung()
    now = clock.now()
    lay_down(lampung.province, world_of(lampung.province, now - timedelta(days=5), now), 20)
    with use(EVERYTHING):
        cases = list(Case.objects.order_by("id"))
        mine = next(case for case in cases if case.closed_at is None and case.status == "new" and case.agency_id)
    decree(lampung, (now + timedelta(days=2)).date().isoformat())
    read, acts, waited = ledger.journals, list[threading.Thread](), list[bool]()

    def officer() -> None:
        try:
            act(follow_up, mine.pk, note="Dikerjakan", actor="member:9")
        finally:
            connection.close()

    def read_and_meet_an_officer(streams: Any) -> Any:
        found = read(streams)
        if mine.stream in streams and not acts:
            acts.append(threading.Thread(target=officer))
            acts[0].start()
            acts[0].join(1)
            waited.append(acts[0].is_alive())
        return found

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "journals", read_and_meet_an_officer)
        recount.take_some(100)
    acts[0].join()
    assert waited == [True], "the officer waits until the chunk is written"
    assert [fact.kind for fact in ledger.journal(mine.stream) if fact.actor == "member:9"] == ["case.followed_up"]
    assert sound(cases)
