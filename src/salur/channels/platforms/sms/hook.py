"""Who calls the hook: the telephone with the app SMS Gateway, or the carrier. Pure."""

import base64
import hashlib
import hmac
import json
import re
from urllib.parse import parse_qsl

from salur.channels.hooks import HookRequest, Keep, Refused, body_key, same, secrets_of
from salur.channels.platforms.loose import ident
from salur.channels.ports import AccountView

# A telephone's clock may be off by minutes; a repeated delivery is dropped by its key anyway.
TOLERANCE = 900
# Anything but an empty TwiML document would be sent to the citizen as a text message.
_SILENCE = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
_FORM = "application/x-www-form-urlencoded"


def verify(account: AccountView, request: HookRequest) -> Keep:
    """By the account's mode. A modem calls only where its RunOnReceive signs as the telephone does. Raises Refused."""
    mode = mode_of(account)
    if mode == "gammu" and not account.credentials.get("signing_secret"):
        raise Refused("no_hook", 404)
    if request.method != "POST":
        raise Refused("wrong_method", 405)
    return _carrier(account, request) if mode == "twilio" else _telephone(account, request)


def mode_of(account: AccountView) -> str:
    """gammu, android or twilio."""
    mode = account.settings.get("mode")
    return mode if mode in ("android", "twilio") else "gammu"


def _telephone(account: AccountView, request: HookRequest) -> Keep:
    """X-Signature: hex HMAC-SHA256 over the body and X-Timestamp (capcom6/android-sms-gateway, webhooks)."""
    stamp = request.headers.get(b"x-timestamp", b"")
    given = request.headers.get(b"x-signature", b"").lower()
    keys = secrets_of(account.credentials, "signing_secret", request.now)
    if not same(given, *(hmac.new(key, request.body + stamp, hashlib.sha256).hexdigest().encode() for key in keys)):
        raise Refused
    if not re.fullmatch(rb"\d{1,12}", stamp) or abs(request.now - int(stamp)) > TOLERANCE:
        raise Refused("stale")
    try:
        event = ident(json.loads(request.body), "id")
    except (ValueError, RecursionError):
        event = ""
    return Keep(f"event:{event}" if event else body_key(request.body))


def _carrier(account: AccountView, request: HookRequest) -> Keep:
    """X-Twilio-Signature: base64 HMAC-SHA1 over the called address and the sorted fields (Twilio, Security)."""
    fields = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    signed = request.url + "".join(name + value for name, value in sorted(set(fields)))
    keys = secrets_of(account.credentials, "auth_token", request.now)
    wanted = (base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha1).digest()) for key in keys)
    if not same(request.headers.get(b"x-twilio-signature", b""), *wanted):
        raise Refused
    found = dict(fields)
    number, state = found.get("MessageSid") or found.get("SmsSid", ""), found.get("MessageStatus", "")
    return Keep(f"{number}:{state}" if number else body_key(request.body), _FORM, _SILENCE, "text/xml")
