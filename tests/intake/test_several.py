"""Several deliveries in one transaction: cheaper than one by one, and none the worse for its company."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.intake.talk import Talk, come_in, line, talk, talker
from tests.world import ready_lampung

from salur.cases.models import Case
from salur.channels.models import Account
from salur.channels.registry import PLATFORMS
from salur.intake import hear, queries
from salur.intake.models import Delivery, Message
from salur.intake.queries import next_received
from salur.journey import worker
from salur.journey.worker import take_some
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["talk"]
MOST_EACH = 12
"""Statements for each of many strangers, measured; one alone takes half as many again."""


def strangers(account: Account, count: int, first: int = 0) -> list[Delivery]:
    people = [{"sender_address": f"warga-{n}", "place": f"chat-{n}"} for n in range(first, first + count)]
    return [come_in(account, line(n, **who), carry=False) for n, who in enumerate(people, first)]


def states() -> list[str]:
    with use(EVERYTHING):
        return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def test_each_of_many_strangers_costs_less_than_one_alone(talk: Account) -> None:
    strangers(talk, 1)
    take_some()
    strangers(talk, 20, first=1)
    with CaptureQueriesContext(connection) as asked:
        assert take_some(20) == 20
    assert len(asked) <= 20 * MOST_EACH, f"{len(asked)} statements"
    with use(EVERYTHING):
        assert Case.objects.count() == 21 and Message.objects.count() == 21
        assert all(ledger.first_break(case.stream) is None for case in Case.objects.all())


def test_one_that_fails_keeps_none_of_the_others(talk: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = hear.keep

    def fails(message: Message, attachments: Any) -> None:
        if message.external_id == "1":
            raise RuntimeError("sebuah cacat")
        whole(message, attachments)

    monkeypatch.setattr(hear, "keep", fails)
    strangers(talk, 4)
    assert take_some() == 4
    assert states() == ["understood", "received", "understood", "understood"]
    with use(EVERYTHING):
        assert Case.objects.count() == 3 and Message.objects.count() == 3


def test_the_bodies_of_one_transaction_are_bounded(talk: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    came = strangers(talk, 5)
    size = len(came[0].body)
    with use(EVERYTHING):
        for room, taken in ((1, 1), (2 * size, 2), (2 * size + 1, 2), (100 * size, 5)):
            monkeypatch.setattr(queries, "MOST_BYTES", room)
            with transaction.atomic():
                assert [one.pk for one in next_received(25)] == [one.pk for one in came[:taken]]


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_holds_sends_them_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLATFORMS, "talk", Talk())
    account = talker(ready_lampung(), "bmbk", "jalan")
    holds, let_go, taken = threading.Event(), threading.Event(), list[int]()
    whole = worker.act_through

    def through(verb: Any, most: int) -> Any:
        taken.append(most)
        if most == 1:
            let_go.set()
        return whole(verb, most)

    def somebody_else() -> None:
        with transaction.atomic():
            ledger.hold(f"twin:{account.government_id}:1")
            holds.set()
            let_go.wait(10)
        connection.close()

    monkeypatch.setattr(worker, "act_through", through)
    strangers(account, 3)
    other = threading.Thread(target=somebody_else)
    other.start()
    assert holds.wait(10)
    assert take_some(3) == 3
    other.join()
    assert taken == [3, 1, 1, 1] and states() == ["understood"] * 3
    with use(EVERYTHING):
        assert Case.objects.count() == 3
