"""On platforms that vouch for their people a message continues a case by place, thread, number or what it answers."""

from datetime import timedelta

import pytest
from tests.intake.talk import at, case_of, come_in, comment, line, message, talk, talker
from tests.world import Lampung

from salur.cases.closing import close
from salur.cases.models import Case, Voice
from salur.cases.queries import messages_of
from salur.channels.models import Account
from salur.channels.ports import Echoed, Receipted
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch
from salur.publishing.replies import approve, draft

__all__ = ["talk"]
DAY = 86_400


def shut(case: Case, day: float) -> None:
    """Close a case so many days after NOW."""
    with clock.turned_to(at(day * DAY)):
        act(close, case.pk, by="citizen", outcome="completed", reason="", actor="citizen")


def our_answer(case: Case) -> str:
    """What the platform calls our answer to a case."""
    reply = act(draft, case.pk, purpose="progress", text="Sudah kami jadwalkan.", actor="member:1")
    act(approve, reply.pk, actor="member:2")
    with clock.turned_to(clock.now() + timedelta(minutes=1)):
        run_until_quiet()
    with use(EVERYTHING):
        return Dispatch.objects.get(reply=reply, state="sent").external_id


def test_a_chat_goes_on_with_its_open_case_however_long_it_takes(talk: Account) -> None:
    come_in(talk, line(1))
    come_in(talk, line(2, "Masih rusak.", 40 * DAY))
    assert case_of(1) == case_of(2)
    come_in(talk, line(3, sender_address="budi", place="chat-budi"))
    assert case_of(3) != case_of(1)


@pytest.mark.parametrize(("days", "same"), [(2.9, True), (3.1, False)])
def test_after_its_closing_a_chat_goes_on_with_it_for_three_days(talk: Account, days: float, same: bool) -> None:
    come_in(talk, line(1))
    shut(case_of(1), 1)
    come_in(talk, line(2, "Lampu mati.", (1 + days) * DAY))
    assert (case_of(2) == case_of(1)) is same
    assert (case_of(1).closed_at is None) is same


def test_the_same_person_in_another_chat_begins_anew(talk: Account, lampung: Lampung) -> None:
    come_in(talk, line(1))
    come_in(talk, line(2, place="grup-warga"))
    come_in(talker(lampung, "dinkes", "kesehatan"), line(3))
    assert len({case_of(n).pk for n in (1, 2, 3)}) == 3


def test_two_chats_that_count_alike_are_two_messages(talk: Account, lampung: Lampung) -> None:
    come_in(talk, line(1, "Jalan berlubang."))
    come_in(talker(lampung, "dinkes", "kesehatan"), line(1, "Obat habis."))
    with use(EVERYTHING):
        assert Case.objects.count() == 2 and Voice.objects.count() == 2


def test_a_comment_to_two_accounts_is_one_case(talk: Account, lampung: Lampung) -> None:
    come_in(talk, comment(1))
    come_in(talker(lampung, "dinkes", "kesehatan"), comment(1))
    with use(EVERYTHING):
        assert Case.objects.count() == Voice.objects.count() == 1


def test_a_private_word_does_not_go_on_in_public(talk: Account) -> None:
    come_in(talk, line(1))
    come_in(talk, comment(2, "Selamat pagi."))
    assert case_of(1) != case_of(2)


def test_a_reply_under_ones_own_comment_goes_on_and_a_new_comment_begins(talk: Account) -> None:
    come_in(talk, comment(1))
    come_in(talk, comment(2, "Di depan pasar.", 90, root_id="1"))
    come_in(talk, comment(3, "Masih belum.", 300, root_id="1", thread_ids=("2",)))
    come_in(talk, comment(4, "Lampu juga mati.", 400))
    assert case_of(1) == case_of(2) == case_of(3) != case_of(4)


def test_ones_own_later_reply_in_a_thread_of_somebody_elses_post_goes_on(talk: Account) -> None:
    come_in(talk, comment(1, root_id="asing"))
    come_in(talk, comment(2, "Tolong segera.", 500, root_id="asing"))
    assert case_of(1) == case_of(2)


