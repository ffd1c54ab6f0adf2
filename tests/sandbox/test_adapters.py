"""Salur's adapters against the stand-ins, which were written apart from them: what citizens say, what we answer."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sandbox.accounts import view
from tests.sandbox.listening import Listener

from salur.channels.guarded import NotFetched, fetch
from salur.channels.hooks import HookRequest, Keep, Refused
from salur.channels.ports import (
    AccountNews,
    AccountView,
    Echoed,
    Edited,
    FetchFailed,
    Inbound,
    Item,
    Outbound,
    Platform,
    Raw,
    Receipted,
    Removed,
    SendFailed,
    SendUncertain,
)
from salur.channels.registry import platform
from salur_sandbox.client import Control

PUBLIC = ("facebook", "instagram", "threads", "x", "tiktok", "youtube")
PRIVATE = ("facebook", "instagram", "whatsapp", "x", "telegram")
HOOKED = ("facebook", "instagram", "whatsapp", "threads", "x", "tiktok", "telegram")


class Scene:
    """One account on one platform, connected on both sides."""

    def __init__(self, sandbox: Control, listener: Listener, name: str, **given: Any) -> None:
        self.sandbox, self.listener = sandbox, listener
        handle = "salur_lampung_bot" if name == "telegram" else "diskominfotik_lpg"
        self.account = sandbox.account(name, handle=handle, hook_url=listener.url, **given)
        listener.verify_token = self.account["secrets"].get("verify_token", "")
        listener.consumer_secret = self.account["secrets"].get("consumer_secret", "")
        self.key: str = self.account["key"]
        login = {"login": "facebook"} if name == "instagram" else {}
        self.view: AccountView = view(sandbox, self.account, **login)
        self.platform: Platform = platform(name)

    def heard(self) -> list[Item]:
        """What came by hook since the last call, through the front door: verified, then parsed."""
        self.sandbox.idle()
        got, self.listener.got = self.listener.got, []
        return [item for headers, body in got for item in self._understood(headers, body)]

    def _understood(self, headers: dict[str, str], body: bytes) -> Iterable[Item]:
        kept = self.platform.verify(self.view, self.request(headers, body))
        assert isinstance(kept, Keep)
        return self.platform.parse(self.view, Raw(kept.external_id, body, kept.content_type, via="hook"))

    def request(self, headers: dict[str, str], body: bytes) -> HookRequest:
        lower = {name.encode(): value.encode() for name, value in headers.items()}
        return HookRequest("POST", "", b"", lower, body, self.listener.url, time.time())

    def fetched(self) -> list[Inbound]:
        raws = list(self.platform.fetch_since(self.view, {}))
        items = [item for raw in raws for item in self.platform.parse(self.view, raw)]
        return [item for item in items if isinstance(item, Inbound)]

    def answer(self, to: Inbound, way: str, text: str = "Laporan Anda kami teruskan.") -> Outbound:
        return Outbound(
            "kunci-1",
            to.sender_address,
            text,
            in_reply_to=to.external_id,
            way=way,
            place=to.place,
            root_id=to.root_id,
            answer_at=to.answer_at,
            began_at=datetime.now(UTC),
        )


def only(items: Iterable[Item], kind: type[Any]) -> list[Any]:
    return [item for item in items if isinstance(item, kind)]


def spoken(scene: Scene, what: str, text: str = "Jalan rusak di Natar", **given: Any) -> Inbound:
    """Something a citizen says, as Salur hears it: by hook, or by asking where there is none."""
    if what == "comment" and scene.account["platform"] == "x":
        what = "mention"  # a reply that names nobody cannot be answered on X
    said = scene.sandbox.say(scene.key, "siti", what, text, **given)
    found = only(scene.heard(), Inbound) or scene.fetched()
    assert [one.external_id for one in found][-1] == said or scene.account["platform"] == "telegram"
    return found[-1]


@pytest.mark.parametrize("name", sorted(set(PUBLIC) | set(PRIVATE)))
def test_a_connected_account_is_well_and_subscribed(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name, fields=[])
    after = scene.platform.subscribe(scene.view)
    assert after.ok, after.detail
    assert after.subscribed in (True, None)
    sandbox.tokens(scene.key, trouble="revoked")
    assert not scene.platform.probe(scene.view).ok


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_word_is_heard_and_answered_in_public(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    word = spoken(scene, "comment")
    assert word.audience == "public" and "Jalan rusak di Natar" in word.text
    out = scene.answer(word, "public_reply")
    receipt = scene.platform.send(scene.view, out)
    said = [one for one in sandbox.state(scene.key)["said"] if one["ours"]]
    assert [(one["id"], one["text"], one["parent"]) for one in said] == [
        (receipt.external_id, out.text, word.external_id)
    ]
    found = scene.platform.read_back(scene.view, out)
    assert found is not None and found.external_id == receipt.external_id
    if name in HOOKED:
        echoes = only(scene.heard(), Echoed)
        assert receipt.external_id in [echo.external_id for echo in echoes] or name == "tiktok"


@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_word_is_heard_and_answered_in_private(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    word = spoken(scene, "dm", "Ada pungli di loket")
    assert word.audience == "private" and word.text == "Ada pungli di loket"
    out = scene.answer(word, "direct")
    scene.platform.send(scene.view, out)
    said = [one for one in sandbox.state(scene.key)["said"] if one["ours"]]
    assert [(one["text"], one["person"], one["private"]) for one in said] == [(out.text, "siti", True)]


@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_a_private_reply_once_and_windows_that_close(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    word = spoken(scene, "comment")
    scene.platform.send(scene.view, scene.answer(word, "private_reply"))
    with pytest.raises(SendFailed) as twice:
        scene.platform.send(scene.view, scene.answer(word, "private_reply", "Sekali lagi"))
    assert twice.value.permanent and twice.value.blames == "way"
    chat = spoken(scene, "dm", "Halo")
    sandbox.clock(by=86400 + 60)
    with pytest.raises(SendFailed) as late:
        scene.platform.send(scene.view, scene.answer(chat, "direct"))
    assert late.value.permanent and late.value.blames == "way"


def test_whatsapp_and_x_close_their_ways(sandbox: Control, listener: Listener) -> None:
    chat = Scene(sandbox, listener, "whatsapp")
    word = spoken(chat, "dm", "Banjir")
    sandbox.clock(by=86400 + 60)
    with pytest.raises(SendFailed) as late:
        chat.platform.send(chat.view, chat.answer(word, "direct"))
    assert late.value.blames == "way" and late.value.code == "131047"
    sandbox.clock(shift=0)
    posts = Scene(sandbox, listener, "x")
    silent = sandbox.say(posts.key, "siti", "comment", "Tanpa menyebut")
    sandbox.idle()
    listener.got.clear()
    named = spoken(posts, "mention")
    out = Outbound("kunci-2", named.sender_address, "Halo", in_reply_to=silent, way="public_reply")
    with pytest.raises(SendFailed) as summon:
        posts.platform.send(posts.view, out)
    assert summon.value.permanent and summon.value.blames == "way"


@pytest.mark.parametrize("name", ["facebook", "instagram", "whatsapp", "telegram"])
def test_who_blocked_us_is_left_alone(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    word = spoken(scene, "dm", "Halo")
    sandbox.block(scene.key, "siti")
    if name == "whatsapp":  # it accepts, and tells of the failure later
        scene.platform.send(scene.view, scene.answer(word, "direct"))
        assert [one.status for one in only(scene.heard(), Receipted)][-1] == "failed"
        return
    with pytest.raises(SendFailed) as refused:
        scene.platform.send(scene.view, scene.answer(word, "direct"))
    assert refused.value.permanent and refused.value.blames == "recipient"


@pytest.mark.parametrize("name", [*PUBLIC, "whatsapp", "telegram"])
def test_an_expired_or_revoked_token_stops_the_account(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    word = spoken(scene, "comment" if name in PUBLIC else "dm")
    sandbox.tokens(scene.key, trouble="revoked")
    with pytest.raises(SendFailed) as refused:
        scene.platform.send(scene.view, scene.answer(word, "public_reply" if name in PUBLIC else "direct"))
    assert refused.value.permanent and refused.value.blames == "account"
    assert scene.account["token"] not in str(refused.value)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_lost_answer_is_settled_by_reading_back(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    word = spoken(scene, "comment")
    out = scene.answer(word, "public_reply")
    # Threads publishes in two steps: only the second is seen by anybody.
    sandbox.faults(drop_answer={"platform": name, "path": "threads_publish" if name == "threads" else "", "count": 1})
    with pytest.raises(SendUncertain):
        scene.platform.send(scene.view, out)
    said = [one["id"] for one in sandbox.state(scene.key)["said"] if one["ours"]]
    found = scene.platform.read_back(scene.view, out)
    assert found is not None and [found.external_id] == said


@pytest.mark.parametrize("name", [*PUBLIC, "whatsapp", "telegram"])
def test_a_limit_is_waited_for(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    word = spoken(scene, "comment" if name in PUBLIC else "dm")
    rule: dict[str, Any] = {"platform": name, "count": 5, "status": 429, "method": "POST"}
    rule |= {"tiktok": {"code": 40100}, "whatsapp": {"code": 130429}}.get(name, {})
    sandbox.faults(fail_next=rule)
    with pytest.raises(SendFailed) as refused:
        scene.platform.send(scene.view, scene.answer(word, "public_reply" if name in PUBLIC else "direct"))
    assert not refused.value.permanent
    sandbox.faults(fail_next=[])
    scene.platform.send(scene.view, scene.answer(word, "public_reply" if name in PUBLIC else "direct"))
    assert sum(one["ours"] for one in sandbox.state(scene.key)["said"]) == 1


@pytest.mark.parametrize("name", ["facebook", "instagram", "threads", "x", "tiktok", "youtube"])
def test_what_hooks_lost_is_found_by_asking_and_is_the_same_word(
    sandbox: Control, listener: Listener, name: str
) -> None:
    scene = Scene(sandbox, listener, name)
    sandbox.faults(lose=0.5, seed=4)
    what = "mention" if name == "x" else "comment"
    said = [sandbox.say(scene.key, "siti", what, f"Laporan nomor {n}") for n in range(30)]
    heard = {word.external_id: word for word in only(scene.heard(), Inbound)}
    assert name == "youtube" or 0 < len(heard) < 30
    asked = {word.external_id: word for word in scene.fetched()}
    assert set(asked) == set(said)
    for external_id, word in heard.items():
        same = asked[external_id]
        assert (word.text, word.sender_address, word.place, word.root_id) == (
            (same.text, same.sender_address, same.place, same.root_id)
        )


@pytest.mark.parametrize("name", ["facebook", "instagram", "whatsapp", "x", "telegram"])
def test_edits_are_told_of_the_first_word(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    what = {"x": "mention", "facebook": "comment"}.get(name, "dm")
    said = sandbox.say(scene.key, "siti", what, "Jalan rusak")
    first = only(scene.heard(), Inbound)[0]
    sandbox.say(scene.key, "siti", "edit", "@diskominfotik_lpg Jalan rusak parah", id=said)
    edits = only(scene.heard(), Edited)
    assert [(one.external_id, one.text.endswith("Jalan rusak parah")) for one in edits] == [(first.external_id, True)]


@pytest.mark.parametrize("name", ["facebook", "instagram", "whatsapp", "tiktok"])
def test_what_was_taken_back_is_told(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    what = "dm" if name in ("instagram", "whatsapp") else "comment"
    said = sandbox.say(scene.key, "siti", what, "Salah kirim")
    sandbox.say(scene.key, "siti", "unsend", id=said)
    assert [one.external_id for one in only(scene.heard(), Removed)] == [said]


@pytest.mark.parametrize("name", ["facebook", "instagram", "whatsapp"])
def test_reading_is_told_as_reading(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    word = spoken(scene, "dm", "Halo")
    receipt = scene.platform.send(scene.view, scene.answer(word, "direct"))
    sandbox.read(scene.key, "siti")
    told = only(scene.heard(), Receipted)
    assert [one.status for one in told][-1] == "read"
    assert told[-1].about in (receipt.external_id, "")


@pytest.mark.parametrize("name", ["x", "tiktok"])
def test_a_withdrawn_authorisation_is_told(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    sandbox.tokens(scene.key, withdrawn=True)
    assert [one.kind for one in only(scene.heard(), AccountNews)] == ["revoked"]
    with pytest.raises(FetchFailed) as gone:
        scene.platform.renew(scene.view)
    assert gone.value.revoked


@pytest.mark.parametrize("name", ["facebook", "instagram", "whatsapp", "telegram", "x"])
def test_a_photograph_is_fetched_and_what_leads_inside_is_not(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    what = {"facebook": "comment", "x": "mention"}.get(name, "dm")
    words = [spoken(scene, what, kind, media=[kind]) for kind in ("photo", "to-metadata", "to-loopback", "huge")]
    places = [scene.platform.locate(scene.view, word.media[0]) for word in words]
    photo = fetch(places[0])
    assert photo.content[:3] == b"\xff\xd8\xff"
    for place, why in zip(places[1:], ("not_web", "private_address", "too_large"), strict=True):
        with pytest.raises(NotFetched) as refused:
            fetch(place, most=5_000_000)
        assert refused.value.why == why


@pytest.mark.parametrize("name", [one for one in HOOKED if one != "telegram"])
def test_one_changed_byte_is_refused(sandbox: Control, listener: Listener, name: str) -> None:
    scene = Scene(sandbox, listener, name)
    what = {"x": "mention", "whatsapp": "dm"}.get(name, "comment")
    sandbox.say(scene.key, "siti", what, "Jalan rusak 🙏")
    sandbox.idle()
    headers, body = listener.got[0]
    with pytest.raises(Refused):
        scene.platform.verify(scene.view, scene.request(headers, body.replace(b"rusak", b"mulus")))


def test_an_album_is_one_group(sandbox: Control, listener: Listener) -> None:
    scene = Scene(sandbox, listener, "telegram")
    sandbox.say(scene.key, "siti", "album", "Dua foto", media=["photo", "photo"])
    parts = only(scene.heard(), Inbound)
    assert len(parts) == 2 and len({part.group_key for part in parts} - {""}) == 1
    assert all(part.media for part in parts)
    place = scene.platform.locate(scene.view, parts[0].media[0])
    assert place.url.startswith(sandbox.api_base("telegram"))
