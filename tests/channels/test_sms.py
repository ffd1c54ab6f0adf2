"""Text messages: of a telephone, of a carrier, and of a modem's folders."""

import base64
import contextlib
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.shaken import PAYLOADS, any_json, corpus, damaged, load, read_anyhow

from salur.channels.platforms.sms.adapter import SmsPlatform
from salur.channels.ports import (
    AccountNews,
    AccountView,
    FetchFailed,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Outbound,
    Raw,
    Receipt,
    Receipted,
    SendFailed,
    SendUncertain,
    Unreadable,
)

PLATFORM = SmsPlatform()
RECEIVED = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ANDROID = AccountView(
    1, "sms", "+6272112345", {"mode": "android"}, {"username": "u", "password": "rahasia", "signing_secret": "k"}
)
TWILIO = AccountView(
    2,
    "sms",
    "+6272112345",
    {"mode": "twilio"},
    {"account_sid": "AC1", "auth_token": "rahasia"},
    hook_url="https://salur.test/hooks/sms/x",
)
FORM = "application/x-www-form-urlencoded"
PERSON = "+6281234567890"


def read(body: bytes, content_type: str = "application/json") -> list[Item]:
    return PLATFORM.parse(ANDROID, Raw("k", body, content_type, received_at=RECEIVED))


def phone(event: str, **payload: Any) -> list[Item]:
    return read(json.dumps({"id": "x1", "event": event, "payload": payload}).encode())


def carrier(**fields: str) -> list[Item]:
    return read(urlencode({"MessageSid": "SM1", "From": PERSON, "To": "+6272112345"} | fields).encode(), FORM)


def test_a_failed_sending_is_told_with_its_reason() -> None:
    assert read((PAYLOADS / "sms" / "smsgate_sms_failed.json").read_bytes()) == [
        Receipted(
            "m2",
            "failed",
            datetime(2026, 6, 22, 8, 47, 11, tzinfo=UTC),
            to=PERSON,
            code="RESULT_ERROR_GENERIC_FAILURE",
            detail="RESULT_ERROR_GENERIC_FAILURE",
        )
    ]


@pytest.mark.parametrize("as_form", [True, False])
def test_a_carriers_message_is_read_from_its_form(as_form: bool) -> None:
    fields = load(PAYLOADS / "sms" / "twilio_form_fields.json")
    found = read(urlencode(fields).encode(), FORM) if as_form else read(json.dumps(fields).encode())
    url = "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME"
    assert found == [
        Inbound(
            external_id="SM00000000000000000000000000000000",
            text="Lampu jalan mati",
            spoken_at=RECEIVED,
            sender_address=PERSON,
            media=(MediaRef("image", url=url, content_type="image/jpeg"),),
        )
    ]


def test_a_telephones_message_counts_from_when_it_came_to_the_telephone() -> None:
    written = "2026-11-24T09:30:00.000+07:00"
    (found,) = phone("sms:received", messageId="f00", sender=PERSON, message="Jalan rusak", receivedAt=written)
    assert found == Inbound("x1", "Jalan rusak", datetime(2026, 11, 24, 2, 30, tzinfo=UTC), sender_address=PERSON)
    older = phone("sms:received", phoneNumber=PERSON, message="Jalan rusak", receivedAt=written)
    assert older == [found], "versions before named the number otherwise"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (phone("system:ping", health={}), Ignored("test")),
        (phone("sms:data-received", data="AAE="), Ignored("unknown_kind", detail="sms:data-received")),
        (phone("sms:received", sender=PERSON, message=" "), Ignored("empty")),
        (carrier(Body=""), Ignored("empty")),
        (carrier(MessageStatus="queued"), Ignored("unknown_kind", about="SM1", detail="queued")),
        (carrier(Body="STOP", OptOutType="STOP"), AccountNews("blocked", detail="STOP", to=PERSON)),
        (carrier(Body="START", OptOutType="START"), AccountNews("unblocked", detail="START", to=PERSON)),
        (
            carrier(MessageStatus="undelivered", ErrorCode="30003"),
            Receipted("SM1", "failed", RECEIVED, to="+6272112345", code="30003"),
        ),
        (carrier(MessageStatus="delivered"), Receipted("SM1", "delivered", RECEIVED, to="+6272112345")),
    ],
)
def test_what_is_no_message_is_what_it_is(found: list[Item], expected: Item) -> None:
    assert found == [expected]


def test_a_delivered_message_is_told_by_the_telephone() -> None:
    when = "2026-11-24T09:30:00.000+07:00"
    expected = Receipted("m1", "delivered", datetime(2026, 11, 24, 2, 30, tzinfo=UTC), to=PERSON)
    assert phone("sms:delivered", messageId="m1", recipient=PERSON, deliveredAt=when) == [expected]


# The modem's folders


