"""Whether an account at Meta is well: token, permissions, address and subscription, each looked at by itself.

Sources: Graph API "Debug-Token" and "Page Subscribed Apps"; access tokens and their ends.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from salur.channels.platforms.loose import ident, moment, part, rows, table
from salur.channels.platforms.meta.graph import Graph
from salur.channels.ports import AccountView, Check, FetchFailed, Health, SendFailed


@dataclass
class Findings:
    """What a probe gathers while it looks."""

    checks: list[Check] = field(default_factory=list)
    name: str = ""
    expires_at: datetime | None = None
    subscribed: bool | None = None

    def add(self, code: str, ok: bool, detail: str = "") -> None:
        """Note one thing that was looked at."""
        self.checks.append(Check(code, ok, "" if ok else detail))

    def health(self) -> Health:
        """All in one. A missing subscription is told apart: the account answers, but does not call us."""
        faults = [one.detail for one in self.checks if not one.ok]
        ok = all(one.ok for one in self.checks if one.code != "subscription")
        return Health(ok, "; ".join(faults), self.name, self.expires_at, self.subscribed, tuple(self.checks))


def examined(look: Callable[[Findings], None]) -> Health:
    """The health that a look finds; what stops the look is a finding too. Never raises."""
    found = Findings()
    try:
        look(found)
    except FetchFailed as error:
        if not error.revoked:
            found.add("reach", False, error.reason)
        else:  # a token that has served once in this look is good, and lacks a permission
            code = "scopes" if any(one.code == "token" and one.ok for one in found.checks) else "token"
            found.add(code, False, f"{error.reason}; authorise the account anew")
    except SendFailed as error:
        found.add("account", False, error.reason)
    return found.health()


def look_at_token(found: Findings, account: AccountView, graph: Graph, host: str, wanted: Iterable[str]) -> None:
    """Its end and its permissions, where the platform tells (`debug_token`); without an answer nothing is claimed.

    The question is asked in the name of the app where its id is known (setting `app_id`), else with the token itself.
    """
    data = _token(account, graph, host)
    if not data:
        return
    if data.get("is_valid") is False:
        found.add("token", False, "the token is not valid any more; authorise the account anew")
        return
    found.expires_at = moment(data, "expires_at")
    scopes = part(data, "scopes")
    if isinstance(scopes, list):
        missing = sorted(set(wanted) - set(map(str, scopes)))
        found.add("scopes", not missing, f"these permissions are missing: {', '.join(missing)}")


def granted(account: AccountView, graph: Graph, host: str, wanted: Iterable[str]) -> bool:
    """Whether the platform says that the token is valid and has all these permissions: then one that it missed is
    missing for a single object, and the account is well. False where it does not tell."""
    data = _token(account, graph, host)
    scopes = part(data, "scopes")
    return data.get("is_valid") is True and isinstance(scopes, list) and set(wanted) <= set(map(str, scopes))


def _token(account: AccountView, graph: Graph, host: str) -> Mapping[str, Any]:
    """What `debug_token` tells of the account's token; nothing where it does not answer."""
    app, secret = ident(account.settings, "app_id"), account.credentials.get("app_secret", "")
    asker = Graph(account, host, version=graph.version, bearer=f"{app}|{secret}" if app and secret else "")
    try:
        return table(asker.get("debug_token", input_token=account.credentials.get("access_token", "")), "data")
    except FetchFailed:
        return {}


def look_at_subscription(
    found: Findings, account: AccountView, graph: Graph, owner: str, wanted: Iterable[str]
) -> None:
    """Whether the platform calls our app for this account and tells it all that is wanted; raises FetchFailed."""
    app = ident(account.settings, "app_id")
    apps = [one for one in rows(graph.get(owner, "subscribed_apps"), "data") if not app or ident(one, "id") == app]
    told = {str(name) for one in apps for name in part(one, "subscribed_fields") or ()}
    missing = sorted(set(wanted) - told)
    found.subscribed = bool(apps) and not missing
    detail = f"the platform does not tell us of: {', '.join(missing)}" if apps else "the platform does not call our app"
    found.add("subscription", found.subscribed, detail)
