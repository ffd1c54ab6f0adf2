"""What leaves the building: marked first, then sent, then written down.

`claim` commits the plan and the mark, `transmit` acts on the world and writes nothing, `conclude` writes what came of
it in one transaction with the projection. `journey/worker` runs the three in a row.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Q

from salur.cases.handle import hold
from salur.channels import health
from salur.channels.ports import Outbound, SendFailed, SendUncertain
from salur.channels.registry import PLATFORMS, platform
from salur.channels.ways import Capabilities
from salur.intake.models import Signal
from salur.intake.queries import own_copy_seen, signals_about
from salur.kernel import clock, ledger
from salur.kernel.events import Event
from salur.publishing.claim import SENDER_LOCK, load
from salur.publishing.events import DispatchFailed, DispatchNotPermitted, DispatchSent, DispatchUncertain
from salur.publishing.models import Dispatch
from salur.publishing.outbound import outbound_of
from salur.publishing.plan import REASONS, NotPermitted
from salur.publishing.planning import planned
from salur.publishing.replies import NotAllowed
from salur.publishing.told import ARRIVED, Told, begin_anew, furthest, note_status, why
from salur.publishing.turns import spare

log = structlog.get_logger("salur.publishing")
State = Dispatch.State
WRITTEN = (
    *("copy_expected", "state", "problem", "claimed_by", "external_id", "not_before", "attempts", "sent_at"),
    *("said", "closed_ways", "receipt", "once_key", "first_tried_at"),
)
ECHO_GRACE = timedelta(minutes=2)
"""How long the copy of a mail may take into our own mailbox before its absence proves that it never left."""
GIVE_UP = timedelta(days=5)
"""After five days of temporary refusals an answer counts as undeliverable (RFC 5321, section 4.5.4.1).

The time in which its account was stopped does not count, nor does what a platform asks to wait.
"""
KEY_KEPT = timedelta(minutes=50)
"""How long a once key may be used again: the shortest that a platform keeps one is an hour (Mastodon, "statuses")."""
ECHO_SPAN = timedelta(minutes=10)
"""How far an echo of the same words may lie from their sending."""
LISTEN = timedelta(hours=1)
"""How long an uncertain message is looked for among the echoes where the platform cannot be asked."""


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt. `retry_at` is set where it is to be tried, or read back, again.

    `seen` is the state and the claim under which it was found out, `part` the message of several that it was about. If
    they changed meanwhile, somebody else was quicker, and only the news that it was sent still counts. `close_way`:
    this way was refused for good; `stop` says why the account sends nothing any more, `rest` for how many seconds, and
    `rest_recipient` for how many it leaves this person in peace;
    `reason` and `next_way` are those of a dispatch that is not permitted.
    """

    state: str
    external_id: str = ""
    problem: str = ""
    confirmed_by: str = "channel"
    retry_at: datetime | None = None
    copy_expected: bool = True
    seen: tuple[str, int | None] | None = None
    part: int | None = None
    close_way: bool = False
    stop: str = ""
    rest: float = 0
    rest_recipient: float = 0
    reason: str = ""
    next_way: str = ""


def transmit(dispatch_id: int) -> Outcome:
    """Hand one claimed dispatch to its platform. Acts on the world, writes nothing; a refusal is an outcome."""
    dispatch = load(dispatch_id)
    outcome = _transmit(dispatch) if dispatch.way else _forbidden(dispatch)
    return replace(outcome, seen=(dispatch.state, dispatch.claimed_by), part=len(dispatch.said))


def _forbidden(dispatch: Dispatch) -> Outcome:
    """Why no way is open; where one opened since it was claimed, it is planned again."""
    with transaction.atomic():
        found = planned(dispatch)
    if not isinstance(found, NotPermitted):
        return Outcome(State.WAITING, retry_at=clock.now())
    # What the platform itself said when it refused a way says more than that it did.
    own = dispatch.problem if dispatch.closed_ways else ""
    problem = "\n".join(one for one in (REASONS[found.reason], own) if one)
    return Outcome(State.NOT_PERMITTED, problem=problem, reason=found.reason, next_way=found.next_way)


