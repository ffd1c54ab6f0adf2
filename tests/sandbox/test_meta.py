"""Facebook, Instagram, WhatsApp and Threads refuse what their vendor refuses, in its words."""

from typing import Any

import httpx
import pytest
from tests.sandbox.listening import Listener, api, code_of, graph

from salur_sandbox.client import Control

DAY = 86400


def message(to: dict[str, str], text: str = "Terima kasih", **more: str) -> dict[str, Any]:
    return {"recipient": to, "messaging_type": "RESPONSE", "message": {"text": text}, **more}


def person_of(sandbox: Control, client: httpx.Client, account: dict[str, Any]) -> str:
    told = client.get(f"/v25.0/{account['id']}/conversations", params={"fields": "participants"}).json()
    return str(told["data"][0]["participants"]["data"][0]["id"])


@pytest.mark.parametrize(
    ("trouble", "subcode"), [("removed", 458), ("password", 460), ("revoked", 467), ("expire", 463)]
)
def test_tokens_end_in_all_the_ways(sandbox: Control, trouble: str, subcode: int) -> None:
    account = sandbox.account("facebook")
    sandbox.tokens(account["key"], **({"expire": True} if trouble == "expire" else {"trouble": trouble}))
    answer = graph(sandbox, account).get("/v25.0/me")
    assert answer.status_code == 401 and code_of(answer) == (190, subcode)


def test_a_missing_scope_is_200_and_a_foreign_object_100(sandbox: Control) -> None:
    account = sandbox.account("facebook", scopes=["pages_read_engagement"])
    client = graph(sandbox, account)
    assert code_of(client.post(f"/{account['id']}/messages", json=message({"id": "1"}))) == (200, 0)
    assert code_of(client.get("/12345/feed")) == (100, 33)


