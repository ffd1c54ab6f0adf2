"""Alarms: raised once, ended once, written down, and told to the custodians once a day."""

import email
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from django.db import connection, transaction
from tests.channels.standin import Standin, standin
from tests.servers.mail import MailPair
from tests.world import Lampung, ready_lampung

from salur.agencies.members import CannotAdd, set_email
from salur.agencies.models import Member
from salur.cases.models import Case
from salur.channels.alarm import MEANINGS, close_alarm, open_alarm
from salur.channels.connect import CannotConnect, connect, set_custodians, switch
from salur.channels.health import check, resume, stop
from salur.channels.models import Account, Alarm
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.ports import AccountView, Outbound, Receipt, SendFailed, SendUncertain
from salur.channels.queries import accounts_with_health, alarms_of, open_alarms
from salur.intake.poll import poll
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, Scope, use
from salur.publishing.alarms import Letters

__all__ = ["standin"]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def account(lampung: Lampung, standin: Standin) -> Account:
    with use(EVERYTHING):
        return connect(lampung.agency("bmbk"), "standin", "17", name="@bmbk_contoh")


@pytest.fixture
def custodians(lampung: Lampung, account: Account) -> list[Member]:
    found = [lampung.officer("sari", "operator"), lampung.officer("tono", "approver")]
    with use(EVERYTHING):
        set_email("sari", "sari@lampung.test")
        set_custodians(account.pk, found)
    return found


