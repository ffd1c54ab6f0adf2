"""X: fresh tokens, subscriptions, files and hooks of an account."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote

import httpx
import pytest
import respx

from salur.channels.hooks import Answer, HookRequest, Keep, Refused
from salur.channels.platforms.x.adapter import XPlatform
from salur.channels.platforms.x.hook import sign
from salur.channels.ports import (
    AccountView,
    Download,
    FetchFailed,
    MediaRef,
)

X = XPlatform()
SECRETS = {
    "access_token": "rahasia-akses",
    "refresh_token": "rahasia-segar",
    "client_id": "klien",
    "client_secret": "rahasia-klien",
    "consumer_secret": "rahasia-hook",
    "app_token": "rahasia-app",
}
HOOK = "https://salur.example/hooks/x/abc"
ACCOUNT = AccountView(1, "x", "42", credentials=SECRETS, hook_url=HOOK)
BEGAN = datetime.now(UTC) - timedelta(minutes=5)
NOW = 1_790_000_000.0


@pytest.fixture
def x() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url="https://api.x.com") as router:
        yield router


def body(call: Any) -> Any:
    return json.loads(call.request.content)


def harmless(text: str) -> None:
    assert not re.search("rahasia", text)


def test_a_fresh_pair_of_tokens(x: respx.MockRouter) -> None:
    answer = {"access_token": "baru", "refresh_token": "segar baru", "expires_in": 7200, "token_type": "bearer"}
    route = x.post("/2/oauth2/token").respond(json=answer)
    renewed = X.renew(ACCOUNT)
    assert renewed is not None
    assert renewed.credentials == {**SECRETS, "access_token": "baru", "refresh_token": "segar baru"}
    assert renewed.expires_at is not None
    assert timedelta(minutes=119) < renewed.expires_at - datetime.now(UTC) <= timedelta(hours=2)
    request = route.calls[0].request
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["rahasia-segar"],
        "client_id": ["klien"],
    }
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"klien:rahasia-klien").decode()


def test_a_refused_renewal_wants_a_new_authorisation(x: respx.MockRouter) -> None:
    x.post("/2/oauth2/token").respond(400, json={"error": "invalid_request", "error_description": "rahasia"})
    with pytest.raises(FetchFailed) as failed:
        X.renew(ACCOUNT)
    assert failed.value.revoked
    harmless(str(failed.value))
    assert X.renew(AccountView(1, "x", "42")) is None


def listed(*events: str, valid: bool = True) -> tuple[dict[str, Any], dict[str, Any]]:
    subs = [{"event_type": one, "filter": {"user_id": "42"}, "webhook_id": "h1"} for one in events]
    return {"data": [{"id": "h1", "url": HOOK, "valid": valid}]}, {"data": subs}


ALL = (
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "post.create",
    "post.delete",
    "dm.received",
    "dm.sent",
    "dm.read",
)


def test_a_probe_tells_what_is_missing(x: respx.MockRouter) -> None:
    x.get("/2/users/me").respond(json={"data": {"id": "42", "username": "dinas"}})
    hooks, subs = listed(*ALL)
    x.get("/2/webhooks").respond(json=hooks)
    x.get("/2/activity/subscriptions").respond(json=subs)
    well = X.probe(ACCOUNT)
    assert (well.ok, well.name, well.subscribed) == (True, "dinas", True)
    x.get("/2/activity/subscriptions").respond(json=listed(*ALL[1:])[1])
    less = X.probe(ACCOUNT)
    assert (less.ok, less.subscribed) == (False, False)
    assert "post.mention.create" in less.detail
    x.get("/2/webhooks").respond(json=listed(valid=False)[0])
    assert "broken" in X.probe(ACCOUNT).detail
    x.get("/2/users/me").respond(json={"data": {"id": "43"}})
    assert any(check.code == "account" and not check.ok for check in X.probe(ACCOUNT).checks)
    x.get("/2/users/me").respond(401, json={})
    dead = X.probe(ACCOUNT)
    assert [(check.code, check.ok) for check in dead.checks] == [("token", False)]
    harmless(dead.detail)
    x.get("/2/users/me").mock(side_effect=httpx.ConnectError("rahasia"))
    away = X.probe(ACCOUNT)
    assert [(check.code, check.ok) for check in away.checks] == [("reach", False)]
    harmless(away.detail)


def test_subscribing_makes_what_is_missing(x: respx.MockRouter) -> None:
    x.get("/2/users/me").respond(json={"data": {"id": "42"}})
    none, all_of_them = {"data": []}, listed(*ALL)
    x.get("/2/webhooks").mock(side_effect=[httpx.Response(200, json=none), httpx.Response(200, json=all_of_them[0])])
    x.get("/2/activity/subscriptions").mock(
        side_effect=[httpx.Response(200, json=listed(*ALL[2:])[1]), httpx.Response(200, json=all_of_them[1])]
    )
    made = x.post("/2/webhooks").respond(200, json={"data": {"id": "h1", "url": HOOK, "valid": True}})
    told = x.post("/2/activity/subscriptions").respond(200, json={"data": {}})
    assert X.subscribe(ACCOUNT).ok
    assert body(made.calls[0]) == {"url": HOOK}
    assert made.calls[0].request.headers["authorization"] == "Bearer rahasia-app"
    assert [body(call) for call in told.calls] == [
        {"event_type": event, "filter": {"user_id": "42"}, "tag": "salur", "webhook_id": "h1"} for event in ALL[:2]
    ]
    assert told.calls[0].request.headers["authorization"] == "Bearer rahasia-akses"


def test_our_token_is_shown_to_x_alone() -> None:
    private = X.locate(ACCOUNT, MediaRef("image", "https://ton.x.com/dm/1/2/a.jpg"))
    assert private.headers == {"authorization": "Bearer rahasia-akses"}
    for url in ("https://pbs.twimg.com/a.jpg", "https://x.com.example/a.jpg", "http://ton.x.com/a.jpg"):
        assert X.locate(ACCOUNT, MediaRef("image", url)) == Download(url)
    with pytest.raises(FetchFailed):
        X.locate(ACCOUNT, MediaRef("image", media_id="3_1"))


def request(method: str, content: bytes = b"", query: bytes = b"", **headers: str) -> HookRequest:
    told = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return HookRequest(method, "", query, told, content, HOOK, NOW)


def test_a_challenge_is_answered_with_the_present_secret() -> None:
    held = {
        "consumer_secret": "consumer_secret",
        "consumer_secret_previous": "old",
        "consumer_secret_previous_until": str(NOW + 60),
    }
    account = AccountView(1, "x", "42", credentials=held)
    answer = X.verify(account, request("GET", query=b"crc_token=challenge_string"))
    assert isinstance(answer, Answer)
    # The published vector of this challenge under this secret.
    assert json.loads(answer.body) == {"response_token": "sha256=v1WdiCVwy17uGTMWveHGlqQXN/qW1bQraNXXByRO2YA="}
    assert (answer.status, answer.content_type) == (200, "application/json")
    for query in (b"", b"crc_token=", b"crc_token=" + b"a" * 201, b"&" * 50):
        with pytest.raises(Refused):
            X.verify(account, request("GET", query=query))
    with_plus = X.verify(account, request("GET", query=b"crc_token=a+b/c=="))
    assert isinstance(with_plus, Answer)
    assert json.loads(with_plus.body) == {"response_token": sign(b"consumer_secret", b"a+b/c==")}


@pytest.mark.parametrize("content", ['{"data": {"event_type": "dm.received"}}', "[]", "{}", '"a"', "a b", "a\n", "a\0"])
def test_nobody_gets_a_delivery_signed_by_calling_it_a_challenge(content: str) -> None:
    account = AccountView(1, "x", "42", credentials={"consumer_secret": "rahasia"})
    with pytest.raises(Refused):
        X.verify(account, request("GET", query=b"crc_token=" + quote(content).encode()))


@pytest.mark.parametrize("content", [b"123", b"true", b"challenge_string", b"YmFzZTY0=="])
def test_a_signed_challenge_is_no_delivery(content: bytes) -> None:
    account = AccountView(1, "x", "42", credentials={"consumer_secret": "rahasia"})
    answered = X.verify(account, request("GET", query=b"crc_token=" + content))
    assert isinstance(answered, Answer)
    token = json.loads(answered.body)["response_token"]
    with pytest.raises(Refused) as refused:
        X.verify(account, request("POST", content, x_twitter_webhooks_signature=token))
    assert refused.value.reason == "malformed"


def test_a_delivery_is_kept_only_with_its_signature() -> None:
    held = {
        "consumer_secret": "new",
        "consumer_secret_previous": "old",
        "consumer_secret_previous_until": str(NOW + 60),
    }
    account, content = AccountView(1, "x", "42", credentials=held), b'{"data":{}}'
    kept = [
        X.verify(account, request("POST", content, x_twitter_webhooks_signature=sign(secret, content)))
        for secret in (b"new", b"old")
    ]
    assert all(isinstance(one, Keep) for one in kept)
    assert kept[0] == kept[1]
    late = {**held, "consumer_secret_previous_until": str(NOW - 60)}
    bad = [
        (account, request("POST", content)),
        (account, request("POST", content + b" ", x_twitter_webhooks_signature=sign(b"new", content))),
        (
            AccountView(1, "x", "42", credentials=late),
            request("POST", content, x_twitter_webhooks_signature=sign(b"old", content)),
        ),
        (AccountView(1, "x", "42"), request("POST", content, x_twitter_webhooks_signature=sign(b"", content))),
        (account, request("PUT", content, x_twitter_webhooks_signature=sign(b"new", content))),
    ]
    for whose, one in bad:
        with pytest.raises(Refused):
            X.verify(whose, one)


def test_prices_and_lengths_are_those_that_x_publishes() -> None:
    way = X.capabilities.way("public_reply")
    assert way is not None
    assert (way.limit.most, way.limit.counting, way.summoned, way.links) == (280, "x_weighted", True, False)
    assert (way.cost, way.link_cost) == (10_000, 200_000)