def test_usage_climbs_and_the_limit_is_4(sandbox: Control) -> None:
    account = sandbox.account("facebook", limits={"calls": 4})
    client = graph(sandbox, account)
    used = [client.get("/me").headers["x-app-usage"] for _ in range(4)]
    assert '"call_count": 25' in used[0] and '"call_count": 100' in used[3]
    refused = client.get("/me")
    assert code_of(refused) == (4, 0) and refused.json()["error"]["is_transient"]
    sandbox.clock(by=3601)
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(("platform", "subcode"), [("facebook", 2018278), ("instagram", 2534022)])
def test_the_window_of_24_hours_and_the_human_agent(sandbox: Control, platform: str, subcode: int) -> None:
    account = sandbox.account(platform, features=["human_agent"])
    client = graph(sandbox, account)
    sandbox.say(account["key"], "siti", "dm", "Kapan bansos?")
    to = {"id": person_of(sandbox, client, account)}
    assert client.post(f"/v25.0/{account['id']}/messages", json=message(to)).json()["recipient_id"] == to["id"]
    sandbox.clock(by=DAY + 60)
    late = client.post(f"/{account['id']}/messages", json=message(to))
    assert code_of(late) == (10, subcode)
    tagged = {**message(to), "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    assert client.post(f"/{account['id']}/messages", json=tagged).status_code == 200
    sandbox.clock(by=7 * DAY)
    assert code_of(client.post(f"/{account['id']}/messages", json=tagged)) == (10, subcode)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_one_private_reply_a_comment_within_seven_days_and_it_opens_no_window(sandbox: Control, platform: str) -> None:
    account = sandbox.account(platform)
    client = graph(sandbox, account)
    first, second = (sandbox.say(account["key"], "siti", "comment", text) for text in ("Satu", "Dua"))
    sent = client.post(f"/{account['id']}/messages", json=message({"comment_id": first}))
    assert sent.status_code == 200
    assert code_of(client.post(f"/{account['id']}/messages", json=message({"comment_id": first})))[0] == 10900
    by_id = client.post(f"/{account['id']}/messages", json=message({"id": sent.json()["recipient_id"]}))
    assert code_of(by_id)[0] == 10
    sandbox.clock(by=7 * DAY + 60)
    assert code_of(client.post(f"/{account['id']}/messages", json=message({"comment_id": second})))[0] == 10
    unknown = client.post(f"/{account['id']}/messages", json=message({"comment_id": "9"}))
    assert code_of(unknown) == (100, 2018292)


def test_a_person_who_blocked_the_page_and_a_text_too_long(sandbox: Control) -> None:
    page, insta = sandbox.account("facebook"), sandbox.account("instagram")
    for account, most in ((page, "a" * 2000), (insta, "é" * 500)):
        client = graph(sandbox, account)
        sandbox.say(account["key"], "siti", "dm", "Halo")
        to = {"id": person_of(sandbox, client, account)}
        assert client.post(f"/{account['id']}/messages", json=message(to, most)).status_code == 200
        assert code_of(client.post(f"/{account['id']}/messages", json=message(to, most + "a"))) == (100, 0)
        sandbox.block(account["key"], "siti")
        assert code_of(client.post(f"/{account['id']}/messages", json=message(to))) == (551, 1545041)


def test_a_page_answers_in_public_hears_its_own_words_and_repeats_nothing(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("facebook", hook_url=listener.url)
    client = graph(sandbox, account)
    said = sandbox.say(account["key"], "siti", "comment", "Jalan rusak")
    answer = client.post(f"/v25.0/{said}/comments", data={"message": "Terima kasih"}).json()["id"]
    assert code_of(client.post(f"/v25.0/{said}/comments", data={"message": "Terima kasih"})) == (506, 0)
    sandbox.say(account["key"], "siti", "edit", "Jalan rusak parah", id=said)
    client.post(f"/{said}", data={"is_hidden": "true"})
    sandbox.say(account["key"], "siti", "delete", id=said)
    sandbox.idle()
    values = [event["entry"][0]["changes"][0]["value"] for event in listener.events]
    assert [value["verb"] for value in values] == ["add", "add", "edited", "hide", "remove"]
    assert values[1]["comment_id"] == answer and values[1]["from"]["id"] == account["id"]
    assert values[1]["parent_id"] == said and "message" not in values[4]
    assert code_of(client.get(f"/{said}")) == (100, 33)


def test_only_the_fields_asked_for_come_and_lists_are_paged(sandbox: Control) -> None:
    account = sandbox.account("facebook")
    client = graph(sandbox, account)
    for number in range(5):
        sandbox.say(account["key"], "siti", "comment", f"Nomor {number}")
    post = client.get(f"/{account['id']}/feed").json()["data"][0]["id"]
    first = client.get(f"/{post}/comments", params={"limit": 2, "fields": "message"}).json()
    assert [one["message"] for one in first["data"]] == ["Nomor 0", "Nomor 1"]
    assert set(first["data"][0]) == {"id", "message"}
    texts = []
    url = first["paging"]["next"]
    while url:
        page = httpx.get(url, params=httpx.QueryParams(httpx.URL(url).params).merge({"access_token": account["token"]}))
        texts += [one["message"] for one in page.json()["data"]]
        url = page.json()["paging"].get("next", "")
    assert texts == ["Nomor 2", "Nomor 3", "Nomor 4"]


def test_messenger_tells_of_echo_delivery_and_reading(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("facebook", hook_url=listener.url)
    client = graph(sandbox, account)
    sandbox.say(account["key"], "siti", "dm", "Halo")
    to = {"id": person_of(sandbox, client, account)}
    mid = client.post(f"/{account['id']}/messages", json=message(to)).json()["message_id"]
    sandbox.read(account["key"], "siti")
    sandbox.idle()
    events = [event["entry"][0]["messaging"][0] for event in listener.events]
    assert events[1]["message"]["mid"] == mid and events[1]["message"]["is_echo"]
    assert events[1]["sender"]["id"] == account["id"]
    assert events[2]["delivery"]["mids"] == [mid]
    assert events[3]["read"]["watermark"] >= events[1]["timestamp"]


def test_instagram_mentions_are_ids_alone_and_unsending_is_told(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("instagram", hook_url=listener.url)
    client = graph(sandbox, account)
    said = sandbox.say(account["key"], "dewi", "mention", "Puskesmas tutup", post_text="Pagi ini")
    mid = sandbox.say(account["key"], "dewi", "dm", "Maaf salah kirim")
    sandbox.say(account["key"], "dewi", "unsend", id=mid)
    sandbox.say(account["key"], "dewi", "story_mention", media=["photo"])
    sandbox.idle()
    value = listener.events[0]["entry"][0]["changes"][0]["value"]
    assert set(value) == {"media_id", "comment_id"} and value["comment_id"] == said
    asked = {"fields": f"mentioned_comment.comment_id({said}){{text,username,timestamp}}"}
    assert client.get(f"/{account['id']}", params=asked).json()["mentioned_comment"]["text"] == "Puskesmas tutup"
    events = [event["entry"][0]["messaging"][0]["message"] for event in listener.events[1:]]
    assert events[1] == {"mid": mid, "is_deleted": True}
    assert events[2]["attachments"][0]["type"] == "story_mention"
    answered = client.post(f"/{account['id']}/mentions", json={**value, "message": "Kami teruskan"})
    assert answered.status_code == 200
    assert client.post(f"/{said}/replies", json={"message": "Kami teruskan"}).status_code == 403


def test_instagram_tokens_last_sixty_days_and_are_refreshed_while_they_are_valid(sandbox: Control) -> None:
    account = sandbox.account("instagram")
    client = graph(sandbox, account)
    sandbox.clock(by=59 * DAY)
    assert client.get("/refresh_access_token", params={"grant_type": "ig_refresh_token"}).status_code == 200
    sandbox.clock(by=59 * DAY)
    assert client.get("/me").status_code == 200
    sandbox.clock(by=2 * DAY)
    assert code_of(client.get("/refresh_access_token", params={"grant_type": "ig_refresh_token"})) == (190, 463)


def whatsapp(sandbox: Control, account: dict[str, Any], **body: Any) -> httpx.Response:
    client = api(sandbox, "whatsapp", Authorization=f"Bearer {account['token']}")
    told = {"messaging_product": "whatsapp", "to": "+6281234000001", "type": "text", "text": {"body": "Halo"}, **body}
    return client.post(f"/v25.0/{account['id']}/messages", json=told)


def test_whatsapp_outside_the_window_takes_a_template_only(sandbox: Control) -> None:
    account = sandbox.account("whatsapp")
    assert code_of(whatsapp(sandbox, account)) == (131047, 0)
    sandbox.say(account["key"], "siti", "dm", "Banjir")
    assert whatsapp(sandbox, account).json()["messages"][0]["id"].startswith("wamid.")
    sandbox.clock(by=DAY + 1)
    assert code_of(whatsapp(sandbox, account)) == (131047, 0)
    values = [{"type": "text", "text": "LPG-2026-0001"}, {"type": "text", "text": "diproses"}]
    template = {"name": "laporan_diperbarui", "language": {"code": "id"}}
    full = {**template, "components": [{"type": "body", "parameters": values}]}
    assert whatsapp(sandbox, account, type="template", template=full).status_code == 200
    assert code_of(whatsapp(sandbox, account, type="template", template=template)) == (132000, 0)
    other = {**full, "name": "lain"}
    assert code_of(whatsapp(sandbox, account, type="template", template=other)) == (132001, 0)


def test_whatsapp_pair_rate_throughput_and_strangers(sandbox: Control) -> None:
    account = sandbox.account("whatsapp", limits={"pair_burst": 2, "a_second": 5})
    sandbox.say(account["key"], "siti", "dm", "Banjir")
    assert [whatsapp(sandbox, account).status_code for _ in range(3)] == [200, 200, 400]
    assert code_of(whatsapp(sandbox, account)) == (131056, 0)
    sandbox.clock(by=6)
    assert whatsapp(sandbox, account).status_code == 200
    fast = [code_of(whatsapp(sandbox, account, to=f"+62999{n}"))[0] for n in range(8)]
    assert 130429 in fast
    sandbox.clock(by=60)
    assert code_of(whatsapp(sandbox, account, text={"body": "a" * 4097})) == (100, 0)


def test_whatsapp_statuses_edits_revocations_and_hidden_numbers(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("whatsapp", hook_url=listener.url)
    said = sandbox.say(account["key"], "siti", "dm", "Banjir")
    sandbox.say(account["key"], "siti", "edit", "Banjir besar", id=said)
    sandbox.say(account["key"], "siti", "unsend", id=said)
    sandbox.say(account["key"], "nur", "dm", "Tanpa nomor")
    mine = whatsapp(sandbox, account).json()["messages"][0]["id"]
    sandbox.read(account["key"], "siti")
    sandbox.block(account["key"], "siti")
    sandbox.say(account["key"], "siti", "dm", "Lagi")
    whatsapp(sandbox, account)
    sandbox.idle()
    values = [event["entry"][0]["changes"][0]["value"] for event in listener.events]
    kinds = [one["messages"][0]["type"] for one in values if "messages" in one]
    assert kinds == ["text", "edit", "revoke", "text", "text"]
    assert values[1]["messages"][0]["edit"]["original_message_id"] == said
    hidden = values[3]
    assert "wa_id" not in hidden["contacts"][0] and "from" not in hidden["messages"][0]
    assert hidden["messages"][0]["from_user_id"] == hidden["contacts"][0]["user_id"]
    statuses = [one["statuses"][0] for one in values if "statuses" in one]
    assert [one["status"] for one in statuses] == ["sent", "delivered", "read", "sent", "failed"]
    assert statuses[2]["id"] == mine and statuses[4]["errors"][0]["code"] == 131026


def test_whatsapp_addresses_of_files_live_five_minutes(sandbox: Control) -> None:
    account = sandbox.account("whatsapp")
    sandbox.say(account["key"], "siti", "dm", "Lihat", media=["photo"])
    media = sandbox.state(account["key"])["said"][0]["media"]
    assert media
    client = api(sandbox, "whatsapp", Authorization=f"Bearer {account['token']}")
    media_id = next(str(n) for n in range(900_000_000, 900_000_100) if client.get(f"/v25.0/{n}").status_code == 200)
    url = client.get(f"/v25.0/{media_id}").json()["url"]
    assert httpx.get(url).status_code == 401
    got = client.get(url, follow_redirects=True)
    assert got.content[:3] == b"\xff\xd8\xff"
    sandbox.clock(by=301)
    assert client.get(url).status_code == 404


def test_threads_publishes_in_two_steps_once_and_a_thousand_replies_a_day(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("threads", hook_url=listener.url, limits={"replies": 1})
    client = graph(sandbox, account)
    said = sandbox.say(account["key"], "siti", "comment", "Kapan bansos?")
    long = client.post("/v1.0/me/threads", data={"media_type": "TEXT", "text": "a" * 501, "reply_to_id": said})
    assert code_of(long) == (100, 0)
    wanted = {"media_type": "TEXT", "text": "Minggu depan", "reply_to_id": said}
    container = client.post("/v1.0/me/threads", data=wanted).json()["id"]
    below = f"/v1.0/{said}/replies"
    assert client.get(below).json()["data"] == []
    published = client.post("/v1.0/me/threads_publish", data={"creation_id": container}).json()["id"]
    assert [one["id"] for one in client.get(below, params={"fields": "id,text"}).json()["data"]] == [published]
    assert client.post("/v1.0/me/threads_publish", data={"creation_id": container}).status_code == 400
    second = client.post("/v1.0/me/threads", data=wanted).json()["id"]
    assert code_of(client.post("/v1.0/me/threads_publish", data={"creation_id": second}))[0] == 4
    sandbox.idle()
    assert [event["values"]["field"] for event in listener.events] == ["replies", "publish"]
    assert listener.events[0]["topic"] == "moderate" and "entry" not in listener.events[0]
    assert listener.events[0]["values"]["value"]["root_post"]["owner_id"] == account["id"]
