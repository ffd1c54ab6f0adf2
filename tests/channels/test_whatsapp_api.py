"""WhatsApp: the exact requests we make, every row of its errors, and that no token stands in any text of ours."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx
from pywa import errors as oracle
from tests.channels.shaken import PAYLOADS

from salur.channels.hooks import Answer, HookRequest, Keep, Refused
from salur.channels.platforms.whatsapp.adapter import WhatsAppPlatform
from salur.channels.platforms.whatsapp.errors import ROWS
from salur.channels.ports import (
    AccountView,
    Download,
    FetchFailed,
    MediaRef,
    Outbound,
    Receipt,
    SendFailed,
    SendUncertain,
)

WHATSAPP = WhatsAppPlatform()
HOOK = "https://salur.example/hooks/whatsapp/abc"
ACCOUNT = AccountView(
    1,
    "whatsapp",
    "8199681297034",
    {"waba_id": "555", "app_id": "777"},
    {"access_token": "rahasia-akses", "app_secret": "app_secret", "verify_token": "rahasia-cocok"},
    HOOK,
)
OUT = Outbound("kunci-1", "628111", "Terima kasih", way="direct", in_reply_to="wamid.1")


@pytest.fixture
def graph() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url="https://graph.facebook.com/v25.0") as router:
        yield router


def body(call: Any) -> Any:
    return json.loads(call.request.content)


def harmless(text: str) -> None:
    assert not re.search("rahasia|628111", text)


def taken(graph: respx.MockRouter) -> respx.Route:
    answer = {"messaging_product": "whatsapp", "contacts": [], "messages": [{"id": "wamid.9"}]}
    return graph.post("/8199681297034/messages").respond(json=answer)


def test_a_text_quotes_what_it_answers_and_carries_our_key(graph: respx.MockRouter) -> None:
    route = taken(graph)
    assert WHATSAPP.send(ACCOUNT, OUT) == Receipt("wamid.9")
    assert body(route.calls[0]) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+628111",
        "type": "text",
        "text": {"preview_url": False, "body": "Terima kasih"},
        "context": {"message_id": "wamid.1"},
        "biz_opaque_callback_data": "kunci-1",
    }
    assert route.calls[0].request.headers["authorization"] == "Bearer rahasia-akses"


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        (Outbound("k", "ID.1349", "x", way="direct"), {"recipient_type": "individual", "recipient": "ID.1349"}),
        (
            Outbound("k", "628111", "x", way="direct", answer_at={"group": "829"}),
            {"recipient_type": "group", "to": "829"},
        ),
    ],
)
def test_people_without_a_number_and_groups(graph: respx.MockRouter, out: Outbound, expected: dict[str, str]) -> None:
    route = taken(graph)
    WHATSAPP.send(ACCOUNT, out)
    sent = body(route.calls[0])
    assert {name: sent.get(name) for name in expected} == expected
    assert ("to" in sent) is ("to" in expected)


def test_a_template_has_our_words_as_its_one_parameter(graph: respx.MockRouter) -> None:
    route = taken(graph)
    template = {"name": "kabar_laporan", "language": "id", "text": "Baris satu\n\nbaris   dua"}
    WHATSAPP.send(ACCOUNT, Outbound("k", "628111", "…", way="template", template=template))
    sent = body(route.calls[0])
    assert (sent["type"], "text" in sent) == ("template", False)
    assert sent["template"] == {
        "name": "kabar_laporan",
        "language": {"code": "id"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Baris satu baris dua"}]}],
    }


@pytest.mark.parametrize(
    "out",
    [
        Outbound("k", "628111", "t", way="public_reply"),
        Outbound("k", "628111", "t", way="template"),
        Outbound("k", "", "t", way="direct"),
    ],
)
def test_what_cannot_be_said_this_way_closes_it(out: Outbound) -> None:
    with pytest.raises(SendFailed) as failed:
        WHATSAPP.send(ACCOUNT, out)
    assert (failed.value.permanent, failed.value.blames) == (True, "way")


RETRY = (4, 80007, 130429, 131048, 133016, 131000, 131016, 131057, 1, 2, 131053)
RECIPIENT = (131026, 131030, 131050, 131021)
STOPPED = (131031, 131042, 131045, 368, 0, 190, 3, 10, 200, 299)
ERRORS = [
    *((code, False, "message") for code in RETRY),
    *((code, True, "recipient") for code in RECIPIENT),
    *((code, True, "account") for code in STOPPED),
    (131056, False, "recipient"),
    (131047, True, "way"),
    (131062, True, "way"),
    (132001, True, "way"),
    (131009, True, "message"),
]


@pytest.mark.parametrize(("code", "permanent", "blames"), ERRORS)
def test_each_row_of_the_errors(graph: respx.MockRouter, code: int, permanent: bool, blames: str) -> None:
    error = {"message": "(#1) rahasia 628111", "type": "OAuthException", "code": code, "fbtrace_id": "x"}
    graph.post("/8199681297034/messages").respond(400, json={"error": error})
    with pytest.raises(SendFailed) as failed:
        WHATSAPP.send(ACCOUNT, OUT)
    assert (failed.value.permanent, failed.value.blames) == (permanent, blames)
    assert failed.value.code == str(code)
    harmless(str(failed.value))


@pytest.mark.parametrize(
    ("name", "permanent", "blames"),
    [("error_rate_limit_130429.json", False, "message"), ("error_reengagement_131047.json", True, "way")],
)
def test_the_errors_of_the_corpus(graph: respx.MockRouter, name: str, permanent: bool, blames: str) -> None:
    answer = json.loads((PAYLOADS / "whatsapp" / name).read_text())
    graph.post("/8199681297034/messages").respond(400, json=answer)
    with pytest.raises(SendFailed) as failed:
        WHATSAPP.send(ACCOUNT, OUT)
    assert (failed.value.permanent, failed.value.blames) == (permanent, blames)


def test_our_table_knows_the_throttles_of_another_library() -> None:
    throttles = {code for kind in oracle.ThrottlingError.__subclasses__() for code in kind.__error_codes__ or ()}
    assert throttles
    assert {ROWS[code][0] for code in throttles} <= {"retry", "retry_recipient"}


def test_a_busy_pair_waits_a_while(graph: respx.MockRouter) -> None:
    graph.post("/8199681297034/messages").respond(400, json={"error": {"code": 131056}})
    with pytest.raises(SendFailed) as failed:
        WHATSAPP.send(ACCOUNT, OUT)
    assert failed.value.after == 16


def test_a_lost_answer_can_never_be_disproved(graph: respx.MockRouter) -> None:
    graph.post("/8199681297034/messages").mock(side_effect=httpx.ReadTimeout("rahasia"))
    with pytest.raises(SendUncertain) as lost:
        WHATSAPP.send(ACCOUNT, OUT)
    assert not lost.value.copy_expected
    harmless(str(lost.value))
    with pytest.raises(FetchFailed):
        WHATSAPP.read_back(ACCOUNT, OUT)
    assert not WHATSAPP.capabilities.can_read_back
    assert list(WHATSAPP.fetch_since(ACCOUNT, {})) == []
    graph.post("/8199681297034/messages").respond(json={})
    with pytest.raises(SendUncertain):
        WHATSAPP.send(ACCOUNT, OUT)


def test_near_the_limit_the_account_is_left_in_peace(graph: respx.MockRouter) -> None:
    answer = {"messages": [{"id": "wamid.9"}]}
    usage = {"x-app-usage": '{"call_count": 90, "total_time": 10, "total_cputime": 5}'}
    graph.post("/8199681297034/messages").respond(json=answer, headers=usage)
    assert WHATSAPP.send(ACCOUNT, OUT).slow_down > 0


def test_a_file_is_fetched_with_our_token_from_an_address_of_five_minutes(graph: respx.MockRouter) -> None:
    graph.get("/11419679").respond(json={"url": "https://lookaside.fbsbx.com/a", "mime_type": "image/jpeg"})
    found = WHATSAPP.locate(ACCOUNT, MediaRef("image", media_id="11419679"))
    assert found == Download("https://lookaside.fbsbx.com/a", {"authorization": "Bearer rahasia-akses"})
    graph.get("/11419679").respond(404, json={"error": {"code": 100, "error_subcode": 33}})
    with pytest.raises(FetchFailed):
        WHATSAPP.locate(ACCOUNT, MediaRef("image", media_id="11419679"))
    with pytest.raises(FetchFailed):
        WHATSAPP.locate(ACCOUNT, MediaRef("image", url="https://elsewhere.example/a"))


def well(graph: respx.MockRouter, hook: str = HOOK) -> None:
    number = {"verified_name": "Dinas PU", "display_phone_number": "+62 811", "status": "CONNECTED"}
    graph.get("/8199681297034").respond(json=number)
    token = {"data": {"is_valid": True, "scopes": ["whatsapp_business_management", "whatsapp_business_messaging"]}}
    graph.get("/debug_token").respond(json=token)
    app = {"whatsapp_business_api_data": {"id": "777"}, "override_callback_uri": hook}
    graph.get("/555/subscribed_apps").respond(json={"data": [app]})


def test_a_probe_looks_at_number_token_and_hook(graph: respx.MockRouter) -> None:
    well(graph)
    found = WHATSAPP.probe(ACCOUNT)
    assert (found.ok, found.name, found.subscribed) == (True, "Dinas PU", True)
    well(graph, "https://lain.example/h")
    assert WHATSAPP.probe(ACCOUNT).subscribed is False
    graph.get("/8199681297034").respond(401, json={"error": {"code": 190, "message": "rahasia"}})
    dead = WHATSAPP.probe(ACCOUNT)
    assert not dead.ok
    harmless(dead.detail)


def test_subscribing_names_our_hook(graph: respx.MockRouter) -> None:
    well(graph)
    route = graph.post("/555/subscribed_apps").respond(json={"success": True})
    assert WHATSAPP.subscribe(ACCOUNT).subscribed
    assert body(route.calls[0]) == {"override_callback_uri": HOOK, "verify_token": "rahasia-cocok"}
    graph.post("/555/subscribed_apps").respond(400, json={"error": {"code": 100}})
    refused = WHATSAPP.subscribe(ACCOUNT)
    assert not refused.ok
    harmless(refused.detail)


def request(method: str, content: bytes = b"", query: bytes = b"", signature: str = "") -> HookRequest:
    headers = {b"x-hub-signature-256": signature.encode()} if signature else {}
    return HookRequest(method, "", query, headers, content, HOOK, 1_790_000_000.0)


def test_handshake_and_signature_are_those_of_meta() -> None:
    asked = b"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=rahasia-cocok"
    assert WHATSAPP.verify(ACCOUNT, request("GET", query=asked)) == Answer(200, b"1158201444")
    content = b'{"entry":[]}'
    signed = "sha256=" + hmac.new(b"app_secret", content, hashlib.sha256).hexdigest()
    assert isinstance(WHATSAPP.verify(ACCOUNT, request("POST", content, signature=signed)), Keep)
    for bad in (request("POST", content), request("POST", content + b" ", signature=signed)):
        with pytest.raises(Refused):
            WHATSAPP.verify(ACCOUNT, bad)
