"""What passes between the gate and a platform's `verify`. Pure; on the hot path, so nothing here is clever."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HookRequest:
    """One request to a hook. `suffix` is the path behind the account's key, `headers` have lower-case names.

    `url` is the public address that was called, query included; `now` are unix seconds.
    """

    method: str
    suffix: str
    query: bytes
    headers: Mapping[bytes, bytes]
    body: bytes
    url: str
    now: float


@dataclass(frozen=True, slots=True)
class Keep:
    """It is genuine: store the body under this dedupe key and, once that is committed, answer 200 with `answer`."""

    external_id: str
    content_type: str = "application/json"
    answer: bytes = b"ok"
    answer_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Answer:
    """Nothing to store (a handshake): answer at once."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain"


class Refused(Exception):
    """Not genuine or not acceptable. `reason` is a word to count by; nothing of the request is ever logged.

    401 for a bad or missing signature, 400 for a malformed request, 404 and 405 where there is nothing.
    """

    def __init__(self, reason: str = "bad_signature", status: int = 401) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


def secrets_of(credentials: Mapping[str, str], name: str, now: float) -> tuple[bytes, ...]:
    """The secrets in force under a name: the present one and, until its end, the one before it.

    A rotation keeps the old secret as `<name>_previous` until `<name>_previous_until` (unix seconds): a platform goes
    on signing with it for a while.
    """
    found = [credentials.get(name, "")]
    if now < float(credentials.get(f"{name}_previous_until") or 0):
        found.append(credentials.get(f"{name}_previous", ""))
    return tuple(one.encode() for one in found if one)


def same(given: bytes, *wanted: bytes) -> bool:
    """Whether the given value is one of the wanted, in constant time for each. False where none is wanted."""
    found = False
    for one in wanted:
        found |= hmac.compare_digest(given, one)
    return found


def body_key(body: bytes) -> str:
    """The dedupe key of a hook that brings none of its own: 27 characters that only the same bytes give again."""
    return base64.urlsafe_b64encode(hashlib.blake2b(body, digest_size=20).digest()).rstrip(b"=").decode()
