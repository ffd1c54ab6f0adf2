"""WhatsApp: every payload of the corpus by hand from Meta's documentation, odd shapes, an oracle, and laws."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.channels.shaken import corpus

from salur.channels.platforms.whatsapp.adapter import WhatsAppPlatform
from salur.channels.ports import (
    AccountNews,
    AccountView,
    Blame,
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

WHATSAPP = WhatsAppPlatform()
NUMBER_ID, COURIER = "8199681297034", "7127093245"
ACCOUNT = AccountView(1, "whatsapp", NUMBER_ID)
CAME = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PATHS = corpus("whatsapp")
SCOPED = "US.13491208655302741918"
M8F, M85 = "wamid.8f86e28fee19fccc30dada5af30759b71c9b1fdd", "wamid.85a93b1f54af15d3d15909a6f427156ae52e7a88"
ORIGINAL = "wamid.190429c53d2d234fbe51c1b8143b89bc1c9e5b1d"
MEDIA = "1844031984999449392"
ROAD = "Jalan Raden Intan rusak parah, mohon segera diperbaiki"
CLINIC = "Puskesmas tutup jam 10 padahal masih jam kerja"


def seconds(value: float) -> datetime:
    return datetime.fromtimestamp(value, UTC)


def read(value: Any, account: AccountView = ACCOUNT) -> list[Item]:
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return WHATSAPP.parse(account, Raw("k", octets, "application/json", received_at=CAME))


def said(at: int, text: str = "", message_id: str = M8F, **more: Any) -> Inbound:
    """A message of the person whom most files of the first source tell of."""
    told: dict[str, Any] = {"sender_address": SCOPED, "sender_name": "Nur Aini", "answer_at": {"message": message_id}}
    told["link"] = "https://wa.me/110438570919"
    return Inbound(message_id, text, seconds(at), **{**told, **more})


def courier(text: str, **more: Any) -> Inbound:
    """A message of the person whom the files of the second source tell of, to another number."""
    return said(
        1454119029,
        text,
        "external_id",
        **{"sender_address": "5678", "account_ref": COURIER, "link": "https://wa.me/5678", **more},
    )


def receipt(status: Any, at: int, **more: Any) -> Receipted:
    return Receipted(M8F, status, seconds(at), SCOPED, **more)


FORWARDED = {"forwarded": True}
RESTRICTED = "ACCOUNT_RESTRICTION RESTRICTED_BIZ_INITIATED_MESSAGING, RESTRICTED_ADD_PHONE_NUMBER_ACTION"
EXPECTED: dict[str, list[Item]] = {
    "account_update__account_restriction.json": [AccountNews("restricted", f"WhatsApp says: {RESTRICTED}")],
    "callback_button__quick_reply.json": [
        said(1698269027, ROAD, "wamid.e1d45a8d9c0803f85f4c333e6a03d366b1f01251", thread_ids=(M85,))
    ],
    "courier_duplicate.json": [courier(ROAD), courier(ROAD)],  # one message by its id
    "courier_error_msg.json": [courier(ROAD)],  # said to be unsupported, and still there are words in it
    "courier_group_message.json": [
        courier(CLINIC, place="829235904", answer_at={"message": "external_id", "group": "829235904"}, link="")
    ],
    "courier_invalid_from.json": [courier(ROAD, sender_address="", link="")],
    "courier_list_reply.json": [courier("Yes")],
    "courier_location.json": [
        courier("📍 Nur Aini, Main Street Beach, Santa Cruz, CA (0.0, 1.0)", extra={"latitude": 0.0, "longitude": 1.0})
    ],
    "courier_nfm_reply_non_object.json": [courier(ROAD)],
    "courier_no_from.json": [courier(ROAD, sender_address="", link="")],
    "edited_message__image.json": [
        Edited(
            "wamid.5d95ef3fad24e48879dec1c95eb8e5b7c204548a",
            "Kapan jadwal pembagian bansos di kecamatan kami?",
            seconds(1749854575),
            "wamid.296fba6b2dba2c83c35a55e16b35aec526f3550a",
            "478977108258560",
        )
    ],
    "message__animated_sticker.json": [
        said(1697043785, media=(MediaRef("sticker", media_id=MEDIA, content_type="image/webp"),))
    ],
    "message__static_sticker.json": [
        said(1697043760, media=(MediaRef("sticker", media_id=MEDIA, content_type="image/webp"),))
    ],
    "message__audio.json": [
        said(1697043509, media=(MediaRef("audio", media_id=MEDIA, content_type="audio/ogg"),), extra=FORWARDED)
    ],
    "message__voice.json": [said(1697043473, media=(MediaRef("audio", media_id=MEDIA, content_type="audio/ogg"),))],
    "message__chosen_location.json": [
        said(
            1697044557,
            "📍 Nur Aini, 1 Hacker Way, Menlo Park, CA 94025 (37.4611978, -122.2164385)",
            extra={"latitude": 37.4611978, "longitude": -122.2164385, "forwarded": True},
        )
    ],
    "message__current_location.json": [
        said(
            1697044557,
            "📍 12.25089, 43.90539",
            extra={"latitude": 12.25089, "longitude": 43.90539, "forwarded": True},
        )
    ],
    "message__image.json": [
        said(1697043379, media=(MediaRef("image", media_id="11419679", content_type="image/jpeg"),))
    ],
    "message__video.json": [
        said(
            1697044362,
            "Lampu jalan di depan SDN 2 mati sudah dua minggu",
            media=(MediaRef("video", media_id="489826085", content_type="video/mp4"),),
            extra=FORWARDED,
        )
    ],
    "message__text.json": [said(1697043223, CLINIC)],
    "message__reply.json": [said(1697044746, ROAD, thread_ids=(M85,))],
    "message__referral.json": [
        said(
            1697045000,
            "Terima kasih pelayanan Samsat cepat sekali 👍",
            "wamid.7ebfdbb1e9362c5b78920ddaff2e2d16905c5fcb",
            post={"id": "ADID", "text": f"AD_TITLE\n{CLINIC}"},
        )
    ],
    "message__interactive_message_with_err.json": [
        Ignored("unknown_kind", detail="interactive"),
        Ignored("unknown_kind", detail="WhatsApp says: 131000 Something went wrong"),
    ],
    "message__unreaction_empty.json": [Ignored("reaction", about="wamid.b5a211f550e0c86542369bf0f6b11541456602a3")],
    "message__unsupported.json": [Ignored("unknown_kind", detail="unsupported 131051")],
    "message__unsupported_with_type.json": [Ignored("unknown_kind", detail="unsupported pool 131051")],
    "message_status__sent.json": [receipt("sent", 1698266945)],
    "message_status__delivered.json": [receipt("delivered", 1698266945)],
    "message_status__read.json": [receipt("read", 1689380458)],
    "message_status__played.json": [receipt("read", 1689380458)],
    "message_status__failed.json": [
        receipt("failed", 1689380458, code="130472", detail="User's number is part of an experiment")
    ],
    "message_status__with_tracker.json": [
        Echoed(M8F, "", seconds(1698266945), SCOPED, once_key="some data"),
        receipt("sent", 1698266945),
    ],
    "message_status__group.json": [
        Receipted(
            "<WHATSAPP_MESSAGE_ID>",
            "read",
            seconds(1698266945),
            "fowefinoewcnw",
            account_ref="<BUSINESS_PHONE_NUMBER_ID>",
        )
    ],
    "outgoing_message__text.json": [
        Echoed("<WHATSAPP_MESSAGE_ID>", "Sampah menumpuk di pasar, baunya menyengat", seconds(1697043223), "<BSUID>")
    ],
    "outgoing_message__delete.json": [Removed(ORIGINAL, seconds(1697044968), "account")],
    "outgoing_message__edit.json": [Ignored("own_message", ORIGINAL, "edited")],
    "system__phone_number_change.json": [Ignored("unknown_kind", detail="user_changed_number")],
    "template_status_update__rejected.json": [
        Ignored("unknown_kind", detail="message_template_status_update REJECTED abandoned_cart")
    ],
}
ERRORS = {"error_rate_limit_130429.json", "error_reengagement_131047.json"}
"""Answers to sendings: see the tests of those."""


@pytest.mark.parametrize("path", [p for p in PATHS if p.name not in ERRORS], ids=lambda path: path.name)
def test_a_payload_says_what_whatsapp_means_by_it(path: Any) -> None:
    assert read(path.read_bytes()) == EXPECTED[path.name]


FORM = '{"flow_token":"x","nama":"Siti","hal":["a","b"]}'
NEW_TEXT = {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "baru"}}}


def change(value: Any, field: str = "messages") -> dict[str, Any]:
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"value": value, "field": field}]}],
    }


def value(message: dict[str, Any], *people: dict[str, Any]) -> dict[str, Any]:
    told = {"id": "wamid.1", "from": "628111", "timestamp": "1697043223", **message}
    return {"metadata": {"phone_number_id": NUMBER_ID}, "contacts": list(people), "messages": [told]}


def one(message: dict[str, Any], *people: dict[str, Any]) -> Inbound:
    (found,) = read(change(value(message, *people)))
    assert isinstance(found, Inbound)
    return found


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"interactive": {"type": "button_reply", "button_reply": {"id": "b", "title": "Ya"}}}, "Ya"),
        ({"interactive": {"list_reply": {"title": "Jalan", "description": "rusak"}}}, "Jalan\nrusak"),
        ({"interactive": {"nfm_reply": {"response_json": FORM}}}, "nama: Siti\nhal: a, b"),
        (
            {"type": "contacts", "contacts": [{"name": {"formatted_name": "Pak RT"}, "phones": [{"phone": "0811"}]}]},
            "📞 Pak RT, 0811",
        ),
        (
            {"order": {"text": "tolong", "product_items": [{"product_retailer_id": "p1", "quantity": 2}]}},
            "tolong\n🛒 2 x p1",
        ),
        ({"type": "text", "text": {"body": "  satu\r\ndua "}}, "satu\ndua"),
        ({"type": "baru", "text": {"body": "jenis baru"}}, "jenis baru"),
    ],
)
def test_whatever_holds_words_is_read(message: dict[str, Any], text: str) -> None:
    assert one(message).text == text


def test_a_document_keeps_its_bare_name() -> None:
    document = {"id": "9", "filename": "../../etc/laporan.pdf", "mime_type": "application/pdf", "caption": "bukti"}
    found = one({"type": "document", "document": document})
    assert found.text == "bukti"
    assert found.media == (MediaRef("file", media_id="9", name="laporan.pdf", content_type="application/pdf"),)


def test_a_person_without_a_number_is_known_by_their_scoped_id() -> None:
    person = {"profile": {"name": "Siti", "username": "@siti"}, "user_id": "ID.1349"}
    found = one({"type": "text", "text": {"body": "x"}, "from": None, "from_user_id": "ID.1349"}, person)
    assert (found.sender_address, found.sender_name, found.sender_handle) == ("ID.1349", "Siti", "@siti")


def test_an_id_that_is_none_gives_way_to_the_number() -> None:
    person = {"wa_id": "628111", "user_id": "<BSUID>", "profile": {"name": "Siti"}}
    assert one({"type": "text", "text": {"body": "x"}, "from": "+628111"}, person).sender_address == "628111"


def test_two_people_in_one_delivery_are_told_apart() -> None:
    people = [
        {"wa_id": "628111", "user_id": "ID.1", "profile": {"name": "Siti"}},
        {"wa_id": "628222", "user_id": "ID.2", "profile": {"name": "Budi"}},
    ]
    body = value({"type": "text", "text": {"body": "a"}}, *people)
    body["messages"].append({"id": "wamid.2", "from": "628222", "type": "text", "text": {"body": "b"}})
    body["messages"].append({"id": "wamid.3", "from": "628333", "type": "text", "text": {"body": "c"}})
    found = [item for item in read(change(body)) if isinstance(item, Inbound)]
    assert [(item.sender_address, item.sender_name) for item in found] == [
        ("ID.1", "Siti"),
        ("ID.2", "Budi"),
        ("628333", ""),
    ]
    assert found[1].spoken_at == CAME  # no instant was told


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"type": "revoke", "revoke": {"original_message_id": "wamid.0"}}, Removed("wamid.0", seconds(1697043223))),
        (
            {"type": "edit", "edit": NEW_TEXT},
            Edited("wamid.0", "baru", seconds(1697043223), "wamid.1"),
        ),
        ({"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}}, Ignored("reaction", "wamid.0")),
        ({"type": "request_welcome"}, Ignored("empty", detail="request_welcome")),
        ({"type": "text", "text": {"body": " "}}, Ignored("empty", detail="text")),
        ({"type": "system", "system": {"type": "new_identity"}}, Ignored("unknown_kind", detail="new_identity")),
        ({"id": None, "type": "text"}, Broken("entry.0.changes.0.value.messages.0", "a message without an id")),
    ],
)
def test_what_is_no_new_message(message: dict[str, Any], expected: Item) -> None:
    assert read(change(value(message))) == [expected]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"event": "ACCOUNT_DELETED"}, AccountNews("revoked", "WhatsApp says: ACCOUNT_DELETED")),
        ({"event": "PARTNER_REMOVED"}, AccountNews("revoked", "WhatsApp says: PARTNER_REMOVED")),
        (
            {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SPAM"}},
            AccountNews("restricted", "WhatsApp says: ACCOUNT_VIOLATION SPAM"),
        ),
        (
            {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}},
            AccountNews("restricted", "WhatsApp says: DISABLED_UPDATE"),
        ),
        (
            {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}},
            AccountNews("restored", "WhatsApp says: DISABLED_UPDATE"),
        ),
        ({"event": "ACCOUNT_RECONNECTED"}, AccountNews("restored", "WhatsApp says: ACCOUNT_RECONNECTED")),
        ({"event": "PARTNER_ADDED"}, Ignored("unknown_kind", detail="account_update PARTNER_ADDED")),
    ],
)
def test_news_of_the_account(told: dict[str, Any], expected: Item) -> None:
    assert read(change(told, "account_update")) == [expected]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (0, AccountNews("revoked", "WhatsApp says: 0 T")),
        (190, AccountNews("revoked", "WhatsApp says: 190 T")),
        (131042, AccountNews("restricted", "WhatsApp says: 131042 T")),
        (131051, Ignored("unknown_kind", detail="WhatsApp says: 131051 T")),
    ],
)
def test_errors_beside_the_messages(code: int, expected: Item) -> None:
    assert read(change({"metadata": {"phone_number_id": NUMBER_ID}, "errors": [{"code": code, "title": "T"}]})) == [
        expected
    ]


@pytest.mark.parametrize(
    ("code", "permanent", "blames", "after"),
    [
        (131047, True, "way", None),
        (132015, True, "way", None),
        (131026, True, "recipient", None),
        (131056, False, "recipient", 16),
        (131048, False, "message", 3600),
        (131000, False, "message", None),
        (131042, True, "account", None),
        (130472, True, "message", None),
    ],
)
def test_a_failed_message_says_what_the_failure_holds_for(
    code: int, permanent: bool, blames: Blame, after: float | None
) -> None:
    status = {"id": "wamid.1", "status": "failed", "recipient_id": "628111", "errors": [{"code": code, "title": "T"}]}
    body = {"metadata": {"phone_number_id": NUMBER_ID}, "statuses": [status]}
    expected = Receipted("wamid.1", "failed", CAME, "628111", str(code), "T", permanent, blames=blames, after=after)
    assert read(change(body)) == [expected]


@pytest.mark.parametrize(
    ("told", "link"),
    [
        ({"from": "+628111222333"}, "https://wa.me/628111222333"),
        ({"from": "ID.13491208655302741918"}, ""),
        ({"from": "628111/../x"}, ""),
        ({"from": "628111222333", "group_id": "G1"}, ""),
    ],
)
def test_the_conversation_opens_by_the_number_where_one_is_shown(told: dict[str, Any], link: str) -> None:
    message = {"id": "wamid.9", "timestamp": "1697043223", "type": "text", "text": {"body": "Jalan rusak"}, **told}
    body = {"metadata": {"phone_number_id": NUMBER_ID}, "messages": [message]}
    (item,) = read(change(body))
    assert isinstance(item, Inbound) and item.link == link


def test_one_delivery_may_hold_several_numbers_and_one_bad_piece() -> None:
    first, second = change(value({"type": "text", "text": {"body": "a"}}))["entry"][0], "kacau"
    third = change({**value({"type": "text", "text": {"body": "b"}}), "metadata": {"phone_number_id": "77"}})["entry"][
        0
    ]
    found = read({"entry": [first, second, third, {"changes": None}, {"changes": [{"value": None}]}]})
    assert [getattr(item, "account_ref", None) for item in found] == ["", None, "77", None]
    assert found[1] == Broken("entry.1", "no object")
    assert found[3] == Broken("entry.4.changes.0", "a change without a value")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"object": "page"}', b"[" * 100_000])
def test_what_is_no_delivery_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


def test_an_entry_without_changes_is_ignored() -> None:
    assert read({"entry": [{"id": "1"}]}) == [Ignored("empty")]
