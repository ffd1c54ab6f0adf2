"""A connection of the gate's own: made when it is needed, and anew, with a pause, after it was lost."""

import asyncio
from collections.abc import Sequence
from typing import Any

import psycopg

from salur.kernel.database import parameters

CONNECT_SECONDS = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds between two attempts to connect: twice as long after each that failed."""


class Away(Exception):
    """The database does not answer, or not in time: whether the statement was carried out is not known."""


async def connect() -> "psycopg.AsyncConnection[tuple[Any, ...]]":
    """A new connection to the installation's database, every statement its own transaction. Raises psycopg.Error."""
    at = {**parameters(), "connect_timeout": CONNECT_SECONDS}
    return await psycopg.AsyncConnection.connect(**at, autocommit=True)


class Line:
    """Runs one statement at a time, each in a transaction of its own. For one event loop."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._opening = asyncio.Lock()
        self._pause = FIRST_PAUSE
        self._not_before = 0.0

    async def run(self, statement: str, values: Sequence[Any], *, seconds: float) -> list[tuple[Any, ...]]:
        """The rows of one statement, none where it gives none; it is committed when this returns.

        Raises Away where the database cannot be reached, does not answer within `seconds` or can take nothing now;
        psycopg.DataError, psycopg.IntegrityError or ValueError where these values are the fault.
        """
        line = await self._open()
        try:
            async with asyncio.timeout(seconds):
                cursor = await line.execute(statement, values, prepare=True)
                return await cursor.fetchall() if cursor.description else []  # to ask where none can be is an error
        except (psycopg.DataError, psycopg.IntegrityError):
            raise
        except (psycopg.Error, TimeoutError) as problem:
            # Anew on any doubt: a standby that was promoted, or a plan that no longer fits, is cured by it too.
            await self.close()
            raise Away(type(problem).__name__) from problem

    async def close(self) -> None:
        """Let the connection go; the next statement makes another."""
        line, self._connection = self._connection, None
        if line is not None:
            await line.close()

    async def _open(self) -> "psycopg.AsyncConnection[tuple[Any, ...]]":
        async with self._opening:
            if self._connection is not None and not self._connection.closed:
                return self._connection
            now = asyncio.get_running_loop().time()
            if now < self._not_before:
                raise Away("pausing")
            try:
                self._connection = await connect()
            except psycopg.Error as problem:
                self._not_before = now + self._pause
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
                raise Away(type(problem).__name__) from problem
            self._pause = FIRST_PAUSE
            return self._connection
