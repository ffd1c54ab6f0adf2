"""When accounts were heard from their platforms: a few rows a day for each, so that no count of traffic reads the
deliveries, which the gate keeps with as few indexes as it can."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max

from salur.channels.silence import LEARNED_FROM, cell_of
from salur.intake.models import Delivery, Heard
from salur.kernel import clock

FROM_OUTSIDE = ("hook", "poll")
WRITE = """
INSERT INTO intake_heard (government_id, account_id, via, cell, at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[])
ON CONFLICT (account_id, via, cell) DO UPDATE SET at = excluded.at WHERE intake_heard.at < excluded.at
"""


def hear_of(deliveries: Iterable[Delivery]) -> None:
    """Keep that these deliveries came, whatever they hold; those of forms and imports say nothing about a platform."""
    last: dict[tuple[int, str, datetime], Delivery] = {}
    for one in deliveries:
        if one.via in FROM_OUTSIDE:
            key = one.account_id, one.via, cell_of(one.received_at)
            last[key] = max(last.get(key, one), one, key=lambda each: each.received_at)
    if not last:
        return
    rows = [(last[key].government_id, *key, last[key].received_at) for key in sorted(last)]  # in one order of locking
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])


def heard_since(account_id: int, since: datetime, via: str) -> bool:
    """Whether something came that way at or after an aware instant."""
    return Heard.objects.filter(account_id=account_id, via=via, at__gte=since).exists()


def heard_at(account_id: int, via: str) -> list[datetime]:
    """The last (aware) instant of every twenty minutes of the past four weeks in which something came that way."""
    rows = Heard.objects.filter(account_id=account_id, via=via, at__gt=clock.now() - LEARNED_FROM)
    return list(rows.order_by("at").values_list("at", flat=True))


def forget_old(account_id: int) -> None:
    """Delete what is older than is learned from, but for the latest of each way."""
    rows, old = Heard.objects.filter(account_id=account_id), clock.now() - LEARNED_FROM - timedelta(days=1)
    for way, latest in rows.values_list("via").annotate(latest=Max("cell")):
        rows.filter(via=way, cell__lt=min(latest, old)).delete()


def heard_from(account_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these accounts last brought something from its platform (aware), by id; in one statement."""
    rows = Heard.objects.filter(account_id__in=account_ids).values("account_id")
    return dict(rows.annotate(last=Max("at")).values_list("account_id", "last"))
