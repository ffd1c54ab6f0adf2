"""The heartbeat of an account: renew, probe, subscribe again; what is wrong becomes an alarm, what is mended ends it.

`Account.health` holds: `checks` of the last probe, its `ok` and `detail`, `since` when that is so; `poll`, what is
wrong with asking the platform; and instants, as ISO 8601: `token_since` the credentials are in force, `hooked_since`
the platform is known to call us, `resumed_at` it was let send again, `quiet_at` its silence was learned.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from salur.channels.alarm import close_alarm, open_alarm
from salur.channels.alone import BEAT, alone
from salur.channels.connect import forget_old_secrets
from salur.channels.models import Account
from salur.channels.ports import AccountView, Health
from salur.channels.registry import PLATFORMS, platform
from salur.channels.renew import Renewal, is_due, is_urgent, renew
from salur.kernel import clock
from salur.kernel.database import ring

log = structlog.get_logger("salur.channels")
EVERY = timedelta(minutes=15)
SOONEST = timedelta(seconds=30)
PATIENCE = timedelta(minutes=10)
"""How long asking a platform may fail, while its probe goes well, before that is an alarm."""
SENDERS = "salur_outbox"
"""The channel on which the senders are woken."""
TOKEN, SUBSCRIPTION = ("token", "scopes"), "subscription"


def watched_platforms() -> list[str]:
    """The platforms whose accounts can break: those that call us or are asked."""
    return [name for name, one in PLATFORMS.items() if one.capabilities.hooks or one.capabilities.can_fetch]


def due_to_check() -> list[Account]:
    """The accounts at work whose heartbeat is due, the longest unseen first."""
    now = clock.now()
    rows = Account.objects.filter(state=Account.State.LIVE, platform__in=watched_platforms())
    rows = rows.filter(Q(checked_at=None) | Q(checked_at__lte=now - SOONEST)).defer("credentials", "settings")
    found = [account for account in rows if next_beat(account) <= now]
    return sorted(found, key=lambda one: (one.checked_at or datetime.min.replace(tzinfo=UTC), one.pk))


def next_beat(account: Account) -> datetime:
    """When an account is looked at again: each quarter of an hour, give or take a minute, so that not all come at once.

    One that fails is looked at again after half the time that it has failed, from half a minute on; and a token is
    looked after ten minutes before its end.
    """
    if account.checked_at is None:
        return datetime.min.replace(tzinfo=UTC)
    wait = EVERY + timedelta(seconds=account.pk * 37 % 121 - 60)
    since = instant(account.health, "since")
    if account.health.get("ok") is False and since is not None:
        wait = min(wait, max(SOONEST, (account.checked_at - since) / 2))
    beat: datetime = account.checked_at + wait
    if account.token_expires_at is not None and account.token_expires_at > account.checked_at:
        last_moment = account.token_expires_at - timedelta(minutes=9)
        beat = min(beat, max(last_moment, account.checked_at + SOONEST * 4))
    return beat


def beat(account: Account) -> bool:
    """The heartbeat of one account, if it is still due and no other worker is at it; whether it was done."""
    with alone(BEAT, account.pk) as mine:
        found = Account.objects.filter(pk=account.pk, state=Account.State.LIVE).first() if mine else None
        if found is None or next_beat(found) > clock.now():
            return False
        check(found)
        return True


def check(account: Account) -> Health:
    """Try an account now and note what was found on it. Raises nothing that the platform may do."""
    module = platform(account.platform)
    forget_old_secrets(account.pk)
    account.refresh_from_db()
    renewal = Renewal()
    if is_due(clock.now(), account.token_expires_at, instant(account.health, "token_since")):
        renewal = renew(account)
    found = _tried(module.probe, account.view())
    if not renewal.done and _wrong(found, TOKEN):
        # It may have ended while nobody looked; where nothing can be renewed this does nothing.
        renewal = renew(account)
        found = _tried(module.probe, account.view()) if renewal.done else found
    if found.subscribed is False and account.state == Account.State.LIVE and not _wrong(found, TOKEN):
        found = _subscribed(account)
    _note(account, found, renewal)
    return found


def subscribe(account: Account) -> Health:
    """Have the platform call our hook (again), and note what was found."""
    found = _subscribed(account)
    _note(account, found, Renewal())
    return found


def _subscribed(account: Account) -> Health:
    module = platform(account.platform)
    asked = _tried(module.subscribe, account.view())
    found = _tried(module.probe, account.view())
    # Why it could not be subscribed says more than that it is not.
    return replace(found, detail=asked.detail) if found.subscribed is False and asked.detail else found


def _tried(step: Callable[[AccountView], Health], view: AccountView) -> Health:
    try:
        return step(view)
    except Exception as error:  # the port says never; one that does all the same must not stop the heartbeat
        log.exception("an adapter failed", account=view.id, platform=view.platform)
        return Health(False, f"{view.platform}: {type(error).__name__}")


def _wrong(found: Health, codes: tuple[str, ...]) -> str:
    """What is wrong with those things that a probe looked at, or "" for nothing."""
    return "; ".join(one.detail or one.code for one in found.checks if not one.ok and one.code in codes)


def _note(account: Account, found: Health, renewal: Renewal) -> None:
    """Write down what was found, then bring the alarms into line with it.

    One after the other: the row of the account and the stream of its alarms are locked in either order by others, and
    whoever holds only one of them at a time never waits in a ring. Where this is cut off, the next heartbeat goes on.
    """
    row = _written(account, found, renewal)
    for kind, detail in _alarms(row, found, renewal).items():
        if detail is None:
            close_alarm(row, kind)
        else:
            open_alarm(row, kind, detail)
    account.refresh_from_db()


@transaction.atomic
def _written(account: Account, found: Health, renewal: Renewal) -> Account:
    now = clock.now()
    row = _locked(account.pk)
    ends_at = found.token_expires_at or row.token_expires_at
    health = _learned(row, found, ends_at, now)
    if renewal.revoked and not row.stopped:
        row.stopped = renewal.problem[:300]
    elif found.ok and row.stopped and _may_resume(health, now):
        row.stopped, row.poll_after, health = "", None, _resumed(health, now)
        _wake_senders()
    row.token_expires_at, row.checked_at, row.health = ends_at, now, health
    row.name, row.problem = found.name[:160] or row.name, _problem(health)
    row.save(update_fields=["token_expires_at", "checked_at", "health", "name", "problem", "stopped", "poll_after"])
    return row


def _learned(row: Account, found: Health, ends_at: datetime | None, now: datetime) -> dict[str, Any]:
    """The health of an account with what a probe found; what it says of other things stays."""
    health = {**row.health, "checks": [asdict(one) for one in found.checks], "ok": found.ok, "detail": found.detail}
    if row.health.get("ok") is not found.ok or "since" not in health:
        health["since"] = now.isoformat()
    # In the mode `poll` a platform that could call us is well when it does not.
    if found.subscribed is True and row.settings.get("mode") != "poll":
        health.setdefault("hooked_since", _second(now))
    # Told again a little otherwise, it is the same end; a later one is that of a new token.
    known = row.token_expires_at
    if ends_at and (known is None or ends_at - known > timedelta(minutes=10)):
        health["token_since"] = now.isoformat()
    return health


def _alarms(account: Account, found: Health, renewal: Renewal) -> dict[str, str | None]:
    """What each alarm that a probe can raise would say now; None where nothing is wrong."""
    bad = [one for one in found.checks if not one.ok]
    elsewhere = [one for one in bad if one.code not in (*TOKEN, SUBSCRIPTION)]
    unexplained = not found.ok and not bad and found.subscribed is not False
    down = (
        (found.detail or "; ".join(one.detail or one.code for one in elsewhere)) if elsewhere or unexplained else None
    )
    poll = account.health.get("poll")
    if down is None and poll and not account.stopped and clock.now() - datetime.fromisoformat(poll["since"]) > PATIENCE:
        down = poll["problem"]
    wrong = found.detail if found.subscribed is False else None
    return {"down": down, "token": _token_alarm(account, found, renewal), SUBSCRIPTION: wrong}


def _token_alarm(account: Account, found: Health, renewal: Renewal) -> str | None:
    if account.stopped:
        return account.stopped
    if wrong := _wrong(found, TOKEN):
        return wrong
    now, ends_at, since = clock.now(), account.token_expires_at, instant(account.health, "token_since")
    if renewal.done or ends_at is None or not (is_due(now, ends_at, since) and is_urgent(now, ends_at, since)):
        return None
    return renewal.problem or f"{ends_at:%Y-%m-%d %H:%M} UTC"


@transaction.atomic
def stop(account_id: int, reason: str) -> None:
    """Send nothing from an account until it is authorised anew; nothing that waits is given up. `reason` is shown.

    Its heartbeat comes at once: it renews what can be renewed and resumes the account, or raises the alarm.
    """
    row = _locked(account_id)
    if row.stopped:
        return
    row.stopped = reason[:300] or "the platform refuses the account"
    if _may_resume(row.health, clock.now()):  # else it would be probed and stopped in turn, without a pause
        row.checked_at = None
    row.save(update_fields=["stopped", "checked_at"])


def resume(account_id: int) -> None:
    """Let an account send again. Raises Account.DoesNotExist."""
    close_alarm(_let_go_on(account_id), "token")


@transaction.atomic
def _let_go_on(account_id: int) -> Account:
    row = _locked(account_id)
    row.stopped, row.send_after, row.poll_after = "", None, None
    row.health = _resumed(row.health, clock.now())
    row.save(update_fields=["stopped", "send_after", "poll_after", "health"])
    _wake_senders()
    return row


def rest(account_id: int, seconds: float) -> None:
    """Send nothing from an account for so many seconds; a longer rest that is on already stands."""
    until = clock.now() + timedelta(seconds=seconds)
    rows = Account.objects.filter(pk=account_id).filter(Q(send_after=None) | Q(send_after__lt=until))
    rows.update(send_after=until)


def note_poll(account: Account, problem: str, next_at: datetime) -> None:
    """Note that an account was asked, what went wrong ("" for nothing), and when it is asked again.

    When asking begins to fail, the heartbeat comes at once: it tells whether the whole channel is down.
    """
    Account.objects.filter(pk=account.pk).update(polled_at=clock.now(), poll_after=next_at)
    if not problem and "poll" not in account.health:
        return
    with transaction.atomic():
        row = _locked(account.pk)
        health = {key: value for key, value in row.health.items() if key != "poll"}
        if problem:
            since = row.health.get("poll", {}).get("since") or clock.now().isoformat()
            health["poll"] = {"problem": problem[:500], "since": since}
            row.checked_at = row.checked_at if "poll" in row.health else None
        row.health, row.problem = health, _problem(health)
        row.save(update_fields=["health", "problem", "checked_at"])


@transaction.atomic
def keep_learned(account_id: int, quiet: timedelta | None) -> None:
    """Keep the longest silence that was learned for an account just now."""
    row = _locked(account_id)
    row.quiet_seconds = None if quiet is None else int(quiet.total_seconds())
    row.health = {**row.health, "quiet_at": clock.now().isoformat()}
    row.save(update_fields=["quiet_seconds", "health"])


@transaction.atomic
def keep_hooked(account: Account) -> None:
    """Keep that from now on the platform is known to call us: `account` is brought up to date."""
    row = _locked(account.pk)
    account.health = row.health = {**row.health, "hooked_since": _second(clock.now())}
    row.save(update_fields=["health"])


def _locked(account_id: int) -> Account:
    # Its key is never changed: what refers to the account may be written meanwhile.
    row: Account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
    return row


def _second(now: datetime) -> str:
    """The beginning of a second: platforms tell when something was said to the second."""
    return now.replace(microsecond=0).isoformat()


def instant(health: dict[str, Any], name: str) -> datetime | None:
    """One of the instants that the health of an account holds, or None."""
    return datetime.fromisoformat(health[name]) if health.get(name) else None


def _resumed(health: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What went wrong with asking before is asked anew."""
    return {key: value for key, value in health.items() if key != "poll"} | {"resumed_at": now.isoformat()}


def _may_resume(health: dict[str, Any], now: datetime) -> bool:
    last = instant(health, "resumed_at")
    return last is None or now - last >= EVERY - timedelta(minutes=1)


def _problem(health: dict[str, Any]) -> str:
    said = [] if health.get("ok", True) else [health.get("detail", "")]
    said += [health["poll"]["problem"]] if "poll" in health else []
    return "; ".join(dict.fromkeys(one for one in said if one))


def _wake_senders() -> None:
    ring(SENDERS)
