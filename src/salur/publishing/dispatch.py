"""What leaves the building: marked first, then sent, then written down.

`claim` commits the mark, `transmit` acts on the world and writes nothing, `conclude` writes what came of it in one
transaction with the projection. `journey/worker` runs the three in a row.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from salur.cases.handle import hold
from salur.cases.models import Case
from salur.channels.ports import Outbound, SendFailed, SendUncertain
from salur.channels.registry import platform
from salur.intake.queries import own_copy_seen
from salur.kernel import clock, ledger
from salur.kernel.events import Event
from salur.publishing.events import DispatchFailed, DispatchSent, DispatchUncertain
from salur.publishing.models import Dispatch
from salur.publishing.replies import NotAllowed

log = structlog.get_logger("salur.publishing")
State = Dispatch.State
SENDER_LOCK = 4712
WRITTEN = ("copy_expected", "state", "problem", "claimed_by", "external_id", "not_before", "attempts", "sent_at")
ECHO_GRACE = timedelta(minutes=2)
"""How long the copy of a mail may take into our own mailbox before its absence proves that it never left."""
GIVE_UP = timedelta(days=5)
"""After five days of temporary refusals an answer counts as undeliverable (RFC 5321, section 4.5.4.1)."""


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt. `retry_at` is set where it is to be tried, or read back, again.

    `seen` is the state and the claim under which it was found out. If they changed meanwhile, somebody else was
    quicker, and only the news that it was sent still counts.
    """

    state: str
    external_id: str = ""
    problem: str = ""
    confirmed_by: str = "channel"
    retry_at: datetime | None = None
    copy_expected: bool = True
    seen: tuple[str, int | None] | None = None


def hold_sender_lock(sender: int) -> None:
    """Take the session lock by which other workers see that this sender is alive; it goes with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [SENDER_LOCK, sender])


CLAIM = """
UPDATE publishing_dispatch SET state = 'sending', claimed_by = %s, claimed_at = %s
WHERE id = (
    SELECT id FROM publishing_dispatch WHERE state = 'waiting' AND not_before <= %s
    ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


def claim(sender: int) -> int | None:
    """Mark the next waiting dispatch as being sent by this sender, committed before it is sent; its id or None."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [sender, clock.now(), clock.now()])
        found = cursor.fetchone()
    return found[0] if found else None


def transmit(dispatch_id: int) -> Outcome:
    """Hand one claimed dispatch to its platform. Acts on the world, writes nothing; a refusal is an outcome."""
    dispatch = _load(dispatch_id)
    return replace(_transmit(dispatch), seen=(dispatch.state, dispatch.claimed_by))


def _transmit(dispatch: Dispatch) -> Outcome:
    try:
        receipt = platform(dispatch.account.platform).send(dispatch.account.view(), _outbound(dispatch))
    except SendFailed as failure:
        overdue = clock.now() - (dispatch.reply.approved_at or clock.now()) > GIVE_UP
        if failure.permanent or overdue:
            return Outcome(State.FAILED, problem=failure.reason)
        pause = timedelta(seconds=min(15 * 2**dispatch.attempts, 3 * 3600))
        return Outcome(State.WAITING, problem=failure.reason, retry_at=clock.now() + pause)
    except SendUncertain as doubt:
        again = clock.now() + ECHO_GRACE
        return Outcome(State.UNCERTAIN, problem=str(doubt), retry_at=again, copy_expected=doubt.copy_expected)
    except Exception as error:
        log.exception("dispatch broke", dispatch=dispatch.pk)
        return Outcome(State.UNCERTAIN, problem=type(error).__name__, retry_at=clock.now() + ECHO_GRACE)
    return Outcome(State.MANUAL if receipt.manual else State.SENT, external_id=receipt.external_id)


def orphans() -> list[tuple[int, int]]:
    """(dispatch id, its sender) of dispatches whose sender died while sending: its session lock is free."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, claimed_by FROM publishing_dispatch WHERE state = 'sending' AND NOT EXISTS"
            " (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = claimed_by) LIMIT 100",
            [SENDER_LOCK],
        )
        return list(cursor.fetchall())


ORPHANED = "the program stopped while this was being sent"


def orphaned(claimed_by: int) -> Outcome:
    """The outcome of a dispatch whose sender died: uncertain, to be read back after the grace."""
    seen = (State.SENDING, claimed_by)
    return Outcome(State.UNCERTAIN, problem=ORPHANED, retry_at=clock.now() + ECHO_GRACE, seen=seen)


def doubtful() -> list[int]:
    """Ids of uncertain dispatches whose grace is over and whose platform can be asked."""
    rows = Dispatch.objects.filter(state=State.UNCERTAIN, not_before__lte=clock.now()).select_related("account")
    return [
        row.pk for row in rows.order_by("not_before")[:100] if platform(row.account.platform).capabilities.can_read_back
    ]


def read_back(dispatch_id: int) -> Outcome:
    """Ask the platform whether an uncertain dispatch went out; if it surely did not, it is sent again.

    Only a platform that keeps a trace of what it sent is asked, and its silence is believed only where such traces of
    this account were seen before. Otherwise the dispatch stays uncertain until an officer decides, because nothing is
    said twice.
    """
    dispatch = _load(dispatch_id)
    return replace(_read_back(dispatch), seen=(dispatch.state, dispatch.claimed_by))


