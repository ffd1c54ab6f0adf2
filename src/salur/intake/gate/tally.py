"""Counts hooks that were called in vain, and writes the counts down now and then: never one statement a refusal."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime

import psycopg
import structlog

from salur.intake.gate.doors import Door
from salur.intake.gate.line import Away, Line

log = structlog.get_logger("salur.intake")
EVERY = 1.0
"""Seconds."""
WRITE_SECONDS = 10.0
ADD = """
INSERT INTO intake_hookcount (government_id, account_id, day, reason, number)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::integer[])
ON CONFLICT (account_id, day, reason) DO UPDATE SET number = intake_hookcount.number + excluded.number
"""
Counted = tuple[int, date, str, int]
"""Account, day (UTC), reason, government: in the order in which rows are locked."""


class Tally:
    """Refusals by account, day and reason. What cannot be written yet is kept; a kill loses a second's counts."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._counts: Counter[Counted] = Counter()
        self._told: set[tuple[int, str]] = set()

    def add(self, door: Door, reason: str) -> None:
        """Count one refusal."""
        self._counts[door.account_id, datetime.now(UTC).date(), reason[:20], door.government_id] += 1

    def failed(self, door: Door, problem: Exception) -> None:
        """Count a request on which a platform's own check failed, and say so: once until the counts are written."""
        self.add(door, "malformed")
        told = door.account_id, type(problem).__name__
        if told not in self._told:
            self._told.add(told)
            log.warning("hook not verified", account=door.account_id, platform=door.name, error=told[1])

    async def run(self) -> None:
        """Write down what was counted, every second and once more when cancelled."""
        try:
            while True:
                await asyncio.sleep(EVERY)
                await self.write()
        finally:
            await self.write()

    async def write(self) -> None:
        """Add the counts to the table. Where the database is away they wait; never raises."""
        counts, self._counts = self._counts, Counter()
        self._told.clear()
        if not counts:
            return
        try:
            await self._add(sorted(counts.items()))
        except Away:
            self._counts.update(counts)
        except psycopg.IntegrityError:  # an account was removed meanwhile; the others count
            for one in counts.items():
                with suppress(Away, psycopg.IntegrityError):
                    await self._add([one])

    async def _add(self, counts: list[tuple[Counted, int]]) -> None:
        accounts, days, reasons, governments = zip(*(key for key, _ in counts), strict=True)
        values = [list(governments), list(accounts), list(days), list(reasons), [number for _, number in counts]]
        await self._line.run(ADD, values, seconds=WRITE_SECONDS)
