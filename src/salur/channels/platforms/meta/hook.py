"""Hooks of Meta: the handshake, and the signature over the exact bytes of a delivery.

Source: Graph API, "Webhooks: Getting Started" (verification requests, event notifications).
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from urllib.parse import parse_qs

from salur.channels.hooks import Answer, HookRequest, Keep, Refused, body_key, same, secrets_of
from salur.channels.ports import AccountView

_CHALLENGE = re.compile(r"[A-Za-z0-9_.~-]{1,200}")
_SIGNATURE = b"x-hub-signature-256"


def verify(account: AccountView, request: HookRequest, secrets: Sequence[str] = ("app_secret",)) -> Keep | Answer:
    """Answer a handshake, or keep a signed delivery under a hash of its body; raises Refused.

    `secrets` are the names of the credentials that may sign: an app has one secret, one for Instagram Login another.
    """
    if request.method == "GET":
        return _handshake(account, request)
    if request.method != "POST":
        raise Refused("wrong_method", 405)
    keys = [key for name in secrets for key in secrets_of(account.credentials, name, request.now)]
    wanted = [b"sha256=" + hmac.digest(key, request.body, hashlib.sha256).hex().encode() for key in keys]
    if not same(request.headers.get(_SIGNATURE, b""), *wanted):
        raise Refused("bad_signature")
    return Keep(body_key(request.body))


def _handshake(account: AccountView, request: HookRequest) -> Answer:
    try:
        asked = parse_qs(request.query.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise Refused("bad_handshake", 400) from None
    mode, token, challenge = (asked.get(f"hub.{name}", [""])[0] for name in ("mode", "verify_token", "challenge"))
    if mode != "subscribe" or not _CHALLENGE.fullmatch(challenge):
        raise Refused("bad_handshake", 400)
    if not same(token.encode(), *secrets_of(account.credentials, "verify_token", request.now)):
        raise Refused("bad_verify_token")
    return Answer(200, challenge.encode())
