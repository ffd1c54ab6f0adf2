"""Each answer leaves by the lawful way, in its parts, at its pace; what no rule permits is said at the desk."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.publishing.conftest import DIRECT, PRIVATE, PUBLIC, Town

from salur.channels.models import Account
from salur.channels.ports import Receipt, SendFailed, SendUncertain
from salur.channels.ways import Pace, TextLimit, Way
from salur.intake.models import Delivery, Signal
from salur.journey.act import act
from salur.journey.worker import recover_some, run_until_quiet, send_some
from salur.kernel import clock, ledger
from salur.kernel.crypto import blind_index
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import dispatch
from salur.publishing.models import Dispatch
from salur.publishing.outbound import FOLDED
from salur.publishing.queries import stuck
from salur.publishing.replies import NotAllowed, draft, say
from salur.sop.document.load import STANDARD
from salur.sop.document.write import set_value
from salur.sop.sign import adopt_text

SENDER = 7


def kinds(town: Town, found: Dispatch) -> list[str]:
    return [fact.kind for fact in ledger.journal(found.reply.case.stream) if fact.kind.startswith("dispatch.")]


def test_a_comment_is_answered_under_it_and_nobody_is_named(town: Town) -> None:
    case = town.says("k1", place="post-1", root_id="k0", answer_at={"comment": "k1"})
    found = town.sent(case)
    out = town.street.said[-1]
    assert (found.state, found.way, len(found.texts)) == ("sent", "public_reply", 1)
    assert (out.way, out.in_reply_to, out.place, out.root_id, out.answer_at) == (
        "public_reply", "k1", "post-1", "k0", {"comment": "k1"},
    )  # fmt: skip
    assert out.to_name == "" and case.number in out.text and out.text.startswith("Sudah ditambal.")


def test_the_sop_decides_where_a_channel_is_answered(town: Town) -> None:
    text = set_value(STANDARD.read_text(), ("version",), 2)
    text = set_value(text, ("dates", "effective"), clock.today("Asia/Jakarta").isoformat())
    text = set_value(text, ("channels", "street"), {"first_response": "1 working_days", "answer_in": "private_first"})
    with use(EVERYTHING):
        adopt_text(town.lampung.province, text, signed_by="Sekda", actor=ledger.SYSTEM)
    case = town.says("k1")
    started = next(fact for fact in ledger.journal(case.stream) if fact.kind == "sop.started")
    assert started.data["answer_in"] == {"street": "private_first"}
    run_until_quiet()
    assert town.street.said[0].way == "public_reply", "a program keeps the one private reply for the answer"
    assert town.sent(case).way == "private_reply"
    assert town.sent(case, "Sudah selesai.").way == "public_reply", "the one private reply to this comment is used"


def test_a_long_answer_goes_out_in_parts_and_is_one_sending(town: Town) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    run_until_quiet()
    town.street.said.clear()
    found = town.sent(case, "Lubang ditambal bertahap. " * 25)
    said = town.street.said
    assert len(said) == len(found.texts) == 3 and found.state == "sent"
    assert [one.once_key for one in said] == [found.once_key, f"{found.once_key}.2", f"{found.once_key}.3"]
    assert found.said == [f"id:{one.once_key}" for one in said] and found.external_id == found.said[-1]
    assert all(len(one.text) <= 300 for one in said)
    sent = [fact for fact in ledger.journal(case.stream) if fact.kind == "dispatch.sent"][-1]
    assert sent.data["said"] == found.said


def test_a_part_that_fails_for_a_while_goes_on_where_it_stopped(town: Town) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    run_until_quiet()
    town.street.said.clear()
    town.street.answers = iter([None, SendFailed("sebentar")])
    found = town.sent(case, "Lubang ditambal bertahap. " * 25)
    assert (found.state, len(found.said)) == ("waiting", 1)
    with clock.turned_to(clock.now() + timedelta(minutes=1)):
        run_until_quiet()
    assert [one.text for one in town.street.said] == town.dispatch(found.reply).texts


def test_a_refused_way_is_closed_and_the_next_is_taken(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    town.street.answers = iter([SendFailed("komentar terkunci", permanent=True, blames="way")])
    found = town.sent(case)
    assert (found.state, found.way, found.closed_ways) == ("sent", "private_reply", ["public_reply"])


def test_where_no_way_is_open_an_officer_answers_there_and_confirms(town: Town) -> None:
    town.street.ways(replace(PUBLIC, summoned=True))
    case = town.says("k1", answer_at={"summoned": False})
    found = town.sent(case)
    assert (found.state, found.deep_link) == ("not_permitted", "https://s.test/k1")
    assert found.problem == "the platform permits an answer only to those who named our account"
    told = [fact for fact in ledger.journal(case.stream) if fact.kind == "dispatch.not_permitted"][-1]
    assert (told.data["reason"], told.data["next_way"]) == ("summons", "hand")
    with use(EVERYTHING):
        assert found.pk in {one.pk for one in stuck()}
    act(dispatch.decide, found.pk, went_out=True, actor="member:1")
    assert town.dispatch(found.reply).state == "sent" and kinds(town, found)[-1] == "dispatch.sent"


def test_an_account_that_is_refused_stops_and_nothing_is_given_up(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    town.street.answers = iter([SendFailed("token dicabut", permanent=True, blames="account")])
    found = town.sent(case)
    with use(EVERYTHING):
        assert Account.objects.get(pk=town.account.pk).stopped == "token dicabut"
    assert (found.state, found.attempts) == ("waiting", 0)
    with clock.turned_to(clock.now() + timedelta(days=30)):
        assert send_some(SENDER) == 0
    with use(EVERYTHING):
        Account.objects.filter(pk=town.account.pk).update(stopped="")
    assert send_some(SENDER, hurry=True) == 1 and town.dispatch(found.reply).state == "sent"


def test_a_platform_that_asks_to_wait_is_left_in_peace_as_long_as_it_says(town: Town) -> None:
    case = town.says("k1")
    run_until_quiet()
    town.street.answers = iter([SendFailed("tunggu", after=600)])
    found = town.sent(case)
    other = town.sent(town.says("k2", sender_address="psid-8", root_id="k2"))
    assert (found.state, other.state) == ("waiting", "waiting")
    with clock.turned_to(clock.now() + timedelta(seconds=590)):
        assert send_some(SENDER) == 0
    with clock.turned_to(clock.now() + timedelta(seconds=620)):
        send_some(SENDER)
    assert {town.dispatch(one.reply).state for one in (found, other)} == {"sent"}


def test_a_receipt_may_ask_for_peace(town: Town) -> None:
    case = town.says("k1")
    town.street.answers = iter([Receipt("id-1", slow_down=60)])
    run_until_quiet()
    with use(EVERYTHING):
        assert Account.objects.get(pk=town.account.pk).send_after is not None
    assert town.sent(case).state == "waiting"


def test_an_account_keeps_its_pace_and_each_waits_for_a_turn_of_its_own(town: Town) -> None:
    town.street.ways(PUBLIC, account_pace=Pace(10, burst=2))
    for number in range(5):
        town.says(f"k{number}", sender_address=f"psid-{number}", root_id=f"k{number}")
    start = clock.now()
    with clock.turned_to(start):
        assert send_some(SENDER) == 2, "a burst of two"
    with use(EVERYTHING):
        waits = sorted(
            round((one.not_before - start).total_seconds()) for one in Dispatch.objects.filter(state="waiting")
        )
    assert waits == [10, 20, 30]
    for seconds, said in ((9, 2), (10, 3), (19, 3), (20, 4), (31, 5)):
        with clock.turned_to(start + timedelta(seconds=seconds)):
            send_some(SENDER)
        assert len(town.street.said) == said, seconds


def test_a_recipient_s_pace_holds_nobody_else_up(town: Town) -> None:
    town.street.ways(DIRECT, person_pace=Pace(6))
    first = town.says("p1", audience="private", sender_address="psid-1")
    second = town.says("p2", audience="private", sender_address="psid-2")
    start = clock.now()
    with clock.turned_to(start):
        run_until_quiet()
        assert len(town.street.said) == 2
        replies = [town.answers(first, "Satu."), town.answers(first, "Dua.")]
    with clock.turned_to(start + timedelta(seconds=16)):
        town.answers(second, "Tiga.")
        assert send_some(SENDER) == 1
    with clock.turned_to(start + timedelta(seconds=30)):
        assert send_some(SENDER) == 2, "the other of the first, and the second's"
    assert {town.dispatch(reply).state for reply in replies} == {"sent"}


def test_an_idempotent_platform_is_handed_the_same_message_again(town: Town) -> None:
    town.street.ways(PUBLIC, idempotent=True)
    case = town.says("k1")
    run_until_quiet()
    town.street.said.clear()
    town.street.answers = iter([SendUncertain("putus"), SendFailed("sibuk")])
    found = town.sent(case)
    for _ in range(2):
        with clock.turned_to(clock.now() + dispatch.ECHO_GRACE * 2):
            recover_some()
        if not town.street.said:
            assert town.dispatch(found.reply).state == "uncertain", "a refusal now says nothing of the first time"
            with use(EVERYTHING):
                Dispatch.objects.filter(pk=found.pk).update(not_before=clock.now())
    assert town.dispatch(found.reply).state == "sent"
    assert [one.once_key for one in town.street.said] == [found.once_key]


def test_a_silent_platform_s_read_back_lets_it_be_said_again(town: Town) -> None:
    town.street.ways(PUBLIC, can_read_back=True)
    case = town.says("k1")
    run_until_quiet()
    town.street.answers = iter([SendUncertain("putus", copy_expected=True)])
    found = town.sent(case)
    assert found.state == "uncertain"
    with clock.turned_to(clock.now() + dispatch.ECHO_GRACE * 2):
        recover_some()
        run_until_quiet()
    assert town.dispatch(found.reply).state == "sent"


def test_an_acknowledgement_waits_in_a_chat_for_further_lines(town: Town) -> None:
    town.street.ways(DIRECT, chat=True)
    case = town.says("p1", audience="private")
    wait = town.acknowledgement(case).not_before - clock.now()
    assert timedelta(seconds=17) < wait <= timedelta(seconds=20)
    assert send_some(SENDER) == 0
    with clock.turned_to(clock.now() + timedelta(seconds=21)):
        assert send_some(SENDER) == 1


def test_where_messages_cost_a_notice_goes_with_the_acknowledgement(town: Town) -> None:
    town.street.ways(Way("direct", TextLimit(4096, parts=3), cost=20_000), chat=True)
    case = town.says("p1", audience="private")
    notice = act(say, case, purpose="notice", text="Laporan Anda diteruskan ke Dinas Uji.")
    run_until_quiet()
    assert len(town.street.said) == 1 and "diteruskan ke Dinas Uji" in town.street.said[0].text
    assert case.number in town.street.said[0].text and case.link in town.street.said[0].text
    folded = town.dispatch(notice)
    assert (folded.state, folded.problem) == ("withdrawn", FOLDED)
    act(say, case, purpose="notice", text="Kabar berikutnya.")
    run_until_quiet()
    assert [one.text for one in town.street.said[1:]] == ["Kabar berikutnya."], "the acknowledgement is out already"


def test_a_template_carries_the_words_outside_the_window(town: Town) -> None:
    town.street.ways(DIRECT, Way("template", TextLimit(1024), cost=25_000))
    case = town.says("p1", audience="private", at=(clock.now() - timedelta(days=2)).isoformat())
    assert town.sent(case).state == "not_permitted"
    with use(EVERYTHING):
        templates = {"answer": {"name": "jawaban_laporan", "language": "id"}}
        Account.objects.filter(pk=town.account.pk).update(settings={"templates": templates})
    found = town.sent(case, "Sudah ditambal kemarin.")
    out = town.street.said[-1]
    assert (found.way, found.cost, out.template["name"]) == ("template", 25_000, "jawaban_laporan")
    assert out.template["text"] == out.text and "Sudah ditambal kemarin." in out.text


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("NIK 1801010101010001 sudah dicek.", "identity number"),
        ("Hubungi warga di 0812-0000-0001.", "telephone number"),
        ("Kepada Contoh Warga: sudah.", "citizen's name"),
        ("Akun contoh.warga sudah kami balas.", "account name"),
    ],
)
def test_personal_data_is_refused_where_everybody_reads(town: Town, text: str, refusal: str) -> None:
    case = town.says("k1")
    with pytest.raises(NotAllowed, match=refusal):
        town.answers(case, text)
    private = town.says("p1", audience="private", sender_address="psid-9", sender_handle="contoh.warga")
    assert act(draft, private.pk, purpose="answer", text=text, actor="member:1").state == "submitted"


def test_who_came_later_in_public_does_not_get_what_was_written_for_a_chat(town: Town) -> None:
    case = town.says("p1", audience="private")
    run_until_quiet()
    reply = town.answers(case, "Bapak Contoh, sudah ditambal.")
    with use(EVERYTHING):
        message = town.dispatch(reply).message
        assert message is not None
        message.audience = "public"
        message.save(update_fields=["audience"])
    run_until_quiet()
    assert town.dispatch(reply).way == PRIVATE.name and town.street.said[-1].way == "private_reply"


def test_who_blocked_us_is_not_written_to(town: Town) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    with use(EVERYTHING):
        Signal.objects.create(
            government_id=town.account.government_id, account=town.account, about=blind_index("psid-7"),
            delivery=Delivery.objects.filter(account=town.account).latest("id"), kind="blocked", at=clock.now(),
        )  # fmt: skip
    found = town.sent(case)
    assert (found.state, found.problem) == (
        "not_permitted", "the citizen does not want to be written to by this account",
    )  # fmt: skip
