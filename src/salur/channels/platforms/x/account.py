"""Looking after an account of X: whether it works, having X call our hook, fresh tokens, addresses of files.

Sources: X documentation, "Webhooks: Introduction" (create, list, validate), "X Activity API: Introduction" (one
subscription for each kind of event and user), "OAuth 2.0 Authorization Code Flow" (refresh tokens rotate).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from salur.channels.outside import Outside, api_base
from salur.channels.platforms.loose import each, first, ident, moment, part
from salur.channels.platforms.text import clean_line
from salur.channels.platforms.x.errors import judge_token
from salur.channels.platforms.x.send import BASE, outside
from salur.channels.ports import (
    AccountView,
    Check,
    Download,
    FetchFailed,
    Health,
    MediaRef,
    Renewed,
    SendFailed,
)

PUBLIC_EVENTS = ("post.mention.create", "post.reply.create", "post.quote.create", "post.create", "post.delete")
DIRECT_EVENTS = ("dm.received", "dm.sent", "dm.read")
TAG = "salur"
_PRIVATE_FILES = ("x.com", "twitter.com")


def probe(account: AccountView) -> Health:
    """Whose token it is, and whether X calls our hook for every kind of event that is wanted; never raises."""
    try:
        me = outside(account).look("GET", "/2/users/me", params={"user.fields": "username,name"})
    except (FetchFailed, SendFailed) as error:
        return unwell(error)
    found = ident(me, "data", "id")
    checks = [Check("token", True)]
    if found != account.address:
        checks.append(Check("account", False, "the token belongs to another account of X"))
    subscribed, told = _subscribed(account)
    if subscribed is not None:
        checks.append(Check("subscription", subscribed, told))
    faults = [check.detail for check in checks if not check.ok]
    return Health(
        not faults,
        "; ".join(faults),
        name=clean_line(ident(me, "data", "username")),
        token_expires_at=moment(account.credentials.get("expires_at")),
        subscribed=subscribed,
        checks=tuple(checks),
    )


def unwell(error: FetchFailed | SendFailed) -> Health:
    """What broke a probe off: the token, where only a new one helps, else the way to the platform."""
    code = "token" if isinstance(error, FetchFailed) and error.revoked else "reach"
    return Health(False, error.reason, checks=(Check(code, False, error.reason),))


def _subscribed(account: AccountView) -> tuple[bool | None, str]:
    """Whether our hook is there, valid and subscribed to everything; None where it is polled only."""
    if not account.hook_url or not account.credentials.get("app_token"):
        return None, ""
    try:
        hook = _hook(account)
        missing = [] if hook is None else _missing(account, ident(hook, "id"))
    except (FetchFailed, SendFailed) as error:
        return False, error.reason
    if hook is None:
        return False, "X does not know our hook: subscribe again"
    if part(hook, "valid") is False:
        return False, "X holds our hook for broken: subscribe again"
    if missing:
        return False, f"X does not tell us of {', '.join(missing)}: subscribe again"
    return True, ""


def subscribe(account: AccountView) -> Health:
    """Make the webhook and its subscriptions where they are missing, then probe; never raises."""
    if not account.hook_url or not account.credentials.get("app_token"):
        return probe(account)
    try:
        app = outside(account, "app_token")
        hook = _hook(account)
        if hook is None:
            made = app.look("POST", "/2/webhooks", json={"url": account.hook_url})
            hook_id = first(ident(made, "data", "id"), ident(made, "id"))
        else:
            hook_id = ident(hook, "id")
            if part(hook, "valid") is False:
                app.look("PUT", f"/2/webhooks/{quote(hook_id, safe='')}")
        user = outside(account)
        for event in _missing(account, hook_id):
            wanted = {
                "event_type": event,
                "filter": {"user_id": account.address},
                "tag": TAG,
                "webhook_id": hook_id,
            }
            user.look("POST", "/2/activity/subscriptions", json=wanted)
    except (FetchFailed, SendFailed) as error:
        return Health(False, error.reason, subscribed=False, checks=(Check("subscription", False, error.reason),))
    return probe(account)


def _hook(account: AccountView) -> Mapping[str, Any] | None:
    listed = outside(account, "app_token").look("GET", "/2/webhooks")
    return next((one for _, one in each(listed, "data") if ident(one, "url") == account.hook_url), None)


def _missing(account: AccountView, hook_id: str) -> list[str]:
    listed = outside(account, "app_token").look("GET", "/2/activity/subscriptions")
    here = set(_ours(account, hook_id, listed))
    return [event for event in wanted_events(account) if event not in here]


def _ours(account: AccountView, hook_id: str, listed: Any) -> Iterator[str]:
    for _, one in each(listed, "data"):
        ours = ident(one, "filter", "user_id") == account.address
        if ours and ident(one, "webhook_id") in ("", hook_id):
            yield ident(one, "event_type")


def wanted_events(account: AccountView) -> tuple[str, ...]:
    """The kinds of events an account is subscribed to."""
    no_direct = account.settings.get("direct_messages") == "no"
    return PUBLIC_EVENTS if no_direct else (*PUBLIC_EVENTS, *DIRECT_EVENTS)


def renew(account: AccountView) -> Renewed | None:
    """A fresh token; the refresh token is a new one too, the old one is void. None without one. Raises FetchFailed."""
    held = account.credentials
    if not held.get("refresh_token"):
        return None
    form = {
        "grant_type": "refresh_token",
        "refresh_token": held["refresh_token"],
        "client_id": held.get("client_id") or str(account.settings.get("client_id") or ""),
    }
    how: dict[str, Any] = {"data": form}
    if held.get("client_secret"):
        how["auth"] = (form["client_id"], held["client_secret"])
    try:
        x = Outside(account, BASE, judge_token, name="X")
    except SendFailed as error:
        raise FetchFailed(error.reason) from None
    told = x.look("POST", "/2/oauth2/token", **how)
    token = ident_whole(told, "access_token")
    if not token:
        raise FetchFailed("X: the answer holds no token")
    fresh = {**held, "access_token": token}
    if ident_whole(told, "refresh_token"):
        fresh["refresh_token"] = ident_whole(told, "refresh_token")
    seconds = part(told, "expires_in")
    lasts = timedelta(seconds=seconds) if isinstance(seconds, int) and 0 < seconds < 10**8 else None
    return Renewed(fresh, datetime.now(UTC) + lasts if lasts else None)


def ident_whole(value: Any, name: str) -> str:
    """A credential as it stands, of any length; "" where there is none."""
    found = part(value, name)
    return found if isinstance(found, str) else ""


def locate(account: AccountView, media: MediaRef) -> Download:
    """The address of a file. Files of direct messages need our token, which is shown to X alone. Raises FetchFailed."""
    if not media.url:
        raise FetchFailed("X named no address for this file")
    host = urlsplit(media.url).hostname or ""
    private = any(host == one or host.endswith(f".{one}") for one in _PRIVATE_FILES)
    if private and media.url.startswith("https://"):
        token = {"authorization": f"Bearer {account.credentials.get('access_token', '')}"}
        return Download(media.url, token, api_base(account))
    return Download(media.url, trusted=api_base(account))
