"""Every signature scheme by its published vectors, at the platforms that use it; rotation, staleness, and wrong bytes.

`SCHEMES` says which platforms answer for which scheme. A platform with hooks that answers for none fails here.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.channels.shaken import PAYLOADS, load

from salur.channels.hooks import Answer, HookRequest, Keep, Refused
from salur.channels.ports import AccountView
from salur.channels.registry import PLATFORMS
from salur.intake.watch import UNSIGNED

VECTORS: list[dict[str, Any]] = load(PAYLOADS / "_signatures" / "vectors.json")
SCHEMES: dict[str, tuple[str, ...]] = {
    "meta": ("facebook", "instagram", "threads", "whatsapp"),
    "x_crc": ("x",),
    "x_webhook": ("x",),
    "telegram": ("telegram",),
    "tiktok": ("tiktok",),
    "twilio": ("sms",),
    "smsgate": ("sms",),
    "standard-webhooks": ("webhook",),
    "matrix_as": ("matrix",),
}
SECRET_NAMES = {
    "meta": "app_secret",
    "x_crc": "consumer_secret",
    "x_webhook": "consumer_secret",
    "telegram": "hook_secret",
    "tiktok": "client_secret",
    "twilio": "auth_token",
    "smsgate": "signing_secret",
    "standard-webhooks": "signing_secret",
    "matrix_as": "hs_token",
}
HEADERS = {"twilio": "X-Twilio-Signature", "standard-webhooks": "webhook-signature"}
MODES = {"twilio": {"mode": "twilio"}, "smsgate": {"mode": "android"}}
TOLERANCE = {"tiktok": 300, "standard-webhooks": 300, "smsgate": 900}
"""Seconds a signed instant may lie in the past, where the scheme signs one."""

CASES = [
    pytest.param(name, vector, id=f"{name}-{number}-{vector['scheme']}")
    for number, vector in enumerate(VECTORS)
    for name in SCHEMES[vector["scheme"]]
]
VALID = [case for case in CASES if case.values[1]["valid"]]  # type: ignore[index]  # (name, vector)
SIGNED = [case for case in VALID if case.values[1]["scheme"] != "x_crc"]  # type: ignore[index]


def signed_at(vector: dict[str, Any]) -> float:
    """The instant a vector was made at, so that it is fresh."""
    if vector["scheme"] == "tiktok":
        return float(vector["value"].split(",")[0].removeprefix("t="))
    stamps = [value for name, value in vector.get("headers", {}).items() if name.lower().endswith("timestamp")]
    return float(stamps[0]) if stamps else 1_800_000_000.0


def request_of(vector: dict[str, Any]) -> HookRequest:
    """The request that a platform would make with this vector."""
    if vector["scheme"] == "x_crc":
        return HookRequest("GET", "", f"crc_token={vector['body']}".encode(), {}, b"", "https://x.test/", 1.8e9)
    headers = {name.lower().encode(): value.encode() for name, value in vector.get("headers", {}).items()}
    header = vector["header"] if "header" in vector else HEADERS[vector["scheme"]]
    if header:
        headers[header.lower().encode()] = vector["value"].encode()
    body = urlencode(vector["form"]).encode() if "form" in vector else vector["body"].encode()
    suffix = "/_matrix/app/v1/transactions/1" if vector["scheme"] == "matrix_as" else ""
    method = "PUT" if suffix else "POST"
    return HookRequest(method, suffix, b"", headers, body, vector.get("url", "https://x.test/"), signed_at(vector))


def account_of(name: str, scheme: str, **credentials: str) -> AccountView:
    return AccountView(1, name, "1", MODES.get(scheme, {}), credentials)


def verify(name: str, vector: dict[str, Any], request: HookRequest, **credentials: str) -> Keep | Answer:
    return PLATFORMS[name].verify(account_of(name, vector["scheme"], **credentials), request)


def test_every_platform_with_hooks_answers_for_a_scheme() -> None:
    named = {name for names in SCHEMES.values() for name in names}
    assert {name for name, platform in PLATFORMS.items() if platform.capabilities.hooks} == named
    assert {vector["scheme"] for vector in VECTORS} == set(SCHEMES) == set(SECRET_NAMES)


@pytest.mark.parametrize(("name", "vector"), CASES)
def test_a_vector_is_taken_or_refused_as_published(name: str, vector: dict[str, Any]) -> None:
    secret = {SECRET_NAMES[vector["scheme"]]: vector["secret"]}
    if not vector["valid"]:
        with pytest.raises(Refused) as refused:
            verify(name, vector, request_of(vector), **secret)
        assert refused.value.status == 401
        return
    found = verify(name, vector, request_of(vector), **secret)
    if vector["scheme"] == "x_crc":
        assert isinstance(found, Answer) and vector["value"].encode() in found.body
    else:
        assert isinstance(found, Keep) and found.external_id


@pytest.mark.parametrize(("name", "vector"), SIGNED)
def test_while_a_secret_is_rotated_both_are_good_and_then_only_the_new(name: str, vector: dict[str, Any]) -> None:
    secret, request = SECRET_NAMES[vector["scheme"]], request_of(vector)
    rotated = {
        secret: "whsec_bmV3IHNlY3JldCBmb3IgdGVzdHM=" if vector["scheme"] == "standard-webhooks" else "the-new-one",
        f"{secret}_previous": vector["secret"],
    }
    until = {f"{secret}_previous_until": str(request.now + 60)}
    assert isinstance(verify(name, vector, request, **rotated, **until), Keep)
    over = {f"{secret}_previous_until": str(request.now - 1)}
    with pytest.raises(Refused):
        verify(name, vector, request, **rotated, **over)
    with pytest.raises(Refused):
        verify(name, vector, request)  # an account without any secret believes nobody


@pytest.mark.parametrize(("name", "vector"), SIGNED)
def test_another_secret_and_a_missing_header_are_refused(name: str, vector: dict[str, Any]) -> None:
    request = request_of(vector)
    with pytest.raises(Refused):
        verify(name, vector, request, **{SECRET_NAMES[vector["scheme"]]: "another"})
    with pytest.raises(Refused):
        verify(name, vector, replace(request, headers={}), **{SECRET_NAMES[vector["scheme"]]: vector["secret"]})


@pytest.mark.parametrize(("name", "vector"), SIGNED)
def test_changed_bytes_are_refused_where_the_body_is_signed(name: str, vector: dict[str, Any]) -> None:
    if vector["scheme"] in ("telegram", "matrix_as"):
        return  # a shared word says who calls; nothing is signed
    request = request_of(vector)
    with pytest.raises(Refused):
        changed = replace(request, body=request.body + b"&x=1")
        verify(name, vector, changed, **{SECRET_NAMES[vector["scheme"]]: vector["secret"]})


@pytest.mark.parametrize(("name", "vector"), [case for case in SIGNED if case.values[1]["scheme"] in TOLERANCE])  # type: ignore[index]
def test_a_signature_ages(name: str, vector: dict[str, Any]) -> None:
    secret = {SECRET_NAMES[vector["scheme"]]: vector["secret"]}
    request, most = request_of(vector), TOLERANCE[vector["scheme"]]
    for late in (-most + 1, most - 1):
        assert isinstance(verify(name, vector, replace(request, now=request.now + late), **secret), Keep)
    for late in (-most - 1, most + 1):
        with pytest.raises(Refused) as refused:
            verify(name, vector, replace(request, now=request.now + late), **secret)
        assert refused.value.reason in UNSIGNED, "the alarm counts it"


def test_a_standard_webhook_may_carry_several_signatures() -> None:
    (vector,) = (one for one in VECTORS if one["scheme"] == "standard-webhooks")
    request = request_of(vector)
    several = b"v1,AAAA v2,whatever " + vector["value"].encode()
    request = replace(request, headers={**request.headers, b"webhook-signature": several})
    assert isinstance(verify("webhook", vector, request, signing_secret=vector["secret"]), Keep)
