"""Questions that the fold answers."""

from collections.abc import Sequence
from datetime import datetime

from salur.agencies.queries import calendars_with_keepers
from salur.cases.models import Case
from salur.kernel import ledger
from salur.kernel.facts import Fact
from salur.sop.fold import Calendars, CaseState, fold
from salur.sop.models import SopVersion
from salur.sop.versions import document_of
from salur.worktime.calendar import WorkCalendar


class NoCalendar(LookupError):
    """A government has no work calendar; the text says how to give it one."""


def calendars_for(government_id: int) -> Calendars:
    """The work calendars of a government and of its agencies that keep another one. Raises NoCalendar."""
    by_key = calendars_with_keepers(government_id)
    if "default" not in by_key:
        raise NoCalendar("this government has no work calendar: run `salur government add` or load one")
    own: dict[int | str, WorkCalendar] = {
        agency: kept for key, (kept, keepers) in by_key.items() if key != "default" for agency in keepers
    }
    return Calendars(default=by_key["default"][0], by_agency=own)


def version_in(journal: Sequence[Fact]) -> int | None:
    """The id of the SOP version a journal is bound to, or None while it is not bound yet."""
    return next((fact.data["version_id"] for fact in journal if fact.kind == "sop.started"), None)


def state_of(
    case: Case, now: datetime, journal: Sequence[Fact] | None = None, calendars: Calendars | None = None
) -> CaseState | None:
    """The state of a case at an instant, or None in the moment before it is bound to an SOP.

    A caller that has the journal or the calendars already hands them in.
    """
    facts = ledger.journal(case.stream) if journal is None else journal
    version = version_in(facts)
    if version is None:
        return None
    return fold(facts, document_of(version), calendars or calendars_for(case.government_id), now)


def version(version_id: int) -> SopVersion | None:
    """One signed version in scope, with its SOP."""
    return SopVersion.objects.select_related("sop").filter(pk=version_id).first()