def _transmit(dispatch: Dispatch) -> Outcome:
    try:
        receipt = platform(dispatch.account.platform).send(dispatch.account.view(), _outbound(dispatch))
    except SendFailed as failure:
        return _refused(dispatch, failure)
    except SendUncertain as doubt:
        again = clock.now() + ECHO_GRACE
        return Outcome(State.UNCERTAIN, problem=str(doubt), retry_at=again, copy_expected=doubt.copy_expected)
    except Exception as error:
        log.exception("dispatch broke", dispatch=dispatch.pk)
        return Outcome(State.UNCERTAIN, problem=type(error).__name__, retry_at=clock.now() + ECHO_GRACE)
    state = State.MANUAL if receipt.manual else State.SENT
    return Outcome(state, external_id=receipt.external_id, rest=receipt.slow_down)


def _refused(dispatch: Dispatch, failure: SendFailed) -> Outcome:
    """What a certain refusal means: for the account nothing is given up, for a way the next one is tried."""
    now = clock.now()
    if failure.blames == "account":
        if failure.after is not None and not failure.permanent:
            return Outcome(State.WAITING, problem=failure.reason, retry_at=now, rest=failure.after)
        return Outcome(State.WAITING, problem=failure.reason, retry_at=now, stop=failure.reason)
    if failure.blames == "way":
        return Outcome(State.WAITING, problem=failure.reason, retry_at=now, close_way=True)
    if failure.permanent or (failure.after is None and now - _began(dispatch, now) > GIVE_UP):
        return Outcome(State.FAILED, problem=failure.reason)
    seconds = failure.after if failure.after is not None else min(15 * 2**dispatch.attempts, 3 * 3600)
    outcome = Outcome(State.WAITING, problem=failure.reason, retry_at=now + timedelta(seconds=seconds))
    if failure.blames == "recipient":
        return replace(outcome, rest_recipient=seconds)
    # A platform that names a time means the account, unless the adapter knows that it is only this recipient.
    return replace(outcome, rest=failure.after or 0)


def _began(dispatch: Dispatch, now: datetime) -> datetime:
    """Since when it has been tried without its account having stood still in between."""
    resumed = health.instant(dispatch.account.health, "resumed_at")
    first = dispatch.first_tried_at or now
    return max(first, resumed) if resumed else first


def orphans() -> list[tuple[int, int]]:
    """(dispatch id, its sender) of dispatches whose sender died while sending: its session lock is free."""
    with connection.cursor() as cursor:
        cursor.execute(ORPHANS, [SENDER_LOCK])
        return list(cursor.fetchall())


ORPHANS = """
SELECT id, claimed_by FROM publishing_dispatch WHERE state = 'sending' AND NOT EXISTS (
    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = claimed_by AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
) LIMIT 100
"""
"""Locks of one server are listed together, whatever database they are of; `objsubid` 2 marks those of two numbers."""
ORPHANED = "the program stopped while this was being sent"


def orphaned(claimed_by: int) -> Outcome:
    """The outcome of a dispatch whose sender died: uncertain, to be read back after the grace."""
    seen = (State.SENDING, claimed_by)
    return Outcome(State.UNCERTAIN, problem=ORPHANED, retry_at=clock.now() + ECHO_GRACE, seen=seen)


def doubtful() -> list[int]:
    """Ids of uncertain dispatches whose grace is over and of which something can still be found out."""
    now = clock.now()
    known = {name: one.capabilities for name, one in PLATFORMS.items()}
    asked = Q(account__platform__in=[name for name, can in known.items() if can.can_read_back])
    repeated = Q(account__platform__in=[name for name, can in known.items() if can.idempotent])
    heard = Q(account__platform__in=[name for name, can in known.items() if can.hooks])
    open_still = asked | repeated & Q(claimed_at__gt=now - KEY_KEPT) | heard & Q(claimed_at__gt=now - LISTEN)
    rows = Dispatch.objects.filter(open_still, state=State.UNCERTAIN, not_before__lte=now)
    return list(rows.order_by("not_before", "id").values_list("pk", flat=True)[:100])


def _may_be_repeated(dispatch: Dispatch, capabilities: Capabilities) -> bool:
    """Whether the platform takes the same message again as the same: it knows our key, and still keeps it."""
    began = dispatch.claimed_at
    return capabilities.idempotent and began is not None and clock.now() - began < KEY_KEPT


def read_back(dispatch_id: int) -> Outcome:
    """Find out whether an uncertain dispatch went out; if it surely did not, it is sent again.

    Its echo proves it. A platform that knows our key is simply handed the same message again. Another is asked, if it
    keeps a trace of what it sent, and its silence is believed only where such traces of this account were seen before.
    Otherwise the dispatch stays uncertain until an officer decides, because nothing is said twice.
    """
    dispatch = load(dispatch_id)
    return replace(_read_back(dispatch), seen=(dispatch.state, dispatch.claimed_by), part=len(dispatch.said))


