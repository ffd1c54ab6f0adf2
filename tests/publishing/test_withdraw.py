"""A released answer can be taken back for ten seconds, as long as nothing of it has begun to leave."""

import threading
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.publishing.conftest import Town
from tests.world import actor, ready_lampung

from salur.journey.act import act
from salur.journey.worker import carry_some, run_until_quiet, send_some
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import claim as claim_module
from salur.publishing.claim import claim
from salur.publishing.models import Dispatch, Reply
from salur.publishing.outbox import UNDO
from salur.publishing.replies import NotAllowed, approve, draft, give_back, revise
from salur.publishing.withdraw import undo_until, was_withdrawn, withdraw

SENDER = 7


def state(reply: Reply) -> str:
    with use(EVERYTHING):
        return Reply.objects.get(pk=reply.pk).state


def test_it_waits_ten_seconds_and_lies_before_an_approver_again(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    reply = town.answers(case)
    assert send_some(SENDER) == 0
    act(withdraw, reply.pk, actor(town.approver))
    assert (state(reply), town.dispatch(reply).state) == ("submitted", "withdrawn")
    with use(EVERYTHING):
        assert was_withdrawn(Reply.objects.get(pk=reply.pk))
    with clock.turned_to(clock.now() + UNDO * 2):
        assert send_some(SENDER) == 0
    assert ledger.journal(case.stream)[-1].kind == "reply.withdrawn"


def test_changed_and_released_again_it_goes_out_once(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    town.street.said.clear()
    reply = town.answers(case)
    act(withdraw, reply.pk, actor(town.approver))
    act(give_back, reply.pk, note="Sebut harinya.", actor=actor(town.approver))
    act(revise, reply.pk, text="Sudah ditambal kemarin.", actor=actor(town.author))
    act(approve, reply.pk, actor=actor(town.approver))
    run_until_quiet()
    assert [one.text.splitlines()[0] for one in town.street.said] == ["Sudah ditambal kemarin."]
    assert town.dispatch(reply).state == "sent"


def test_the_same_text_may_be_released_again_by_another_than_its_author_and_goes_out_once(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    town.street.said.clear()
    reply = town.answers(case, "Sudah ditambal.")
    act(withdraw, reply.pk, actor(town.approver))
    with pytest.raises(NotAllowed, match="another person"):
        act(approve, reply.pk, actor=actor(town.author))
    act(approve, reply.pk, actor=actor(town.approver))
    with use(EVERYTHING):
        assert not was_withdrawn(Reply.objects.get(pk=reply.pk))
    run_until_quiet()
    assert len(town.street.said) == 1 and town.dispatch(reply).state == "sent"


def test_after_a_withdrawal_the_case_waits_for_the_approver_again(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    reply = town.answers(case)
    with use(EVERYTHING):
        assert type(case).objects.get(pk=case.pk).next_actor != "approver"
    act(withdraw, reply.pk, actor(town.approver))
    with use(EVERYTHING):
        assert type(case).objects.get(pk=case.pk).next_actor == "approver"


def test_taken_back_before_the_outbox_heard_of_it_nothing_is_laid(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    with use(EVERYTHING):
        type(case).objects.filter(pk=case.pk).update(agency=town.author.agency)
    reply = act(draft, case.pk, purpose="answer", text="Sudah.", actor=actor(town.author))
    act(approve, reply.pk, actor=actor(town.approver))
    act(withdraw, reply.pk, actor(town.approver))
    while carry_some():
        pass
    with use(EVERYTHING):
        assert not Dispatch.objects.filter(reply=reply).exists()


def test_too_late_is_said_and_changes_nothing(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    reply = town.answers(case)
    with clock.turned_to(clock.now() + UNDO + timedelta(seconds=1)):
        assert undo_until(Reply(state="approved", approved_by="member:1", approved_at=clock.now() - UNDO)) is None
        with pytest.raises(NotAllowed, match="too late"):
            act(withdraw, reply.pk, actor(town.approver))
    with use(EVERYTHING):
        assert claim(SENDER, hurry=True) == town.dispatch(reply).pk
    with pytest.raises(NotAllowed, match="too late"):
        act(withdraw, reply.pk, actor(town.approver))
    assert (state(reply), town.dispatch(reply).state) == ("approved", "sending")


def test_what_a_program_says_is_not_taken_back(town: Town) -> None:
    found = town.acknowledgement(town.says("k1"))
    with pytest.raises(NotAllowed, match="just released"):
        act(withdraw, found.reply_id, actor(town.approver))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("claimed_first", [True, False], ids=["claimed first", "taken back first"])
def test_of_a_sender_and_an_undo_at_one_instant_one_wins_whole(
    claimed_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lampung = ready_lampung()
    author, approver = lampung.officer("penulis", "operator"), lampung.officer("penyetuju", "approver")
    case = lampung.report("satu")
    reply = act(draft, case.pk, purpose="answer", text="Sudah.", actor=actor(author))
    act(approve, reply.pk, actor=actor(approver))
    while carry_some():
        pass
    real, inside = claim_module.planned, threading.Event()

    def slow(dispatch: Any) -> Any:
        inside.set()
        time.sleep(0.4)
        return real(dispatch)

    monkeypatch.setattr(claim_module, "planned", slow)
    claimed: list[int | None] = []

    def send() -> None:
        try:
            with use(EVERYTHING):
                claimed.append(claim(SENDER, hurry=True))
        finally:
            connection.close()

    sender = threading.Thread(target=send)
    taken_back = False
    with suppress(NotAllowed):
        if claimed_first:
            sender.start()
            inside.wait(5)
            act(withdraw, reply.pk, actor(approver))
        else:
            act(withdraw, reply.pk, actor(approver))
            sender.start()
        taken_back = True
    sender.join()
    with use(EVERYTHING):
        found = Dispatch.objects.get(reply=reply)
    assert (taken_back, found.state, claimed, state(reply)) == (
        (False, "sending", [found.pk], "approved") if claimed_first else (True, "withdrawn", [None], "submitted")
    )
