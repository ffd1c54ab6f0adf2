"""Asking accounts: no failure gets out, nobody waits for a neighbour, everybody has a turn, nothing is passed over."""

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.channels.standin import Standin, standin
from tests.world import Lampung, ready_lampung

from salur.channels.connect import connect
from salur.channels.models import Account, Alarm
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.ports import AccountView, FetchFailed, Raw
from salur.intake import poll as polling
from salur.intake.models import Delivery
from salur.intake.poll import Pollers, due_to_poll, poll, poll_due
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["standin"]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


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
    pollers = Pollers(poll, at_once=2)
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


# -- turns


@pytest.fixture
def account(lampung: Lampung, standin: Standin) -> Account:
    with use(EVERYTHING):
        return connect(lampung.agency("bmbk"), "standin", "17")


def said(number: int, *, ago: timedelta = timedelta(hours=1), place: bool = True) -> Raw:
    cursor = {"at": number} if place else None
    return Raw(f"said-{number}", b"{}", "application/json", cursor=cursor, said_at=clock.now() - ago)


def again(account: Account) -> Account:
    with use(EVERYTHING):
        return Account.objects.get(pk=account.pk)


def stored(account: Account) -> list[str]:
    with use(EVERYTHING):
        return list(Delivery.objects.filter(account=account).order_by("id").values_list("external_id", flat=True))


def hooked(account: Account) -> Account:
    with use(EVERYTHING):
        Account.objects.filter(pk=account.pk).update(health={"hooked_since": clock.now().isoformat()})
        return Account.objects.get(pk=account.pk)


def test_the_longest_unasked_comes_first_and_nobody_before_the_time(lampung: Lampung, standin: Standin) -> None:
    began = clock.now()
    with use(EVERYTHING), clock.turned_to(began):
        first, second, third = (connect(lampung.agency("bmbk"), "standin", str(n)) for n in range(3))
        assert [one.pk for one in due_to_poll()] == [first.pk, second.pk, third.pk]
        poll_due(second, 10)
        assert [one.pk for one in due_to_poll()] == [first.pk, third.pk]
    with use(EVERYTHING), clock.turned_to(began + SECOND):
        poll_due(first, 10)
        assert poll_due(first, 10) == 0 and len(standin.asked) == 2, "another worker would not ask again either"
    with use(EVERYTHING), clock.turned_to(began + 59 * SECOND):
        assert [one.pk for one in due_to_poll()] == [third.pk], "the platform's own pause is a minute"
    with use(EVERYTHING), clock.turned_to(began + 2 * MINUTE):
        assert [one.pk for one in due_to_poll()] == [third.pk, second.pk, first.pk]
        Account.objects.filter(pk=third.pk).update(state="off")
        assert poll_due(third, 10) == 0 and third.pk not in {one.pk for one in due_to_poll()}


def test_what_comes_by_asking_says_so(account: Account, standin: Standin) -> None:
    standin.raws = [said(1)]
    with use(EVERYTHING):
        assert poll(account) == 1
        assert Delivery.objects.get(account=account).via == "poll"


def test_a_platform_that_asks_for_a_pause_gets_it(account: Account, standin: Standin) -> None:
    began = clock.now()
    standin.raws = [said(1), FetchFailed("too many calls", after=900)]
    with use(EVERYTHING), clock.turned_to(began):
        assert poll(account) == 1
    found = again(account)
    assert (found.poll_after, found.cursor) == (began + 900 * SECOND, {"at": 1})
    assert found.problem == "too many calls" and found.stopped == ""


def test_a_revoked_authorisation_stops_the_account_and_is_an_alarm(account: Account, standin: Standin) -> None:
    began = clock.now()
    standin.raws = [FetchFailed("the token was revoked (190)", revoked=True)]
    with use(EVERYTHING), clock.turned_to(began):
        poll(account)
        assert Alarm.objects.get(account=account).kind == "token"
    found = again(account)
    assert found.stopped == "the token was revoked (190)" and found.poll_after == began + 15 * MINUTE


def test_what_is_young_is_left_to_the_hook_and_not_passed_over(account: Account, standin: Standin) -> None:
    account = hooked(account)
    standin.raws = [said(1), said(2, ago=30 * SECOND), said(3)]
    with use(EVERYTHING):
        assert poll(account) == 2
        assert stored(account) == ["said-1", "said-3"] and again(account).cursor == {"at": 1}
        with clock.turned_to(clock.now() + 2 * MINUTE):
            assert poll(account) == 1
        assert stored(account) == ["said-1", "said-3", "said-2"] and again(account).cursor == {"at": 3}


def test_where_the_platform_does_not_call_us_nothing_waits(account: Account, standin: Standin) -> None:
    standin.raws = [said(1, ago=SECOND)]
    with use(EVERYTHING):
        assert poll(account) == 1


def test_a_long_backlog_is_taken_turn_by_turn(
    account: Account, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "MOST", 4)
    # Places are given only now and then, as by a platform that is read page by page.
    standin.raws = [said(n, place=n % 3 == 0) for n in range(1, 13)]
    with use(EVERYTHING):
        assert poll(account) == 6, "cut at the next place, not before"
        assert account.pk in {one.pk for one in due_to_poll()}, "the rest comes at once, after the others"
        assert poll(account) == 6
    assert stored(account) == [f"said-{n}" for n in range(1, 13)]


def test_a_platform_that_never_gives_a_place_is_not_listened_to_for_ever(
    account: Account, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "LONGEST", 0.0)
    standin.raws = [said(n, place=False) for n in range(5)]
    with use(EVERYTHING):
        assert poll(account) == 1
    assert "more came at once" in again(account).problem


def test_a_place_is_kept_with_what_stands_before_it(account: Account, standin: Standin) -> None:
    standin.raws = [said(1), said(2), RuntimeError("killed"), said(3)]
    with use(EVERYTHING):
        assert poll(account) == 2
    assert again(account).cursor == {"at": 2} and "RuntimeError" in again(account).problem
    standin.raws = [said(1), said(2), said(3)]
    with use(EVERYTHING):
        assert poll(account) == 1
    assert stored(account) == ["said-1", "said-2", "said-3"]
