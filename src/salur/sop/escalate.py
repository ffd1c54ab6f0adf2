"""Rungs that were reached, kept for the desks of the superiors who are called."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from salur.agencies.models import Government, Member
from salur.kernel.events import Fact
from salur.sop.document.model import SopDocument
from salur.sop.document.rules import Actor
from salur.sop.engine.state import CaseState
from salur.sop.events import ObligationEscalated
from salur.sop.models import Escalation
from salur.sop.versions import NoSopInForce, document_of, in_force

LONGEST_LIST = 200
DERIVED = ("agency", "name", "to", "role", "government_wide", "named", "due_at", "at", "open")
"""Columns that follow the fold; the others name the rung."""


Told = tuple[int, int, CaseState, SopDocument, Sequence[Fact]]
"""A case and its government, its fold, the document of its version, and its journal."""


def project(case_id: int, government_id: int, state: CaseState, document: SopDocument, journal: Sequence[Fact]) -> None:
    """Bring the rows of a case up to what its journal and fold say, in the caller's transaction.

    A case that was never escalated costs no query.
    """
    project_many([(case_id, government_id, state, document, journal)])


def project_many(cases: Sequence[Told]) -> None:
    """As `project`, for many cases in one statement; each is what `project` takes."""
    if rows := [row for case in cases for row in rows_of(*case)]:
        Escalation.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["case", "code", "started_by", "rung"],
            update_fields=DERIVED,
        )


def rows_of(
    case_id: int, government_id: int, state: CaseState, document: SopDocument, journal: Sequence[Fact]
) -> list[Escalation]:
    """The rungs that a journal says were reached, as the fold has them now, in the order of their obligations.

    A rung whose deadline has moved away since is kept and no longer open; the actor is that of the case's version.
    """
    called = {
        (fact.data["code"], fact.data["started_by"], fact.data["rung"]): fact.data
        for fact in journal
        if fact.kind == ObligationEscalated.KIND
    }
    if not called:
        return []
    told = {(one.code, one.started_by, rung.rung): (one, rung) for one in state.obligations for rung in one.escalations}
    agency = int(state.agency_id) if state.agency_id is not None else None
    rows = []
    for key, data in sorted(called.items()):
        one, rung = told.get(key, (None, None))
        to = rung.to if rung else data["to"]
        actor = document.actors.get(to)
        rows.append(
            Escalation(
                government_id=government_id,
                case_id=case_id,
                agency_id=agency,
                code=key[0],
                name=data["name"],
                started_by=key[1],
                rung=key[2],
                to=to,
                role=actor.role if actor else "",
                government_wide=bool(actor and actor.government_wide),
                named=bool(actor and actor.named),
                due_at=one.due_at if one else datetime.fromisoformat(data["due_at"]),
                at=rung.at if rung else datetime.fromisoformat(data["at"]),
                open=bool(one and rung and one.open and rung.reached),
            )
        )
    return rows


def called_on(member: Member) -> list[Escalation]:
    """What this officer was called on and what is still open, the longest overdue first, in the scope in force."""
    return list(_calls(member).select_related("case", "agency").order_by("due_at", "case_id")[:LONGEST_LIST])


def how_many(member: Member) -> int:
    """How many entries `called_on` has."""
    return _calls(member)[:LONGEST_LIST].count()


def _calls(member: Member) -> QuerySet[Escalation]:
    # The same rule as `agencies/actors.fills`, asked of the table: role, position, and reach.
    units = {member.agency_id, *(getattr(member, "unit_ids", None) or ())}
    place = Q(to=member.position) if member.position else Q(named=False)
    reach = Q(government_wide=True) | Q(agency_id__in=units)
    return Escalation.objects.filter(place, reach, role=member.role, open=True)


def named_actors(government: Government) -> dict[str, Actor]:
    """The places of the SOP in force that an administrator gives to an officer by name, by code."""
    try:
        actors = document_of(in_force(government).pk).actors
    except NoSopInForce:
        return {}
    return {code: actor for code, actor in actors.items() if actor.named}
