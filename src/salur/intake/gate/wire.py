"""One statement that is run over and over, without the driver's own waiting, which costs more than the statement.

The driver's `pq` layer is libpq as it is documented ("Asynchronous Command Processing"): send, flush, wait until the
socket can be read, take the results.
"""

import asyncio
from collections.abc import Sequence
from struct import Struct
from typing import Any

import psycopg
from psycopg import pq

from salur.intake.gate.line import Away, Line

TEXT, BYTEA = 25, 17
"""Object ids of PostgreSQL's types."""
NAME = b"salur_gate"
_head, _length = Struct("!5i").pack, Struct("!i").pack


class Wire(Line):
    """A line of one statement with parameters $1, $2...: `formats` of the values (text or binary)."""

    def __init__(self, statement: str, formats: Sequence[pq.Format]) -> None:
        super().__init__()
        self._statement = statement.encode()
        self._formats = formats
        self._prepared: Any = None

    async def send(self, values: Sequence[bytes], *, seconds: float) -> None:
        """Run the statement, which is committed when this returns. Raises what `Line.run` raises."""
        line = await self._open()
        try:
            async with asyncio.timeout(seconds):
                await self._exchange(line, values)
        except (psycopg.DataError, psycopg.IntegrityError):
            raise
        except (psycopg.Error, TimeoutError) as problem:
            await self.close()
            raise Away(type(problem).__name__) from problem

    async def _exchange(self, line: "psycopg.AsyncConnection[tuple[Any, ...]]", values: Sequence[bytes]) -> None:
        wire = line.pgconn
        if self._prepared is not line:
            wire.send_prepare(NAME, self._statement)
            await _result(wire)
            self._prepared = line
        wire.send_query_prepared(NAME, values, self._formats)
        await _result(wire)


async def _result(wire: pq.abc.PGconn) -> None:
    """Wait for the last result of what was sent. Raises psycopg.Error."""
    loop, ready, socket = asyncio.get_running_loop(), asyncio.Event(), wire.socket
    failed: pq.abc.PGresult | None = None
    loop.add_reader(socket, ready.set)
    try:
        if wire.flush():
            loop.add_writer(socket, ready.set)  # the socket is full: wait until the server has taken some of it
            while wire.flush():
                await ready.wait()
                ready.clear()
                wire.consume_input()
            loop.remove_writer(socket)
        while True:
            while wire.is_busy():
                await ready.wait()
                ready.clear()
                wire.consume_input()
            result = wire.get_result()
            if result is None:
                break
            if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
                failed = result
    finally:
        loop.remove_reader(socket)
        loop.remove_writer(socket)
    if failed is not None:
        raise psycopg.errors.error_from_result(failed)


def packed(kind: int, items: Sequence[bytes]) -> bytes:
    """Items as one binary array of a type, each as it is. Format: `array_recv` of PostgreSQL's source."""
    parts = [_head(1, 0, kind, len(items), 1)]
    for item in items:
        parts += (_length(len(item)), item)
    return b"".join(parts)
