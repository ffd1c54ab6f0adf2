"""Replying at Threads in two steps: what was said, what was not, and what nobody knows."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import respx
from tests.channels.meta_corpus import THREADS, seconds

from salur.channels.platforms.threads import talk
from salur.channels.ports import AccountView, Outbound, Receipt, SendFailed, SendUncertain

TOKEN = "THAA-geheim"
ACCOUNT = AccountView(3, "threads", "300", {"username": "dinas.contoh"}, {"access_token": TOKEN})
GRAPH = "https://graph.threads.net/v1.0"
OUT = Outbound(
    "reply-1",
    "siti",
    "Sudah diperbaiki.",
    way="public_reply",
    in_reply_to="5",
    root_id="4",
    answer_at={"thread": "5"},
    began_at=seconds(1_000_000),
)


@pytest.fixture(autouse=True)
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[respx.MockRouter]:
    monkeypatch.setattr(talk, "PAUSE", 0)
    with respx.mock(assert_all_called=False) as router:
        router.post(f"{GRAPH}/me/threads").respond(json={"id": "c1"})
        router.get(f"{GRAPH}/debug_token").respond(400, json={"error": {"code": 100}})
        router.get(f"{GRAPH}/c1").respond(json={"status": "FINISHED", "id": "c1"})
        router.post(f"{GRAPH}/me/threads_publish").respond(json={"id": "m1"})
        yield router


def body(web: respx.MockRouter, path: str) -> Any:
    """The body of the only request to a path."""
    (call,) = [one for one in web.calls if one.request.url.path == f"/v1.0{path}" and one.request.method == "POST"]
    assert TOKEN not in str(call.request.url) and call.request.headers["authorization"] == f"Bearer {TOKEN}"
    return json.loads(call.request.content)


def test_a_container_is_made_looked_at_and_published(web: respx.MockRouter) -> None:
    assert THREADS.send(ACCOUNT, OUT) == Receipt("m1")
    assert body(web, "/me/threads") == {"media_type": "TEXT", "text": "Sudah diperbaiki.", "reply_to_id": "5"}
    assert body(web, "/me/threads_publish") == {"creation_id": "c1"}


@pytest.mark.parametrize("fault", [httpx.ReadTimeout, httpx.ConnectError])
def test_a_first_step_that_is_lost_said_nothing_and_is_tried_again(
    web: respx.MockRouter, fault: type[Exception]
) -> None:
    web.post(f"{GRAPH}/me/threads").mock(side_effect=fault)
    with pytest.raises(SendFailed) as failed:
        THREADS.send(ACCOUNT, OUT)
    assert not failed.value.permanent


def test_a_second_step_that_is_lost_is_uncertain_and_can_be_looked_for(web: respx.MockRouter) -> None:
    web.post(f"{GRAPH}/me/threads_publish").mock(side_effect=httpx.ReadTimeout)
    with pytest.raises(SendUncertain) as lost:
        THREADS.send(ACCOUNT, OUT)
    assert lost.value.copy_expected


@pytest.mark.parametrize(
    ("states", "said"),
    [(["IN_PROGRESS", "FINISHED"], True), (["IN_PROGRESS"] * 3, False), (["ERROR"], False), (["EXPIRED"], False)],
)
def test_nothing_is_published_before_it_is_ready(web: respx.MockRouter, states: list[str], said: bool) -> None:
    answers = [httpx.Response(200, json={"status": one}) for one in states]
    web.get(f"{GRAPH}/c1").mock(side_effect=answers)
    if said:
        assert THREADS.send(ACCOUNT, OUT) == Receipt("m1")
        return
    with pytest.raises(SendFailed) as failed:
        THREADS.send(ACCOUNT, OUT)
    assert not failed.value.permanent
    assert not any(call.request.url.path.endswith("threads_publish") for call in web.calls)


@pytest.mark.parametrize(
    ("code", "subcode", "permanent", "blames"),
    [
        (190, 463, True, "account"),
        (10, 0, True, "account"),
        (100, 33, True, "way"),
        (4, 2207042, False, "message"),
        (24, 4279009, False, "message"),
        (100, 0, True, "message"),
    ],
)
def test_each_refusal_holds_for_what_it_should(
    web: respx.MockRouter, code: int, subcode: int, permanent: bool, blames: str
) -> None:
    error = {"code": code, "error_subcode": subcode, "message": TOKEN}
    for path in ("threads", "threads_publish"):
        web.post(f"{GRAPH}/me/threads").respond(json={"id": "c1"})
        web.post(f"{GRAPH}/me/{path}").respond(400, json={"error": error})
        with pytest.raises(SendFailed) as failed:
            THREADS.send(ACCOUNT, OUT)
        assert (failed.value.permanent, failed.value.blames) == (permanent, blames)
        assert TOKEN not in failed.value.reason


def test_under_the_threads_of_others_a_missing_permission_closes_only_the_way(web: respx.MockRouter) -> None:
    web.post(f"{GRAPH}/me/threads").respond(403, json={"error": {"code": 10}})
    with pytest.raises(SendFailed) as failed:
        THREADS.send(ACCOUNT, replace(OUT, answer_at={"thread": "5", "mention": True}))
    assert failed.value.blames == "way"


@pytest.mark.parametrize("out", [replace(OUT, way="direct"), replace(OUT, answer_at={}, in_reply_to="", root_id="")])
def test_what_cannot_be_said_this_way_is_refused(web: respx.MockRouter, out: Outbound) -> None:
    with pytest.raises(SendFailed) as failed:
        THREADS.send(ACCOUNT, out)
    assert failed.value.blames == "way" and not web.calls


def test_our_reply_is_found_where_it_stands(web: respx.MockRouter) -> None:
    at = seconds(1_000_003).isoformat()
    rows = [{"id": "x", "username": "siti"}, {"id": "m1", "username": "Dinas.Contoh"}]
    listed = [{**row, "text": "Sudah diperbaiki.", "timestamp": at} for row in rows]
    web.get(f"{GRAPH}/5/replies").respond(json={"data": listed})
    assert THREADS.read_back(ACCOUNT, OUT) == Receipt("m1")
    web.get(f"{GRAPH}/5/replies").respond(json={"data": listed[:1]})
    assert THREADS.read_back(ACCOUNT, OUT) is None
