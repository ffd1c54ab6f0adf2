"""Messenger: every payload of the corpus, and the events that its documentation names beyond them."""

from typing import Any

import pytest
from tests.channels.meta_corpus import FACEBOOK, PAYLOADS, facebook, raw, seconds

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
    Receipted,
    Removed,
    Unreadable,
)

PAGE_ID, LOGGED = "7127093245", "351576366124994"
ACCOUNT = AccountView(1, "facebook", PAGE_ID)
AT = seconds(1459991487.970)
MID = "m_84c8be7bed9383cef3e24e4f683732a942015c9d7a57a938484000b1da2d"


def inbox(page: str) -> str:
    return f"https://business.facebook.com/latest/inbox/all?asset_id={page}"


def said(**more: Any) -> Inbound:
    """A message of the person that most files of the corpus tell of."""
    told: dict[str, Any] = {
        "external_id": "external_id",
        "text": "",
        "spoken_at": AT,
        "sender_address": "5678",
        "audience": "private",
        "place": "5678",
        "link": inbox(PAGE_ID),
        "account_ref": PAGE_ID,
    }
    return Inbound(**(told | more))


def logged(**more: Any) -> Inbound:
    """A message of the person in the logged files."""
    told = {
        "external_id": MID,
        "spoken_at": seconds(1698637600.863),
        "sender_address": "2408825961905822",
        "place": "2408825961905822",
        "link": inbox(LOGGED),
        "account_ref": LOGGED,
    }
    return said(**(told | more))


