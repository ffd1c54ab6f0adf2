"""The Accounts API of TikTok for Business: one version, the token in its own header, errors in a 200.

Sources: TikTok API for Business v1.3, "Return codes", "Rate limits" (40100: wait five minutes, or to midnight UTC).
"""

from datetime import UTC, datetime, timedelta

from salur.channels.outside import Outside, Reply, Verdict, by_status
from salur.channels.platforms.loose import ident, words
from salur.channels.ports import AccountView

BASE = "https://business-api.tiktok.com"
VERSION = "/open_api/v1.3"
PAUSE = 300.0
_TOKEN = frozenset({"40102", "40103", "40104", "40105", "40110"})
_PERMISSION = frozenset({"40001", "40101"})
_GONE = frozenset({"40404", "40006"})


def outside(account: AccountView) -> Outside:
    """TikTok for one account."""
    headers = {"access-token": account.credentials.get("access_token", "")}
    return Outside(account, BASE, judge, headers=headers, name="TikTok")


def judge(reply: Reply) -> Verdict | None:
    """The verdict on an answer of TikTok by the code in its body; None where it is a good one."""
    code = ident(reply.data, "code")
    if not code:
        if reply.ok:
            return Verdict("retry", "the answer of TikTok cannot be read")
        return by_status(reply)
    if code == "0":
        return by_status(reply)
    if code == "40100":
        after = _to_midnight() if "daily" in words(reply.data, "message").lower() else PAUSE
        return Verdict("retry", "TikTok asks us to wait", after=after, code=code)
    if code in _TOKEN:
        return Verdict("stop_account", "TikTok no longer accepts our token", code=code)
    if code in _PERMISSION:
        return Verdict("stop_account", "the account lacks a permission at TikTok", code=code)
    if code in _GONE:
        return Verdict("close_way", "what we answer is not there any more", code=code)
    if code.startswith(("5", "6")) or reply.status >= 500 or reply.status == 429:
        return Verdict("retry", "TikTok fails for the moment", code=code)
    return Verdict("stop_message", "TikTok refused it", code=code)


def _to_midnight() -> float:
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - now).total_seconds()
