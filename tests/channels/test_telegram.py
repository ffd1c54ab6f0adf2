"""Telegram updates as they come, one expectation a payload, written from the Bot API."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.shaken import any_json, corpus, damaged, load, read_anyhow

from salur.channels.platforms.telegram.adapter import TelegramPlatform
from salur.channels.platforms.telegram.content import message_key
from salur.channels.ports import AccountNews, AccountView, Edited, Ignored, Inbound, Item, MediaRef, Raw, Unreadable

PLATFORM = TelegramPlatform()
ACCOUNT = AccountView(
    1, "telegram", "salur_bot", {}, {"bot_token": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "hook_secret": "s"}
)
RECEIVED = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
COMPLAINT = "Puskesmas tutup jam 10 padahal masih jam kerja"
OLD, NEW = "1063990", "249197719"


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def key(chat: str, message: int) -> str:
    return message_key(ACCOUNT, chat, str(message))


def old(message: int, text: str, seconds: int, **more: Any) -> Inbound:
    """A private message of the older form, in which `from.is_bot` is absent."""
    person = {"sender_address": OLD, "sender_name": "Ahmad Fauzi Dewi Lestari", "sender_handle": "nuraini"}
    person["link"] = "https://t.me/nuraini"
    told = {"external_id": key(OLD, message), "text": text, "spoken_at": at(seconds)}
    return Inbound(**{**told, **person, "answer_at": {"message_id": str(message)}, **more})


ALBUM = Inbound(
    external_id=key(NEW, 44),
    text=COMPLAINT,
    spoken_at=at(1454119229),
    sender_address=NEW,
    sender_name="Ahmad Fauzi",
    sender_handle="wayan_s",
    group_key="album:28376098452191634",
    answer_at={"message_id": "44"},
    link="https://t.me/wayan_s",
    media=(MediaRef("image", media_id="AgACAgUAAxl", size=90000),),
)
POINT = "\N{ROUND PUSHPIN}"
LARGEST = "AgADAQADtKcxG4LRUUQSQVUjfJIiiF8G6C8ABA9NJzFdXskaincBAAEC"
EXPECTED: dict[str, list[Item]] = {
    "album_part1.json": [ALBUM],
    "album_part2_no_caption.json": [
        Inbound(**{**vars(ALBUM), "external_id": key(NEW, 45), "text": "", "answer_at": {"message_id": "45"}})
    ],
    "channel_post.json": [Ignored("own_message", about="-1009876543210:7", detail="channel")],
    "contactMsg.json": [old(96, "\N{TELEPHONE RECEIVER} I Wayan Sudarma, 1823405990", 1493845755)],
    "documentMsg.json": [
        old(
            92,
            "",
            1493845100,
            media=(
                MediaRef(
                    "file",
                    media_id="BQADAQADCgADgtFRRPrv9GQ95f8eAg",
                    name="TabFig2015prel.xls",
                    content_type="application/vnd.ms-excel",
                    size=4540928,
                ),
            ),
        )
    ],
    "edited_message.json": [Edited(key(NEW, 41), COMPLAINT, at(1454119100), key="174114371")],
    "emptyMsg.json": [Ignored("empty")],
    "group_mention.json": [
        Inbound(
            external_id="-1001234567890:46",
            text="@salur_bot lampu mati",
            spoken_at=at(1454119329),
            sender_address="352706512",
            sender_name="Nic",
            sender_handle="nic",
            audience="public",
            place="-1001234567890",
            answer_at={"message_id": "46"},
            link="https://t.me/c/1234567890/46",
        )
    ],
    "locationMsg.json": [
        old(94, f"{POINT} -2.890287, -79.004333", 1493845244, extra={"latitude": -2.890287, "longitude": -79.004333})
    ],
    "photoMsg.json": [
        old(
            85,
            "Terima kasih pelayanan Samsat cepat sekali 👍",
            1493843318,
            media=(MediaRef("image", media_id=LARGEST, size=104737),),
        )
    ],
    "stickerMsg.json": [
        old(
            44,
            "",
            1454119668,
            sender_handle="",
            link="",
            media=(MediaRef("sticker", media_id="BQADAwADRQADyIsGAAHtBskMy6GoLAI", size=38440),),
        )
    ],
    "unknown_update_kind.json": [Ignored("unknown_kind", detail="some_future_update")],
    "venueMsg.json": [
        old(
            95,
            f"{POINT} Cuenca, Provincia del Azuay (-2.898944, -79.006835)",
            1493845520,
            extra={"latitude": -2.898944, "longitude": -79.006835},
        )
    ],
    "videoMsg.json": [
        old(
            86,
            "",
            1493843364,
            media=(
                MediaRef("video", media_id="BAADAQADBgADgtFRRPFTAAHxLVw76wI", content_type="video/mp4", size=257507),
            ),
        )
    ],
    "webAppDataNonJSONMsg.json": [old(98, "bob,32", 1493845755)],
}
ANSWERS = ("error_403_blocked.json", "error_429_retry_after.json", "getfile_ok.json")


def read(update: Any) -> list[Item]:
    return PLATFORM.parse(ACCOUNT, Raw("k", json.dumps(update).encode(), "application/json", received_at=RECEIVED))


def said(**message: Any) -> dict[str, Any]:
    """One update with a private message of an invented person."""
    person = {"id": 77, "is_bot": False, "first_name": "Sari"}
    usual = {"message_id": 5, "from": person, "chat": {"id": 77, "type": "private"}, "date": 1795490000}
    return {"update_id": 9, "message": usual | message}


GROUP = {"id": -100555, "type": "supergroup", "title": "RT 05", "username": "rt05"}


@pytest.mark.parametrize("path", corpus("telegram"), ids=lambda path: path.name)
def test_every_payload_is_read_as_it_was_meant(path: Any) -> None:
    if path.name in ANSWERS:
        with pytest.raises(Unreadable, match="update_id"):
            read(load(path))
    else:
        assert read(load(path)) == EXPECTED[path.name]


def test_no_expectation_stands_without_its_payload() -> None:
    assert {path.name for path in corpus("telegram")} == {*EXPECTED, *ANSWERS}


def test_the_id_of_a_person_does_not_stand_in_the_id_of_a_message() -> None:
    (found,) = read(said(text="Lampu mati"))
    assert isinstance(found, Inbound)
    assert "77:" not in found.external_id and found.place == "" and found.sender_address == "77"
    assert key("77", 5) != key("78", 5), "two people's messages of one number are two messages"


def test_in_a_group_only_what_is_said_to_the_bot_is_taken() -> None:
    assert read(said(chat=GROUP, text="siapa yang ronda?")) == [Ignored("other_account", detail="not_addressed")]
    entity = {"type": "mention", "offset": 3, "length": 10}
    (found,) = read(said(chat=GROUP, text="🙏 @salur_bot jalan rusak", entities=[entity]))
    assert isinstance(found, Inbound) and found.audience == "public" and found.link == "https://t.me/rt05/5"
    other = {"type": "bot_command", "offset": 0, "length": 17}
    assert isinstance(read(said(chat=GROUP, text="/lapor@bukan_kami jalan", entities=[other]))[0], Ignored)
    bot = {"id": 110201543, "is_bot": True, "first_name": "Salur"}
    answered = {"message_id": 4, "from": bot, "text": "Di mana?", "chat": GROUP, "date": 1795489000}
    (found,) = read(said(chat=GROUP, text="Di Natar", reply_to_message=answered))
    assert isinstance(found, Inbound) and found.thread_ids == ("-100555:4",)
    assert found.post == {"id": "-100555:4", "link": "", "text": "Di mana?"}


def test_an_edit_in_a_group_that_first_names_us_brings_the_message_with_it() -> None:
    entity = {"type": "mention", "offset": 0, "length": 10}
    update = said(chat=GROUP, text="@salur_bot lampu mati", entities=[entity], edit_date=1795490100)
    update["edited_message"] = update.pop("message")
    first, edit = read(update)
    assert isinstance(first, Inbound) and isinstance(edit, Edited) and first.external_id == edit.external_id
    assert edit.at == at(1795490100) and first.spoken_at == at(1795490000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("/start", None), ("/lapor Jalan rusak", "Jalan rusak"), ("/lapor@salur_bot\nJalan rusak", "Jalan rusak")],
)
def test_a_command_is_not_part_of_what_was_said(text: str, expected: str | None) -> None:
    (found,) = read(said(text=text))
    assert found == Ignored("empty", detail="command") if expected is None else found.text == expected  # type: ignore[union-attr]


@pytest.mark.parametrize(("status", "kind"), [("kicked", "blocked"), ("member", "unblocked")])
def test_whoever_blocks_the_bot_is_known_to_have_done_so(status: str, kind: str) -> None:
    change = {"chat": {"id": 77, "type": "private"}, "from": {"id": 77}, "new_chat_member": {"status": status}}
    assert read({"update_id": 3, "my_chat_member": change}) == [AccountNews(kind, detail=status, to="77")]  # type: ignore[arg-type]
    group = read({"update_id": 3, "my_chat_member": change | {"chat": GROUP}})
    assert isinstance(group[0], Ignored), "a group that sends the bot away is nobody's blocking"


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ({"update_id": 1, "message_reaction": {}}, Ignored("reaction", detail="message_reaction")),
        (said(pinned_message={"message_id": 2}), Ignored("unknown_kind", detail="pinned_message")),
        (said(new_chat_title="RT 06"), Ignored("unknown_kind", detail="new_chat_title")),
        (said(text="halo", **{"from": {"id": 5, "is_bot": True}}), Ignored("auto_reply", detail="bot")),
        (
            said(text="halo", **{"from": {"id": 110201543, "is_bot": True}}),
            Ignored("own_message", about=key("77", 5)),
        ),
        ({"update_id": 1, "poll": {"id": "1"}}, Ignored("unknown_kind", detail="poll")),
    ],
)
def test_what_no_citizen_said_is_ignored_with_its_reason(update: Any, expected: Item) -> None:
    assert read(update) == [expected]


def test_a_message_from_the_future_counts_from_its_arrival() -> None:
    (found,) = read(said(text="Lampu mati", date=4102444800))
    assert isinstance(found, Inbound) and found.spoken_at == RECEIVED


@given(any_json)
def test_any_json_is_items_or_unreadable(value: Any) -> None:
    read_anyhow(PLATFORM, ACCOUNT, value)
    read_anyhow(PLATFORM, ACCOUNT, {"update_id": 1, "message": value})


@given(st.data())
def test_damaged_payloads_are_items_or_unreadable(data: st.DataObject) -> None:
    value = load(data.draw(st.sampled_from(corpus("telegram"))))
    read_anyhow(PLATFORM, ACCOUNT, data.draw(damaged(value)))
