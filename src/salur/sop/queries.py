"""Questions about versions and drafts, and those that the fold answers."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from salur.agencies.models import Member
from salur.agencies.queries import calendars_with_keepers
from salur.cases.models import Case
from salur.channels.models import Account
from salur.kernel import ledger, memory
from salur.kernel.events import Fact
from salur.kernel.tenancy import Scope, use
from salur.sop.document.model import SopDocument
from salur.sop.engine.fold import Calendars, CaseState, fold
from salur.sop.models import Sop, SopDraft, SopVersion
from salur.sop.proofs.check import Facts
from salur.sop.versions import document_of, stream
from salur.worktime.calendar import WorkCalendar

BINDING = ("sop.started", "sop.moved")
"""The facts that bind a case to a version; the last of them counts."""


class NoCalendar(LookupError):
    """A government has no work calendar; the text says how to give it one."""


def calendars_for(government_id: int) -> Calendars:
    """The work calendars of a government and of its agencies that keep another one. Raises NoCalendar."""
    by_key = memory.once(f"calendars:{government_id}", lambda: calendars_with_keepers(government_id))
    if "default" not in by_key:
        raise NoCalendar("this government has no work calendar: run `salur government add` or load one")
    own: dict[int | str, WorkCalendar] = {
        agency: kept for key, (kept, keepers) in by_key.items() if key != "default" for agency in keepers
    }
    return Calendars(default=by_key["default"][0], by_agency=own)


def facts_of(government_id: int) -> Facts:
    """What a government has today, for the proofs: its officers, its accounts, its decreed years; whoever asks."""
    with use(Scope(government_id)):
        people = list(Member.objects.filter(active=True).values_list("role", "position"))
        platforms = Account.objects.filter(state=Account.State.LIVE).values_list("platform", flat=True).distinct()
        channels = frozenset(platforms)
    by_key = calendars_with_keepers(government_id)
    return Facts(
        roles=frozenset(role for role, _position in people),
        positions=frozenset(position for _role, position in people if position),
        channels=channels,
        calendar_years=by_key["default"][0].decreed_years if "default" in by_key else frozenset(),
        members=Counter(role for role, _position in people),
    )


def version_in(journal: Sequence[Fact]) -> int | None:
    """The id of the SOP version a journal is bound to, or None while it is not bound yet.

    That under which the case was opened, or the one to which it was moved on purpose since.
    """
    return next((fact.data["version_id"] for fact in reversed(journal) if fact.kind in BINDING), None)


def document_in(journal: Sequence[Fact]) -> SopDocument | None:
    """The document of the version that a journal is bound to, or None while it is bound to none."""
    version = version_in(journal)
    return document_of(version) if version is not None else None


def state_of(
    case: Case, now: datetime, journal: Sequence[Fact] | None = None, calendars: Calendars | None = None
) -> CaseState | None:
    """The state of a case at an instant, or None in the moment before it is bound to an SOP.

    A caller that has the journal or the calendars already hands them in.
    """
    facts = ledger.journal(case.stream) if journal is None else journal
    document = document_in(facts)
    if document is None:
        return None
    return fold(facts, document, calendars or calendars_for(case.government_id), now)


def version(version_id: int) -> SopVersion | None:
    """One signed version in scope, with its SOP and the version of another government that it follows."""
    rows = SopVersion.objects.select_related("sop__government", "parent__sop", "parent__government")
    return rows.filter(pk=version_id).first()


def sops() -> list[Sop]:
    """The SOPs in scope, by code."""
    return list(Sop.objects.select_related("government").order_by("code"))


def versions(sop_id: int | None = None) -> list[SopVersion]:
    """The signed versions in scope, of one SOP or of all, newest first, without their texts."""
    rows = SopVersion.objects.select_related("sop", "parent__sop", "parent__government")
    rows = rows.defer("text", "overlay", "parent__text", "parent__overlay")
    rows = rows.filter(sop_id=sop_id) if sop_id is not None else rows
    return list(rows.order_by("sop__code", "-version"))


def drafts() -> list[SopDraft]:
    """The drafts in scope, one of an SOP at most, without their texts."""
    return list(SopDraft.objects.select_related("sop").defer("text").order_by("sop__code"))


def draft(draft_id: int) -> SopDraft | None:
    """One draft in scope, with its SOP and the version of another government that it follows."""
    return SopDraft.objects.select_related("sop__government", "parent__government").filter(pk=draft_id).first()


def draft_of(sop_id: int) -> SopDraft | None:
    """The draft of an SOP, if there is one in scope; as `draft`."""
    return SopDraft.objects.select_related("sop__government", "parent__government").filter(sop_id=sop_id).first()


def given_back(draft: SopDraft) -> Fact | None:
    """The fact with which a review gave this draft back, until it is saved or submitted again; None else."""
    if draft.state != SopDraft.State.DRAFT:
        return None
    facts = ledger.journal(stream(draft.sop_id))
    last = facts[-1] if facts else None
    still = last is not None and last.kind == "sop.returned" and last.data["revision"] == draft.revision
    return last if still else None
