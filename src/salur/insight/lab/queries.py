"""What the lab asks the tables: which cases, which versions, which facts there ever were; and how to connect."""

from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import connection

from salur.insight.lab.history import Chunk
from salur.insight.lab.period import Period
from salur.kernel.tenancy import Scope, use
from salur.sop.document.model import SopDocument
from salur.sop.models import SopVersion
from salur.sop.versions import document_of

CHUNK = 2000
"""Cases read at once: some megabytes."""

CHUNKS = """
SELECT min(id), max(id), count(*) FROM (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS chunk FROM cases_case
    WHERE government_id = %s AND spoken_at >= %s AND spoken_at < %s
) numbered GROUP BY chunk ORDER BY chunk
"""
RECORDED = """
SELECT DISTINCT kind, coalesce(data->>'purpose', '') FROM kernel_entry
WHERE government_id = %s AND kind = ANY(%s) AND at >= %s AND at <= %s
"""


def chunks_of(period: Period, size: int = CHUNK) -> list[Chunk]:
    """The period's cases in pieces of at most `size`, by case id; none where there are none."""
    with connection.cursor() as cursor:
        cursor.execute(CHUNKS, [size, period.government_id, period.since, period.until])
        return [Chunk(*row) for row in cursor.fetchall()]


def versions_of(government_id: int) -> dict[int, SopDocument]:
    """Every signed version of a government by id, the newest first."""
    with use(Scope(government_id)):
        ids = list(SopVersion.objects.order_by("-id").values_list("id", flat=True))
    return {version: document_of(version) for version in ids}


def facts_recorded(period: Period, kinds: Iterable[str]) -> set[tuple[str, str]]:
    """Which of these kinds of facts were written down in the period, up to its cut-off, with their purpose."""
    with connection.cursor() as cursor:
        cursor.execute(RECORDED, [period.government_id, sorted(kinds), period.since, period.now])
        return set(cursor.fetchall())


def this_connection() -> psycopg.Connection[Any]:
    """The connection of this thread, with whatever its transaction has written."""
    connection.ensure_connection()
    own: psycopg.Connection[Any] = connection.connection
    return own
