"""The ledger is append-only and chained, also when many write at once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salur.kernel import clock, ledger
from salur.kernel.events import Event
from salur.kernel.models import Entry, Waiting


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    KIND: ClassVar[str] = "test.noted"
    text: str


@dataclass(frozen=True, kw_only=True)
class Called(Event):
    KIND: ClassVar[str] = "test.called"
    HEARD: ClassVar[bool] = True
    text: str


def write(text: str, stream: str = "test:1") -> Entry:
    return ledger.record(Noted(text=text), stream=stream, government_id=1, actor=ledger.SYSTEM)


def tamper(change: str) -> None:
    """What only the owner of the database can do: switch the guard off, change, switch it on again."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_entry DISABLE TRIGGER USER")
        cursor.execute(change)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE kernel_entry ENABLE TRIGGER USER")


@pytest.mark.django_db
def test_entries_follow_one_another_and_read_back_as_they_were() -> None:
    write("satu")
    write("dua")
    write("lain", "test:2")
    facts = ledger.journal("test:1")
    assert [(fact.seq, fact.data["text"]) for fact in facts] == [(1, "satu"), (2, "dua")]
    assert Noted.read(facts[0]) == Noted(text="satu")
    assert ledger.first_break("test:1") is None
    assert {name: len(rows) for name, rows in ledger.journals(["test:1", "test:2", "test:3"]).items()} == {
        "test:1": 2,
        "test:2": 1,
        "test:3": 0,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE kernel_entry SET actor = 'x'", "DELETE FROM kernel_entry"])
def test_nobody_changes_or_deletes_an_entry(change: str) -> None:
    write("satu")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ['data = \'{"text": "palsu"}\'', "actor = 'member:9'", "at = at + interval '1 day'"])
def test_a_tampered_entry_breaks_the_chain_at_its_place(change: str) -> None:
    for text in ("satu", "dua", "tiga"):
        write(text)
    tamper(f"UPDATE kernel_entry SET {change} WHERE stream = 'test:1' AND seq = 2")
    assert ledger.first_break("test:1") == 2


@pytest.mark.django_db
def test_a_removed_entry_breaks_the_chain() -> None:
    for text in ("satu", "dua", "tiga"):
        write(text)
    tamper("DELETE FROM kernel_entry WHERE stream = 'test:1' AND seq = 2")
    assert ledger.first_break("test:1") == 2


@pytest.mark.django_db
def test_only_what_somebody_hears_waits_for_the_worker() -> None:
    write("satu")
    ledger.record(Called(text="dua"), stream="test:1", government_id=1, actor=ledger.SYSTEM)
    assert [row.entry.kind for row in Waiting.objects.select_related("entry")] == ["test.called"]


@pytest.mark.django_db(transaction=True)
def test_many_writers_on_one_stream_never_fork_the_chain() -> None:
    def work(name: str) -> None:
        for number in range(10):
            with transaction.atomic():
                write(f"{name}{number}")
        connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [fact.seq for fact in ledger.journal("test:1")] == list(range(1, 41))
    assert ledger.first_break("test:1") is None


Written = list[tuple[str, Event]]
said = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
written = st.lists(
    st.tuples(
        st.sampled_from(["test:1", "test:2", "test:10", "case:7"]),
        st.builds(Noted, text=said) | st.builds(Called, text=said),
    ),
    max_size=12,
)


def one_by_one(events: Written) -> list[Entry]:
    return [ledger.record(event, stream=stream, government_id=3, actor=ledger.member(4)) for stream, event in events]


def at_once(events: Written) -> list[Entry]:
    return ledger.record_many(events, government_id=3, actor=ledger.member(4))


def outcome(write: Callable[[Written], list[Entry]], begun: Written, events: Written, follow: bool) -> Any:
    """What lies in the tables, what was given back and what is to be heard; all of it is taken back afterwards."""
    names = ("stream", "seq", "kind", "at", "actor", "data", "prev_hash", "hash", "government_id")

    def plain(entry: Entry) -> list[Any]:
        return [bytes(v) if isinstance(v, memoryview) else v for v in (getattr(entry, name) for name in names)]

    with transaction.atomic(), ledger.collecting(follow=follow) as writing:
        ledger.begin("test:10", 3)
        one_by_one(begun)
        given_back = [plain(entry) for entry in write(events)]
        stored = [plain(entry) for entry in ledger.entries().filter(government_id=3).order_by("id")]
        waiting = [plain(row.entry) for row in Waiting.objects.select_related("entry").order_by("entry_id")]
        heard = [plain(entry) for entry in writing.heard]
        heads = [(name, head.seq, head.hash, head.facts) for name, head in writing.heads.items()]
        intact = [ledger.first_break(stream) for stream in sorted({stream for stream, _ in [*begun, *events]})]
        transaction.set_rollback(True)
    return given_back, stored, waiting, heard, heads, intact


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written, written, st.booleans())
def test_many_at_once_are_the_entries_that_one_by_one_makes(begun: Written, events: Written, follow: bool) -> None:
    with clock.turned_to(datetime(2026, 7, 6, 3, tzinfo=UTC)):
        bulk = outcome(at_once, begun, events, follow)
        single = outcome(one_by_one, begun, events, follow)
    assert bulk == single
    assert set(bulk[-1]) <= {None}


