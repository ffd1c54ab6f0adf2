"""What messages cost a government in a calendar month, and how much is left of what it allows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import JSONField, Q, Sum, Value
from django.db.models.functions import JSONObject

from salur.agencies.models import Government
from salur.channels.registry import platform
from salur.kernel import clock
from salur.publishing.models import Dispatch, SpendCap
from salur.publishing.plan import price

State = Dispatch.State
JSON = JSONField()
BEGUN = {"channel": "account__platform", "way": "way", "cost": "cost", "texts": "texts", "said": "said"}
"""What `_paid` asks of a sending."""
USD = 1_000_000
"""Costs are kept in millionths of a US dollar: the platforms' own price lists are in dollars."""


def month_start(government: Government) -> datetime:
    """When the present calendar month began in the government's time zone (UTC)."""
    local = clock.now().astimezone(ZoneInfo(government.timezone))
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def spent(government: Government) -> int:
    """What went out this month, and what is going out now, costs in millionths of a US dollar.

    A message belongs to the month in which it was handed over. Of what goes on all messages count, of what was given up
    half-way those that were said; what is uncertain counts as said.
    """
    since = month_start(government)
    rows = Dispatch.objects.filter(government_id=government.pk, cost__gt=0)
    went_out = Q(state=State.SENT, sent_at__gte=since)
    under_way = Q(state__in=[State.SENDING, State.UNCERTAIN]) | Q(state=State.WAITING) & ~Q(said=[])
    whole = Q(went_out | under_way, claimed_at__gte=since)
    given_up = ~Q(state__in=[State.SENT, State.SENDING, State.UNCERTAIN, State.WAITING]) & ~Q(said=[])
    begun = Q(given_up, sent_at__gte=since)
    told = rows.filter(whole | begun).aggregate(
        total=Sum("cost", filter=whole), begun=JSONBAgg(JSONObject(**BEGUN), filter=begun, default=Value([], JSON))
    )
    return (told["total"] or 0) + sum(_paid(**one) for one in told["begun"])


def paid(dispatch: Dispatch) -> int:
    """What those messages of a dispatch that were said cost, in millionths of a US dollar.

    Its cost holds what its way takes for those that were not said; where no way is open it holds none of them.
    """
    return _paid(dispatch.account.platform, dispatch.way, dispatch.cost, dispatch.texts, dispatch.said)


def _paid(channel: str, way: str, cost: int, texts: list[str], said: list[str]) -> int:
    if not said:
        return 0
    chosen = platform(channel).capabilities.way(way)
    return cost - (price(chosen, texts[len(said) :]) if chosen else 0)


def cap_of(government: Government) -> int | None:
    """The most it allows for a month, in millionths of a US dollar; None for no limit."""
    return SpendCap.objects.filter(government_id=government.pk).values_list("month_cap", flat=True).first()


def set_cap(government: Government, amount: int | None) -> None:
    """Allow so many millionths of a US dollar a month; None takes the limit away. Raises ValueError below zero."""
    if amount is None:
        SpendCap.objects.filter(government_id=government.pk).delete()
        return
    if amount < 0:
        raise ValueError("a limit is at least 0")
    SpendCap.objects.update_or_create(government=government, defaults={"month_cap": amount})


def left(government: Government, *, hold: bool = True) -> int | None:
    """What may still be spent this month; None for no limit.

    In a transaction it is answered to one sender after another, so that two of them do not spend the same rest; without
    `hold` at once, to whoever spends nothing.
    """
    caps = SpendCap.objects.select_for_update() if hold else SpendCap.objects.all()
    cap = caps.filter(government_id=government.pk).first()
    return None if cap is None else max(0, cap.month_cap - spent(government))
