"""Looking at what was not understood: nobody's words without a trace, and no name where it was not to be known."""

import json
from typing import Any

import pytest
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.world import Lampung, actor

from salur.channels.ports import Raw
from salur.intake.accept import accept
from salur.intake.look import look
from salur.intake.models import Delivery
from salur.intake.replay import NotQuarantined
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use

PERSON = {"name": "Siti Rahasia", "email": "siti@x.example", "phone": "081234567890", "contact": "tetangga Budi"}


def quarantined(
    lampung: Lampung, body: bytes, content_type: str = "application/json", platform: str = "web"
) -> Delivery:
    with use(EVERYTHING):
        one = accept(lampung.account(platform), Raw("q", body, content_type))
        assert one is not None
        run_until_quiet()
        return Delivery.objects.get(pk=one.pk, state="quarantined")


def form(**more: Any) -> bytes:
    return json.dumps({"form_id": "q", "text": "Bau busuk.", "government": "18", **PERSON, **more}).encode()


def looks(one: Delivery) -> list[str]:
    return [fact.actor for fact in ledger.journal(f"delivery:{one.pk}") if fact.kind == "delivery.looked_at"]


def test_the_page_shows_the_outline_and_no_words_until_it_is_asked_and_keeps_who_asked(
    sign_in: SignIn, lampung: Lampung
) -> None:
    one = quarantined(lampung, form(**{"Siti <siti@x.example>": 1}))
    coordinator = sign_in("coordinator", "diskominfotik")
    address = reverse("desk:delivery", args=[one.pk])
    page = coordinator.get(address).content.decode()
    assert "form_id: str (1)" in page and "text: str (10)" in page and "spoken_at" in page
    assert [word for word in ("Bau busuk", *PERSON.values()) if word in page] == []
    assert looks(one) == []
    shown = coordinator.post(address)
    assert "Bau busuk" in shown.content.decode() and "Siti Rahasia" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert looks(one) == [actor(coordinator.member)]  # type: ignore[attr-defined]  # set by the fixture


@pytest.mark.parametrize("flag", ["anonymous", "confidential"])
@pytest.mark.parametrize("value", [True, "ya", 1])
def test_whoever_was_not_to_be_known_stays_unknown_even_then(
    sign_in: SignIn, lampung: Lampung, flag: str, value: Any
) -> None:
    one = quarantined(lampung, form(**{flag: value}, inner={"name": "Siti Rahasia"}))
    page = sign_in("administrator", "diskominfotik").post(reverse("desk:delivery", args=[one.pk])).content.decode()
    assert "Bau busuk" in page
    assert [word for word in PERSON.values() if word in page] == []


@pytest.mark.parametrize("cut", [1, 12, 60])
def test_a_broken_form_hides_them_too(lampung: Lampung, cut: int) -> None:
    whole = json.dumps({"text": "Bau", "anonymous": True, "ticked": 1, "phone": 81234567890, **PERSON}).encode()
    one = quarantined(lampung, whole[:-cut])
    shown = act(look, one.pk, actor="member:1")
    assert "Bau" in shown
    assert [word for word in ("Siti", "siti@x", "8123456", "Budi", "tetangga") if word in shown] == []


def test_of_a_mail_the_outline_names_the_fields(sign_in: SignIn, lampung: Lampung) -> None:
    one = quarantined(lampung, b"Received: by x\nSubject: Siti Rahasia\nX-Odd: 1\n\nFrom: isi surat", "message/rfc822")
    page = sign_in("coordinator", "diskominfotik").get(reverse("desk:delivery", args=[one.pk])).content.decode()
    assert "<code>Subject</code>" in page and "<code>X-Odd</code>" in page
    assert "Siti" not in page and "isi surat" not in page and "<code>From</code>" not in page


def test_what_was_understood_is_read_in_its_case(sign_in: SignIn, lampung: Lampung) -> None:
    case = lampung.report("satu", name="Siti Rahasia")
    with use(EVERYTHING):
        one = Delivery.objects.get(external_id="satu")
    with pytest.raises(NotQuarantined):
        act(look, one.pk, actor="member:1")
    page = sign_in("coordinator", "diskominfotik").post(reverse("desk:delivery", args=[one.pk])).content.decode()
    assert case.title not in page and "Siti Rahasia" not in page and looks(one) == []
