"""The homeserver's client-server interface, as the application service's own user."""

from urllib.parse import quote

from salur.channels.outside import Outside, Reply, Verdict, api_base, by_status
from salur.channels.platforms.loose import ident, part
from salur.channels.ports import AccountView, SendFailed

CLIENT = "/_matrix/client/v3"


def homeserver(account: AccountView) -> Outside:
    """The way to the account's homeserver, with its token; raises SendFailed where either is missing."""
    base, token = base_of(account), account.credentials.get("as_token", "")
    if not token or not base:
        missing = "as_token" if not token else "homeserver"
        raise SendFailed(f"Matrix: the account has no {missing}", permanent=True, blames="account")
    return Outside(account, base, judge, headers={"Authorization": f"Bearer {token}"}, name="Matrix")


def base_of(account: AccountView) -> str:
    """The address that all paths stand under."""
    return api_base(account) or str(account.settings.get("homeserver") or "").rstrip("/")


def escaped(value: str) -> str:
    """A room or event id as one piece of a path."""
    return quote(value, safe="")


def judge(reply: Reply) -> Verdict | None:
    """What an answer means, by its errcode (client-server API, standard error response)."""
    if reply.ok:
        return None
    code = ident(reply.data, "errcode")
    if code == "M_LIMIT_EXCEEDED" or reply.status == 429:
        wait = part(reply.data, "retry_after_ms")
        after = wait / 1000 if isinstance(wait, int | float) and not isinstance(wait, bool) else None
        return Verdict("retry", "the homeserver asks us to wait", after=after, code=code)
    if code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_EXCLUSIVE"):
        return Verdict("stop_account", "the homeserver no longer accepts our token", code=code)
    if code == "M_FORBIDDEN":
        return Verdict("stop_recipient", "we may not speak in this room", code=code)
    if code == "M_TOO_LARGE":
        return Verdict("stop_message", "the message is too large", code=code)
    verdict = by_status(reply)
    return verdict and Verdict(verdict.action, verdict.reason, code=code)
