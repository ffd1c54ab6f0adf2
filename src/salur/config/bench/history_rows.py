"""A history laid down by COPY: the cases with their columns, and their journals with real hash chains.

Like `population`, this writes past the verbs, so only ever into a home that was made for a measurement or a test. Of
each case it lays down the row and the journal, no messages and replies: it is there for whoever reads the ledger.
"""

import json
import sys
from datetime import datetime
from typing import Any

import click
from django.db import connection, transaction

from salur.agencies.models import Agency, Government
from salur.cases.number import new_number
from salur.cases.project import COLUMNS
from salur.config.bench.history import Life, Slow, World, lives
from salur.config.bench.population import copy_rows, highest
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import escalate
from salur.sop.advance import projection
from salur.sop.queries import calendars_for
from salur.sop.versions import document_of, in_force

CASE = ["id", "government_id", "number", "title", "channel", "spoken_at", "opened_at", "confidential", "imported"]
ENTRY = ["government_id", "stream", "seq", "kind", "at", "actor", "data", "prev_hash", "hash"]
CHUNK = 2000


def world_of(government: Government, since: datetime, until: datetime, slow: Slow | None = None) -> World:
    """The world of a government as it stands: its SOP in force, its calendars and its agencies."""
    with use(EVERYTHING):
        version = in_force(government)
        agencies = tuple(Agency.objects.filter(government=government).order_by("code").values_list("id", "name"))
    document, calendars = document_of(version.pk), calendars_for(government.pk)
    return World(version.pk, version.version, document, calendars, agencies, since, until, slow)


def lay_down(government: Government, world: World, count: int, *, seed: int = 7, progress: bool = False) -> int:
    """Write `count` cases of a history; returns how many facts (what the SOP room wrote of them not counted)."""
    first_id, facts = highest("cases_case") + 1, 0
    with click.progressbar(length=count, label="Cases", file=sys.stderr, hidden=not progress) as bar:
        for begin in range(0, count, CHUNK):
            told = list(lives(world, min(CHUNK, count - begin), seed, begin))
            cases = [_case(life, first_id + life.number, government) for life in told]
            entries = [row for life in told for row in _entries(life, first_id + life.number, government.pk)]
            with use(EVERYTHING), transaction.atomic():
                copy_rows("cases_case", [*CASE, *COLUMNS], cases)
                copy_rows("kernel_entry", ENTRY, entries)
                escalate.project_many(
                    [
                        (first_id + one.number, government.pk, one.state, world.document, one.facts)
                        for one in told
                        if one.state
                    ]
                )
            facts += sum(not row[3].startswith("obligation.") for row in entries)
            bar.update(len(told))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('cases_case', 'id'), (SELECT max(id) FROM cases_case))")
        cursor.execute("ANALYZE cases_case, kernel_entry")
    return facts


def _case(life: Life, case_id: int, government: Government) -> tuple[Any, ...]:
    assert life.state is not None  # a life that was told has been folded
    columns = projection(life.state, life.facts)
    number, title = new_number(government.code, life.spoken_at), f"Laporan contoh {life.number}"
    own = (case_id, government.pk, number, title, life.channel, life.spoken_at, life.facts[0].at, False, False)
    return own + tuple(getattr(columns, name) for name in COLUMNS)


def _entries(life: Life, case_id: int, government_id: int) -> list[tuple[Any, ...]]:
    stream, prev, rows = f"case:{case_id}", ledger.GENESIS, []
    for fact in life.facts:
        digest = ledger.link(prev, stream=stream, fact=fact)
        data = json.dumps(fact.data)
        rows.append((government_id, stream, fact.seq, fact.kind, fact.at, fact.actor, data, prev, digest))
        prev = digest
    return rows
