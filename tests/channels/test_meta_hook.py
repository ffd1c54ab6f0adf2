"""Hooks of Meta: the handshake and the signature over the exact bytes, with two secrets while one is changed."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.meta_corpus import FACEBOOK, INSTAGRAM, THREADS

from salur.channels.hooks import Answer, HookRequest, Keep, Refused, body_key
from salur.channels.ports import AccountView, Platform

VECTORS = Path(__file__).parent / "payloads" / "_signatures" / "vectors.json"
META = [one for one in json.loads(VECTORS.read_text()) if one["scheme"] == "meta"]
ALL: list[Platform] = [FACEBOOK, INSTAGRAM, THREADS]
CREDENTIALS = {"app_secret": "geheim", "verify_token": "kata-sandi-1"}


def request(body: bytes = b"{}", signature: str | None = None, query: bytes = b"", method: str = "POST") -> HookRequest:
    headers = {} if signature is None else {b"x-hub-signature-256": signature.encode()}
    return HookRequest(method, "", query, headers, body, "https://salur.test/hooks/facebook/k", 1_000_000.0)


def signed(secret: str, body: bytes = b"{}") -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(platform: Platform, asked: HookRequest, **credentials: str) -> Keep | Answer | str:
    """What the hook says; the reason and status where it refuses."""
    try:
        return platform.verify(AccountView(1, "facebook", "1", credentials=CREDENTIALS | credentials), asked)
    except Refused as refused:
        return f"{refused.reason} {refused.status}"


@pytest.mark.parametrize("platform", ALL)
@pytest.mark.parametrize("vector", META, ids=lambda one: str(one.get("note"))[:40])
def test_the_signature_vectors(platform: Platform, vector: dict[str, str]) -> None:
    asked = request(vector["body"].encode(), vector["value"])
    found = verify(platform, asked, app_secret=vector["secret"])
    assert found == (Keep(body_key(asked.body)) if vector["valid"] else "bad_signature 401")


@pytest.mark.parametrize(
    ("secret", "until", "good"),
    [
        ("geheim", "", True),
        ("lama", "1000001", True),
        ("lama", "999999", False),
        ("lama", "", False),
        ("x", "9e9", False),
    ],
)
def test_while_a_secret_is_changed_the_old_one_signs_until_its_end(secret: str, until: str, good: bool) -> None:
    found = verify(
        FACEBOOK, request(signature=signed(secret)), app_secret_previous="lama", app_secret_previous_until=until
    )
    assert isinstance(found, Keep) is good


def test_instagram_is_signed_by_either_secret_of_the_app_and_facebook_by_one() -> None:
    asked = request(signature=signed("ig"))
    assert isinstance(verify(INSTAGRAM, asked, instagram_app_secret="ig"), Keep)
    assert verify(FACEBOOK, asked, instagram_app_secret="ig") == "bad_signature 401"


def test_without_a_secret_nothing_is_genuine() -> None:
    assert verify(FACEBOOK, request(signature=signed("")), app_secret="") == "bad_signature 401"
    assert verify(FACEBOOK, request(), app_secret="") == "bad_signature 401"


@given(st.binary(max_size=40), st.text(max_size=80))
def test_no_other_signature_opens_it(body: bytes, signature: str) -> None:
    if signature != signed("geheim", body):
        asked = HookRequest(
            "POST", "", b"", {b"x-hub-signature-256": signature.encode("utf-8", "replace")}, body, "", 0.0
        )
        assert verify(FACEBOOK, asked) == "bad_signature 401"


HELLO = b"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="


@pytest.mark.parametrize("platform", ALL)
def test_the_handshake_gives_back_the_bare_challenge(platform: Platform) -> None:
    assert verify(platform, request(method="GET", query=HELLO + b"kata-sandi-1")) == Answer(200, b"1158201444")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (HELLO + b"salah", "bad_verify_token 401"),
        (HELLO, "bad_verify_token 401"),
        (HELLO + b"%F0%9F%99%8F", "bad_verify_token 401"),
        (b"", "bad_handshake 400"),
        (b"hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=kata-sandi-1", "bad_handshake 400"),
        (b"hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=kata-sandi-1", "bad_handshake 400"),
        (b"&".join(b"a=1" for _ in range(100)), "bad_handshake 400"),
        (b"\xff\xfe", "bad_handshake 400"),
    ],
)
def test_a_bad_handshake_is_refused(query: bytes, told: str) -> None:
    assert verify(FACEBOOK, request(method="GET", query=query)) == told


def test_without_a_verify_token_of_our_own_no_handshake_succeeds() -> None:
    assert verify(FACEBOOK, request(method="GET", query=HELLO), verify_token="") == "bad_verify_token 401"


def test_another_method_is_refused() -> None:
    assert verify(FACEBOOK, request(method="PUT", signature=signed("geheim"))) == "wrong_method 405"