ROAD = "Jalan Raden Intan rusak parah, mohon segera diperbaiki"
EXPECTED: dict[str, list[Any]] = {
    "attachment.json": [said(media=(MediaRef("image", url="https://imageurl.test/foo.png"),))],
    "duplicate_msg.json": [said(text=ROAD), said(text=ROAD)],
    "fallback.json": [said(text="Foo\nMy Documents/foo.doc")],
    "invalid_urn.json": [said(text=ROAD, sender_address="abc5678", place="abc5678")],
    "location_attachment.json": [said(text="Lokasi: 1.2, -1.3", extra={"latitude": 1.2, "longitude": -1.3})],
    "logged_delivery.json": [
        Receipted(MID, "delivered", seconds(1698637600.863), to="2408825961905822", account_ref=LOGGED),
        Receipted("", "delivered", seconds(1698636946.713), to="2408825961905822", account_ref=LOGGED),
    ],
    "logged_read.json": [Receipted("", "read", seconds(1698636960.806), to="2408825961905822", account_ref=LOGGED)],
    "logged_text.json": [logged(text="Kapan jadwal pembagian bansos di kecamatan kami?")],
    "message_edit.json": [
        Edited(
            MID,
            "Lampu jalan di depan SDN 2 mati sudah dua minggu",
            seconds(1698637600.863),
            key="1",
            account_ref=LOGGED,
        )
    ],
    "poll_conversation.json": [Ignored("unknown_kind", detail="conversation", account_ref=PAGE_ID)],
    "referral_optin.json": [Ignored("unknown_kind", detail="optin", account_ref=PAGE_ID)],
    "standby_other_app_owns_thread.json": [
        logged(
            text="Puskesmas tutup jam 10 padahal masih jam kerja",
            spoken_at=seconds(1698637600.838),
            answer_at={"standby": True},
        )
    ],
    "thumbs_up.json": [said(media=(MediaRef("sticker", url="https://scontent.xx.fbcdn.net.test/v/arst"),))],
    "unknown_messaging_entry.json": [Ignored("unknown_kind", account_ref=PAGE_ID)],
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_payload_says_exactly_this(name: str) -> None:
    assert facebook(f"messenger/{name}", account=ACCOUNT) == EXPECTED[name]


def test_every_file_of_the_corpus_is_held_against_something() -> None:
    files = {path.name for path in (PAYLOADS / "messenger").glob("*.json")}
    assert files == set(EXPECTED) | {"error_outside_window.json"}
    with pytest.raises(Unreadable):
        facebook("messenger/error_outside_window.json")


def event(kind: str = "messaging", **told: Any) -> list[Item]:
    """What one messaging event says."""
    row = {"sender": {"id": "5678"}, "recipient": {"id": PAGE_ID}, "timestamp": 1459991487970} | told
    return FACEBOOK.parse(ACCOUNT, raw({"object": "page", "entry": [{"id": PAGE_ID, kind: [row]}]}))


def test_our_own_words_come_back_with_our_key_and_whom_they_went_to() -> None:
    (found,) = event(
        sender={"id": PAGE_ID},
        recipient={"id": "5678"},
        message={"mid": "m_1", "text": "Terima kasih", "is_echo": True, "app_id": 1, "metadata": "reply-7"},
    )
    assert found == Echoed("m_1", "Terima kasih", AT, to="5678", once_key="reply-7", account_ref=PAGE_ID)


def test_a_quoted_message_is_a_parent_and_a_quick_reply_is_its_title() -> None:
    (found,) = event(
        message={"mid": "m_2", "text": "Ya", "quick_reply": {"payload": "YES"}, "reply_to": {"mid": "m_1"}}
    )
    assert found == said(external_id="m_2", text="Ya", thread_ids=("m_1",), extra={"quick_reply": "YES"})


def test_a_button_says_what_its_title_says() -> None:
    (found,) = event(postback={"mid": "m_3", "title": "Lapor jalan rusak", "payload": "ROAD"})
    assert found == said(external_id="m_3", text="Lapor jalan rusak", extra={"postback": "ROAD"})
    (nameless,) = event(postback={"title": "Lapor", "payload": "ROAD"})
    assert isinstance(nameless, Inbound) and nameless.external_id == "postback:5678:1459991487970"


def test_a_taken_back_message_is_removed_by_its_author() -> None:
    assert event(message={"mid": "m_1", "is_deleted": True}) == [Removed("m_1", AT, account_ref=PAGE_ID)]


@pytest.mark.parametrize("times", [0, "0"])
def test_a_new_message_may_come_as_an_edit_that_never_was(times: Any) -> None:
    assert event(message_edit={"mid": "m_4", "num_edit": times, "text": "Halo"}) == [
        said(external_id="m_4", text="Halo")
    ]
    assert event(message_edit={"mid": "m_4", "num_edit": times}) == [
        said(external_id="m_4", extra={"words": "missing"})
    ]


def test_several_files_and_a_text_are_one_message() -> None:
    files = [
        {"type": "video", "payload": {"url": "https://cdn.test/v.mp4"}},
        {"type": "audio", "payload": {"url": "https://cdn.test/a.mp3"}},
        {"type": "file", "payload": {"url": "https://cdn.test/f.pdf", "title": "../surat.pdf"}},
        {"type": "image", "payload": {"url": "file:///etc/passwd"}},
    ]
    (found,) = event(message={"mid": "m_5", "text": "Bukti", "attachments": files})
    assert isinstance(found, Inbound) and found.text == "Bukti"
    assert [(one.kind, one.name) for one in found.media] == [("video", ""), ("audio", ""), ("file", "surat.pdf")]


def test_the_platform_blocks_and_unblocks_the_account() -> None:
    told = {"policy_enforcement": {"action": "block", "reason": "Policy"}}
    assert event(**told) == [AccountNews("restricted", detail="Policy", account_ref=PAGE_ID)]
    assert event(policy_enforcement={"action": "unblock"}) == [AccountNews("restored", account_ref=PAGE_ID)]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"reaction": {"mid": "m_1", "action": "react", "emoji": "👍"}}, "reaction"),
        ({"typing_on": {}}, "typing"),
        ({"pass_thread_control": {"new_owner_app_id": 1}}, "unknown_kind"),
        ({"postback": {"payload": "GET_STARTED"}}, "unknown_kind"),
    ],
)
def test_what_says_nothing_is_ignored_with_its_reason(told: dict[str, Any], reason: str) -> None:
    (found,) = event(**told)
    assert isinstance(found, Ignored) and found.reason == reason


@pytest.mark.parametrize("told", [{"message": {"text": "Halo"}}, {"message_edit": {"mid": "m_1", "num_edit": 2}}])
def test_what_cannot_be_understood_is_broken_and_seen(told: dict[str, Any]) -> None:
    (found,) = event(**told)
    assert isinstance(found, Broken)


def test_a_polled_message_is_the_same_message() -> None:
    row = {
        "id": "m_1",
        "created_time": "2016-04-07T01:11:27+0000",
        "from": {"id": "5678", "name": "Siti Rahma"},
        "to": {"data": [{"id": PAGE_ID}]},
        "message": "Halo",
        "attachments": {"data": [{"image_data": {"url": "https://cdn.test/a.jpg"}}]},
    }
    (found,) = FACEBOOK.parse(ACCOUNT, raw({"polled": "message", "account": PAGE_ID, "data": [row]}, "poll"))
    media = (MediaRef("image", url="https://cdn.test/a.jpg"),)
    assert found == said(
        external_id="m_1", text="Halo", spoken_at=seconds(1459991487), sender_name="Siti Rahma", media=media
    )
    mine = row | {"from": {"id": PAGE_ID}, "to": {"data": [{"id": "5678"}]}, "attachments": {}}
    (echo,) = FACEBOOK.parse(ACCOUNT, raw({"polled": "message", "data": [mine]}, "poll"))
    assert echo == Echoed("m_1", "Halo", seconds(1459991487), to="5678", account_ref=PAGE_ID)
