"""What the traffic of an account says about its health, beside what its platform says: silence, loss, refusals."""

from datetime import datetime, timedelta

from salur.channels.alarm import close_alarm, open_alarm
from salur.channels.health import beat, instant, keep_hooked, keep_learned
from salur.channels.models import Account, Alarm
from salur.channels.silence import longest_silence
from salur.intake.heard import forget_old, heard_at, heard_since
from salur.intake.models import Delivery, HookCount, Message
from salur.kernel import clock

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REFUSALS = 20
"""So many refused calls of an account on one day are no accident any more."""
UNSIGNED = ("bad_signature", "stale")


def watch(account: Account) -> int:
    """One heartbeat of an account, if it is due, and the alarms that its own traffic gives reason for."""
    if not beat(account):
        return 0
    found = Account.objects.get(pk=account.pk)
    if instant(found.health, "hooked_since") is None and heard_since(found.pk, clock.now() - HOUR, "hook"):
        keep_hooked(found)
    look_for_silence(found)
    look_for_losses(found)
    look_for_refusals(found)
    return 1


def look_for_silence(account: Account) -> None:
    """Alarm when nothing has come for longer than the account's own traffic of four weeks lets one expect.

    Counted is what comes by the hook, where the platform calls us; else what comes by asking. An open alarm ends with
    the next thing that comes.
    """
    open_now = Alarm.objects.filter(account=account, kind="silent", ended_at=None).first()
    if open_now is not None:
        if _heard_since(account, open_now.began_at):
            close_alarm(account, "silent")
        return
    now, learned_at = clock.now(), instant(account.health, "quiet_at")
    if learned_at is None or now - learned_at >= DAY:
        account.quiet_seconds = _learn(account)
    expected = account.quiet_seconds
    if expected is None or _heard_since(account, now - timedelta(seconds=expected)):
        return
    # What was learned held for the hour of the last message then; it may have come at another since.
    quiet = _learn(account)
    if quiet is not None and not _heard_since(account, now - timedelta(seconds=quiet)):
        open_alarm(account, "silent", f"{quiet // 3600} h")


def _learn(account: Account) -> int | None:
    """The seconds of silence to expect after what was heard last; kept on the account."""
    forget_old(account.pk)
    heard = heard_at(account.pk, _way(account))
    quiet = longest_silence(heard, heard[-1]) if heard else None
    keep_learned(account.pk, quiet)
    return None if quiet is None else int(quiet.total_seconds())


def _heard_since(account: Account, since: datetime) -> bool:
    """Whether something came at or after an aware instant, be it still waiting for the worker."""
    if heard_since(account.pk, since, _way(account)):
        return True
    waiting = Delivery.objects.filter(account=account, state=Delivery.State.RECEIVED, via=_way(account))
    return waiting.filter(received_at__gte=since).exists()


def _way(account: Account) -> str:
    return "poll" if instant(account.health, "hooked_since") is None else "hook"


def look_for_losses(account: Account) -> None:
    """Alarm while, within a day, messages were found only by asking a platform that should have called us.

    What was said before the platform was known to call us is history that was fetched, and nothing lost.
    """
    lost = found_by_poll(account, clock.now() - DAY)
    if lost:
        open_alarm(account, "lost_by_hook", f"{lost} / 24 h")
    else:
        close_alarm(account, "lost_by_hook")


def found_by_poll(account: Account, since: datetime) -> int:
    """How many messages came since then (aware) only because an account whose platform calls us was asked for them."""
    hooked = instant(account.health, "hooked_since")
    if hooked is None or not heard_since(account.pk, since, "poll"):
        return 0
    rows = Message.objects.filter(account=account, delivery__via="poll", delivery__received_at__gte=since)
    return rows.filter(spoken_at__gte=hooked).count()


def look_for_refusals(account: Account) -> None:
    """Alarm while many calls with a wrong signature were refused on the present day (UTC)."""
    rows = HookCount.objects.filter(account=account, day=clock.today("UTC"), reason__in=UNSIGNED)
    number = sum(rows.values_list("number", flat=True))
    if number >= REFUSALS:
        open_alarm(account, "refused", str(number))
    else:
        close_alarm(account, "refused")
