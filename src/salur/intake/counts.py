"""The conservation count: whatever came in is understood, rightly ignored, in quarantine or waiting, and nothing else.

received = understood + ignored (each with its reason) + quarantined + waiting, over everything and for every account
and day, always from one statement and so of one instant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from salur.channels.registry import PLATFORMS
from salur.intake.models import Delivery, Message
from salur.kernel import clock

State = Delivery.State


@dataclass(frozen=True)
class Conservation:
    """received = understood + ignored + quarantined + waiting, counted over deliveries."""

    received: int
    understood: int
    ignored: dict[str, int]
    quarantined: int
    waiting: int

    @property
    def holds(self) -> bool:
        """Whether nothing is unaccounted for."""
        return self.received == self.understood + sum(self.ignored.values()) + self.quarantined + self.waiting


@dataclass(frozen=True)
class DayCount:
    """The deliveries of one account that were received on one day of its government's time zone.

    `found_by_poll` are messages that only asking the platform found, though it is known to call us.
    """

    government: str
    account_id: int
    platform: str
    address: str
    day: date
    count: Conservation
    found_by_poll: int


@dataclass
class _Gathered:
    states: list[tuple[str, str, int]] = field(default_factory=list)
    found: int = 0


def added_up(rows: Iterable[tuple[str, str, int]]) -> Conservation:
    """The count from (state, reason, number) of deliveries. A state that is none of the four is in `received` alone."""
    rows = list(rows)
    by_state = {state: sum(n for found, _, n in rows if found == state) for state in State.values}
    return Conservation(
        received=sum(n for _, _, n in rows),
        understood=by_state["understood"],
        ignored={reason: n for state, reason, n in rows if state == State.IGNORED},
        quarantined=by_state["quarantined"],
        waiting=by_state["received"],
    )


def by_day(days: int) -> list[DayCount]:
    """The counts of every account in scope for the last `days` days, today included; newest day first.

    One statement. A day without deliveries has no row.
    """
    first = timedelta(days=max(days, 1) - 1)
    rows = Delivery.objects.filter(received_at__gte=clock.now() - first - timedelta(days=1)).annotate(
        day=Cast(Func(F("government__timezone"), F("received_at"), function="timezone"), DateField()),
        found=Case(When(via="poll", account__platform__in=_called(), then=_messages()), default=0),
    )
    key = ("government__timezone", "government__code", "account_id", "account__platform", "account__address", "day")
    gathered: dict[tuple[Any, ...], _Gathered] = {}
    counted = rows.values_list(*key, "state", "reason").annotate(n=Count("id"), found_by_poll=Sum("found"))
    for row in counted.order_by("-day", "account_id", "state", "reason"):
        one = gathered.setdefault(row[:6], _Gathered())
        one.states.append(row[6:9])
        one.found += row[9]
    return [
        DayCount(code, account, name, address, day, added_up(one.states), one.found)
        for (zone, code, account, name, address, day), one in gathered.items()
        if day >= clock.today(zone) - first
    ]


def _called() -> list[str]:
    """The platforms that call us."""
    return [name for name, one in PLATFORMS.items() if one.capabilities.hooks]


def _messages() -> Coalesce:
    """How many messages a delivery holds that were said since the platform is known to call us."""
    hooked = Cast(KeyTextTransform("hooked_since", "account__health"), DateTimeField())
    rows = Message.objects.filter(delivery_id=OuterRef("pk"), spoken_at__gte=hooked).order_by().values("delivery_id")
    return Coalesce(Subquery(rows.annotate(n=Count("id")).values("n"), output_field=IntegerField()), Value(0))
