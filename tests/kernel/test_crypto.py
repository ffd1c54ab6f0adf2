"""Secrets at rest, blind indexes and signed tokens."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from salur.kernel import crypto


@given(st.text())
def test_what_is_encrypted_is_read_back_and_never_readable_in_between(text: str) -> None:
    secret = crypto.encrypt(text)
    assert crypto.decrypt(secret) == text
    assert len(text) < 8 or text not in secret


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=30))
def test_only_our_own_tokens_are_believed(value: str) -> None:
    token = crypto.sign(value)
    assert crypto.unsign(token) == value
    assert crypto.unsign(token[:-1] + ("a" if token[-1] != "a" else "b")) is None
    assert crypto.unsign("x" + token) is None


@given(st.text())
def test_any_text_as_token_is_refused_quietly(text: str) -> None:
    assert crypto.unsign(text) is None


def test_a_new_key_reads_what_the_old_one_wrote() -> None:
    with override_settings(SALUR_KEYS=["lama"]):
        secret, index, token = crypto.encrypt("rahasia"), crypto.blind_index("a@b.id"), crypto.sign("x")
    with override_settings(SALUR_KEYS=["baru", "lama"]):
        assert crypto.decrypt(secret) == "rahasia"
        assert crypto.blind_index("A@b.id ") == index
        assert crypto.unsign(token) == "x"
    with override_settings(SALUR_KEYS=["baru"]), pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(secret)