@pytest.fixture
def modem(tmp_path: Path) -> AccountView:
    for name in ("inbox", "outbox", "sent", "error"):
        (tmp_path / name).mkdir()
    return AccountView(3, "sms", "+6272112345", {"folder": str(tmp_path)})


def lay(modem: AccountView, name: str, text: str, age: float = 60) -> Path:
    path = Path(modem.settings["folder"]) / name
    path.write_text(text)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_the_parts_of_a_message_are_one_and_its_time_is_local(modem: AccountView) -> None:
    lay(modem, "inbox/IN20261124_100000_00_+6281234567890_01.txt", "anjang sekali")
    lay(modem, "inbox/IN20261124_100000_00_+6281234567890_00.txt", "Pesan yang p")
    lay(modem, "inbox/IN20261124_100000_01_+6281234567890_00.txt", "Pesan lain", age=50)
    lay(modem, "inbox/IN20261124_100001_00_+6281234567890_00.txt", "belum lengk", age=0)
    found = list(PLATFORM.fetch_since(modem, {}))
    items = [item for raw in found for item in PLATFORM.parse(modem, raw)]
    assert [(one.text, one.sender_address) for one in items if isinstance(one, Inbound)] == [
        ("Pesan yang panjang sekali", PERSON),
        ("Pesan lain", PERSON),
    ]
    assert isinstance(items[0], Inbound) and items[0].spoken_at == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    assert items[0].external_id == found[0].external_id and PERSON not in found[0].external_id
    again = list(PLATFORM.fetch_since(modem, found[-1].cursor or {}))
    assert {one.external_id for one in again} == {one.external_id for one in found}, "the last hour is looked at again"


def test_old_files_are_left_alone(modem: AccountView) -> None:
    lay(modem, "inbox/IN20261120_100000_00_+6281234567890_00.txt", "lama", age=9000)
    assert list(PLATFORM.fetch_since(modem, {"seen": time.time() - 60})) == []


def test_what_is_sent_lies_once_in_the_outbox_wherever_it_went(modem: AccountView) -> None:
    out = Outbound("k1", PERSON, "Terima kasih, café", way="direct")
    assert PLATFORM.read_back(modem, out) is None
    receipt = PLATFORM.send(modem, out)
    assert PLATFORM.send(modem, out) == receipt == PLATFORM.read_back(modem, out)
    folder = Path(modem.settings["folder"])
    (file,) = (folder / "outbox").iterdir()
    assert file.name.startswith("OUTC") and f"_{PERSON}_" in file.name and file.read_text() == out.text
    os.replace(file, folder / "sent" / file.name)
    assert PLATFORM.send(modem, out) == receipt and not [*(folder / "outbox").iterdir()]
    (news,) = [item for raw in PLATFORM.fetch_since(modem, {}) for item in PLATFORM.parse(modem, raw)]
    assert isinstance(news, Receipted) and (news.about, news.status) == (receipt.external_id, "sent")
    os.replace(folder / "sent" / file.name, folder / "error" / file.name)
    (news,) = [item for raw in PLATFORM.fetch_since(modem, {}) for item in PLATFORM.parse(modem, raw)]
    assert isinstance(news, Receipted) and news.status == "failed"


@pytest.mark.parametrize("number", ["BANK-BRI", "../../x", "+62 81", ""])
def test_what_is_no_number_never_becomes_part_of_a_path(modem: AccountView, number: str) -> None:
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(modem, Outbound("k1", number, "Halo"))
    assert failed.value.blames == "recipient" and failed.value.permanent


def test_missing_folders_are_told_with_what_to_do(tmp_path: Path) -> None:
    nowhere = AccountView(3, "sms", "1", {"folder": str(tmp_path)})
    assert not PLATFORM.probe(nowhere).ok and "folder" in PLATFORM.probe(nowhere).detail
    with pytest.raises(FetchFailed):
        list(PLATFORM.fetch_since(nowhere, {}))
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(nowhere, Outbound("k1", PERSON, "Halo"))
    assert failed.value.blames == "account", "nothing is given up while the folders are away"


# The telephone and the carrier


@respx.mock
def test_the_telephone_is_given_an_id_and_a_second_time_is_no_failure() -> None:
    call = respx.post("https://api.sms-gate.app/3rdparty/v1/messages").mock(
        side_effect=[httpx.Response(202, json={"state": "Pending"}), httpx.Response(409, json={"message": "exists"})]
    )
    out = Outbound("k1", PERSON, "Terima kasih", way="direct")
    first, second = PLATFORM.send(ANDROID, out), PLATFORM.send(ANDROID, out)
    assert first == second
    sent = json.loads(call.calls[0].request.content)
    assert sent["textMessage"] == {"text": "Terima kasih"} and sent["phoneNumbers"] == [PERSON]
    assert sent["id"] == first.external_id and len(sent["id"]) == 36
    token = base64.b64encode(b"u:rahasia").decode()
    assert call.calls[0].request.headers["Authorization"] == f"Basic {token}"
    known = respx.get(f"https://api.sms-gate.app/3rdparty/v1/messages/{first.external_id}")
    known.mock(side_effect=[httpx.Response(404, json={}), httpx.Response(200, json={"id": first.external_id})])
    assert PLATFORM.read_back(ANDROID, out) is None and PLATFORM.read_back(ANDROID, out) == first


