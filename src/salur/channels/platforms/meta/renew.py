"""Long-lived tokens of 60 days that refresh themselves: Instagram Login and Threads.

Source: Instagram Platform "Refresh access token", Threads API "Long-lived tokens": a token at least 24 hours old gives
a new one; one that has ended does not.
"""

from datetime import UTC, datetime, timedelta

from salur.channels.platforms.loose import part
from salur.channels.platforms.meta.graph import Graph
from salur.channels.ports import AccountView, FetchFailed, Renewed


def refreshed(account: AccountView, graph: Graph, grant: str) -> Renewed:
    """The credentials with a fresh token, and when it ends; raises FetchFailed."""
    old = account.credentials.get("access_token", "")
    answer = graph.bare("refresh_access_token", grant_type=grant, access_token=old)
    token, seconds = part(answer, "access_token"), part(answer, "expires_in")
    if not isinstance(token, str) or not token:
        raise FetchFailed("the platform gave no new token")
    known = isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0
    ends = datetime.now(UTC) + timedelta(seconds=min(int(seconds), 10**9)) if known else None
    return Renewed({**account.credentials, "access_token": token}, ends)
