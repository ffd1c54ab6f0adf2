"""TikTok: every payload of the corpus by hand from TikTok's documentation, odd shapes, signatures and laws."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels.shaken import any_json, corpus, damaged, load, read_anyhow

from salur.channels.hooks import HookRequest, Keep, Refused
from salur.channels.platforms.tiktok.adapter import TikTokPlatform
from salur.channels.ports import (
    AccountNews,
    AccountView,
    Broken,
    Echoed,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Raw,
    Receipted,
    Removed,
    Unreadable,
)

TIKTOK = TikTokPlatform()
OPEN_ID = "act.example12345Example12345Example"
ACCOUNT = AccountView(1, "tiktok", OPEN_ID, {"unique_identifier": "kita"}, {"client_secret": "client_secret"})
CAME = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PATHS = corpus("tiktok")
COMMENT = "7151234567890123456"


def seconds(value: float) -> datetime:
    return datetime.fromtimestamp(value, UTC)


def read(value: Any, account: AccountView = ACCOUNT) -> list[Item]:
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return TIKTOK.parse(account, Raw("k", octets, "application/json", received_at=CAME))


SAID = seconds(1668144093)
THANKS = "7935533755417299179"
EXPECTED: dict[str, list[Item]] = {
    "comment_update_insert.json": [
        Inbound(
            external_id=COMMENT,
            text="Jalan rusak di Natar",
            spoken_at=SAID,
            sender_address="abcDEF123",
            audience="public",
            place="7150000000000000001",
            answer_at={"video": "7150000000000000001", "comment": COMMENT},
            link="https://www.tiktok.com/player/v1/7150000000000000001",
            post={"id": "7150000000000000001", "link": "https://www.tiktok.com/player/v1/7150000000000000001"},
        )
    ],
    "comment_update_delete.json": [Removed(COMMENT, SAID, "author")],
    "comment_update_set_to_hidden.json": [Removed(COMMENT, SAID, "platform")],
    "comment_update_set_to_public.json": [Removed(COMMENT, SAID, "platform", shown=True)],
    "webhook_authorization_removed.json": [AccountNews("revoked", "TikTok: the account disconnected us in the app")],
    "dm_text_content.json": [
        Inbound(
            external_id="tt-msg-1",
            text="Halo",
            spoken_at=seconds(1_700_000_000),
            sender_address="tt-conv-1",
            sender_name="Alice",
            place="tt-conv-1",
        )
    ],
    "business_comment_list.json": [
        Inbound(
            external_id=THANKS,
            text="Terima kasih pelayanan Samsat cepat sekali 👍",
            spoken_at=seconds(1665129600),
            sender_address="abcDEF123",
            sender_name="Ahmad Fauzi",
            sender_handle="siti.rahma",
            audience="public",
            place="5259062697135840994",
            answer_at={"video": "5259062697135840994", "comment": THANKS},
            link="https://www.tiktok.com/player/v1/5259062697135840994",
            post={"id": "5259062697135840994", "link": "https://www.tiktok.com/player/v1/5259062697135840994"},
        ),
        Echoed(
            "2698000665288376948",
            "Puskesmas tutup jam 10 padahal masih jam kerja",
            seconds(1665129700),
            in_reply_to=THANKS,
        ),
    ],
}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_payload_says_what_tiktok_means_by_it(path: Any) -> None:
    assert read(path.read_bytes()) == EXPECTED[path.name]


CHAT = {"conversation_id": "c1", "message_id": "m1"}


def event(kind: str, content: Any, user: str = OPEN_ID) -> dict[str, Any]:
    return {"client_key": "k", "event": kind, "create_time": 1668144093, "user_openid": user, "content": content}


def comment(**more: Any) -> str:
    told = {"comment_id": int(COMMENT), "video_id": 7150000000000000001, "comment_action": "insert", "text": "rusak"}
    return json.dumps({**told, "timestamp": 1668144093, "unique_identifier": "abcDEF123", **more})


def test_ids_beyond_2_to_the_53_are_kept_to_the_last_digit() -> None:
    (said,) = read(event("comment.update", comment(comment_id=9007199254740993, parent_comment_id=9007199254740995)))
    assert isinstance(said, Inbound)
    assert (said.external_id, said.thread_ids, said.root_id) == (
        "9007199254740993",
        ("9007199254740995",),
        "9007199254740995",
    )
    assert said.answer_at == {"video": "7150000000000000001", "comment": "9007199254740995"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (event("comment.update", comment(unique_identifier="kita")), [Echoed(COMMENT, "rusak", SAID)]),
        (event("comment.update", comment(text="")), [Ignored("empty")]),
        (event("comment.update", comment(comment_action="pin")), [Ignored("unknown_kind", detail="comment pin")]),
        (
            event("comment.update", comment(comment_action="set_to_friends_only")),
            [Removed(COMMENT, SAID, "account")],
        ),
        (event("comment.update", "{}"), [Broken("content", "a comment without an id")]),
        (event("comment.update", "kacau"), [Broken("content", "the content of the event is no JSON object")]),
        (event("comment.update", "[1]"), [Broken("content", "the content of the event is no JSON object")]),
        (event("video.publish.completed", "{}"), [Ignored("unknown_kind", detail="video.publish.completed")]),
        (event("authorization.removed", "{}"), [AccountNews("revoked", "TikTok: unknown")]),
        (
            event("authorization.removed", {"reason": 4}, "act.lain"),
            [AccountNews("revoked", "TikTok: the account was banned", account_ref="act.lain")],
        ),
        (
            event("im_mark_read_msg", '{"conversation_id":"c1","timestamp":1700000000000}'),
            [Receipted("", "read", seconds(1_700_000_000), "c1")],
        ),
        (
            event("im_send_msg", {**CHAT, "timestamp": 1_700_000_000_000, "type": "text", "text": {"body": "ya"}}),
            [Echoed("m1", "ya", seconds(1_700_000_000), "c1")],
        ),
        (
            event("im_receive_msg", '{"message_id":"m1"}'),
            [Broken("content", "a direct message without id or conversation")],
        ),
        (
            event("im_receive_msg", '{"conversation_id":"c1","message_id":"m1","type":"sticker"}'),
            [Ignored("unknown_kind", detail="direct message sticker")],
        ),
        ({"code": 0, "data": {"comments": []}}, [Ignored("empty")]),
        ({"code": 0, "data": {"comments": [{}]}}, [Broken("data.comments.0", "a comment without an id")]),
    ],
)
def test_events_of_every_other_kind(value: Any, expected: list[Item]) -> None:
    assert read(value) == expected


def test_a_picture_by_all_the_ids_that_tiktok_wants() -> None:
    content = {"conversation_id": "c1", "message_id": "m1", "type": "image", "image": {"media_id": "x9"}}
    (said,) = read(event("im_receive_msg", json.dumps(content)))
    assert isinstance(said, Inbound)
    assert said.media == (MediaRef("image", media_id="c1 m1 x9"),)


def test_a_hidden_comment_of_a_list_is_heard_and_told_as_hidden() -> None:
    row = {"comment_id": "5", "video_id": "6", "text": "rusak", "create_time": "1665129600", "status": "HIDDEN"}
    said, hidden = read({"data": {"comments": [row]}})
    assert isinstance(said, Inbound)
    assert hidden == Removed("5", CAME, "platform")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"kacau", b"[" * 100_000])
def test_what_is_nothing_of_tiktok_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


@given(any_json)
@settings(max_examples=100, deadline=None)
def test_any_json_is_understood_or_unreadable(value: Any) -> None:
    read_anyhow(TIKTOK, ACCOUNT, value)
    read_anyhow(TIKTOK, ACCOUNT, event("comment.update", json.dumps(value)))
    read_anyhow(TIKTOK, ACCOUNT, event("im_receive_msg", value))
    read_anyhow(TIKTOK, ACCOUNT, {"data": {"comments": value}})


@given(st.sampled_from(PATHS).flatmap(lambda path: damaged(_opened(load(path)))))
@settings(max_examples=200, deadline=None)
def test_any_damage_is_borne(value: Any) -> None:
    read_anyhow(TIKTOK, ACCOUNT, value)


def _opened(value: dict[str, Any]) -> dict[str, Any]:
    """The event with its inner JSON as an object, so that the damage also falls there."""
    return {**value, "content": json.loads(value["content"])} if "content" in value else value


BODY = b'{"client_key":"k","event":"e","create_time":1,"user_openid":"u","content":"{}"}'
SIGNED = "t=1633174587,s=3f0ba77a615726d63db6c062908a0291a369bda781039ec32d2f1368f694ec6d"


def request(body: bytes, signature: str, now: float, method: str = "POST") -> HookRequest:
    return HookRequest(method, "", b"", {b"tiktok-signature": signature.encode()}, body, "https://s.example/h", now)


def test_a_delivery_is_kept_with_a_fresh_signature() -> None:
    for now in (1633174587.0, 1633174587.0 + 299, 1633174587.0 - 299):
        assert isinstance(TIKTOK.verify(ACCOUNT, request(BODY, SIGNED, now)), Keep)


@pytest.mark.parametrize(
    ("body", "signature", "now", "method"),
    [
        (BODY, SIGNED, 1633174587.0 + 301, "POST"),
        (BODY, SIGNED, 1633174587.0 - 301, "POST"),
        (BODY + b" ", SIGNED, 1633174587.0, "POST"),
        (BODY, SIGNED.replace("t=1633174587", "t=1633174588"), 1633174587.0, "POST"),
        (BODY, "", 1633174587.0, "POST"),
        (BODY, "t=,s=", 1633174587.0, "POST"),
        (BODY, "t=1633174587", 1633174587.0, "POST"),
        (BODY, SIGNED, 1633174587.0, "GET"),
    ],
)
def test_anything_else_is_refused(body: bytes, signature: str, now: float, method: str) -> None:
    with pytest.raises(Refused):
        TIKTOK.verify(ACCOUNT, request(body, signature, now, method))
    with pytest.raises(Refused):
        TIKTOK.verify(AccountView(1, "tiktok", OPEN_ID), request(body, signature, now, method))


def test_a_rotated_secret_is_still_good_for_a_while() -> None:
    held = {
        "client_secret": "baru",
        "client_secret_previous": "client_secret",
        "client_secret_previous_until": "1633174600",
    }
    account = AccountView(1, "tiktok", OPEN_ID, credentials=held)
    assert isinstance(TIKTOK.verify(account, request(BODY, SIGNED, 1633174587.0)), Keep)
    with pytest.raises(Refused):
        TIKTOK.verify(account, request(BODY, SIGNED, 1633174601.0))
