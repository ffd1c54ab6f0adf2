"""TikTok: the exact requests we make, every row of its errors, and that no token stands in any text of ours."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import respx

from salur.channels.platforms.tiktok.adapter import TikTokPlatform
from salur.channels.ports import (
    AccountView,
    FetchFailed,
    Inbound,
    MediaRef,
    Outbound,
    Receipt,
    SendFailed,
    SendUncertain,
)

TIKTOK = TikTokPlatform()
SECRETS = {
    "access_token": "rahasia-akses",
    "refresh_token": "rahasia-segar",
    "client_key": "app1",
    "client_secret": "rahasia-app",
}
HOOK = "https://salur.example/hooks/tiktok/abc"
ACCOUNT = AccountView(1, "tiktok", "biz1", credentials=SECRETS, hook_url=HOOK)
BEGAN = datetime.now(UTC) - timedelta(minutes=5)
OUT = Outbound(
    "k1",
    "abcDEF123",
    "Terima kasih",
    way="public_reply",
    place="900",
    answer_at={"video": "900", "comment": "77"},
    began_at=BEGAN,
)


@pytest.fixture
def api() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url="https://business-api.tiktok.com/open_api/v1.3") as router:
        yield router


def good(**data: Any) -> dict[str, Any]:
    return {"code": 0, "message": "OK", "request_id": "r", "data": data}


def body(call: Any) -> Any:
    return json.loads(call.request.content)


def query(call: Any) -> dict[str, list[str]]:
    return parse_qs(call.request.url.query.decode())


def harmless(text: str) -> None:
    assert not re.search("rahasia", text)


def test_a_reply_under_the_comment(api: respx.MockRouter) -> None:
    route = api.post("/business/comment/reply/create/").respond(json=good(comment_id="5001"))
    assert TIKTOK.send(ACCOUNT, OUT) == Receipt("5001")
    assert body(route.calls[0]) == {
        "business_id": "biz1",
        "video_id": "900",
        "comment_id": "77",
        "text": "Terima kasih",
    }
    assert route.calls[0].request.headers["access-token"] == "rahasia-akses"
    assert "authorization" not in route.calls[0].request.headers


def test_a_direct_message_into_the_conversation(api: respx.MockRouter) -> None:
    route = api.post("/business/message/send/").respond(json=good(message={"message_id": "m9"}))
    assert TIKTOK.send(ACCOUNT, Outbound("k", "conv1", "Halo", way="direct")) == Receipt("m9")
    assert body(route.calls[0]) == {
        "business_id": "biz1",
        "recipient_type": "CONVERSATION",
        "recipient": "conv1",
        "message_type": "TEXT",
        "text": {"body": "Halo"},
    }


@pytest.mark.parametrize(
    "out",
    [
        Outbound("k", "1", "t", way="tagged"),
        Outbound("k", "1", "t", way="public_reply"),
        Outbound("k", "", "t", way="direct"),
    ],
)
def test_what_cannot_be_addressed_closes_the_way(out: Outbound) -> None:
    with pytest.raises(SendFailed) as failed:
        TIKTOK.send(ACCOUNT, out)
    assert (failed.value.permanent, failed.value.blames) == (True, "way")


@pytest.mark.parametrize(
    ("status", "answer", "permanent", "blames", "after"),
    [
        (200, {"code": 40100, "message": "Too many requests"}, False, "message", 300),
        (200, {"code": 40102, "message": "token expired"}, True, "account", None),
        (200, {"code": 40105, "message": "token incorrect"}, True, "account", None),
        (200, {"code": 40001, "message": "no permission"}, True, "account", None),
        (200, {"code": 40404, "message": "not found"}, True, "way", None),
        (200, {"code": 40002, "message": "invalid params"}, True, "message", None),
        (401, {}, True, "account", None),
        (429, {}, False, "message", None),
    ],
)
def test_each_row_of_the_errors(
    api: respx.MockRouter, status: int, answer: Any, permanent: bool, blames: str, after: float | None
) -> None:
    api.post("/business/comment/reply/create/").respond(status, json=answer)
    with pytest.raises(SendFailed) as failed:
        TIKTOK.send(ACCOUNT, OUT)
    assert (failed.value.permanent, failed.value.blames, failed.value.after) == (permanent, blames, after)
    harmless(str(failed.value))


@pytest.mark.parametrize(
    ("status", "answer"), [(200, {"code": 50000, "message": "system error"}), (200, ["kacau"]), (500, {})]
)
def test_a_failing_server_may_have_said_it_and_is_looked_into(api: respx.MockRouter, status: int, answer: Any) -> None:
    api.post("/business/comment/reply/create/").respond(status, json=answer)
    with pytest.raises(SendUncertain) as doubt:
        TIKTOK.send(ACCOUNT, OUT)
    assert doubt.value.copy_expected
    harmless(str(doubt.value))


def test_the_limit_of_a_day_is_waited_for_until_midnight_utc(api: respx.MockRouter) -> None:
    api.post("/business/comment/reply/create/").respond(json={"code": 40100, "message": "Daily limit reached"})
    with pytest.raises(SendFailed) as failed:
        TIKTOK.send(ACCOUNT, OUT)
    assert failed.value.after is not None
    assert (datetime.now(UTC) + timedelta(seconds=failed.value.after + 1)).hour == 0


def test_a_lost_answer_can_be_looked_up_for_comments_only(api: respx.MockRouter) -> None:
    api.post("/business/comment/reply/create/").mock(side_effect=httpx.ReadTimeout("t"))
    api.post("/business/message/send/").mock(side_effect=httpx.ReadTimeout("t"))
    with pytest.raises(SendUncertain) as lost:
        TIKTOK.send(ACCOUNT, OUT)
    assert lost.value.copy_expected
    direct = Outbound("k", "conv1", "Halo", way="direct")
    with pytest.raises(SendUncertain) as lost:
        TIKTOK.send(ACCOUNT, direct)
    assert not lost.value.copy_expected
    with pytest.raises(FetchFailed):
        TIKTOK.read_back(ACCOUNT, direct)


def test_a_reply_is_found_again_under_the_comment(api: respx.MockRouter) -> None:
    now, old = int(datetime.now(UTC).timestamp()), int((BEGAN - timedelta(hours=1)).timestamp())
    replies = [
        {"comment_id": "1", "text": "Terima kasih", "owner": False, "create_time": now},
        {"comment_id": "2", "text": "Terima kasih", "owner": True, "create_time": old},
        {"comment_id": "3", "text": "Lain", "owner": True, "create_time": now},
    ]
    comment = {"comment_id": "77", "create_time": old, "reply_list": replies}
    route = api.get("/business/comment/list/").respond(json=good(comments=[comment], has_more=False))
    assert TIKTOK.read_back(ACCOUNT, OUT) is None
    replies.append({"comment_id": "4", "text": "Terima  kasih", "owner": True, "create_time": now})
    api.get("/business/comment/list/").respond(json=good(comments=[comment], has_more=False))
    assert TIKTOK.read_back(ACCOUNT, OUT) == Receipt("4")
    assert query(route.calls[0])["comment_ids"] == ['["77"]']


def test_comments_under_the_latest_videos_are_fetched_oldest_first(api: respx.MockRouter) -> None:
    since = 1_700_000_000
    videos = [{"item_id": "900", "caption": "Musrenbang", "share_url": "https://tiktok.com/v/900"}, {"item_id": "901"}]
    api.get("/business/video/list/").respond(json=good(videos=videos))
    reply = {"comment_id": "3", "text": "juga di sini", "create_time": since + 30, "unique_identifier": "c"}
    pages = {
        "900": [
            good(
                comments=[
                    {"comment_id": "2", "text": "rusak", "create_time": since + 20, "unique_identifier": "b"},
                    {"comment_id": "1", "text": "lama", "create_time": since - 4000, "reply_list": [reply]},
                ],
                has_more=True,
                cursor=30,
            )
        ],
        "901": [
            good(comments=[{"comment_id": "9", "text": "a", "create_time": since + 10}], has_more=True, cursor=30),
            good(comments=[{"comment_id": "8", "text": "b", "create_time": since - 3601}], has_more=False, cursor=60),
        ],
    }
    asked: list[dict[str, list[str]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        told = parse_qs(request.url.query.decode())
        asked.append(told)
        return httpx.Response(200, json=pages[told["video_id"][0]].pop(0))

    api.get("/business/comment/list/").mock(side_effect=answer)
    raws = list(TIKTOK.fetch_since(ACCOUNT, {"since": since}))
    assert [raw.external_id for raw in raws] == ["9:PUBLIC", "2:PUBLIC", "3:PUBLIC"]
    assert [raw.cursor for raw in raws] == [{"since": since + n} for n in (10, 20, 30)]
    assert [told.get("cursor") for told in asked] == [None, None, ["30"]]
    assert asked[0]["max_count"] == ["30"] and asked[0]["status"] == ["ALL"]
    (said,) = TIKTOK.parse(ACCOUNT, raws[2])
    assert isinstance(said, Inbound)
    assert (said.thread_ids, said.place, said.link) == (("1",), "900", "https://tiktok.com/v/900")
    assert said.post == {"id": "900", "link": "https://tiktok.com/v/900", "text": "Musrenbang"}


def test_a_fresh_token_for_a_day(api: respx.MockRouter) -> None:
    told = good(access_token="baru", refresh_token="segar", expires_in=86400, open_id="biz1")
    route = api.post("/tt_user/oauth2/refresh_token/").respond(json=told)
    renewed = TIKTOK.renew(ACCOUNT)
    assert renewed is not None
    assert renewed.credentials == {**SECRETS, "access_token": "baru", "refresh_token": "segar"}
    assert renewed.expires_at is not None
    assert timedelta(hours=23) < renewed.expires_at - datetime.now(UTC) <= timedelta(days=1)
    assert body(route.calls[0]) == {
        "client_id": "app1",
        "client_secret": "rahasia-app",
        "grant_type": "refresh_token",
        "refresh_token": "rahasia-segar",
    }
    api.post("/tt_user/oauth2/refresh_token/").respond(json={"code": 40103, "message": "rahasia"})
    with pytest.raises(FetchFailed) as failed:
        TIKTOK.renew(ACCOUNT)
    assert failed.value.revoked
    harmless(str(failed.value))


def test_a_probe_looks_at_token_scopes_and_hook(api: respx.MockRouter) -> None:
    scopes = "user.info.basic,video.list,comment.list,comment.list.manage"
    api.post("/tt_user/token_info/get/").respond(json=good(scope=scopes))
    api.get("/business/get/").respond(json=good(username="dinas"))
    api.get("/business/webhook/list/").respond(json=good(callback_url=HOOK))
    well = TIKTOK.probe(ACCOUNT)
    assert (well.ok, well.name, well.subscribed) == (True, "dinas", True)
    api.post("/tt_user/token_info/get/").respond(json=good(scope="user.info.basic,video.list"))
    api.get("/business/webhook/list/").respond(json=good(callback_url="https://lain.example"))
    ill = TIKTOK.probe(ACCOUNT)
    assert (ill.ok, ill.subscribed) == (False, False)
    assert "comment.list, comment.list.manage" in ill.detail
    harmless(ill.detail)
    for answer, code in (({"code": 40105}, "token"), ({"code": 50000}, "reach")):
        api.post("/tt_user/token_info/get/").respond(json=answer)
        assert [check.code for check in TIKTOK.probe(ACCOUNT).checks] == [code]


def test_subscribing_sets_our_hook(api: respx.MockRouter) -> None:
    api.post("/tt_user/token_info/get/").respond(json=good())
    api.get("/business/get/").respond(json=good())
    api.get("/business/webhook/list/").respond(json=good(callback_url=HOOK))
    route = api.post("/business/webhook/update/").respond(json=good())
    assert TIKTOK.subscribe(ACCOUNT).ok
    wanted = {"app_id": "app1", "secret": "rahasia-app", "event_type": "COMMENT", "callback_url": HOOK}
    assert [body(call) for call in route.calls] == [wanted]
    api.post("/business/webhook/update/").respond(json={"code": 40001})
    refused = TIKTOK.subscribe(ACCOUNT)
    assert (refused.ok, refused.subscribed) == (False, False)
    harmless(refused.detail)


def test_a_file_is_located_by_all_its_ids(api: respx.MockRouter) -> None:
    route = api.post("/business/message/media/download/").respond(json=good(download_url="https://cdn.example/a"))
    found = TIKTOK.locate(ACCOUNT, MediaRef("image", media_id="c1 m1 x9"))
    assert (found.url, found.headers) == ("https://cdn.example/a", {"x-user": "rahasia-akses"})
    assert body(route.calls[0]) == {
        "business_id": "biz1",
        "conversation_id": "c1",
        "message_id": "m1",
        "media_id": "x9",
        "media_type": "IMAGE",
    }
    with pytest.raises(FetchFailed):
        TIKTOK.locate(ACCOUNT, MediaRef("image"))
