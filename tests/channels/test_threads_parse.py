"""Threads: every payload of the corpus, and what is polled."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.channels.meta_corpus import PAYLOADS, THREAD, THREADS, raw, seconds, threads

from salur.channels.ports import Broken, Echoed, Ignored, Inbound, Item, MediaRef, Removed, Unreadable

ASKED = "Kapan jadwal pembagian bansos di kecamatan kami?"
PERSON = {"sender_address": "siti.rahma", "sender_handle": "siti.rahma", "audience": "public", "account_ref": "78901"}
EXPECTED: dict[str, list[Any]] = {
    "webhook_reply.json": [
        Inbound(
            external_id="1108614",
            text=ASKED,
            spoken_at=datetime(2025, 8, 4, 10, 33, 16, tzinfo=UTC),
            thread_ids=("111323", "415793"),
            place="415793",
            root_id="415793",
            answer_at={"thread": "1108614"},
            link="https://www.threads.net.test/@test_username/post/Pp",
            post={"id": "415793"},
            **PERSON,
        )
    ],
    "webhook_mention.json": [
        Inbound(
            external_id="1108614",
            text=ASKED,
            spoken_at=datetime(2024, 8, 7, 10, 33, 16, tzinfo=UTC),
            place="1108614",
            answer_at={"thread": "1108614", "mention": True},
            link="https://www.threads.net.test/@u/post/Pp",
            media=(MediaRef("image", url="https://media2.giphy.com.test/media/v1.x/200.gif"),),
            **PERSON,
        )
    ],
    "webhook_delete.json": [
        Removed("1108614", datetime(2024, 8, 7, 10, 33, 16, tzinfo=UTC), by="account", account_ref="78901")
    ],
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_payload_says_exactly_this(name: str) -> None:
    assert threads(f"threads/{name}") == EXPECTED[name]


def test_every_file_of_the_corpus_is_held_against_something() -> None:
    assert {path.name for path in (PAYLOADS / "threads").glob("*.json")} == set(EXPECTED)


def read(field: str, value: Any, **more: Any) -> list[Item]:
    return THREADS.parse(
        THREAD, raw({"target_id": "78901", "time": 1723226877, "values": {"field": field, "value": value}} | more)
    )


@pytest.mark.parametrize("field", ["publish", "replies"])
def test_what_we_say_ourselves_is_an_echo(field: str) -> None:
    value = {"id": "1", "text": "Terima kasih", "username": "Dinas.Contoh", "replied_to": {"id": "2"}}
    (found,) = read(field, value)
    assert found == Echoed("1", "Terima kasih", seconds(1723226877), in_reply_to="2", account_ref="78901")


def test_a_reply_without_its_parents_is_heard_all_the_same() -> None:
    (found,) = read("replies", {"id": "1", "text": "Macet", "username": "siti"})
    assert isinstance(found, Inbound) and found.place == "1" and found.thread_ids == () and found.root_id == ""


def test_a_deletion_by_somebody_else_is_theirs() -> None:
    (found,) = read("delete", {"id": "1", "owner": {"owner_id": "5"}, "deleted_at": "2024-08-07T10:33:16+0000"})
    assert isinstance(found, Removed) and found.by == "author"


def test_several_values_stand_each_by_itself() -> None:
    values = [
        {"field": "replies", "value": {"id": "1", "text": "a"}},
        {"field": "replies"},
        {"field": "x", "value": {}},
    ]
    found = THREADS.parse(THREAD, raw({"target_id": "78901", "values": values}))
    assert [type(one) for one in found] == [Inbound, Broken, Ignored]
    assert isinstance(found[1], Broken) and found[1].where == "values.1"


def test_the_frame_of_the_rest_of_meta_is_read_too() -> None:
    change = {"field": "replies", "value": {"id": "1", "text": "a", "username": "siti"}}
    (found,) = THREADS.parse(
        THREAD, raw({"object": "threads", "entry": [{"id": "78901", "time": 1, "changes": [change]}]})
    )
    assert isinstance(found, Inbound) and found.account_ref == "78901"


def test_polled_rows_are_the_same_messages() -> None:
    row = {"id": "1", "text": "a", "username": "siti", "timestamp": "2024-08-07T10:33:16+0000"}
    film = {"media_type": "VIDEO", "media_url": "https://cdn.test/v.mp4"}
    (said,) = THREADS.parse(THREAD, raw({"polled": "reply", "data": [row | {"replied_to": {"id": "9"}} | film]}))
    assert isinstance(said, Inbound) and said.answer_at == {"thread": "1"} and said.thread_ids == ("9",)
    assert said.media == (MediaRef("video", url="https://cdn.test/v.mp4"),)
    (named,) = THREADS.parse(THREAD, raw({"polled": "mention", "data": [row]}))
    assert isinstance(named, Inbound) and named.answer_at == {"thread": "1", "mention": True}
    (own,) = THREADS.parse(THREAD, raw({"polled": "reply", "data": [row | {"is_reply_owned_by_me": True}]}))
    assert isinstance(own, Echoed)


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"3", b'{"entry":[]}', b'{"error":{}}'])
def test_what_is_no_delivery_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        THREADS.parse(THREAD, raw(body))
