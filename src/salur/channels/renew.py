"""Fresh credentials before the old ones end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from salur.channels.alone import RENEW, alone
from salur.channels.connect import store_renewed
from salur.channels.models import Account
from salur.channels.ports import FetchFailed
from salur.channels.registry import platform

LONG_LIVED = timedelta(days=2)
WARN = timedelta(days=7)
"""So long before the end of a long-lived token people are warned, unless it could be renewed."""
LAST_MOMENT = timedelta(minutes=10)


@dataclass(frozen=True)
class Renewal:
    """What became of it. `done`: fresh credentials are stored; `problem` why not ("" where there is nothing to renew).

    `revoked`: only a new authorisation helps.
    """

    done: bool = False
    problem: str = ""
    revoked: bool = False


def is_due(now: datetime, ends_at: datetime | None, since: datetime | None) -> bool:
    """Whether credentials that end at `ends_at` should be renewed now (all aware; `since` when they were got).

    At half of their life; where that is not known, a long-lived token seven days and another ten minutes before its
    end.
    """
    if ends_at is None:
        return False
    left = ends_at - now
    if since is not None and since < ends_at:
        return left < (ends_at - since) / 2
    return left < (WARN if left > LONG_LIVED else LAST_MOMENT)


def is_urgent(now: datetime, ends_at: datetime | None, since: datetime | None) -> bool:
    """Whether the end is so near that people must know: seven days of a long life, ten minutes of a short one."""
    if ends_at is None:
        return False
    left = ends_at - now
    long_lived = (ends_at - since if since is not None else left) > LONG_LIVED
    return left < (WARN if long_lived else LAST_MOMENT)


def renew(account: Account) -> Renewal:
    """Have the platform renew an account's credentials and store them whole, before anything else is done.

    One worker at a time, with the credentials as they stand then: a refresh token may be used only once. The account
    given is brought up to date. Nothing where another worker is at it.
    """
    with alone(RENEW, account.pk) as mine:
        if not mine:
            return Renewal()
        account.refresh_from_db(fields=["credentials", "settings", "health", "token_expires_at"])
        try:
            fresh = platform(account.platform).renew(account.view())
        except FetchFailed as failure:
            return Renewal(problem=failure.reason, revoked=failure.revoked)
        if fresh is None:
            return Renewal()
        stored = store_renewed(account.pk, fresh)
        account.credentials, account.health = stored.credentials, stored.health
        account.token_expires_at = stored.token_expires_at
        return Renewal(done=True)
