"""A message continues a case by proof: token, our own message id, or the same sender's earlier message."""

import json

import pytest
from tests.world import Lampung

from salur.cases.closing import close
from salur.cases.handle import NotPossible, admit
from salur.cases.models import Case, CaseMessage, Voice
from salur.cases.queries import messages_of, messages_without_case
from salur.cases.thread import thread_token
from salur.channels.connect import connect
from salur.channels.models import Account
from salur.channels.ports import Raw
from salur.intake.accept import accept
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch
from salur.publishing.replies import approve, draft

ADDRESS = "bmbk@lampung.test"


@pytest.fixture
def mailbox(lampung: Lampung) -> Account:
    with use(EVERYTHING):
        account = connect(lampung.agency("bmbk"), "email", ADDRESS, settings={"imap_host": "x", "smtp_host": "x"})
        return Account.objects.select_related("agency", "government").get(pk=account.pk)


def write(account: Account, number: int, *, sender: str = "siti@warga.test", to: str = ADDRESS, **fields: str) -> Case:
    """A mail comes in; returns the case it ended in. Nothing can be sent from this account, and nothing is."""
    header = {"From": f"Siti <{sender}>", "To": to, "Subject": "Jalan rusak", "Message-ID": f"<m{number}@warga.test>"}
    header |= {"Date": "Tue, 24 Nov 2026 09:00:00 +0700"} | {name.replace("_", "-"): v for name, v in fields.items()}
    body = "".join(f"{name}: {value}\r\n" for name, value in header.items()) + "\r\nJalan provinsi berlubang.\r\n"
    with use(EVERYTHING):
        accept(account, Raw(f"m{number}@warga.test", body.encode(), "message/rfc822"))
    run_until_quiet()
    with use(EVERYTHING):
        return CaseMessage.objects.select_related("case").get(message__external_id__contains=f"m{number}@").case


def sent_id(case: Case) -> str:
    """The Message-ID under which our first mail about a case leaves."""
    with use(EVERYTHING):
        return f"<salur.{Dispatch.objects.filter(reply__case=case).order_by('id')[0].once_key}@lampung.test>"


def test_subject_and_sender_alone_join_nothing(mailbox: Account) -> None:
    first = write(mailbox, 1)
    assert write(mailbox, 2, Subject=f"Re: Jalan rusak [{first.number}]") != first


def test_an_answer_to_our_mail_joins_whatever_its_subject(mailbox: Account) -> None:
    first = write(mailbox, 1)
    assert write(mailbox, 2, In_Reply_To=sent_id(first), Subject="lain sama sekali") == first


def test_an_answer_from_another_address_joins_as_another_voice(mailbox: Account) -> None:
    first = write(mailbox, 1)
    assert write(mailbox, 2, sender="anak.siti@warga.test", References=sent_id(first)) == first
    with use(EVERYTHING):
        assert Voice.objects.filter(case=first).count() == 2


def test_the_signed_plus_address_joins_and_a_forged_one_does_not(mailbox: Account) -> None:
    first = write(mailbox, 1)
    token = thread_token(first)
    assert write(mailbox, 2, to=f"bmbk+{token}@lampung.test") == first
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert write(mailbox, 3, to=f"bmbk+{forged}@lampung.test") != first


def test_a_strangers_reference_to_a_citizens_mail_joins_nothing(mailbox: Account) -> None:
    first = write(mailbox, 1)
    assert write(mailbox, 2, sender="orang.lain@warga.test", In_Reply_To="<m1@warga.test>") != first
    assert write(mailbox, 3, In_Reply_To="<m1@warga.test>") == first


def test_a_message_on_a_closed_case_opens_it_again(lampung: Lampung) -> None:
    case = lampung.report("satu")
    act(close, case.pk, by="citizen", outcome="completed", reason="selesai", actor="citizen")
    with use(EVERYTHING):
        assert Case.objects.get(pk=case.pk).status == "closed"
    say(lampung.account("web"), case, "lagi")
    with use(EVERYTHING):
        again = Case.objects.get(pk=case.pk)
    assert (again.status, again.closed_at) == ("in_progress", None)
    assert [fact.kind for fact in ledger.journal(case.stream) if fact.kind in ("case.reopened", "message.joined")] == [
        "case.reopened",
        "message.joined",
    ]


def say(account: Account, case: Case, form_id: str) -> None:
    body = {
        "form_id": form_id,
        "text": "Masih rusak.",
        "government": "18",
        "spoken_at": "2026-11-24T10:00:00+07:00",
        "thread_token": thread_token(case),
    }
    with use(EVERYTHING):
        accept(account, Raw(form_id, json.dumps(body).encode(), "application/json"))
    run_until_quiet()


def test_a_further_sender_hears_nothing_until_an_officer_admits_them(mailbox: Account) -> None:
    first = write(mailbox, 1)
    write(mailbox, 2, sender="anak.siti@warga.test", References=sent_id(first))
    reply = act(draft, first.pk, purpose="progress", text="Kabar.", actor="member:1")
    act(approve, reply.pk, actor="member:2")
    run_until_quiet()
    with use(EVERYTHING):
        assert Dispatch.objects.filter(reply=reply).count() == 1
        stranger = Voice.objects.get(case=first, told=False)
    act(admit, first.pk, voice_id=stranger.pk, actor="member:1")
    reply = act(draft, first.pk, purpose="progress", text="Kabar lagi.", actor="member:1")
    act(approve, reply.pk, actor="member:2")
    run_until_quiet()
    with use(EVERYTHING):
        assert Dispatch.objects.filter(reply=reply).count() == 2
    with pytest.raises(NotPossible):
        act(admit, first.pk, voice_id=stranger.pk, actor="member:1")


def test_a_token_of_another_government_opens_a_case_of_ones_own(lampung: Lampung) -> None:
    case = lampung.report("satu")
    other = lampung.report("dua", government="18.09", thread_token=thread_token(case))
    assert other.pk != case.pk and other.government_id == lampung.regency.pk


def test_a_letter_to_two_mailboxes_is_one_case_with_one_voice(lampung: Lampung, mailbox: Account) -> None:
    with use(EVERYTHING):
        second = connect(lampung.agency("dinkes"), "email", "dinkes@lampung.test", settings=mailbox.settings)
        second = Account.objects.select_related("agency", "government").get(pk=second.pk)
    first = write(mailbox, 1)
    body = b"From: Siti <siti@warga.test>\r\nTo: dinkes@lampung.test\r\nSubject: Jalan rusak\r\n"
    body += b"Message-ID: <m1@warga.test>\r\nDate: Tue, 24 Nov 2026 09:00:00 +0700\r\n\r\nJalan provinsi berlubang.\r\n"
    with use(EVERYTHING):
        accept(second, Raw("m1@warga.test", body, "message/rfc822"))
    run_until_quiet()
    with use(EVERYTHING):
        assert Case.objects.count() == 1 and Voice.objects.filter(case=first).count() == 1
        assert len(messages_of(first)) == 1 and messages_without_case() == 0
        assert Dispatch.objects.count() == 1