def _read_back(dispatch: Dispatch) -> Outcome:
    again = clock.now() + ECHO_GRACE
    later = Outcome(State.UNCERTAIN, dispatch.external_id, dispatch.problem, "", again, dispatch.copy_expected)
    try:
        receipt = platform(dispatch.account.platform).read_back(dispatch.account.view(), _outbound(dispatch))
    except Exception as error:
        log.warning("read-back failed", dispatch=dispatch.pk, error=type(error).__name__)
        return later
    if receipt:
        return Outcome(State.SENT, external_id=receipt.external_id, confirmed_by="read_back")
    if not dispatch.copy_expected or not own_copy_seen(dispatch.account_id):
        return later
    return Outcome(State.WAITING, problem=dispatch.problem, retry_at=clock.now())


def conclude(dispatch_id: int, outcome: Outcome, *, actor: str = ledger.SYSTEM) -> None:
    """Write down what came of a dispatch, and the event of it, in the caller's transaction. Sent stays sent."""
    dispatch = _held(dispatch_id)
    if dispatch.state == State.SENT and outcome.state != State.FAILED:
        return
    overtaken = outcome.seen is not None and outcome.seen != (dispatch.state, dispatch.claimed_by)
    if overtaken and outcome.state != State.SENT:
        return
    was = dispatch.state
    dispatch.state, dispatch.problem, dispatch.claimed_by = outcome.state, outcome.problem[:500], None
    dispatch.external_id = outcome.external_id or dispatch.external_id
    dispatch.not_before = outcome.retry_at or dispatch.not_before
    dispatch.attempts += was == State.SENDING
    dispatch.copy_expected = outcome.copy_expected
    dispatch.sent_at = clock.now() if outcome.state == State.SENT else dispatch.sent_at
    dispatch.save(update_fields=WRITTEN)
    event = _event(dispatch, outcome) if was != outcome.state else None
    if event:
        ledger.record(event, stream=dispatch.reply.case.stream, government_id=dispatch.government_id, actor=actor)
    if isinstance(event, DispatchSent) and event.purpose == "question":
        _wait_for_citizen(dispatch)


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
    if outcome.state == State.SENT:
        return DispatchSent(**facts, external_id=dispatch.external_id, confirmed_by=outcome.confirmed_by)
    if outcome.state == State.FAILED:
        return DispatchFailed(**facts, problem=outcome.problem[:300])
    return DispatchUncertain(**facts) if outcome.state == State.UNCERTAIN else None


def decide(dispatch_id: int, *, went_out: bool, actor: str) -> None:
    """An officer's word on what the program cannot know: it went out (also: carried by hand), or send it again.

    Raises NotAllowed for a dispatch that is not manual, uncertain or failed.
    """
    dispatch = _held(dispatch_id)
    if dispatch.state not in (State.MANUAL, State.UNCERTAIN, State.FAILED):
        raise NotAllowed("this sending needs no decision: reload the page")
    if went_out:
        conclude(
            dispatch_id, Outcome(State.SENT, external_id=dispatch.external_id, confirmed_by="officer"), actor=actor
        )
    else:
        conclude(dispatch_id, Outcome(State.WAITING, retry_at=clock.now()), actor=actor)


def _held(dispatch_id: int) -> Dispatch:
    """A dispatch that nobody else writes down meanwhile: the lock of its case comes first, as everywhere."""
    ledger.hold(f"case:{Dispatch.objects.values_list('reply__case_id', flat=True).get(pk=dispatch_id)}")
    return Dispatch.objects.select_related("reply__case", "account").get(pk=dispatch_id)


def _load(dispatch_id: int) -> Dispatch:
    rows = Dispatch.objects.select_related("reply__case__agency", "reply__case__government", "account")
    return rows.get(pk=dispatch_id)


def _outbound(dispatch: Dispatch) -> Outbound:
    automatic = dispatch.reply.drafted_by == ledger.SYSTEM
    return Outbound(
        once_key=dispatch.once_key,
        to=dispatch.to,
        to_name=dispatch.to_name,
        text=dispatch.reply.text if automatic else f"{dispatch.reply.text}\n\n{_signature(dispatch.reply.case)}",
        subject=_subject(dispatch),
        in_reply_to=dispatch.in_reply_to,
        references=tuple(dispatch.references),
        thread_token=dispatch.thread_token,
        automatic=automatic,
    )


def _subject(dispatch: Dispatch) -> str:
    """The subject of the citizen's own message, marked as an answer once (RFC 5322, section 3.6.5)."""
    answers = dispatch.subject.casefold().startswith(("re:", "bls:"))
    return dispatch.subject if answers or not dispatch.in_reply_to else f"Re: {dispatch.subject}"


def _signature(case: Case) -> str:
    """Who speaks, about which report, and how to answer: what a person's own words leave out."""
    with translation.override("id"):
        return gettext(
            "%(agency)s, %(government)s\nReport %(number)s, its history: %(link)s\nIf this does not settle it, just "
            "answer this message."
        ) % {
            "agency": case.agency.name if case.agency else case.government.name,
            "government": case.government.name,
            "number": case.number,
            "link": case.link,
        }
