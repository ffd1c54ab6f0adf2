"""What a server of the Mastodon client interface tells, one expectation a payload."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.shaken import PAYLOADS, any_json, corpus, damaged, load, read_anyhow

from salur.channels.platforms.mastodon.adapter import MastodonPlatform
from salur.channels.platforms.mastodon.words import plain
from salur.channels.ports import (
    AccountView,
    Broken,
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

PLATFORM = MastodonPlatform()
DEV = AccountView(1, "mastodon", "@mastodonpy_test@localhost3000.test", {}, {"access_token": "t"})
SNAC = AccountView(2, "mastodon", "opd@127.0.0.2", {}, {"access_token": "t"})
FIRST = "17954901909b6d0b34c347f42b56c1c9288819e81c"


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def from_warga(status_id: str, text: str, second: str, url: str, **more: Any) -> Inbound:
    told = {"external_id": status_id, "text": text, "spoken_at": at(f"2026-11-24T03:{second}Z")}
    person = {"sender_address": "warga@127.0.0.3", "sender_name": "warga", "sender_handle": "warga@127.0.0.3"}
    visibility = "public" if more.get("audience") == "public" else "private"
    place = {"answer_at": {"status_id": status_id, "visibility": visibility}, "link": f"http://127.0.0.3/warga/p/{url}"}
    place |= {"place": status_id if visibility == "public" else "warga@127.0.0.3"}
    return Inbound(**{**told, **person, **place, **more})


ROAD = from_warga(
    FIRST,
    "@opd@127.0.0.2 Jalan Raden Intan rusak, mohon diperbaiki",
    "16:26",
    "1795490186.339074",
    audience="public",
)
PICTURE = "http://127.0.0.3/warga/s/062021818a9e16538a470f7bb105f650.png"


def ours(status_id: str, text: str, written: str) -> Echoed:
    return Echoed(status_id, f"@warga@127.0.0.3 {text}", at(written), to="warga@127.0.0.3", in_reply_to=FIRST)


EXPECTED: dict[str, list[Item]] = {
    "mastodon/notifications.json": [
        Inbound(
            external_id="103853868406332636",
            text="@mastodonpy_test hello!",
            spoken_at=at("2026-08-01T13:51:39.138Z"),
            sender_address="nuraini@localhost3000.test",
            sender_name="nuraini",
            sender_handle="nuraini@localhost3000.test",
            audience="public",
            place="103853868406332636",
            answer_at={"status_id": "103853868406332636", "visibility": "public"},
            link="https://localhost3000.test/@admin/103853868406332636",
        )
    ],
    "mastodon/grouped_notifications_v2.json": [Ignored("reaction", about="102635834531006941", detail="favourite")],
    "mastodon/status_after_edit.json": [
        Edited(
            "824762803990862552",
            "the best editor? why, of course it is the KDE Advanced Text Editor, Kate",
            at("2026-08-01T13:54:00.695Z"),
        )
    ],
    "mastodon/status_history.json": [Ignored("unknown_kind", detail="neither notification nor status")],
    "mastodon_snac_live/notifications_mention.json": [ROAD],
    "mastodon_snac_live/notifications_multi.json": [
        from_warga(
            "179549060701b57a3afe7a008f4d1d89a6b62ec8f9",
            "@opd@127.0.0.2 foto jalan",
            "23:21",
            "1795490601.580939",
            audience="public",
            media=(MediaRef("image", url=PICTURE, name="062021818a9e16538a470f7bb105f650.png"),),
        ),
        from_warga(
            "179549060781e779c4b2469ccfdba99a0dacc916ba",
            "@opd@127.0.0.2 (rahasia) laporan pungli",
            "23:21",
            "1795490601.570079",
        ),
        ROAD,
    ],
    "mastodon_snac_live/context.json": [
        ours(
            "1795490236195715de5e5333cb0786fd52213fe635",
            "Terima kasih, diterima no. LPG-2026-0001",
            "2026-11-24T03:17:16Z",
        ),
        ours("1795490242b69e4f8ec460b5fd190a54493c40149b", "Sedang ditindaklanjuti", "2026-11-24T03:17:22Z"),
        ours(
            "1795490601789ec4bc57d82cbe7d912a9ab863bb3a",
            "Terima kasih, diterima no. LPG-2026-0001",
            "2026-11-24T03:23:21Z",
        ),
    ],
}


def read(value: Any, account: AccountView = SNAC) -> list[Item]:
    later = datetime(2026, 11, 25, tzinfo=UTC)
    return PLATFORM.parse(account, Raw("k", json.dumps(value).encode(), "application/json", received_at=later))


@pytest.mark.parametrize("path", corpus("mastodon", "mastodon_snac_live"), ids=lambda path: path.name)
def test_every_payload_is_read_as_it_was_meant(path: Any) -> None:
    account = SNAC if path.parent.name == "mastodon_snac_live" else DEV
    assert read(load(path), account) == EXPECTED[f"{path.parent.name}/{path.name}"]


def test_the_servers_own_protocol_is_not_spoken_here() -> None:
    """A mention that another server pushes comes to the account's own server, and from there by the client way."""
    body = load(PAYLOADS / "activitypub" / "inbox_update.json")["body"]
    assert read(body) == [Ignored("unknown_kind", detail="Update")]


