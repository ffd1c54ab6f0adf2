"""Writing into the ledger and reading a journal back. Append-only, hash-chained per stream."""

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import QuerySet

from salur.kernel import clock, memory
from salur.kernel.database import ring
from salur.kernel.events import Event, Fact
from salur.kernel.models import Entry, Waiting

GENESIS = bytes(32)
INSERT = """
INSERT INTO kernel_entry (government_id, stream, seq, kind, at, actor, data, prev_hash, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
INSERT_MANY = """
INSERT INTO kernel_entry (government_id, stream, seq, kind, at, actor, data, prev_hash, hash)
SELECT government_id, stream, seq, kind, at, actor, data, decode(prev_hash, 'hex'), decode(hash, 'hex')
FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS n (entry, place), jsonb_to_record(entry) AS (
    government_id bigint, stream text, seq int, kind text, at timestamptz, actor text, data jsonb,
    prev_hash text, hash text
) ORDER BY place
RETURNING id, stream, seq
"""
"""One JSON text for all rows: an array a column takes the driver three times as long to write."""
JOURNALS = """
SELECT stream, '[' || string_agg(
    '[' || seq || ',' || to_json(kind)::text || ',' || (extract(epoch FROM at) * 1000000)::bigint || ','
    || to_json(actor)::text || ',' || data::text || ']', ',' ORDER BY seq) || ']'
