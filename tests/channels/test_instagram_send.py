"""Answering at Instagram by both flavours of sign-in: the exact requests, refusals, and the look back."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import respx
from tests.channels.meta_corpus import INSTAGRAM, seconds

from salur.channels.ports import AccountView, FetchFailed, Outbound, Receipt, SendFailed, SendUncertain

TOKEN = "IGAA-geheim"
ACCOUNT = AccountView(2, "instagram", "200", {"username": "@Dinas.Contoh"}, {"access_token": TOKEN})
BY_PAGE = replace(ACCOUNT, settings={"username": "dinas.contoh", "login": "facebook", "page_id": "100"})
GRAM, BOOK = "https://graph.instagram.com/v25.0", "https://graph.facebook.com/v25.0"
COMMENT = Outbound(
    "reply-1",
    "9",
    "Sudah diperbaiki.",
    way="public_reply",
    in_reply_to="52",
    place="7",
    root_id="51",
    answer_at={"comment": "52"},
    began_at=seconds(1_000_000),
)
MENTION = replace(COMMENT, root_id="", place="7", answer_at={"media": "7", "comment": "52", "mention": True})


@pytest.fixture(autouse=True)
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


def asked(route: respx.Route) -> Any:
    """The body of the last request, whose address shows no token."""
    request = route.calls.last.request
    assert TOKEN not in str(request.url) and request.headers["authorization"] == f"Bearer {TOKEN}"
    return json.loads(request.content)


@pytest.mark.parametrize(("account", "graph"), [(ACCOUNT, GRAM), (BY_PAGE, BOOK)])
def test_a_public_answer_goes_under_the_root_comment(web: respx.MockRouter, account: AccountView, graph: str) -> None:
    route = web.post(f"{graph}/51/replies").respond(json={"id": "77"})
    assert INSTAGRAM.send(account, COMMENT) == Receipt("77")
    assert asked(route) == {"message": "Sudah diperbaiki."}


def test_a_mention_is_answered_through_the_account(web: respx.MockRouter) -> None:
    route = web.post(f"{BOOK}/200/mentions").respond(json={"id": "78"})
    assert INSTAGRAM.send(BY_PAGE, MENTION) == Receipt("78")
    assert asked(route) == {"media_id": "7", "comment_id": "52", "message": "Sudah diperbaiki."}
    INSTAGRAM.send(BY_PAGE, replace(MENTION, answer_at={"media": "7", "mention": True}))
    assert asked(route) == {"media_id": "7", "message": "Sudah diperbaiki."}


@pytest.mark.parametrize(("account", "path"), [(ACCOUNT, f"{GRAM}/200/messages"), (BY_PAGE, f"{BOOK}/100/messages")])
@pytest.mark.parametrize(
    ("way", "body"),
    [
        ("private_reply", {"recipient": {"comment_id": "52"}}),
        ("direct", {"recipient": {"id": "9"}, "messaging_type": "RESPONSE"}),
        ("tagged", {"recipient": {"id": "9"}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}),
    ],
)
def test_private_answers(
    web: respx.MockRouter, account: AccountView, path: str, way: str, body: dict[str, Any]
) -> None:
    route = web.post(path).respond(json={"recipient_id": "9", "message_id": "aWd"})
    assert INSTAGRAM.send(account, replace(COMMENT, way=way)) == Receipt("aWd")
    assert asked(route) == body | {"message": {"text": "Sudah diperbaiki."}}


@pytest.mark.parametrize(
    "out",
    [
        replace(COMMENT, way="template"),
        replace(COMMENT, answer_at={"comment": "52", "live": True}),
        replace(MENTION, way="private_reply"),
        replace(MENTION, answer_at={"comment": "52", "mention": True}),
        replace(COMMENT, way="direct", to=""),
    ],
)
def test_what_cannot_be_said_this_way_is_refused_before_anybody_is_asked(web: respx.MockRouter, out: Outbound) -> None:
    with pytest.raises(SendFailed) as failed:
        INSTAGRAM.send(ACCOUNT, out)
    assert (failed.value.permanent, failed.value.blames) == (True, "way") and not web.calls


@pytest.mark.parametrize(
    ("code", "subcode", "blames"),
    [(10, 2534022, "way"), (190, 463, "account"), (10, 0, "account"), (551, 1545041, "recipient"), (100, 0, "message")],
)
def test_each_refusal_holds_for_what_it_should(web: respx.MockRouter, code: int, subcode: int, blames: str) -> None:
    error = {"code": code, "error_subcode": subcode, "message": TOKEN}
    web.post(f"{GRAM}/200/messages").respond(400, json={"error": error})
    with pytest.raises(SendFailed) as failed:
        INSTAGRAM.send(ACCOUNT, replace(COMMENT, way="direct"))
    assert (failed.value.permanent, failed.value.blames) == (True, blames) and TOKEN not in failed.value.reason


def test_under_the_media_of_others_a_missing_permission_closes_only_the_way(web: respx.MockRouter) -> None:
    web.post(f"{BOOK}/200/mentions").respond(403, json={"error": {"code": 10}})
    with pytest.raises(SendFailed) as failed:
        INSTAGRAM.send(BY_PAGE, MENTION)
    assert failed.value.blames == "way"


@pytest.mark.parametrize(("out", "traced"), [(COMMENT, True), (replace(COMMENT, way="direct"), True), (MENTION, False)])
def test_a_lost_answer_is_uncertain_and_says_whether_it_can_be_looked_for(
    web: respx.MockRouter, out: Outbound, traced: bool
) -> None:
    web.post(url__startswith=GRAM).mock(side_effect=httpx.ReadTimeout)
    with pytest.raises(SendUncertain) as lost:
        INSTAGRAM.send(ACCOUNT, out)
    assert lost.value.copy_expected is traced
    if not traced:
        with pytest.raises(FetchFailed):
            INSTAGRAM.read_back(ACCOUNT, out)


def reply(identity: str, name: str, text: str = "Sudah diperbaiki.") -> dict[str, Any]:
    return {"id": identity, "username": name, "text": text, "timestamp": seconds(1_000_001).isoformat()}


def test_our_reply_is_known_by_our_name_which_is_asked_for_where_it_is_not_known(web: respx.MockRouter) -> None:
    listed = [reply("x", "siti"), reply("y", "Dinas.Contoh"), reply("z", "dinas.contoh", "Lain")]
    web.get(f"{GRAM}/51/replies").respond(json={"data": listed})
    assert INSTAGRAM.read_back(ACCOUNT, COMMENT) == Receipt("y")
    name = web.get(f"{GRAM}/200").respond(json={"username": "dinas.contoh"})
    assert INSTAGRAM.read_back(replace(ACCOUNT, settings={}), COMMENT) == Receipt("y")
    assert name.called


def test_our_message_is_found_in_the_conversation(web: respx.MockRouter) -> None:
    row = {"id": "aWd", "from": {"id": "200"}, "message": "Sudah diperbaiki.", "created_time": 1_000_001}
    route = web.get(f"{BOOK}/100/conversations").respond(json={"data": [{"messages": {"data": [row]}}]})
    assert INSTAGRAM.read_back(BY_PAGE, replace(COMMENT, way="direct")) == Receipt("aWd")
    assert route.calls.last.request.url.params["platform"] == "instagram"
