"""X: the summon rule, its counting, its limits, its rotating tokens, edits that are new posts."""

import httpx
import pytest
from tests.sandbox.listening import Listener, api

from salur_sandbox.client import Control
from salur_sandbox.platforms.x_rules import weight

FIELDS = {"tweet.fields": "author_id,conversation_id,edit_history_tweet_ids", "expansions": "author_id"}


def user(sandbox: Control, account: dict[str, str]) -> httpx.Client:
    return api(sandbox, "x", Authorization=f"Bearer {account['token']}")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a" * 280, 280),
        ("日本", 4),
        ("👍", 2),
        ("👨‍👩‍👧", 2),
        ("🇮🇩", 2),
        ("lihat https://salur.test/lacak/LPG-2026-0001?x=1234567890", 6 + 23),
        ("cafe\u0301", 4),
    ],
)
def test_characters_weigh_as_x_says(text: str, wanted: int) -> None:
    assert weight(text) == wanted


def test_only_who_named_the_account_can_be_answered(sandbox: Control) -> None:
    account = sandbox.account("x")
    client = user(sandbox, account)
    named = sandbox.say(account["key"], "siti", "mention", "Lampu mati")
    silent = sandbox.say(account["key"], "siti", "comment", "Tanpa menyebut")

    def reply(to: str, text: str) -> httpx.Response:
        return client.post("/2/tweets", json={"text": text, "reply": {"in_reply_to_tweet_id": to}})

    assert reply(named, "Kami teruskan").status_code == 201
    refused = reply(silent, "Kami teruskan juga")
    assert refused.status_code == 403 and "mentioned" in refused.json()["detail"]
    assert "duplicate" in reply(named, "Kami teruskan").json()["detail"]
    assert reply("123", "Ke yang hilang").status_code == 403
    assert reply(named, "a" * 281).status_code == 403
    big = sandbox.account("x", features=["enterprise"])
    said = sandbox.say(big["key"], "siti", "comment", "Tanpa menyebut")
    told = {"text": "Boleh", "reply": {"in_reply_to_tweet_id": said}}
    assert user(sandbox, big).post("/2/tweets", json=told).status_code == 201


def test_who_quotes_the_account_can_be_answered_too(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("x", hook_url=listener.url)
    own = sandbox.post(account["key"], "Jadwal layanan keliling")
    said = sandbox.say(account["key"], "siti", "quote", "Di desa kami tidak pernah datang")
    sandbox.idle()
    data = listener.events[0]["data"]
    assert data["event_type"] == "post.quote.create"
    assert data["payload"]["referenced_tweets"] == [{"type": "quoted", "id": own}]
    assert data["payload"]["conversation_id"] == said
    told = {"text": "Kami teruskan", "reply": {"in_reply_to_tweet_id": said}}
    assert user(sandbox, account).post("/2/tweets", json=told).status_code == 201


def test_mentions_are_paged_from_the_newest_and_an_empty_page_has_no_data(sandbox: Control) -> None:
    account = sandbox.account("x")
    client = user(sandbox, account)
    url = f"/2/users/{account['id']}/mentions"
    assert client.get(url).json() == {"meta": {"result_count": 0}}
    said = [sandbox.say(account["key"], "budi", "mention", f"Nomor {n}") for n in range(7)]
    first = client.get(url, params={**FIELDS, "max_results": 5}).json()
    assert [one["id"] for one in first["data"]] == said[:1:-1]
    assert first["includes"]["users"][0]["username"] == "budi_santoso"
    assert "created_at" not in first["data"][0]
    rest = client.get(url, params={"max_results": 5, "pagination_token": first["meta"]["next_token"]}).json()
    assert [one["id"] for one in rest["data"]] == said[1::-1]
    since = client.get(url, params={"since_id": said[4], "max_results": 5}).json()
    assert [one["id"] for one in since["data"]] == [said[6], said[5]]
    assert client.get(url, params={"max_results": 3}).status_code == 400


def test_an_edit_is_a_new_post_in_a_chain(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("x", hook_url=listener.url)
    said = sandbox.say(account["key"], "siti", "mention", "Lampu mati")
    fresh = sandbox.say(account["key"], "siti", "edit", f"@{account['handle']} Lampu mati total", id=said)
    assert fresh != said
    sandbox.idle()
    payloads = [event["data"]["payload"] for event in listener.events]
    assert payloads[1]["edit_history_tweet_ids"] == [said, fresh] and payloads[1]["id"] == fresh
    listed = user(sandbox, account).get(f"/2/users/{account['id']}/mentions").json()["data"]
    assert [one["id"] for one in listed] == [fresh]


def test_limits_carry_their_headers_and_end(sandbox: Control) -> None:
    account = sandbox.account("x", limits={"me": 2})
    client = user(sandbox, account)
    assert client.get("/2/users/me").headers["x-rate-limit-remaining"] == "1"
    client.get("/2/users/me")
    refused = client.get("/2/users/me")
    assert refused.status_code == 429
    assert float(refused.headers["x-rate-limit-reset"]) > sandbox.clock(by=0)
    sandbox.clock(by=901)
    assert client.get("/2/users/me").status_code == 200


def test_tokens_last_two_hours_and_refresh_tokens_work_once(sandbox: Control) -> None:
    account = sandbox.account("x")
    sandbox.clock(by=7201)
    assert user(sandbox, account).get("/2/users/me").status_code == 401
    told = {"grant_type": "refresh_token", "refresh_token": account["secrets"]["refresh_token"]}
    fresh = api(sandbox, "x").post("/2/oauth2/token", data=told)
    assert fresh.json()["refresh_token"] != told["refresh_token"]
    assert api(sandbox, "x").post("/2/oauth2/token", data=told).status_code == 400
    account["token"] = fresh.json()["access_token"]
    assert user(sandbox, account).get("/2/users/me").json()["data"]["id"] == account["id"]


def test_direct_messages_and_a_person_who_shut_us_out(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("x", hook_url=listener.url)
    client = user(sandbox, account)
    sandbox.say(account["key"], "dewi", "dm", "Ada pungli")
    event = client.get("/2/dm_events", params={"dm_event.fields": "sender_id,created_at"}).json()["data"][0]
    url = f"/2/dm_conversations/with/{event['sender_id']}/messages"
    assert client.post(url, json={"text": "Terima kasih"}).status_code == 201
    sandbox.block(account["key"], "dewi")
    assert client.post(url, json={"text": "Halo"}).status_code == 403
    sandbox.idle()
    assert [one["data"]["event_type"] for one in listener.events] == ["dm.received", "dm.sent"]
    message = listener.events[0]["data"]["payload"]["direct_message_events"][0]["message_create"]
    assert message["sender_id"] == event["sender_id"] and message["message_data"]["text"] == "Ada pungli"


def test_what_is_gone_is_an_error_inside_a_200(sandbox: Control) -> None:
    account = sandbox.account("x")
    said = sandbox.say(account["key"], "siti", "mention", "Lampu mati")
    sandbox.say(account["key"], "siti", "delete", id=said)
    told = user(sandbox, account).get(f"/2/tweets/{said}")
    assert told.status_code == 200 and told.json()["errors"][0]["title"] == "Not Found Error"
