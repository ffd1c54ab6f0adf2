"""The one way out to a platform's web interface: limits, redaction, and what an answer means for a sending. No Django.

Whatever goes wrong is said without address, token or content. A platform module gives a `Judge`: its table of errors.
"""

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx

from salur.channels.ports import AccountView, Blame, FetchFailed, SendFailed, SendUncertain

TIMEOUT = httpx.Timeout(20, connect=10)
LARGEST_ANSWER = 8_000_000
Action = Literal["retry", "retry_recipient", "stop_message", "stop_recipient", "stop_account", "close_way"]
BLAMES: dict[Action, Blame] = {
    "retry": "message",
    "retry_recipient": "recipient",
    "stop_message": "message",
    "stop_recipient": "recipient",
    "stop_account": "account",
    "close_way": "way",
}
PASSING: frozenset[Action] = frozenset({"retry", "retry_recipient"})
"""What may go through another time: of everybody, or of all but this one recipient."""


@dataclass(frozen=True)
class Verdict:
    """What a refusal means. `after` in seconds; `code` the platform's own; `reason` is safe to show.

    `undone`: the platform's documentation says of this code that nothing was done, whatever the status.
    """

    action: Action
    reason: str
    after: float | None = None
    code: str = ""
    undone: bool = False


@dataclass(frozen=True)
class Reply:
    """One answer of a platform: status, lower-case headers, and its JSON (None where the body is none)."""

    status: int
    headers: Mapping[str, str]
    data: Any = None
    text: str = field(default="", repr=False)

    @property
    def ok(self) -> bool:
        """Whether the status is a success."""
        return 200 <= self.status < 300


Judge = Callable[[Reply], Verdict | None]
"""None for a good answer; some platforms put an error into a 200."""


class Outside:
    """A platform's interface for one account. One short-lived connection a call; safe to share between threads.

    `base` is the address all paths stand under; an account's setting `api_base` replaces it (a test server, a proxy):
    https, or http to this machine only.
    """

    def __init__(
        self, account: AccountView, base: str, judge: Judge, *, headers: Mapping[str, str] | None = None, name: str = ""
    ) -> None:
        self.base = api_base(account) or base.rstrip("/")
        self.judge = judge
        self.headers = dict(headers or {})
        self.name = name or account.platform
        if not may_be_called(self.base):
            raise SendFailed(f"{self.name}: api_base must be https, or http to this machine", blames="account")

    def look(self, method: str, path: str, **how: Any) -> Any:
        """Ask for something, changing nothing; returns the JSON. Raises FetchFailed. `how` as httpx takes it."""
        try:
            reply = self._call(method, path, how)
        except httpx.HTTPError as error:
            raise FetchFailed(f"{self.name} cannot be reached ({type(error).__name__})") from None
        verdict = self.judge(reply)
        if verdict is None:
            return reply.data
        after = verdict.after if verdict.after is not None else retry_after(reply.headers)
        raise FetchFailed(_told(self.name, verdict, reply), after=after, revoked=verdict.action == "stop_account")

    def say(self, method: str, path: str, *, traced: bool = False, repeatable: bool = False, **how: Any) -> Reply:
        """Have something done once. Raises SendFailed where it certainly was not, SendUncertain where nobody knows.

        `traced`: a read-back can prove that it was not done. `repeatable`: the other side keeps our key for good, so
        that its failing may be answered by the same request. What broke before the request had left, was never done.
        """
        try:
            reply = self._call(method, path, how)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise SendFailed(f"{self.name} cannot be reached ({type(error).__name__})") from None
        except httpx.HTTPError as error:
            told = f"{self.name}: the connection broke before the answer came ({type(error).__name__})"
            raise SendUncertain(told, copy_expected=traced) from None
        verdict = self.judge(reply)
        if verdict is None:
            return reply
        if not repeatable and _may_be_done(reply, verdict):
            raise SendUncertain(_told(self.name, verdict, reply), copy_expected=traced)
        raise _failure(self.name, verdict, reply)

    def _call(self, method: str, path: str, how: Mapping[str, Any]) -> Reply:
        headers = {**self.headers, **(how.get("headers") or {})}
        rest = {key: value for key, value in how.items() if key != "headers"}
        url = path if path.startswith(("https://", "http://")) else f"{self.base}{path}"
        if not may_be_called(url):
            raise httpx.UnsupportedProtocol("only https, or http to this machine")
        with (
            httpx.Client(
                timeout=TIMEOUT, follow_redirects=False, headers=headers, trust_env=False, verify=trust()
            ) as client,
            client.stream(method, url, **rest) as answer,
        ):
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise httpx.DecodingError("the answer is too large")
            return Reply(
                answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, _json(body), _text(body)
            )


def api_base(account: AccountView) -> str:
    """The address that replaces the platform's own (a test server, a proxy), without a slash behind; "" for none."""
    return str(account.settings.get("api_base") or "").rstrip("/")


@cache
def trust() -> ssl.SSLContext:
    """The certificates that are believed, read once: reading them takes fifty times as long as asking a neighbour."""
    return httpx.create_ssl_context()


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds a Retry-After header asks for (RFC 9110, section 10.2.3): a number or a date; None without one."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def by_status(reply: Reply) -> Verdict | None:
    """The judgement of last resort, by the HTTP status alone."""
    status = reply.status
    if reply.ok:
        return None
    if status == 401:
        return Verdict("stop_account", "the platform no longer accepts our token")
    if status == 429 or status >= 500 or status == 408:
        return Verdict("retry", "the platform asks us to wait" if status == 429 else "the platform fails")
    if 300 <= status < 400:
        return Verdict("stop_message", "the platform sent us elsewhere")
    return Verdict("stop_message", "the platform refused it")


def _failure(name: str, verdict: Verdict, reply: Reply) -> SendFailed:
    after = verdict.after if verdict.after is not None else retry_after(reply.headers)
    told = _told(name, verdict, reply)
    permanent, blames = verdict.action not in PASSING, BLAMES[verdict.action]
    return SendFailed(told, permanent=permanent, blames=blames, after=after, code=verdict.code)


def _may_be_done(reply: Reply, verdict: Verdict) -> bool:
    """Whether a server failed in a way that leaves open how far it had come.

    A 5xx says nothing of that (RFC 9110, section 15.6), nor does a success whose body tells of a failure or cannot be
    read. Who asks us to wait, did nothing: that is the 503 with Retry-After, and every wait the platform names itself.
    """
    if verdict.action not in PASSING or verdict.undone or verdict.after is not None:
        return False
    asks_to_wait = reply.status == 503 and retry_after(reply.headers) is not None
    return (reply.ok or reply.status >= 500) and not asks_to_wait


def _told(name: str, verdict: Verdict, reply: Reply) -> str:
    code = f"{reply.status}, {verdict.code}" if verdict.code else str(reply.status)
    return f"{name}: {verdict.reason} ({code})"


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _text(body: bytes) -> str:
    return body[:2000].decode("utf-8", "replace")


def may_be_called(url: str) -> bool:
    """Whether a token may travel there: by https, or by http within this machine. Raises ValueError for no address."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))
