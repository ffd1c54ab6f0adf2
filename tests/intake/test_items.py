"""A delivery is a list of items: each for itself, none lost, nothing twice, whatever fails beside it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.intake.talk import at, case_of, come_in, line, message, talk, talker
from tests.world import Lampung

from salur.cases.models import Case
from salur.channels.app import share_an_app
from salur.channels.connect import connect
from salur.channels.models import Account, Alarm
from salur.channels.ports import AccountNews, AccountView, Broken, Echoed, Edited, Ignored, MediaRef, Receipted
from salur.intake import hear
from salur.intake.models import Delivery, Message, Signal, StoredFile
from salur.intake.queries import conservation, may_be_written_to, signals_about
from salur.intake.replay import replay
from salur.intake.understand import TRIES
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.crypto import blind_index
from salur.kernel.models import Entry
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["talk"]


def kinds(stream: str) -> list[str]:
    return [fact.kind for fact in ledger.journal(stream)]


def told(kind: str) -> list[dict[str, Any]]:
    return list(Entry.objects.filter(kind=kind).order_by("id").values_list("data", flat=True))


def test_the_good_items_stand_and_the_broken_one_waits_with_its_place(talk: Account) -> None:
    bad = come_in(talk, line(1), Broken("entry.1.changes.0", "no id"), line(2, sender_address="budi", place="b"))
    assert (bad.state, bad.reason, bad.detail) == ("quarantined", "item", "entry.1.changes.0: no id")
    assert case_of(1) != case_of(2)


def test_a_replay_adds_only_what_is_missing(talk: Account, lampung: Lampung) -> None:
    items = [
        line(1),
        line(2, sender_address="budi", place="b", account_ref="kesehatan"),
        Edited("1", "Jalan rusak.", at(5)),
        Receipted("kami-1", "delivered", at(6)),
        Ignored("bounce", about="salur.x", detail="5.1.1"),
    ]
    bad = come_in(talk, *items)
    assert (bad.reason, bad.detail) == ("item", "item 1: account kesehatan is not connected")
    other = talker(lampung, "dinkes", "kesehatan")
    act(replay, bad.pk, actor="member:1")
    run_until_quiet()
    with use(EVERYTHING):
        assert Delivery.objects.get(pk=bad.pk).state == "understood"
        assert Message.objects.count() == Case.objects.count() == 2
        assert message(2).account_id == other.pk and message(2).delivery_id == bad.pk
        assert Case.objects.get(pk=case_of(2).pk).agency == other.agency
        assert Signal.objects.count() == 2 and conservation().holds
    assert [len(told(kind)) for kind in ("receipt.received", "message.changed", "delivery.ignored")] == [1, 1, 1]


def test_a_delivery_speaks_for_no_account_of_another_app(talk: Account, lampung: Lampung) -> None:
    other = talker(lampung, "dinkes", "kesehatan")
    with use(EVERYTHING):
        connect(other.agency, "talk", "kesehatan", credentials={"app_secret": "rahasia-lain"})
    bad = come_in(talk, line(1), line(2, sender_address="budi", place="b", account_ref="kesehatan"))
    assert (bad.reason, bad.detail) == ("item", "item 1: account kesehatan does not share this app")
    with use(EVERYTHING):
        assert list(Message.objects.values_list("external_id", flat=True)) == ["1"]


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ({"app_secret": "a"}, {"app_secret": "a"}, True),
        ({"app_secret": "b", "app_secret_previous": "a"}, {"app_secret": "a"}, True),
        ({"app_secret": "a"}, {"app_secret": "b"}, False),
        ({"app_secret": "a"}, {"access_token": "a"}, False),
        ({"app_secret": ""}, {"app_secret": ""}, False),
        ({}, {}, False),
        ({"app_secret": "a", "app_id": "1"}, {"app_secret": "b", "app_id": "1"}, False),
        ({"app_id": "1"}, {"app_id": "1"}, False),
    ],
)
def test_accounts_share_an_app_by_its_secret_alone(one: dict[str, str], other: dict[str, str], shared: bool) -> None:
    views = [AccountView(1, "talk", "a", told, told) for told in (one, other)]
    assert share_an_app(*views) is shared


def test_an_account_of_another_government_is_not_ours_to_write_to(talk: Account, lampung: Lampung) -> None:
    talker(lampung, "diskominfo", "pesawaran", "18.09")
    assert come_in(talk, line(1, account_ref="pesawaran")).reason == "item"
    with use(EVERYTHING):
        assert Message.objects.count() == 0


def test_what_the_program_fails_on_is_tried_again_while_the_others_stand(
    talk: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, tries = hear.keep, []

    def fails(kept: Message, attachments: Any) -> None:
        if kept.external_id == "2":
            tries.append(1)
            raise RuntimeError("sebuah cacat dengan isi")
        whole(kept, attachments)

    monkeypatch.setattr(hear, "keep", fails)
    bad = come_in(talk, line(1), line(2, sender_address="budi", place="b"), line(3, sender_address="ana", place="c"))
    assert (bad.state, bad.attempts) == ("received", 1) and case_of(1) != case_of(3)
    for step in range(1, TRIES + 1):
        with clock.turned_to(clock.now() + timedelta(minutes=10 * step)):
            run_until_quiet()
    with use(EVERYTHING):
        bad.refresh_from_db()
        assert (bad.state, bad.reason) == ("quarantined", "item")
        assert bad.detail == f"item 1: RuntimeError: see the log for delivery {bad.pk}"
        assert Message.objects.count() == 2 and len(tries) == 3 * TRIES  # with others, with all of it, then alone
    monkeypatch.setattr(hear, "keep", whole)
    act(replay, bad.pk, actor="member:1")
    run_until_quiet()
    with use(EVERYTHING):
        assert Case.objects.count() == 3 and Delivery.objects.get(pk=bad.pk).state == "understood"


def test_a_message_without_an_id_is_not_taken_for_another(talk: Account) -> None:
    assert (
        come_in(talk, line(""), line("")).detail == "item 0: a message without an id; item 1: a message without an id"
    )


def test_ignored_items_are_counted_by_reason(talk: Account) -> None:
    several = come_in(talk, Ignored("reaction"), Ignored("typing"), Ignored("reaction"))
    assert (several.state, several.reason, several.detail) == ("ignored", "several", "reaction 2, typing 1")
    one = come_in(talk, Ignored("reaction"), Ignored("reaction"))
    assert (one.state, one.reason, one.detail) == ("ignored", "reaction", "reaction 2")
    mixed = come_in(talk, line(1), Ignored("reaction"), Ignored("typing"))
    assert (mixed.state, mixed.reason, mixed.detail) == ("understood", "", "reaction 1, typing 1")
    assert come_in(talk).reason == "empty"
    with use(EVERYTHING):
        count = conservation()
    assert count.holds and count.ignored == {"several": 1, "reaction": 1, "empty": 1}
    assert [data["reason"] for data in told("delivery.ignored")] == ["reaction", "reaction", "empty"]


def test_reactions_and_own_words_never_open_a_case(talk: Account) -> None:
    come_in(talk, Ignored("reaction"), Echoed("kami-1", "Terima kasih.", at(1), to="siti", in_reply_to="9"))
    with use(EVERYTHING):
        assert Case.objects.count() == Message.objects.count() == 0
    [echo] = told("echo.received")
    assert (echo["external_id"], echo["in_reply_to"], echo["to_index"]) == ("kami-1", "9", blind_index("siti"))
    assert "Terima kasih" not in json.dumps(echo)


def test_receipts_are_kept_and_heard_once_whether_or_not_the_sending_is_known(talk: Account) -> None:
    read = Receipted("", "read", at(9), to="siti")
    failed = Receipted("kami-1", "failed", at(8), to="siti", code="131047", detail="window", permanent=True)
    for _ in range(2):
        come_in(talk, failed, read, Receipted("kami-1", "sent", at(7), to="siti"))
    assert [(data["status"], data["about"], data["code"]) for data in told("receipt.received")] == [
        ("failed", "kami-1", "131047"),
        ("read", "", ""),
        ("sent", "kami-1", ""),
    ]
    with use(EVERYTHING):
        assert [one.kind for one in signals_about(talk.pk, "kami-1")] == ["sent", "failed"]


def test_whoever_blocks_us_is_not_written_to_until_they_unblock(talk: Account) -> None:
    siti = blind_index("siti")
    for kind, may in (("blocked", False), ("unblocked", True)):
        with clock.turned_to(clock.now() + timedelta(minutes=5 if may else 0)):
            come_in(talk, AccountNews(kind, to="siti"))  # type: ignore[arg-type]  # one of the kinds
        with use(EVERYTHING):
            assert may_be_written_to(talk.pk, siti) is may
            assert may_be_written_to(talk.pk, blind_index("budi")) is True


def test_a_withdrawn_account_alarms_and_sends_nothing_and_a_replay_does_not_stop_it_again(talk: Account) -> None:
    news = come_in(talk, AccountNews("revoked", "permission withdrawn"), Broken("x", "later"))
    with use(EVERYTHING):
        talk.refresh_from_db()
        assert talk.stopped == "permission withdrawn"
        assert list(Alarm.objects.filter(ended_at=None).values_list("kind", flat=True)) == ["token"]
        Account.objects.filter(pk=talk.pk).update(stopped="")
    act(replay, news.pk, actor="member:1")
    run_until_quiet()
    with use(EVERYTHING):
        talk.refresh_from_db()
    assert talk.stopped == ""
    come_in(talk, AccountNews("restored"))
    with use(EVERYTHING):
        assert not Alarm.objects.filter(ended_at=None).exists()


def test_files_that_lie_at_the_platform_are_wanted(talk: Account) -> None:
    come_in(talk, line(1, "", media=(MediaRef("image", media_id="77", content_type="image/jpeg"),)))
    with use(EVERYTHING):
        [file] = StoredFile.objects.all()
    assert (file.state, file.source["media_id"]) == ("wanted", "77")
    assert case_of(1).title == "(tanpa kata, hanya berkas)"
