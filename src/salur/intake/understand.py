"""From a raw delivery to what it holds: item by item, once, and never lost when it fails."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from django.db import transaction

from salur.channels.app import share_an_app
from salur.channels.models import Account
from salur.channels.ports import Broken, Ignored, Inbound, Item, Raw, Unreadable
from salur.channels.registry import platform
from salur.intake import hear, note
from salur.intake.events import DeliveryIgnored, DeliveryQuarantined
from salur.intake.heard import hear_of
from salur.intake.models import Delivery
from salur.intake.queries import next_received
from salur.intake.storable import storable
from salur.kernel import clock, ledger
from salur.kernel.events import Event

log = structlog.get_logger("salur.intake")
State = Delivery.State
TRIES = 3
PAUSE = timedelta(seconds=20)
SEVERAL = "several"
"""The reason of a delivery whose items were ignored for more than one."""
Keeping = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Placed:
    """One item, its place in the delivery, and the account it belongs to."""

    where: str
    item: Item
    account: Account


def understand(delivery: Delivery) -> None:
    """Parse one delivery that the caller holds locked, and take its items, in the caller's transaction.

    Ends in `understood`, `ignored` with a reason, or `quarantined` with a reason: an item that cannot be understood
    puts the delivery there (reason `item`, with its place) while the others stand; a replay adds what is missing.
    What the platform calls unreadable is quarantined at once; what only this program fails on is tried three times
    first. One bad delivery never blocks the next. What the tables refuse is raised.
    """
    _understand([delivery], nullcontext)


def understand_next(most: int = 1) -> int:
    """Understand the next waiting deliveries, in the caller's transaction; returns how many there were.

    Of several, all that has to be held is held at once and nothing waited for after: raises `ledger.Held` where
    something else is needed that somebody has. The caller then takes them one by one.
    """
    deliveries = next_received(most)
    _understand(deliveries, nullcontext)
    return len(deliveries)


def understand_next_alone() -> bool:
    """As `understand_next`, where something was not carried all the way: each of several items stands for itself.

    What the tables refuse then counts as a try, and the other items stand at once.
    """
    delivery = next(iter(next_received()), None)
    if delivery is None:
        return False
    try:
        with ledger.savepoint():
            _understand([delivery], ledger.savepoint)
    except Exception as problem:
        log.exception("delivery not written", delivery=delivery.pk)
        delivery.refresh_from_db(fields=["attempts"])
        _failed(delivery, problem)
    return True


def _understand(deliveries: Sequence[Delivery], keeping: Keeping) -> None:
    parsed = ((delivery, _parsed(delivery)) for delivery in deliveries)
    read = [(delivery, *_placed(delivery, found)) for delivery, found in parsed if found is not None]
    ledger.hold_many([lock for _, placed, _ in read for one in placed for lock in _locks(one)])
    # Once it is committed: accounts' rows must not be held while everything that follows is carried on.
    transaction.on_commit(partial(hear_of, deliveries))
    if len(deliveries) > 1:
        ledger.wait_no_more()
    plain = []
    for delivery, placed, broken in read:
        _take(delivery, placed, broken, keeping if len(placed) + len(broken) > 1 else nullcontext)
        if delivery.state == State.UNDERSTOOD and not delivery.detail:
            plain.append(delivery.pk)
    if plain:
        Delivery.objects.filter(pk__in=plain).update(state=State.UNDERSTOOD, reason="", detail="")


def _parsed(delivery: Delivery) -> Sequence[Item] | None:
    """What a delivery holds; None where that cannot be told, and the delivery says so."""
    account = delivery.account
    raw = Raw(
        delivery.external_id,
        bytes(delivery.body),
        delivery.content_type,
        received_at=delivery.received_at,
        via=delivery.via,
    )
    try:
        return platform(account.platform).parse(account.view(), raw)
    except Unreadable as problem:
        _quarantine(delivery, "unreadable", str(problem))
    except Exception as problem:
        log.exception("delivery not understood", delivery=delivery.pk, attempt=delivery.attempts + 1)
        _failed(delivery, problem)
    return None


def _take(delivery: Delivery, placed: Sequence[Placed], broken: Sequence[Broken], keeping: Keeping) -> None:
    """Write every item; `keeping` guards each, so that one that fails takes no other with it.

    A delivery that is understood without more to be said is left to the caller to be saved.
    """
    failed = []
    for one in placed:
        try:
            with keeping():
                _write(delivery, one)
        except Exception as problem:
            if keeping is nullcontext:
                raise
            log.exception("item not written", delivery=delivery.pk, item=one.where)
            failed.append(Broken(one.where, f"{type(problem).__name__}: see the log for delivery {delivery.pk}"))
    if failed and delivery.attempts + 1 < TRIES:
        _later(delivery)
        return
    ignored = [one.item for one in placed if isinstance(one.item, Ignored)]
    only = len(ignored) == len(placed)
    _tell_ignored(delivery, ignored, only=only and not broken)
    if broken or failed:
        _quarantine(delivery, "item", "; ".join(f"{one.where}: {one.reason}" for one in [*broken, *failed]))
        return
    reasons = list(dict.fromkeys(item.reason for item in ignored)) or ["empty"]
    delivery.state = State.IGNORED if only else State.UNDERSTOOD
    delivery.reason = "" if not only else reasons[0] if len(reasons) == 1 else SEVERAL
    delivery.detail = _detail(ignored)
    if only or delivery.detail:
        delivery.save(update_fields=["state", "reason", "detail"])


def _placed(delivery: Delivery, found: Sequence[Item]) -> tuple[list[Placed], list[Broken]]:
    """The items with their accounts, and those that are broken or belong to no connected account."""
    placed, broken = [], list[Broken]()
    accounts: dict[str, Account | None] = {"": delivery.account, delivery.account.address: delivery.account}
    for place, item in enumerate(found):
        if isinstance(item, Broken):
            broken.append(item)
            continue
        if item.account_ref not in accounts:
            accounts[item.account_ref] = _account(delivery.account, item.account_ref)
        account = accounts[item.account_ref]
        if account is None and isinstance(item, Ignored):
            account = delivery.account  # whosever it is, it is nothing to anybody
        if account is None:
            broken.append(Broken(f"item {place}", f"account {item.account_ref} is not connected"))
        elif not isinstance(item, Ignored) and not _speaks_for(delivery.account, account):
            broken.append(Broken(f"item {place}", f"account {item.account_ref} does not share this app"))
        elif isinstance(item, Inbound) and not item.external_id:
            broken.append(Broken(f"item {place}", "a message without an id"))
        else:
            placed.append(Placed(f"item {place}", item, account))
    return placed, broken


def _account(hook: Account, address: str) -> Account | None:
    """The account of the same government and platform with this address."""
    rows = Account.objects.select_related("agency", "government").exclude(state=Account.State.OFF)
    return rows.filter(government_id=hook.government_id, platform=hook.platform, address=address).first()


def _speaks_for(hook: Account, account: Account) -> bool:
    """Whether what one account's secret signed is believed about another."""
    return account is hook or share_an_app(hook.view(), account.view())


