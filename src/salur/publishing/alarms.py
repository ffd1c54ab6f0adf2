"""Tell the custodians of an account by e-mail what is wrong with it: once a day while it is so, and when it is over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from salur.agencies.models import Member
from salur.channels.alarm import MEANINGS
from salur.channels.alone import TELL, alone
from salur.channels.events import AlarmTold
from salur.channels.models import Account, Alarm
from salur.channels.ports import Outbound, SendFailed, SendUncertain
from salur.channels.queries import alarms_since, custodians_of, label_of, mail_accounts
from salur.channels.registry import platform
from salur.kernel import clock, ledger, tenancy
from salur.kernel.database import ring
from salur.kernel.events import Fact
from salur.kernel.models import Entry

log = structlog.get_logger("salur.publishing")
BELL = "salur_alarms"
"""The channel on which whoever mails is woken."""
DAY = timedelta(days=1)
SETTLED = timedelta(minutes=1)
"""An alarm that has ended by then was a blink, and wakes nobody."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


def tell(entry: Entry) -> None:
    """Wake whoever mails the custodians of an account. Heard on `alarm.raised` and `alarm.ended`."""
    ring(BELL, str(entry.data["alarm_id"]))


@dataclass(frozen=True)
class Letter:
    """One mail that is due: to a custodian, that an alarm stands or (`ended`) that it is over."""

    alarm: Alarm
    custodian: Member
    ended: bool

    @property
    def key(self) -> str:
        """The same for the same mail, however often it is tried."""
        return f"alarm-{self.alarm.pk}-{self.custodian.pk}-{clock.now().astimezone(UTC):%Y%m%d}"


class Letters:
    """Mails what is due. Remembers, for this worker alone, how long to wait with those that could not be sent."""

    def __init__(self) -> None:
        self._pause: dict[str, tuple[datetime, timedelta]] = {}

    def send_due(self) -> int:
        """Mail every letter that is due; returns how many custodians were told. What fails is tried again later."""
        told = 0
        with tenancy.use(tenancy.EVERYTHING):
            for letter in due():
                until, pause = self._pause.get(letter.key, (clock.now(), FIRST_PAUSE))
                if until > clock.now():
                    continue
                if _send(letter):
                    told += 1
                    self._pause.pop(letter.key, None)
                else:
                    self._pause[letter.key] = (clock.now() + pause, min(pause * 2, LONGEST_PAUSE))
            self._pause = {key: kept for key, kept in self._pause.items() if kept[0] > clock.now() - DAY}
        return told


def due() -> list[Letter]:
    """Every mail that should go out now; only to custodians whose sign-in has an address.

    Of one account and kind a custodian hears at most once a day, however often it comes and goes.
    """
    alarms = alarms_since(clock.now() - DAY)
    if not alarms:
        return []
    facts = ledger.journals([_stream(alarm) for alarm in alarms])
    last = _last_told(alarms, facts)
    keepers = custodians_of(sorted({alarm.account_id for alarm in alarms}))
    found: dict[tuple[int, str, int], Letter] = {}
    for alarm in alarms:
        for custodian in keepers.get(alarm.account_id, []):
            place = (alarm.account_id, alarm.kind, custodian.pk)
            fresh = place not in last or clock.now() - last[place] >= DAY
            if fresh and custodian.user.email and _wanted(alarm, custodian, facts[_stream(alarm)]):
                found[place] = Letter(alarm, custodian, ended=alarm.ended_at is not None)
    return list(found.values())


def _wanted(alarm: Alarm, custodian: Member, facts: Iterable[Fact]) -> bool:
    """Whether there is something to tell: it stands; or it is over, and they know only that it began."""
    if alarm.ended_at is None:
        return clock.now() - alarm.began_at >= SETTLED
    told = [fact.data["ended"] for fact in facts if fact.data["member_id"] == custodian.pk]
    return bool(told) and not any(told)


def _last_told(alarms: Iterable[Alarm], facts: Mapping[str, list[Fact]]) -> dict[tuple[int, str, int], datetime]:
    last: dict[tuple[int, str, int], datetime] = {}
    for alarm in alarms:
        for fact in facts[_stream(alarm)]:
            place = (alarm.account_id, alarm.kind, fact.data["member_id"])
            last[place] = max(fact.at, last.get(place, fact.at))
    return last


def _send(letter: Letter) -> bool:
    """Try every mailbox of the government until one takes the letter, and write down that the custodian was told."""
    alarm = letter.alarm
    with alone(TELL, alarm.pk) as mine:
        still = mine and any(one.key == letter.key and one.ended == letter.ended for one in due())
        if not still:
            return False
        # A mailbox that is itself in trouble is asked last.
        boxes = sorted(mail_accounts(alarm.government_id), key=lambda one: one.pk == alarm.account_id)
        if not any(_handed_over(box, letter) for box in boxes):
            return False
        told = AlarmTold(
            alarm_id=alarm.pk,
            account_id=alarm.account_id,
            kind=alarm.kind,
            member_id=letter.custodian.pk,
            ended=letter.ended,
        )
        with transaction.atomic():
            ledger.record(told, stream=_stream(alarm), government_id=alarm.government_id, actor=ledger.SYSTEM)
        return True


def _handed_over(box: Account, letter: Letter) -> bool:
    with translation.override("id"):
        subject, text = words(letter.alarm, ended=letter.ended)
    out = Outbound(
        once_key=letter.key,
        to=letter.custodian.user.email,
        to_name=letter.custodian.name,
        subject=subject,
        text=text,
        automatic=True,
        way="mail",
    )
    try:
        platform(box.platform).send(box.view(), out)
    except SendUncertain:
        return True  # it may have gone out: a second alarm of the same thing would be one too many
    except SendFailed as failure:
        log.warning("custodian not told", account=box.pk, alarm=letter.alarm.pk, reason=failure.reason)
        return False
    return True


def words(alarm: Alarm, *, ended: bool) -> tuple[str, str]:
    """Subject and text of the mail, in the language in force; nothing of any citizen is in it."""
    account, meaning = alarm.account, MEANINGS[alarm.kind]
    with timezone.override(alarm.government.timezone):
        since = formats.date_format(timezone.localtime(alarm.began_at), "j F Y H:i")
        until = formats.date_format(timezone.localtime(alarm.ended_at), "j F Y H:i") if alarm.ended_at else ""
    said = {
        "channel": f"{gettext(label_of(account.platform))} {account.name or account.address}",
        "agency": account.agency.name,
        "what": gettext(meaning.title),
        "mend": gettext(meaning.mend),
        "detail": alarm.detail or "-",
        "since": since,
        "until": until,
        "link": f"{settings.SALUR_BASE_URL}/desk/",
    }
    if ended:
        text = gettext(
            "%(channel)s (%(agency)s) works again.\n\n%(what)s: from %(since)s until %(until)s.\n\nDesk: %(link)s"
        )
        return gettext("The channel works again: %(channel)s") % said, text % said
    text = gettext(
        "You answer for %(channel)s (%(agency)s).\n\n%(what)s, since %(since)s.\nDetail: %(detail)s\n\nWhat to do: "
        "%(mend)s\n\nDesk: %(link)s\n\nSalur tells you at most once a day while this lasts."
    )
    return gettext("A channel needs you: %(channel)s") % said, text % said


def _stream(alarm: Alarm) -> str:
    return f"alarm:{alarm.pk}"
