"""WhatsApp: what holds for any JSON, and where another library reads the same, we read the same."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pywa import WhatsApp
from pywa.types import Message
from tests.channels.shaken import any_json, corpus, damaged, load, read_anyhow

from salur.channels.platforms.whatsapp.adapter import WhatsAppPlatform
from salur.channels.ports import AccountView, Inbound, Raw

WHATSAPP = WhatsAppPlatform()
ACCOUNT = AccountView(1, "whatsapp", "8199681297034")
PATHS = corpus("whatsapp")
READABLE = [path for path in PATHS if path.name.startswith("message__")]
NO_MESSAGE = {"reaction", "unsupported", "interactive"}


def change(value: Any) -> dict[str, Any]:
    return {"entry": [{"changes": [{"field": "messages", "value": value}]}]}


@given(any_json)
@settings(max_examples=100, deadline=None)
def test_any_json_is_understood_or_unreadable(value: Any) -> None:
    read_anyhow(WHATSAPP, ACCOUNT, value)
    read_anyhow(WHATSAPP, ACCOUNT, {"entry": value})
    read_anyhow(WHATSAPP, ACCOUNT, change(value))
    for name in ("messages", "statuses", "message_echoes", "errors", "contacts"):
        read_anyhow(WHATSAPP, ACCOUNT, change({name: value}))


@given(st.sampled_from(PATHS).flatmap(lambda path: damaged(load(path))))
@settings(max_examples=250, deadline=None)
def test_any_damage_is_borne(value: Any) -> None:
    read_anyhow(WHATSAPP, ACCOUNT, value)


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_another_library_reads_the_same(path: Any) -> None:
    told = Message.from_update(WhatsApp(phone_id="1", token="t"), load(path))
    (ours, *_) = WHATSAPP.parse(ACCOUNT, Raw("k", path.read_bytes(), "application/json"))
    if told.type.value in NO_MESSAGE:
        assert not isinstance(ours, Inbound)
        return
    assert isinstance(ours, Inbound)
    assert (ours.external_id, ours.spoken_at, ours.sender_name) == (told.id, told.timestamp, told.from_user.name)
    assert ours.sender_address == told.from_user.bsuid
    assert ours.extra.get("forwarded", False) is told.forwarded
    if told.reply_to_message:
        assert ours.thread_ids == (told.reply_to_message.id,)
    if told.text or told.caption:
        assert ours.text == (told.text or told.caption)
    if told.has_media:
        (ref,) = ours.media
        assert (ref.media_id, ref.content_type) == (told.media.id, told.media.mime_type.partition(";")[0])
    if told.location:
        assert (ours.extra["latitude"], ours.extra["longitude"]) == (told.location.latitude, told.location.longitude)
