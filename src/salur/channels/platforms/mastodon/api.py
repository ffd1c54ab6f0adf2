"""The client interface of a Mastodon server, and what its refusals mean (documentation: Methods, Rate limits)."""

from datetime import UTC, datetime

from salur.channels.outside import Outside, Reply, Verdict, api_base, by_status
from salur.channels.platforms.loose import moment, words
from salur.channels.platforms.mastodon.words import own_handle
from salur.channels.ports import AccountView, SendFailed


def server(account: AccountView) -> Outside:
    """The way to the account's own server; raises SendFailed where it has no token."""
    token = account.credentials.get("access_token", "")
    if not token:
        raise SendFailed("Mastodon: the account has no access_token", permanent=True, blames="account")
    return Outside(account, base_of(account), judge, headers={"Authorization": f"Bearer {token}"}, name="Mastodon")


def base_of(account: AccountView) -> str:
    """The address of the account's own server: the one that was set, else the name in the account's own."""
    named = api_base(account) or str(account.settings.get("instance") or "")
    return named.rstrip("/") or f"https://{own_handle(account).partition('@')[2]}"


def judge(reply: Reply) -> Verdict | None:
    """What an answer means, by its status; 403 says in words whether a permission is missing."""
    if reply.ok:
        return None
    if reply.status == 429:
        until = moment(reply.headers.get("x-ratelimit-reset", ""))
        after = max(0.0, (until - datetime.now(UTC)).total_seconds()) if until else None
        return Verdict("retry", "the server asks us to wait", after=after)
    if reply.status == 403 and "scope" in words(reply.data, "error").lower():
        return Verdict("stop_account", "the token lacks a permission")
    if reply.status == 404:
        return Verdict("close_way", "what it answers is gone")
    return by_status(reply)
