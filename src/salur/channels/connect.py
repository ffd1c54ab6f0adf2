"""Connecting an agency's official accounts, and changing what is known of them. Whoever keeps a copy is told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from salur.agencies.models import Agency, Member
from salur.channels.alarm import close_all
from salur.channels.models import Account
from salur.channels.ports import Renewed
from salur.channels.registry import platform
from salur.kernel import clock
from salur.kernel.database import ring

CHANGED = "salur_accounts"
"""The channel on which a changed account is announced by its id: the gate keeps secrets in memory."""
NAMES = ("_previous", "_previous_until")


class CannotConnect(ValueError):
    """The account cannot be connected or changed like this; the text says why."""


@transaction.atomic
def connect(
    agency: Agency,
    platform_name: str,
    address: str,
    *,
    settings: dict[str, Any] | None = None,
    credentials: Mapping[str, str] | None = None,
    name: str | None = None,
    link: str | None = None,
    state: Account.State = Account.State.LIVE,
) -> Account:
    """Connect an account, or change one that is there: what is None stays as it is, and so does the hook address.

    `settings` replace the earlier ones; of the credentials, which are encrypted at rest, those given are replaced and
    empty ones removed. NEW begins an account that hears, so that it can be tried, and neither asks nor speaks yet; it
    never silences one that does.
    Raises LookupError for an unknown platform, CannotConnect for a link that no citizen can follow.
    """
    platform(platform_name)
    if link and urlsplit(link).scheme not in ("https", "http"):
        raise CannotConnect("a link must begin with https://")
    account, begun = Account.objects.select_for_update(no_key=True).get_or_create(
        government_id=agency.government_id,
        platform=platform_name,
        address=address,
        defaults={"agency": agency, "state": state},
    )
    account.agency = agency
    if settings is not None and settings != account.settings:
        account.settings = settings
        # They may say that the platform is asked instead of calling us: that is learned anew.
        account.health = {key: value for key, value in account.health.items() if key != "hooked_since"}
    account.name = account.name if name is None else name[:160]
    account.link = account.link if link is None else link[:300]
    if credentials:
        account.credentials = _merged(account.credentials or {}, credentials)
    if not begun and not (state == Account.State.NEW and account.state == Account.State.LIVE):
        account.state = state
    # Whatever was wrong may be mended now: look at once, do not wait for the next round.
    account.checked_at = account.poll_after = None
    account.save()
    announce(account.pk)
    return account


@transaction.atomic
def rotate(account_id: int, name: str, secret: str, *, days: int = 7) -> None:
    """Put a new secret in force; the one before it stays valid beside it for some days (0: for no longer).

    The platform goes on signing with the old one until somebody enters the new one there. Raises CannotConnect.
    """
    account = _locked(account_id)
    known = account.credentials or {}
    if not secret or name.endswith(NAMES):
        raise CannotConnect("give the name of a secret and its new value")
    if known.get(name) == secret:
        raise CannotConnect(f"this is the {name} already in force")
    fresh = {name: secret, f"{name}_previous": "", f"{name}_previous_until": ""}
    if known.get(name) and days > 0:
        until = clock.now() + timedelta(days=days)
        fresh |= {f"{name}_previous": known[name], f"{name}_previous_until": str(int(until.timestamp()))}
    account.credentials = _merged(known, fresh)
    account.checked_at = None
    account.save(update_fields=["credentials", "checked_at"])
    announce(account.pk)


@transaction.atomic
def forget_old_secrets(account_id: int) -> bool:
    """Drop every earlier secret whose time is over; whether there was one."""
    account = _locked(account_id)
    known, now = account.credentials or {}, clock.now().timestamp()
    over = {key for key, value in known.items() if key.endswith("_previous_until") and float(value or 0) <= now}
    gone = over | {key.removesuffix("_until") for key in over}
    if not gone:
        return False
    account.credentials = {key: value for key, value in known.items() if key not in gone}
    account.save(update_fields=["credentials"])
    announce(account.pk)
    return True


@transaction.atomic
def store_renewed(account_id: int, renewed: Renewed) -> Account:
    """Keep renewed credentials, with their end, beside those that were not renewed; the account as it stands now."""
    account = _locked(account_id)
    account.credentials = _merged(account.credentials or {}, renewed.credentials)
    account.token_expires_at = renewed.expires_at
    account.health = {**account.health, "token_since": clock.now().isoformat()}
    account.save(update_fields=["credentials", "token_expires_at", "health"])
    announce(account.pk)
    return account


def switch(account_id: int, state: Account.State) -> None:
    """Put an account to work or to rest. One that rests keeps everything, and nothing is wrong with it any more."""
    with transaction.atomic():
        account = _locked(account_id)
        account.state = state
        account.checked_at = account.poll_after = None
        account.save(update_fields=["state", "checked_at", "poll_after"])
        announce(account.pk)
    if state == Account.State.OFF:
        close_all(account)


@transaction.atomic
def set_custodians(account_id: int, members: Sequence[Member]) -> None:
    """Who answers for an account from now on, instead of those before. Raises CannotConnect."""
    account = _locked(account_id)
    if strangers := [one.name for one in members if one.government_id != account.government_id or not one.active]:
        raise CannotConnect(f"not an active officer of this government: {', '.join(strangers)}")
    account.custodians.set(members)


def keep_place(account_id: int, cursor: Mapping[str, Any]) -> None:
    """Keep the place up to which an account was fetched, in the caller's transaction."""
    Account.objects.filter(pk=account_id).update(cursor=dict(cursor))


def announce(account_id: int) -> None:
    """Tell whoever keeps a copy of the account that it changed, once the transaction is committed."""
    ring(CHANGED, str(account_id))


def _locked(account_id: int) -> Account:
    found = Account.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if found is None:
        raise CannotConnect(f"there is no account {account_id}")
    return found


def _merged(known: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in {**known, **given}.items() if value}