def test_another_persons_reply_under_a_comment_joins_as_a_voice_that_is_not_told(talk: Account) -> None:
    come_in(talk, comment(1))
    come_in(talk, comment(2, "Saya juga jatuh.", 60, sender_address="budi", thread_ids=("1",), root_id="1"))
    assert case_of(1) == case_of(2)
    with use(EVERYTHING):
        assert list(Voice.objects.order_by("id").values_list("told", flat=True)) == [True, False]


def test_nobody_answers_into_the_chat_of_somebody_else(talk: Account) -> None:
    come_in(talk, line(1))
    come_in(talk, line(2, sender_address="budi", place="chat-budi", thread_ids=("1",)))
    come_in(talk, comment(3, sender_address="ana", thread_ids=("1",)))
    assert len({case_of(n).pk for n in (1, 2, 3)}) == 3


def test_in_a_common_room_an_answer_to_another_joins(talk: Account) -> None:
    come_in(talk, line(1, place="grup"))
    come_in(talk, line(2, "Benar.", sender_address="budi", place="grup", thread_ids=("1",)))
    assert case_of(1) == case_of(2)


def test_an_answer_to_what_we_said_goes_on_with_that_case_and_not_with_the_latest(talk: Account) -> None:
    come_in(talk, line(1))
    answered = our_answer(case_of(1))
    shut(case_of(1), 1)
    come_in(talk, line(2, "Hal lain.", 9 * DAY))
    assert case_of(2) != case_of(1)
    come_in(talk, line(3, "Belum selesai.", 10 * DAY, thread_ids=(answered,)))
    assert case_of(3) == case_of(1)


def test_another_persons_answer_to_our_public_words_joins_once_the_platform_showed_them(talk: Account) -> None:
    come_in(talk, comment(1))
    come_in(talk, Echoed("kami-7", "Sudah dijadwalkan.", at(9), in_reply_to="1"))
    come_in(talk, comment(2, "Kapan?", 20, sender_address="budi", thread_ids=("kami-7",)))
    assert case_of(2) == case_of(1)


def test_a_private_answer_to_a_comment_is_answered_into_its_case(talk: Account) -> None:
    come_in(talk, comment(1))
    come_in(talk, Receipted(our_answer(case_of(1)), "delivered", at(9), to="siti"))
    come_in(talk, line(2, "Di depan pasar.", 900))
    assert case_of(2) == case_of(1)


def test_whoever_was_answered_in_public_alone_begins_anew_in_private(talk: Account) -> None:
    come_in(talk, comment(1))
    come_in(talk, Echoed(our_answer(case_of(1)), "Sudah dijadwalkan.", at(9), in_reply_to="1"))
    come_in(talk, line(2, "Hal lain.", 900))
    assert case_of(2) != case_of(1)


def test_a_number_in_the_text_joins_for_a_voice_of_the_case_alone(talk: Account, lampung: Lampung) -> None:
    come_in(talk, comment(1))
    number = case_of(1).number
    come_in(talk, comment(2, f"Bagaimana laporan {number.lower().replace('-', ' ')}?", 99))
    assert case_of(2) == case_of(1)
    come_in(talk, line(3, f"Bagaimana {number}?", sender_address="budi", place="chat-budi"))
    assert case_of(3) != case_of(1)
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")
    come_in(talk, comment(4, f"Bagaimana laporan {wrong}?", 200))
    assert case_of(4) != case_of(1)
    regency = talker(lampung, "diskominfo", "pesawaran", "18.09")
    come_in(regency, comment(5, f"Bagaimana {number}?"))
    assert case_of(5).government_id == lampung.regency.pk


def test_a_case_tells_its_messages_by_provider_time_and_then_by_the_platforms_counting(talk: Account) -> None:
    for number, after in ((12, 10), (10, 10), (9, 10), (8, 20), (100, 0)):
        come_in(talk, line(number, after=after))
    with use(EVERYTHING):
        said = [link.message.external_id for link in messages_of(case_of(9))]
    assert said == ["100", "9", "10", "12", "8"]
    assert message(8).lead.external_id == "100"
