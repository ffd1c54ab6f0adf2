"""Nothing is taken back of which a message has gone out, or may have; the money left is told to one sender a time."""

import threading

import pytest
from django.db import OperationalError, connection, transaction
from tests.publishing.conftest import DIRECT, Town
from tests.world import actor, ready_lampung

from salur.channels.ports import SendFailed
from salur.journey.act import act
from salur.journey.worker import run_until_quiet, send_some
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import spend
from salur.publishing.replies import NotAllowed
from salur.publishing.withdraw import withdraw

SENDER = 47


@pytest.mark.parametrize("tried", [True, False], ids=["tried", "partly said"])
def test_what_waits_after_a_first_try_is_not_taken_back(town: Town, tried: bool) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    run_until_quiet()
    reply = town.answers(case, "Lubang ditambal bertahap. " * 25)
    town.street.answers = iter([SendFailed("sebentar")] if tried else [])
    assert send_some(SENDER, limit=1, hurry=True) == 1
    found = town.dispatch(reply)
    assert (found.state, found.attempts, len(found.said)) == ("waiting", int(tried), int(not tried))
    with pytest.raises(NotAllowed, match="too late"):
        act(withdraw, reply.pk, actor(town.approver))
    assert town.dispatch(reply).state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_two_senders_do_not_hear_of_the_same_rest() -> None:
    province = ready_lampung().province
    with use(EVERYTHING):
        spend.set_cap(province, 25_000)
    waited: list[bool] = []

    def other() -> None:
        try:
            with use(EVERYTHING), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                spend.left(province)
            waited.append(False)
        except OperationalError:
            waited.append(True)
        finally:
            connection.close()

    with use(EVERYTHING), transaction.atomic():
        assert spend.left(province) == 25_000
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert waited == [True]
