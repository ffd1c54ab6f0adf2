"""The SOP on paper, from the desk."""

import pypdfium2
from django.test import Client
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.world import Lampung, actor

from salur.agencies.models import Member
from salur.journey.act import act
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.drafts import begin
from salur.sop.models import SopDraft
from salur.sop.versions import in_force


def texts(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def test_every_officer_prints_the_signed_version_of_their_government(sign_in: SignIn, lampung: Lampung) -> None:
    address = reverse("desk:sop-print", args=[in_force(lampung.province).pk])
    for role in ("operator", "leader"):
        answer = sign_in(role).get(address)
        assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
        assert 'filename="sop-18-case_handling-v1.pdf"' in answer["Content-Disposition"]
        assert "Disahkan pada" in texts(answer.content)[0]
    assert sign_in("operator", "diskominfo", "18.09").get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_draft_is_printed_as_it_is_now_and_marked(sign_in: SignIn, lampung: Lampung) -> None:
    browser = sign_in("coordinator", "diskominfotik")
    member: Member = browser.member  # type: ignore[attr-defined]
    with use(EVERYTHING):
        draft = act(begin, lampung.province.pk, "case_handling", actor=actor(member))
    address = reverse("desk:sop-draft-print", args=[draft.pk])
    answer = browser.get(address)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert all("RANCANGAN - belum disahkan" in text for text in texts(answer.content))
    with use(EVERYTHING):
        SopDraft.objects.filter(pk=draft.pk).update(text=draft.text.replace("Sekretariat Daerah", "Biro Contoh"))
    assert "BIRO CONTOH" in texts(browser.get(address).content)[0]
    with use(EVERYTHING):
        SopDraft.objects.filter(pk=draft.pk).update(text="title: {}")
    broken = browser.get(address)
    assert broken.status_code == 409 and "perbaiki" in broken.content.decode()
    assert sign_in("leader", "diskominfo", "18.09").get(address).status_code == 404