class Post:
    """Stands in for the mail servers: keeps what was handed over, or fails as it is told."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Outbound]] = []
        self.fails: dict[str, Exception] = {}

    def send(self, box: AccountView, out: Outbound) -> Receipt:
        if box.address in self.fails:
            raise self.fails[box.address]
        self.sent.append((box.address, out))
        return Receipt(out.once_key)


@pytest.fixture
def post(lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> Post:
    found = Post()
    monkeypatch.setattr(EmailPlatform, "send", lambda _self, box, out: found.send(box, out))
    with use(EVERYTHING):
        connect(lampung.agency("bmbk"), "email", "bmbk@lampung.test")
        connect(lampung.agency("diskominfotik"), "email", "lapor@lampung.test")
    return found


def kinds(account: Account) -> list[tuple[str, Any]]:
    return [(fact.kind, fact.data["kind"]) for fact in ledger.journal(f"account:{account.pk}")]


def at(instant: datetime, letters: Letters) -> int:
    with clock.turned_to(instant):
        return letters.send_due()


def test_one_of_a_kind_is_open_at_a_time(account: Account) -> None:
    with use(EVERYTHING):
        first = act(open_alarm, account, "down", "no route")
        again = act(open_alarm, account, "down", "no answer")
        assert again.pk == first.pk
        assert [(one.kind, one.detail) for one in open_alarms()] == [("down", "no answer")]
        assert act(close_alarm, account, "down") and not act(close_alarm, account, "down")
        second = act(open_alarm, account, "down")
        assert second.pk != first.pk and len(alarms_of(account)) == 2
    assert kinds(account) == [("alarm.raised", "down"), ("alarm.ended", "down"), ("alarm.raised", "down")]
    run_until_quiet()  # what is heard of them has a verb that runs


def test_there_are_no_other_kinds(account: Account) -> None:
    with use(EVERYTHING), pytest.raises(KeyError):
        open_alarm(account, "tired")
    assert set(MEANINGS) == {"down", "token", "subscription", "silent", "lost_by_hook", "refused"}


def test_alarms_are_seen_in_their_scope_alone(lampung: Lampung, account: Account) -> None:
    with use(EVERYTHING):
        open_alarm(account, "down")
    with use(Scope(lampung.province.pk, frozenset({account.agency_id}))):
        assert [one.alarms[0].kind for one in accounts_with_health() if one.alarms] == ["down"]
    for elsewhere in (
        Scope(lampung.regency.pk),
        Scope(lampung.province.pk, frozenset({lampung.agency("dinkes").pk})),
    ):
        with use(elsewhere):
            assert open_alarms() == [] and all(one.account.pk != account.pk for one in accounts_with_health())


def test_an_account_at_rest_has_no_alarms(account: Account) -> None:
    with use(EVERYTHING):
        open_alarm(account, "down")
        open_alarm(account, "silent")
        switch(account.pk, Account.State.OFF)
        assert not Alarm.objects.filter(ended_at=None).exists()


def test_a_custodian_is_an_officer_of_that_government(lampung: Lampung, account: Account) -> None:
    stranger = lampung.officer("jauh", "operator", "diskominfo", "18.09")
    with use(EVERYTHING), pytest.raises(CannotConnect, match="Jauh"):
        set_custodians(account.pk, [stranger])
    with use(EVERYTHING), pytest.raises(CannotAdd):
        set_email("jauh", "bukan alamat")


def test_who_has_an_address_is_told_once_a_day(account: Account, custodians: list[Member], post: Post) -> None:
    began, letters = clock.now(), Letters()
    with use(EVERYTHING), clock.turned_to(began):
        alarm = open_alarm(account, "token", "the session was invalidated")
    assert at(began + timedelta(seconds=30), letters) == 0, "it may end by itself"
    assert at(began + MINUTE, letters) == 1
    assert [at(began + HOUR * n, letters) for n in (1, 12, 23)] == [0, 0, 0]
    assert Letters().send_due() == 0, "another worker knows it from the ledger"
    [(box, mail)] = post.sent
    assert box == "lapor@lampung.test", "the coordinator's mailbox comes first"
    assert (mail.to, mail.automatic) == ("sari@lampung.test", True)
    assert "@bmbk_contoh" in mail.subject and "the session was invalidated" in mail.text
    assert "Izin akses akun" in mail.text and "Tono" not in mail.text
    told = ledger.journal(f"alarm:{alarm.pk}")
    assert [(fact.kind, fact.data["member_id"]) for fact in told] == [("alarm.told", custodians[0].pk)]
    assert at(began + DAY + 2 * MINUTE, letters) == 1, "and again on the next day, while it lasts"


def test_a_blink_wakes_nobody_and_what_comes_and_goes_is_told_once(
    account: Account, custodians: list[Member], post: Post
) -> None:
    began, letters = clock.now(), Letters()
    for minute in range(0, 60, 10):
        with use(EVERYTHING), clock.turned_to(began + MINUTE * minute):
            open_alarm(account, "down")
        assert at(began + MINUTE * (minute + 5), letters) == (1 if minute == 0 else 0)
        with use(EVERYTHING), clock.turned_to(began + MINUTE * (minute + 6)):
            close_alarm(account, "down")
        assert at(began + MINUTE * (minute + 7), letters) == 0
    assert len(post.sent) == 1


def test_the_end_of_a_long_alarm_is_told(account: Account, custodians: list[Member], post: Post) -> None:
    began, letters = clock.now(), Letters()
    with use(EVERYTHING), clock.turned_to(began):
        open_alarm(account, "down")
    assert at(began + MINUTE, letters) == 1
    with use(EVERYTHING), clock.turned_to(began + HOUR * 23):
        close_alarm(account, "down")
    assert at(began + HOUR * 23.5, letters) == 0, "at most one mail a day"
    assert at(began + HOUR * 25, letters) == 1
    assert "berfungsi kembali" in post.sent[-1][1].subject
    assert at(began + HOUR * 47, letters) == 0


def test_a_mail_that_fails_is_tried_by_another_mailbox_and_again(
    account: Account, custodians: list[Member], post: Post
) -> None:
    began, letters = clock.now(), Letters()
    with use(EVERYTHING), clock.turned_to(began):
        open_alarm(account, "down")
    post.fails = {name: SendFailed("no") for name in ("lapor@lampung.test", "bmbk@lampung.test")}
    assert at(began + MINUTE * 2, letters) == 0
    post.fails.pop("bmbk@lampung.test")
    assert at(began + MINUTE * 2.5, letters) == 0, "not at once"
    assert at(began + MINUTE * 4, letters) == 1
    assert post.sent[0][0] == "bmbk@lampung.test"


def test_a_mail_whose_answer_was_lost_is_not_said_twice(account: Account, custodians: list[Member], post: Post) -> None:
    began, letters = clock.now(), Letters()
    with use(EVERYTHING), clock.turned_to(began):
        open_alarm(account, "down")
    post.fails = {"lapor@lampung.test": SendUncertain("lost")}
    assert at(began + MINUTE, letters) == 1
    post.fails.clear()
    assert at(began + HOUR, letters) == 0 and post.sent == []


def test_a_mailbox_in_trouble_is_asked_last(lampung: Lampung, custodians: list[Member], post: Post) -> None:
    with use(EVERYTHING):
        box = Account.objects.get(address="lapor@lampung.test")
        set_custodians(box.pk, custodians)
        began = clock.now()
        with clock.turned_to(began):
            open_alarm(box, "down")
    assert at(began + MINUTE, Letters()) == 1
    assert post.sent[0][0] == "bmbk@lampung.test"


@pytest.mark.servers
def test_the_mail_arrives_and_its_copy_opens_no_case(lampung: Lampung, account: Account, mail_pair: MailPair) -> None:
    for box in ("opd", "warga"):
        mail_pair.empty(box)
    with use(EVERYTHING):
        mailbox = connect(
            lampung.agency("diskominfotik"),
            "email",
            "opd@lampung.test",
            settings=mail_pair.account_settings(),
            credentials=mail_pair.credentials(),
        )
        lampung.officer("sari", "operator")
        set_custodians(account.pk, [set_email("sari", "warga@lampung.test")])
        began = clock.now()
        with clock.turned_to(began):
            open_alarm(account, "subscription", "the platform does not call our app")
    assert at(began + MINUTE, Letters()) == 1
    [octets] = mail_pair.mails("warga", 1)
    mail = email.message_from_bytes(octets, policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail["Subject"] == "Kanal memerlukan Anda: standin @bmbk_contoh" and mail["Auto-Submitted"]
    text = mail.get_body(("plain",))
    assert text is not None and "alamat webhook" in text.get_content()
    assert mail_pair.mails("opd", 1), "our own copy, by which a lost answer could be settled"
    with use(EVERYTHING):
        assert poll(mailbox) == 1
    run_until_quiet()
    with use(EVERYTHING):
        assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_intake_and_heartbeat_never_wait_for_one_another(standin: Standin) -> None:
    """Intake writes into the stream of an account and stops it, or the other way round, while its heartbeat goes on."""
    lampung = ready_lampung()
    with use(EVERYTHING):
        account = connect(lampung.agency("bmbk"), "standin", "17")
    failed: list[Exception] = []

    def often(step: Callable[[], object]) -> None:
        try:
            with use(EVERYTHING):
                for _ in range(20):
                    step()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    def intake() -> None:
        with transaction.atomic():
            stop(account.pk, "revoked")
            open_alarm(account, "token", "revoked")

    steps: list[Callable[[], object]] = [intake, lambda: check(account), lambda: resume(account.pk)]
    threads = [threading.Thread(target=often, args=(step,)) for step in steps]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