@pytest.mark.django_db
def test_many_cost_a_handful_of_statements() -> None:
    events: Written = [(f"test:{n % 50}", Called(text=str(n))) for n in range(200)]
    with CaptureQueriesContext(connection) as queries:
        entries = at_once(events)
    assert len(queries) <= 5
    assert [entry.data["text"] for entry in entries] == [str(n) for n in range(200)]
    assert [Entry.objects.get(pk=entry.pk).data for entry in entries[:3]] == [entry.data for entry in entries[:3]]
    assert Waiting.objects.count() == 200


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written)
def test_journals_read_together_are_those_read_one_by_one(events: Written) -> None:
    with transaction.atomic():
        one_by_one(events)
        streams = ["test:1", "test:2", "test:10", "case:7"]
        assert ledger.journals(streams) == {stream: ledger.journal(stream) for stream in streams}
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_many_writers_of_many_streams_neither_fork_nor_wait_for_one_another() -> None:
    failed = []

    def work(turn: int) -> None:
        streams = [f"test:{n}" for n in range(30)][:: 1 if turn % 2 else -1]
        try:
            for _ in range(5):
                with transaction.atomic():
                    at_once([(stream, Noted(text=str(turn))) for stream in streams])
        except DatabaseError as problem:
            failed.append(problem)
        connection.close()

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {ledger.first_break(f"test:{n}") for n in range(30)} == {None}
    assert Entry.objects.count() == 4 * 5 * 30


@pytest.mark.django_db
def test_nobody_changes_what_was_written_with_many_others() -> None:
    at_once([("test:1", Noted(text="satu")), ("test:2", Noted(text="dua"))])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_entry SET actor = 'x'")


@pytest.mark.django_db
def test_many_streams_are_held_in_one_order_whoever_asks() -> None:
    """Two who hold the same streams in different orders would wait for one another for ever."""
    names = [f"test:{number}" for number in range(40)]
    asked: list[list[str]] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "pg_advisory_xact_lock" in sql:
            asked.extend(params)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        ledger.hold_many(names)
        ledger.hold_many(reversed(names))
        ledger.hold_many([*names[20:], *names[:30]])
    assert asked == [sorted(names)] * 3


@pytest.mark.django_db
def test_what_is_followed_is_written_in_one_statement_once_somebody_looks() -> None:
    rows = Entry.objects.filter(stream="test:1")
    with transaction.atomic(), ledger.collecting(follow=True):
        ledger.record_many([("test:1", Called(text="satu"))], government_id=3, actor=ledger.SYSTEM)
        with CaptureQueriesContext(connection) as queries:
            for text in ("dua", "tiga"):
                ledger.record(Called(text=text), stream="test:1", government_id=3, actor=ledger.SYSTEM)
        assert len(queries) == 0 and not rows.exists()
        assert [fact.data["text"] for fact in ledger.journal("test:1")] == ["satu", "dua", "tiga"]
        assert ledger.entries().filter(stream="test:1").count() == 3
        with pytest.raises(ValueError), ledger.savepoint():
            ledger.record(Called(text="empat"), stream="test:1", government_id=3, actor=ledger.SYSTEM)
            raise ValueError
        ledger.record(Called(text="lima"), stream="test:1", government_id=3, actor=ledger.SYSTEM)
        ledger.write_down()
    assert [entry.data["text"] for entry in rows.order_by("id")] == ["satu", "dua", "tiga", "lima"]
    assert ledger.first_break("test:1") is None


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_waits_no_more_gives_up_what_somebody_else_holds() -> None:
    let_go, holds = threading.Event(), threading.Event()

    def somebody_else() -> None:
        with transaction.atomic():
            ledger.hold("test:2")
            holds.set()
            let_go.wait(10)
        connection.close()

    other = threading.Thread(target=somebody_else)
    other.start()
    assert holds.wait(10)
    with transaction.atomic(), ledger.collecting():
        ledger.hold_many(["test:1", "test:3"])
        ledger.wait_no_more()
        ledger.hold_many(["test:1", "test:3"])  # what it has it may ask for again
        with pytest.raises(ledger.Held):
            ledger.hold("test:2")
        let_go.set()
        other.join()
        ledger.hold("test:2")
