"""Looking after an account of TikTok: whether it works, having TikTok call our hook, fresh tokens, files.

Sources: TikTok API for Business v1.3, "Authentication" (an access token lasts a day, a refresh token a year),
"Create or update a webhook configuration" (one callback for each app and kind of event).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from salur.channels.outside import api_base
from salur.channels.platforms.loose import ident, moment, part
from salur.channels.platforms.text import clean_line
from salur.channels.platforms.tiktok.client import VERSION
from salur.channels.platforms.tiktok.parse import MEDIA_PARTS
from salur.channels.platforms.tiktok.send import api
from salur.channels.ports import AccountView, Check, Download, FetchFailed, Health, MediaRef, Renewed

SCOPES = ("user.info.basic", "video.list", "comment.list", "comment.list.manage")
DIRECT_SCOPES = ("message.list.read", "message.list.send")


def events(account: AccountView) -> tuple[str, ...]:
    """The kinds of events the hook is wanted for."""
    return ("COMMENT", "DIRECT_MESSAGE") if account.settings.get("direct_messages") == "yes" else ("COMMENT",)


def probe(account: AccountView) -> Health:
    """The token, what it permits, and whether TikTok calls our hook; never raises."""
    try:
        tiktok = api(account)
        told = tiktok.look(
            "POST",
            f"{VERSION}/tt_user/token_info/get/",
            json={"app_id": _app(account), "access_token": account.credentials.get("access_token", "")},
        )
        asked = {"business_id": account.address, "fields": '["username","display_name"]'}
        name = ident(tiktok.look("GET", f"{VERSION}/business/get/", params=asked), "data", "username")
    except FetchFailed as error:
        return unwell(error)
    checks = [Check("token", True), *_scopes(account, ident(told, "data", "scope"))]
    subscribed, detail = _subscribed(account)
    if subscribed is not None:
        checks.append(Check("subscription", subscribed, detail))
    faults = [check.detail for check in checks if not check.ok]
    return Health(
        not faults,
        "; ".join(faults),
        name=clean_line(name),
        token_expires_at=moment(account.credentials.get("expires_at")),
        subscribed=subscribed,
        checks=tuple(checks),
    )


def unwell(error: FetchFailed) -> Health:
    """What broke a probe off: the token, where only a new one helps, else the way to the platform."""
    return Health(False, error.reason, checks=(Check("token" if error.revoked else "reach", False, error.reason),))


def _scopes(account: AccountView, granted: str) -> Iterator[Check]:
    wanted = (*SCOPES, *DIRECT_SCOPES) if "DIRECT_MESSAGE" in events(account) else SCOPES
    missing = set(wanted) - set(granted.replace(" ", ",").split(","))
    if granted:
        told = f"TikTok has not granted {', '.join(sorted(missing))}: authorise again" if missing else ""
        yield Check("scopes", not missing, told)


def _subscribed(account: AccountView) -> tuple[bool | None, str]:
    if not account.hook_url:
        return None, ""
    try:
        tiktok = api(account)
        for event in events(account):
            asked = {"app_id": _app(account), "secret": _secret(account), "event_type": event}
            told = tiktok.look("GET", f"{VERSION}/business/webhook/list/", params=asked)
            if ident(told, "data", "callback_url") != account.hook_url:
                return False, "TikTok calls another hook, or none: subscribe again"
    except FetchFailed as error:
        return False, error.reason
    return True, ""


def subscribe(account: AccountView) -> Health:
    """Set our hook for every kind of event that is wanted, then probe; never raises.

    An app has one callback: several accounts under one app share the hook of the one that subscribed last.
    """
    try:
        tiktok = api(account)
        for event in events(account) if account.hook_url else ():
            body = {
                "app_id": _app(account),
                "secret": _secret(account),
                "event_type": event,
                "callback_url": account.hook_url,
            }
            tiktok.look("POST", f"{VERSION}/business/webhook/update/", json=body)
    except FetchFailed as error:
        return Health(False, error.reason, subscribed=False, checks=(Check("subscription", False, error.reason),))
    return probe(account)


def renew(account: AccountView) -> Renewed | None:
    """A fresh access token for a day; None without a refresh token. Raises FetchFailed."""
    held = account.credentials
    if not held.get("refresh_token"):
        return None
    body = {
        "client_id": _app(account),
        "client_secret": _secret(account),
        "grant_type": "refresh_token",
        "refresh_token": held["refresh_token"],
    }
    told = api(account).look("POST", f"{VERSION}/tt_user/oauth2/refresh_token/", json=body)
    fresh = {
        name: found
        for name in ("access_token", "refresh_token")
        if isinstance(found := part(told, "data", name), str) and found
    }
    if "access_token" not in fresh:
        raise FetchFailed("TikTok: the answer holds no token")
    seconds = part(told, "data", "expires_in")
    lasts = timedelta(seconds=seconds) if isinstance(seconds, int) and 0 < seconds < 10**8 else None
    return Renewed({**held, **fresh}, datetime.now(UTC) + lasts if lasts else None)


def locate(account: AccountView, media: MediaRef) -> Download:
    """The address of a file of a direct message, which wants our token once more; raises FetchFailed."""
    pieces = media.media_id.split(MEDIA_PARTS)
    if len(pieces) != 3:
        raise FetchFailed("TikTok named no address for this file")
    chat, message, found = pieces
    body = {
        "business_id": account.address,
        "conversation_id": chat,
        "message_id": message,
        "media_id": found,
        "media_type": media.kind.upper(),
    }
    told = api(account).look("POST", f"{VERSION}/business/message/media/download/", json=body)
    url = part(told, "data", "download_url")
    if not isinstance(url, str) or not url:
        raise FetchFailed("TikTok named no address for this file")
    return Download(url, {"x-user": account.credentials.get("access_token", "")}, api_base(account))


def _app(account: AccountView) -> str:
    return account.credentials.get("client_key") or str(account.settings.get("client_key") or "")


def _secret(account: AccountView) -> str:
    return account.credentials.get("client_secret", "")
