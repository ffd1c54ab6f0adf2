"""The ledger is append-only and chained, also when many write at once."""

import threading
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import DatabaseError, connection, transaction

from salur.kernel import ledger
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
