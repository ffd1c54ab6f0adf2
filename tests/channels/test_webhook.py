"""Another system: signed calls in, signed answers out."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.shaken import PAYLOADS, any_json, corpus, damaged, load, read_anyhow

from salur.channels.hooks import HookRequest, Keep
from salur.channels.platforms.webhook.adapter import WebhookPlatform
from salur.channels.ports import (
    AccountView,
    Edited,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Outbound,
    Raw,
    Receipt,
    Removed,
    SendFailed,
    SendUncertain,
    Unreadable,
)

PLATFORM = WebhookPlatform()
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ACCOUNT = AccountView(1, "webhook", "kios", {"answer_url": "https://kios.test/jawaban"}, {"signing_secret": SECRET})
RECEIVED = datetime(2026, 11, 25, tzinfo=UTC)
SPOKEN = datetime(2026, 11, 24, 3, 26, 10, 344522, tzinfo=UTC)


def read(value: Any) -> list[Item]:
    return PLATFORM.parse(ACCOUNT, Raw("k", json.dumps(value).encode(), "application/json", received_at=RECEIVED))


def event(kind: str = "complaint.created", **data: Any) -> dict[str, Any]:
    return {"type": kind, "timestamp": "2026-11-24T03:26:10.344522Z", "data": {"id": "a1"} | data}


def test_the_published_example_is_a_message() -> None:
    message_id = "1f81eb52-5198-4599-803e-771906343485"
    assert read(load(PAYLOADS / "generic" / "standard_webhook_event.json")) == [
        Inbound(
            external_id=message_id,
            text="Jalan Raden Intan rusak parah, mohon segera diperbaiki",
            spoken_at=SPOKEN,
            answer_at={"id": message_id},
            extra={"channel": "kiosk", "kind": "aspiration"},
        )
    ]


def test_everything_that_the_form_names_is_kept() -> None:
    found = read(
        event(
            title="Lampu",
            text="Lampu mati",
            at="2026-11-24T10:00:00+07:00",
            audience="public",
            place="forum-3",
            thread="t1",
            in_reply_to="p9",
            link="https://kios.test/a1",
            author={"id": "u7", "name": "Sari Contoh", "handle": "sari"},
            media=[{"url": "https://kios.test/a.jpg", "type": "image/jpeg", "name": "a.jpg"}, {"url": "file:///etc/x"}],
            anonymous=True,
            ruas="KM 3",
        )
    )
    assert found == [
        Inbound(
            external_id="a1",
            text="Lampu mati",
            spoken_at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
            sender_address="u7",
            sender_name="Sari Contoh",
            sender_handle="sari",
            subject="Lampu",
            thread_ids=("p9", "t1"),
            audience="public",
            place="forum-3",
            root_id="t1",
            answer_at={"id": "a1"},
            link="https://kios.test/a1",
            media=(MediaRef("image", url="https://kios.test/a.jpg", name="a.jpg", content_type="image/jpeg"),),
            extra={"anonymous": True, "ruas": "KM 3", "kind": "complaint"},
        )
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (event("message.updated", text="ralat"), Edited("a1", "ralat", SPOKEN)),
        (event("message.deleted"), Removed("a1", SPOKEN)),
        ({"type": "ping"}, Ignored("test")),
        (event(text="  "), Ignored("empty")),
    ],
)
def test_changes_and_tests_are_told_apart(value: Any, expected: Item) -> None:
    assert read(value) == [expected]


@pytest.mark.parametrize("value", [[], {"type": "x"}, {"type": "x", "data": {"text": "tanpa id"}}, "teks"])
def test_what_names_no_message_is_unreadable(value: Any) -> None:
    with pytest.raises(Unreadable):
        read(value)


@respx.mock
def test_an_answer_is_signed_as_the_questions_are() -> None:
    call = respx.post("https://kios.test/jawaban").mock(return_value=httpx.Response(200, json={"id": "r1"}))
    out = Outbound(
        "k1", "u7", "Terima kasih", way="public_reply", in_reply_to="a1", answer_at={"id": "a1"}, root_id="t1"
    )
    assert PLATFORM.send(ACCOUNT, out) == Receipt("r1")
    sent = call.calls.last.request
    assert json.loads(sent.content)["data"] == {
        "id": "k1",
        "text": "Terima kasih",
        "to": "u7",
        "in_reply_to": "a1",
        "thread": "t1",
        "public": True,
        "automatic": False,
    }
    headers = {name.lower().encode(): value.encode() for name, value in sent.headers.items()}
    stamp = float(sent.headers["webhook-timestamp"])
    # What we send would be taken by our own hook: the two directions are one scheme.
    assert PLATFORM.verify(ACCOUNT, HookRequest("POST", "", b"", headers, sent.content, "", stamp)) == Keep("k1")


@respx.mock
def test_refusals_and_broken_connections_are_told_apart() -> None:
    call = respx.post("https://kios.test/jawaban")
    out = Outbound("k1", "u7", "Terima kasih")
    for answer, blames, permanent in [
        (httpx.Response(410), "account", True),
        (httpx.Response(400), "message", True),
        (httpx.Response(503, headers={"Retry-After": "30"}), "message", False),
    ]:
        call.mock(return_value=answer)
        with pytest.raises(SendFailed) as failed:
            PLATFORM.send(ACCOUNT, out)
        assert (failed.value.blames, failed.value.permanent) == (blames, permanent)
    assert failed.value.after == 30
    call.mock(side_effect=httpx.ReadTimeout("slow"))
    with pytest.raises(SendUncertain):
        PLATFORM.send(ACCOUNT, out)


def test_without_an_address_an_answer_is_a_persons_errand() -> None:
    bare = AccountView(1, "webhook", "kios", {}, {"signing_secret": SECRET})
    assert PLATFORM.send(bare, Outbound("k1", "", "Terima kasih")) == Receipt("webhook:k1", manual=True)


def test_an_address_that_is_no_https_is_not_called() -> None:
    plain = AccountView(1, "webhook", "kios", {"answer_url": "http://kios.test/"}, {"signing_secret": SECRET})
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(plain, Outbound("k1", "", "Terima kasih"))
    assert failed.value.blames == "account"


def test_a_probe_sees_whether_there_is_a_key() -> None:
    assert PLATFORM.probe(ACCOUNT).ok
    for secret in ("", "whsec_", "whsec_*"):
        assert not PLATFORM.probe(AccountView(1, "webhook", "kios", {}, {"signing_secret": secret})).ok


@given(any_json)
def test_any_json_is_items_or_unreadable(value: Any) -> None:
    read_anyhow(PLATFORM, ACCOUNT, value)
    read_anyhow(PLATFORM, ACCOUNT, {"type": "complaint.created", "data": value})


@given(st.data())
def test_damaged_payloads_are_items_or_unreadable(data: st.DataObject) -> None:
    value = load(data.draw(st.sampled_from(corpus("generic"))))
    read_anyhow(PLATFORM, ACCOUNT, data.draw(damaged(value)))


def test_what_no_database_takes_is_left_out() -> None:
    (found,) = read(event(text="Lampu mati", ukuran=float("nan"), daftar=[1], jumlah=3))
    assert isinstance(found, Inbound) and found.extra == {"jumlah": 3, "kind": "complaint"}