MESSAGES = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"


@respx.mock
def test_the_carrier_is_told_where_to_report() -> None:
    call = respx.post(MESSAGES).mock(return_value=httpx.Response(201, json={"sid": "SM9"}))
    assert PLATFORM.send(TWILIO, Outbound("k1", PERSON, "Terima kasih")) == Receipt("SM9")
    assert call.calls.last.request.content.decode() == urlencode(
        {"To": PERSON, "From": "+6272112345", "Body": "Terima kasih", "StatusCallback": TWILIO.hook_url}
    )


@pytest.mark.parametrize(
    ("status", "code", "blames", "permanent"),
    [
        (400, 21610, "recipient", True),
        (400, 21211, "recipient", True),
        (400, 21617, "message", True),
        (401, 20003, "account", True),
        (429, 20429, "message", False),
        (429, 63018, "message", False),
    ],
)
@respx.mock
def test_every_refusal_of_the_carrier_means_what_it_should(
    status: int, code: int, blames: str, permanent: bool
) -> None:
    respx.post(MESSAGES).mock(return_value=httpx.Response(status, json={"code": code, "message": f"To {PERSON}"}))
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(TWILIO, Outbound("k1", PERSON, "Halo"))
    assert (failed.value.blames, failed.value.permanent) == (blames, permanent)
    assert PERSON not in str(failed.value) and "rahasia" not in str(failed.value)


@respx.mock
def test_a_lost_answer_of_the_carrier_is_found_in_its_list() -> None:
    respx.post(MESSAGES).mock(side_effect=httpx.ReadTimeout("slow"))
    out = Outbound("k1", PERSON, "Terima kasih", began_at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    with pytest.raises(SendUncertain) as uncertain:
        PLATFORM.send(TWILIO, out)
    assert uncertain.value.copy_expected
    before = {"sid": "SM0", "body": "Terima kasih", "date_created": "Mon, 23 Nov 2026 03:00:00 +0000"}
    after = {"sid": "SM9", "body": "Terima kasih", "date_created": "Tue, 24 Nov 2026 03:00:05 +0000"}
    respx.get(MESSAGES).mock(
        side_effect=[
            httpx.Response(200, json={"messages": [before]}),
            httpx.Response(200, json={"messages": [after, before]}),
        ]
    )
    assert PLATFORM.read_back(TWILIO, out) is None and PLATFORM.read_back(TWILIO, out) == Receipt("SM9")


def test_a_file_at_the_carrier_is_fetched_with_our_sign_in_and_any_other_without() -> None:
    own = PLATFORM.locate(TWILIO, MediaRef("image", url="https://api.twilio.com/2010-04-01/x"))
    other = PLATFORM.locate(TWILIO, MediaRef("image", url="https://api.twilio.com.jahat.test/x"))
    assert "Authorization" in own.headers and not other.headers


@given(any_json)
def test_any_json_is_items_or_unreadable(value: Any) -> None:
    for found in (
        value,
        {"event": "sms:received", "payload": value},
        {"MessageSid": "1", "Body": value},
        {"modem": value},
    ):
        read_anyhow(PLATFORM, ANDROID, found)


@given(st.binary(max_size=60))
def test_any_form_is_items_or_unreadable(body: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert read(b"MessageSid=1&Body=" + body, FORM)


@given(st.data())
def test_damaged_payloads_are_items_or_unreadable(data: st.DataObject) -> None:
    value = load(data.draw(st.sampled_from(corpus("sms"))))
    read_anyhow(PLATFORM, ANDROID, data.draw(damaged(value)))


def test_what_a_modem_hands_its_script_is_joined() -> None:
    parts = {"SMS_MESSAGES": "2", "SMS_1_NUMBER": PERSON, "SMS_1_TEXT": "Jalan ru", "SMS_2_TEXT": "sak"}
    (found,) = read(json.dumps(parts).encode())
    assert isinstance(found, Inbound) and found.text == "Jalan rusak" and found.sender_address == PERSON
    (whole,) = read(json.dumps(parts | {"DECODED_PARTS": "1", "DECODED_0_TEXT": "Jalan rusak!"}).encode())
    assert isinstance(whole, Inbound) and whole.text == "Jalan rusak!"
    assert read(json.dumps({"SMS_MESSAGES": "1", "SMS_1_NUMBER": PERSON}).encode()) == [Ignored("empty")]
