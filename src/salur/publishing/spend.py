"""What messages cost a government in a calendar month, and how much is left of what it allows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from salur.agencies.models import Government
from salur.kernel import clock
from salur.publishing.models import Dispatch, SpendCap

USD = 1_000_000
"""Costs are kept in millionths of a US dollar: the platforms' own price lists are in dollars."""


def month_start(government: Government) -> datetime:
    """When the present calendar month began in the government's time zone (UTC)."""
    local = clock.now().astimezone(ZoneInfo(government.timezone))
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def spent(government: Government) -> int:
    """What went out this month, and what is going out now, costs in millionths of a US dollar."""
    under_way = Q(state__in=[Dispatch.State.SENDING, Dispatch.State.UNCERTAIN]) | ~Q(said=[])
    rows = Dispatch.objects.filter(government_id=government.pk, cost__gt=0)
    rows = rows.filter(Q(sent_at__gte=month_start(government)) | Q(sent_at=None) & under_way)
    return rows.aggregate(total=Sum("cost"))["total"] or 0


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


def left(government: Government) -> int | None:
    """What may still be spent this month; None for no limit.

    In a transaction it is answered to one sender after another, so that two of them do not spend the same rest.
    """
    cap = SpendCap.objects.select_for_update().filter(government_id=government.pk).first()
    return None if cap is None else max(0, cap.month_cap - spent(government))
