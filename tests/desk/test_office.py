"""Quarantine, officers, files, and the sentences of refusals."""

import ast
from pathlib import Path

from django.contrib.auth import authenticate
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from tests.desk.conftest import SignIn
from tests.world import PASSWORD, Lampung

import salur
from salur.agencies.models import Member
from salur.cases.models import CaseMessage
from salur.channels.ports import Raw
from salur.desk.refusals import SENTENCES
from salur.intake.accept import accept
from salur.intake.files import path_of
from salur.intake.models import Delivery, StoredFile
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.horizon import MISSING

SOURCE = Path(salur.__file__).parent


def test_what_was_not_understood_is_shown_as_text_and_tried_again(sign_in: SignIn, lampung: Lampung) -> None:
    coordinator = sign_in("coordinator", "diskominfotik")
    with use(EVERYTHING):
        bad = accept(lampung.account("counter"), Raw("rusak", b"<script>x</script>\x00\xff" * 300, "application/json"))
        assert bad is not None
    run_until_quiet()
    with use(EVERYTHING):
        assert Delivery.objects.get(pk=bad.pk).state == "quarantined"
    listed = coordinator.get(reverse("desk:quarantine")).content.decode()
    assert reverse("desk:delivery", args=[bad.pk]) in listed
    shown = coordinator.post(reverse("desk:delivery", args=[bad.pk]))
    assert "<script>x" not in shown.content.decode() and "&lt;script&gt;x" in shown.content.decode()
    assert len(shown.context["content"]) <= 2048 and shown.context["size"] == 6000
    again = reverse("desk:delivery-replay", args=[bad.pk])
    assert "Sedang dicoba lagi" in coordinator.post(again, follow=True).content.decode()
    assert "sudah sedang dicoba lagi" in coordinator.post(again, follow=True).content.decode()
    with use(EVERYTHING):
        assert Delivery.objects.get(pk=bad.pk).state == "received"


def test_an_administrator_adds_an_officer_who_can_sign_in(sign_in: SignIn, lampung: Lampung) -> None:
    administrator = sign_in("administrator", "diskominfotik")
    form = {
        "name": "Contoh Petugas",
        "username": "contoh",
        "role": "operator",
        "agency": lampung.agency("dishub").pk,
        "password": PASSWORD,
    }
    assert administrator.post(reverse("desk:members"), form).status_code == 302
    with use(EVERYTHING):
        added = Member.objects.select_related("agency").get(user__username="contoh")
        assert (added.agency.code, added.role, added.government_id) == ("dishub", "operator", lampung.province.pk)
    request = RequestFactory().post("/")
    assert authenticate(request, username="contoh", password=PASSWORD) == added.user
    assert "Contoh Petugas" in administrator.get(reverse("desk:members")).content.decode()
    twice = administrator.post(reverse("desk:members"), form | {"password": "12345678"})
    assert set(twice.context["form"].errors) == {"username", "password"}
    foreign = administrator.post(reverse("desk:members"), form | {"agency": lampung.agency("diskominfo", "18.09").pk})
    assert set(foreign.context["form"].errors) == {"agency"}


def test_a_file_is_only_ever_a_download(sign_in: SignIn, lampung: Lampung) -> None:
    case = lampung.report("berkas")
    with use(EVERYTHING):
        link = CaseMessage.objects.get(case=case)
        default_storage.save(path_of("cd" * 32), ContentFile(b"<svg onload=alert(1)>"))
        file = StoredFile.objects.create(
            government=link.government,
            message_id=link.message_id,
            name='a"<b>.svg',
            content_type="image/svg+xml",
            size=21,
            sha256="cd" * 32,
        )
    operator = sign_in("operator")
    response = operator.get(reverse("desk:file", args=[file.pk]))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert b"".join(response.streaming_content) == b"<svg onload=alert(1)>"
    assert "a&quot;&lt;b&gt;.svg" in operator.get(reverse("desk:case", args=[case.number])).content.decode()


def raised(place: str, name: str) -> set[str]:
    """The plain sentences with which a file raises an error of this name."""
    tree = ast.parse((SOURCE / place).read_text())
    return {
        str(node.exc.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and getattr(node.exc.func, "id", "") == name
        and node.exc.args
        and isinstance(node.exc.args[0], ast.Constant)
    }


def test_every_refusal_of_a_verb_is_said_in_indonesian() -> None:
    sentences = set(MISSING.values())
    for place in ("handle", "closing", "schedule", "evidence", "correct"):
        sentences |= raised(f"cases/{place}.py", "NotPossible")
    for place in ("bound", "closing", "handover", "horizon"):
        sentences |= raised(f"sop/{place}.py", "NotPossible")
    sentences |= raised("publishing/replies.py", "NotAllowed") | raised("publishing/dispatch.py", "NotAllowed")
    assert len(sentences) > 10 and sentences <= set(SENTENCES)
    with translation.override("id"):
        assert [sentence for sentence in SENTENCES if gettext(sentence) == sentence] == []
