"""One account of the sandbox as Salur knows it: the same invented credentials under Salur's names."""

from typing import Any

from salur.channels.ports import AccountView
from salur_sandbox.client import Control

CALLED = {"facebook": "access_token", "telegram": "bot_token"}


def view(sandbox: Control, account: dict[str, Any], hook_url: str = "", **settings: str) -> AccountView:
    """What a platform module may know of it."""
    name = account["platform"]
    credentials = {**account["secrets"], CALLED.get(name, "access_token"): account["token"]}
    told = {"username": account["handle"], **account["more"], **settings, "api_base": sandbox.api_base(name)}
    address = account["handle"] if name == "telegram" else account["id"]
    features = {"features": account["features"]} if account["features"] else {}
    return AccountView(1, name, address, {**told, **features}, credentials, hook_url=hook_url or account["hook_url"])
