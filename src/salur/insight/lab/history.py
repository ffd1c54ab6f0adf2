"""Past journals straight from the ledger, many cases at a time and never all of them at once.

Nothing here knows Django, so that a worker process is up in a moment. Reads only.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

import psycopg

from salur.insight.lab.period import Period
from salur.kernel.events import Fact

FOLDED_ELSEWHERE = (
    *("obligation.started", "obligation.moved", "obligation.met", "obligation.breached", "obligation.reopened"),
    "obligation.escalated",
)
"""What the fold said when the case was live: the lab folds anew, so it never reads them."""

JOURNALS: LiteralString = """
SELECT c.id, c.number, c.channel, j.told
FROM cases_case c CROSS JOIN LATERAL (
    SELECT '[' || string_agg(
        '[' || e.seq || ',"' || e.kind || '",' || (extract(epoch FROM e.at) * 1000000)::bigint || ','
        || to_json(e.actor)::text || ',' || e.data::text || ']', ',' ORDER BY e.seq) || ']' AS told
    FROM kernel_entry e
    WHERE e.stream = 'case:' || c.id AND e.government_id = c.government_id AND e.at <= %s AND e.kind <> ALL(%s)
) j
WHERE c.government_id = %s AND c.id BETWEEN %s AND %s AND c.spoken_at >= %s AND c.spoken_at < %s
ORDER BY c.id
"""
"""One row a case: put together by the server, a journal costs a third of what it costs row by row."""

BINDING = ("sop.started", "sop.moved")


@dataclass(frozen=True)
class Chunk:
    """Cases whose id lies from `first` to `last`, both included; `cases` of them are in the period."""

    first: int
    last: int
    cases: int


@dataclass(slots=True)
class Journal:
    """What the ledger holds of one case up to the cut-off, in order. `version_id`: the SOP version it is bound to.

    Without a fact it had not been opened by then; without a version it was not bound yet.
    """

    case_id: int
    number: str
    channel: str
    facts: list[Fact]
    version_id: int | None


def journals(connection: psycopg.Connection[Any], period: Period, chunk: Chunk) -> Iterator[Journal]:
    """The journals of a chunk of the period's cases, by case id."""
    asked = (period.now, list(FOLDED_ELSEWHERE), period.government_id, chunk.first, chunk.last)
    for case_id, number, channel, told in connection.execute(JOURNALS, (*asked, period.since, period.until)):
        yield _journal(case_id, number, channel, told)


def _journal(case_id: int, number: str, channel: str, told: str | None) -> Journal:
    facts: list[Fact] = []
    version_id = None
    for seq, kind, micros, actor, data in json.loads(told) if told else ():
        facts.append(Fact(seq, kind, datetime.fromtimestamp(micros / 1_000_000, UTC), actor, data))
        if kind in BINDING:
            version_id = data["version_id"]
    return Journal(case_id, number, channel, facts, version_id)
