"""The common way out: what an answer means for a sending, whether it was done, and whom a refusal holds for."""

import httpx
import pytest
import respx

from salur.channels.outside import Outside, Reply, Verdict, by_status
from salur.channels.ports import AccountView, Outbound, SendFailed, SendUncertain
from salur.channels.registry import PLATFORMS

HOST = "https://lapor.test"
ACCOUNT = AccountView(id=1, platform="uji", address="akun")


def told(answer: httpx.Response, verdict: Verdict | None = None, **how: bool) -> SendFailed | SendUncertain:
    """What `say` raises for this answer, judged by its status or by this verdict."""

    def judge(reply: Reply) -> Verdict | None:
        return verdict or by_status(reply)

    with respx.mock:
        respx.post(f"{HOST}/said").mock(return_value=answer)
        with pytest.raises((SendFailed, SendUncertain)) as raised:
            Outside(ACCOUNT, HOST, judge).say("POST", "/said", **how)
    assert isinstance(raised.value, SendFailed | SendUncertain)
    return raised.value


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_fails_may_have_done_it(status: int) -> None:
    doubt = told(httpx.Response(status), traced=True)
    assert isinstance(doubt, SendUncertain) and doubt.copy_expected


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(429), httpx.Response(503, headers={"Retry-After": "30"}), httpx.Response(408)],
    ids=["429", "503 with Retry-After", "408"],
)
def test_who_asks_to_wait_did_nothing(answer: httpx.Response) -> None:
    refusal = told(answer)
    assert isinstance(refusal, SendFailed) and not refusal.permanent
    assert refusal.after == (30 if answer.status_code == 503 else None)


def test_a_wait_beside_another_failure_proves_nothing() -> None:
    assert isinstance(told(httpx.Response(502, headers={"Retry-After": "30"})), SendUncertain)


@pytest.mark.parametrize(
    "verdict",
    [Verdict("retry", "asks us to wait", after=60), Verdict("retry", "not taken", undone=True)],
    ids=["a wait of the platform's own", "documented"],
)
def test_a_platform_that_tells_that_it_did_nothing_is_believed(verdict: Verdict) -> None:
    assert isinstance(told(httpx.Response(500), verdict), SendFailed)


def test_a_success_that_tells_of_a_passing_failure_is_uncertain() -> None:
    assert isinstance(told(httpx.Response(200), Verdict("retry", "cannot be read")), SendUncertain)


def test_a_side_that_keeps_our_key_is_simply_asked_again() -> None:
    refusal = told(httpx.Response(500), repeatable=True)
    assert isinstance(refusal, SendFailed) and not refusal.permanent


def test_a_limit_of_one_person_blames_that_person_and_passes() -> None:
    refusal = told(httpx.Response(400), Verdict("retry_recipient", "too much", after=16))
    assert isinstance(refusal, SendFailed)
    assert (refusal.blames, refusal.permanent, refusal.after) == ("recipient", False, 16)


@respx.mock
@pytest.mark.parametrize(
    ("code", "certain"), [(131000, True), (131016, True), (130429, True), (131056, True), (1, False), (2, False)]
)
def test_whatsapp_s_own_codes_tell_that_it_was_not_taken(code: int, certain: bool) -> None:
    respx.post(url__regex=r".*/messages").respond(500, json={"error": {"code": code, "message": "x"}})
    account = AccountView(id=1, platform="whatsapp", address="8199681297034", credentials={"access_token": "rahasia"})
    with pytest.raises(SendFailed if certain else SendUncertain):
        PLATFORMS["whatsapp"].send(account, Outbound("k1", "628111", "Halo", way="direct"))