FROM kernel_entry WHERE stream = ANY(%s) GROUP BY stream
"""
"""One row a stream: put together by the server, a journal costs a third of what it costs row by row."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HEADS = """
SELECT s, coalesce(e.seq, 0), e.hash FROM unnest(%s::text[]) AS s
LEFT JOIN LATERAL (SELECT seq, hash FROM kernel_entry WHERE stream = s ORDER BY seq DESC LIMIT 1) AS e ON true
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
    worker's queue at once. Entries are then `unwritten` until somebody reads or the transaction ends, and go into the
    table in one statement. `held` are the locks it has, `hasty` whether it waits for no further one.
    """

    follow: bool
    hasty: bool = False
    heads: dict[str, Head] = field(default_factory=dict)
    heard: deque[Entry] = field(default_factory=deque)
    unwritten: list[Entry] = field(default_factory=list)
    held: set[str] = field(default_factory=set)


class Held(RuntimeError):
    """Somebody else has what a transaction that never waits asked for."""


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
    entry = _next(head, event, stream, government_id, actor)
    if writing.follow:
        writing.unwritten.append(entry)
    else:
        _insert(entry)
    writing.heads[stream] = head
    if event.HEARD:
        _let_hear([entry], writing)
    return entry


def record_many(written: Sequence[tuple[str, Event]], *, government_id: int, actor: str) -> list[Entry]:
    """Write down what happened in many streams, as `record` would one by one, in a handful of statements.

    `written` are pairs of stream and event, in their order; so are the entries. The streams are locked in the order of
    their names, whatever the order of the events: two such writers never wait for one another.
    """
    writing = _writing.get() or Writing(follow=False)
    streams = [stream for stream in dict.fromkeys(stream for stream, _ in written) if stream not in writing.heads]
    locked = _lock_many(streams, government_id) if streams else {}
    writing.heads |= {stream: locked[stream] for stream in streams}
    entries = [_next(writing.heads[stream], event, stream, government_id, actor) for stream, event in written]
    if writing.follow:
        writing.unwritten.extend(entries)
    else:
        _insert_many(entries)
    _let_hear([entry for entry, (_, event) in zip(entries, written, strict=True) if event.HEARD], writing)
    return entries


def _next(head: Head, event: Event, stream: str, government_id: int, actor: str) -> Entry:
    """The next entry of a stream, still to be inserted; the head moves on to it."""
    fact = Fact(head.seq + 1, event.KIND, clock.now(), actor, event.data())
    digest = link(head.hash, stream=stream, fact=fact)
    entry = Entry(
        government_id=government_id,
        stream=stream,
        seq=fact.seq,
        kind=fact.kind,
        at=fact.at,
        actor=actor,
        data=fact.data,
        prev_hash=head.hash,
        hash=digest,
    )
    head.seq, head.hash = fact.seq, digest
    if head.facts is not None:
        head.facts.append(fact)
    return entry


def _let_hear(entries: Sequence[Entry], writing: Writing) -> None:
    """Hand what verbs listen to to the caller who follows it, or lay it into the queue and wake the worker."""
    if writing.follow:
        writing.heard.extend(entries)
    elif entries:
        Waiting.objects.bulk_create([Waiting(entry=entry) for entry in entries])
        ring("salur_ledger")


def _insert(entry: Entry) -> None:
    """The hottest write of the program, in plain SQL: the mapper takes three times as long over it."""
    values: list[Any] = [entry.government_id, entry.stream, entry.seq, entry.kind, entry.at, entry.actor]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*values, json.dumps(entry.data), bytes(entry.prev_hash), bytes(entry.hash)])
        entry.pk = cursor.fetchone()[0]
    entry._state.adding, entry._state.db = False, connection.alias


def _insert_many(entries: Sequence[Entry]) -> None:
    """Many entries in one statement."""
    if not entries:
        return
    rows = [
        {
            "government_id": entry.government_id,
            "stream": entry.stream,
            "seq": entry.seq,
            "kind": entry.kind,
            "at": entry.at.isoformat(),
            "actor": entry.actor,
            "data": entry.data,
            "prev_hash": bytes(entry.prev_hash).hex(),
            "hash": bytes(entry.hash).hex(),
        }
        for entry in entries
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_MANY, [json.dumps(rows)])
        numbers = {(stream, seq): pk for pk, stream, seq in cursor.fetchall()}
    for entry in entries:
        entry.pk = numbers[entry.stream, entry.seq]
        entry._state.adding, entry._state.db = False, connection.alias


def hold(stream: str) -> None:
    """Keep everybody else from writing into a stream until the transaction ends.

    The one lock on a case, taken before its rows are read or written: with row locks beside it, two transactions could
    wait for one another.
    """
    hold_many([stream])


def hold_many(streams: Iterable[str]) -> None:
    """Hold many streams, in one statement and in the order of their names: two who do so never wait for one another.

    Raises Held after `wait_no_more`, where somebody else holds one of them.
    """
    writing = _writing.get() or Writing(follow=False)
    missing = sorted(set(streams) - writing.heads.keys() - writing.held)
    if not missing:
        return
    # unnest gives its rows in the order of the array, and they are locked as they come.
    lock = "SELECT %s(hashtextextended(s, 7)) FROM unnest(%%s::text[]) s"
    with connection.cursor() as cursor:
        cursor.execute(lock % ("pg_try_advisory_xact_lock" if writing.hasty else "pg_advisory_xact_lock"), [missing])
        if writing.hasty and not all(got for (got,) in cursor.fetchall()):
            raise Held(f"one of {len(missing)} streams is held by somebody else")
    writing.held.update(missing)


def wait_no_more() -> None:
    """Let the present transaction wait for no lock any more: it holds many, and could wait in a ring with another."""
    writing = _writing.get()
    if writing is not None:
        writing.hasty = True


def write_down() -> None:
    """Put into the table what the present transaction has recorded and not written yet."""
    writing = _writing.get()
    if writing is not None and writing.unwritten:
        entries, writing.unwritten = writing.unwritten, []
        _insert_many(entries)


def entries() -> QuerySet[Entry]:
    """All entries, with those that the present transaction has recorded."""
    write_down()
    return Entry.objects.all()


def begin(stream: str, government_id: int) -> None:
    """Say that a stream begins in this transaction: its row is new, nobody else can know it, no lock is needed."""
    writing = _writing.get()
    if writing is not None:
        writing.heads[stream] = Head(government_id, 0, GENESIS, [])


@contextmanager
def savepoint() -> Iterator[None]:
    """A database savepoint whose rollback also takes back what `collecting` remembers of it."""
    writing = _writing.get()
    write_down()
    kept = deepcopy(writing.heads) if writing else {}
    heard, held = (list(writing.heard), set(writing.held)) if writing else ([], set())
    try:
        with transaction.atomic():
            yield
            write_down()
    except BaseException:
        if writing is not None:
            writing.heads, writing.heard, writing.held, writing.unwritten = kept, deque(heard), held, []
        memory.forget_all()
        raise


def _lock(stream: str, government_id: int) -> Head:
    hold(stream)  # a statement of its own: the next must see what was committed while this one waited
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM kernel_entry WHERE stream = %s ORDER BY seq DESC LIMIT 1", [stream])
        last = cursor.fetchone()
    return Head(government_id, last[0], bytes(last[1]), None) if last else Head(government_id, 0, GENESIS, [])


def _lock_many(streams: Sequence[str], government_id: int) -> dict[str, Head]:
    hold_many(streams)
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [list(streams)])
        return {
            stream: Head(government_id, seq, bytes(digest), None) if seq else Head(government_id, 0, GENESIS, [])
            for stream, seq, digest in cursor.fetchall()
        }


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
    rows = entries().filter(stream=stream).order_by("seq").values_list("seq", "kind", "at", "actor", "data")
    return [Fact(*row) for row in rows]


def journals(streams: list[str]) -> dict[str, list[Fact]]:
    """The journals of many streams in one query; a stream without entries is an empty list."""
    found: dict[str, list[Fact]] = {stream: [] for stream in streams}
    write_down()
    with connection.cursor() as cursor:
        cursor.execute(JOURNALS, [streams])
        for stream, told in cursor.fetchall():
            found[stream] = [
                Fact(seq, kind, EPOCH + timedelta(microseconds=micros), actor, data)
                for seq, kind, micros, actor, data in json.loads(told)
            ]
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