def mention(**changes: Any) -> dict[str, Any]:
    (found,) = load(PAYLOADS / "mastodon_snac_live" / "notifications_mention.json")
    found["status"] |= changes
    return dict(found)


@pytest.mark.parametrize(
    ("visibility", "audience"),
    [("public", "public"), ("unlisted", "public"), ("private", "private"), ("direct", "private"), (None, "private")],
)
def test_what_not_everybody_can_read_is_private(visibility: str | None, audience: str) -> None:
    (found,) = read(mention(visibility=visibility))
    assert isinstance(found, Inbound) and found.audience == audience
    assert found.answer_at["visibility"] == (visibility or "direct")


def test_a_reply_names_what_it_answers_and_a_warning_is_part_of_the_words() -> None:
    (found,) = read(mention(in_reply_to_id="77", spoiler_text="Banjir"))
    assert isinstance(found, Inbound) and found.thread_ids == ("77",) and found.root_id == "77"
    assert found.text.startswith("Banjir\n\n@opd")


def test_a_mention_without_its_status_is_broken_alone() -> None:
    lost = {"id": "1", "type": "mention", "status": None}
    first, second = read([lost, mention()])
    assert isinstance(first, Broken) and isinstance(second, Inbound)


def test_a_status_that_is_gone_is_removed() -> None:
    gone = {"removed": {"id": FIRST, "at": "2026-11-24T05:00:00+00:00"}}
    assert read(gone) == [Removed(FIRST, at("2026-11-24T05:00:00Z"))]
    with pytest.raises(Unreadable):
        read({"removed": {"x": 1}})


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Satu<br>dua</p><p>tiga &amp; &lt;empat&gt;</p>", "Satu\ndua\n\ntiga & <empat>"),
        ("tanpa tanda", "tanpa tanda"),
        ("<p>a<script>alert(1)</script>b</p>", "ab"),
        ('<p><span class="h-card">@<span>opd</span></span> jalan</p>', "@opd jalan"),
        ("<ul><li>satu</li><li>dua</li></ul>", "satu\ndua"),
    ],
)
def test_markup_becomes_lines(html: str, text: str) -> None:
    assert plain(html) == text


@given(any_json)
def test_any_json_is_items_or_unreadable(value: Any) -> None:
    read_anyhow(PLATFORM, SNAC, value)
    read_anyhow(PLATFORM, SNAC, [{"type": "mention", "status": value}])


@given(st.data())
def test_damaged_payloads_are_items_or_unreadable(data: st.DataObject) -> None:
    value = load(data.draw(st.sampled_from(corpus("mastodon", "mastodon_snac_live", "activitypub"))))
    read_anyhow(PLATFORM, SNAC, data.draw(damaged(value)))
