"""X: every payload of the corpus by hand from X's documentation, the shapes told there without a sample, and laws."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels.shaken import any_json, corpus, damaged, load, read_anyhow

from salur.channels.platforms.x.adapter import XPlatform
from salur.channels.platforms.x.posts import made_at
from salur.channels.ports import (
    AccountNews,
    AccountView,
    Broken,
    Echoed,
    Edited,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Raw,
    Receipted,
    Removed,
    Unreadable,
)

X = XPlatform()
OURS, CITIZEN = "3265679313898938448", "6217509609649161134"
ACCOUNT = AccountView(1, "x", OURS)
CAME = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PATHS = corpus("x")
LIGHT = "Lampu jalan di depan SDN 2 mati sudah dua minggu"
CLINIC = "Puskesmas tutup jam 10 padahal masih jam kerja"
ROAD = "Jalan Raden Intan rusak parah, mohon segera diperbaiki"
BRIBE = "Ada pungli di loket, tolong ditindak"


def read(value: Any, account: AccountView = ACCOUNT) -> list[Item]:
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return X.parse(account, Raw("k", octets, "application/json", received_at=CAME, via="hook"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def ms(value: int) -> datetime:
    return datetime.fromtimestamp(value / 1000, UTC)


def mention(post_id: str, text: str, spoken_at: datetime) -> Inbound:
    """A mention with nothing but its default fields."""
    return Inbound(
        external_id=post_id,
        text=text,
        spoken_at=spoken_at,
        audience="public",
        place=post_id,
        answer_at={"post": post_id},
        link=f"https://x.com/i/status/{post_id}",
    )


EXPECTED: dict[str, list[Item]] = {
    "xaa_post_create.json": [Echoed("4457638551904207523", CLINIC, at("2026-07-24T21:05:48Z"))],
    "xaa_post_delete.json": [Removed("8914795731149960852", CAME, "account")],
    "hostile_event_uuid_negative.json": [
        Removed("2080761269309813134", CAME, "account", account_ref="1111111111111111111")
    ],
    "xaa_post_quote_create.json": [
        Inbound(
            external_id="9321798020025695044",
            text=CLINIC,
            spoken_at=at("2026-08-12T18:05:00Z"),
            sender_address=CITIZEN,
            thread_ids=("4457638551904207523",),
            audience="public",
            place="9321798020025695044",
            answer_at={"post": "9321798020025695044", "summoned": True},
            link="https://x.com/i/status/9321798020025695044",
            post={"id": "4457638551904207523", "link": "https://x.com/i/status/4457638551904207523"},
        )
    ],
    "xaa_post_repost_create.json": [Ignored("reaction", about="4457638551904207523")],
    "xaa_chat_received.json": [Ignored("unknown_kind", detail="chat.received")],
    "xaa_dm_received.json": [
        Inbound(
            external_id="8653199235483370794",
            text=BRIBE,
            spoken_at=ms(1784928224372),
            sender_address=CITIZEN,
            sender_name="Dewi Lestari",
            sender_handle="dewi.l",
            place=CITIZEN,
            link=f"https://x.com/messages/compose?recipient_id={CITIZEN}",
        )
    ],
    "xaa_dm_sent.json": [
        Echoed(
            "9957101105814250797",
            "Terima kasih pelayanan Samsat cepat sekali 👍",
            ms(1784927750704),
            to="9586637806",
        )
    ],
    "xaa_oauth_revoke.json": [AccountNews("revoked", "the account withdrew its leave at X")],
    "aaa_deprecated_direct_message_events.json": [
        Inbound(
            external_id="215638443904721284",
            text=ROAD,
            spoken_at=ms(1516403560557),
            sender_address="3482151973",
            sender_name="Siti Rahmawati",
            sender_handle="dewi.l",
            place="3482151973",
            link="https://x.com/messages/compose?recipient_id=3482151973",
            account_ref="3289098117",
        )
    ],
    "aaa_deprecated_tweet_delete_events.json": [
        Removed("7107993681479627482", ms(1432228155593), "account", account_ref="601774093921723133")
    ],
    # No instant is told: the id tells it, but these were made up and lie in the future, so the receipt stands.
    "poll_mentions_default_fields.json": [
        mention("3090628409834760395", LIGHT, CAME),
        mention("1097681550865725040", BRIBE, ms(1_288_834_974_657 + 1097681550865725040 // 2**22)),
        mention("2736387350887493457", ROAD, CAME),
    ],
    # An edit is a new post: the first version is the message, the later one its change; an answer goes to the later.
    "edited_post_history.json": [
        Inbound(
            external_id="7127093245",
            text="Kapan jadwal pembagian bansos di kecamatan kami?",
            spoken_at=CAME,
            audience="public",
            place="7127093245",
            answer_at={"post": "4422560383"},
            link="https://x.com/i/status/4422560383",
        ),
        Edited("7127093245", LIGHT, CAME, "4422560383"),
    ],
    "partial_error_200.json": [
        mention("123", "Hello", CAME),
        Ignored("unknown_kind", about="456", detail="X says: Not Found Error"),
    ],
    "error_429.json": [Ignored("unknown_kind", detail="X says: 88")],
    "stream_operational_disconnect.json": [Ignored("unknown_kind", detail="X says: operational-disconnect")],
    # Answers to our own sendings, were they ever kept as deliveries.
    "post_tweet_201.json": [mention("6378432578581299123", ROAD, CAME)],
    "send_dm_201.json": [Ignored("own_message", about="2524413598609118495")],
}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_payload_says_what_x_means_by_it(path: Any) -> None:
    assert read(path.read_bytes()) == EXPECTED[path.name]


def activity(kind: str, payload: dict[str, Any], **beside: Any) -> dict[str, Any]:
    told = {"event_uuid": "-1", "filter": {"user_id": OURS}, "event_type": kind, "payload": payload}
    return {"data": {**told, **beside}}


POST = {
    "id": "2080765813578191303",
    "text": "@kominfo &amp; tim: jalan &lt;rusak&gt;",
    "created_at": "2026-07-24T21:23:23.000Z",
    "author_id": CITIZEN,
    "conversation_id": "2080765813578191000",
    "edit_history_tweet_ids": ["2080765813578191303"],
    "referenced_tweets": [{"type": "replied_to", "id": "2080765813578191000"}],
}


def test_a_mention_carries_all_that_an_answer_and_an_officer_need() -> None:
    includes = {
        "users": [{"data": {"id": CITIZEN, "username": "siti_r", "name": "Siti\nRahmawati"}}],
        "tweets": [{"id": "2080765813578191000", "author_id": "1", "text": "Rapat &amp; doa"}],
        "media": [
            {"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/media/a.jpg"},
            {
                "media_key": "7_1",
                "type": "video",
                "preview_image_url": "https://pbs.twimg.com/p.jpg",
                "variants": [
                    {"content_type": "application/x-mpegURL", "url": "https://video.twimg.com/a.m3u8"},
                    {"content_type": "video/mp4", "bit_rate": 632000, "url": "https://video.twimg.com/s.mp4"},
                    {"content_type": "video/mp4", "bit_rate": 2176000, "url": "https://video.twimg.com/l.mp4"},
                ],
            },
        ],
    }
    post = {**POST, "attachments": {"media_keys": ["3_1", "7_1", "3_9"]}}
    assert read(activity("post.mention.create", post, includes=includes)) == [
        Inbound(
            external_id="2080765813578191303",
            text="@kominfo & tim: jalan <rusak>",
            spoken_at=at("2026-07-24T21:23:23Z"),
            sender_address=CITIZEN,
            sender_name="Siti Rahmawati",
            sender_handle="siti_r",
            thread_ids=("2080765813578191000",),
            audience="public",
            place="2080765813578191000",
            root_id="2080765813578191000",
            answer_at={"post": "2080765813578191303", "summoned": True},
            link="https://x.com/siti_r/status/2080765813578191303",
            post={
                "id": "2080765813578191000",
                "link": "https://x.com/i/status/2080765813578191000",
                "text": "Rapat & doa",
            },
            media=(
                MediaRef("image", "https://pbs.twimg.com/media/a.jpg"),
                MediaRef("video", "https://video.twimg.com/l.mp4", content_type="video/mp4"),
                MediaRef("file", media_id="3_9"),
            ),
        )
    ]


@pytest.mark.parametrize(
    ("kind", "more", "summoned"),
    [
        ("post.mention.create", {}, True),
        ("post.reply.create", {"entities": {"mentions": [{"id": OURS}]}}, True),
        ("post.reply.create", {}, False),
        ("post.quote.create", {"referenced_tweets": [{"type": "quoted", "id": "9"}]}, True),
    ],
)
def test_who_named_or_quoted_the_account_may_be_answered(kind: str, more: dict[str, Any], summoned: bool) -> None:
    (said,) = read(activity(kind, {**POST, **more}))
    assert isinstance(said, Inbound)
    assert said.answer_at["summoned"] is summoned


def test_what_is_included_may_also_stand_beside_the_data() -> None:
    event = activity("post.mention.create", POST)
    event["includes"] = {"users": [{"id": CITIZEN, "username": "siti_r", "name": "Siti"}]}
    (said,) = read(event)
    assert isinstance(said, Inbound)
    assert (said.sender_handle, said.sender_name) == ("siti_r", "Siti")


def test_a_long_post_is_read_whole() -> None:
    (said,) = read(activity("post.mention.create", {**POST, "note_tweet": {"text": "panjang " * 100}}))
    assert isinstance(said, Inbound)
    assert len(said.text) == 799


def test_an_edit_of_which_the_first_version_was_never_heard_loses_nothing() -> None:
    first, second = "2080765813578191303", "2080766313578191303"
    post = {**POST, "id": second, "edit_history_tweet_ids": [first, second], "text": "jembatan rusak"}
    said, changed = read(activity("post.mention.create", post))
    assert isinstance(said, Inbound)
    assert (said.external_id, said.text, said.answer_at["post"]) == (first, "jembatan rusak", second)
    assert said.spoken_at == made_at(first)
    assert changed == Edited(first, "jembatan rusak", at("2026-07-24T21:23:23Z"), second)


@pytest.mark.parametrize(
    ("kind", "payload", "expected"),
    [
        ("dm.indicate_typing", {}, [Ignored("typing")]),
        ("dm.read", {}, [Ignored("unknown_kind", detail="dm.read")]),
        (
            "dm.read",
            {
                "direct_message_mark_read_events": [
                    {"created_timestamp": "1784928224372", "sender_id": CITIZEN, "target": {"recipient_id": OURS}}
                ]
            },
            [Receipted("", "read", ms(1784928224372), CITIZEN)],
        ),
        ("like.create", {"id": "1"}, [Ignored("reaction")]),
        ("follow.follow", {"source": {}, "target": {}}, [Ignored("unknown_kind", detail="follow.follow")]),
        ("post.mention.create", {"text": "x"}, [Broken("data.payload", "a post without an id")]),
        ("post.mention.create", {**POST, "text": ""}, [Ignored("empty")]),
        ("post.delete", {}, [Broken("data.payload", "a removed post without an id")]),
        ("dm.received", {}, [Broken("data.payload", "a direct message event without a message")]),
    ],
)
def test_events_that_are_no_message(kind: str, payload: dict[str, Any], expected: list[Item]) -> None:
    assert read(activity(kind, payload)) == expected


def test_a_direct_message_brings_its_picture() -> None:
    media = {"type": "photo", "media_url_https": "https://ton.x.com/dm/1/2/a.jpg"}
    event = {
        "type": "message_create",
        "id": "2080765901528535096",
        "created_timestamp": "1784928224372",
        "message_create": {
            "sender_id": CITIZEN,
            "target": {"recipient_id": OURS},
            "message_data": {"text": "", "attachment": {"type": "media", "media": media}},
        },
    }
    (said,) = read(activity("dm.received", {"direct_message_events": [event]}))
    assert isinstance(said, Inbound)
    assert said.media == (MediaRef("image", "https://ton.x.com/dm/1/2/a.jpg"),)


def test_the_forerunner_also_tells_posts_likes_and_the_end() -> None:
    post = {
        "id_str": "1050118621198921728",
        "created_at": "Wed Oct 10 20:19:24 +0000 2018",
        "text": "kependekan…",
        "extended_tweet": {"full_text": "@kominfo jalan rusak"},
        "user": {"id_str": CITIZEN, "name": "Siti", "screen_name": "siti_r"},
        "in_reply_to_status_id_str": "1050118621198921000",
        "entities": {"user_mentions": [{"id_str": OURS}]},
    }
    repost = {**post, "id_str": "2", "retweeted_status": {"id_str": "1"}}
    body = {
        "for_user_id": OURS,
        "tweet_create_events": [post, repost],
        "favorite_events": [{"id": "a"}],
        "user_event": {"revoke": {"source": {"user_id": OURS}}},
    }
    said, reposted, liked, revoked = read(body)
    assert isinstance(said, Inbound)
    assert (said.text, said.sender_handle, said.thread_ids) == (
        "@kominfo jalan rusak",
        "siti_r",
        ("1050118621198921000",),
    )
    assert said.spoken_at == at("2018-10-10T20:19:24Z")
    assert said.answer_at == {"post": "1050118621198921728", "summoned": True}
    assert reposted == Ignored("reaction", about="1")
    assert liked == Ignored("reaction")
    assert revoked == AccountNews("revoked", "the account withdrew its leave at X")


def test_direct_messages_of_a_lookup() -> None:
    body = {
        "data": [
            {
                "id": "12",
                "event_type": "MessageCreate",
                "sender_id": CITIZEN,
                "text": "halo",
                "created_at": "2026-11-23T01:00:00Z",
            },
            {
                "id": "13",
                "event_type": "MessageCreate",
                "sender_id": OURS,
                "text": "ya",
                "dm_conversation_id": f"{OURS}-{CITIZEN}",
            },
            {"id": "14", "event_type": "ParticipantsJoin"},
        ]
    }
    said, echo, other = read(body)
    assert isinstance(said, Inbound)
    assert (said.external_id, said.audience, said.sender_address) == ("12", "private", CITIZEN)
    assert echo == Echoed("13", "ya", CAME, to=CITIZEN)
    assert other == Ignored("unknown_kind", detail="direct message ParticipantsJoin")


@pytest.mark.parametrize("body", [b"", b"[]", b"nul", b"{}", b'{"meta": 1}', b"[" * 100_000])
def test_what_is_nothing_of_x_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


def test_an_empty_page_and_a_problem_are_ignored() -> None:
    assert read({"meta": {"result_count": 0}}) == [Ignored("empty")]
    problem = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
    assert read(problem) == [Ignored("unknown_kind", detail="X says: Unauthorized")]


def test_ids_tell_their_instant_since_2010() -> None:
    # The id of X's own sample payload of 24 July 2026, 21:05:48.
    told = made_at("2080761390344937796")
    assert told is not None
    assert abs((told - at("2026-07-24T21:05:48Z")).total_seconds()) < 1
    assert made_at("20") is made_at("") is made_at("²") is made_at(str(2**70)) is None


@given(any_json)
@settings(max_examples=100, deadline=None)
def test_any_json_is_understood_or_unreadable(value: Any) -> None:
    read_anyhow(X, ACCOUNT, value)
    read_anyhow(X, ACCOUNT, {"data": value})
    read_anyhow(X, ACCOUNT, activity("post.mention.create", value))
    read_anyhow(X, ACCOUNT, {"for_user_id": "1", "tweet_create_events": value, "direct_message_events": value})


@given(st.sampled_from(PATHS).flatmap(lambda path: damaged(load(path))))
@settings(max_examples=200, deadline=None)
def test_any_damage_is_borne(value: Any) -> None:
    read_anyhow(X, ACCOUNT, value)
