"""Writing into the ledger and reading a journal back. Append-only, hash-chained per stream."""

import hashlib
import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import Error, connection, transaction

from salur.kernel import clock
from salur.kernel.events import Event
from salur.kernel.facts import Fact
from salur.kernel.models import Entry, Waiting

GENESIS = bytes(32)
INSERT = """
INSERT INTO kernel_entry (government_id, stream, seq, kind, at, actor, data, prev_hash, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
TRIES = 5
SYSTEM = "system"
CITIZEN = "citizen"


@dataclass
class Head:
    """The end of a stream whose lock the present transaction holds. `facts` is the journal, where all of it is ours."""

    government_id: int
    seq: int
    hash: bytes
    facts: list[Fact] | None


@dataclass
class Writing:
    """What one transaction writes: the streams in order of first touch, and the heard entries still to be followed.

    With `follow` the caller runs the verbs of what is heard itself, in the same transaction; else it is laid into the
    worker's queue at once.
    """

    follow: bool
    heads: dict[str, Head] = field(default_factory=dict)
    heard: deque[Entry] = field(default_factory=deque)


_writing: ContextVar[Writing | None] = ContextVar("salur_writing", default=None)


def member(member_id: int) -> str:
    """How an officer is named as actor."""
    return f"member:{member_id}"


def record(event: Event, *, stream: str, government_id: int, actor: str) -> Entry:
    """Write down what happened, in the caller's transaction, as the next entry of its stream.

    Holds an advisory lock on the stream until the transaction ends, so that a chain never forks. What a verb listens
    to is followed by the caller, or laid into the worker's queue with the entry and the worker woken on commit.
    """
    writing = _writing.get() or Writing(follow=False)
    head = writing.heads.get(stream) or _lock(stream, government_id)
    data, at, seq = event.data(), clock.now(), head.seq + 1
    fact = Fact(seq, event.KIND, at, actor, data)
    digest = link(head.hash, stream=stream, fact=fact)
    entry = Entry(
        government_id=government_id,
        stream=stream,
        seq=seq,
        kind=event.KIND,
        at=at,
        actor=actor,
        data=data,
        prev_hash=head.hash,
        hash=digest,
    )
    _insert(entry)
    head.seq, head.hash = seq, digest
    if head.facts is not None:
        head.facts.append(fact)
    writing.heads[stream] = head
    if event.HEARD and writing.follow:
        writing.heard.append(entry)
    elif event.HEARD:
        Waiting.objects.create(entry=entry)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('salur_ledger', '')")
    return entry


def _insert(entry: Entry) -> None:
    """The hottest write of the program, in plain SQL: the mapper takes three times as long over it."""
    values: list[Any] = [entry.government_id, entry.stream, entry.seq, entry.kind, entry.at, entry.actor]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*values, json.dumps(entry.data), bytes(entry.prev_hash), bytes(entry.hash)])
        entry.pk = cursor.fetchone()[0]
    entry._state.adding, entry._state.db = False, connection.alias


def hold(stream: str) -> None:
    """Keep everybody else from writing into a stream until the transaction ends.

    The one lock on a case, taken before its rows are read or written: with row locks beside it, two transactions could
    wait for one another.
    """
    writing = _writing.get()
    if writing is None or stream not in writing.heads:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [stream])


def begin(stream: str, government_id: int) -> None:
    """Say that a stream begins in this transaction: its row is new, nobody else can know it, no lock is needed."""
    writing = _writing.get()
    if writing is not None:
        writing.heads[stream] = Head(government_id, 0, GENESIS, [])


@contextmanager
def savepoint() -> Iterator[None]:
    """A database savepoint whose rollback also takes back what `collecting` remembers of it."""
    writing = _writing.get()
    kept = deepcopy(writing.heads) if writing else {}
    heard = list(writing.heard) if writing else []
    try:
        with transaction.atomic():
            yield
    except BaseException:
        if writing is not None:
            writing.heads, writing.heard = kept, deque(heard)
        raise


def _lock(stream: str, government_id: int) -> Head:
    hold(stream)  # a statement of its own: the next must see what was committed while this one waited
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM kernel_entry WHERE stream = %s ORDER BY seq DESC LIMIT 1", [stream])
        last = cursor.fetchone()
    return Head(government_id, last[0], bytes(last[1]), None) if last else Head(government_id, 0, GENESIS, [])


@contextmanager
def collecting(*, follow: bool = False) -> Iterator[Writing]:
    """Collect what one transaction writes. The block must be that transaction: a rollback makes its memory wrong."""
    writing = Writing(follow=follow)
    token = _writing.set(writing)
    try:
        yield writing
    finally:
        _writing.reset(token)


def link(prev: bytes, *, stream: str, fact: Fact) -> bytes:
    """The hash of one entry: SHA-256 over the previous hash and the canonical JSON of the entry."""
    at = fact.at.astimezone(UTC).isoformat(timespec="microseconds")
    body = json.dumps([stream, fact.seq, fact.kind, at, fact.actor, fact.data], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(prev + body.encode()).digest()


def journal(stream: str) -> list[Fact]:
    """All facts of one stream, oldest first; from memory where the present transaction began it."""
    writing = _writing.get()
    head = writing.heads.get(stream) if writing else None
    if head is not None and head.facts is not None:
        return list(head.facts)
    rows = Entry.objects.filter(stream=stream).order_by("seq").values_list("seq", "kind", "at", "actor", "data")
    return [Fact(*row) for row in rows]


def journals(streams: list[str]) -> dict[str, list[Fact]]:
    """The journals of many streams in one query; a stream without entries is an empty list."""
    found: dict[str, list[Fact]] = {stream: [] for stream in streams}
    rows = Entry.objects.filter(stream__in=streams).order_by("stream", "seq")
    for stream, *row in rows.values_list("stream", "seq", "kind", "at", "actor", "data"):
        found[stream].append(Fact(*row))
    return found


def as_fact(entry: Entry) -> Fact:
    """One entry as a plain fact."""
    return Fact(entry.seq, entry.kind, entry.at, entry.actor, entry.data)


def first_break(stream: str) -> int | None:
    """The seq at which a stream's hash chain does not hold, or None when all of it is intact."""
    prev = GENESIS
    for number, entry in enumerate(Entry.objects.filter(stream=stream).order_by("seq"), start=1):
        intact = bytes(entry.prev_hash) == prev and bytes(entry.hash) == link(prev, stream=stream, fact=as_fact(entry))
        if entry.seq != number or not intact:
            return number
        prev = bytes(entry.hash)
    return None


