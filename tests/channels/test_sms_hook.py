"""Who may call the hook of a modem: nobody, until it has a secret to sign with."""

import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.channels.hooks import HookRequest, Keep, Refused
from salur.channels.platforms.sms.adapter import SmsPlatform
from salur.channels.ports import AccountView

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC).timestamp()
BODY = b'{"id":"x1","event":"sms:received","payload":{}}'
STAMP = str(int(NOW)).encode()


def modem(**credentials: str) -> AccountView:
    return AccountView(1, "sms", "+6272112345", {"mode": "gammu"}, credentials, hook_url="https://salur.test/hooks/x")


def call(method: str, key: str, body: bytes = BODY) -> HookRequest:
    """A call that signs as the telephone does, with this key."""
    signature = hmac.new(key.encode(), body + STAMP, hashlib.sha256).hexdigest().encode()
    headers = {b"x-timestamp": STAMP, b"x-signature": signature}
    return HookRequest(method, "", b"", headers, body, "https://salur.test/hooks/x", NOW)


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"signing_secret": ""},
        {"username": "u", "password": "rahasia"},
        {"signing_secret": "", "signing_secret_previous": "lama", "signing_secret_previous_until": str(NOW + 60)},
    ],
)
def test_a_modem_without_a_secret_has_no_hook(method: str, credentials: dict[str, str]) -> None:
    for key in ("", "rahasia", "lama"):
        with pytest.raises(Refused) as refused:
            SmsPlatform().verify(modem(**credentials), call(method, key))
        assert (refused.value.reason, refused.value.status) == ("no_hook", 404)


@given(st.binary(max_size=60), st.sampled_from(["", "gammu", "entah", None]), st.text(max_size=8))
def test_no_body_and_no_mode_that_nobody_knows_opens_it(body: bytes, mode: str | None, key: str) -> None:
    account = AccountView(1, "sms", "+6272112345", {"mode": mode}, {}, hook_url="https://salur.test/hooks/x")
    signed = call("POST", key.encode("ascii", "ignore").decode(), body)
    with pytest.raises(Refused, match="no_hook"):
        SmsPlatform().verify(account, signed)


def test_a_modem_with_a_secret_is_heard_when_it_signs_and_refused_when_it_does_not() -> None:
    account = modem(signing_secret="k")
    assert SmsPlatform().verify(account, call("POST", "k")) == Keep("event:x1")
    with pytest.raises(Refused, match="bad_signature"):
        SmsPlatform().verify(account, call("POST", "lain"))
    with pytest.raises(Refused, match="wrong_method"):
        SmsPlatform().verify(account, call("GET", "k"))
