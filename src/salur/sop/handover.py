"""Handing a case on as its SOP allows: with a reason it names, and not for ever: an arbiter ends the ping-pong."""

from datetime import datetime

from salur.agencies.actors import fills
from salur.agencies.models import Member
from salur.agencies.queries import member_of
from salur.cases import handle
from salur.cases.handle import NotPossible
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.bound import Bound, held_bound

FIRST = "mandate"
"""The reason of the first choice of an agency, which is no hand-over."""


def refer(case_id: int, *, agency_id: int, reason: str = FIRST, note: str = "", actor: str) -> None:
    """Hand a case to another agency for a reason that its SOP names; the first choice of an agency needs none.

    After as many hand-overs as the SOP allows, and while the arbiter is called, only the arbiter may. Raises
    NotPossible.
    """
    one = held_bound(case_id)
    if one.case.agency_id is None:
        handle.refer(case_id, agency_id=agency_id, reason=FIRST, note=note, actor=actor)
        return
    if reason not in {known.code for known in one.document.handover.reasons}:
        raise NotPossible("choose one of the reasons that the SOP names")
    if arbiter_decides(one) and not _by_arbiter(one, actor):
        raise NotPossible("the case was handed on as often as the SOP allows: call the arbiter")
    handle.refer(case_id, agency_id=agency_id, reason=reason, note=note, actor=actor)


def verify(case_id: int, *, note: str = "", happened_at: datetime | None = None, actor: str) -> None:
    """As `cases/handle.verify`; once the arbiter is called, only the arbiter may, and only from now on.

    Raises NotPossible.
    """
    one = held_bound(case_id)
    if one.state.arbiter_called and (happened_at is not None or not _by_arbiter(one, actor)):
        raise NotPossible("the arbiter was called and decides where the case lies")
    handle.verify(case_id, note=note, happened_at=happened_at, actor=actor)


def call_arbiter(case_id: int, *, reason: str, actor: str) -> None:
    """Have the arbiter of the SOP decide which agency handles a case. Raises NotPossible before it is their turn."""
    one = held_bound(case_id)
    if one.state.arbiter_called:
        raise NotPossible("the arbiter was called already")
    if not arbiter_decides(one):
        raise NotPossible("the case can still be handed over: choose the agency and the reason")
    handle.call_arbiter(case_id, reason=reason, actor=actor)


def decide(case_id: int, *, agency_id: int, reason: str = FIRST, note: str = "", actor: str) -> None:
    """The arbiter's decision: another agency takes the case over, or it stays where it lies.

    Raises NotPossible for everybody but the arbiter, and before they are called.
    """
    one = held_bound(case_id)
    if not one.state.arbiter_called or not _by_arbiter(one, actor):
        raise NotPossible("only the arbiter decides, once the arbiter was called")
    if agency_id == one.case.agency_id:
        handle.verify(case_id, note=note, actor=actor)
    else:
        refer(case_id, agency_id=agency_id, reason=reason, note=note, actor=actor)


def arbiter_decides(one: Bound) -> bool:
    """Whether a case was handed on as often as its SOP allows, or lies before the arbiter."""
    return one.state.arbiter_called or one.state.handovers >= one.document.handover.bounce_limit


def is_arbiter(one: Bound, member: Member) -> bool:
    """Whether an officer fills the place of the arbiter in this case."""
    code = one.document.handover.arbiter
    rule = one.document.actors.get(code)
    return rule is not None and fills(
        member,
        code,
        role=rule.role,
        government_wide=rule.government_wide,
        named=rule.named,
        case_agency_id=one.case.agency_id,
    )


def _by_arbiter(one: Bound, actor: str) -> bool:
    kind, _, number = actor.partition(":")
    if kind != "member":
        return False
    with use(EVERYTHING):
        row = Member.objects.filter(pk=number, government_id=one.case.government_id).only("user_id").first()
    member = member_of(row.user_id) if row else None
    return member is not None and is_arbiter(one, member)
