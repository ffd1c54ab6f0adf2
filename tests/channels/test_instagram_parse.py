"""Instagram: every payload of the corpus, both flavours of sign-in, and what is polled."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.channels.meta_corpus import GRAM, INSTAGRAM, PAYLOADS, instagram, raw, seconds

from salur.channels.ports import (
    AccountView,
    Broken,
    Echoed,
    Edited,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Receipted,
    Removed,
    Unreadable,
)

IG, COURIER = "87565321165368935", "7127093245"
INBOX = "https://www.instagram.com/direct/inbox/"
DM_AT, COURIER_AT = seconds(1661141837.237), seconds(1459991487.970)
PERSON = "6493569316541"
THANKS = "Terima kasih pelayanan Samsat cepat sekali 👍"


def dm(mid: str, text: str = "", **more: Any) -> Inbound:
    """A direct message of the person in most files."""
    told: dict[str, Any] = {
        "external_id": mid,
        "text": text,
        "spoken_at": DM_AT,
        "sender_address": PERSON,
        "audience": "private",
        "place": PERSON,
        "link": INBOX,
        "account_ref": IG,
    }
    return Inbound(**(told | more))


def courier(text: str = "", **more: Any) -> Inbound:
    """A direct message of the person in the files with short ids."""
    told = {"spoken_at": COURIER_AT, "sender_address": "5678", "place": "5678", "account_ref": COURIER}
    return dm("external_id", text, **(told | more))


def comment(identity: str, sent: int, **more: Any) -> Inbound:
    """The reply under a comment that two files tell of."""
    told: dict[str, Any] = {
        "external_id": identity,
        "text": THANKS,
        "spoken_at": seconds(sent),
        "sender_address": "5097619264919065",
        "sender_handle": "siti.rahma",
        "thread_ids": ("19581901716935967",),
        "audience": "public",
        "place": "49075306796278452",
        "root_id": "19581901716935967",
        "answer_at": {"comment": identity},
        "post": {"id": "49075306796278452"},
        "account_ref": IG,
    }
    return Inbound(**(told | more))


ROAD = "Jalan Raden Intan rusak parah, mohon segera diperbaiki"
SHARED = "https://lookaside.fbsbx.com.test/ig_messaging_cdn/?_nc=REDACTED"
EXPECTED: dict[str, list[Any]] = {
    "comment_facebook_login_comment_id_key.json": [
        comment("43373700199444091", 1689172400, post={"id": "49075306796278452", "text": "x"})
    ],
    "comment_reply_with_parent_id.json": [comment("48783164606542435", 1689172398)],
    "dm_echo.json": [Echoed("qT7ywaK", "", COURIER_AT, to="5678", account_ref=COURIER)],
    "dm_hello_msg.json": [courier(ROAD)],
    "dm_icebreaker_get_started.json": [
        courier(
            "icebreaker question",
            external_id="postback:5678:1459991487970",
            extra={"postback": "get_started"},
        )
    ],
    "dm_invalid_urn.json": [courier(ROAD, sender_address="abc5678", place="abc5678")],
    "dm_iso_string_times.json": [
        dm("aWdfZAG1faXRlbToxOn", THANKS, spoken_at=datetime(2021, 9, 8, 6, 34, 4, tzinfo=UTC))
    ],
    "dm_like_heart.json": [Ignored("reaction", about="external_id", account_ref=COURIER)],
    "dm_message_edit.json": [
        Edited(
            "aWdfZAG1faXRlbToxOp",
            "Lampu jalan di depan SDN 2 mati sudah dua minggu",
            DM_AT,
            key="1",
            account_ref=IG,
        )
    ],
    "dm_message_edit_num_edit_0_without_text.json": [dm("aWdfZAG1faXRlbToxOo", extra={"words": "missing"})],
    "dm_no_messaging_entries.json": [Ignored("empty", account_ref=COURIER)],
    "dm_reaction.json": [Ignored("reaction", about="aWdfZAG1faXRlbToxOk", account_ref=IG)],
    "dm_seen.json": [Receipted("aWdfZAG1faXRlbToxOk", "read", DM_AT, to=PERSON, account_ref=IG)],
    "dm_share_attachment.json": [dm("aWdfZAG1faXRlbToxOl", media=(MediaRef("image", url=SHARED),))],
    "dm_story_mention.json": [
        courier(media=(MediaRef("image", url="https://storyurl.test"),), extra={"story_mention": True})
    ],
    "dm_test_button_string_timestamp.json": [Ignored("test")],
    "dm_unsent_msg.json": [Removed("external_id", seconds(1569262485.349), account_ref=COURIER)],
    "dm_unsupported.json": [dm("aWdfZAG1faXRlbToxOq", extra={"words": "missing"})],
    "mention_in_caption.json": [
        Inbound(
            external_id="49075306796278452",
            text="",
            spoken_at=seconds(1520622968),
            audience="public",
            place="49075306796278452",
            answer_at={"media": "49075306796278452", "mention": True},
            account_ref=IG,
            extra={"words": "missing"},
        )
    ],
    "poll_comment_replies.json": [
        Inbound(
            external_id="10234803675680519",
            text="Puskesmas tutup jam 10 padahal masih jam kerja",
            spoken_at=datetime(2020, 8, 7, 3, 30, 6, tzinfo=UTC),
            audience="public",
            answer_at={"comment": "10234803675680519"},
            account_ref=IG,
        )
    ],
    "poll_mentioned_comment.json": [
        Inbound(
            external_id="96343004499029249",
            text="Ada pungli di loket, tolong ditindak",
            spoken_at=datetime(2021, 8, 19, 9, 14, 16, tzinfo=UTC),
            sender_handle="wayan_s",
            audience="public",
            answer_at={"comment": "96343004499029249", "mention": True},
            account_ref=IG,
        )
    ],
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_payload_says_exactly_this(name: str) -> None:
    assert instagram(f"instagram/{name}", "poll" if name.startswith("poll_") else "hook") == EXPECTED[name]


def test_every_file_of_the_corpus_is_held_against_something() -> None:
    assert {path.name for path in (PAYLOADS / "instagram").glob("*.json")} == set(EXPECTED)


COMMENT = {"id": "1", "from": {"id": "9", "username": "siti"}, "text": "Macet", "media": {"id": "7"}}


def read(found: Any, account: AccountView = GRAM) -> list[Item]:
    return INSTAGRAM.parse(account, raw(found))


def test_field_and_value_may_stand_in_the_entry_itself_and_the_root_may_be_an_array() -> None:
    change = {"field": "comments", "value": COMMENT}
    wrapped = {"object": "instagram", "entry": [{"id": IG, "time": 1689172398, "changes": [change]}]}
    flat = [{"object": "instagram", "entry": [{"id": IG, "time": 1689172398, **change}]}]
    assert read(flat) == read(wrapped) == read(wrapped["entry"])
    assert isinstance(read(flat)[0], Inbound)


def test_messages_may_come_as_changes() -> None:
    value = {
        "sender": {"id": "5"},
        "recipient": {"id": IG},
        "timestamp": "1527459824",
        "message": {"mid": "m", "text": "a"},
    }
    (found,) = read({"object": "instagram", "entry": [{"id": IG, "changes": [{"field": "messages", "value": value}]}]})
    assert isinstance(found, Inbound) and (found.external_id, found.spoken_at) == ("m", seconds(1527459824))


@pytest.mark.parametrize("author", [{"id": IG, "username": "x"}, {"id": "0", "username": "Dinas.Contoh"}])
def test_our_own_comment_is_an_echo_by_id_and_by_name(author: dict[str, str]) -> None:
    value = COMMENT | {"from": author, "parent_id": "2"}
    (found,) = read({"entry": [{"id": IG, "time": 1689172398, "changes": [{"field": "comments", "value": value}]}]})
    assert found == Echoed("1", "Macet", seconds(1689172398), in_reply_to="2", account_ref=IG)


def test_a_comment_on_a_live_video_says_so() -> None:
    (found,) = read({"entry": [{"id": IG, "changes": [{"field": "live_comments", "value": COMMENT}]}]})
    assert isinstance(found, Inbound) and found.answer_at == {"comment": "1", "live": True}


def test_a_mention_in_a_comment_keeps_what_is_needed_to_answer_it() -> None:
    value = {"media_id": "7", "comment_id": "8"}
    (found,) = read({"entry": [{"id": IG, "changes": [{"field": "mentions", "value": value}]}]})
    assert isinstance(found, Inbound) and found.external_id == "8"
    assert found.answer_at == {"media": "7", "comment": "8", "mention": True} and found.post == {"id": "7"}


def test_an_answer_to_our_story_names_the_story() -> None:
    story = {"id": "s", "url": "https://cdn.test/story"}
    event = {"sender": {"id": "5"}, "timestamp": 1, "message": {"mid": "m", "text": "a", "reply_to": {"story": story}}}
    (found,) = read({"entry": [{"id": IG, "messaging": [event]}]})
    assert isinstance(found, Inbound) and found.post == {"id": "s", "link": "https://cdn.test/story"}


def test_a_polled_comment_brings_its_replies_and_its_post() -> None:
    reply = {"id": "2", "text": "Setuju", "timestamp": "2026-01-01T00:01:00+0000", "username": "budi"}
    row = {"id": "1", "text": "Macet", "timestamp": "2026-01-01T00:00:00+0000", "replies": {"data": [reply]}}
    post = {"id": "7", "permalink": "https://www.instagram.com/p/x/", "caption": "Jalan baru"}
    first, second = read({"polled": "comment", "account": IG, "post": post, "data": [row]})
    assert isinstance(first, Inbound) and isinstance(second, Inbound)
    assert first.post == {"id": "7", "link": "https://www.instagram.com/p/x/", "text": "Jalan baru"}
    assert (second.root_id, second.thread_ids, second.sender_handle) == ("1", ("1",), "budi")


def test_a_tagged_medium_is_heard_with_its_picture_and_our_own_is_not() -> None:
    row = {"id": "7", "caption": "Halo @dinas.contoh", "username": "siti", "timestamp": 1689172398}
    row |= {"permalink": "https://www.instagram.com/p/x/", "media_url": "https://cdn.test/a.jpg", "media_type": "IMAGE"}
    (found,) = read({"polled": "tagged", "data": [row]})
    assert isinstance(found, Inbound) and found.media == (MediaRef("image", url="https://cdn.test/a.jpg"),)
    assert found.answer_at == {"media": "7", "mention": True} and found.link.endswith("/p/x/")
    (own,) = read({"polled": "tagged", "data": [row | {"username": "dinas.contoh"}]})
    assert own == Ignored("own_message", about="7", account_ref=IG)


@pytest.mark.parametrize("value", [{}, {"text": "a"}])
def test_comments_and_mentions_without_ids_are_broken_and_seen(value: dict[str, Any]) -> None:
    for field in ("comments", "mentions"):
        (found,) = read({"entry": [{"id": IG, "changes": [{"field": field, "value": value}]}]})
        assert isinstance(found, Broken)


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"\xff", b'{"error":{"code":1}}'])
def test_what_is_no_delivery_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        INSTAGRAM.parse(GRAM, raw(body))
