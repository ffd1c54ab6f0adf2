"""Some hooks announce a message without its words: these are asked for, and the message is read once they are here.

An acting verb beside the queue: asked in no transaction, and what the platform says becomes a polled delivery, which
`intake/hear` lets fill the message. Where nothing is to be had, the message is read as it is.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import structlog
from django.db import connection, transaction

from salur.channels.ports import FetchFailed, Inbound, MediaRef
from salur.channels.registry import platform
from salur.intake.accept import accept
from salur.intake.events import MessageReceived
from salur.intake.fold import EDITED, Change, fold
from salur.intake.media import want
from salur.intake.models import Delivery, Message
from salur.intake.note import changes_about, show_standing, stream_of, tell_changes
from salur.kernel import clock, ledger, memory, tenancy
from salur.kernel.database import ring

log = structlog.get_logger("salur.intake")
MISSING, NOT_TOLD = "missing", "not_told"
CHANNEL = "salur_words"
LOCK = 4716
PAUSE = timedelta(seconds=10)
GIVE_UP = timedelta(minutes=10)
"""How long the words are asked for. The citizen's clock runs meanwhile, and an officer can go and look."""
FILLED = (
    *("text", "first_text", "edited_at", "removed_at", "removed_by", "extra", "answer_at", "link", "post"),
    *("sender_name", "sender_handle", "sender_address", "sender_index", "root_id", "place"),
)


def wake() -> None:
    """Have the loop look now, once the caller's transaction is committed."""
    ring(CHANNEL)


def receive(message: Message, changes: Sequence[Change]) -> None:
    """Let a message be read: record `message.received`, and `message.changed` for what was told about it before."""
    received = MessageReceived(message_id=message.pk, platform=message.account.platform)
    ledger.record(received, stream=stream_of(message.pk), government_id=message.government_id, actor=ledger.CITIZEN)
    tell_changes(message, changes)


def fill(message_id: int, found: Message, media: Iterable[MediaRef]) -> None:
    """Give a message that waits for its words those that came by another way, and let it be read.

    One that was read without them is changed by them, as by its author.
    """
    message = Message.objects.select_related("account").select_for_update(of=("self",)).get(pk=message_id)
    for name in ("answer_at", "link", "post", "root_id", "place", "sender_name", "sender_handle"):
        setattr(message, name, getattr(found, name) or getattr(message, name))
    if not message.sender_address:
        message.sender_address, message.sender_index = found.sender_address, found.sender_index
    late = message.extra.get("words") == NOT_TOLD
    message.first_text, message.extra = found.first_text, {**message.extra, **found.extra, "words": "found"}
    if late:
        _show(message, media, changes_about(message.account_id, message.external_id))
        tell_changes(message, [Change(EDITED, clock.now(), by="author")])
    else:
        _let_go(message, media)


def look_up_some(limit: int = 10) -> int:
    """Ask for the words of the messages that wait for them; returns how many were settled. Outside any transaction."""
    with tenancy.use(tenancy.EVERYTHING):
        rows = Message.objects.filter(extra__words=MISSING).select_related("account").order_by("id")[:limit]
        return sum(_look_up(message) for message in rows)


def _look_up(message: Message) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, message.pk % 2**31])
        if not cursor.fetchone()[0]:
            return False
        try:
            return _ask(message)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, message.pk % 2**31])


def _ask(message: Message) -> bool:
    message.refresh_from_db(fields=["extra"])
    if message.extra.get("words") != MISSING:
        return False
    if asked := message.extra.get("asked"):
        return _answered(message, asked)
    said = Inbound(
        message.external_id,
        "",
        message.spoken_at,
        audience="public" if message.audience == "public" else "private",
        place=message.place,
        root_id=message.root_id,
        answer_at=message.answer_at,
        post=message.post,
    )
    try:
        raw = platform(message.account.platform).look_up(message.account.view(), said)
    except FetchFailed as problem:
        log.info("words not fetched", message=message.pk, reason=problem.reason)
        return _late(message)
    except Exception:
        log.exception("words not fetched", message=message.pk)
        return _late(message)
    with transaction.atomic():
        if raw is None:
            _without(message)
        else:
            accept(message.account, raw)
            asked = {**message.extra, "asked": raw.external_id[:300]}
            Message.objects.filter(pk=message.pk, extra__words=MISSING).update(extra=asked)
    return True


def _answered(message: Message, asked: str) -> bool:
    """What came of the answer that was stored: while it waits to be understood, so does the message."""
    answer = Delivery.objects.filter(account_id=message.account_id, external_id=asked)
    if answer.filter(state=Delivery.State.RECEIVED).exists():
        return False
    with transaction.atomic():
        _without(message)
    return True


def _late(message: Message) -> bool:
    """Try again in a while, or read the message without its words once it has waited long enough."""
    if clock.now() - message.delivery.received_at < GIVE_UP:
        return False
    with transaction.atomic():
        _without(message)
    return True


def _without(message: Message) -> None:
    message = Message.objects.select_related("account").select_for_update(of=("self",)).get(pk=message.pk)
    if message.extra.get("words") == MISSING:
        message.extra = {**message.extra, "words": NOT_TOLD}
        _let_go(message, ())


def _let_go(message: Message, media: Iterable[MediaRef]) -> None:
    changes = changes_about(message.account_id, message.external_id)
    _show(message, media, changes)
    receive(message, changes)


def _show(message: Message, media: Iterable[MediaRef], changes: Sequence[Change]) -> None:
    show_standing(message, fold(message.first_text, changes, message.sender_index))
    message.save(update_fields=FILLED)
    memory.forget(stream_of(message.pk))
    want(message, media)
