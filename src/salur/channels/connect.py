"""Connecting an agency's official accounts."""

from collections.abc import Mapping
from typing import Any

from salur.agencies.models import Agency
from salur.channels.models import Account
from salur.channels.ports import Health
from salur.channels.registry import platform
from salur.kernel import clock


def connect(
    agency: Agency,
    platform_name: str,
    address: str,
    *,
    settings: dict[str, Any] | None = None,
    credentials: dict[str, str] | None = None,
) -> Account:
    """Connect an account, or refresh the settings of one that is there. Credentials are encrypted at rest.

    Raises LookupError for an unknown platform.
    """
    platform(platform_name)
    account, _ = Account.objects.update_or_create(
        government_id=agency.government_id,
        platform=platform_name,
        address=address,
        defaults={
            "agency": agency,
            "settings": settings or {},
            "credentials": credentials or {},
            "state": Account.State.LIVE,
        },
    )
    return account


def check(account: Account) -> Health:
    """Probe an account and note what was found on it."""
    health = platform(account.platform).probe(account.view())
    note_health(account.pk, "" if health.ok else health.detail)
    return health


def note_health(account_id: int, problem: str) -> None:
    """Note on an account when it was last tried and what was wrong ("" for nothing)."""
    Account.objects.filter(pk=account_id).update(checked_at=clock.now(), problem=problem)


def keep_place(account_id: int, cursor: Mapping[str, Any]) -> None:
    """Keep the place up to which an account was fetched, in the caller's transaction."""
    Account.objects.filter(pk=account_id).update(cursor=dict(cursor))
