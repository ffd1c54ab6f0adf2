"""What is asked of Telegram, and what its answers lead to. No token ever stands in an error."""

import json
from typing import Any

import httpx
import pytest
import respx
from tests.channels.shaken import PAYLOADS, load
from tests.channels.test_telegram import ACCOUNT, key

from salur.channels.platforms.telegram.adapter import TelegramPlatform
from salur.channels.ports import AccountView, FetchFailed, MediaRef, Outbound, Receipt, SendFailed, SendUncertain

PLATFORM = TelegramPlatform()
TOKEN = ACCOUNT.credentials["bot_token"]
BOT = f"https://api.telegram.org/bot{TOKEN}"
POLLED = AccountView(1, "telegram", "@Salur_Bot", {"mode": "poll"}, ACCOUNT.credentials, hook_url="https://x.test/h")
HOOKED = AccountView(1, "telegram", "salur_bot", {}, ACCOUNT.credentials, hook_url="https://x.test/h")
PRIVATE = Outbound("k1", "77", "Terima kasih", way="direct", in_reply_to=key("77", 5), answer_at={"message_id": "5"})
IN_GROUP = Outbound(
    "k2", "77", "Terima kasih", way="public_reply", place="-100555", answer_at={"message_id": "5", "thread_id": "3"}
)


def good(result: Any) -> httpx.Response:
    return httpx.Response(200, json={"ok": True, "result": result})


def bad(code: int, told: str, **more: Any) -> httpx.Response:
    return httpx.Response(code, json={"ok": False, "error_code": code, "description": told, **more})


@respx.mock
def test_an_answer_goes_to_the_person_under_what_they_said() -> None:
    call = respx.post(f"{BOT}/sendMessage").mock(return_value=good({"message_id": 6, "chat": {"id": 77}}))
    assert PLATFORM.send(ACCOUNT, PRIVATE) == Receipt(key("77", 6))
    assert json.loads(call.calls.last.request.content) == {
        "chat_id": 77,
        "text": "Terima kasih",
        "link_preview_options": {"is_disabled": True},
        "reply_parameters": {"message_id": 5, "allow_sending_without_reply": True},
    }


@respx.mock
def test_an_answer_in_a_group_stays_in_its_topic_and_follows_a_group_that_moved() -> None:
    moved = bad(400, "Bad Request: group chat was upgraded", parameters={"migrate_to_chat_id": -100777})
    call = respx.post(f"{BOT}/sendMessage").mock(side_effect=[moved, good({"message_id": 8})])
    assert PLATFORM.send(ACCOUNT, IN_GROUP) == Receipt("-100777:8")
    first, second = (json.loads(one.request.content) for one in call.calls)
    assert first["chat_id"] == -100555 and second["chat_id"] == -100777 and second["message_thread_id"] == 3


@pytest.mark.parametrize(
    ("answer", "blames", "permanent", "after"),
    [
        (httpx.Response(403, json=load(PAYLOADS / "telegram/error_403_blocked.json")), "recipient", True, None),
        (httpx.Response(429, json=load(PAYLOADS / "telegram/error_429_retry_after.json")), "recipient", False, 35),
        (bad(400, "Bad Request: chat not found"), "recipient", True, None),
        (bad(400, "Bad Request: message is too long"), "message", True, None),
        (bad(401, "Unauthorized"), "account", True, None),
        (bad(404, "Not Found"), "account", True, None),
        (bad(409, "Conflict: terminated by other getUpdates request"), "message", False, None),
        (bad(500, "Internal Server Error: RPC_CALL_FAIL"), "message", False, None),
    ],
)
@respx.mock
def test_every_refusal_means_what_it_should(
    answer: httpx.Response, blames: str, permanent: bool, after: float | None
) -> None:
    respx.post(f"{BOT}/sendMessage").mock(return_value=answer)
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(ACCOUNT, PRIVATE)
    assert (failed.value.blames, failed.value.permanent, failed.value.after) == (blames, permanent, after)
    assert TOKEN not in str(failed.value) and "AAHdq" not in repr(failed.value)


@respx.mock
def test_a_group_that_shut_us_out_closes_the_way_and_not_the_person() -> None:
    respx.post(f"{BOT}/sendMessage").mock(return_value=bad(403, "Forbidden: bot was kicked from the supergroup chat"))
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(ACCOUNT, IN_GROUP)
    assert failed.value.blames == "way" and failed.value.permanent


@respx.mock
def test_a_broken_connection_leaves_it_uncertain_without_hope_of_a_trace() -> None:
    respx.post(f"{BOT}/sendMessage").mock(side_effect=httpx.ReadTimeout("slow"))
    with pytest.raises(SendUncertain) as uncertain:
        PLATFORM.send(ACCOUNT, PRIVATE)
    assert not uncertain.value.copy_expected and TOKEN not in str(uncertain.value)


