"""A message announced without its words is read once they were asked for; nothing waits for them for ever."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.world import Lampung

from salur.cases.models import Case
from salur.channels.connect import connect
from salur.channels.models import Account
from salur.channels.platforms.instagram.adapter import InstagramPlatform
from salur.channels.ports import AccountView, FetchFailed, Inbound, Raw
from salur.intake import words
from salur.intake.accept import accept
from salur.intake.models import Message
from salur.journey.worker import run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use

OWN = "17841400000000001"
SAID = "Jembatan gantung di Kedondong putus sejak Senin, anak sekolah memutar lima kilometer."


@pytest.fixture
def account(lampung: Lampung) -> Account:
    with use(EVERYTHING):
        return connect(lampung.agency("bmbk"), "instagram", OWN, settings={"flavour": "facebook_login"})


def announce(account: Account) -> None:
    """A hook tells of a mention in a comment, and not what it says."""
    value = {"media_id": "17900000000000001", "comment_id": "17800000000000002"}
    body = {"object": "instagram", "entry": [{"id": OWN, "time": int(clock.now().timestamp()), "changes": []}]}
    body["entry"][0]["changes"] = [{"field": "mentions", "value": value}]  # type: ignore[index]  # our own body
    with use(EVERYTHING):
        accept(account, Raw("sebut-1", json.dumps(body).encode(), "application/json", via="hook"))
    run_until_quiet()


def told(monkeypatch: pytest.MonkeyPatch, *answers: Any) -> list[Inbound]:
    """Have the platform answer the questions for words like this, one after the other."""
    asked: list[Inbound] = []
    following = iter(answers)

    def look_up(self: InstagramPlatform, view: AccountView, said: Inbound) -> Raw | None:
        asked.append(said)
        answer = next(following)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(InstagramPlatform, "look_up", look_up)
    monkeypatch.setattr(InstagramPlatform, "parse", parse(InstagramPlatform.parse))
    return asked


def parse(real: Any) -> Any:
    def parsed(self: InstagramPlatform, view: AccountView, raw: Raw) -> Any:
        if raw.via != "poll":
            return real(self, view, raw)
        found = json.loads(raw.body)
        return [Inbound(found["id"], found["text"], clock.now(), sender_address="99", sender_handle="siti.r")]

    return parsed


def found(external_id: str, text: str = SAID) -> Raw:
    return Raw("kata-1", json.dumps({"id": external_id, "text": text}).encode(), "application/json", via="poll")


def only() -> Message:
    with use(EVERYTHING):
        return Message.objects.get()


def cases() -> list[str]:
    with use(EVERYTHING):
        return list(Case.objects.values_list("title", flat=True))


def test_the_case_is_opened_with_the_words(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    announce(account)
    assert (only().text, cases()) == ("", []), "it waits for its words"
    asked = told(monkeypatch, found(only().external_id))
    assert words.look_up_some() == 1
    assert (words.look_up_some(), cases()) == (0, []), "the answer is here and not understood yet"
    run_until_quiet()
    message = only()
    assert (message.text, message.first_text, message.sender_handle) == (SAID, SAID, "siti.r")
    (title,) = cases()
    assert SAID.startswith(title[:60])
    assert asked[0].external_id == message.external_id and asked[0].answer_at == message.answer_at
    assert words.look_up_some() == 0


def test_a_platform_that_fails_is_asked_again(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    announce(account)
    told(monkeypatch, FetchFailed("sebentar"), FetchFailed("lagi"), found(only().external_id))
    assert [words.look_up_some() for _ in range(3)] == [0, 0, 1]
    run_until_quiet()
    assert only().text == SAID and len(cases()) == 1


def test_a_message_whose_words_nobody_tells_is_read_without(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    announce(account)
    told(monkeypatch, None)
    assert words.look_up_some() == 1
    run_until_quiet()
    assert (only().text, len(cases())) == ("", 1)
    assert words.look_up_some() == 0


def test_nothing_waits_for_ever(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    announce(account)
    told(monkeypatch, *[FetchFailed("tutup")] * 3)
    assert words.look_up_some() == 0
    with clock.turned_to(clock.now() + words.GIVE_UP + timedelta(seconds=1)):
        assert words.look_up_some() == 1
    run_until_quiet()
    assert len(cases()) == 1


def test_words_that_come_by_the_poll_first_are_not_asked_for(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    announce(account)
    told(monkeypatch)
    with use(EVERYTHING):
        accept(account, found(only().external_id))
    run_until_quiet()
    assert (only().text, len(cases()), words.look_up_some()) == (SAID, 1, 0)


def test_an_answer_without_words_ends_the_asking(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    announce(account)
    asked = told(monkeypatch, found("lain-sama-sekali"))
    assert words.look_up_some() == 1
    run_until_quiet()
    assert words.look_up_some() == 1, "the answer was understood and spoke of something else"
    run_until_quiet()
    with use(EVERYTHING):
        mention = Message.objects.exclude(external_id="lain-sama-sekali").get()
    assert (mention.text, mention.extra["words"], len(asked), words.look_up_some()) == ("", "not_told", 1, 0)


def test_words_that_come_after_the_case_was_opened_are_shown(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    announce(account)
    told(monkeypatch, None)
    words.look_up_some()
    run_until_quiet()
    with use(EVERYTHING):
        accept(account, found(only().external_id))
    run_until_quiet()
    assert (only().text, len(cases())) == (SAID, 1)
    with use(EVERYTHING):
        case = Case.objects.get()
    assert "case.message_changed" in [fact.kind for fact in ledger.journal(case.stream)]
