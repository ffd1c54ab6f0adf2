"""TikTok, YouTube and Telegram refuse what their vendor refuses, in its words."""

import json
import threading
from typing import Any

import httpx
import pytest
from tests.sandbox.listening import Listener, api

from salur_sandbox import signing
from salur_sandbox.client import Control


def tiktok(sandbox: Control, account: dict[str, Any]) -> httpx.Client:
    return api(sandbox, "tiktok", **{"Access-Token": account["token"]})


def test_tiktok_comments_come_as_json_in_a_string_with_bare_numbers(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("tiktok", hook_url=listener.url)
    said = sandbox.say(account["key"], "siti", "comment", "Jalan rusak di Natar")
    sandbox.say(account["key"], "siti", "delete", id=said)
    sandbox.idle()
    headers, body = listener.got[0]
    at = int(headers["tiktok-signature"].split(",")[0][2:])
    assert headers["tiktok-signature"] == signing.tiktok(account["secrets"]["client_secret"], body, at)
    contents = [json.loads(event["content"]) for event in listener.events]
    assert contents[0]["comment_id"] == int(said) > 2**53
    assert [one["comment_action"] for one in contents] == ["insert", "delete"]


def test_tiktok_refuses_in_a_200(sandbox: Control) -> None:
    account = sandbox.account("tiktok", limits={"a_minute": 3})
    client = tiktok(sandbox, account)
    said = sandbox.say(account["key"], "siti", "comment", "Jalan rusak")
    video = sandbox.state(account["key"])["posts"][0]["id"]
    url = "/open_api/v1.3/business/comment/reply/create/"
    told = {"business_id": account["id"], "video_id": video, "comment_id": said, "text": "Kami teruskan"}
    assert client.post(url, json={**told, "text": "a" * 1201}).json()["code"] == 40002
    assert client.post(url, json={**told, "comment_id": "1"}).json()["code"] == 40007
    assert client.post(url, json=told).json()["data"]["owner"]
    refused = client.post(url, json=told)
    assert (refused.status_code, refused.json()["code"]) == (200, 40100)
    sandbox.clock(by=61)
    assert client.post(url, json=told).json()["data"]["status"] == "HIDDEN"  # the same words twice are spam
    sandbox.clock(by=86400)
    assert client.post(url, json=told).json()["code"] == 40105
    narrow = sandbox.account("tiktok", scopes=["user.info.basic"])
    assert tiktok(sandbox, narrow).get("/business/video/list/").json()["code"] == 40001


def test_tiktok_lists_in_pages_and_renews_for_a_day(sandbox: Control) -> None:
    account = sandbox.account("tiktok")
    said = [sandbox.say(account["key"], "siti", "comment", f"Nomor {n}") for n in range(5)]
    video = sandbox.state(account["key"])["posts"][0]["id"]
    url, query = "/open_api/v1.3/business/comment/list/", {"business_id": account["id"], "video_id": video}
    first = tiktok(sandbox, account).get(url, params={**query, "max_count": 2, "status": "ALL"}).json()["data"]
    assert [one["comment_id"] for one in first["comments"]] == said[:2:-1] and first["has_more"]
    last = (
        tiktok(sandbox, account).get(url, params={**query, "max_count": 30, "cursor": first["cursor"]}).json()["data"]
    )
    assert len(last["comments"]) == 3 and not last["has_more"]
    secrets = account["secrets"]
    told = {"client_id": secrets["client_key"], "client_secret": secrets["client_secret"]}
    told |= {"grant_type": "refresh_token", "refresh_token": secrets["refresh_token"]}
    fresh = api(sandbox, "tiktok").post("/open_api/v1.3/tt_user/oauth2/refresh_token/", json=told).json()
    assert fresh["data"]["expires_in"] == 86400
    again = api(sandbox, "tiktok").post("/open_api/v1.3/tt_user/oauth2/refresh_token/", json=told).json()
    assert again["code"] == 40105


def youtube(sandbox: Control, account: dict[str, Any]) -> httpx.Client:
    return api(sandbox, "youtube", Authorization=f"Bearer {account['token']}")


def test_youtube_counts_units_until_midnight_in_california(sandbox: Control) -> None:
    account = sandbox.account("youtube", limits={"quota": 101}, token_seconds=10**7)
    client = youtube(sandbox, account)
    said = sandbox.say(account["key"], "siti", "comment", "Jalan <rusak> & gelap")
    told = {"snippet": {"parentId": said, "textOriginal": "Kami teruskan"}}
    reply = client.post("/youtube/v3/comments", params={"part": "snippet"}, json=told).json()
    assert reply["id"].startswith(said + ".")
    assert client.post("/youtube/v3/comments", params={"part": "snippet"}, json=told).status_code == 200
    query = {"part": "snippet,replies", "allThreadsRelatedToChannelId": account["id"]}
    item = client.get("/youtube/v3/commentThreads", params=query).json()["items"][0]
    top = item["snippet"]["topLevelComment"]["snippet"]
    assert top["textDisplay"] == "Jalan &lt;rusak&gt; &amp; gelap" and top["textOriginal"] == "Jalan <rusak> & gelap"
    assert item["snippet"]["totalReplyCount"] == 2
    refused = client.get("/youtube/v3/commentThreads", params=query)
    assert refused.status_code == 403 and refused.json()["error"]["errors"][0]["reason"] == "quotaExceeded"
    sandbox.clock(by=86400)
    assert client.get("/youtube/v3/commentThreads", params=query).status_code == 200


def test_youtube_edits_show_by_their_time_and_what_is_deleted_is_gone(sandbox: Control) -> None:
    account = sandbox.account("youtube")
    client = youtube(sandbox, account)
    said = sandbox.say(account["key"], "siti", "comment", "Jalan rusak")
    sandbox.clock(by=60)
    sandbox.say(account["key"], "siti", "edit", "Jalan rusak parah", id=said)
    found = client.get("/youtube/v3/comments", params={"part": "snippet", "id": said}).json()["items"][0]["snippet"]
    assert found["updatedAt"] > found["publishedAt"] and found["textOriginal"] == "Jalan rusak parah"
    sandbox.say(account["key"], "siti", "delete", id=said)
    assert client.get("/youtube/v3/comments", params={"part": "snippet", "id": said}).json()["items"] == []
    sandbox.clock(by=3600)
    assert client.get("/youtube/v3/comments", params={"part": "snippet", "id": said}).status_code == 401
    secrets = account["secrets"]
    told = {"grant_type": "refresh_token", "refresh_token": secrets["refresh_token"], "client_secret": "wrong"}
    assert api(sandbox, "youtube").post("/token", data=told).status_code == 401
    fresh = api(sandbox, "youtube").post("/token", data={**told, "client_secret": secrets["client_secret"]}).json()
    assert (
        youtube(sandbox, {"token": fresh["access_token"]}).get("/channels", params={"mine": "true"}).status_code == 200
    )


def bot(sandbox: Control, account: dict[str, Any], method: str, **given: Any) -> dict[str, Any]:
    told: dict[str, Any] = api(sandbox, "telegram").post(f"/bot{account['token']}/{method}", json=given).json()
    return told


def test_telegram_hook_and_long_poll_exclude_each_other(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("telegram")
    sandbox.say(account["key"], "siti", "dm", "Satu")
    updates = bot(sandbox, account, "getUpdates")["result"]
    assert updates[0]["message"]["text"] == "Satu" and updates[0]["message"]["from"]["is_bot"] is False
    assert bot(sandbox, account, "getUpdates", offset=updates[0]["update_id"] + 1)["result"] == []
    wrong = bot(sandbox, account, "setWebhook", url=listener.url, secret_token="not allowed!")
    assert wrong["error_code"] == 400
    assert bot(sandbox, account, "setWebhook", url=listener.url, secret_token="rahasia_1")["ok"]
    assert bot(sandbox, account, "getUpdates")["error_code"] == 409
    sandbox.say(account["key"], "siti", "dm", "Dua")
    sandbox.idle()
    headers, _ = listener.got[0]
    assert headers["x-telegram-bot-api-secret-token"] == "rahasia_1"
    assert bot(sandbox, account, "getWebhookInfo")["result"]["url"] == listener.url


def test_telegram_two_pollers_collide(sandbox: Control) -> None:
    account = sandbox.account("telegram")
    first: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: first.append(bot(sandbox, account, "getUpdates", timeout=2)))
    thread.start()
    while not sandbox.accounts()[0]["more"]["polling"]:
        pass
    assert bot(sandbox, account, "getUpdates")["error_code"] == 409
    sandbox.say(account["key"], "siti", "dm", "Halo")
    thread.join()
    assert len(first[0]["result"]) == 1


@pytest.mark.parametrize("method", ["sendMessage", "sendmessage"])
def test_telegram_refuses_strangers_long_texts_haste_and_who_blocked_it(sandbox: Control, method: str) -> None:
    account = sandbox.account("telegram", limits={"chat_burst": 2})
    said = sandbox.say(account["key"], "siti", "dm", "Halo")
    chat, _, number = said.partition(":")
    told = {"chat_id": chat, "text": "Terima kasih"}
    assert bot(sandbox, account, method, **{**told, "chat_id": "99"})["description"] == "Bad Request: chat not found"
    assert bot(sandbox, account, method, **{**told, "text": "a" * 4097})["error_code"] == 400
    sent = bot(sandbox, account, method, **told, reply_parameters={"message_id": int(number)})
    assert sent["result"]["reply_to_message"]["text"] == "Halo"
    gone = {"reply_parameters": {"message_id": 7}}
    assert "replied not found" in bot(sandbox, account, method, **told, **gone)["description"]
    late = bot(sandbox, account, method, **told)
    assert late["error_code"] == 429 and late["parameters"]["retry_after"] >= 1
    sandbox.clock(by=5)
    sandbox.block(account["key"], "siti")
    assert bot(sandbox, account, method, **told)["error_code"] == 403
    kicked = bot(sandbox, account, "getUpdates")["result"][-1]["my_chat_member"]
    assert kicked["new_chat_member"]["status"] == "kicked"
    sandbox.tokens(account["key"], trouble="revoked")
    assert bot(sandbox, account, method, **told)["error_code"] == 401


def test_telegram_albums_edits_groups_and_files(sandbox: Control) -> None:
    account = sandbox.account("telegram", handle="salur_bot")
    sandbox.say(account["key"], "siti", "album", "Dua foto", media=["photo", "photo"])
    said = sandbox.say(account["key"], "siti", "dm", "Lama")
    sandbox.say(account["key"], "siti", "edit", "Baru", id=said)
    sandbox.say(account["key"], "siti", "delete", id=said)
    sandbox.say(account["key"], "budi", "group", "Selamat pagi warga")
    sandbox.say(account["key"], "budi", "group", "@salur_bot lampu mati")
    updates = bot(sandbox, account, "getUpdates")["result"]
    album = [one["message"] for one in updates[:2]]
    assert album[0]["media_group_id"] == album[1]["media_group_id"] and "caption" not in album[1]
    assert updates[3]["edited_message"]["text"] == "Baru"
    assert len(updates) == 5 and updates[4]["message"]["chat"]["type"] == "supergroup"
    assert [one["update_id"] for one in updates] == list(range(updates[0]["update_id"], updates[0]["update_id"] + 5))
    file = bot(sandbox, account, "getFile", file_id=album[0]["photo"][-1]["file_id"])["result"]
    got = httpx.get(
        f"{sandbox.api_base('telegram')}/file/bot{account['token']}/{file['file_path']}", follow_redirects=True
    )
    assert got.headers["content-type"] == "image/jpeg"
