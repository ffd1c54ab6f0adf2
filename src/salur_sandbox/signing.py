"""How each vendor signs what it sends, from the vendors' own words. Written apart from whoever checks it."""

import base64
import hashlib
import hmac
import json
from typing import Any


def meta_body(data: Any) -> bytes:
    """JSON the way Meta sends it: non-ASCII as lower-case \\uXXXX, slashes escaped (graph-api/webhooks)."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def meta(secret: str, body: bytes) -> str:
    """X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def x(secret: str, message: bytes) -> str:
    """x-twitter-webhooks-signature, and the answer to a CRC token."""
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def tiktok(secret: str, body: bytes, at: int) -> str:
    """TikTok-Signature: t and s over "t.body"."""
    signed = str(at).encode() + b"." + body
    return f"t={at},s={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