def _read_back(dispatch: Dispatch) -> Outcome:
    again = clock.now() + ECHO_GRACE
    later = Outcome(State.UNCERTAIN, dispatch.external_id, dispatch.problem, "", again, dispatch.copy_expected)
    module = platform(dispatch.account.platform)
    if echoed := _echo_of(dispatch):
        return Outcome(State.SENT, external_id=echoed, confirmed_by="echo")
    if _may_be_repeated(dispatch, module.capabilities):
        again_said = _transmit(dispatch)
        # A refusal now says nothing of the first time.
        kept = replace(later, problem=again_said.problem or later.problem, stop=again_said.stop, rest=again_said.rest)
        return again_said if again_said.state == State.SENT else kept
    if not module.capabilities.can_read_back:
        return later
    try:
        receipt = module.read_back(dispatch.account.view(), _outbound(dispatch))
    except Exception as error:
        log.warning("read-back failed", dispatch=dispatch.pk, error=type(error).__name__)
        return later
    if receipt:
        return Outcome(State.SENT, external_id=receipt.external_id, confirmed_by="read_back")
    if not dispatch.copy_expected or not _traces_are_kept(dispatch):
        return later
    return Outcome(State.WAITING, problem=dispatch.problem, retry_at=clock.now())


def _traces_are_kept(dispatch: Dispatch) -> bool:
    """A mailbox keeps a copy of what was sent only where one was seen before; a platform keeps its own posts."""
    return dispatch.way not in ("mail", "page", "hand") or own_copy_seen(dispatch.account_id)


def _echo_of(dispatch: Dispatch) -> str:
    """The id under which these very words of ours were seen from outside about when they were sent, or ""."""
    if dispatch.claimed_at is None:
        return ""
    out = _outbound(dispatch)
    span = (dispatch.claimed_at - ECHO_SPAN / 10, dispatch.claimed_at + ECHO_SPAN)
    rows = Signal.objects.filter(account_id=dispatch.account_id, kind="echoed", at__range=span).order_by("at")
    for signal in rows:
        key = signal.detail.get("once_key", "")
        same = key == out.once_key if key else signal.text.strip() == out.text.strip()
        fits = same and signal.detail.get("to_index", "") in ("", dispatch.to_index)
        taken = Dispatch.objects.filter(account_id=dispatch.account_id, said__contains=[signal.about])
        if fits and not taken.exists():
            return signal.about
    return ""


def conclude(dispatch_id: int, outcome: Outcome, *, actor: str = ledger.SYSTEM) -> None:
    """Write down what came of a dispatch, and the event of it, in the caller's transaction. Sent stays sent.

    Of an answer in several messages each is concluded for itself; the next one waits then, and the last is the sending.
    """
    dispatch = held(dispatch_id)
    if dispatch.state == State.SENT and outcome.state != State.FAILED:
        return
    overtaken = outcome.seen is not None and outcome.seen != (dispatch.state, dispatch.claimed_by)
    if (overtaken and outcome.state != State.SENT) or outcome.part not in (None, len(dispatch.said)):
        return
    was = dispatch.state
    _write(dispatch, outcome)
    spare(dispatch, stop=outcome.stop, rest=outcome.rest, rest_recipient=outcome.rest_recipient)
    event = _event(dispatch, outcome) if was != dispatch.state else None
    if event:
        ledger.record(event, stream=dispatch.reply.case.stream, government_id=dispatch.government_id, actor=actor)
    if isinstance(event, DispatchSent):
        _heed_what_was_told(dispatch)
        if event.purpose == "question":
            _wait_for_citizen(dispatch)


def _write(dispatch: Dispatch, outcome: Outcome) -> None:
    now, went_out = clock.now(), outcome.state == State.SENT
    dispatch.attempts += dispatch.state == State.SENDING and not (outcome.stop or outcome.close_way)
    dispatch.state, dispatch.problem, dispatch.claimed_by = outcome.state, outcome.problem[:500], None
    dispatch.external_id = outcome.external_id or dispatch.external_id
    dispatch.not_before = outcome.retry_at or dispatch.not_before
    dispatch.copy_expected = outcome.copy_expected
    if outcome.close_way:
        dispatch.closed_ways = [*dispatch.closed_ways, dispatch.way]
    if outcome.state == State.WAITING and outcome.confirmed_by == "officer":
        dispatch.closed_ways, dispatch.first_tried_at = [], None
        if dispatch.said and len(dispatch.said) >= len(dispatch.texts):
            begin_anew(dispatch)
    if went_out and outcome.confirmed_by != "officer":
        dispatch.said = [*dispatch.said, outcome.external_id]
        if len(dispatch.said) < len(dispatch.texts):
            dispatch.state, dispatch.not_before, dispatch.attempts = State.WAITING, now, 0
            dispatch.first_tried_at = None
    dispatch.sent_at = now if went_out else dispatch.sent_at
    dispatch.save(update_fields=WRITTEN)


