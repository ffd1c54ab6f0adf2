"""Hooks of TikTok: the signature over time and exact bytes of a delivery.

Source: TikTok for Developers, "Webhooks: verification"; TikTok for Business signs in the same way.
"""

import hashlib
import hmac

from salur.channels.hooks import Answer, HookRequest, Keep, Refused, body_key, same, secrets_of
from salur.channels.ports import AccountView

SIGNATURE = b"tiktok-signature"
TOLERANCE = 300.0
"""Seconds by which a signature may be older or newer than now."""


def verify(account: AccountView, request: HookRequest) -> Keep | Answer:
    """Keep a signed delivery under a hash of its body; raises Refused for a stale or false one."""
    if request.method != "POST":
        raise Refused("wrong_method", 405)
    at, given = _parts(request.headers.get(SIGNATURE, b""))
    secrets = secrets_of(account.credentials, "client_secret", request.now)
    wanted = [hmac.digest(key, at + b"." + request.body, hashlib.sha256).hex().encode() for key in secrets]
    if not same(given, *wanted):
        raise Refused("bad_signature")
    if abs(request.now - int(at)) > TOLERANCE:
        raise Refused("stale")
    return Keep(body_key(request.body))


def _parts(header: bytes) -> tuple[bytes, bytes]:
    found = dict(piece.strip().partition(b"=")[::2] for piece in header.split(b",")[:10])
    at, given = found.get(b"t", b""), found.get(b"s", b"")
    if not at.isdigit() or len(at) > 12:
        raise Refused("bad_signature")
    return at, given
