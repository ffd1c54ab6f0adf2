"""Questions about official accounts; every answer holds only what the scope in force may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, When
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from salur.agencies.models import Member
from salur.channels.models import Account, Alarm
from salur.channels.registry import PLATFORMS
from salur.kernel.tenancy import EVERYTHING, Scope, use

DISTURBING = ("down", "token", "subscription")
"""What a citizen notices; the other alarms are suspicions, or mended already."""


@dataclass(frozen=True)
class AccountHealth:
    """An account with what is wrong with it now, and who answers for it."""

    account: Account
    alarms: tuple[Alarm, ...]
    custodians: tuple[Member, ...]


@dataclass(frozen=True)
class PublicChannel:
    """An official channel as citizens are told of it; `disturbed_since` (aware) None while it works."""

    name: str
    platform: str
    label: str
    link: str
    disturbed_since: datetime | None


def account_of(agency_id: int, platform: str) -> Account | None:
    """The active account of an agency on a platform; the oldest where there are several."""
    rows = Account.objects.filter(agency_id=agency_id, platform=platform, state=Account.State.LIVE)
    return rows.select_related("agency", "government").order_by("id").first()


def web_account(government_id: int) -> Account | None:
    """The account by which the portal's reports to a government arrive."""
    rows = Account.objects.filter(government_id=government_id, platform="web", state=Account.State.LIVE)
    return rows.select_related("agency", "government").order_by("id").first()


def accounts() -> list[Account]:
    """Every account in scope."""
    return list(Account.objects.select_related("agency", "government").order_by("id"))


def account(account_id: int) -> Account | None:
    """One account in scope."""
    return Account.objects.select_related("agency", "government").filter(pk=account_id).first()


def mail_accounts(government_id: int) -> list[Account]:
    """The mailboxes from which a government can write: at work, not stopped, the coordinator's first."""
    rows = Account.objects.filter(government_id=government_id, platform="email", state=Account.State.LIVE, stopped="")
    return list(rows.select_related("agency").order_by("-agency__is_coordinator", "id"))


def open_alarms() -> list[Alarm]:
    """What is wrong now with accounts in scope, newest first."""
    rows = Alarm.objects.filter(ended_at=None).select_related("account__agency", "government")
    return list(rows.order_by("-began_at", "-id"))


def alarms_since(instant: datetime) -> list[Alarm]:
    """The alarms in scope that are open, or ended at this (aware) instant or later; oldest first."""
    rows = Alarm.objects.filter(ended_at=None) | Alarm.objects.filter(ended_at__gte=instant)
    return list(rows.select_related("account__agency", "government").order_by("began_at", "id"))


def alarms_of(account: Account) -> list[Alarm]:
    """The alarms of an account, newest first, the last hundred."""
    return list(Alarm.objects.filter(account=account).order_by("-began_at", "-id")[:100])


def accounts_with_health() -> list[AccountHealth]:
    """Every account in scope with its open alarms and custodians, by government, agency and platform."""
    rows = Account.objects.select_related("agency", "government").defer("credentials")
    alarms: dict[int, list[Alarm]] = {}
    for alarm in open_alarms():
        alarms.setdefault(alarm.account_id, []).append(alarm)
    keepers = custodians_of([])
    return [
        AccountHealth(one, tuple(alarms.get(one.pk, ())), tuple(keepers.get(one.pk, ())))
        for one in rows.order_by("government__code", "agency__name", "platform", "id")
    ]


def custodians_of(account_ids: list[int]) -> dict[int, list[Member]]:
    """The active custodians by account, of these accounts or, with none given, of all in scope; with their sign-in.

    Whoever may see an account may know who answers for it, wherever that officer sits.
    """
    links = Account.custodians.through.objects.filter(account__in=Account.objects.values("pk"), member__active=True)
    if account_ids:
        links = links.filter(account_id__in=account_ids)
    found: dict[int, list[Member]] = {}
    for link in links.select_related("member__user").order_by("member__name", "member_id"):
        found.setdefault(link.account_id, []).append(link.member)
    return found


def public_channels(government_id: int) -> list[PublicChannel]:
    """The official channels of a government that have a public name or a link, by platform and name; whoever asks."""
    with use(Scope(government_id)):
        rows = Account.objects.filter(state=Account.State.LIVE).exclude(name="", link="").defer("credentials")
        disturbed: dict[int, datetime] = {}
        for alarm in open_alarms():
            if disturbs(alarm):
                disturbed[alarm.account_id] = min(alarm.began_at, disturbed.get(alarm.account_id, alarm.began_at))
        found = [
            PublicChannel(shown_name(one), one.platform, label_of(one.platform), one.link, disturbed.get(one.pk))
            for one in rows
        ]
    return sorted(found, key=lambda one: (one.label.casefold(), one.name.casefold()))


def disturbed_for(everything: Collection[str]) -> BaseExpression:
    """How many accounts at work have an open alarm, as an expression on an officer: it costs no query of its own.

    Officers of the roles `everything` hear of their whole government, others of what they are custodians of; a
    custodian may sit in another agency than the account.
    """
    with use(EVERYTHING):  # the expression itself holds the government of the officer
        rows = Alarm.objects.filter(
            ended_at=None, account__state=Account.State.LIVE, government_id=OuterRef("government_id")
        )
    return Case(
        When(role__in=sorted(everything), then=_accounts_in(rows)),
        default=_accounts_in(rows.filter(account__custodians=OuterRef("pk"))),
    )


def _accounts_in(alarms: QuerySet[Alarm]) -> Coalesce:
    counted = alarms.order_by().values("government_id").annotate(n=Count("account_id", distinct=True))
    return Coalesce(Subquery(counted.values("n")), 0)


def disturbs(alarm: Alarm) -> bool:
    """Whether citizens notice it; a token that is only about to end disturbs nobody yet."""
    if alarm.kind == "token" and not alarm.account.stopped:
        return alarm.account.health.get("ok") is not True
    return alarm.kind in DISTURBING


def shown_name(account: Account) -> str:
    """What an account is called on a page: its name, else its address; on X a user name has its sign @."""
    name = account.name or account.address
    is_handle = account.platform == "x" and account.name and account.name.replace("_", "").isalnum()
    return f"@{name}" if is_handle and not name.startswith("@") else name


def label_of(name: str) -> str:
    """What a platform calls itself, in the language in force; its code where it is not built in any more."""
    found = PLATFORMS.get(name)
    return gettext(found.guide.label) if found and found.guide.label else name
