"""The counter: a spoken report in one form, and the slip."""

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.world import ROAD, Lampung

from salur.cases.models import Voice
from salur.channels.connect import connect
from salur.channels.models import Account
from salur.intake.models import Delivery
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use


def filled(browser: Client, **answers: Any) -> dict[str, Any]:
    """The form as the server offers it, with what the clerk typed."""
    initial = browser.get(reverse("desk:counter")).context["form"].initial
    return {
        "form_id": str(initial["form_id"]),
        "spoken_at": initial["spoken_at"].strftime("%Y-%m-%dT%H:%M"),
        "text": ROAD,
        **answers,
    }


def test_a_spoken_report_becomes_a_case_with_a_slip(sign_in: SignIn, lampung: Lampung) -> None:
    clerk = sign_in("operator", "diskominfotik")
    form = filled(clerk, name="Contoh Warga", phone="0800000003")
    sent = clerk.post(reverse("desk:counter"), form)
    slip = reverse("desk:receipt", args=[uuid.UUID(form["form_id"])])
    assert sent.url == slip
    waiting = clerk.get(slip)
    assert not waiting.context["ready"] and 'hx-trigger="every 1s"' in waiting.content.decode()
    run_until_quiet()
    shown = clerk.get(slip)
    case = shown.context["case"]
    text = shown.content.decode()
    assert case.number in text and f"/lacak/{case.number}/" in text and "Dinas Bina Marga" in text
    assert "hx-trigger" not in text
    # The clerk's agency gave the case away at once; the slip is all they may still see of it.
    assert clerk.get(reverse("desk:case", args=[case.number])).status_code == 404
    part = clerk.get(slip, headers={"HX-Request": "true"}).content.decode()
    assert case.number in part and "<html" not in part


def test_a_form_sent_twice_is_one_case(sign_in: SignIn, lampung: Lampung) -> None:
    clerk = sign_in("operator", "diskominfotik")
    form = filled(clerk)
    clerk.post(reverse("desk:counter"), form)
    again = clerk.post(reverse("desk:counter"), form, follow=True)
    assert "tidak ada yang dicatat dua kali" in again.content.decode()
    with use(EVERYTHING):
        assert Delivery.objects.filter(external_id=form["form_id"]).count() == 1


def test_wrong_fields_keep_the_words(sign_in: SignIn, lampung: Lampung) -> None:
    clerk = sign_in("operator", "diskominfotik")
    form = filled(clerk, spoken_at="2999-01-01T08:00", email="bukan-surel", text="Kata warga yang panjang")
    response = clerk.post(reverse("desk:counter"), form)
    assert set(response.context["form"].errors) == {"spoken_at", "email"}
    assert "Kata warga yang panjang" in response.content.decode() and form["form_id"] in response.content.decode()
    with use(EVERYTHING):
        assert not Delivery.objects.filter(external_id=form["form_id"]).exists()


def test_an_agency_without_a_counter_is_told_so(sign_in: SignIn, lampung: Lampung) -> None:
    clerk = sign_in("operator", "diskominfotik")
    form = filled(clerk)
    with use(EVERYTHING):
        Account.objects.filter(platform="counter").update(state="off")
    response = clerk.post(reverse("desk:counter"), form)
    assert response.status_code == 200 and "belum memiliki loket" in response.content.decode()


def test_the_slip_of_another_agencys_counter_does_not_exist(sign_in: SignIn, lampung: Lampung) -> None:
    clerk = sign_in("operator", "diskominfotik")
    form = filled(clerk)
    clerk.post(reverse("desk:counter"), form)
    slip = reverse("desk:receipt", args=[uuid.UUID(form["form_id"])])
    assert sign_in("operator", "dishub").get(slip).status_code == 404


def test_a_clerk_with_a_telephone_says_how_the_citizen_spoke(sign_in: SignIn, lampung: Lampung) -> None:
    clerk = sign_in("operator", "diskominfotik")
    assert 'name="channel"' not in clerk.get(reverse("desk:counter")).content.decode()
    with use(EVERYTHING):
        connect(lampung.agency("diskominfotik"), "phone", "0721-481107")
    assert "Lewat telepon" in clerk.get(reverse("desk:counter")).content.decode()
    form = filled(clerk, channel="phone", name="Contoh Warga", phone="0800000003")
    slip = clerk.post(reverse("desk:counter"), form).url
    run_until_quiet()
    case = clerk.get(slip).context["case"]
    assert case.channel == "phone"
    with use(EVERYTHING):
        assert Delivery.objects.get(external_id=form["form_id"]).account.platform == "phone"
        assert Voice.objects.get(case=case).address == "0800000003"
    refused = clerk.post(reverse("desk:counter"), filled(clerk, channel="fax"))
    assert refused.status_code == 200 and refused.context["form"].errors["channel"]
