"""X: the exact requests we make, every row of its errors, and that no token stands in any text of ours."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import respx

from salur.channels.platforms.x.adapter import XPlatform
from salur.channels.platforms.x.send import answered
from salur.channels.ports import (
    AccountView,
    FetchFailed,
    Inbound,
    Outbound,
    Receipt,
    SendFailed,
    SendUncertain,
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


def reply_to(post: str = "777", **more: Any) -> Outbound:
    told: dict[str, Any] = {"answer_at": {"post": post, "summoned": True}, "in_reply_to": "700", "began_at": BEGAN}
    return Outbound("k1", "99", "Terima kasih, sudah kami teruskan", way="public_reply", **{**told, **more})


def direct() -> Outbound:
    return Outbound("k2", "99", "Halo", way="direct", began_at=BEGAN)


def body(call: Any) -> Any:
    return json.loads(call.request.content)


def harmless(text: str) -> None:
    assert not re.search("rahasia", text)


def test_a_reply_names_the_latest_version_of_the_post(x: respx.MockRouter) -> None:
    route = x.post("/2/tweets").respond(201, json={"data": {"id": "6378432578581299123", "text": "…"}})
    assert X.send(ACCOUNT, reply_to()) == Receipt("6378432578581299123")
    assert body(route.calls[0]) == {
        "text": "Terima kasih, sudah kami teruskan",
        "reply": {"in_reply_to_tweet_id": "777"},
    }
    assert route.calls[0].request.headers["authorization"] == "Bearer rahasia-akses"


def test_a_direct_message(x: respx.MockRouter) -> None:
    answer = {"data": {"dm_conversation_id": "1-2", "dm_event_id": "2524413598609118495"}}
    route = x.post("/2/dm_conversations/with/99/messages").respond(201, json=answer)
    assert X.send(ACCOUNT, direct()) == Receipt("2524413598609118495")
    assert body(route.calls[0]) == {"text": "Halo"}


def test_who_did_not_summon_the_account_is_not_asked_for() -> None:
    silent = reply_to(answer_at={"post": "777", "summoned": False})
    with pytest.raises(SendFailed) as failed:
        X.send(ACCOUNT, silent)
    assert (failed.value.permanent, failed.value.blames, failed.value.code) == (True, "way", "not_summoned")


def test_enterprise_answers_anybody(x: respx.MockRouter) -> None:
    x.post("/2/tweets").respond(201, json={"data": {"id": "1"}})
    free = AccountView(1, "x", "42", {"features": ["enterprise"]}, SECRETS)
    assert X.send(free, reply_to(answer_at={"post": "777", "summoned": False})) == Receipt("1")


@pytest.mark.parametrize(
    "out",
    [
        Outbound("k", "1", "t", way="template"),
        Outbound("k", "1", "t", way="public_reply"),
        Outbound("k", "", "t", way="direct"),
    ],
)
def test_what_cannot_be_addressed_closes_the_way(out: Outbound) -> None:
    with pytest.raises(SendFailed) as failed:
        X.send(ACCOUNT, out)
    assert (failed.value.permanent, failed.value.blames) == (True, "way")


PROBLEM = "https://api.x.com/2/problems/"


@pytest.mark.parametrize(
    ("status", "answer", "permanent", "blames"),
    [
        (401, {"title": "Unauthorized", "type": "about:blank"}, True, "account"),
        (402, {"title": "CreditsDepleted", "type": PROBLEM + "credits"}, True, "account"),
        (403, {"detail": "You are not permitted to reply", "type": "about:blank"}, True, "way"),
        (403, {"type": PROBLEM + "client-forbidden", "detail": "…"}, True, "account"),
        (403, {"type": PROBLEM + "unsupported-authentication"}, True, "account"),
        (403, {"errors": [{"code": 349, "message": "You cannot send messages to this user."}]}, True, "recipient"),
        (404, {"type": PROBLEM + "resource-not-found"}, True, "message"),
        (400, {"type": PROBLEM + "invalid-request"}, True, "message"),
        (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, False, "message"),
        (429, {"type": PROBLEM + "usage-capped"}, True, "account"),
        (200, {"errors": [{"type": PROBLEM + "resource-not-found"}]}, True, "message"),
    ],
)
def test_each_row_of_the_errors(
    x: respx.MockRouter, status: int, answer: dict[str, Any], permanent: bool, blames: str
) -> None:
    x.post("/2/tweets").respond(status, json=answer)
    with pytest.raises(SendFailed) as failed:
        X.send(ACCOUNT, reply_to())
    assert (failed.value.permanent, failed.value.blames) == (permanent, blames)
    harmless(str(failed.value))


@pytest.mark.parametrize("status", [500, 503])
def test_a_failing_server_may_have_said_it_and_is_looked_into(x: respx.MockRouter, status: int) -> None:
    x.post("/2/tweets").respond(status, json={})
    with pytest.raises(SendUncertain) as doubt:
        X.send(ACCOUNT, reply_to())
    assert doubt.value.copy_expected


@pytest.mark.parametrize(
    "refusal",
    [{"detail": "You are not allowed to create a Tweet with duplicate content."}, {"errors": [{"code": 187}]}],
)
@pytest.mark.parametrize("there", [True, False])
def test_what_x_calls_a_duplicate_is_looked_for_before_it_is_given_up(
    x: respx.MockRouter, refusal: dict[str, Any], there: bool
) -> None:
    out = reply_to()
    ours = {"id": "77", "text": out.text, "referenced_tweets": [{"type": "replied_to", "id": answered(out)}]}
    x.post("/2/tweets").respond(403, json=refusal)
    x.get(url__regex=r".*/2/users/[^/]+/tweets").respond(200, json={"data": [ours] if there else []})
    if there:
        assert X.send(ACCOUNT, out) == Receipt("77")
        return
    with pytest.raises(SendFailed) as failed:
        X.send(ACCOUNT, out)
    assert (failed.value.permanent, failed.value.blames) == (True, "message")


@pytest.mark.parametrize(
    ("limits", "wait"),
    [
        ({"x-rate-limit": ("0", 600)}, 600),
        ({"x-rate-limit": ("3", 600), "x-app-limit-24hour": ("0", 7200)}, 7200),
        ({"x-rate-limit": ("0", -5)}, 1),
        ({"x-rate-limit": ("0", 10**6)}, 86_400),
        ({}, 900),
    ],
)
def test_a_used_up_limit_is_waited_for(x: respx.MockRouter, limits: dict[str, tuple[str, int]], wait: int) -> None:
    now = int(time.time())
    headers = {f"{name}-remaining": left for name, (left, _) in limits.items()}
    headers |= {f"{name}-reset": str(now + seconds) for name, (_, seconds) in limits.items()}
    x.post("/2/tweets").respond(429, json={}, headers=headers)
    with pytest.raises(SendFailed) as failed:
        X.send(ACCOUNT, reply_to())
    assert failed.value.after is not None
    assert wait - 60 < failed.value.after <= wait


@pytest.mark.parametrize("broken", [httpx.ReadTimeout("t"), httpx.RemoteProtocolError("p")])
def test_a_lost_answer_is_uncertain_and_can_be_looked_up(x: respx.MockRouter, broken: Exception) -> None:
    x.post("/2/tweets").mock(side_effect=broken)
    with pytest.raises(SendUncertain) as lost:
        X.send(ACCOUNT, reply_to())
    assert lost.value.copy_expected
    harmless(str(lost.value))


def test_an_answer_without_an_id_is_uncertain(x: respx.MockRouter) -> None:
    x.post("/2/tweets").respond(201, json={"data": {}})
    with pytest.raises(SendUncertain):
        X.send(ACCOUNT, reply_to())


def test_a_reply_is_found_again_in_our_timeline(x: respx.MockRouter) -> None:
    other = [{"type": "replied_to", "id": "1"}]
    ours = [{"type": "replied_to", "id": "777"}]
    made = datetime.now(UTC).isoformat()
    rows = [
        {"id": "5", "text": "Terima kasih, sudah kami teruskan", "created_at": made, "referenced_tweets": other},
        {"id": "6", "text": "Lain", "created_at": made, "referenced_tweets": ours},
        {
            "id": "7",
            "text": "@siti_r Lihat https://t.co/abc &amp; salam",
            "created_at": made,
            "referenced_tweets": ours,
        },
    ]
    route = x.get("/2/users/42/tweets").respond(json={"data": rows, "meta": {}})
    found = X.read_back(
        ACCOUNT,
        Outbound(
            "k",
            "9",
            "Lihat https://lapor.go.id/x & salam",
            way="public_reply",
            answer_at={"post": "777"},
            began_at=BEGAN,
        ),
    )
    assert found == Receipt("7")
    asked = parse_qs(route.calls[0].request.url.query.decode())
    assert asked["start_time"] == [(BEGAN - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")]
    assert X.read_back(ACCOUNT, reply_to()) is None


def test_a_direct_message_is_found_again_in_the_conversation(x: respx.MockRouter) -> None:
    made, old = datetime.now(UTC).isoformat(), (BEGAN - timedelta(hours=1)).isoformat()
    rows = [
        {"id": "1", "text": "Halo", "sender_id": "99", "created_at": made},
        {"id": "2", "text": "Halo", "sender_id": "42", "created_at": made},
        {"id": "3", "text": "Halo", "sender_id": "42", "created_at": old},
    ]
    x.get("/2/dm_conversations/with/99/dm_events").respond(json={"data": rows})
    assert X.read_back(ACCOUNT, direct()) == Receipt("2")
    x.get("/2/dm_conversations/with/99/dm_events").respond(json={"data": rows[2:]})
    assert X.read_back(ACCOUNT, direct()) is None


def test_what_the_hook_lost_is_fetched_oldest_first(x: respx.MockRouter) -> None:
    first = {"data": [{"id": "30", "author_id": "7"}, {"id": "20", "author_id": "7"}], "meta": {"next_token": "n"}}
    for row, text in zip(first["data"], ("tiga", "dua"), strict=True):
        row |= {"text": text, "created_at": "2026-11-24T01:00:00Z"}
    first["includes"] = {"users": [{"id": "7", "username": "siti_r"}, {"id": "8", "username": "lain"}]}
    second = {"data": [{"id": "10", "text": "satu", "created_at": "2026-11-24T00:00:00Z"}], "meta": {}}
    mentions = x.get("/2/users/42/mentions").mock(
        side_effect=[httpx.Response(200, json=first), httpx.Response(200, json=second)]
    )
    old = {"id": "5", "event_type": "MessageCreate", "sender_id": "7", "text": "lama"}
    new = {"id": "6", "event_type": "MessageCreate", "sender_id": "7", "text": "baru"}
    x.get("/2/dm_events").respond(json={"data": [new, old], "meta": {}})
    raws = list(X.fetch_since(ACCOUNT, {"mentions": "9", "direct": "5"}))
    assert [raw.external_id for raw in raws] == ["mentions:10", "mentions:20", "mentions:30", "direct:6"]
    assert [raw.cursor for raw in raws][-2:] == [{"mentions": "30", "direct": "5"}, {"mentions": "30", "direct": "6"}]
    assert {raw.via for raw in raws} == {"poll"}
    assert raws[1].said_at == datetime(2026, 11, 24, 1, tzinfo=UTC)
    asked = [parse_qs(call.request.url.query.decode()) for call in mentions.calls]
    assert asked[0]["since_id"] == ["9"] and asked[0]["max_results"] == ["100"]
    assert asked[1]["pagination_token"] == ["n"]
    (said,) = X.parse(ACCOUNT, raws[1])
    assert isinstance(said, Inbound)
    assert (said.external_id, said.sender_handle, said.answer_at) == ("20", "siti_r", {"post": "20", "summoned": True})
    assert b"lain" not in raws[1].body


def test_a_first_look_goes_one_day_back_and_an_empty_page_has_no_data(x: respx.MockRouter) -> None:
    route = x.get("/2/users/42/mentions").respond(json={"meta": {"result_count": 0}})
    quiet = AccountView(1, "x", "42", {"direct_messages": "no"}, SECRETS)
    assert list(X.fetch_since(quiet, {})) == []
    asked = parse_qs(route.calls[0].request.url.query.decode())
    start = datetime.fromisoformat(asked["start_time"][0])
    assert timedelta(hours=23) < datetime.now(UTC) - start < timedelta(hours=25)


def test_a_refused_look_says_whether_only_a_new_authorisation_helps(x: respx.MockRouter) -> None:
    x.get("/2/users/42/mentions").respond(401, json={})
    with pytest.raises(FetchFailed) as failed:
        list(X.fetch_since(ACCOUNT, {}))
    assert failed.value.revoked
    harmless(str(failed.value))
