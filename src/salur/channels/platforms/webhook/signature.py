"""The Standard Webhooks scheme: `v1,` and base64 of HMAC-SHA256 over id.timestamp.body. Pure."""

import base64
import binascii
import hashlib
import hmac

TOLERANCE = 300


def key_of(secret: bytes) -> bytes:
    """The key in a secret: what follows `whsec_` is base64; a secret without it is the key itself."""
    if not secret.startswith(b"whsec_"):
        return secret
    try:
        return base64.b64decode(secret.removeprefix(b"whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def sign(secret: bytes, message_id: bytes, timestamp: bytes, body: bytes) -> bytes:
    """The value of webhook-signature; b"" for a secret that holds no key."""
    key = key_of(secret)
    if not key:
        return b""
    made = hmac.new(key, b".".join((message_id, timestamp, body)), hashlib.sha256).digest()
    return b"v1," + base64.b64encode(made)
