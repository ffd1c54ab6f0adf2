"""What the gate answers, ready to be sent: an ASGI start and body, built once for each."""

from functools import lru_cache
from typing import Any

Answered = tuple[dict[str, Any], dict[str, Any]]
RETRY_AFTER = 5
"""Seconds after which a sender may come back."""


@lru_cache(maxsize=256)
def answer(status: int, body: bytes = b"", content_type: str = "text/plain", *more: tuple[bytes, bytes]) -> Answered:
    """An answer with its length told: without, some senders take it for a failure and send again."""
    # A line break from outside would begin another header.
    named = content_type if content_type.isascii() and content_type.isprintable() else "application/octet-stream"
    headers = [(b"content-type", named.encode()), (b"content-length", str(len(body)).encode()), *more]
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": body},
    )


_END = (b"connection", b"close")
NOWHERE = answer(404)
WRONG_METHOD = answer(405, b"", "text/plain", (b"allow", b"GET, POST, PUT"))
TOO_SLOW = answer(408, b"", "text/plain", _END)
TOO_LARGE = answer(413, b"", "text/plain", _END)
MALFORMED = answer(400)
COME_BACK = answer(503, b"", "text/plain", (b"retry-after", str(RETRY_AFTER).encode()))
