"""What the path of a simple message costs: from its raw delivery to the open case, acknowledged and laid out."""

import json

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import ROAD, Lampung

from salur.cases.models import Case
from salur.channels.ports import Raw
from salur.intake.accept import accept
from salur.journey.worker import run_until_quiet, take_some
from salur.kernel.tenancy import EVERYTHING, use

MOST = 20
"""Statements, transaction control among them; 31 before what a transaction wrote itself was no longer read again."""


def test_a_simple_message_costs_no_more_than_ever(lampung: Lampung) -> None:
    lampung.report("hangat")  # what is read once a process is in memory then
    body = {"form_id": "satu", "text": ROAD, "government": "18", "spoken_at": "2026-11-24T09:00:00+07:00"}
    with use(EVERYTHING):
        accept(lampung.account("web"), Raw("satu", json.dumps(body).encode(), "application/json"))
    with CaptureQueriesContext(connection) as queries:
        assert take_some(1) == 1
    assert len(queries) <= MOST, "\n".join(f"{n} {query['sql'][:110]}" for n, query in enumerate(queries, 1))
    run_until_quiet()
    with use(EVERYTHING):
        assert Case.objects.count() == 2
