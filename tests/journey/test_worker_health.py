"""The worker looks after accounts: asks them, alarms, tells the custodians, and sees that all is well again."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from tests.channels.standin import Standin, standin
from tests.world import Lampung, ready_lampung

from salur.agencies.members import set_email
from salur.channels import health
from salur.channels.connect import connect, set_custodians
from salur.channels.models import Account, Alarm
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.ports import AccountView, Check, Health, Outbound, Raw, Receipt
from salur.intake.models import Delivery
from salur.journey import worker as workers
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import alarms

__all__ = ["standin"]
pytestmark = pytest.mark.django_db(transaction=True)
DOWN = Health(False, "the platform fails (503)", checks=(Check("reach", False, "the platform fails (503)"),))


def until(seen: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with use(EVERYTHING):
            if seen():
                return
        time.sleep(0.1)
    raise AssertionError(f"not within 30 s: {what}")


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[Outbound]:
    sent: list[Outbound] = []

    def send(_self: object, _box: AccountView, out: Outbound) -> Receipt:
        sent.append(out)
        return Receipt(out.once_key)

    monkeypatch.setattr(EmailPlatform, "send", send)
    monkeypatch.setattr(EmailPlatform, "fetch_since", lambda *_: iter(()))
    monkeypatch.setattr(EmailPlatform, "probe", lambda *_: Health(True))
    return sent


@pytest.fixture
def account(standin: Standin) -> Account:
    lampung: Lampung = ready_lampung()
    with use(EVERYTHING):
        connect(lampung.agency("diskominfotik"), "email", "lapor@lampung.test")
        found = connect(lampung.agency("bmbk"), "standin", "17", name="@bmbk_contoh")
        keepers = [lampung.officer("sari", "operator"), lampung.officer("tono", "approver")]
        set_email("sari", "sari@lampung.test")
        set_email("tono", "tono@lampung.test")
        set_custodians(found.pk, keepers)
    return found


@pytest.fixture
def running(account: Account, mails: list[Outbound], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(health, "SOONEST", timedelta(seconds=0))
    monkeypatch.setattr(health, "EVERY", timedelta(seconds=61))  # less up to a minute of spread
    monkeypatch.setattr(alarms, "SETTLED", timedelta(seconds=0))
    monkeypatch.setattr(workers, "HEALTH_SECONDS", 0.2)
    worker = workers.Worker(poll_seconds=0.2)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop.set()
        thread.join(timeout=60)
        assert not thread.is_alive()


def test_a_channel_is_asked_fails_and_comes_back(
    running: None, account: Account, standin: Standin, mails: list[Outbound]
) -> None:
    until(lambda: standin.probed > 0, "the first heartbeat")
    standin.raws = [Raw("said-1", b"{}", "application/json", cursor={"at": 1})]
    standin.health = DOWN
    with use(EVERYTHING):
        Account.objects.filter(pk=account.pk).update(checked_at=None, poll_after=None)
    until(lambda: Delivery.objects.filter(account=account, via="poll").exists(), "what was asked for")
    until(lambda: Alarm.objects.filter(account=account, kind="down", ended_at=None).exists(), "the alarm")
    until(lambda: len(mails) == 2, "both custodians are told")
    assert sorted(one.to for one in mails) == ["sari@lampung.test", "tono@lampung.test"]
    standin.health = Health(True)
    until(lambda: not Alarm.objects.filter(account=account, ended_at=None).exists(), "all is well again")
    assert len(mails) == 2
