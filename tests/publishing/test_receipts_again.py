"""A message that the platform took and could not deliver is said again where that may help, and by another way then."""

import pytest
from tests.publishing.conftest import DIRECT, Town

from salur.channels.models import Account
from salur.channels.ports import SendFailed
from salur.channels.ways import TextLimit, Way
from salur.journey.worker import run_until_quiet, send_some
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch
from salur.publishing.told import AGAIN

TEMPLATE = Way("template", TextLimit(1024))
SENDER = 43


def undelivered(town: Town, found: Dispatch, *, permanent: bool = False) -> Dispatch:
    """What became of a sending after the platform told that its last message failed."""
    town.tell(
        **{"is": "receipt", "about": found.external_id, "status": "failed", "code": "131047", "permanent": permanent}
    )
    return town.dispatch(found.reply)


@pytest.fixture
def sent(town: Town) -> Dispatch:
    town.street.ways(DIRECT, TEMPLATE)
    with use(EVERYTHING):
        templates = {"answer": {"name": "jawaban_laporan", "language": "id"}}
        Account.objects.filter(pk=town.account.pk).update(settings={"templates": templates})
    return town.sent(town.says("p1", audience="private"))


def again(town: Town, found: Dispatch) -> Dispatch:
    with clock.turned_to(clock.now() + AGAIN * 2):
        run_until_quiet()
    return town.dispatch(found.reply)


def test_it_waits_and_is_another_utterance_then(town: Town, sent: Dispatch) -> None:
    waiting = undelivered(town, sent)
    assert (waiting.state, waiting.problem, waiting.closed_ways) == (
        "waiting", "the platform reports that it was not delivered (131047)", [],
    )  # fmt: skip
    assert waiting.once_key != sent.once_key and send_some(SENDER) == 0, "not at once"
    anew = again(town, sent)
    assert (anew.state, anew.way, anew.receipt) == ("sent", "direct", "")
    kinds = [fact.kind for fact in ledger.journal(sent.reply.case.stream) if fact.data.get("dispatch_id") == sent.pk]
    assert kinds == ["dispatch.sent", "dispatch.failed", "dispatch.sent"]


def test_what_fails_twice_by_one_way_goes_by_the_next_and_ends_with_an_officer(town: Town, sent: Dispatch) -> None:
    undelivered(town, sent)
    second = undelivered(town, again(town, sent))
    assert (second.state, second.closed_ways) == ("waiting", ["direct"])
    third = again(town, sent)
    assert (third.state, third.way) == ("sent", "template")
    undelivered(town, third)
    undelivered(town, again(town, sent))
    assert (again(town, sent).state, len(town.street.said)) == ("not_permitted", 5), "acknowledgement and four tries"


def test_a_failure_for_good_is_left_to_an_officer(town: Town, sent: Dispatch) -> None:
    assert undelivered(town, sent, permanent=True).state == "failed"
    assert again(town, sent).state == "failed"


def test_what_arrived_is_not_said_again(town: Town, sent: Dispatch) -> None:
    town.tell(**{"is": "receipt", "about": sent.external_id, "status": "delivered"})
    assert undelivered(town, sent).state == "sent"


def test_a_failure_told_before_the_sending_was_written_down_is_found_then(town: Town) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    run_until_quiet()
    reply = town.answers(case)
    about = f"id:{town.dispatch(reply).once_key}"
    town.tell(**{"is": "receipt", "about": about, "status": "failed", "code": "131000", "permanent": False})
    run_until_quiet()
    found = town.dispatch(reply)
    assert (found.state, found.said) == ("waiting", [])


def test_of_several_messages_none_is_repeated_without_an_officer(town: Town) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    found = town.sent(case, "Lubang ditambal bertahap. " * 25)
    assert len(found.said) > 1 and undelivered(town, found).state == "failed", "the others may have arrived"


def test_what_failed_otherwise_is_not_taken_up_by_a_receipt(town: Town) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    run_until_quiet()
    town.street.answers = iter([None, SendFailed("tidak", permanent=True)])
    found = town.sent(case, "Lubang ditambal bertahap. " * 25)
    assert (found.state, undelivered(town, found).state) == ("failed", "failed")
