"""What comes back about what we said: echo or own copy prove a sending, a receipt tells on, a bounce undoes it."""

import hashlib
import re
from datetime import datetime, timedelta

from django.db.models import Q

from salur.intake.events import EchoReceived, ReceiptReceived
from salur.kernel.ledger import as_fact
from salur.kernel.models import Entry
from salur.publishing.dispatch import ECHO_SPAN, Outcome, State, conclude, held
from salur.publishing.models import Dispatch
from salur.publishing.told import ARRIVED, Told, note_status, why

ONCE_KEY = re.compile(r"salur\.([a-z0-9]{20,40}\.[0-9a-f]{12})@")
PART_KEY = re.compile(r"(?P<key>.+\.[0-9a-f]{12})(?:\.(?P<part>\d{1,3}))?")
WATERMARK = timedelta(days=30)
"""How far back a watermark is believed to speak of messages."""


def note(entry: Entry) -> None:
    """Let an echo of our own message confirm its dispatch, and a final bounce fail it. Heard on `delivery.ignored`."""
    reason, found = entry.data["reason"], ONCE_KEY.search(entry.data["about"])
    if not found or reason not in ("own_message", "bounce"):
        return
    rows = Dispatch.objects.filter(once_key=found[1], account_id=entry.data["account_id"])
    dispatch = rows.values_list("id", "state", "external_id").first()
    if dispatch is None:
        return
    pk, state, external_id = dispatch
    if reason == "own_message" and state == State.UNCERTAIN:
        conclude(pk, Outcome(State.SENT, external_id=external_id, confirmed_by="echo"))
    elif reason == "bounce" and not entry.data["detail"].endswith("temporary"):
        conclude(pk, Outcome(State.FAILED, problem=f"returned by the receiving server: {entry.data['detail']}"[:300]))


def note_receipt(entry: Entry) -> None:
    """Note what the platform told of what we said, in whatever order it comes. Heard on `receipt.received`.

    What is told before the sending is concluded here is found when it is.
    """
    event = ReceiptReceived.read(as_fact(entry))
    at = datetime.fromisoformat(event.at)
    problem = why(event.code, event.detail)
    told = Told(event.status, at, problem, event.permanent, event.blames, event.after)
    found = _said_before(event, at) if not event.about else _about(event.account_id, event.about, event.status)
    for pk in sorted(found):
        note_status(held(pk), told)


def note_echo(entry: Entry) -> None:
    """Let something we said, seen from outside, confirm an uncertain dispatch. Heard on `echo.received`.

    By our once key, which also names the message of several, or by the same words to the same person within minutes.
    What is known as said proves nothing more.
    """
    event = EchoReceived.read(as_fact(entry))
    ours = Dispatch.objects.filter(account_id=event.account_id)
    if ours.filter(said__contains=[event.external_id]).exists():
        return
    key = PART_KEY.fullmatch(event.once_key)
    keyed = ours.filter(once_key=key["key"]).first() if key else None
    found = keyed if keyed and key and len(keyed.said) + 1 == int(key["part"] or 1) else None
    if keyed is None:
        at = datetime.fromisoformat(event.at)
        near = ours.filter(state=State.UNCERTAIN, claimed_at__range=(at - ECHO_SPAN, at + ECHO_SPAN / 10))
        found = next((one for one in near.order_by("claimed_at") if _same(one, event)), None)
    if found is not None and found.state == State.UNCERTAIN:
        proof = Outcome(State.SENT, external_id=event.external_id, confirmed_by="echo", part=len(found.said))
        conclude(found.pk, proof)


def _about(account_id: int, external_id: str, status: str) -> list[int]:
    """The dispatches whose last message this is; a failure is also looked for among the messages before."""
    rows = Dispatch.objects.filter(account_id=account_id)
    found = list(rows.filter(external_id=external_id).values_list("pk", flat=True))
    if found or status != "failed":
        return found
    return list(rows.filter(said__contains=[external_id]).values_list("pk", flat=True))


def _said_before(event: ReceiptReceived, at: datetime) -> list[int]:
    """What was said to one person until an instant: such a watermark tells that it arrived, never that it failed."""
    if not event.to_index or event.status not in ARRIVED:
        return []
    rows = Dispatch.objects.filter(message__account_id=event.account_id, message__sender_index=event.to_index)
    went_out = Q(state=State.SENT) | Q(state=State.FAILED, receipt="failed")
    rows = rows.filter(went_out, account_id=event.account_id, claimed_at__range=(at - WATERMARK, at))
    return list(rows.exclude(receipt__in=ARRIVED[ARRIVED.index(event.status) :]).values_list("pk", flat=True))


def _same(dispatch: Dispatch, event: EchoReceived) -> bool:
    part = len(dispatch.said)
    if part >= len(dispatch.texts) or event.to_index not in ("", dispatch.to_index):
        return False
    # A public answer stands under the comment itself or under the top of its thread, as the platform has it.
    under = {dispatch.in_reply_to, dispatch.message.root_id if dispatch.message else ""}
    if event.in_reply_to and not event.to_index and event.in_reply_to not in under:
        return False
    text = dispatch.texts[part]
    return event.text_sha256 in {hashlib.sha256(one.encode()).hexdigest() for one in (text, text.strip())}
