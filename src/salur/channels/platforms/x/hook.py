"""Hooks of X: the challenge-response check, and the signature over the exact bytes of a delivery.

Source: X documentation, "Webhooks: Introduction" and "Webhooks: Quickstart" (CRC, signature header).
"""

import base64
import hashlib
import hmac
import json
import re
from urllib.parse import parse_qs

from salur.channels.hooks import Answer, HookRequest, Keep, Refused, body_key, same, secrets_of
from salur.channels.ports import AccountView

SIGNATURE = b"x-twitter-webhooks-signature"
_CHALLENGE = re.compile(rb"[A-Za-z0-9+/=_.-]{1,200}")
"""What a challenge may consist of. The same key signs challenges and deliveries, so nothing is ever both: what could be
a challenge is no delivery (an event is a JSON object), and what is none is not signed for whoever asks."""


def verify(account: AccountView, request: HookRequest) -> Keep | Answer:
    """Answer a CRC, or keep a signed delivery under a hash of its body; raises Refused.

    A CRC is answered with the present secret only; a delivery may still be signed with the one before it.
    """
    secrets = secrets_of(account.credentials, "consumer_secret", request.now)
    if not secrets:
        raise Refused("no_secret")
    if request.method == "GET":
        return _crc(request, secrets[0])
    if request.method != "POST":
        raise Refused("wrong_method", 405)
    wanted = [sign(secret, request.body).encode() for secret in secrets]
    if not same(request.headers.get(SIGNATURE, b""), *wanted):
        raise Refused("bad_signature")
    if _CHALLENGE.fullmatch(request.body):
        raise Refused("malformed", 400)
    return Keep(body_key(request.body))


def sign(secret: bytes, message: bytes) -> str:
    """`sha256=` and the base64 of HMAC-SHA256, as X writes both signatures and answers to a challenge."""
    return "sha256=" + base64.b64encode(hmac.digest(secret, message, hashlib.sha256)).decode()


def _crc(request: HookRequest, secret: bytes) -> Answer:
    try:
        given = parse_qs(request.query.decode("ascii", "replace").replace("+", "%2B"), max_num_fields=20)
    except ValueError:
        raise Refused("bad_handshake", 400) from None
    asked = given.get("crc_token", [""])[0].encode()
    if not _CHALLENGE.fullmatch(asked):
        raise Refused("bad_handshake", 400)
    answer = json.dumps({"response_token": sign(secret, asked)})
    return Answer(200, answer.encode(), "application/json")
