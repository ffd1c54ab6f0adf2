"""Alarms of accounts: raised once, ended once, both written down; and what each of them means in plain words."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop

from salur.channels.events import AlarmEnded, AlarmRaised
from salur.channels.models import Account, Alarm
from salur.kernel import clock, ledger


@dataclass(frozen=True)
class Meaning:
    """What a kind of alarm says and what to do about it: English message ids, translated where they are shown."""

    title: str
    mend: str


MEANINGS = {
    "down": Meaning(
        gettext_noop("The channel cannot be reached"),
        gettext_noop("Look whether the platform or our connection is disturbed, then check the account again."),
    ),
    "token": Meaning(
        gettext_noop("The authorisation of the account has ended or ends soon"),
        gettext_noop("Sign in at the platform as a custodian and connect the account anew."),
    ),
    "subscription": Meaning(
        gettext_noop("The platform does not call us any more"),
        gettext_noop("Enter the hook address at the platform again, then subscribe the account again."),
    ),
    "silent": Meaning(
        gettext_noop("Nothing has come for longer than this account lets one expect"),
        gettext_noop("Write a test message to the account. If it does not arrive, look at the hook at the platform."),
    ),
    "lost_by_hook": Meaning(
        gettext_noop("Messages came only because we asked for them; the platform had not sent them"),
        gettext_noop("Nothing is lost. If it goes on, look at the hook and its subscription at the platform."),
    ),
    "refused": Meaning(
        gettext_noop("Many calls with a wrong signature were refused today"),
        gettext_noop("Compare the secret with the one at the platform. If they agree, somebody else is calling."),
    ),
}
"""Every kind of alarm there is."""


def open_alarm(account: Account, kind: str, detail: str = "") -> Alarm:
    """The open alarm of this kind, raised now if there is none; in the caller's transaction, where it has one.

    `detail` (no personal data, no secret) is kept up to date while it is open. Raises KeyError for an unknown kind.
    """
    MEANINGS[kind]
    detail = detail[:500]
    with transaction.atomic():
        found = _open(account, kind)
        if found is None:
            ledger.hold(_stream(account))
            found = _open(account, kind)  # somebody may have raised it while we waited
        if found is None:
            return _raise(account, kind, detail)
        if found.detail != detail:
            found.detail = detail
            found.save(update_fields=["detail"])
        return found


def close_alarm(account: Account, kind: str) -> bool:
    """End the open alarm of this kind; whether there was one."""
    if _open(account, kind) is None:
        return False
    with transaction.atomic():
        ledger.hold(_stream(account))
        found = _open(account, kind)
        if found is None:
            return False
        found.ended_at = clock.now()
        found.save(update_fields=["ended_at"])
        ended = AlarmEnded(account_id=account.pk, alarm_id=found.pk, kind=kind)
        ledger.record(ended, stream=_stream(account), government_id=account.government_id, actor=ledger.SYSTEM)
        return True


def close_all(account: Account) -> None:
    """End whatever is open, because the account is no longer in use."""
    for kind in MEANINGS:
        close_alarm(account, kind)


def _open(account: Account, kind: str) -> Alarm | None:
    return Alarm.objects.filter(account_id=account.pk, kind=kind, ended_at=None).first()


def _raise(account: Account, kind: str, detail: str) -> Alarm:
    alarm: Alarm = Alarm.objects.create(
        government_id=account.government_id, account=account, kind=kind, detail=detail, began_at=clock.now()
    )
    raised = AlarmRaised(account_id=account.pk, alarm_id=alarm.pk, kind=kind, detail=detail)
    ledger.record(raised, stream=_stream(account), government_id=account.government_id, actor=ledger.SYSTEM)
    return alarm


def _stream(account: Account) -> str:
    return f"account:{account.pk}"
