"""A failure told later carries the same verdict as a refusal at once: it is of the message, person, way or account."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from tests.publishing.conftest import DIRECT, Town

from salur.channels.models import Account
from salur.channels.ways import TextLimit, Way
from salur.journey.worker import run_until_quiet, send_some
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch
from salur.publishing.told import ACCOUNT_TRIES, AGAIN

TEMPLATE = Way("template", TextLimit(1024))
SENDER = 44
WINDOW = {"code": "131047", "permanent": True, "blames": "way"}


@pytest.fixture
def chat(town: Town) -> Town:
    town.street.ways(DIRECT, TEMPLATE)
    with use(EVERYTHING):
        templates = {"answer": {"name": "jawaban_laporan", "language": "id"}}
        Account.objects.filter(pk=town.account.pk).update(settings={"templates": templates})
    return town


def told(town: Town, found: Dispatch, status: str = "failed", **more: Any) -> Dispatch:
    town.tell(**{"is": "receipt", "about": found.external_id, "status": status, **more})
    return town.dispatch(found.reply)


def account(town: Town) -> Account:
    with use(EVERYTHING):
        return Account.objects.get(pk=town.account.pk)


def ways_tried(town: Town, text: str) -> list[str]:
    return [out.way for out in town.street.said if text in out.text]


def test_a_way_that_closed_is_left_at_once_for_the_next(chat: Town) -> None:
    sent = chat.sent(chat.says("p1", audience="private"))
    waiting = told(chat, sent, **WINDOW)
    assert (waiting.state, waiting.closed_ways, waiting.said) == ("waiting", ["direct"], [])
    assert waiting.once_key != sent.once_key, "another utterance"
    assert send_some(SENDER) == 1, "without any wait"
    anew = chat.dispatch(sent.reply)
    assert (anew.state, anew.way, anew.receipt) == ("sent", "template", "")
    assert ways_tried(chat, "Sudah ditambal.") == ["direct", "template"], "one doomed try and no second"
    arrived = told(chat, anew, "delivered")
    assert (arrived.state, arrived.receipt) == ("sent", "delivered")
    journal = ledger.journal(sent.reply.case.stream)
    kinds = [fact.kind for fact in journal if fact.data.get("dispatch_id") == sent.pk]
    assert kinds == ["dispatch.sent", "dispatch.failed", "dispatch.sent", "dispatch.delivered"]


@pytest.mark.parametrize("order", sorted(set(permutations(["sent", "failed", "failed"]))), ids="-".join)
def test_any_order_and_any_repeat_closes_the_way_once(chat: Town, order: tuple[str, ...]) -> None:
    sent = chat.sent(chat.says("p1", audience="private"))
    start = clock.now()
    for place, status in enumerate((*order, order[0])):
        at = (start + timedelta(seconds=place)).isoformat()
        told(chat, sent, status, at=at, **(WINDOW if status == "failed" else {}))
    waiting = chat.dispatch(sent.reply)
    assert (waiting.state, waiting.closed_ways) == ("waiting", ["direct"])
    run_until_quiet()
    told(chat, sent, **WINDOW)
    assert chat.dispatch(sent.reply).state == "sent", "news of the old utterance is not the new one's"
    assert ways_tried(chat, "Sudah ditambal.") == ["direct", "template"]


def test_what_arrived_closes_no_way(chat: Town) -> None:
    sent = chat.sent(chat.says("p1", audience="private"))
    told(chat, sent, "delivered")
    again = told(chat, sent, **WINDOW)
    assert (again.state, again.receipt, again.closed_ways) == ("sent", "delivered", [])


def test_a_closed_way_told_before_the_sending_is_concluded_is_found_then(chat: Town) -> None:
    case = chat.says("p1", audience="private")
    run_until_quiet()
    reply = chat.answers(case)
    about = f"id:{chat.dispatch(reply).once_key}"
    chat.tell(**{"is": "receipt", "about": about, "status": "failed", **WINDOW})
    run_until_quiet()
    found = chat.dispatch(reply)
    assert (found.state, found.way, found.closed_ways) == ("sent", "template", ["direct"])


def test_without_a_further_way_an_officer_is_led_to_the_message(town: Town) -> None:
    town.street.ways(DIRECT)
    sent = town.sent(town.says("p1", audience="private"))
    told(town, sent, **WINDOW)
    run_until_quiet()
    found = town.dispatch(sent.reply)
    assert (found.state, found.deep_link) == ("not_permitted", "https://s.test/p1")


@pytest.mark.parametrize(
    ("link", "post", "expected"),
    [
        ("", {"link": "https://s.test/post"}, "https://s.test/post"),
        ("", {}, "https://s.test/account"),
        ("javascript:alert(1)", {"link": "tg://user?id=1"}, "https://s.test/account"),
    ],
)
def test_the_officer_is_led_as_near_as_is_known(town: Town, link: str, post: dict[str, str], expected: str) -> None:
    with use(EVERYTHING):
        Account.objects.filter(pk=town.account.pk).update(link="https://s.test/account")
    town.street.ways(DIRECT)
    item = {"external_id": "p1", "text": "Jalan rusak", "audience": "public", "sender_address": "psid-7"}
    town.tell(**item, link=link, post=post)
    with use(EVERYTHING):
        case = Dispatch.objects.get(message__external_id="p1").reply.case
    run_until_quiet()
    found = town.acknowledgement(case)
    assert (found.state, found.deep_link) == ("not_permitted", expected)


def test_a_failure_of_the_account_stops_it_and_gives_nothing_up(chat: Town) -> None:
    sent = chat.sent(chat.says("p1", audience="private"))
    waiting = told(chat, sent, blames="account", code="131042")
    assert (waiting.state, waiting.closed_ways) == ("waiting", []) and "131042" in account(chat).stopped
    with clock.turned_to(clock.now() + AGAIN * 2):
        assert send_some(SENDER) == 0, "a stopped account sends nothing"
        with use(EVERYTHING):
            Account.objects.filter(pk=chat.account.pk).update(stopped="")
        assert send_some(SENDER) == 1
    assert (chat.dispatch(sent.reply).state, chat.dispatch(sent.reply).way) == ("sent", "direct")


def test_an_account_that_says_it_is_well_and_fails_again_leaves_the_answer_to_an_officer(chat: Town) -> None:
    sent = chat.sent(chat.says("p1", audience="private"))
    hours = 1
    for again in range(1, ACCOUNT_TRIES):
        assert told(chat, sent, blames="account", code=f"131042-{again}").state == "waiting"
        with clock.turned_to(clock.now() + AGAIN * 60 * hours), use(EVERYTHING):
            Account.objects.filter(pk=chat.account.pk).update(stopped="")
            assert send_some(SENDER) == 1
        hours += 1
        sent = chat.dispatch(sent.reply)
    last = told(chat, sent, blames="account", code="131042-9")
    assert (last.state, last.attempts) == ("failed", ACCOUNT_TRIES) and "131042-9" in account(chat).stopped


def test_an_account_that_was_mended_since_is_not_stopped_by_old_news(chat: Town) -> None:
    sent = chat.sent(chat.says("p1", audience="private"))
    with use(EVERYTHING):
        resumed = (clock.now() + timedelta(minutes=5)).isoformat()
        Account.objects.filter(pk=chat.account.pk).update(health={"resumed_at": resumed})
    assert told(chat, sent, blames="account").state == "waiting" and account(chat).stopped == ""


def test_a_person_whom_too_much_was_said_to_is_left_in_peace_for_so_long(chat: Town) -> None:
    sent = chat.sent(chat.says("p1", audience="private"))
    told(chat, sent, permanent=False, blames="recipient", after=600)
    assert account(chat).send_after is None, "others are not concerned"
    with clock.turned_to(clock.now() + timedelta(seconds=590)):
        assert send_some(SENDER) == 0
    with clock.turned_to(clock.now() + timedelta(seconds=1300)):
        run_until_quiet()
    assert chat.dispatch(sent.reply).state == "sent"


def test_a_wait_that_the_platform_names_is_the_account_s(chat: Town) -> None:
    sent = chat.sent(chat.says("p1", audience="private"))
    waiting = told(chat, sent, permanent=False, after=3600)
    until = account(chat).send_after
    assert waiting.state == "waiting" and until is not None and until - clock.now() > timedelta(minutes=59)


def test_a_person_who_cannot_be_reached_is_left_to_an_officer(chat: Town) -> None:
    sent = chat.sent(chat.says("p1", audience="private"))
    assert told(chat, sent, blames="recipient", code="131026").state == "failed"
