"""YouTube: every payload of the corpus by hand from the Data API's documentation, edits, losses, and laws."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels.shaken import any_json, corpus, damaged, load, read_anyhow

from salur.channels.platforms.youtube.adapter import YouTubePlatform
from salur.channels.ports import AccountView, Broken, Echoed, Edited, Ignored, Inbound, Item, Raw, Removed, Unreadable

YOUTUBE = YouTubePlatform()
OURS = "UCa-vrCLQHviTOVnEKDOdetQ"
ACCOUNT = AccountView(1, "youtube", OURS)
CAME = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PATHS = corpus("youtube")
LIGHT = "Lampu jalan di depan SDN 2 mati sudah dua minggu"
ROAD = "Jalan Raden Intan rusak parah, mohon segera diperbaiki"
WASTE = "Sampah menumpuk di pasar, baunya menyengat"
THANKS = "Terima kasih pelayanan Samsat cepat sekali 👍"


def read(value: Any, account: AccountView = ACCOUNT) -> list[Item]:
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return YOUTUBE.parse(account, Raw("k", octets, "application/json", received_at=CAME, via="poll"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def top(comment_id: str, text: str, when: str, author: str, name: str, video: str, channel: str = "") -> Inbound:
    """A first comment, under a video or (without one) on the channel itself."""
    watch = f"https://www.youtube.com/watch?v={video}"
    return Inbound(
        external_id=comment_id,
        text=text,
        spoken_at=at(when),
        sender_address=author,
        sender_name=name,
        audience="public",
        place=video or channel,
        answer_at={"comment": comment_id},
        link=f"{watch}&lc={comment_id}" if video else "",
        post={"id": video, "link": watch} if video else {},
    )


PARENT = "Ugw5zYU6n9pmIgAZWvN4AaABAg"


def reply(tail: str, text: str, when: str) -> Inbound:
    return Inbound(
        external_id=f"{PARENT}.{tail}",
        text=text,
        spoken_at=at(when),
        sender_address="UCNvMBmCASzTNNX8lW3JRMbw",
        sender_name="Dewi Lestari",
        thread_ids=(PARENT,),
        audience="public",
        root_id=PARENT,
        answer_at={"comment": PARENT},
    )


DEWI, VIDEO = "UCNvMBmCASzTNNX8lW3JRMbw", "F1UP7wRCPH8"
EXPECTED: dict[str, list[Item]] = {
    "threads_all_related_to_channel.json": [
        top("UgyWeTdgc4sc1xgmbld4AaABAg", LIGHT, "2019-12-01T03:36:55Z", DEWI, "Dewi Lestari", "JE8xdDp5B8Q"),
        top(PARENT, ROAD, "2019-12-01T03:36:10Z", DEWI, "Dewi Lestari", "JE8xdDp5B8Q"),
        top(
            "Ugy0FhSzKMNMT9qs6zt4AaABAg",
            ROAD,
            "2019-11-29T02:58:25Z",
            "UCupGECpPBlTnanhGHLe6GpA",
            "Siti Rahmawati",
            "",
            OURS,
        ),
    ],
    # The words are those that were typed (textOriginal), not those that a page shows (textDisplay).
    "threads_by_video_page1.json": [
        top(
            "UgyZ1jqkHKYvi1-ruOZ4AaABAg",
            WASTE,
            "2019-11-26T15:51:44Z",
            "UCzj-CjKYmGlZ7vTL-vOe57A",
            "Ahmad Fauzi",
            VIDEO,
        ),
        top("Ugy4OzAuz5uJuFt3FH54AaABAg", WASTE, "2019-11-21T19:18:39Z", "UCGBUkig1Ala-Z2gF73WSTdw", "Nur Aini", VIDEO),
        top(
            "UgysQP-vp089eFP0Stl4AaABAg",
            THANKS,
            "2019-11-17T11:34:48Z",
            "UCzZ87J8wYVpOADFviqyFKhw",
            "Budi Santoso",
            VIDEO,
        ),
    ],
    "replies_by_parent_page1.json": [
        reply("91zT3cYb5B291za6voUoRh", THANKS, "2019-12-01T04:46:31Z"),
        reply("91zT3cYb5B291za5eJxzs1", WASTE, "2019-12-01T04:46:20Z"),
    ],
    "reply_insert_response.json": [
        Echoed(
            "Ugy_CAftKrIUCyPr9GR4AaABAg.9iPXEClD9lW9iPXLqKy_Pt",
            LIGHT,
            at("2022-11-14T10:23:02Z"),
            in_reply_to="Ugy_CAftKrIUCyPr9GR4AaABAg",
        )
    ],
}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_payload_says_what_youtube_means_by_it(path: Any) -> None:
    assert read(path.read_bytes()) == EXPECTED[path.name]


MISSED = "2026-11-24T02:00:00Z"


def comment(comment_id: str = "Ug1", **snippet: Any) -> dict[str, Any]:
    told = {
        "textOriginal": "rusak",
        "authorChannelId": {"value": "UCwarga"},
        "authorDisplayName": "@warga",
        "publishedAt": "2026-11-20T01:00:00Z",
        "updatedAt": "2026-11-20T01:00:00Z",
    }
    return {"kind": "youtube#comment", "id": comment_id, "snippet": {**told, **snippet}}


def thread(first: dict[str, Any], *replies: dict[str, Any]) -> dict[str, Any]:
    snippet = {"channelId": OURS, "videoId": "v1", "topLevelComment": first}
    return {"items": [{"id": first["id"], "snippet": snippet, "replies": {"comments": list(replies)}}]}


def test_an_edit_is_told_after_the_comment() -> None:
    said, changed = read({"items": [comment(updatedAt="2026-11-20T02:00:00Z")]})
    assert isinstance(said, Inbound)
    assert (said.spoken_at, said.sender_handle) == (at("2026-11-20T01:00:00Z"), "@warga")
    assert changed == Edited("Ug1", "rusak", at("2026-11-20T02:00:00Z"), "2026-11-20T02:00:00Z")


def test_replies_stand_under_the_first_comment_and_ours_are_echoes() -> None:
    ours = comment("Ug1.b", authorChannelId={"value": OURS}, textOriginal="Sudah kami teruskan")
    first, theirs, echo = read(thread(comment("Ug1"), comment("Ug1.a", textOriginal="saya juga"), ours))
    assert isinstance(first, Inbound) and isinstance(theirs, Inbound)
    assert (first.place, first.root_id) == ("v1", "")
    assert (theirs.place, theirs.root_id, theirs.thread_ids) == ("v1", "Ug1", ("Ug1",))
    assert theirs.answer_at == {"comment": "Ug1"}
    assert theirs.post["text"] == "rusak"
    assert echo == Echoed("Ug1.b", "Sudah kami teruskan", at("2026-11-20T01:00:00Z"), in_reply_to="Ug1")


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("a<br>b &amp; c", "a\nb & c"),
        ('<a href="https://x.example">0:31</a> <b>tolong</b>', "0:31 tolong"),
        ("saya <3 lampung", "saya <3 lampung"),
    ],
)
def test_where_only_the_page_is_given_its_marks_are_left_out(shown: str, text: str) -> None:
    (said,) = read({"items": [comment(textOriginal=None, textDisplay=shown)]})
    assert isinstance(said, Inbound)
    assert said.text == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"kind": "salur#gone", "id": "Ug1", "missed_at": MISSED}, [Removed("Ug1", at(MISSED))]),
        ({"kind": "salur#gone"}, [Broken("", "a comment without an id")]),
        ({"items": []}, [Ignored("empty")]),
        ({"items": [{"id": "Ug1"}]}, [Broken("items.0", "a comment without id or words")]),
        ({"items": [7]}, [Broken("items.0", "no object")]),
        ({"items": [comment(textOriginal=" ")]}, [Ignored("empty")]),
        ({"error": {"code": 403}}, [Ignored("unknown_kind", detail="an error of YouTube")]),
    ],
)
def test_what_is_no_new_comment(value: Any, expected: list[Item]) -> None:
    assert read(value) == expected


def test_a_rejected_comment_is_heard_and_told_as_gone() -> None:
    said, gone = read({"items": [comment(moderationStatus="rejected")]})
    assert isinstance(said, Inbound)
    assert gone == Removed("Ug1", at("2026-11-20T01:00:00Z"), "account")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"kacau", b"[" * 100_000])
def test_what_is_nothing_of_youtube_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


@given(any_json)
@settings(max_examples=100, deadline=None)
def test_any_json_is_understood_or_unreadable(value: Any) -> None:
    read_anyhow(YOUTUBE, ACCOUNT, value)
    read_anyhow(YOUTUBE, ACCOUNT, {"items": value})
    read_anyhow(YOUTUBE, ACCOUNT, {"id": "x", "snippet": value})
    read_anyhow(YOUTUBE, ACCOUNT, {"kind": "salur#gone", "id": value, "missed_at": value})


@given(st.sampled_from(PATHS).flatmap(lambda path: damaged(load(path))))
@settings(max_examples=200, deadline=None)
def test_any_damage_is_borne(value: Any) -> None:
    read_anyhow(YOUTUBE, ACCOUNT, value)
