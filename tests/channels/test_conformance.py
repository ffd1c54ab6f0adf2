"""What every platform must keep, by existing in the registry: it invents nothing, loses nothing, tells no secret.

A new adapter is held to this by its one line in the registry. Its account is filled in from its own guide.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salur.channels.guide import Guide
from salur.channels.hooks import Answer, HookRequest, Keep, Refused
from salur.channels.ports import (
    AccountView,
    Broken,
    Download,
    Edited,
    FetchFailed,
    Health,
    Inbound,
    Item,
    MediaRef,
    Outbound,
    Raw,
    Receipt,
    SendFailed,
    SendUncertain,
    Unreadable,
)
from salur.channels.registry import PLATFORMS

NAMES = sorted(PLATFORMS)
HOOKED = [name for name in NAMES if PLATFORMS[name].capabilities.hooks]
OUTSIDE = [name for name in NAMES if PLATFORMS[name].guide.offered and name not in ("email",)]
PAYLOADS = Path(__file__).parent / "payloads"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOSTILE = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'""',
    b"0",
    b"\xff\xfe\x00",
    b"<xml/>",
    b"a=b&a=c&%",
    b'{"object":null,"entry":{"id":1,"changes":null}}',
    b'{"entry":[null,1,"x",[],{"messaging":"x","changes":5}]}',
    b'{"entry":[{"id":"1","changes":[{"field":"feed","value":null}]}]}',
    b'{"data":[[[[]]]],"errors":{}}',
    b'{"update_id":-1,"message":{"chat":[],"from":0}}',
    b'{"text":"\\ud800 \\u0000","id":1e400}',
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b'{"entry":' + b"9" * 5_000 + b"}",
)


def account(name: str) -> AccountView:
    """An account of this platform with every entry of its guide filled in; every secret says that it is one."""
    guide: Guide = PLATFORMS[name].guide
    known: dict[str, str] = {"address": "100000000000001"}
    credentials: dict[str, str] = {}
    options: dict[str, Any] = {"api_base": "http://127.0.0.1:9/nobody"}
    for entry in guide.entries:
        value = entry.default or (entry.choices[0][0] if entry.choices else "") or _fitting(entry.pattern, entry.name)
        if entry.address:
            known["address"] = value
        elif entry.secret:
            credentials[entry.name] = value
        else:
            options[entry.name] = value
    return AccountView(1, name, known["address"], options, credentials, hook_url="https://salur.test/hooks/x/k")


def _fitting(pattern: str, name: str) -> str:
    for guess in (
        f"RAHASIA-{name}-0123456789",
        "123456789012345",
        "0123456789abcdef0123456789abcdef",
        "UC" + "a1" * 11,
        "lapor@contoh.test",
        "opd_lampung",
        "@opd:contoh.test",
        "@opd@contoh.test",
        "https://contoh.test",
        "+6281200000001",
        "123456:" + "A" * 35,
        "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB",
    ):
        if not pattern or re.fullmatch(pattern, guess):
            return guess
    raise AssertionError(f"no example fits {name}: {pattern}")


def long_secrets(view: AccountView) -> list[str]:
    return [value for value in view.credentials.values() if len(value) > 12]


def request(name: str, body: bytes = b"{}", method: str = "POST", **more: Any) -> HookRequest:
    headers = {b"content-type": b"application/json", **more.pop("headers", {})}
    url = f"https://salur.test/hooks/{name}/k"
    return HookRequest(method, more.pop("suffix", ""), more.pop("query", b""), headers, body, url, NOW.timestamp())


def corpus(name: str) -> list[tuple[str, bytes]]:
    folder = PAYLOADS / name
    return [(one.name, one.read_bytes()) for one in sorted(folder.rglob("*.json"))] if folder.is_dir() else []


def parsed(name: str, body: bytes, via: str, content_type: str = "application/json") -> list[Item] | None:
    """What a platform makes of a delivery; None where it says that nothing can be made of it."""
    raw = Raw("k1", body, content_type, received_at=NOW, via=via)
    try:
        return list(PLATFORMS[name].parse(account(name), raw))
    except Unreadable as problem:
        assert str(problem), "a reason is given"
        return None


def check_items(items: list[Item]) -> None:
    for item in items:
        assert isinstance(item, Item)  # type: ignore[arg-type, misc]
        if isinstance(item, Inbound):
            assert item.external_id, "what has no id cannot be kept once"
            assert item.spoken_at.tzinfo is not None
            assert item.text or item.media or item.attachments or item.extra or item.answer_at, "an empty message"
            json.dumps([dict(item.answer_at), dict(item.extra), dict(item.post)])
        if isinstance(item, Edited):
            assert item.external_id and item.at.tzinfo is not None
        if isinstance(item, Broken):
            assert item.where and item.reason
        for field in fields(item):
            value = getattr(item, field.name)
            if isinstance(value, str):
                value.encode()
                assert "\0" not in value


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_can(name: str) -> None:
    able = PLATFORMS[name].capabilities
    assert able.ways and len({way.name for way in able.ways}) == len(able.ways)
    for way in able.ways:
        assert way.limit.most > 0 and way.limit.parts >= 1 and way.answers <= {"public", "private"} and way.answers
        assert not (way.name == "private_reply" and way.public) and not (way.name == "direct" and way.public)


@pytest.mark.parametrize("name", NAMES)
def test_its_guide_leads_to_an_account(name: str) -> None:
    guide = PLATFORMS[name].guide
    if not guide.offered:
        return
    assert guide.label and guide.label == guide.label.strip()
    assert [entry.address for entry in guide.entries].count(True) == 1, "one entry is the address"
    assert len({entry.name for entry in guide.entries}) == len(guide.entries)
    for entry in guide.entries:
        re.compile(entry.pattern)
        assert entry.label and not (entry.secret and entry.default), "no secret is given away"
        if entry.choices and entry.default:
            assert entry.default in [value for value, _label in entry.choices]
    assert any(entry.secret for entry in guide.entries) or name in ("phone", "open311", "sms"), "something proves us"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["POST", "PUT", "GET", "DELETE"])
def test_no_hook_takes_what_is_not_signed(name: str, method: str) -> None:
    bodies = [*HOSTILE[:10], *(body for _, body in corpus(name))] if method != "GET" else [b""]
    for body in bodies:
        for query in (b"", b"hub.mode=subscribe&hub.challenge=1&hub.verify_token=salah", b"%zz=%&a"):
            try:
                found = PLATFORMS[name].verify(account(name), request(name, body, method, query=query))
            except Refused as refused:
                assert 400 <= refused.status < 500 and refused.reason
                continue
            assert not isinstance(found, Keep), "kept without a proof"
            assert found.status != 200 or method == "GET" or not found.body


@pytest.mark.parametrize("name", HOOKED)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_header_is_refused_or_answered(name: str, data: st.DataObject) -> None:
    known = [
        b"x-hub-signature-256",
        b"x-twitter-webhooks-signature",
        b"x-telegram-bot-api-secret-token",
        b"tiktok-signature",
        b"authorization",
        b"webhook-id",
        b"webhook-timestamp",
        b"webhook-signature",
        b"x-signature",
        b"x-timestamp",
        b"x-twilio-signature",
    ]
    values = st.binary(max_size=80) | st.sampled_from(
        [b"sha256=", b"t=1,s=", b"t=x,s=y", b"v1,", b"Bearer ", b"Bearer \xff"]
    )
    headers = data.draw(st.dictionaries(st.sampled_from(known), values, max_size=6))
    try:
        found = PLATFORMS[name].verify(account(name), request(name, data.draw(st.binary(max_size=50)), headers=headers))
    except Refused:
        return
    assert isinstance(found, Answer) and found.status != 200


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("via", ["hook", "poll"])
def test_hostile_deliveries_are_understood_or_unreadable_and_soon(name: str, via: str) -> None:
    for body in HOSTILE:
        began = time.monotonic()
        found = parsed(name, body, via)
        assert time.monotonic() - began < 5, body[:40]
        if found is not None:
            check_items(found)


@pytest.mark.parametrize("name", [name for name in NAMES if corpus(name)])
@pytest.mark.parametrize("via", ["hook", "poll"])
def test_the_corpus_is_understood_the_same_each_time(name: str, via: str) -> None:
    for file, body in corpus(name):
        found = parsed(name, body, via)
        assert parsed(name, body, via) == found, file
        check_items(found or [])
        private = [one for one in found or [] if isinstance(one, Inbound) and one.audience == "private"]
        chats = PLATFORMS[name].capabilities.chat or all(one.place for one in private if one.sender_address)
        assert chats, "the next line of a chat would open a case of its own"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*path, key))


def _changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _changed(value[path[0]], path[1:], new)
    return copy


@pytest.mark.parametrize("name", [name for name in NAMES if corpus(name)])
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_damage_to_a_delivery_is_borne(name: str, data: st.DataObject) -> None:
    _file, body = data.draw(st.sampled_from(corpus(name)))
    value = json.loads(body)
    path = data.draw(st.sampled_from(list(_places(value))))
    damaged = json.dumps(_changed(value, path, data.draw(JSON))).encode()
    for via in ("hook", "poll"):
        check_items(parsed(name, damaged, via) or [])


OUT = Outbound(
    once_key="k1.abc",
    to="628120000001",
    text="Laporan Anda sudah kami terima.",
    in_reply_to="111_222",
    place="111",
    root_id="111_222",
    began_at=NOW - timedelta(minutes=5),
)
ANSWERS = [
    (200, b""),
    (200, b"not json"),
    (200, b"[]"),
    (200, b'{"error":{"message":"RAHASIA","code":190}}'),
    (400, b'{"error":{"code":100}}'),
    (401, b"{}"),
    (403, b"null"),
    (404, b"<html>"),
    (429, b"{}"),
    (500, b""),
    (503, b'{"retry_after":5}'),
    (302, b""),
]


def answering(monkeypatch: pytest.MonkeyPatch, status: int, body: bytes) -> None:
    def handle(self: Any, wanted: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=body, headers={"location": "https://elsewhere.test/"}, request=wanted)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", handle)


def breaking(monkeypatch: pytest.MonkeyPatch, error: type[httpx.HTTPError]) -> None:
    def handle(self: Any, wanted: httpx.Request) -> httpx.Response:
        raise error(f"broken on the way to {wanted.url}")  # type: ignore[call-arg]

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", handle)


def everything(name: str) -> list[str]:
    """Every acting function of a platform, tried; what each of them said. Only what the port names may be raised."""
    module, view, said = PLATFORMS[name], account(name), []
    for way in module.capabilities.ways:
        try:
            receipt = module.send(view, replace(OUT, way=way.name))
            assert isinstance(receipt, Receipt) and receipt.external_id
        except (SendFailed, SendUncertain) as problem:
            said.append(str(problem))
    for look in (
        lambda: list(module.fetch_since(view, {})),
        lambda: module.read_back(view, replace(OUT, way=module.capabilities.ways[0].name)),
        lambda: module.renew(view),
        lambda: module.locate(view, MediaRef("image", media_id="9")),
    ):
        try:
            look()
        except FetchFailed as problem:
            said.append(problem.reason)
    for health in (module.probe(view), module.subscribe(view)):
        assert isinstance(health, Health)
        said += [health.detail, *(one.detail for one in health.checks)]
    return said


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize(("status", "body"), ANSWERS)
def test_whatever_the_platform_answers_is_said_without_a_secret(
    name: str, status: int, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, status, body)
    secrets = long_secrets(account(name))
    for sentence in everything(name):
        assert not any(secret in sentence for secret in secrets), sentence
        assert "127.0.0.1:9" not in sentence


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.WriteError])
def test_whatever_breaks_is_said_without_a_secret(
    name: str, error: type[httpx.HTTPError], monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, error)
    secrets = long_secrets(account(name))
    for sentence in everything(name):
        assert not any(secret in sentence for secret in secrets), sentence


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_lost_answer_is_never_taken_for_a_refusal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, httpx.ReadTimeout)
    module = PLATFORMS[name]
    for way in module.capabilities.ways:
        try:
            receipt = module.send(account(name), replace(OUT, way=way.name))
        except SendUncertain:
            continue
        except SendFailed as refused:
            assert (
                way.name in ("private_reply", "template", "tagged")
                or not refused.permanent
                or refused.blames == "account"
            ), (
                way.name,
                str(refused),
            )
        else:
            assert receipt.manual or way.name in ("hand", "page") or name == "sms"


def test_an_unknown_file_is_located_or_refused() -> None:
    for name in NAMES:
        try:
            found = PLATFORMS[name].locate(account(name), MediaRef("image", url="https://cdn.test/a.jpg"))
        except FetchFailed:
            continue
        assert isinstance(found, Download)
