"""Answering at a Page and in Messenger: the exact requests, what each refusal holds for, and the look back."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import respx
from tests.channels.meta_corpus import FACEBOOK, seconds
from tests.channels.test_meta_errors import TABLE

from salur.channels.outside import BLAMES
from salur.channels.platforms.facebook.guide import SCOPES
from salur.channels.ports import AccountView, FetchFailed, Outbound, Receipt, SendFailed, SendUncertain

TOKEN = "EAA-geheim"
ACCOUNT = AccountView(1, "facebook", "100", credentials={"access_token": TOKEN})
GRAPH = "https://graph.facebook.com/v25.0"
COMMENT = Outbound(
    "reply-1",
    "9",
    "Sudah diperbaiki.",
    way="public_reply",
    in_reply_to="55_2",
    place="100_55",
    root_id="55_1",
    answer_at={"comment": "55_2"},
    began_at=seconds(1_000_000),
)


@pytest.fixture(autouse=True)
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


def asked(route: respx.Route) -> tuple[Any, Any]:
    """The body and the authorisation of the last request."""
    request = route.calls.last.request
    assert TOKEN not in str(request.url)
    return json.loads(request.content), request.headers["authorization"]


def test_a_public_answer_goes_under_the_root_comment(web: respx.MockRouter) -> None:
    usage = {"X-App-Usage": '{"call_count":90}'}
    route = web.post(f"{GRAPH}/55_1/comments").respond(json={"id": "55_77"}, headers=usage)
    assert FACEBOOK.send(ACCOUNT, COMMENT) == Receipt("55_77", slow_down=1800)
    assert asked(route) == ({"message": "Sudah diperbaiki."}, f"Bearer {TOKEN}")


def test_a_top_comment_and_a_visitors_post_are_answered_where_they_stand(web: respx.MockRouter) -> None:
    comment = web.post(f"{GRAPH}/55_2/comments").respond(json={"id": "55_78"})
    FACEBOOK.send(ACCOUNT, replace(COMMENT, root_id=""))
    post = web.post(f"{GRAPH}/100_55/comments").respond(json={"id": "55_79"})
    FACEBOOK.send(ACCOUNT, replace(COMMENT, root_id="", in_reply_to="100_55", answer_at={"post": "100_55"}))
    assert comment.called and post.called


@pytest.mark.parametrize(
    ("way", "answer_at", "body"),
    [
        ("private_reply", {"comment": "55_2"}, {"recipient": {"comment_id": "55_2"}}),
        ("private_reply", {"post": "100_55"}, {"recipient": {"post_id": "100_55"}}),
        ("direct", {}, {"recipient": {"id": "9"}, "messaging_type": "RESPONSE"}),
        ("tagged", {}, {"recipient": {"id": "9"}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}),
    ],
)
def test_private_answers(web: respx.MockRouter, way: str, answer_at: Any, body: dict[str, Any]) -> None:
    route = web.post(f"{GRAPH}/100/messages").respond(json={"recipient_id": "9", "message_id": "m_1"})
    assert FACEBOOK.send(ACCOUNT, replace(COMMENT, way=way, answer_at=answer_at)) == Receipt("m_1")
    said = {"message": {"text": "Sudah diperbaiki.", "metadata": "reply-1"}}
    assert asked(route) == (body | said, f"Bearer {TOKEN}")


@pytest.mark.parametrize(
    "out",
    [
        replace(COMMENT, way="mail"),
        replace(COMMENT, way="direct", answer_at={"standby": True}),
        replace(COMMENT, way="direct", to=""),
        replace(COMMENT, way="private_reply", answer_at={"comment": "8_9", "elsewhere": True}),
        replace(COMMENT, root_id="", answer_at={}, in_reply_to=""),
        replace(COMMENT, way="private_reply", answer_at={}, in_reply_to=""),
    ],
)
def test_what_cannot_be_said_this_way_is_refused_before_anybody_is_asked(web: respx.MockRouter, out: Outbound) -> None:
    with pytest.raises(SendFailed) as failed:
        FACEBOOK.send(ACCOUNT, out)
    assert (failed.value.permanent, failed.value.blames) == (True, "way") and not web.calls


@pytest.mark.parametrize(("code", "subcode", "action"), TABLE)
def test_each_refusal_holds_for_what_it_should(web: respx.MockRouter, code: int, subcode: int, action: str) -> None:
    error = {"message": f"text {TOKEN}", "code": code, "error_subcode": subcode}
    web.post(f"{GRAPH}/100/messages").respond(400, json={"error": error})
    web.get(f"{GRAPH}/100/conversations").respond(json={"data": []})
    web.get(f"{GRAPH}/debug_token").respond(json={"data": {"is_valid": True, "scopes": ["pages_messaging"]}})
    with pytest.raises(SendFailed) as failed:
        FACEBOOK.send(ACCOUNT, replace(COMMENT, way="direct"))
    told = failed.value
    assert told.permanent is (action != "retry") and told.blames == BLAMES[action]  # type: ignore[index]
    assert told.code == (f"{code}/{subcode}" if subcode else str(code))
    assert TOKEN not in told.reason and "text" not in told.reason


def test_a_limit_is_kept_to_for_as_long_as_the_platform_says(web: respx.MockRouter) -> None:
    case = {"X-Business-Use-Case-Usage": '{"100":[{"estimated_time_to_regain_access":5}]}'}
    web.post(f"{GRAPH}/55_1/comments").respond(400, json={"error": {"code": 32}}, headers=case)
    with pytest.raises(SendFailed) as failed:
        FACEBOOK.send(ACCOUNT, COMMENT)
    assert (failed.value.after, failed.value.permanent) == (300, False)


def test_under_the_posts_of_others_a_missing_permission_closes_only_the_way(web: respx.MockRouter) -> None:
    web.post(f"{GRAPH}/8_9/comments").respond(403, json={"error": {"code": 200}})
    out = replace(COMMENT, root_id="", answer_at={"comment": "8_9", "elsewhere": True})
    with pytest.raises(SendFailed) as failed:
        FACEBOOK.send(ACCOUNT, out)
    assert failed.value.blames == "way"


@pytest.mark.parametrize(
    ("told", "blames"),
    [
        ({"data": {"is_valid": True, "scopes": [*SCOPES]}}, "way"),
        ({"data": {"is_valid": True, "scopes": [*SCOPES][1:]}}, "account"),
        ({"data": {"is_valid": False, "scopes": [*SCOPES]}}, "account"),
        ({"error": {"code": 100}}, "account"),
    ],
)
def test_one_comment_that_may_not_be_answered_does_not_stop_the_page(
    web: respx.MockRouter, told: dict[str, Any], blames: str
) -> None:
    web.post(f"{GRAPH}/55_1/comments").respond(403, json={"error": {"code": 200}})
    web.get(f"{GRAPH}/debug_token").respond(json=told)
    with pytest.raises(SendFailed) as failed:
        FACEBOOK.send(ACCOUNT, COMMENT)
    assert (failed.value.permanent, failed.value.blames, failed.value.code) == (True, blames, "200")


@pytest.mark.parametrize("broken", [httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_a_lost_answer_is_uncertain_and_can_be_looked_for(web: respx.MockRouter, broken: type[Exception]) -> None:
    web.post(f"{GRAPH}/55_1/comments").mock(side_effect=broken)
    with pytest.raises(SendUncertain) as lost:
        FACEBOOK.send(ACCOUNT, COMMENT)
    assert lost.value.copy_expected


def test_a_private_reply_to_somebody_unnamed_cannot_be_proved_not_to_have_gone(web: respx.MockRouter) -> None:
    web.post(f"{GRAPH}/100/messages").mock(side_effect=httpx.ReadTimeout)
    out = replace(COMMENT, way="private_reply", to="")
    with pytest.raises(SendUncertain) as lost:
        FACEBOOK.send(ACCOUNT, out)
    assert not lost.value.copy_expected
    with pytest.raises(FetchFailed):
        FACEBOOK.read_back(ACCOUNT, out)


def test_a_good_answer_without_an_id_is_uncertain(web: respx.MockRouter) -> None:
    web.post(f"{GRAPH}/55_1/comments").respond(json={"success": True})
    with pytest.raises(SendUncertain):
        FACEBOOK.send(ACCOUNT, COMMENT)


def test_an_unreachable_platform_has_certainly_not_taken_it(web: respx.MockRouter) -> None:
    web.post(f"{GRAPH}/55_1/comments").mock(side_effect=httpx.ConnectError)
    with pytest.raises(SendFailed) as failed:
        FACEBOOK.send(ACCOUNT, COMMENT)
    assert not failed.value.permanent


def row(identity: str, at: int, author: str = "100", text: str = "Sudah  diperbaiki.") -> dict[str, Any]:
    return {"id": identity, "from": {"id": author}, "message": text, "created_time": seconds(at).isoformat()}


def test_our_words_are_found_under_the_comment_and_nobody_elses(web: respx.MockRouter) -> None:
    listed = [row("n", 1_000_020, author="9"), row("y", 1_000_010), row("x", 1_000_005), row("old", 900_000)]
    route = web.get(f"{GRAPH}/55_1/comments").respond(json={"data": [*listed, row("o", 1_000_009, text="Lain")]})
    assert FACEBOOK.read_back(ACCOUNT, COMMENT) == Receipt("x")
    assert route.calls.last.request.url.params["filter"] == "stream"
    web.get(f"{GRAPH}/55_1/comments").respond(json={"data": [row("old", 900_000)]})
    assert FACEBOOK.read_back(ACCOUNT, COMMENT) is None


def test_our_words_are_found_in_the_conversation(web: respx.MockRouter) -> None:
    talk = {"messages": {"data": [row("m_9", 1_000_001, author="9"), row("m_1", 1_000_002)]}}
    route = web.get(f"{GRAPH}/100/conversations").respond(json={"data": [talk]})
    assert FACEBOOK.read_back(ACCOUNT, replace(COMMENT, way="direct")) == Receipt("m_1")
    assert route.calls.last.request.url.params["user_id"] == "9"


def test_what_was_said_just_now_is_found_instead_of_said_again(web: respx.MockRouter) -> None:
    web.post(f"{GRAPH}/55_1/comments").respond(400, json={"error": {"code": 506}})
    web.get(f"{GRAPH}/55_1/comments").respond(json={"data": [row("x", 1_000_005)]})
    assert FACEBOOK.send(ACCOUNT, COMMENT) == Receipt("x")


def test_a_look_back_that_fails_says_so(web: respx.MockRouter) -> None:
    web.get(f"{GRAPH}/55_1/comments").respond(400, json={"error": {"code": 190, "message": TOKEN}})
    with pytest.raises(FetchFailed) as failed:
        FACEBOOK.read_back(ACCOUNT, COMMENT)
    assert failed.value.revoked and TOKEN not in failed.value.reason


def test_ids_cannot_leave_their_place_in_the_address(web: respx.MockRouter) -> None:
    route = web.post(url__startswith=GRAPH).respond(json={"id": "1"})
    FACEBOOK.send(ACCOUNT, replace(COMMENT, root_id="../me?x=1"))
    assert route.calls.last.request.url.raw_path == b"/v25.0/..%2Fme%3Fx%3D1/comments"


def test_version_and_address_are_settings_and_only_decent_addresses_are_used(web: respx.MockRouter) -> None:
    route = web.post("http://127.0.0.1:9/facebook/v26.0/55_1/comments").respond(json={"id": "1"})
    there = {"api_base": "http://127.0.0.1:9/facebook/", "api_version": "v26.0"}
    FACEBOOK.send(replace(ACCOUNT, settings=there), COMMENT)
    assert route.called
    for bad in ("http://evil.test", "file:///etc", "ftp://127.0.0.1"):
        with pytest.raises(SendFailed) as failed:
            FACEBOOK.send(replace(ACCOUNT, settings={"api_base": bad}), COMMENT)
        assert failed.value.blames == "account"
