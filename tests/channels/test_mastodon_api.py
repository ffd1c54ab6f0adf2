"""What is asked of a Mastodon server and said to it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import respx
from tests.channels.test_mastodon import SNAC, mention

from salur.channels.platforms.mastodon.adapter import MastodonPlatform
from salur.channels.ports import (
    AccountView,
    Download,
    Edited,
    FetchFailed,
    MediaRef,
    Outbound,
    Raw,
    Receipt,
    Removed,
    SendFailed,
    SendUncertain,
)

PLATFORM = MastodonPlatform()
ACCOUNT = AccountView(1, "mastodon", "@opd@sosial.test", {}, {"access_token": "rahasia-token"})
HOST = "https://sosial.test"
ANSWER = Outbound(
    "k1",
    "warga@lain.test",
    "Terima kasih",
    way="public_reply",
    in_reply_to="9",
    answer_at={"status_id": "9", "visibility": "unlisted"},
)


def heard(number: int, **changes: Any) -> dict[str, Any]:
    return {**mention(id=f"s{number}", **changes), "id": str(number)}


@respx.mock
def test_an_answer_is_no_more_public_than_the_question_and_names_the_person() -> None:
    call = respx.post(f"{HOST}/api/v1/statuses").mock(return_value=httpx.Response(200, json={"id": "10"}))
    assert PLATFORM.send(ACCOUNT, ANSWER) == Receipt("10")
    request = call.calls.last.request
    assert json.loads(request.content) == {
        "status": "@warga@lain.test Terima kasih",
        "visibility": "unlisted",
        "in_reply_to_id": "9",
        "language": "id",
    }
    assert request.headers["Idempotency-Key"] == "k1" and request.headers["Authorization"] == "Bearer rahasia-token"


@pytest.mark.parametrize("spoken", ["public", "direct", "private"])
@respx.mock
def test_a_private_way_is_always_direct(spoken: str) -> None:
    call = respx.post(f"{HOST}/api/v1/statuses").mock(return_value=httpx.Response(200, json={"id": "10"}))
    PLATFORM.send(ACCOUNT, Outbound("k", "w@l.test", "Halo", way="direct", answer_at={"visibility": spoken}))
    assert json.loads(call.calls.last.request.content)["visibility"] == "direct"


@respx.mock
def test_what_was_answered_is_gone_so_a_public_way_closes_and_a_direct_one_stands_alone() -> None:
    gone = httpx.Response(404, json={"error": "Record not found"})
    call = respx.post(f"{HOST}/api/v1/statuses").mock(side_effect=[gone, gone, httpx.Response(200, json={"id": "11"})])
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(ACCOUNT, ANSWER)
    assert failed.value.blames == "way"
    direct = Outbound("k", "warga@lain.test", "Halo", way="direct", in_reply_to="9")
    assert PLATFORM.send(ACCOUNT, direct) == Receipt("11")
    assert "in_reply_to_id" not in json.loads(call.calls.last.request.content)
    assert call.calls[1].request.headers["Idempotency-Key"] != call.calls[2].request.headers["Idempotency-Key"]


@pytest.mark.parametrize(
    ("answer", "blames", "permanent"),
    [
        (httpx.Response(401, json={"error": "The access token is invalid"}), "account", True),
        (httpx.Response(403, json={"error": "This action is outside the authorized scopes"}), "account", True),
        (httpx.Response(403, json={"error": "This action is not allowed"}), "message", True),
        (httpx.Response(422, json={"error": "Validation failed"}), "message", True),
    ],
)
@respx.mock
def test_every_refusal_means_what_it_should(answer: httpx.Response, blames: str, permanent: bool) -> None:
    respx.post(f"{HOST}/api/v1/statuses").mock(return_value=answer)
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(ACCOUNT, ANSWER)
    assert (failed.value.blames, failed.value.permanent) == (blames, permanent)
    assert "rahasia" not in str(failed.value)


@respx.mock
def test_a_full_minute_is_waited_for_as_the_server_says() -> None:
    reset = (datetime.now(UTC) + timedelta(seconds=120)).isoformat()
    respx.post(f"{HOST}/api/v1/statuses").mock(
        return_value=httpx.Response(429, json={}, headers={"X-RateLimit-Reset": reset})
    )
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(ACCOUNT, ANSWER)
    assert failed.value.after is not None and 110 < failed.value.after <= 120 and not failed.value.permanent


@respx.mock
def test_a_lost_answer_is_found_among_what_we_said() -> None:
    respx.post(f"{HOST}/api/v1/statuses").mock(side_effect=httpx.ReadTimeout("slow"))
    with pytest.raises(SendUncertain) as uncertain:
        PLATFORM.send(ACCOUNT, ANSWER)
    assert uncertain.value.copy_expected
    respx.get(f"{HOST}/api/v1/accounts/verify_credentials").mock(return_value=httpx.Response(200, json={"id": "1"}))
    content = '<p><span class="h-card"><a>@<span>warga</span></a></span> Terima kasih</p>'
    said = {"id": "10", "account": {"acct": "opd"}, "created_at": datetime.now(UTC).isoformat(), "content": content}
    respx.get(f"{HOST}/api/v1/accounts/1/statuses").mock(
        side_effect=[httpx.Response(200, json=[said]), httpx.Response(200, json=[said | {"content": "<p>Lain</p>"}])]
    )
    assert PLATFORM.read_back(ACCOUNT, ANSWER) == Receipt("10")
    assert PLATFORM.read_back(ACCOUNT, ANSWER) is None


@respx.mock
def test_a_key_that_the_server_has_forgotten_is_not_trusted() -> None:
    respx.get(f"{HOST}/api/v1/accounts/verify_credentials").mock(return_value=httpx.Response(200, json={"id": "1"}))
    began = datetime.now(UTC) - timedelta(hours=2)
    said = {
        "id": "10",
        "account": {"acct": "opd"},
        "created_at": began.isoformat(),
        "content": "<p>@warga Terima kasih</p>",
    }
    respx.get(f"{HOST}/api/v1/accounts/1/statuses").mock(return_value=httpx.Response(200, json=[said]))
    late = Outbound(**{**vars(ANSWER), "began_at": began})
    assert PLATFORM.send(ACCOUNT, late) == Receipt("10"), "nothing is posted a second time"


@respx.mock
def test_a_long_text_is_measured_by_the_server_itself() -> None:
    limit = {"configuration": {"statuses": {"max_characters": 1000}}}
    respx.get(f"{HOST}/api/v2/instance").mock(return_value=httpx.Response(200, json=limit))
    respx.post(f"{HOST}/api/v1/statuses").mock(return_value=httpx.Response(200, json={"id": "10"}))
    long = Outbound(**{**vars(ANSWER), "text": "a" * 900})
    assert PLATFORM.send(ACCOUNT, long) == Receipt("10")
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(ACCOUNT, Outbound(**{**vars(ANSWER), "text": "a" * 1100}))
    assert failed.value.permanent


@respx.mock
def test_mentions_come_oldest_first_without_a_hole() -> None:
    call = respx.get(f"{HOST}/api/v1/notifications").mock(
        side_effect=[
            httpx.Response(200, json=[heard(3), heard(2)]),
            httpx.Response(200, json=[heard(4)]),
            httpx.Response(200, json=[]),
        ]
    )
    found = list(PLATFORM.fetch_since(ACCOUNT, {"min_id": "1", "watch": []}))
    assert [one.external_id for one in found] == ["mention:2", "mention:3", "mention:4"]
    assert found[-1].cursor == {"min_id": "4", "watch": [["s2", ""], ["s3", ""], ["s4", ""]]}
    asked = [dict(one.request.url.params) for one in call.calls]
    assert [one["min_id"] for one in asked] == ["1", "3", "4"]
    assert asked[0]["types[]"] == "mention"


@respx.mock
def test_the_first_look_takes_the_newest_page_alone() -> None:
    call = respx.get(f"{HOST}/api/v1/notifications").mock(return_value=httpx.Response(200, json=[heard(3), heard(2)]))
    assert [one.external_id for one in PLATFORM.fetch_since(ACCOUNT, {})] == ["mention:2", "mention:3"]
    assert call.call_count == 1 and "min_id" not in call.calls.last.request.url.params


@respx.mock
def test_an_edit_and_a_deletion_are_noticed_by_looking_again() -> None:
    respx.get(f"{HOST}/api/v1/notifications").mock(return_value=httpx.Response(200, json=[]))
    edited = heard(1)["status"] | {
        "id": "a",
        "content": "<p>ralat</p>",
        "created_at": datetime.now(UTC).isoformat(),
        "edited_at": "2026-11-24T04:00:00Z",
    }
    respx.get(f"{HOST}/api/v1/statuses/a").mock(return_value=httpx.Response(200, json=edited))
    respx.get(f"{HOST}/api/v1/statuses/b").mock(return_value=httpx.Response(404, json={"error": "Record not found"}))
    cursor = {"min_id": "1", "watch": [["a", ""], ["b", ""]]}
    first, second = PLATFORM.fetch_since(ACCOUNT, cursor)
    (edit,), (gone,) = _read(first), _read(second)
    assert isinstance(edit, Edited) and (edit.external_id, edit.text) == ("a", "ralat")
    assert isinstance(gone, Removed) and gone.external_id == "b"
    assert second.cursor == {"min_id": "1", "watch": [["a", "2026-11-24T04:00:00Z"]]}
    assert list(PLATFORM.fetch_since(ACCOUNT, second.cursor or {})) == [], "the same edit is news once"


def _read(raw: Raw) -> Any:
    return PLATFORM.parse(SNAC, raw)


@respx.mock
def test_a_server_that_fails_while_we_look_again_is_no_deletion() -> None:
    respx.get(f"{HOST}/api/v1/notifications").mock(return_value=httpx.Response(200, json=[]))
    respx.get(f"{HOST}/api/v1/statuses/a").mock(return_value=httpx.Response(503))
    with pytest.raises(FetchFailed):
        list(PLATFORM.fetch_since(ACCOUNT, {"min_id": "1", "watch": [["a", ""]]}))


@respx.mock
def test_a_probe_sees_whose_token_it_is() -> None:
    call = respx.get(f"{HOST}/api/v1/accounts/verify_credentials")
    call.mock(return_value=httpx.Response(200, json={"acct": "opd", "display_name": "OPD"}))
    assert PLATFORM.probe(ACCOUNT).ok and PLATFORM.probe(ACCOUNT).name == "OPD"
    call.mock(return_value=httpx.Response(200, json={"acct": "lain"}))
    assert "lain@sosial.test" in PLATFORM.probe(ACCOUNT).detail
    call.mock(return_value=httpx.Response(401, json={}))
    assert not PLATFORM.probe(ACCOUNT).checks[0].ok


@respx.mock
def test_a_page_that_is_no_status_is_no_deletion() -> None:
    respx.get(f"{HOST}/api/v1/notifications").mock(return_value=httpx.Response(200, json=[]))
    respx.get(f"{HOST}/api/v1/statuses/a").mock(return_value=httpx.Response(200, text="<html>maintenance</html>"))
    with pytest.raises(FetchFailed):
        list(PLATFORM.fetch_since(ACCOUNT, {"min_id": "1", "watch": [["a", ""]]}))


def test_files_may_lie_on_the_accounts_own_server() -> None:
    """Which may stand in the same house, where nothing else is asked."""
    for settings, own in (
        ({}, "https://sosial.contoh.id"),
        ({"instance": "https://lain.contoh.id/"}, "https://lain.contoh.id"),
        ({"instance": "https://lain.contoh.id", "api_base": "http://127.0.0.1:9"}, "http://127.0.0.1:9"),
    ):
        account = AccountView(1, "mastodon", "@opd@sosial.contoh.id", settings)
        found = MastodonPlatform().locate(account, MediaRef("image", f"{own}/a.png"))
        assert found == Download(f"{own}/a.png", trusted=own)
