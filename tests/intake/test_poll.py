"""Asking accounts: no failure gets out, and nobody waits for a neighbour."""

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection
from tests.world import Lampung, ready_lampung

from salur.channels.connect import connect
from salur.channels.models import Account
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.ports import AccountView, FetchFailed, Raw
from salur.intake.models import Delivery
from salur.intake.poll import Pollers, poll
from salur.kernel.tenancy import EVERYTHING, use


def mailbox(lampung: Lampung, code: str) -> Account:
    with use(EVERYTHING):
        return connect(lampung.agency(code), "email", f"{code}@lampung.test")


class Mailboxes:
    """Stands in for the e-mail platform: one mail in every mailbox, and what each does before it hands it over."""

    def __init__(self) -> None:
        self.before: dict[str, Any] = {}
        self.asked: list[str] = []

    def fetch_since(self, account: AccountView, _cursor: Mapping[str, Any]) -> Iterator[Raw]:
        code = account.address.partition("@")[0]
        self.asked.append(code)
        self.before.get(code, lambda: None)()
        yield Raw(f"surat-{code}", b"Subject: x", "message/rfc822", cursor={"uid": 1})


@pytest.fixture
def mailboxes(monkeypatch: pytest.MonkeyPatch) -> Mailboxes:
    found = Mailboxes()
    monkeypatch.setattr(EmailPlatform, "fetch_since", lambda _self, account, cursor: found.fetch_since(account, cursor))
    return found


def test_a_failure_is_noted_on_the_account(lampung: Lampung, mailboxes: Mailboxes) -> None:
    def refused() -> None:
        raise FetchFailed("IMAP mail.test:993 refused the sign-in")

    account = mailbox(lampung, "bmbk")
    mailboxes.before["bmbk"] = refused
    with use(EVERYTHING):
        assert poll(account) == 0
        account.refresh_from_db()
        assert "refused the sign-in" in account.problem
        mailboxes.before.clear()
        assert poll(account) == 1
        account.refresh_from_db()
        assert (account.problem, account.cursor) == ("", {"uid": 1})


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_not_raised_and_the_next_call_connects_anew(mailboxes: Mailboxes) -> None:
    def lost() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    account = mailbox(ready_lampung(), "bmbk")
    mailboxes.before["bmbk"] = lost
    with use(EVERYTHING):
        assert poll(account) == 0
        mailboxes.before.clear()
        assert poll(account) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_that_hangs_delays_no_other_and_is_not_asked_twice(mailboxes: Mailboxes) -> None:
    lampung = ready_lampung()
    accounts = [mailbox(lampung, code) for code in ("bmbk", "dinkes", "dishub")]
    released = threading.Event()
    mailboxes.before["bmbk"] = lambda: released.wait(30)
    pollers = Pollers(at_once=2)
    try:
        began = time.monotonic()
        assert pollers.ask(accounts, patience=2) == 2
        assert pollers.ask(accounts, patience=1) == 0
        assert time.monotonic() - began < 10
        assert sorted(mailboxes.asked) == ["bmbk", "dinkes", "dinkes", "dishub", "dishub"]
        released.set()
        pollers.ask([], patience=10)
    finally:
        released.set()
        pollers.close()
    with use(EVERYTHING):
        assert sorted(Delivery.objects.values_list("external_id", flat=True)) == [
            "surat-bmbk",
            "surat-dinkes",
            "surat-dishub",
        ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 4711")
        assert cursor.fetchone() == (0,)
