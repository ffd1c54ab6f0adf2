"""Whoever releases an answer sees how it goes out, for as few statements with five voices as with one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.conftest import signed_in
from tests.publishing.conftest import DIRECT, PRIVATE, PUBLIC, Town, open_town
from tests.world import Lampung, actor

from salur.cases.models import Case, CaseMessage, Voice
from salur.channels.ways import TextLimit, Way
from salur.intake.models import Message, Signal
from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.crypto import blind_index
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.asked import OneByOne, Together
from salur.publishing.models import Dispatch
from salur.publishing.replies import draft
from salur.publishing.spend import set_cap

PAID = Way("template", TextLimit(300), window=timedelta(days=1), opened_by="person", cost=5_000)
"""Everything that a rule of a platform can ask about stands in these ways: place, window, once, price, person."""


@pytest.fixture
def town(lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> Town:
    town = open_town(lampung, monkeypatch)
    town.street.ways(replace(PUBLIC, summoned=True), PRIVATE, DIRECT, PAID)
    with use(EVERYTHING):
        set_cap(lampung.province, 50_000_000)
    return town


def more_voices(case: Case, number: int) -> None:
    """So many more citizens who said the same under the same post."""
    with use(EVERYTHING):
        first = CaseMessage.objects.select_related("message", "voice").get(case=case)
        for n in range(number):
            address = f"psid-{n + 20}"
            voice = Voice.objects.get(pk=first.voice_id)
            voice.pk, voice.name, voice.address, voice.address_index = None, f"Warga {n}", address, blind_index(address)
            voice.save()
            message = Message.objects.get(pk=first.message_id)
            message.pk, message.external_id, message.sender_index = None, f"lagi-{n}", blind_index(address)
            message.save()
            CaseMessage.objects.create(government_id=case.government_id, case=case, message=message, voice=voice)


@pytest.mark.parametrize("voices", [1, 5, 8])
def test_the_page_of_a_public_comment_costs_at_most_twelve_queries(town: Town, voices: int) -> None:
    case = town.says("k1", answer_at={"summoned": True})
    more_voices(case, voices - 1)
    with use(EVERYTHING):
        Case.objects.filter(pk=case.pk, agency=None).update(agency=town.author.agency)
    reply = act(draft, case.pk, purpose="answer", text="Sudah ditambal.", actor=actor(town.author))
    browser = signed_in(town.approver)
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(reverse("desk:reply", args=[reply.pk]))
    ways = page.context["ways"]
    assert [one.way for one in ways.voices] == ["public_reply"] * min(voices, 5) and ways.choice
    assert ways.others == max(0, voices - 5)
    assert len(queries) <= 12, [query["sql"][:150] for query in queries]


@pytest.mark.parametrize("blocked", [False, True])
@pytest.mark.parametrize("spoke_in_private", [False, True])
@pytest.mark.parametrize("used", [False, True])
@pytest.mark.parametrize("cap", [0, 50_000_000])
def test_what_is_asked_together_is_what_is_asked_one_by_one(
    town: Town, blocked: bool, spoke_in_private: bool, used: bool, cap: int
) -> None:
    case = town.says("k1", "Lubang di jalan, telepon 081234567890", answer_at={"summoned": True})
    more_voices(case, 2)
    if spoke_in_private:
        town.says("p1", audience="private")
    if used:
        with use(EVERYTHING):
            Dispatch.objects.filter(reply__case=case).update(state="sent", way="private_reply")
    with use(EVERYTHING):
        set_cap(town.lampung.province, cap)
        if blocked:
            delivery = Message.objects.get(external_id="k1").delivery
            about, at = blind_index("psid-7"), clock.now()
            values = {"government": town.lampung.province, "account": town.account, "delivery": delivery}
            Signal.objects.create(**values, about=about, kind="unblocked", at=at - timedelta(hours=1))
            Signal.objects.create(**values, about=about, kind="blocked", at=at)
        one, together = OneByOne(), Together(case, 5)
        handed = Together(case, 5, ledger.journal(case.stream))
        assert len(together.voices) == len(handed.voices) == 3 and together.people(case) == one.people(case)
        assert "Contoh Warga" in together.people(case).names
        for voice in together.voices:
            who = voice.account_id, voice.address_index
            assert together.may_be_written_to(*who) is one.may_be_written_to(*who)
            assert together.last_private_word(*who) == one.last_private_word(*who)
            message = together.last[voice.pk].pk
            assert together.private_reply_used(message, None) is one.private_reply_used(message, None)
        assert together.answer_in(case) == handed.answer_in(case) == one.answer_in(case)
        government = town.lampung.province
        assert together.money_left(government, hold=False) == one.money_left(government, hold=False) == cap
        first = together.voices[0]
        assert together.may_be_written_to(first.account_id, first.address_index) is not blocked
        assert together.private_reply_used(together.last[first.pk].pk, None) is used
        assert (together.last_private_word(first.account_id, first.address_index) is not None) is spoke_in_private
