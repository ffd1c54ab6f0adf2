"""Health for everybody, measurements for this machine."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from tests.world import Lampung

from salur.api import queries
from salur.channels.ports import Raw
from salur.intake.accept import accept
from salur.intake.models import HookCount
from salur.kernel.tenancy import EVERYTHING, use


def test_health_says_ok_when_the_database_answers(client: Client, db: None) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"program": "salur", "status": "ok", "database": "ok"}


def test_health_says_503_when_it_does_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def cursor(self) -> None:
            raise OperationalError("password=secret host=db")

    monkeypatch.setattr(queries, "connection", Gone())
    answer = client.get("/healthz")
    assert answer.status_code == 503 and b"secret" not in answer.content


def test_metrics_count_what_there_is(client: Client, lampung: Lampung) -> None:
    lampung.report("satu")
    text = client.get("/metrics").content.decode()
    assert 'salur_deliveries{state="understood"} 1\n' in text and 'salur_dispatches{state="sent"} 1\n' in text
    assert 'salur_waiting_entries{state="ready"} 0\n' in text and "salur_waiting_oldest_seconds 0\n" in text
    assert 'salur_hooks{outcome="kept"} 0\n' in text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r'[a-z_]+(\{(state|outcome)="[a-z_]+"\})? [0-9.]+', line) for line in lines)


def test_metrics_tell_what_became_of_the_hooks(client: Client, lampung: Lampung) -> None:
    account = lampung.account("web")
    with use(EVERYTHING):
        for key in ("a", "b"):
            accept(account, Raw(key, b"{}", "application/json", via="hook"))
        accept(account, Raw("c", b"{}", "application/json", via="poll"))
        for day, number in ((date(2026, 11, 1), 3), (date(2026, 11, 2), 4)):
            values = {"government": lampung.province, "account": account, "reason": "bad_signature"}
            HookCount.objects.create(day=day, number=number, **values)
    text = client.get("/metrics").content.decode()
    assert 'salur_hooks{outcome="kept"} 2\n' in text and 'salur_hooks{outcome="bad_signature"} 7\n' in text


def test_however_often_they_are_asked_for_whole_tables_are_counted_once_a_minute(
    client: Client, lampung: Lampung, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    lampung.report("satu")
    first = client.get("/metrics").content
    with django_assert_max_num_queries(5):
        assert client.get("/metrics").content == first
    cache.clear()
    lampung.report("dua")
    assert 'salur_deliveries{state="understood"} 2\n' in client.get("/metrics").content.decode()


def test_metrics_are_for_this_machine_alone(client: Client, db: None) -> None:
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 404
