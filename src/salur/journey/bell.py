"""Waking on PostgreSQL's NOTIFY, so that nothing waits for a poll."""

import time

import psycopg

from salur.kernel.database import parameters


class Bell:
    """Listens on one channel with a connection of its own; survives the loss of it."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self._connection: psycopg.Connection | None = None

    def wait(self, seconds: float) -> None:
        """Return when the channel rings, or after `seconds` (at once with less than a millisecond to wait)."""
        try:
            if self._connection is None:
                self._connection = psycopg.connect(**parameters(), autocommit=True)
                self._connection.execute(f"LISTEN {self.channel}")
                return  # what rang before we listened must be looked for
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
        except psycopg.Error:
            self.close()
            time.sleep(min(seconds, 1))

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
