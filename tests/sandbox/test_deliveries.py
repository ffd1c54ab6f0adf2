"""Hooks: signed, redelivered with pauses, lost, doubled, shuffled and gathered; handshakes; dead hooks switched off."""

import httpx
from tests.sandbox.listening import Listener, api, graph

from salur_sandbox import signing
from salur_sandbox.client import Control


def test_a_comment_arrives_signed_in_the_shape_of_the_vendor(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("facebook", hook_url=listener.url)
    said = sandbox.say(account["key"], "siti", "comment", "Jalan rusak 🙏")
    sandbox.idle()
    headers, body = listener.got[0]
    assert headers["x-hub-signature-256"] == signing.meta(account["secrets"]["app_secret"], body)
    assert b"\\ud83d\\ude4f" in body
    entry = listener.events[0]["entry"][0]
    value = entry["changes"][0]["value"]
    assert listener.events[0]["object"] == "page" and entry["id"] == account["id"]
    assert value["comment_id"] == said and value["verb"] == "add" and value["parent_id"] == value["post_id"]
    assert value["message"] == "Jalan rusak 🙏" and value["from"]["name"] == "Siti Rahmawati"


def test_what_is_refused_comes_again_with_the_same_bytes_and_longer_pauses(
    sandbox: Control, listener: Listener
) -> None:
    account = sandbox.account("facebook", hook_url=listener.url)
    listener.statuses = [500, 503, 503]
    sandbox.say(account["key"], "siti", "comment", "Jalan rusak")
    sandbox.idle()
    assert len(listener.got) >= 2  # at once
    for _ in range(3):
        sandbox.clock(by=3600)
        sandbox.idle()
    assert len(listener.got) == 4
    assert len({body for _, body in listener.got}) == 1
    assert [one["state"] for one in sandbox.deliveries()] == ["waiting", "waiting", "waiting", "brought"]


def test_a_hook_that_fails_for_36_hours_is_given_up(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("facebook", hook_url=listener.url)
    listener.statuses = [500] * 100
    sandbox.say(account["key"], "siti", "comment", "Jalan rusak")
    for _ in range(40):
        sandbox.idle()
        sandbox.clock(by=3601)
    assert sandbox.deliveries()[-1]["state"] == "given up"
    before = len(listener.got)
    sandbox.clock(by=40 * 3600)
    sandbox.idle()
    assert len(listener.got) == before


def test_after_an_hour_of_failures_the_app_is_unsubscribed(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("facebook", hook_url=listener.url)
    listener.statuses = [500] * 100
    sandbox.say(account["key"], "siti", "comment", "Satu")
    sandbox.idle()
    sandbox.clock(by=3700)
    sandbox.idle()
    told = graph(sandbox, account).get(f"/v25.0/{account['id']}/subscribed_apps").json()
    assert told == {"data": []}
    listener.statuses = []
    graph(sandbox, account).post(f"/{account['id']}/subscribed_apps", params={"subscribed_fields": "feed,messages"})
    assert sandbox.accounts()[0]["fields"] == ["feed", "messages"]


def test_lost_doubled_and_late(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("instagram", hook_url=listener.url)
    sandbox.faults(lose=1.0)
    sandbox.say(account["key"], "budi", "comment", "Hilang")
    sandbox.idle()
    assert listener.got == [] and sandbox.deliveries()[0]["state"] == "lost"
    sandbox.faults(lose=0.0, duplicate=1.0)
    sandbox.say(account["key"], "budi", "comment", "Dua kali")
    sandbox.idle()
    assert [body for _, body in listener.got] == [listener.got[0][1]] * 2
    sandbox.faults(duplicate=0.0, delay=600)
    sandbox.say(account["key"], "budi", "comment", "Terlambat")
    sandbox.idle()
    assert len(listener.got) == 2
    sandbox.clock(by=601)
    sandbox.idle()
    assert len(listener.got) == 3


def test_shuffled_hooks_come_out_of_order_and_all_of_them(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("tiktok", hook_url=listener.url)
    sandbox.faults(shuffle=True, delay=60, seed=3)
    said = [sandbox.say(account["key"], "siti", "comment", f"Nomor {n}") for n in range(12)]
    sandbox.clock(by=61)
    sandbox.idle()
    order = [body.decode().split('comment_id\\": ')[1].split(",")[0] for _, body in listener.got]
    assert sorted(order) == sorted(said) and order != said


def test_entries_of_two_pages_come_in_one_post(sandbox: Control, listener: Listener) -> None:
    secrets = {"app_secret": "one-app-secret"}
    first = sandbox.account("facebook", hook_url=listener.url, secrets=secrets)
    second = sandbox.account("facebook", hook_url=listener.url, secrets=secrets)
    sandbox.faults(batch=3, delay=60)
    for account in (first, second, first):
        sandbox.say(account["key"], "siti", "comment", "Jalan rusak")
    sandbox.clock(by=61)
    sandbox.idle()
    assert [[entry["id"] for entry in event["entry"]] for event in listener.events] == [
        [first["id"], second["id"], first["id"]]
    ]


def test_twins_are_told_apart_where_entries_are_gathered(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("facebook", hook_url=listener.url)
    sandbox.faults(batch=3, delay=60, duplicate=1.0, shuffle=True)
    for number in range(10):
        sandbox.say(account["key"], "siti", "comment", f"Nomor {number}")
    sandbox.clock(by=61)
    sandbox.idle()
    told = [entry["changes"][0]["value"]["message"] for event in listener.events for entry in event["entry"]]
    assert sorted(told) == sorted([f"Nomor {number}" for number in range(10)] * 2)


def test_handshakes_must_be_answered_rightly(sandbox: Control, listener: Listener) -> None:
    page = sandbox.account("facebook", hook_url=listener.url)
    assert not sandbox.handshake(page["key"])
    listener.verify_token = page["secrets"]["verify_token"]
    assert sandbox.handshake(page["key"])
    client = api(sandbox, "facebook")
    app, secret = page["more"]["app_id"], page["secrets"]["app_secret"]
    wanted = {"object": "page", "callback_url": listener.url, "fields": "feed", "verify_token": "wrong"}
    refused = client.post(f"/v25.0/{app}/subscriptions", params={"access_token": f"{app}|{secret}"}, data=wanted)
    assert refused.status_code == 400 and refused.json()["error"]["code"] == 2200
    wanted["verify_token"] = listener.verify_token
    kept = client.post(f"/v25.0/{app}/subscriptions", params={"access_token": f"{app}|{secret}"}, data=wanted)
    assert kept.json() == {"success": True}


def test_x_proves_the_hook_by_crc_and_never_sends_again(sandbox: Control, listener: Listener) -> None:
    account = sandbox.account("x")
    app = api(sandbox, "x", Authorization=f"Bearer {account['secrets']['app_token']}")
    listener.consumer_secret = "another"
    assert app.post("/2/webhooks", json={"url": listener.url}).status_code == 400
    listener.consumer_secret = account["secrets"]["consumer_secret"]
    hook = app.post("/2/webhooks", json={"url": listener.url}).json()["data"]
    assert hook["valid"]
    wanted = {"event_type": "post.mention.create", "filter": {"user_id": account["id"]}, "webhook_id": hook["id"]}
    assert app.post("/2/activity/subscriptions", json=wanted).status_code == 201
    assert app.post("/2/activity/subscriptions", json=wanted).status_code == 409
    private = {"event_type": "dm.received", "filter": {"user_id": account["id"]}, "webhook_id": hook["id"]}
    assert app.post("/2/activity/subscriptions", json=private).status_code == 403
    listener.statuses = [500]
    sandbox.say(account["key"], "siti", "mention", "Lampu mati")
    sandbox.idle()
    sandbox.clock(by=7200)
    sandbox.idle()
    assert len(listener.got) == 1
    headers, body = listener.got[0]
    assert headers["x-twitter-webhooks-signature"] == signing.x(account["secrets"]["consumer_secret"], body)
    assert app.post("/2/webhooks/replay", json={"webhook_id": hook["id"]}).status_code == 200
    sandbox.idle()
    assert len(listener.got) == 2


def test_the_sandbox_calls_this_machine_only(sandbox: Control) -> None:
    account = sandbox.account("telegram")
    told = api(sandbox, "telegram").post(f"/bot{account['token']}/setWebhook", json={"url": "https://salur.test/hook"})
    assert told.json()["ok"]
    sandbox.say(account["key"], "siti", "dm", "Halo")
    sandbox.idle()
    assert [one["state"] for one in sandbox.deliveries()] == ["refused"]


def test_a_hook_is_entered_by_hand_and_kept_if_it_is_proved(sandbox: Control, listener: Listener) -> None:
    page = sandbox.account("facebook")

    def enter(url: str) -> int:
        body = {"account": page["key"], "url": url}
        return httpx.post(f"{sandbox.base}/_control/hook", json=body, trust_env=False).status_code

    def known() -> str:
        return str(next(one["hook_url"] for one in sandbox.accounts() if one["key"] == page["key"]))

    assert (enter("https://salur.test/hooks/facebook/a"), known()) == (400, "")
    assert (enter("http://127.0.0.1:9/nobody"), known()) == (400, "")
    listener.verify_token = page["secrets"]["verify_token"]
    assert (enter(listener.url), known()) == (200, listener.url)
    said = sandbox.say(page["key"], "siti", "comment", "Jalan rusak")
    sandbox.idle()
    assert any(said in body.decode() for _, body in listener.got)
