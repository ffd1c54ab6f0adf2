"""Said once: approval by another person, retries, uncertainty, echoes, bounces."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.world import Lampung, actor

from salur.cases.models import Case
from salur.channels.platforms.web.adapter import WebPlatform
from salur.channels.ports import AccountView, Outbound, Receipt, SendFailed, SendUncertain
from salur.intake.models import Delivery
from salur.journey.act import act
from salur.journey.worker import recover_some, run_until_quiet, send_some
from salur.kernel import clock, ledger
from salur.kernel.models import Entry
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import dispatch
from salur.publishing.claim import claim, hold_sender_lock
from salur.publishing.models import Dispatch, Reply
from salur.publishing.queries import stuck
from salur.publishing.receipts import note
from salur.publishing.replies import NotAllowed, approve, draft, give_back, revise

SENDER = 7
LIVING = 8  # its session lock stays with the connection, beyond the test


class Channel:
    """A strict stand-in for a platform that can be told how to answer, and remembers what it was asked to say."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.answers: Iterator[Exception | None] = iter(())
        self.kept: set[str] = set()

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        answer = next(self.answers, None)
        if answer is not None:
            raise answer
        self.said.append(out.once_key)
        return Receipt(f"id:{out.once_key}")

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        return Receipt(f"id:{out.once_key}") if out.once_key in self.kept else None


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    one = Channel()
    monkeypatch.setattr(WebPlatform, "send", lambda self, account, out: one.send(account, out))
    monkeypatch.setattr(WebPlatform, "read_back", lambda self, account, key: one.read_back(account, key))
    monkeypatch.setattr(WebPlatform, "capabilities", replace(WebPlatform.capabilities, can_read_back=True))
    return one


def only(case: Case) -> Dispatch:
    with use(EVERYTHING):
        return Dispatch.objects.get(reply__case=case)


def kinds(case: Case) -> list[str]:
    return [fact.kind for fact in ledger.journal(case.stream) if fact.kind.startswith("dispatch.")]


def test_an_acknowledgement_is_said_once(lampung: Lampung, channel: Channel) -> None:
    case = lampung.report("satu")
    run_until_quiet()
    assert channel.said == [only(case).once_key]
    assert (only(case).state, kinds(case)) == ("sent", ["dispatch.sent"])


def test_a_refusal_is_tried_again_later_and_then_said_once(lampung: Lampung, channel: Channel) -> None:
    channel.answers = iter([SendFailed("melayani sebentar lagi"), SendFailed("masih")])
    case = lampung.report("satu")
    first = only(case)
    assert (first.state, first.attempts, first.problem) == ("waiting", 1, "melayani sebentar lagi")
    assert channel.said == [] and send_some(SENDER) == 0, "not before its time"
    for minutes in (1, 5):
        with clock.turned_to(clock.now() + timedelta(minutes=minutes)):
            send_some(SENDER)
    assert channel.said == [first.once_key]
    assert (only(case).state, only(case).attempts) == ("sent", 3)


def test_a_permanent_refusal_fails_and_an_officer_may_send_again(lampung: Lampung, channel: Channel) -> None:
    channel.answers = iter([SendFailed("alamat tidak ada", permanent=True)])
    case = lampung.report("satu")
    assert (only(case).state, kinds(case)) == ("failed", ["dispatch.failed"])
    with use(EVERYTHING):
        assert [one.pk for one in stuck()] == [only(case).pk]
    act(dispatch.decide, only(case).pk, went_out=False, actor="member:1")
    run_until_quiet()
    assert (only(case).state, len(channel.said)) == ("sent", 1)


def test_a_lost_answer_is_read_back_and_not_said_twice(lampung: Lampung, channel: Channel) -> None:
    channel.answers = iter([SendUncertain("sambungan putus", copy_expected=True)])
    case = lampung.report("satu")
    one = only(case)
    assert (one.state, kinds(case)) == ("uncertain", ["dispatch.uncertain"])
    channel.kept = {one.once_key}
    assert recover_some() == 0, "the grace is not over"
    with clock.turned_to(clock.now() + dispatch.ECHO_GRACE * 2):
        recover_some()
        run_until_quiet()
    assert (only(case).state, channel.said) == ("sent", [])


