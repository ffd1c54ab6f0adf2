"""A message becomes a case, or joins the one it continues."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from salur.agencies.models import Agency
from salur.cases.changed import title_of
from salur.cases.events import (
    CaseClosed,
    CaseFollowedUp,
    CaseHeld,
    CaseOpened,
    CaseReferred,
    CaseReopened,
    MessageCopied,
    MessageJoined,
)
from salur.cases.models import Case, CaseMessage, Referral, Voice
from salur.cases.number import new_number
from salur.cases.thread import vouched
from salur.intake.models import Message
from salur.intake.traces import Traces
from salur.kernel import clock, ledger, memory
from salur.kernel.database import insert
from salur.kernel.events import Event


@dataclass(frozen=True)
class Decision:
    """What triage or a person decided about a new matter. `agency` None leaves it on the coordinator's desk."""

    kind: str
    function: str | None
    agency: Agency | None
    direct: bool = False


@dataclass(frozen=True)
class History:
    """What an import knows of the past: how far it had come and how it ended. Instants are not in the export.

    `stage` is new (not verified yet), referred, followed_up, held (the citizen is asked for details) or closed; `note`
    is what the export says in its own words.
    """

    closed_by: str = ""
    outcome: str = ""
    reason: str = ""
    stage: str = "referred"
    note: str = ""


def open_case(message: Message, decision: Decision, *, history: History | None = None) -> Case:
    """Open a case for a message, with its first voice. Writes case.opened, and an import's history after it."""
    extra = message.extra
    case = _new_case(message, decision, imported=history is not None)
    voice = _new_voice(case, message)
    insert(CaseMessage(government_id=case.government_id, case=case, message=message, voice=voice))
    ledger.begin(case.stream, case.government_id)
    memory.keep(case.stream, case)
    memory.keep(f"said:{case.pk}", (voice, message))
    event = CaseOpened(
        number=case.number,
        kind=decision.kind,
        function=decision.function,
        agency_id=decision.agency.pk if decision.agency else None,
        horizon="short",
        spoken_at=message.spoken_at.isoformat(),
        channel=case.channel,
        voice_id=voice.pk,
        message_id=message.pk,
        direct=decision.direct,
        imported=history is not None,
    )
    actor = f"member:{extra['clerk']}" if extra.get("clerk") else ledger.CITIZEN
    ledger.record(event, stream=case.stream, government_id=case.government_id, actor=actor)
    if history is not None:
        _write_history(case, decision, history)
    return case


def _new_case(message: Message, decision: Decision, *, imported: bool) -> Case:
    account = message.account
    at = clock.now().astimezone(ZoneInfo(account.government.timezone))
    # Two equal numbers in one month are less likely than a disk error; the table would refuse the second, and the
    # worker tries again.
    case = Case(
        government=account.government,
        number=new_number(account.government.code, at),
        title=title_of(message),
        channel=account.platform,
        spoken_at=message.spoken_at,
        opened_at=at,
        confidential=bool(message.extra.get("confidential")),
        imported=imported,
        agency=decision.agency,
        kind=decision.kind,
        function_id=decision.function,
    )
    insert(case)
    return case


def _new_voice(case: Case, message: Message, *, told: bool = True) -> Voice:
    voice = Voice(
        government_id=case.government_id,
        case=case,
        account=message.account,
        name=message.sender_name,
        address=message.sender_address,
        address_index=message.sender_index,
        anonymous=bool(message.extra.get("anonymous")),
        confidential=bool(message.extra.get("confidential")),
        told=told,
    )
    insert(voice)
    return voice


def _write_history(case: Case, decision: Decision, history: History) -> None:
    if decision.agency and history.stage != "new":
        Referral.objects.create(
            government_id=case.government_id,
            case=case,
            to_agency=decision.agency,
            reason="import",
            note=history.note,
            at=clock.now(),
            actor=ledger.SYSTEM,
        )
    for event in _past(decision, history):
        ledger.record(event, stream=case.stream, government_id=case.government_id, actor=ledger.SYSTEM)


def _past(decision: Decision, history: History) -> Iterator[Event]:
    if decision.agency and history.stage != "new":
        yield CaseReferred(
            agency_id=decision.agency.pk,
            from_agency_id=None,
            reason="import",
            note=history.note,
            agency_name=decision.agency.name,
            imported=True,
        )
    if decision.agency and history.stage == "followed_up":
        yield CaseFollowedUp(note=history.note, imported=True)
    if history.stage == "held":
        yield CaseHeld(reason="incomplete", imported=True)
    if history.closed_by:
        yield CaseClosed(by=history.closed_by, outcome=history.outcome, reason=history.reason, imported=True)


def join_case(message: Message, case: Case) -> None:
    """Add a message to the case it continues, under the voice of its sender. A closed case is reopened by it.

    A sender the case does not know becomes a voice that is not told anything until an officer admits it: whoever was
    forwarded one of our mails can answer it, and must not hear the rest by that.
    """
    ledger.hold(case.stream)
    memory.forget(f"said:{case.pk}")
    case.refresh_from_db()
    voices = Voice.objects.filter(case=case)
    if message.sender_index:
        same = voices.filter(account__platform=message.account.platform, address_index=message.sender_index)
        voice = same.order_by("id").first() or _new_voice(case, message, told=False)
    else:
        voice = voices.order_by("id").first() or _new_voice(case, message)
    CaseMessage.objects.create(government_id=case.government_id, case=case, message=message, voice=voice)
    if case.closed_at is not None:
        reopened = CaseReopened(by="citizen", reason="citizen_wrote")
        ledger.record(reopened, stream=case.stream, government_id=case.government_id, actor=ledger.CITIZEN)
    joined = MessageJoined(message_id=message.pk, voice_id=voice.pk, spoken_at=message.spoken_at.isoformat())
    ledger.record(joined, stream=case.stream, government_id=case.government_id, actor=ledger.CITIZEN)


def twin_of(message: Message, found: Traces) -> CaseMessage | None:
    """The same message of the same sender as it came to another account of this government; None for a first one.

    `found` are its traces (`thread.look`). What is said in a private chat comes to one
    account only, whatever its id: chats of two accounts may count alike.
    """
    if not found.copied or (message.audience == "private" and vouched(message)):
        return None
    rows = CaseMessage.objects.filter(
        government_id=message.government_id,
        message__external_id=message.external_id,
        message__sender_index=message.sender_index,
        message__account__platform=message.account.platform,
    )
    return rows.select_related("case").order_by("id").first()


def copy_message(message: Message, twin: CaseMessage) -> None:
    """Note that a message of a case also came to another account: one case, one voice, one answer."""
    CaseMessage.objects.create(
        government_id=message.government_id, case=twin.case, message=message, voice_id=twin.voice_id, is_copy=True
    )
    event = MessageCopied(message_id=message.pk, account=message.account.address)
    ledger.record(event, stream=twin.case.stream, government_id=twin.government_id, actor=ledger.CITIZEN)
