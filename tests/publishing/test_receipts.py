"""What a platform tells of what we said comes to one standing, in any order and however often."""

import random
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.publishing.conftest import DIRECT, PUBLIC, Town

from salur.cases.models import Case
from salur.channels.ports import SendUncertain
from salur.journey.act import act
from salur.journey.worker import recover_some, run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import dispatch
from salur.publishing.models import Dispatch
from salur.publishing.told import RANKS, furthest

STATUSES = ["sent", "delivered", "read", "failed"]


@given(st.lists(st.sampled_from(STATUSES), max_size=8), st.randoms(use_true_random=False))
def test_any_order_and_any_repeat_come_to_one_standing(told: list[str], chance: random.Random) -> None:
    other = told + chance.choices(told, k=3) if told else []
    chance.shuffle(other)
    assert furthest(told) == furthest(other)
    standing = ""
    for status in other:
        again = furthest((standing, status))
        assert RANKS[again] >= RANKS[standing], "never backwards"
        standing = again
    assert standing == furthest(told)


def test_what_arrived_did_not_fail() -> None:
    assert furthest(["failed", "delivered"]) == "delivered" and furthest(["sent", "failed"]) == "failed"


def receipt(town: Town, about: str, status: str, **more: object) -> None:
    town.tell(**{"is": "receipt", "about": about, "status": status, **more})


def events(found: Dispatch) -> list[tuple[str, str]]:
    journal = ledger.journal(found.reply.case.stream)
    mine = [fact for fact in journal if fact.data.get("dispatch_id") == found.pk]
    return [(fact.kind, fact.data.get("status", "")) for fact in mine]


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "failed"])), ids="-".join)
def test_every_order_gives_one_state_in_the_tables(town: Town, order: tuple[str, ...]) -> None:
    case = town.says("k1")
    found = town.sent(case)
    for status in (*order, order[0]):
        receipt(town, found.external_id, status, code="131026" if status == "failed" else "", detail="")
    again = town.dispatch(found.reply)
    assert (again.state, again.receipt, again.problem) == ("sent", "delivered", "")
    with use(EVERYTHING):
        assert Case.objects.get(pk=case.pk).status == "answered", "and the case stands where it would without"


def test_an_answer_that_the_platform_could_not_deliver_answers_nobody(town: Town) -> None:
    case = town.says("k1")
    found = town.sent(case)
    receipt(town, found.external_id, "failed")
    with use(EVERYTHING):
        assert Case.objects.get(pk=case.pk).status != "answered"


def test_a_failure_after_the_sending_shows_the_platform_s_reason(town: Town) -> None:
    found = town.sent(town.says("k1"))
    receipt(town, found.external_id, "failed", code="131026", detail="nomor tidak terdaftar")
    again = town.dispatch(found.reply)
    assert (again.state, again.receipt, again.problem) == ("failed", "failed", "nomor tidak terdaftar (131026)")
    assert events(found)[-1] == ("dispatch.failed", "")
    act(dispatch.decide, found.pk, went_out=False, actor="member:1")
    run_until_quiet()
    anew = town.dispatch(found.reply)
    assert (anew.state, anew.receipt) == ("sent", "") and anew.once_key != found.once_key, "another utterance"
    receipt(town, found.external_id, "delivered")
    assert town.dispatch(found.reply).receipt == "", "the old one's news is not the new one's"


def test_read_is_noted_once_and_tells_when(town: Town) -> None:
    found = town.sent(town.says("k1"))
    for status in ("read", "delivered", "read"):
        receipt(town, found.external_id, status)
    assert town.dispatch(found.reply).receipt == "read"
    assert [one for one in events(found) if one[0] == "dispatch.delivered"] == [("dispatch.delivered", "read")]


