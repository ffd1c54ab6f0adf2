"""One worker at a time: a lock of the database session, given back when the work ends or the connection dies."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

POLL, RENEW, BEAT, TELL = 4711, 4712, 4713, 4714
"""The kinds of work; what is locked with each is an account, with the last an alarm."""


@contextmanager
def alone(work: int, key: int) -> Iterator[bool]:
    """Whether nobody else is at this piece of work; it is kept from others until the block ends. Never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [work, key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [work, key])
