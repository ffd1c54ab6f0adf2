"""The acts of officers on a case. Each checks its input, writes one event, and changes no derived column."""

from datetime import datetime

from salur.agencies.models import Agency, Function
from salur.agencies.queries import inspectorate_of
from salur.cases.events import (
    ArbiterCalled,
    CaseClassified,
    CaseFollowedUp,
    CaseHeld,
    CaseReferred,
    CaseResumed,
    CaseVerified,
    VoiceAdmitted,
)
from salur.cases.models import Case, Referral, Voice
from salur.kernel import clock, ledger
from salur.kernel.events import Event

KINDS = ("complaint", "supervisory_complaint", "aspiration", "information_request")


class NotPossible(ValueError):
    """The act does not fit the case as it is now; the text says why and what to do."""


def write(case: Case, event: Event, actor: str) -> None:
    """Write an event into the journal of a case."""
    ledger.record(event, stream=case.stream, government_id=case.government_id, actor=actor)


def held(case_id: int) -> Case:
    """A case, kept from everybody else until the transaction ends."""
    ledger.hold(f"case:{case_id}")
    return Case.objects.select_related("agency", "government").get(pk=case_id)


def held_open(case_id: int) -> Case:
    """As `held`, and refuse a closed case. Raises NotPossible."""
    case = held(case_id)
    if case.closed_at is not None:
        raise NotPossible("the case is closed; reopen it first")
    return case


def done_at(case: Case, happened_at: datetime | None) -> str | None:
    """An instant (aware) at which something was done in a case, as events carry it; None for now.

    It may lie in the minute in which the case was opened. Raises NotPossible for one in the future or before that.
    """
    if happened_at is None:
        return None
    if happened_at > clock.now():
        raise NotPossible("this was done in the future: correct the date or the time")
    if happened_at < case.opened_at.replace(second=0, microsecond=0):
        raise NotPossible("this was done before the report was opened: correct the date or the time")
    return max(happened_at, case.opened_at).isoformat()


def classify(case_id: int, *, kind: str, function: str | None, actor: str) -> None:
    """Correct the kind and the function. Raises NotPossible for unknown words."""
    case = held_open(case_id)
    if kind not in KINDS:
        raise NotPossible(f"unknown kind {kind!r}")
    if function is not None and not Function.objects.filter(pk=function).exists():
        raise NotPossible(f"unknown function {function!r}")
    if (kind, function) == (case.kind, case.function_id):
        return
    event = CaseClassified(kind=kind, function=function, was_kind=case.kind, was_function=case.function_id)
    write(case, event, actor)
    if kind == "supervisory_complaint":
        _take_away(case, actor)


def _take_away(case: Case, actor: str) -> None:
    """A supervisory matter leaves the sight of the agency it may accuse, in the act that makes it one."""
    inspectorate = inspectorate_of(case.government_id)
    if inspectorate is not None and inspectorate.pk != case.agency_id:
        _refer(case, inspectorate, "supervisory", "", actor)


def refer(case_id: int, *, agency_id: int, reason: str, note: str = "", actor: str) -> None:
    """Hand the case to another agency of its government, with a reason. The citizen's clock goes on.

    Raises NotPossible when it lies there already or no reason is given.
    """
    case = held_open(case_id)
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None or agency.government_id != case.government_id:
        raise NotPossible("choose an agency of this government")
    if agency.pk == case.agency_id:
        raise NotPossible("the case lies with this agency already")
    if not reason.strip():
        raise NotPossible("say why the case is handed over")
    _refer(case, agency, reason[:40], note, actor)


def _refer(case: Case, agency: Agency, reason: str, note: str, actor: str) -> None:
    Referral.objects.create(
        government_id=case.government_id,
        case=case,
        from_agency_id=case.agency_id,
        to_agency=agency,
        reason=reason,
        note=note,
        at=clock.now(),
        actor=actor,
    )
    event = CaseReferred(
        agency_id=agency.pk, from_agency_id=case.agency_id, reason=reason[:40], note=note, agency_name=agency.name
    )
    write(case, event, actor)


def call_arbiter(case_id: int, *, reason: str, actor: str) -> None:
    """Lay the question whose matter it is before the arbiter of the SOP. Raises NotPossible without a reason."""
    case = held_open(case_id)
    if not reason.strip():
        raise NotPossible("say why the arbiter has to decide")
    write(case, ArbiterCalled(reason=reason.strip()), actor)


def verify(case_id: int, *, note: str = "", happened_at: datetime | None = None, actor: str) -> None:
    """Confirm that the report is complete and ours; `happened_at`: when that was found, if not now.

    Raises NotPossible while no agency is chosen, and as `done_at`.
    """
    case = held_open(case_id)
    if case.agency_id is None:
        raise NotPossible("choose the agency first")
    write(case, CaseVerified(note=note, happened_at=done_at(case, happened_at)), actor)


def hold(case_id: int, *, reason: str, note: str = "", question_reply_id: int | None = None, actor: str) -> None:
    """Stop the clocks for a reason that the SOP names (the fold does not honour others).

    `note` says what happened. Raises NotPossible without one where no question explains why.
    """
    case = held_open(case_id)
    if case.paused:
        raise NotPossible("the clocks stand still already")
    if question_reply_id is None and not note.strip():
        raise NotPossible("write what happened")
    write(case, CaseHeld(reason=reason, question_reply_id=question_reply_id, note=note.strip()), actor)


def resume(case_id: int, *, reason: str, actor: str) -> None:
    """Let the clocks go on."""
    case = held_open(case_id)
    if not case.paused:
        raise NotPossible("the clocks are running")
    write(case, CaseResumed(reason=reason), actor)


def follow_up(case_id: int, *, note: str, happened_at: datetime | None = None, actor: str) -> None:
    """Record that the agency has coordinated and formulated the follow-up; `happened_at`: when, if not now.

    Raises NotPossible without a note, and as `done_at`.
    """
    case = held_open(case_id)
    if not note.strip():
        raise NotPossible("write what will be done")
    write(case, CaseFollowedUp(note=note.strip(), happened_at=done_at(case, happened_at)), actor)


def admit(case_id: int, *, voice_id: int, actor: str) -> None:
    """Let a further sender hear what is said in the case. Raises NotPossible for one who hears it already."""
    case = held(case_id)
    if not Voice.objects.filter(pk=voice_id, case=case, told=False).update(told=True):
        raise NotPossible("this sender hears the answers already")
    write(case, VoiceAdmitted(voice_id=voice_id), actor)
