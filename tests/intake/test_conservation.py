"""received = understood + ignored + quarantined + waiting, whatever comes in and whatever fails."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.world import Lampung, known_lampung, ready_lampung

from salur.channels.platforms.web.adapter import WebPlatform
from salur.channels.ports import AccountView, Raw
from salur.intake.accept import accept
from salur.intake.models import Delivery, Message
from salur.intake.queries import conservation, quarantined
from salur.intake.replay import NotQuarantined, replay
from salur.intake.understand import TRIES
from salur.journey.act import act
from salur.journey.worker import run_until_quiet, take_some
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use


def form(form_id: str, **more: Any) -> Raw:
    body = {
        "form_id": form_id,
        "text": "Lampu jalan mati.",
        "government": "18",
        "spoken_at": "2026-11-24T09:00:00+07:00",
    }
    return Raw(form_id, json.dumps(body | more).encode(), "application/json")


def take(lampung: Lampung, *raws: Raw) -> None:
    account = lampung.account("web")
    with use(EVERYTHING):
        for raw in raws:
            accept(account, raw)


class AnythingComesIn(TestCase):
    """The law, over forms, rubbish and repeats."""

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(["a", "b", "c"])), max_size=8))
    def test_every_delivery_is_accounted_for(self, things: list[bytes | str]) -> None:
        lampung = known_lampung() or ready_lampung()
        raws = [form(one) if isinstance(one, str) else Raw(f"x{one.hex()}", one, "application/json") for one in things]
        take(lampung, *raws)
        with use(EVERYTHING):
            waiting = conservation()
            assert waiting.holds and waiting.received == waiting.waiting == len({raw.external_id for raw in raws})
        run_until_quiet()
        with use(EVERYTHING):
            found = conservation()
            assert found.holds and found.waiting == 0 and found.received == waiting.received
            assert found.understood == len({one for one in things if isinstance(one, str)})


def test_the_same_form_twice_is_one_case(lampung: Lampung) -> None:
    take(lampung, form("satu"), form("satu"))
    run_until_quiet()
    take(lampung, form("satu"))
    run_until_quiet()
    with use(EVERYTHING):
        assert Message.objects.count() == 1


def test_a_bad_delivery_is_quarantined_with_its_reason_and_never_blocks_the_next(lampung: Lampung) -> None:
    take(lampung, form("buruk", spoken_at="kemarin sore"), form("baik"))
    run_until_quiet()
    with use(EVERYTHING):
        assert [message.external_id for message in Message.objects.all()] == ["baik"]
        [bad] = quarantined()
        assert (bad.external_id, bad.reason) == ("buruk", "unreadable") and "spoken_at" in bad.detail
        assert bytes(bad.body) == form("buruk", spoken_at="kemarin sore").body


def test_what_only_our_program_fails_on_is_tried_again_then_quarantined_then_replayed(
    lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse, calls = WebPlatform.parse, []

    def broken(self: WebPlatform, account: AccountView, raw: Raw) -> Any:
        calls.append(raw.external_id)
        raise RuntimeError("sebuah cacat")

    monkeypatch.setattr(WebPlatform, "parse", broken)
    take(lampung, form("satu"))
    for step in range(TRIES):
        with clock.turned_to(clock.now() + timedelta(minutes=10 * step)):
            take_some()
    assert calls == ["satu"] * TRIES
    with use(EVERYTHING):
        [bad] = quarantined()
        assert bad.reason == "error" and "RuntimeError" in bad.detail and "cacat" not in bad.detail
    monkeypatch.setattr(WebPlatform, "parse", parse)
    act(replay, bad.pk, actor="member:1")
    run_until_quiet()
    with use(EVERYTHING):
        assert Delivery.objects.get(pk=bad.pk).state == "understood"
        assert Message.objects.count() == 1
    with pytest.raises(NotQuarantined):
        act(replay, bad.pk, actor="member:1")


@pytest.mark.parametrize(
    "text",
    ["😡😡😡", "a" * 100_000, "nul \x00 di tengah", "setengah \ud800 pasang", "<script>alert(1)</script>", " x "],
)
def test_odd_texts_become_cases(lampung: Lampung, text: str) -> None:
    take(lampung, form("aneh", text=text))
    run_until_quiet()
    with use(EVERYTHING):
        message = Message.objects.get()
        assert message.text and "\x00" not in message.text
        assert conservation().understood == 1
