"""Group commit: one task stores whatever gathered while its last commit ran; only then the senders are answered."""

import asyncio
from collections import deque
from collections.abc import Sequence
from enum import Enum
from hashlib import blake2b
from operator import itemgetter
from typing import NamedTuple

import psycopg
from psycopg.pq import Format

from salur.channels.hooks import Keep
from salur.intake.gate.doors import Door
from salur.intake.gate.line import Away
from salur.intake.gate.wire import BYTEA, TEXT, Wire, packed
from salur.kernel import clock

MOST_WAITING, MOST_BYTES = 8192, 64_000_000
"""What may wait for its commit, in deliveries and bytes of body: beyond, senders are asked to come back."""
BATCH, BATCH_BYTES = 512, 8_000_000
COMMIT_SECONDS = 10.0
UNFIT = (psycopg.DataError, psycopg.IntegrityError, ValueError)
"""What is the fault of the values: no other try can store them."""
LONGEST_KEY, LONGEST_TYPE = 300, 120
STORE = """
WITH stored AS (
    INSERT INTO intake_delivery
        (government_id, account_id, external_id, body, content_type, received_at, via, state, reason, detail, attempts)
    SELECT government, account, external_id, body, content_type, $1::timestamptz, 'hook', 'received', '', '', 0
    FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bytea[], $6::text[])
        AS came (government, account, external_id, body, content_type)
    ON CONFLICT (account_id, external_id) DO NOTHING RETURNING 1
)
SELECT pg_notify('salur_ledger', '') FROM stored LIMIT 1
"""
FORMATS = (Format.TEXT, Format.TEXT, Format.TEXT, Format.BINARY, Format.BINARY, Format.BINARY)


class Outcome(Enum):
    """kept: it is in the table, now or from an earlier time; away: come back; unfit: this one can never be stored."""

    KEPT = 1
    AWAY = 2
    UNFIT = 3


class Full(Exception):
    """Too much waits already."""


class Waiting(NamedTuple):
    """One delivery that waits for its commit, and where its sender waits."""

    account_id: int
    external_id: str
    government_id: int
    body: bytes
    content_type: str
    outcome: "asyncio.Future[Outcome]"


_order = itemgetter(0, 1)


class Committer:
    """The one writer of a web process. For one event loop."""

    def __init__(self) -> None:
        self.wire = Wire(STORE, FORMATS)
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Waiting] = deque()
        self._bytes = 0
        self._came = asyncio.Event()

    def keep(self, door: Door, keep: Keep, body: bytes) -> "asyncio.Future[Outcome]":
        """Have one delivery stored, once per account and external id; the future tells when it is. Raises Full."""
        if len(self._waiting) >= MOST_WAITING or self._bytes + len(body) > MOST_BYTES:
            raise Full
        outcome = self._loop.create_future()
        key, content_type = storable(keep.external_id), keep.content_type[:LONGEST_TYPE]
        self._waiting.append(Waiting(door.account_id, key, door.government_id, body, content_type, outcome))
        self._bytes += len(body)
        self._came.set()
        return outcome

    async def run(self) -> None:
        """Commit batch after batch until cancelled; whoever waits then is told to come back."""
        batch: list[Waiting] = []
        try:
            while True:
                if not self._waiting:
                    self._came.clear()
                    await self._came.wait()
                await self._gather()
                batch = self._take()
                await self._commit(batch)
        finally:
            _tell([*batch, *self._waiting], Outcome.AWAY)
            self._waiting.clear()

    async def _gather(self) -> None:
        """Let in what stands before the door already: a commit costs the same for one and for fifty."""
        had = 0
        while had < len(self._waiting) < BATCH:
            had = len(self._waiting)
            await asyncio.sleep(0)

    def _take(self) -> list[Waiting]:
        waiting, size = self._waiting, 0
        batch: list[Waiting] = []
        while waiting and len(batch) < BATCH and size < BATCH_BYTES:
            one = waiting.popleft()
            size += len(one.body)
            batch.append(one)
        self._bytes -= size
        # Every writer locks in one order: without it, two batches with the same keys wait for each other.
        batch.sort(key=_order)
        return batch

    async def _commit(self, batch: list[Waiting]) -> None:
        try:
            await self._store(batch)
        except Away:
            _tell(batch, Outcome.AWAY)
        except Exception as problem:  # the writer goes on, whatever one delivery brings
            if len(batch) == 1:
                _tell(batch, Outcome.UNFIT if isinstance(problem, UNFIT) else Outcome.AWAY)
                return
            half = len(batch) // 2  # one bad row must not sink its neighbours
            await self._commit(batch[:half])
            await self._commit(batch[half:])
        else:
            _tell(batch, Outcome.KEPT)

    async def _store(self, batch: list[Waiting]) -> None:
        accounts, keys, governments, bodies, types, _ = zip(*batch, strict=True)
        values = values_of(
            accounts, governments, [key.encode() for key in keys], bodies, [one.encode() for one in types]
        )
        await self.wire.send(values, seconds=COMMIT_SECONDS)


def values_of(
    accounts: Sequence[int],
    governments: Sequence[int],
    keys: Sequence[bytes],
    bodies: Sequence[bytes],
    types: Sequence[bytes],
) -> list[bytes]:
    """The parameters of `STORE` for deliveries that came in now."""
    numbers = [("{" + ",".join(map(str, some)) + "}").encode() for some in (governments, accounts)]
    arrays = [packed(TEXT, keys), packed(BYTEA, bodies), packed(TEXT, types)]
    return [clock.now().isoformat().encode(), *numbers, *arrays]


def storable(key: str) -> str:
    """A dedupe key as the table can hold it: most as they are.

    One that is too long, or holds what PostgreSQL's texts cannot (NUL, a lone surrogate), ends in a hash of the whole,
    so that different ones stay different.
    """
    if len(key) <= LONGEST_KEY and key.isascii() and "\0" not in key:
        return key
    told = key.encode("utf-8", "surrogatepass")
    readable = told.decode("utf-8", "replace").replace("\0", "")
    if len(key) <= LONGEST_KEY and readable == key:
        return key
    return readable[: LONGEST_KEY - 41] + "~" + blake2b(told, digest_size=20).hexdigest()


def _tell(batch: list[Waiting], outcome: Outcome) -> None:
    for one in batch:
        if not one.outcome.done():
            one.outcome.set_result(outcome)
