"""The public page of official channels."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.channels.standin import Standin, standin
from tests.world import Lampung

from salur.channels.alarm import close_alarm, open_alarm
from salur.channels.connect import connect, switch
from salur.channels.health import check
from salur.channels.models import Account
from salur.channels.ports import Check, Health
from salur.channels.queries import public_channels
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["standin"]


@pytest.fixture
def account(lampung: Lampung, standin: Standin) -> Account:
    with use(EVERYTHING):
        return connect(
            lampung.agency("bmbk"),
            "standin",
            "rahasia-17",
            name="@bmbk_contoh",
            link="https://medsos.example/bmbk_contoh",
            credentials={"access_token": "geheim"},
        )


def page(client: Client, government: str = "18") -> str:
    answer = client.get(f"/kanal/?government={government}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_channel_is_shown_with_its_state(client: Client, account: Account) -> None:
    shown = page(client)
    assert "@bmbk_contoh" in shown and 'href="https://medsos.example/bmbk_contoh"' in shown and "berfungsi" in shown
    assert "terganggu sejak" not in shown
    with use(EVERYTHING), clock.turned_to(datetime.fromisoformat("2026-11-20T03:15:00+00:00")):
        open_alarm(account, "down", "503 from 10.0.0.7")
    shown = page(client)
    assert "terganggu sejak 20 November 2026 10:15" in shown, "in the government's own time"
    assert "10.0.0.7" not in shown and "503" not in shown
    with use(EVERYTHING):
        close_alarm(account, "down")
    assert "terganggu sejak" not in page(client)


def test_what_nobody_outside_needs_to_know_is_not_shown(client: Client, account: Account) -> None:
    shown = page(client)
    assert "rahasia-17" not in shown and "geheim" not in shown and account.hook_key not in shown


def test_only_what_disturbs_citizens_is_called_a_disturbance(
    lampung: Lampung, account: Account, standin: Standin
) -> None:
    def disturbed() -> bool:
        with use(EVERYTHING):
            return public_channels(lampung.province.pk)[0].disturbed_since is not None

    with use(EVERYTHING):
        for kind in ("silent", "lost_by_hook", "refused"):
            open_alarm(account, kind)
    assert not disturbed()
    with use(EVERYTHING):
        check(account)
        open_alarm(account, "token", "2026-12-01")
    assert not disturbed(), "it is about to end and works until then"
    standin.health = Health(False, "revoked", checks=(Check("token", False, "revoked"),))
    with use(EVERYTHING):
        check(account)
    assert disturbed()


def test_only_accounts_at_work_with_a_name_are_listed(client: Client, lampung: Lampung, account: Account) -> None:
    with use(EVERYTHING):
        connect(lampung.agency("dinkes"), "standin", "tanpa-nama")
        connect(lampung.agency("dinkes"), "standin", "baru", name="@baru", state=Account.State.NEW)
    shown = page(client)
    assert "tanpa-nama" not in shown and "@baru" not in shown and "loket-" not in shown
    with use(EVERYTHING):
        switch(account.pk, Account.State.OFF)
    shown = page(client)
    assert "@bmbk_contoh" not in shown and "Belum ada akun media sosial" in shown


def test_every_government_has_its_own(client: Client, account: Account) -> None:
    assert "@bmbk_contoh" not in page(client, "18.09")
    assert "@bmbk_contoh" in page(client, "tidak-ada"), "an unknown code shows the first government"
    assert "/lapor/?government=18.09" in page(client, "18.09")


def test_it_is_linked_and_costs_little(client: Client, lampung: Lampung, standin: Standin) -> None:
    assert 'href="/kanal/"' in client.get("/").content.decode()
    assert 'href="/kanal/"' in client.get("/lapor/").content.decode()
    with use(EVERYTHING):
        for n in range(12):
            open_alarm(connect(lampung.agency("bmbk"), "standin", str(n), name=f"@akun{n}"), "down")
    with CaptureQueriesContext(connection) as asked:
        page(client)
    assert len(asked) <= 6