def test_what_is_told_before_the_sending_is_written_down_is_found_then(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    reply = town.answers(case)
    receipt(town, f"id:{town.dispatch(reply).once_key}", "delivered")
    run_until_quiet()
    found = town.dispatch(reply)
    assert (found.state, found.receipt) == ("sent", "delivered")


def test_a_watermark_speaks_of_everything_said_to_that_person_before_it(town: Town) -> None:
    town.street.ways(DIRECT)
    mine = town.says("p1", audience="private", sender_address="psid-1")
    other = town.says("p2", audience="private", sender_address="psid-2")
    early, theirs = town.sent(mine), town.sent(other)
    mark = clock.now()
    with clock.turned_to(mark + timedelta(minutes=5)):
        late = town.sent(mine, "Kabar kedua.")
    receipt(town, "", "read", to="psid-1", at=mark.isoformat())
    assert [town.dispatch(one.reply).receipt for one in (early, theirs, late)] == ["read", "", ""]
    with clock.turned_to(mark + timedelta(minutes=9)):
        receipt(town, "", "failed", to="psid-1", at=clock.now().isoformat())
    assert town.dispatch(late.reply).state == "sent", "a watermark never tells of a failure"


@pytest.mark.parametrize("failed_first", [True, False])
def test_a_failure_and_a_watermark_come_to_one_standing_in_either_order(town: Town, failed_first: bool) -> None:
    town.street.ways(DIRECT)
    found = town.sent(town.says("p1", audience="private"))
    at = (clock.now() + timedelta(minutes=1)).isoformat()
    told = [
        {"about": found.external_id, "status": "failed"}, {"about": "", "status": "read", "to": "psid-7", "at": at},
    ]  # fmt: skip
    for one in told if failed_first else told[::-1]:
        town.tell(**{"is": "receipt", **one})
    again = town.dispatch(found.reply)
    assert (again.state, again.receipt) == ("sent", "read")


def test_a_watermark_that_comes_before_the_conclusion_is_found(town: Town) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    run_until_quiet()
    reply = town.answers(case)
    receipt(town, "", "delivered", to="psid-7", at=(clock.now() + timedelta(minutes=1)).isoformat())
    run_until_quiet()
    assert town.dispatch(reply).receipt == "delivered"


def test_a_failed_part_of_several_fails_the_sending(town: Town) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    found = town.sent(case, "Lubang ditambal bertahap. " * 25)
    receipt(town, found.said[0], "failed", code="1")
    assert town.dispatch(found.reply).state == "failed"


def uncertain(town: Town) -> Dispatch:
    case = town.says("k1")
    run_until_quiet()
    town.street.answers = iter([SendUncertain("putus")])
    found = town.sent(case)
    assert found.state == "uncertain"
    return found


@pytest.mark.parametrize(
    "echo",
    [
        {"external_id": "e1", "once_key": True, "text": "lain"},
        {"external_id": "e1", "text": True},
        {"external_id": "e1", "text": True, "to": "psid-7"},
    ],
    ids=["key", "words", "words and person"],
)
def test_an_echo_settles_an_uncertain_sending(town: Town, echo: dict[str, object]) -> None:
    found = uncertain(town)
    said = {
        **echo, "text": found.texts[0] if echo["text"] is True else echo["text"],
        "once_key": found.once_key if "once_key" in echo else "",
    }  # fmt: skip
    town.tell(**{"is": "echo", **said})
    again = town.dispatch(found.reply)
    assert (again.state, again.external_id) == ("sent", "e1")
    assert [fact for fact in ledger.journal(found.reply.case.stream) if fact.data.get("confirmed_by") == "echo"]


@pytest.mark.parametrize(
    "echo",
    [{"text": "Hal lain."}, {"text": True, "to": "psid-8"}, {"text": True, "late": True}],
    ids=["other words", "another person", "much later"],
)
def test_an_echo_of_something_else_settles_nothing(town: Town, echo: dict[str, object]) -> None:
    found = uncertain(town)
    text = found.texts[0] if echo["text"] is True else echo["text"]
    at = clock.now() + (timedelta(hours=2) if "late" in echo else timedelta())
    town.tell(**{"is": "echo", "external_id": "e1", "text": text, "to": echo.get("to", ""), "at": at.isoformat()})
    assert town.dispatch(found.reply).state == "uncertain"


def test_an_echo_that_came_while_it_was_being_sent_is_found_later(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    reply = town.answers(case)
    words = "Sudah ditambal."
    town.street.answers = iter([SendUncertain("putus")])
    run_until_quiet()
    found = town.dispatch(reply)
    with use(EVERYTHING):  # as if the program had stopped between the sending and its echo
        Dispatch.objects.filter(pk=found.pk).update(state="sending")
    town.tell(**{"is": "echo", "external_id": "e7", "text": found.texts[0]})
    with use(EVERYTHING):
        Dispatch.objects.filter(pk=found.pk).update(state="uncertain")
    assert words in found.texts[0] and town.dispatch(reply).state == "uncertain"
    with clock.turned_to(clock.now() + dispatch.ECHO_GRACE * 2):
        recover_some()
    again = town.dispatch(reply)
    assert (again.state, again.external_id) == ("sent", "e7")


def test_our_own_later_words_are_not_taken_for_the_uncertain_ones(town: Town) -> None:
    town.street.ways(PUBLIC)
    found = uncertain(town)
    other = town.sent(town.says("k2", root_id="k2", sender_address="psid-8"), "Hal lain.")
    town.tell(**{"is": "echo", "external_id": other.external_id, "text": found.texts[0]})
    assert town.dispatch(found.reply).state == "uncertain"
