"""How a sending went, on the case page and in the list of what needs a person; and taking an answer back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.conftest import SignIn
from tests.publishing.conftest import DIRECT, PRIVATE, PUBLIC, Town, open_town
from tests.world import Lampung

from salur.cases.models import Case
from salur.channels.ports import SendFailed
from salur.channels.ways import TextLimit, Way
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch, Reply
from salur.publishing.outbox import UNDO
from salur.publishing.replies import draft


@pytest.fixture
def town(lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> Town:
    return open_town(lampung, monkeypatch)


@pytest.fixture
def operator(sign_in: SignIn) -> Client:
    return sign_in("operator")


def page(browser: Client, case: Case) -> str:
    return browser.get(reverse("desk:case", args=[case.number])).content.decode()


def test_way_parts_cost_and_ticks_are_shown(town: Town, operator: Client) -> None:
    town.street.ways(Way("direct", TextLimit(300, parts=3), cost=20_000))
    case = town.says("p1", audience="private")
    run_until_quiet()
    found = town.sent(case, "Lubang ditambal bertahap. " * 25)
    shown = page(operator, case)
    assert "pesan pribadi, dalam 3 pesan, USD 0,060" in " ".join(shown.split()) and "terkirim" in shown
    town.tell(**{"is": "receipt", "about": found.external_id, "status": "delivered"})
    assert "sudah sampai" in page(operator, case)
    town.tell(**{"is": "receipt", "about": found.external_id, "status": "read"})
    shown = page(operator, case)
    assert "sudah dibaca" in shown and "menerima kabar bahwa warga sudah membacanya" in shown


def test_what_is_not_permitted_leads_there_and_is_confirmed(town: Town, operator: Client) -> None:
    town.street.ways(replace(PUBLIC, summoned=True))
    case = town.says("k1", answer_at={"summoned": False})
    found = town.sent(case)
    listed = operator.get(reverse("desk:outbox")).content.decode()
    assert "platform hanya mengizinkan jawaban kepada yang menyebut akun kita" in listed
    assert 'href="https://s.test/k1"' in listed and "Sudah saya jawab di sana" in listed
    assert "tidak boleh dikirim lewat aplikasi ini" in page(operator, case)
    address = reverse("desk:dispatch-decide", args=[found.pk])
    assert operator.post(address, {"went_out": "yes", "back": "outbox"}).status_code == 302
    assert town.dispatch(found.reply).state == "sent"


def test_a_released_answer_is_taken_back_on_the_case_page(
    town: Town,
    operator: Client,
    sign_in: SignIn,
) -> None:
    approver = sign_in("approver")
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    with use(EVERYTHING):
        Case.objects.filter(pk=case.pk).update(agency=town.author.agency)
    reply = act(draft, case.pk, purpose="answer", text="Sudah.", actor="member:999")
    address = reverse("desk:reply", args=[reply.pk])
    seen = approver.get(address).context["seen"]
    shown = approver.post(address, {"seq": seen, "decision": "approve"}, follow=True).content.decode()
    undo = reverse("desk:reply-withdraw", args=[reply.pk])
    assert undo in shown and "Tarik kembali" in shown
    with use(EVERYTHING):
        released_at = Reply.objects.get(pk=reply.pk).approved_at
    assert released_at is not None
    until = timezone.localtime(released_at + UNDO)
    assert f"Jawaban dikirim pukul {until:%H:%M:%S}" in shown
    assert shown.index(undo) < shown.index("<h1"), "it stands at the top"
    assert 0 <= int(shown.split('data-undo="')[1].split('"')[0]) <= 10
    assert undo not in page(operator, case), "who may not release may not take back"
    assert operator.post(undo).status_code == 404
    assert "Ditarik kembali" in approver.post(undo, follow=True).content.decode()
    with use(EVERYTHING):
        assert Reply.objects.get(pk=reply.pk).state == "submitted"
    shown = page(approver, case)
    assert undo not in shown and "Ditarik kembali sebelum terkirim" in shown and "Dikembalikan" not in shown
    assert address in shown, "the approver may release it again"
    again = approver.get(address)
    assert "Ditarik kembali sebelum terkirim: tidak ada yang keluar." in again.content.decode()
    approver.post(address, {"seq": again.context["seen"], "decision": "approve"})
    with use(EVERYTHING):
        assert Reply.objects.get(pk=reply.pk).state == "approved"


def test_too_late_is_a_sentence(town: Town, sign_in: SignIn) -> None:
    approver = sign_in("approver")
    case = town.says("k1")
    reply = town.answers(case)
    with clock.turned_to(clock.now() + timedelta(seconds=11)):
        told = approver.post(reverse("desk:reply-withdraw", args=[reply.pk]), follow=True).content.decode()
    assert "Sudah terlambat untuk menariknya kembali" in told


def test_personal_data_is_refused_in_words(town: Town, operator: Client) -> None:
    case = town.says("k1")
    with use(EVERYTHING):
        Case.objects.filter(pk=case.pk).update(agency=town.author.agency)
    address = reverse("desk:case-draft", args=[case.number])
    seen = operator.get(address).context["seen"]
    answer = operator.post(address, {"seq": seen, "purpose": "answer", "text": "Pak Contoh, sudah."})
    assert "hapus nama warga" in answer.content.decode()


def with_agency(town: Town, case: Case) -> Case:
    with use(EVERYTHING):
        Case.objects.filter(pk=case.pk).update(agency=town.author.agency)
    return case


def test_the_draft_tells_how_it_goes_out_and_what_the_citizen_reads(town: Town, operator: Client) -> None:
    town.street.ways(Way("direct", TextLimit(300, parts=3), cost=20_000))
    case = with_agency(town, town.says("p1", audience="private"))
    address = reverse("desk:case-draft", args=[case.number])
    first = operator.get(address)
    assert "pesan pribadi" in first.content.decode() and "Tempat menjawab" not in first.content.decode()
    written = {
        "seq": first.context["seen"],
        "purpose": "answer",
        "text": "Lubang ditambal bertahap. " * 25,
        "look": "yes",
    }
    looked = " ".join(operator.post(address, written).content.decode().split())
    assert "dalam 3 pesan, USD 0,060" in looked and "Lubang ditambal bertahap." in looked
    with use(EVERYTHING):
        assert not Reply.objects.filter(case=case, purpose="answer").exists(), "nothing is written"
        assert not Dispatch.objects.filter(reply__case=case, reply__purpose="answer").exists()


def test_the_drafter_chooses_private_and_the_approver_sees_it(town: Town, operator: Client, sign_in: SignIn) -> None:
    town.street.ways(PUBLIC, PRIVATE)
    case = with_agency(town, town.says("k1"))
    address = reverse("desk:case-draft", args=[case.number])
    first = operator.get(address)
    shown = first.content.decode()
    assert "jawaban publik" in shown or "dapat dibaca semua orang" in shown
    assert first.context["form"]["answer_in"].value() == "same"
    words = {
        "seq": first.context["seen"],
        "purpose": "answer",
        "text": "Sudah, Pak Contoh Warga.",
        "answer_in": "private_first",
    }
    assert operator.post(address, words).status_code == 302, "a name may be said where only its bearer reads"
    with use(EVERYTHING):
        reply = Reply.objects.get(case=case, purpose="answer")
    approver = sign_in("approver")
    judged = approver.get(reverse("desk:reply", args=[reply.pk]))
    shown = judged.content.decode()
    assert "Penulis ingin jawaban ini disampaikan secara pribadi." in shown
    assert "balasan pribadi" in shown and "dapat dibaca semua orang" not in shown
    approver.post(reverse("desk:reply", args=[reply.pk]), {"seq": judged.context["seen"], "decision": "approve"})
    run_until_quiet()
    assert town.dispatch(reply).way == "private_reply"


def test_a_way_that_is_closed_is_said_before_the_release(town: Town, operator: Client) -> None:
    town.street.ways(replace(PUBLIC, summoned=True))
    case = with_agency(town, town.says("k1", answer_at={"summoned": False}))
    shown = operator.get(reverse("desk:case-draft", args=[case.number])).content.decode()
    assert "tidak bisa sekarang" in shown
    assert "platform hanya mengizinkan jawaban kepada yang menyebut akun kita" in shown
    assert "Petugas dapat menjawab di aplikasi platform itu sendiri." in shown


def test_the_pages_of_a_draft_stay_cheap(town: Town, operator: Client, sign_in: SignIn) -> None:
    case = with_agency(town, town.says("k1"))
    reply = act(draft, case.pk, purpose="answer", text="Sudah.", actor="member:999")
    approver = sign_in("approver")
    for browser, address in (
        (operator, reverse("desk:case-draft", args=[case.number])),
        (approver, reverse("desk:reply", args=[reply.pk])),
    ):
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            browser.get(address)
        assert len(asked) <= 20, "\n".join(one["sql"][:400] for one in asked)


def test_the_platform_s_own_reason_is_shown_beside_ours(town: Town, operator: Client) -> None:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    run_until_quiet()
    told = "Messenger: the conversation is not known here (code 100)"
    town.street.answers = iter([SendFailed(told, permanent=True, blames="way", code="100")])
    found = town.sent(case)
    assert found.state == "not_permitted"
    for shown in (operator.get(reverse("desk:outbox")).content.decode(), page(operator, case)):
        assert told in shown and "platform menolak cara menjawab ini" in shown
