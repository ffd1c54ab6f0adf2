"""The heartbeat and the reconciling poll with real adapters against the strict stand-ins of the platforms."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.world import Lampung

from salur.channels.connect import connect
from salur.channels.health import check
from salur.channels.models import Account, Alarm
from salur.intake.models import Message
from salur.intake.poll import poll
from salur.intake.watch import watch
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur_sandbox.client import Control, running

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def shared() -> Iterator[Control]:
    with running() as control:
        yield control


@pytest.fixture
def sandbox(shared: Control) -> Control:
    shared.reset()
    return shared


def begin(sandbox: Control, lampung: Lampung, platform: str, **settings: Any) -> tuple[str, Account]:
    """An account at the stand-in, connected here: its key there, and ours."""
    made = sandbox.account(platform)
    with use(EVERYTHING):
        account = connect(
            lampung.agency("diskominfotik"),
            platform,
            made["id"],
            settings={"api_base": sandbox.api_base(platform), "app_id": made["more"].get("app_id", ""), **settings},
            credentials={**made["secrets"], "access_token": made["token"]},
        )
    return made["key"], account


def alarms(account: Account) -> dict[str, str]:
    return {one.kind: one.detail for one in Alarm.objects.filter(account=account, ended_at=None)}


def test_a_page_that_is_not_subscribed_is_subscribed_without_anybody(sandbox: Control, lampung: Lampung) -> None:
    _, account = begin(sandbox, lampung, "facebook")
    with use(EVERYTHING):
        assert check(account).ok and alarms(account) == {}
    assert {"code": "subscription", "ok": True, "detail": ""} in account.health["checks"]


def test_a_withdrawn_token_stops_the_page_until_it_is_good_again(sandbox: Control, lampung: Lampung) -> None:
    key, account = begin(sandbox, lampung, "facebook")
    began = clock.now()
    with use(EVERYTHING):
        check(account)
        sandbox.tokens(key, trouble="password")
        assert poll(account) == 0
        check(account)
        assert account.stopped and list(alarms(account)) == ["token"]
        told = account.stopped + account.problem + str(alarms(account))
        assert account.credentials["access_token"] not in told
        sandbox.tokens(key, trouble="")
        with clock.turned_to(began + 20 * MINUTE):
            check(account)
        assert account.stopped == "" and alarms(account) == {}


def test_what_the_platform_failed_to_send_is_found_by_asking(
    sandbox: Control, lampung: Lampung, django_capture_on_commit_callbacks: Any
) -> None:
    key, account = begin(sandbox, lampung, "facebook")
    sandbox.person("rina", "Rina Contoh")
    sandbox.post(key, "Jadwal perbaikan jalan bulan ini")
    with use(EVERYTHING):
        check(account)
    sandbox.faults(lose=1.0)
    said = [sandbox.say(key, "rina", "comment", f"Lampu jalan nomor {n} padam") for n in range(7)]
    with use(EVERYTHING):
        poll(account)
        assert not Message.objects.filter(account=account).exists(), "they are young and may still come"
        with clock.turned_to(clock.now() + 5 * MINUTE):
            poll(account)
    with django_capture_on_commit_callbacks(execute=True):
        run_until_quiet()
    with use(EVERYTHING):
        assert set(Message.objects.filter(account=account).values_list("external_id", flat=True)) == set(said)
        with clock.turned_to(clock.now() + 20 * MINUTE):
            assert watch(account) == 1
        assert alarms(account) == {"lost_by_hook": "7 / 24 h"}


def test_a_rotating_token_is_renewed_and_the_new_one_is_kept(sandbox: Control, lampung: Lampung) -> None:
    key, account = begin(sandbox, lampung, "x", mode="poll")
    old = dict(account.credentials)
    sandbox.tokens(key, expire=True)
    with use(EVERYTHING):
        check(account)
        account.refresh_from_db()
    checks = {one["code"]: one["ok"] for one in account.health["checks"]}
    assert checks["token"], account.health
    assert account.credentials["access_token"] != old["access_token"]
    assert account.credentials["refresh_token"] != old["refresh_token"]
    assert account.credentials["consumer_secret"] == old["consumer_secret"]