def a_copy_came_back(lampung: Lampung) -> None:
    """The account has shown before that it keeps copies of what it sends."""
    account = lampung.account("web")
    with use(EVERYTHING):
        Delivery.objects.create(
            government=lampung.province, account=account, external_id="salinan", body=b"x", content_type="x",
            received_at=clock.now(), state="ignored", reason="own_message",
        )  # fmt: skip


def test_without_proof_that_copies_are_kept_a_lost_answer_waits_for_an_officer(
    lampung: Lampung, channel: Channel
) -> None:
    channel.answers = iter([SendUncertain("sambungan putus", copy_expected=True)])
    case = lampung.report("satu")
    with clock.turned_to(clock.now() + dispatch.ECHO_GRACE * 2):
        recover_some()
        run_until_quiet()
    assert (only(case).state, channel.said) == ("uncertain", [])


def test_a_lost_answer_of_which_no_copy_can_come_waits_for_an_officer(lampung: Lampung, channel: Channel) -> None:
    a_copy_came_back(lampung)
    channel.answers = iter([SendUncertain("putus", copy_expected=False)])
    case = lampung.report("satu")
    with clock.turned_to(clock.now() + dispatch.ECHO_GRACE * 2):
        recover_some()
        run_until_quiet()
    assert (only(case).state, channel.said) == ("uncertain", [])


def test_a_slow_read_back_does_not_release_what_is_being_sent(lampung: Lampung, channel: Channel) -> None:
    a_copy_came_back(lampung)
    channel.answers = iter([SendUncertain("sambungan putus", copy_expected=True)])
    one = only(lampung.report("satu"))
    with clock.turned_to(clock.now() + dispatch.ECHO_GRACE * 2):
        with use(EVERYTHING):
            quick, slow = dispatch.read_back(one.pk), dispatch.read_back(one.pk)
        act(dispatch.conclude, one.pk, quick)
        with use(EVERYTHING):
            assert claim(SENDER) == one.pk
            outcome = dispatch.transmit(one.pk)
        act(dispatch.conclude, one.pk, slow)
        send_some(SENDER + 1)
        act(dispatch.conclude, one.pk, outcome)
    assert channel.said == [one.once_key]


def test_an_answer_that_waited_long_for_approval_is_still_retried(lampung: Lampung, channel: Channel) -> None:
    with clock.turned_to(clock.now() - timedelta(days=6)):
        case = lampung.report("satu")
        reply = act(draft, case.pk, purpose="answer", text="Sudah.", actor="member:1")
    act(approve, reply.pk, actor="member:2")
    channel.answers = iter([SendFailed("greylisted")])
    run_until_quiet()
    with use(EVERYTHING):
        assert Dispatch.objects.get(reply=reply).state == "waiting"


def test_an_answer_that_bounced_answers_nobody(lampung: Lampung) -> None:
    case = lampung.report("satu")
    reply = act(draft, case.pk, purpose="answer", text="Sudah.", actor="member:1")
    act(approve, reply.pk, actor="member:2")
    run_until_quiet()
    with use(EVERYTHING):
        assert Case.objects.get(pk=case.pk).closes_at is not None
        sent = Dispatch.objects.get(reply=reply)
    act(dispatch.conclude, sent.pk, dispatch.Outcome("failed", problem="5.1.1 permanent"))
    with use(EVERYTHING):
        found = Case.objects.get(pk=case.pk)
    assert (found.answered_at, found.closes_at, found.next_actor) == (None, None, "coordinator")
    kinds_now = [fact.kind for fact in ledger.journal(case.stream)]
    assert "obligation.reopened" in kinds_now
    act(dispatch.decide, sent.pk, went_out=True, actor="member:1")
    with use(EVERYTHING):
        assert Case.objects.get(pk=case.pk).answered_at is not None


