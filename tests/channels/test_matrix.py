"""Matrix events as a homeserver sent them, one expectation a payload."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.shaken import any_json, corpus, damaged, load, read_anyhow

from salur.channels.hooks import Answer, HookRequest, Keep, Refused
from salur.channels.platforms.matrix.adapter import MatrixPlatform
from salur.channels.ports import (
    AccountView,
    Broken,
    Download,
    Echoed,
    Edited,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Raw,
    Removed,
    Unreadable,
)

PLATFORM = MatrixPlatform()
ACCOUNT = AccountView(1, "matrix", "@opd:test.local", {}, {"hs_token": "hs", "as_token": "as"})
ROOM = "!5I0IfOOW6L2PHIE8BXpuT7clIPb7olAeEo6iTaaV1Ug"


def at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def from_citizen(event_id: str, text: str, milliseconds: int, **more: Any) -> Inbound:
    told = {"external_id": event_id, "text": text, "spoken_at": at(milliseconds)}
    person = {"sender_address": "@warga:test.local", "sender_name": "warga", "sender_handle": "@warga:test.local"}
    place = {
        "place": ROOM,
        "answer_at": {"event_id": event_id},
        "link": f"https://matrix.to/#/{ROOM}/{event_id}",
    }
    return Inbound(**{**told, **person, **place, **more})


IMAGE = MediaRef(
    "image",
    media_id="mxc://test.local/bpdTRZfyeQGXXqrdhpLTqmud",
    name="jalan.png",
    content_type="image/png",
    size=108,
)
EXPECTED: dict[str, list[Item]] = {
    "appservice_transactions.json": [Ignored("unknown_kind", detail="m.room.member")],
    "messages_backfill.json": [
        from_citizen("$ix3yhJpvq8JS3NdRoHBm_n-EHdxvRml31Fg6MqKoE7o", "pesan 24", 1795490052766),
        from_citizen("$wRQyinX4Lx0HNUi_9cGm_1VrVznaRqCGj3QHAZnUBmE", "pesan 23", 1795490052735),
        from_citizen("$8SbWZ_Prm63aaDJduZ178kkLapnWUvPw6uahUxdKHv4", "pesan 22", 1795490052704),
    ],
    "sync_edit_m_replace.json": [
        Edited(
            "$qiWVdDfIKTEDGdUM8liOK0jooLj0DLRcR1t7fc3B4e0",
            "Jalan Raden Intan KM 3 rusak parah",
            at(1795490051484),
            key="$fCVawrxcX_-Im9SF2yd-MZZ0Ermigy--z6FfjUdG2BI",
            by_address="@warga:test.local",
        )
    ],
    "sync_encrypted_event.json": [Ignored("unknown_kind", detail="encrypted")],
    "sync_image.json": [
        from_citizen("$hL38Du4C9KRyP8_3FyB5x7O-8tWsVwkGrisRhSK2yPY", "", 1795490051556, media=(IMAGE,))
    ],
    "sync_invite.json": [Ignored("unknown_kind", about=ROOM, detail="invite")],
    "sync_reaction.json": [Ignored("reaction")],
    "sync_text_message.json": [
        from_citizen(
            "$qiWVdDfIKTEDGdUM8liOK0jooLj0DLRcR1t7fc3B4e0",
            "Jalan Raden Intan rusak parah, tolong diperbaiki 🙏",
            1795490051428,
        )
    ],
}
ERRORS = ("error_too_large.json", "error_unknown_token.json")


def read(value: Any, account: AccountView = ACCOUNT) -> list[Item]:
    later = datetime(2026, 11, 25, tzinfo=UTC)
    return PLATFORM.parse(account, Raw("k", json.dumps(value).encode(), "application/json", received_at=later))


def event(content: dict[str, Any], kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    usual = {
        "type": kind,
        "content": content,
        "event_id": "$e",
        "room_id": "!r:test.local",
        "sender": "@sari:test.local",
        "origin_server_ts": 1795490000000,
    }
    return {"events": [usual | more]}


@pytest.mark.parametrize("path", corpus("matrix"), ids=lambda path: path.name)
def test_every_payload_is_read_as_it_was_meant(path: Any) -> None:
    value = load(path)
    if path.name in ERRORS:
        with pytest.raises(Unreadable):
            read(value)
        return
    bodies = [one["body"] for one in value] if isinstance(value, list) else [value]
    assert [item for body in bodies for item in read(body)] == EXPECTED[path.name]


def test_an_answer_names_what_it_answers_and_loses_the_quotation() -> None:
    body = "> <@opd:test.local> Di mana?\n> Sebutkan jalannya\n\nJalan Raden Intan"
    relation = {"m.in_reply_to": {"event_id": "$asked"}}
    (found,) = read(event({"msgtype": "m.text", "body": body, "m.relates_to": relation}))
    assert isinstance(found, Inbound) and found.text == "Jalan Raden Intan" and found.thread_ids == ("$asked",)


def test_a_thread_is_its_own_root() -> None:
    relation = {"rel_type": "m.thread", "event_id": "$root", "m.in_reply_to": {"event_id": "$last"}}
    (found,) = read(event({"msgtype": "m.text", "body": "Lanjut", "m.relates_to": relation}))
    assert isinstance(found, Inbound) and found.root_id == "$root" and found.thread_ids == ("$last", "$root")
    assert found.answer_at == {"event_id": "$e", "thread_id": "$root"}


def test_a_redaction_hides_what_it_names_in_both_forms() -> None:
    newer = read(event({"redacts": "$gone"}, "m.room.redaction"))
    older = read(event({}, "m.room.redaction", redacts="$gone"))
    assert newer == older == [Removed("$gone", at(1795490000000), by_address="@sari:test.local")]
    own = read(event({}, "m.room.redaction", redacts="$gone", sender="@opd:test.local"))
    assert own == [Removed("$gone", at(1795490000000), by="account")]


def test_what_we_said_ourselves_comes_back_as_an_echo() -> None:
    relation = {"m.in_reply_to": {"event_id": "$asked"}}
    content = {"msgtype": "m.text", "body": "Terima kasih", "m.relates_to": relation}
    found = read(event(content, sender="@opd:test.local", unsigned={"transaction_id": "salur-1"}))
    assert found == [Echoed("$e", "Terima kasih", at(1795490000000), in_reply_to="$asked", once_key="salur-1")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"msgtype": "m.notice", "body": "otomatis"}, Ignored("auto_reply", detail="m.notice")),
        (
            {"msgtype": "m.key.verification.request", "body": "x"},
            Ignored("unknown_kind", detail="m.key.verification.request"),
        ),
        ({}, Ignored("empty", detail="redacted")),
        ({"msgtype": "m.text", "body": "  "}, Ignored("empty")),
    ],
)
def test_what_no_citizen_said_is_ignored_with_its_reason(content: dict[str, Any], expected: Item) -> None:
    assert read(event(content)) == [expected]


def test_a_picture_keeps_its_caption_and_a_place_its_coordinates() -> None:
    picture = {"msgtype": "m.image", "body": "Lubang di KM 3", "filename": "a.jpg", "url": "mxc://test.local/x"}
    (found,) = read(event(picture))
    assert isinstance(found, Inbound) and found.text == "Lubang di KM 3" and found.media[0].name == "a.jpg"
    spot = {"msgtype": "m.location", "body": "Pasar", "geo_uri": "geo:-5.39,105.26;u=10"}
    (found,) = read(event(spot))
    assert isinstance(found, Inbound) and found.extra == {"latitude": -5.39, "longitude": 105.26}
    assert found.text == "\N{ROUND PUSHPIN} Pasar (geo:-5.39,105.26;u=10)"


def test_one_event_that_cannot_be_read_leaves_its_neighbours_standing() -> None:
    broken = event({"msgtype": "m.text", "body": "tanpa pengirim"}, sender=None)["events"]
    whole = event({"msgtype": "m.text", "body": "Lampu mati"})["events"]
    first, second = read({"events": broken + whole})
    assert isinstance(first, Broken) and first.where == "events.0"
    assert isinstance(second, Inbound) and second.text == "Lampu mati"


def test_in_a_public_room_only_what_is_said_to_us_is_taken() -> None:
    open_room = AccountView(1, "matrix", "@opd:test.local", {"public_rooms": ["!r:test.local"]})
    assert read(event({"msgtype": "m.text", "body": "halo semua"}), open_room) == [
        Ignored("other_account", detail="not_addressed")
    ]
    named = {"msgtype": "m.text", "body": "opd: lampu mati", "m.mentions": {"user_ids": ["@opd:test.local"]}}
    (found,) = read(event(named), open_room)
    assert isinstance(found, Inbound) and found.audience == "public"


def asked(
    method: str, suffix: str, *, token: bytes = b"Bearer hs", body: bytes = b"{}", query: bytes = b""
) -> HookRequest:
    headers = {b"authorization": token} if token else {}
    return HookRequest(method, suffix, query, headers, body, "https://x.test/", 1_800_000_000)


def test_a_transaction_is_known_by_its_id_and_its_events_whatever_their_age() -> None:
    path = "/_matrix/app/v1/transactions/7"
    first = PLATFORM.verify(ACCOUNT, asked("PUT", path, body=b'{"events":[{"event_id":"$a","unsigned":{"age":1}}]}'))
    again = PLATFORM.verify(ACCOUNT, asked("PUT", path, body=b'{"events":[{"event_id":"$a","unsigned":{"age":9}}]}'))
    other = PLATFORM.verify(ACCOUNT, asked("PUT", path, body=b'{"events":[{"event_id":"$b"}]}'))
    assert (
        isinstance(first, Keep) and first == again and first.answer == b"{}" and first.external_id.startswith("txn:7:")
    )
    assert isinstance(other, Keep) and other.external_id != first.external_id, (
        "a server that counts from the start again"
    )


def test_the_server_is_told_of_our_user_and_of_no_other() -> None:
    ours = PLATFORM.verify(ACCOUNT, asked("GET", "/_matrix/app/v1/users/%40opd%3Atest.local"))
    other = PLATFORM.verify(ACCOUNT, asked("GET", "/_matrix/app/v1/users/%40x%3Atest.local"))
    room = PLATFORM.verify(ACCOUNT, asked("GET", "/_matrix/app/v1/rooms/%23x%3Atest.local"))
    ping = PLATFORM.verify(ACCOUNT, asked("POST", "/_matrix/app/v1/ping"))
    assert [one.status for one in (ours, other, room, ping) if isinstance(one, Answer)] == [200, 404, 404, 200]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (asked("PUT", "/_matrix/app/v1/transactions/7", token=b"Bearer no"), 401),
        (asked("PUT", "/_matrix/app/v1/transactions/7", token=b""), 401),
        (asked("POST", "/_matrix/app/v1/transactions/7"), 405),
        (asked("GET", "/_matrix/app/v1/thirdparty/protocol/x"), 404),
    ],
)
def test_what_is_not_the_servers_is_refused(request_: HookRequest, status: int) -> None:
    with pytest.raises(Refused) as refused:
        PLATFORM.verify(ACCOUNT, request_)
    assert refused.value.status == status


def test_older_servers_send_the_token_in_the_address() -> None:
    found = PLATFORM.verify(ACCOUNT, asked("PUT", "transactions/7", token=b"", query=b"access_token=hs"))
    assert isinstance(found, Keep)


@given(any_json)
def test_any_json_is_items_or_unreadable(value: Any) -> None:
    read_anyhow(PLATFORM, ACCOUNT, value)
    read_anyhow(PLATFORM, ACCOUNT, {"events": value})


@given(st.data())
def test_damaged_payloads_are_items_or_unreadable(data: st.DataObject) -> None:
    value = load(data.draw(st.sampled_from(corpus("matrix"))))
    read_anyhow(PLATFORM, ACCOUNT, data.draw(damaged(value[0]["body"] if isinstance(value, list) else value)))


def test_only_an_invitation_of_the_account_itself_calls_for_a_look() -> None:
    member = event({"membership": "invite"}, "m.room.member", state_key="@opd:test.local")
    other = event({"membership": "invite"}, "m.room.member", state_key="@lain:test.local")
    assert read(member) == [Ignored("unknown_kind", about="!r:test.local", detail="invite")]
    assert read(other) == [Ignored("unknown_kind", detail="m.room.member")]


def test_files_may_lie_on_the_accounts_own_homeserver() -> None:
    """Which may stand in the same house, where nothing else is asked."""
    account = AccountView(1, "matrix", "@opd:contoh.id", {"homeserver": "http://127.0.0.1:9/"}, {"as_token": "t"})
    found = PLATFORM.locate(account, MediaRef("image", media_id="mxc://contoh.id/abc"))
    url = "http://127.0.0.1:9/_matrix/client/v1/media/download/contoh.id/abc"
    assert found == Download(url, {"Authorization": "Bearer t"}, "http://127.0.0.1:9")
