"""A citizen and an agency talk by real mail, and the whole talk is one case."""

import email
from email.message import EmailMessage
from email.policy import default

import pytest
from tests.servers.mail import MailPair
from tests.world import Lampung, actor

from salur.cases.handle import verify
from salur.cases.models import Case, CaseMessage
from salur.channels.connect import connect
from salur.channels.health import check
from salur.intake.poll import due_to_poll, poll
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch
from salur.publishing.queries import stuck
from salur.publishing.replies import approve, draft

pytestmark = pytest.mark.servers


@pytest.fixture
def pair(lampung: Lampung, mail_pair: MailPair) -> MailPair:
    mail_pair.empty("opd")
    mail_pair.empty("warga")
    with use(EVERYTHING):
        account = connect(
            lampung.agency("bmbk"),
            "email",
            "opd@lampung.test",
            settings=mail_pair.account_settings(),
            credentials=mail_pair.credentials(),
        )
        assert check(account).ok
    return mail_pair


def arrive() -> None:
    with use(EVERYTHING):
        for account in due_to_poll():
            poll(account)
    run_until_quiet()


def letters(pair: MailPair, at_least: int) -> list[EmailMessage]:
    found = [email.message_from_bytes(octets, policy=default) for octets in pair.mails("warga", at_least)]
    return [one for one in found if isinstance(one, EmailMessage)]


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def only_case() -> Case:
    with use(EVERYTHING):
        return Case.objects.select_related("agency").get()


def test_the_whole_talk_is_one_case_in_the_citizens_own_thread(lampung: Lampung, pair: MailPair) -> None:
    operator, approver = actor(lampung.officer("op", "operator")), actor(lampung.officer("ap", "approver"))
    pair.write(
        "Jalan provinsi berlubang.", "Lubang", Message_ID="<asal@warga.test>", Date="Tue, 24 Nov 2026 09:00:00 +0700"
    )
    pair.mails("opd", 1)
    arrive()
    case = only_case()
    assert case.agency is not None and (case.channel, case.agency.code) == ("email", "bmbk")

    [ack] = letters(pair, 1)
    assert case.number in body(ack) and "Dinas Bina Marga dan Bina Konstruksi" in body(ack)
    assert ack["In-Reply-To"] == "<asal@warga.test>" and "<asal@warga.test>" in ack["References"]
    assert ack["Auto-Submitted"] == "auto-replied"

    act(verify, case.pk, actor=operator)
    reply = act(draft, case.pk, purpose="answer", text="Sudah kami tambal.", actor=operator)
    act(approve, reply.pk, actor=approver)
    run_until_quiet()
    answer = letters(pair, 2)[1]
    assert "Sudah kami tambal." in body(answer) and answer["In-Reply-To"] == "<asal@warga.test>"
    assert answer["Auto-Submitted"] in (None, "no")
    assert only_case().status == "answered"

    pair.write(
        "Masih ada yang berlubang.",
        "Judul lain",
        In_Reply_To=str(answer["Message-ID"]),
        Message_ID="<balasan@warga.test>",
        Date="Wed, 25 Nov 2026 09:00:00 +0700",
        to=str(answer["Reply-To"]),
    )
    pair.mails("opd", 4)  # our two copies, the report, the answer to it
    arrive()
    again = only_case()
    assert (again.status, again.closes_at) == ("in_progress", None)
    with use(EVERYTHING):
        said = [link.message.text for link in CaseMessage.objects.select_related("message").order_by("id")]
    assert said[1] == "Masih ada yang berlubang."
    assert len(letters(pair, 2)) == 2, "an answer to us is not acknowledged again"
    arrive()
    assert len(letters(pair, 2)) == 2 and len(pair.mails("opd", 4)) == 4, "our own copies start no loop"


def test_a_bounce_turns_the_sending_visible_as_failed(lampung: Lampung, pair: MailPair) -> None:
    lines = ["From: Tak Ada <hilang@tidak-ada.test>", "To: opd@lampung.test", "Subject: Lampu"]
    lines += ["Message-ID: <x1@tidak-ada.test>", "Date: Tue, 24 Nov 2026 09:00:00 +0700", "", "Lampu jalan mati.", ""]
    pair.deliver("\r\n".join(lines).encode(), sender="warga@warga.test")
    pair.mails("opd", 1)
    arrive()
    with use(EVERYTHING):
        sent = Dispatch.objects.get()
        assert sent.state in ("sent", "failed")
    pair.mails("opd", 2)
    for _ in range(20):
        arrive()
        with use(EVERYTHING):
            if Dispatch.objects.get().state == "failed":
                break
        pair.mails("opd", 3, seconds=1)
    with use(EVERYTHING):
        assert [one.state for one in stuck()] == ["failed"]
        assert Case.objects.count() == 1
