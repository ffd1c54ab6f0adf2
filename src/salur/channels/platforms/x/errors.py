"""What an error of X means for what we wanted to do.

Sources: X documentation, "Response Codes and Errors" (problem types), "Rate Limits" (reset headers), changelog of
2026-02-23 (replies are refused unless the author named or quoted the account).
"""

import time
from collections.abc import Mapping

from salur.channels.outside import Reply, Verdict, by_status
from salur.channels.platforms.loose import each, first, ident, rows, table

_ACCOUNT = frozenset(
    {"client-forbidden", "unsupported-authentication", "oauth1-permissions", "invalid-credentials", "not-enrolled"}
)
_SPENT = frozenset({"usage-capped", "credits-depleted", "spend-cap-reached"})
DUPLICATE = "187"
_NO_MESSAGES = frozenset({"349", "150"})
_RESETS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
LONGEST = 86_400.0
NAMED_WITHOUT = 900.0
"""The window of most limits, in seconds: what is waited where no reset is told."""


def judge(reply: Reply) -> Verdict | None:
    """The verdict on an answer of X; None where it is a good one. Its code is X's own problem type or number."""
    kind = problem(reply)
    if reply.ok:
        empty = isinstance(reply.data, Mapping) and not reply.data.get("data") and rows(reply.data, "errors")
        return Verdict("stop_message", "X refused it", code=kind) if empty else None
    if reply.status == 402 or kind in _SPENT:
        return Verdict("stop_account", "the credits at X are used up", code=kind)
    if reply.status == 401 or kind in _ACCOUNT:
        return Verdict("stop_account", "X no longer accepts our token, or not for this", code=kind)
    if reply.status == 429:
        return Verdict("retry", "X asks us to wait", after=until_reset(reply.headers, time.time()), code=kind)
    if reply.status == 403:
        if kind == DUPLICATE or "duplicate" in ident(reply.data, "detail").lower():
            return Verdict("stop_message", "X says that this has just been said", code=DUPLICATE)
        if kind in _NO_MESSAGES:
            return Verdict("stop_recipient", "this person takes no messages from us", code=kind)
        return Verdict("close_way", "X does not permit us to answer this here", code=kind)
    if reply.status == 404:
        return Verdict("stop_message", "what we answer is gone", code=kind)
    verdict = by_status(reply)
    return Verdict(verdict.action, verdict.reason, verdict.after, kind) if verdict else None


def judge_token(reply: Reply) -> Verdict | None:
    """The verdict on an answer of the token address: what it refuses with 400, only a new authorisation mends."""
    if reply.status in (400, 401, 403):
        return Verdict("stop_account", "X does not renew our token", code=ident(reply.data, "error")[:60])
    return by_status(reply)


def problem(reply: Reply) -> str:
    """The problem's own name (the last piece of its type) or number, "" where it has none."""
    error = next((one for _, one in each(reply.data, "errors")), {})
    kind = first(ident(table(reply.data), "type"), ident(error, "type"))
    name = kind.rstrip("/").rpartition("/")[2]
    code = first(ident(error, "code"), name if name != "about:blank" else "", ident(error, "title"))
    return code[:60]


def until_reset(headers: Mapping[str, str], now: float) -> float:
    """Seconds until the limit that is used up starts anew; the window of most limits where none is told."""
    waits = []
    for name in _RESETS:
        reset, left = headers.get(f"{name}-reset", ""), headers.get(f"{name}-remaining", "0")
        if reset.isdecimal() and left in ("0", ""):
            waits.append(float(reset) - now)
    return min(LONGEST, max(1.0, *waits)) if waits else NAMED_WITHOUT
