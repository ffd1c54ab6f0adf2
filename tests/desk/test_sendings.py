"""How a sending went, on the case page and in the list of what needs a person; and taking an answer back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.publishing.conftest import DIRECT, PUBLIC, Town, open_town
from tests.world import Lampung

from salur.cases.models import Case
from salur.channels.ways import TextLimit, Way
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Reply
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
    assert undo not in page(operator, case), "who may not release may not take back"
    assert operator.post(undo).status_code == 404
    assert "Ditarik kembali" in approver.post(undo, follow=True).content.decode()
    with use(EVERYTHING):
        assert Reply.objects.get(pk=reply.pk).state == "draft"
    assert undo not in page(approver, case)


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