def _heed_what_was_told(dispatch: Dispatch) -> None:
    """A platform may tell what became of a message before it is concluded here that it went out."""
    if not platform(dispatch.account.platform).capabilities.receipts:
        return
    said = [external_id for external_id in dispatch.said if external_id]
    told = [one for external_id in said for one in signals_about(dispatch.account_id, external_id)]
    told += _watermarks_since(dispatch)
    status = furthest(one.kind for one in told)
    if status:
        one = next(signal for signal in told if signal.kind == status)
        problem = why(one.detail.get("code", ""), one.detail.get("detail", ""))
        permanent, blames = one.detail.get("permanent") is not False, one.detail.get("blames", "message")
        note_status(dispatch, Told(status, one.at, problem, permanent, blames, one.detail.get("after")))


def _watermarks_since(dispatch: Dispatch) -> list[Signal]:
    """What was told of everything said to this person until an instant after this was handed over."""
    if not dispatch.to_index or dispatch.claimed_at is None:
        return []
    rows = Signal.objects.filter(account_id=dispatch.account_id, about="", kind__in=ARRIVED)
    return list(rows.filter(at__gte=dispatch.claimed_at, detail__to_index=dispatch.to_index).order_by("at"))


def _wait_for_citizen(dispatch: Dispatch) -> None:
    """Once a question went out the clocks stand still until the citizen speaks; a second voice changes nothing."""
    case = dispatch.reply.case
    case.refresh_from_db(fields=["closed_at", "citizen_due_at"])
    if case.closed_at is None and not case.paused:
        hold(case.pk, reason="incomplete", question_reply_id=dispatch.reply_id, actor=ledger.SYSTEM)


def _event(dispatch: Dispatch, outcome: Outcome) -> Event | None:
    facts: dict[str, Any] = {
        "dispatch_id": dispatch.pk,
        "reply_id": dispatch.reply_id,
        "purpose": dispatch.reply.purpose,
        "voice_id": dispatch.voice_id,
        "channel": dispatch.account.platform,
    }
    if dispatch.state == State.SENT:
        said = dispatch.said if len(dispatch.said) > 1 else []
        return DispatchSent(**facts, external_id=dispatch.external_id, confirmed_by=outcome.confirmed_by, said=said)
    if dispatch.state == State.FAILED:
        return DispatchFailed(**facts, problem=outcome.problem[:300])
    if dispatch.state == State.NOT_PERMITTED:
        return DispatchNotPermitted(**facts, reason=outcome.reason, next_way=outcome.next_way)
    return DispatchUncertain(**facts) if dispatch.state == State.UNCERTAIN else None


def decide(dispatch_id: int, *, went_out: bool, actor: str) -> None:
    """An officer's word on what the program cannot know: it went out (also: carried by hand), or send it again.

    Raises NotAllowed for a dispatch that needs no decision.
    """
    dispatch = held(dispatch_id)
    if dispatch.state not in (State.MANUAL, State.UNCERTAIN, State.FAILED, State.NOT_PERMITTED):
        raise NotAllowed("this sending needs no decision: reload the page")
    outcome = Outcome(State.WAITING, retry_at=clock.now(), confirmed_by="officer")
    if went_out:
        outcome = Outcome(State.SENT, external_id=dispatch.external_id, confirmed_by="officer")
    conclude(dispatch_id, outcome, actor=actor)


def held(dispatch_id: int) -> Dispatch:
    """A dispatch that nobody else writes down meanwhile: the lock of its case comes first, as everywhere."""
    ledger.hold(f"case:{Dispatch.objects.values_list('reply__case_id', flat=True).get(pk=dispatch_id)}")
    return Dispatch.objects.select_related("reply__case", "account").get(pk=dispatch_id)


def _outbound(dispatch: Dispatch) -> Outbound:
    return outbound_of(dispatch, platform(dispatch.account.platform).capabilities.way(dispatch.way))
