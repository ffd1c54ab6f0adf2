"""The YouTube Data API v3 for one account, and what its errors mean.

Sources: YouTube Data API, "Errors" (core, comments, commentThreads), "Quota": 10,000 units a day, renewed at midnight
Pacific time; "Using OAuth 2.0": an access token lasts an hour.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from salur.channels.outside import Action, Outside, Reply, Verdict, by_status
from salur.channels.platforms.loose import each, first, ident
from salur.channels.ports import AccountView, FetchFailed, SendFailed

BASE = "https://www.googleapis.com"
TOKENS = "https://oauth2.googleapis.com"
API = "/youtube/v3"
PACIFIC = ZoneInfo("America/Los_Angeles")
ROWS: dict[str, tuple[Action, str]] = {
    "rateLimitExceeded": ("retry", "YouTube asks us to wait"),
    "userRateLimitExceeded": ("retry", "YouTube asks us to wait"),
    "processingFailure": ("retry", "YouTube fails for the moment"),
    "backendError": ("retry", "YouTube fails for the moment"),
    "internalError": ("retry", "YouTube fails for the moment"),
    "commentsDisabled": ("close_way", "comments are switched off under this video"),
    "parentCommentIsPrivate": ("close_way", "what we answer is not public"),
    "parentCommentNotFound": ("close_way", "what we answer is gone"),
    "commentNotFound": ("close_way", "what we answer is gone"),
    "videoNotFound": ("close_way", "the video is gone"),
    "forbidden": ("close_way", "YouTube does not permit us to answer this here"),
    "ineligibleAccount": ("stop_account", "the account has no channel of its own"),
    "authenticatedUserNotChannel": ("stop_account", "the token belongs to another channel"),
    "authenticatedUserAccountClosed": ("stop_account", "the account is closed at YouTube"),
    "authenticatedUserAccountSuspended": ("stop_account", "the account is suspended at YouTube"),
    "insufficientPermissions": ("stop_account", "the token lacks a permission"),
    "accessNotConfigured": ("stop_account", "the YouTube Data API is not switched on in the project"),
    "commentTextTooLong": ("stop_message", "the text is too long for YouTube"),
    "commentTextRequired": ("stop_message", "YouTube wants a text"),
    "invalidCommentMetadata": ("stop_message", "YouTube refused it"),
    "operationNotSupported": ("stop_message", "YouTube refused it"),
}
_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_ENDED = frozenset({"authError", "UNAUTHENTICATED"})


def outside(account: AccountView) -> Outside:
    """YouTube for one account, signed in by its access token."""
    headers = {"authorization": f"Bearer {account.credentials.get('access_token', '')}"}
    return Outside(account, BASE, judge, headers=headers, name="YouTube")


def api(account: AccountView) -> Outside:
    """YouTube for looking; raises FetchFailed where its address is no decent one."""
    try:
        return outside(account)
    except SendFailed as error:
        raise FetchFailed(error.reason) from None


def tokens(account: AccountView) -> Outside:
    """The token address of Google; raises FetchFailed where its address is no decent one."""
    try:
        return Outside(account, TOKENS, judge_token, name="YouTube")
    except SendFailed as error:
        raise FetchFailed(error.reason) from None


def judge(reply: Reply) -> Verdict | None:
    """The verdict on an answer by the first reason it names; None where it is a good one.

    A used up quota waits for its renewal. A token that has ended stops the account, which gives up nothing: with a
    fresh one it goes on.
    """
    if reply.ok:
        return None
    error = next((one for _, one in each(reply.data, "error", "errors")), {})
    reason = first(ident(error, "reason"), ident(reply.data, "error", "status"))[:60]
    if reason in _SPENT:
        return Verdict(
            "retry", "the day's quota at YouTube is used up", after=to_reset(datetime.now(PACIFIC)), code=reason
        )
    if reply.status == 401 or reason in _ENDED:
        return Verdict("stop_account", "YouTube no longer accepts our token", code=reason)
    if reason in ROWS and reply.status < 500:
        action, told = ROWS[reason]
        return Verdict(action, told, code=reason)
    verdict = by_status(reply)
    return Verdict(verdict.action, verdict.reason, verdict.after, reason) if verdict else None


def judge_token(reply: Reply) -> Verdict | None:
    """The verdict on an answer of the token address: what it refuses with 400, only a new authorisation mends."""
    if reply.status in (400, 401, 403):
        return Verdict("stop_account", "Google does not renew our token", code=ident(reply.data, "error")[:60])
    return by_status(reply)


def to_reset(now: datetime) -> float:
    """Seconds until the quota begins anew: midnight in California."""
    there = now.astimezone(PACIFIC)
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1.0, midnight.timestamp() - there.timestamp())