@pytest.mark.parametrize(
    ("detail", "state"), [("temporary", "sent"), ("4.4.1 temporary", "sent"), ("5.1.1 permanent", "failed")]
)
def test_only_a_final_bounce_fails_a_sending(lampung: Lampung, detail: str, state: str) -> None:
    case = lampung.report("satu")
    one = only(case)
    data = {"reason": "bounce", "about": f"salur.{one.once_key}@x.test", "account_id": one.account_id, "detail": detail}
    act(note, Entry(kind="delivery.ignored", data=data))
    assert only(case).state == state


def test_a_lost_answer_without_a_trace_is_said_again_under_the_same_key(lampung: Lampung, channel: Channel) -> None:
    a_copy_came_back(lampung)
    channel.answers = iter([SendUncertain("sambungan putus", copy_expected=True)])
    case = lampung.report("satu")
    with clock.turned_to(clock.now() + dispatch.ECHO_GRACE * 2):
        recover_some()
        run_until_quiet()
    assert channel.said == [only(case).once_key] and only(case).state == "sent"


def test_what_a_dead_sender_held_becomes_uncertain(lampung: Lampung, channel: Channel) -> None:
    channel.answers = iter([SendFailed("nanti")])
    case = lampung.report("satu")
    with use(EVERYTHING), clock.turned_to(clock.now() + timedelta(hours=1)):
        assert claim(SENDER) == only(case).pk
    assert recover_some() == 1
    assert (only(case).state, only(case).claimed_by) == ("uncertain", None)


def test_what_a_living_sender_holds_is_left_to_it(lampung: Lampung, channel: Channel) -> None:
    channel.answers = iter([SendFailed("nanti")])
    case = lampung.report("satu")
    hold_sender_lock(LIVING)
    with use(EVERYTHING), clock.turned_to(clock.now() + timedelta(hours=1)):
        claim(LIVING)
    assert recover_some() == 0 and only(case).state == "sending"


def test_nobody_approves_their_own_words(lampung: Lampung) -> None:
    operator, approver = actor(lampung.officer("op", "operator")), actor(lampung.officer("ap", "approver"))
    case = lampung.report("satu")
    reply = act(draft, case.pk, purpose="answer", text="Sudah.", actor=operator)
    with pytest.raises(NotAllowed, match="another person"):
        act(approve, reply.pk, actor=operator)
    act(give_back, reply.pk, note="tambahkan tanggal", actor=approver)
    act(revise, reply.pk, text="Sudah, tanggal 3.", actor=approver)
    with pytest.raises(NotAllowed, match="another person"):
        act(approve, reply.pk, actor=approver)
    act(approve, reply.pk, actor=operator)
    with pytest.raises(NotAllowed):
        act(approve, reply.pk, actor=approver)
    with use(EVERYTHING):
        assert Reply.objects.get(pk=reply.pk).text == "Sudah, tanggal 3."


def test_the_database_itself_refuses_one_person_in_both_roles(lampung: Lampung) -> None:
    case = lampung.report("satu")
    reply = act(draft, case.pk, purpose="answer", text="Sudah.", actor="member:1")
    with use(EVERYTHING), pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(approved_by="member:1")


def test_a_question_stops_the_clocks_until_the_citizen_speaks(lampung: Lampung) -> None:
    case = lampung.report("satu")
    reply = act(draft, case.pk, purpose="question", text="Di kilometer berapa?", actor="member:1")
    act(approve, reply.pk, actor="member:2")
    run_until_quiet()
    with use(EVERYTHING):
        found = Case.objects.get(pk=case.pk)
    assert (found.status, found.next_actor, found.citizen_due_at) == ("awaiting_citizen", "citizen", None)
    assert found.closes_at is not None
