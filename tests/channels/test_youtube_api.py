"""YouTube: the exact requests we make, what a look finds new, edited and gone, and every row of its errors."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import httpx
import pytest
import respx

from salur.channels.hooks import HookRequest, Refused
from salur.channels.platforms.youtube.adapter import YouTubePlatform
from salur.channels.platforms.youtube.client import to_reset
from salur.channels.ports import (
    AccountView,
    Edited,
    FetchFailed,
    Inbound,
    Outbound,
    Raw,
    Receipt,
    Removed,
    SendFailed,
    SendUncertain,
)

YOUTUBE = YouTubePlatform()
OURS = "UCdinas"
SECRETS = {
    "access_token": "rahasia-akses",
    "refresh_token": "rahasia-segar",
    "client_id": "klien",
    "client_secret": "rahasia-klien",
}
ACCOUNT = AccountView(1, "youtube", OURS, credentials=SECRETS)
BEGAN = datetime.now(UTC) - timedelta(minutes=5)
OUT = Outbound("k1", "UCwarga", "Terima kasih", way="public_reply", answer_at={"comment": "Ug1"}, began_at=BEGAN)


@pytest.fixture
def api() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url="https://www.googleapis.com/youtube/v3", assert_all_called=False) as router:
        yield router


def harmless(text: str) -> None:
    assert not re.search("rahasia", text)


def query(request: httpx.Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.url.query.decode()).items()}


def test_a_reply_stands_under_the_first_comment(api: respx.MockRouter) -> None:
    route = api.post("/comments").respond(json={"kind": "youtube#comment", "id": "Ug1.x"})
    assert YOUTUBE.send(ACCOUNT, OUT) == Receipt("Ug1.x")
    request = route.calls[0].request
    assert query(request) == {"part": "snippet"}
    assert json.loads(request.content) == {"snippet": {"parentId": "Ug1", "textOriginal": "Terima kasih"}}
    assert request.headers["authorization"] == "Bearer rahasia-akses"
    YOUTUBE.send(ACCOUNT, Outbound("k", "w", "t", way="public_reply", in_reply_to="Ug2.abc"))
    assert json.loads(route.calls[1].request.content)["snippet"]["parentId"] == "Ug2"


def test_there_is_one_way_only() -> None:
    for out in (Outbound("k", "w", "t", way="direct", in_reply_to="Ug1"), Outbound("k", "w", "t", way="public_reply")):
        with pytest.raises(SendFailed) as failed:
            YOUTUBE.send(ACCOUNT, out)
        assert (failed.value.permanent, failed.value.blames) == (True, "way")


@pytest.mark.parametrize(
    ("status", "reason", "permanent", "blames"),
    [
        (403, "quotaExceeded", False, "message"),
        (403, "dailyLimitExceeded", False, "message"),
        (403, "rateLimitExceeded", False, "message"),
        (403, "userRateLimitExceeded", False, "message"),
        (403, "commentsDisabled", True, "way"),
        (403, "forbidden", True, "way"),
        (403, "ineligibleAccount", True, "account"),
        (403, "insufficientPermissions", True, "account"),
        (403, "accessNotConfigured", True, "account"),
        (404, "parentCommentNotFound", True, "way"),
        (400, "parentCommentIsPrivate", True, "way"),
        (400, "commentTextTooLong", True, "message"),
        (400, "processingFailure", False, "message"),
        (400, "anything", True, "message"),
        (401, "authError", True, "account"),
        (429, "", False, "message"),
    ],
)
def test_each_row_of_the_errors(api: respx.MockRouter, status: int, reason: str, permanent: bool, blames: str) -> None:
    error = {"code": status, "message": "rahasia", "errors": [{"domain": "youtube.comment", "reason": reason}]}
    api.post("/comments").respond(status, json={"error": error})
    with pytest.raises(SendFailed) as failed:
        YOUTUBE.send(ACCOUNT, OUT)
    assert (failed.value.permanent, failed.value.blames, failed.value.code) == (permanent, blames, reason)
    harmless(str(failed.value))


@pytest.mark.parametrize("status", [500, 503])
def test_a_failing_server_may_have_said_it_and_is_looked_into(api: respx.MockRouter, status: int) -> None:
    api.post("/comments").respond(status, json={"error": {"errors": [{"reason": "backendError"}]}})
    with pytest.raises(SendUncertain) as doubt:
        YOUTUBE.send(ACCOUNT, OUT)
    assert doubt.value.copy_expected


def test_a_used_up_quota_waits_for_midnight_in_california() -> None:
    pacific = ZoneInfo("America/Los_Angeles")
    assert to_reset(datetime(2026, 11, 24, 23, 0, tzinfo=pacific)) == 3600
    # 14:00 in Lampung is 23:00 of the day before in California, in winter.
    assert to_reset(datetime(2026, 11, 24, 14, 0, tzinfo=ZoneInfo("Asia/Jakarta"))) == 3600
    # The night in which clocks go forward has an hour less.
    assert to_reset(datetime(2026, 3, 8, 0, 0, tzinfo=pacific)) == 23 * 3600


def test_a_lost_answer_is_looked_up_among_the_replies(api: respx.MockRouter) -> None:
    api.post("/comments").mock(side_effect=httpx.ReadTimeout("t"))
    with pytest.raises(SendUncertain) as lost:
        YOUTUBE.send(ACCOUNT, OUT)
    assert lost.value.copy_expected
    now, old = datetime.now(UTC).isoformat(), (BEGAN - timedelta(hours=1)).isoformat()

    def row(key: str, author: str, text: str, when: str) -> dict[str, Any]:
        return {"id": key, "snippet": {"authorChannelId": {"value": author}, "textOriginal": text, "publishedAt": when}}

    rows = [row("Ug1.a", "UCx", "Terima kasih", now), row("Ug1.b", OURS, "Terima kasih", old)]
    route = api.get("/comments").respond(json={"items": rows})
    assert YOUTUBE.read_back(ACCOUNT, OUT) is None
    assert query(route.calls[0].request)["parentId"] == "Ug1"
    api.get("/comments").respond(json={"items": [*rows, row("Ug1.c", OURS, "Terima  kasih", now)]})
    assert YOUTUBE.read_back(ACCOUNT, OUT) == Receipt("Ug1.c")


class World:
    """Threads about a channel as the API lists them; remembers what it was asked."""

    def __init__(self) -> None:
        self.threads: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, str]] = []

    def say(self, comment_id: str, when: str, text: str = "rusak", author: str = "UCwarga") -> None:
        snippet = {
            "textOriginal": text,
            "authorChannelId": {"value": author},
            "publishedAt": when,
            "updatedAt": when,
        }
        one = {"id": comment_id, "snippet": snippet}
        parent, dot, _ = comment_id.partition(".")
        if dot:
            self.threads[parent]["replies"]["comments"].append(one)
            self.threads[parent]["snippet"]["totalReplyCount"] += 1
            return
        about = {"channelId": OURS, "videoId": "v1", "topLevelComment": one, "totalReplyCount": 0}
        self.threads[comment_id] = {"id": comment_id, "snippet": about, "replies": {"comments": []}}

    def answer(self, request: httpx.Request) -> httpx.Response:
        asked = query(request)
        self.asked.append(asked)
        if "parentId" in asked:
            return httpx.Response(200, json={"items": self.threads[asked["parentId"]]["replies"]["comments"]})
        if "id" in asked:
            found = [self.threads[key] for key in asked["id"].split(",") if key in self.threads]
            return httpx.Response(200, json={"items": [self.short(one) for one in found]})
        if "moderationStatus" in asked:
            return httpx.Response(200, json={"items": []})
        listed = sorted(self.threads.values(), key=self.spoken, reverse=True)
        place = int(asked.get("pageToken", "0"))
        page: dict[str, Any] = {"items": [self.short(one) for one in listed[place : place + 2]]}
        if place + 2 < len(listed):
            page["nextPageToken"] = str(place + 2)
        return httpx.Response(200, json=page)

    @staticmethod
    def spoken(one: dict[str, Any]) -> str:
        return str(one["snippet"]["topLevelComment"]["snippet"]["publishedAt"])

    @staticmethod
    def short(one: dict[str, Any]) -> dict[str, Any]:
        """A thread shows two of its replies only."""
        return {**one, "replies": {"comments": one["replies"]["comments"][:2]}}


@pytest.fixture
def world(api: respx.MockRouter) -> World:
    found = World()
    api.get("/commentThreads").mock(side_effect=found.answer)
    api.get("/comments").mock(side_effect=found.answer)
    return found


def look(cursor: Any) -> tuple[list[Raw], Any]:
    raws = list(YOUTUBE.fetch_since(ACCOUNT, cursor))
    return raws, json.loads(json.dumps(raws[-1].cursor)) if raws else cursor


START: dict[str, Any] = {"since": "2026-11-20T00:00:00Z"}


def test_a_look_finds_what_is_new_edited_and_gone_and_then_nothing(world: World) -> None:
    world.say("Ug0", "2026-11-19T23:00:00Z", "sebelum")
    for number in (1, 2, 3):
        world.say(f"Ug{number}", f"2026-11-20T0{number}:00:00Z")
    for letter in "abc":
        world.say(f"Ug1.{letter}", "2026-11-20T05:00:00Z", f"balasan {letter}")
    raws, cursor = look(START)
    ids = ["Ug1", "Ug2", "Ug3", "Ug1.a", "Ug1.b", "Ug1.c"]
    assert [raw.external_id.partition(":")[0] for raw in raws] == ids
    (said,) = YOUTUBE.parse(ACCOUNT, raws[3])
    assert isinstance(said, Inbound)
    assert (said.external_id, said.root_id, said.place) == ("Ug1.a", "Ug1", "v1")
    assert look(cursor) == ([], cursor)

    world.say("Ug2.d", "2026-11-21T00:00:00Z", "balasan kemudian")
    edited = world.threads["Ug3"]["snippet"]["topLevelComment"]["snippet"]
    edited |= {"textOriginal": "rusak berat", "updatedAt": "2026-11-21T01:00:00Z"}
    del world.threads["Ug1"]["replies"]["comments"][1]
    world.threads["Ug1"]["snippet"]["totalReplyCount"] = 2
    raws, cursor = look(cursor)
    items = [item for raw in raws for item in YOUTUBE.parse(ACCOUNT, raw)]
    assert [type(item) for item in items] == [Inbound, Inbound, Edited, Removed]
    assert isinstance(items[2], Edited) and isinstance(items[3], Removed)
    assert (items[2].external_id, items[2].text) == ("Ug3", "rusak berat")
    assert items[3].external_id == "Ug1.b"

    del world.threads["Ug2"]
    raws, cursor = look(cursor)
    gone = [item for raw in raws for item in YOUTUBE.parse(ACCOUNT, raw)]
    assert {item.external_id for item in gone if isinstance(item, Removed)} == {"Ug2", "Ug2.d"}
    assert look(cursor) == ([], cursor)


def test_a_look_that_broke_off_goes_on_where_it_was(world: World) -> None:
    for number in range(1, 6):
        world.say(f"Ug{number}", f"2026-11-20T0{number}:00:00Z")
    raws, _ = look(START)
    again, _ = look(json.loads(json.dumps(raws[1].cursor)))
    assert [raw.external_id for raw in raws[:2]] + [raw.external_id for raw in again] == [
        raw.external_id for raw in raws
    ]


def test_what_youtube_lists_late_is_still_found(world: World) -> None:
    world.say("Ug1", "2026-11-20T05:00:00Z")
    _, cursor = look(START)
    world.say("Ug2", "2026-11-20T04:30:00Z", "terlambat tampil")
    world.say("Ug3", "2026-11-20T03:30:00Z", "sudah lama")
    raws, _ = look(cursor)
    assert [raw.external_id.partition(":")[0] for raw in raws] == ["Ug2"]
    assert raws[0].cursor is not None
    assert raws[0].cursor["since"] == "2026-11-20T05:00:00+00:00"


def test_what_a_look_costs(world: World) -> None:
    world.say("Ug1", "2026-11-20T01:00:00Z")
    _, cursor = look(START)
    assert len(world.asked) == 3
    assert world.asked[0]["order"] == "time" and world.asked[0]["allThreadsRelatedToChannelId"] == OURS
    assert [one.get("moderationStatus") for one in world.asked] == [None, "heldForReview", "likelySpam"]
    world.asked.clear()
    look(cursor)
    assert len(world.asked) == 4
    assert world.asked[0]["id"] == "Ug1"


def test_a_first_look_goes_one_day_back(world: World) -> None:
    now = datetime.now(UTC)
    world.say("Ug1", (now - timedelta(days=3)).isoformat())
    world.say("Ug2", (now - timedelta(hours=3)).isoformat())
    raws, _ = look({})
    assert [raw.external_id.partition(":")[0] for raw in raws] == ["Ug2"]


def test_a_fresh_token_for_an_hour() -> None:
    with respx.mock() as router:
        route = router.post("https://oauth2.googleapis.com/token").respond(
            json={"access_token": "baru", "expires_in": 3599, "token_type": "Bearer"}
        )
        renewed = YOUTUBE.renew(ACCOUNT)
        assert renewed is not None
        assert renewed.credentials == {**SECRETS, "access_token": "baru"}
        assert renewed.expires_at is not None
        assert timedelta(minutes=59) < renewed.expires_at - datetime.now(UTC) <= timedelta(hours=1)
        assert parse_qs(route.calls[0].request.content.decode())["grant_type"] == ["refresh_token"]
        router.post("https://oauth2.googleapis.com/token").respond(400, json={"error": "invalid_grant"})
        with pytest.raises(FetchFailed) as failed:
            YOUTUBE.renew(ACCOUNT)
        assert failed.value.revoked
    assert YOUTUBE.renew(AccountView(1, "youtube", OURS)) is None


def test_a_probe_looks_at_channel_and_scopes(api: respx.MockRouter) -> None:
    channel = {"items": [{"id": OURS, "snippet": {"title": "Dinas PU"}}]}
    api.get("/channels").respond(json=channel)
    told = api.post("https://oauth2.googleapis.com/tokeninfo")
    told.respond(json={"scope": "openid https://www.googleapis.com/auth/youtube.force-ssl", "expires_in": "3000"})
    well = YOUTUBE.probe(ACCOUNT)
    assert (well.ok, well.name, well.subscribed) == (True, "Dinas PU", None)
    assert well.token_expires_at is not None
    assert b"rahasia" not in told.calls[0].request.url.raw_path
    told.respond(json={"scope": "openid"})
    api.get("/channels").respond(json={"items": []})
    ill = YOUTUBE.probe(ACCOUNT)
    assert [check.code for check in ill.checks if not check.ok] == ["account", "scopes"]
    for status, code in ((401, "token"), (500, "reach")):
        api.get("/channels").respond(status, json={})
        dead = YOUTUBE.probe(ACCOUNT)
        assert [(check.code, check.ok) for check in dead.checks] == [(code, False)]
        harmless(dead.detail)


def test_youtube_calls_nobody() -> None:
    with pytest.raises(Refused):
        YOUTUBE.verify(ACCOUNT, HookRequest("POST", "", b"", {}, b"{}", "https://s.example", 0.0))