def _locks(one: Placed) -> list[str]:
    if isinstance(one.item, Inbound):
        return hear.locks_of(one.account, one.item)
    return note.locks_of(one.account, one.item) if isinstance(one.item, note.Told) else []


def _write(delivery: Delivery, one: Placed) -> None:
    if isinstance(one.item, Inbound):
        hear.hear(delivery, one.account, one.item)
    elif isinstance(one.item, note.Told):
        note.note(delivery, one.account, one.item)


def _detail(ignored: Sequence[Ignored]) -> str:
    """What is kept about ignored items: the detail of a single one, else how many there were of which reason."""
    if len(ignored) <= 1:
        return storable(ignored[0].detail) if ignored else ""
    return ", ".join(f"{reason} {n}" for reason, n in sorted(Counter(item.reason for item in ignored).items()))


def _tell_ignored(delivery: Delivery, ignored: Sequence[Ignored], *, only: bool) -> None:
    """Record `delivery.ignored` for every item that speaks of a message of ours, and for a delivery that held nothing
    else at least once. What was recorded before, in an earlier try, is not recorded again."""
    spoken = list(dict.fromkeys(item for item in ignored if item.about))
    if only:
        spoken = spoken or list(ignored[:1]) or [Ignored("empty")]
    if not spoken:
        return
    known = set()
    if not only:
        facts = ledger.journal(_stream(delivery))
        known = {(fact.data["reason"], fact.data["about"]) for fact in facts if fact.kind == DeliveryIgnored.KIND}
    for item in spoken:
        about = storable(item.about)[:300]
        if (item.reason, about) not in known:
            event = DeliveryIgnored(
                delivery_id=delivery.pk,
                account_id=delivery.account_id,
                reason=item.reason,
                about=about,
                detail=storable(item.detail),
            )
            _record(delivery, event)


def _failed(delivery: Delivery, problem: Exception) -> None:
    if delivery.attempts + 1 >= TRIES:
        _quarantine(delivery, "error", f"{type(problem).__name__}: see the log for delivery {delivery.pk}")
    else:
        _later(delivery)


def _later(delivery: Delivery) -> None:
    """Another try after a pause that grows."""
    delivery.attempts += 1
    delivery.not_before = clock.now() + PAUSE * delivery.attempts
    delivery.save(update_fields=["attempts", "not_before"])


def _quarantine(delivery: Delivery, reason: str, detail: str) -> None:
    delivery.state, delivery.reason, delivery.detail = State.QUARANTINED, reason, storable(detail)[:500]
    delivery.save(update_fields=["state", "reason", "detail"])
    _record(delivery, DeliveryQuarantined(delivery_id=delivery.pk, reason=reason))


def _record(delivery: Delivery, event: Event) -> None:
    ledger.record(event, stream=_stream(delivery), government_id=delivery.government_id, actor=ledger.SYSTEM)


def _stream(delivery: Delivery) -> str:
    return f"delivery:{delivery.pk}"
