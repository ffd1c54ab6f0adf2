"""Looking after a channel of YouTube: whose token it is, what it permits, fresh ones.

Sources: YouTube Data API v3, "Channels: list" (mine); Google, "Using OAuth 2.0 to Access Google APIs".
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from salur.channels.platforms.loose import each, ident, moment, part, words
from salur.channels.platforms.text import clean_line
from salur.channels.platforms.youtube.client import API, api, tokens
from salur.channels.ports import AccountView, Check, FetchFailed, Health, Renewed

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"


def probe(account: AccountView) -> Health:
    """The token, the channel it belongs to, and whether it may answer; never raises."""
    try:
        mine = api(account).look("GET", f"{API}/channels", params={"part": "snippet", "mine": "true"})
        held = account.credentials.get("access_token", "")
        info = tokens(account).look("POST", "/tokeninfo", data={"access_token": held})
    except FetchFailed as error:
        return unwell(error)
    channel = next((one for _, one in each(mine, "items")), {})
    checks = [Check("token", True)]
    if ident(channel, "id") != account.address:
        checks.append(Check("account", False, "the token belongs to another channel of YouTube"))
    granted = words(info, "scope").split()
    if SCOPE not in granted:
        checks.append(
            Check("scopes", False, "the token may not answer comments: authorise again with youtube.force-ssl")
        )
    faults = [check.detail for check in checks if not check.ok]
    return Health(
        not faults,
        "; ".join(faults),
        name=clean_line(words(channel, "snippet", "title"))[:160],
        token_expires_at=_ends(info) or moment(account.credentials.get("expires_at")),
        checks=tuple(checks),
    )


def unwell(error: FetchFailed) -> Health:
    """What broke a probe off: the token, where only a new one helps, else the way to the platform."""
    return Health(False, error.reason, checks=(Check("token" if error.revoked else "reach", False, error.reason),))


def renew(account: AccountView) -> Renewed | None:
    """A fresh access token for an hour; the refresh token stays. None without one. Raises FetchFailed."""
    held = account.credentials
    if not held.get("refresh_token"):
        return None
    form = {
        "grant_type": "refresh_token",
        "refresh_token": held["refresh_token"],
        "client_id": held.get("client_id", ""),
        "client_secret": held.get("client_secret", ""),
    }
    told = tokens(account).look("POST", "/token", data=form)
    token = part(told, "access_token")
    if not isinstance(token, str) or not token:
        raise FetchFailed("YouTube: the answer holds no token")
    return Renewed({**held, "access_token": token}, _ends(told))


def _ends(told: Any) -> datetime | None:
    """When a token ends by its `expires_in`: seconds, as number or text."""
    seconds = ident(told, "expires_in")
    if not seconds.isdecimal() or not 0 < int(seconds) < 10**8:
        return None
    return datetime.now(UTC) + timedelta(seconds=int(seconds))