def oldest_waiting() -> datetime | None:
    """When the entry that has waited longest for its first try was written, or None when none does."""
    row = Waiting.objects.filter(attempts=0).select_related("entry").order_by("entry_id").first()
    return row.entry.at if row else None


def stuck_entries() -> list[str]:
    """Entries that no verb could handle in five tries, each as "kind in stream: error"."""
    rows = Waiting.objects.filter(stuck=True).select_related("entry").order_by("entry_id")[:100]
    return [f"{row.entry.kind} in {row.entry.stream}: {row.error}" for row in rows]


def retry_stuck() -> int:
    """Give every stuck entry its tries again; returns how many there were."""
    return Waiting.objects.filter(stuck=True).update(stuck=False, attempts=0, not_before=None, error="")


def next_waiting() -> Waiting | None:
    """The next entry that a verb still has to hear, locked until the transaction ends; None when nothing waits."""
    rows = Waiting.objects.filter(stuck=False).exclude(not_before__gt=clock.now()).select_related("entry")
    return rows.select_for_update(skip_locked=True, of=("self",)).order_by("entry_id").first()


def put_back(waiting: Waiting, problem: Exception) -> None:
    """Let a failed entry wait longer each time; after five tries it is stuck and the doctor names it."""
    waiting.attempts += 1
    # What a database error says may hold the row it is about, and so somebody's words.
    told = "" if isinstance(problem, Error) else f": {problem}"
    waiting.error = f"{type(problem).__name__}{told}"[:500]
    waiting.stuck = waiting.attempts >= TRIES
    waiting.not_before = clock.now() + timedelta(seconds=2 ** (2 * waiting.attempts))
    waiting.save()