@pytest.mark.parametrize(
    "answer",
    [
        bad(500, "Internal Server Error: restart"),
        bad(502, "Bad Gateway"),
        bad(504, "Gateway Timeout"),
        httpx.Response(500, text="<html>Internal Server Error</html>"),
        httpx.Response(502, text="<html>nginx</html>"),
    ],
    ids=["restart", "502", "504", "500 of a proxy", "502 of a proxy"],
)
@respx.mock
def test_what_may_have_been_said_is_not_said_twice(answer: httpx.Response) -> None:
    call = respx.post(f"{BOT}/sendMessage").mock(return_value=answer)
    with pytest.raises(SendUncertain):
        PLATFORM.send(ACCOUNT, PRIVATE)
    assert call.call_count == 1


def test_without_a_token_nothing_is_tried() -> None:
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(AccountView(1, "telegram", "salur_bot"), PRIVATE)
    assert failed.value.blames == "account"


@respx.mock
def test_asking_hands_over_each_update_with_the_place_behind_it() -> None:
    pages = [good([{"update_id": n} for n in range(5, 105)]), good([{"update_id": 105}])]
    call = respx.post(f"{BOT}/getUpdates").mock(side_effect=pages)
    found = list(PLATFORM.fetch_since(POLLED, {"offset": 5}))
    assert [one.external_id for one in found] == [str(n) for n in range(5, 106)]
    assert found[-1].cursor == {"offset": 106} and found[0].via == "poll"
    asked = [json.loads(one.request.content)["offset"] for one in call.calls]
    assert asked == [5, 105]


@respx.mock(assert_all_called=False)
def test_with_a_hook_nothing_is_asked() -> None:
    assert list(PLATFORM.fetch_since(HOOKED, {})) == []


@respx.mock
def test_a_revoked_token_is_told_as_such() -> None:
    respx.post(f"{BOT}/getUpdates").mock(return_value=bad(401, "Unauthorized"))
    with pytest.raises(FetchFailed) as failed:
        list(PLATFORM.fetch_since(POLLED, {}))
    assert failed.value.revoked and TOKEN not in failed.value.reason


@respx.mock
def test_a_probe_sees_whose_token_it_is_and_where_updates_go() -> None:
    respx.post(f"{BOT}/getMe").mock(return_value=good({"username": "Salur_Bot", "first_name": "Salur"}))
    hook = respx.post(f"{BOT}/getWebhookInfo").mock(return_value=good({"url": "https://x.test/h"}))
    health = PLATFORM.probe(HOOKED)
    assert health.ok and health.subscribed and health.name == "Salur"
    hook.mock(return_value=good({"url": ""}))
    health = PLATFORM.probe(HOOKED)
    assert not health.ok and health.subscribed is False
    assert PLATFORM.probe(POLLED).ok
    respx.post(f"{BOT}/getMe").mock(return_value=good({"username": "bot_lain"}))
    assert "bot_lain" in PLATFORM.probe(POLLED).detail


@respx.mock
def test_subscribing_sets_the_hook_with_its_secret_or_takes_it_away() -> None:
    respx.post(f"{BOT}/getMe").mock(return_value=good({"username": "salur_bot"}))
    respx.post(f"{BOT}/getWebhookInfo").mock(return_value=good({"url": "https://x.test/h"}))
    put = respx.post(f"{BOT}/setWebhook").mock(return_value=good(True))
    assert PLATFORM.subscribe(HOOKED).ok
    sent = json.loads(put.calls.last.request.content)
    assert sent["url"] == "https://x.test/h" and sent["secret_token"] == "s" and "message" in sent["allowed_updates"]
    gone = respx.post(f"{BOT}/deleteWebhook").mock(return_value=good(True))
    PLATFORM.subscribe(POLLED)
    assert json.loads(gone.calls.last.request.content) == {"drop_pending_updates": False}
    bare = AccountView(1, "telegram", "salur_bot", {}, {"bot_token": TOKEN})
    assert "hook_secret" in PLATFORM.subscribe(bare).detail


@respx.mock
def test_a_file_is_found_by_its_id_unless_it_is_too_large() -> None:
    answer = httpx.Response(200, json=load(PAYLOADS / "telegram/getfile_ok.json"))
    respx.post(f"{BOT}/getFile").mock(return_value=answer)
    found = PLATFORM.locate(ACCOUNT, MediaRef("image", media_id="AgACAgUAAxl", size=90000))
    assert found.url == f"https://api.telegram.org/file/bot{TOKEN}/photos/file_0.jpg"
    with pytest.raises(FetchFailed, match="20 MB"):
        PLATFORM.locate(ACCOUNT, MediaRef("video", media_id="x", size=20_000_001))


@respx.mock
def test_no_address_with_a_token_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    respx.post(f"{BOT}/sendMessage").mock(return_value=good({"message_id": 6}))
    with caplog.at_level("DEBUG"):
        PLATFORM.send(ACCOUNT, PRIVATE)
    assert TOKEN not in caplog.text and "AAHdq" not in caplog.text
