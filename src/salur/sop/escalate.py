"""Rungs that were reached, kept for the desks of the superiors who are called."""

from collections.abc import Sequence

from django.db.models import Q

from salur.agencies.actors import fills
from salur.agencies.models import Government, Member
from salur.kernel.facts import Fact
from salur.sop.document.rules import Actor
from salur.sop.engine.state import CaseState
from salur.sop.events import ObligationEscalated
from salur.sop.models import Escalation
from salur.sop.versions import NoSopInForce, document_of, in_force

LONGEST_LIST = 200


def project(case_id: int, government_id: int, state: CaseState, journal: Sequence[Fact]) -> None:
    """Bring the rows of a case up to what its journal and fold say, in the caller's transaction.

    A case that was never escalated costs no query.
    """
    project_many([(case_id, government_id, state, journal)])


def project_many(cases: Sequence[tuple[int, int, CaseState, Sequence[Fact]]]) -> None:
    """As `project`, for many cases in one statement; each is what `project` takes."""
    if rows := [row for case in cases for row in _rows(*case)]:
        Escalation.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["case", "code", "started_by", "rung"],
            update_fields=["agency", "open", "to", "due_at", "at"],
        )


def _rows(case_id: int, government_id: int, state: CaseState, journal: Sequence[Fact]) -> list[Escalation]:
    called = [fact for fact in journal if fact.kind == ObligationEscalated.KIND]
    if not called:
        return []
    running = {(one.code, one.started_by) for one in state.obligations if one.open}
    agency = int(state.agency_id) if state.agency_id is not None else None
    return [
        Escalation(
            government_id=government_id,
            case_id=case_id,
            agency_id=agency,
            code=fact.data["code"],
            name=fact.data["name"],
            started_by=fact.data["started_by"],
            rung=fact.data["rung"],
            to=fact.data["to"],
            due_at=fact.data["due_at"],
            at=fact.data["at"],
            open=(fact.data["code"], fact.data["started_by"]) in running,
        )
        for fact in called
    ]


def called_on(member: Member) -> list[Escalation]:
    """What this officer was called on and what is still open, the longest overdue first, in the scope in force."""
    wide, own = _places(member)
    if not wide and not own:
        return []
    units = {member.agency_id, *(getattr(member, "unit_ids", None) or ())}
    calls = Q(to__in=wide) | Q(to__in=own, agency_id__in=units)
    rows = Escalation.objects.select_related("case", "agency").filter(calls, open=True)
    return list(rows.order_by("due_at", "case_id")[:LONGEST_LIST])


def named_actors(government: Government) -> dict[str, Actor]:
    """The places of the SOP in force that an administrator gives to an officer by name, by code."""
    try:
        actors = document_of(in_force(government).pk).actors
    except NoSopInForce:
        return {}
    return {code: actor for code, actor in actors.items() if actor.named}


def _places(member: Member) -> tuple[set[str], set[str]]:
    """The actors of the SOP in force that an officer fills: in the whole government, and in their own agency."""
    wide: set[str] = set()
    own: set[str] = set()
    try:
        document = document_of(in_force(member.government).pk)
    except NoSopInForce:
        return wide, own
    for code, actor in document.actors.items():
        if fills(
            member,
            code,
            role=actor.role,
            government_wide=actor.government_wide,
            named=actor.named,
            case_agency_id=member.agency_id,
        ):
            (wide if actor.government_wide else own).add(code)
    return wide, own
