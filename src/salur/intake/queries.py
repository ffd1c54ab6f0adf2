"""Questions about what came in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate

from django.db import connection
from django.db.models import Count, QuerySet

from salur.channels.models import Account
from salur.intake.counts import Conservation, added_up
from salur.intake.fold import Change, Version, fold
from salur.intake.models import Delivery, Message, Signal, StoredFile
from salur.intake.note import CHANGES, change_of
from salur.kernel import clock


def conservation() -> Conservation:
    """The conservation count of every delivery in scope, from one statement and so of one instant."""
    return added_up(Delivery.objects.values_list("state", "reason").annotate(n=Count("id")).order_by())


def oldest_received() -> datetime | None:
    """When the delivery that has waited longest to be understood came in, or None when none waits."""
    rows = Delivery.objects.filter(state=Delivery.State.RECEIVED).order_by("id")
    return rows.values_list("received_at", flat=True).first()


def next_received(most: int = 1) -> list[Delivery]:
    """The next deliveries to be understood, locked until the transaction ends: at least one where any is ready, and
    no more than MOST_BYTES hold together. Those of an account share its object."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [clock.now(), most])
        sizes = cursor.fetchall()
    sums = accumulate(size for _, size in sizes)
    ids = [pk for (pk, size), total in zip(sizes, sums, strict=True) if total <= MOST_BYTES or total == size]
    found = list(Delivery.objects.filter(pk__in=ids).order_by("id")) if ids else []
    wanted = {one.account_id for one in found}
    accounts = Account.objects.select_related("agency", "government").in_bulk(wanted) if wanted else {}
    for one in found:
        one.account = accounts[one.account_id]
    return found


MOST_BYTES = 4_000_000
NEXT = """
SELECT id, octet_length(body) FROM intake_delivery
WHERE state = 'received' AND (not_before IS NULL OR not_before <= %s) ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""


def own_copy_seen(account_id: int) -> bool:
    """Whether a copy of something we sent has come back to this account before: it then keeps such copies."""
    return Delivery.objects.filter(account_id=account_id, state=Delivery.State.IGNORED, reason="own_message").exists()


def quarantined(reason: str = "") -> QuerySet[Delivery]:
    """Deliveries that wait for a person, newest first; with a reason, those that wait for it."""
    rows = Delivery.objects.filter(state=Delivery.State.QUARANTINED, **({"reason": reason} if reason else {}))
    return rows.select_related("account").order_by("-received_at")


def quarantine_reasons() -> dict[str, int]:
    """How many deliveries wait for a person, by reason, the most first."""
    rows = quarantined().values("reason").annotate(n=Count("id")).order_by("-n", "reason")
    return {row["reason"]: row["n"] for row in rows}


def delivery(delivery_id: int) -> Delivery | None:
    """One delivery in scope."""
    return Delivery.objects.select_related("account").filter(pk=delivery_id).first()


def delivery_of(account: Account, external_id: str) -> Delivery | None:
    """The delivery that an account keeps under this id, if it is in scope."""
    return Delivery.objects.select_related("account").filter(account=account, external_id=external_id).first()


def files_of(messages: Iterable[Message]) -> dict[int, list[StoredFile]]:
    """The stored files of messages, by message id."""
    found: dict[int, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(message__in=list(messages)).order_by("id"):
        found.setdefault(file.message_id, []).append(file)
    return found


def signals_about(account_id: int, external_id: str) -> list[Signal]:
    """What a platform told about one message, a citizen's or ours, ordered by (at, key)."""
    return list(Signal.objects.filter(account_id=account_id, about=external_id).order_by("at", "key", "id"))


def answered_by_us(account_id: int, ids: Sequence[str]) -> list[str]:
    """What the account itself answered with these messages, as far as the platform has shown them to us again."""
    rows = Signal.objects.filter(account_id=account_id, about__in=list(ids), kind="echoed")
    return [answered for detail in rows.values_list("detail", flat=True) if (answered := detail.get("in_reply_to"))]


def reached(account_id: int, to_index: str, ids: Iterable[str]) -> set[str]:
    """Which of these messages of ours went to this person in private, as far as the platform told."""
    rows = Signal.objects.filter(account_id=account_id, about__in=list(ids), detail__to_index=to_index)
    return set(rows.values_list("about", flat=True)) if to_index else set()


def last_private_word(account_id: int, sender_index: str) -> datetime | None:
    """When this person last said something in private to this account, or None: it opens the platforms' windows."""
    rows = Message.objects.filter(account_id=account_id, sender_index=sender_index, audience="private")
    return rows.order_by("-spoken_at").values_list("spoken_at", flat=True).first() if sender_index else None


def may_be_written_to(account_id: int, to_index: str) -> bool:
    """Whether this person has not blocked the account since they last allowed it to write."""
    rows = Signal.objects.filter(account_id=account_id, about=to_index, kind__in=("blocked", "unblocked"))
    last = rows.order_by("-at", "-id").values_list("kind", flat=True).first() if to_index else None
    return last != "blocked"


def versions_of(messages: Iterable[Message]) -> dict[int, tuple[Version, ...]]:
    """What each edited message said before, the oldest first, by message id; of a removed one nothing is told.

    One statement where any was edited, and none elsewhere.
    """
    edited = {(one.account_id, one.external_id): one for one in messages if one.edited_at and not one.removed_at}
    if not edited:
        return {}
    accounts, ids = zip(*edited, strict=True)
    changes: dict[tuple[int, str], list[Change]] = {}
    for row in Signal.objects.filter(account_id__in=set(accounts), about__in=ids, kind__in=CHANGES):
        changes.setdefault((row.account_id, row.about), []).append(change_of(row))
    standing = {one.pk: fold(one.first_text, changes.get(key, []), one.sender_index) for key, one in edited.items()}
    return {message_id: found.versions[:-1] for message_id, found in standing.items()}
