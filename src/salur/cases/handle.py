"""The acts of officers on a case. Each checks its input, writes one event, and changes no derived column."""

from datetime import date

from salur.agencies.models import Agency, Function
from salur.agencies.queries import inspectorate_of
from salur.cases.events import (
    CaseClassified,
    CaseClosed,
    CaseFollowedUp,
    CaseHeld,
    CaseReferred,
    CaseReopened,
    CaseResumed,
    CaseReviewed,
    CaseVerified,
    HorizonSet,
    VoiceAdmitted,
)
from salur.cases.models import Case, Referral, Voice
from salur.kernel import clock, ledger
from salur.kernel.events import Event

KINDS = ("complaint", "supervisory_complaint", "aspiration", "information_request")
HORIZONS = ("short", "medium", "long")
OUTCOMES = ("answered", "completed", "archived")


class NotPossible(ValueError):
    """The act does not fit the case as it is now; the text says why and what to do."""


def _write(case: Case, event: Event, actor: str) -> None:
    ledger.record(event, stream=case.stream, government_id=case.government_id, actor=actor)


def _held(case_id: int) -> Case:
    ledger.hold(f"case:{case_id}")
    return Case.objects.select_related("agency", "government").get(pk=case_id)


def _open(case_id: int) -> Case:
    case = _held(case_id)
    if case.closed_at is not None:
        raise NotPossible("the case is closed; reopen it first")
    return case


def classify(case_id: int, *, kind: str, function: str | None, actor: str) -> None:
    """Correct the kind and the function. Raises NotPossible for unknown words."""
    case = _open(case_id)
    if kind not in KINDS:
        raise NotPossible(f"unknown kind {kind!r}")
    if function is not None and not Function.objects.filter(pk=function).exists():
        raise NotPossible(f"unknown function {function!r}")
    if (kind, function) == (case.kind, case.function_id):
        return
    event = CaseClassified(kind=kind, function=function, was_kind=case.kind, was_function=case.function_id)
    _write(case, event, actor)
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
    case = _open(case_id)
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
    _write(case, event, actor)


def verify(case_id: int, *, note: str = "", actor: str) -> None:
    """Confirm that the report is complete and ours. Raises NotPossible while no agency is chosen."""
    case = _open(case_id)
    if case.agency_id is None:
        raise NotPossible("choose the agency first")
    _write(case, CaseVerified(note=note), actor)


def hold(case_id: int, *, reason: str, actor: str, question_reply_id: int | None = None) -> None:
    """Stop the clocks for a reason that the SOP names (the fold does not honour others)."""
    case = _open(case_id)
    if case.paused:
        raise NotPossible("the clocks stand still already")
    _write(case, CaseHeld(reason=reason, question_reply_id=question_reply_id), actor)


def resume(case_id: int, *, reason: str, actor: str) -> None:
    """Let the clocks go on."""
    case = _open(case_id)
    if not case.paused:
        raise NotPossible("the clocks are running")
    _write(case, CaseResumed(reason=reason), actor)


def set_horizon(
    case_id: int, *, horizon: str, owner: str = "", plan_reference: str = "", review_on: date | None = None, actor: str
) -> None:
    """Sort into short-, medium- or long-term handling.

    Medium and long demand an owner, a plan reference and a review date in the future: a long horizon is not a
    drawer. Raises NotPossible naming what is missing.
    """
    case = _open(case_id)
    if horizon not in HORIZONS:
        raise NotPossible(f"unknown horizon {horizon!r}")
    if horizon != "short":
        needed = {"owner": owner.strip(), "plan reference": plan_reference.strip(), "review date": review_on}
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise NotPossible(f"a {horizon}-term case needs: {', '.join(missing)}")
        if review_on and review_on <= clock.today(case.government.timezone):
            raise NotPossible("the review date must lie in the future")
    event = HorizonSet(
        horizon=horizon,
        owner=owner.strip(),
        plan_reference=plan_reference.strip(),
        review_on=review_on.isoformat() if review_on and horizon != "short" else None,
    )
    _write(case, event, actor)


def review(case_id: int, *, note: str, next_review_on: date | None, actor: str) -> None:
    """Record the review of a scheduled case; its citizens are told the note. Raises NotPossible."""
    case = _open(case_id)
    if case.horizon == "short":
        raise NotPossible("only a medium- or long-term case is reviewed")
    if not note.strip():
        raise NotPossible("write what the citizens shall hear")
    if next_review_on is None or next_review_on <= clock.today(case.government.timezone):
        raise NotPossible("the next review date must lie in the future")
    _write(case, CaseReviewed(note=note.strip(), next_review_on=next_review_on.isoformat()), actor)


def follow_up(case_id: int, *, note: str, actor: str) -> None:
    """Record that the agency has coordinated and formulated the follow-up."""
    case = _open(case_id)
    if not note.strip():
        raise NotPossible("write what will be done")
    _write(case, CaseFollowedUp(note=note.strip()), actor)


def close(case_id: int, *, by: str, outcome: str, reason: str, actor: str) -> None:
    """Close, saying who (citizen, officer, system), as what, and why. Raises NotPossible.

    An officer closes as answered or completed only after an answer went out; archiving needs a reason.
    """
    case = _open(case_id)
    if by == "officer":
        if outcome not in OUTCOMES:
            raise NotPossible(f"unknown outcome {outcome!r}")
        if outcome != "archived" and case.answered_at is None:
            raise NotPossible("no answer has gone out yet: answer first, or archive with a reason")
        if not reason.strip():
            raise NotPossible("say why the case is closed")
    _write(case, CaseClosed(by=by, outcome=outcome, reason=reason.strip()), actor)


def reopen(case_id: int, *, by: str, reason: str, actor: str) -> None:
    """Open a closed case again; the elapsed time stays. Raises NotPossible."""
    case = _held(case_id)
    if case.closed_at is None:
        raise NotPossible("the case is open")
    _write(case, CaseReopened(by=by, reason=reason.strip()), actor)


def admit(case_id: int, *, voice_id: int, actor: str) -> None:
    """Let a further sender hear what is said in the case. Raises NotPossible for one who hears it already."""
    case = _held(case_id)
    if not Voice.objects.filter(pk=voice_id, case=case, told=False).update(told=True):
        raise NotPossible("this sender hears the answers already")
    _write(case, VoiceAdmitted(voice_id=voice_id), actor)
