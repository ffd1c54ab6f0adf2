"""The register of medium and long cases: what was promised, by whom, in which plan. Nothing leaves it by being long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from salur.cases import words
from salur.cases.models import Case
from salur.insight.register_queries import Wanted, in_chunks, places_of, registered
from salur.kernel import clock, ledger
from salur.language.masking import mask_personal
from salur.sop.bound import bound
from salur.sop.queries import calendars_for
from salur.sop.saying import in_words
from salur.sop.vocabulary import PLANS, word


@dataclass(frozen=True)
class RegisterRow:
    """One case as planning needs it. Dates are days of its government; `days_open` are calendar days.

    `title` holds no telephone numbers, addresses or identity numbers, and nothing at all of a confidential case.
    """

    number: str
    government: str
    agency: str
    kind: str
    function: str
    title: str
    area: str
    horizon: str
    owner: str
    plan: str
    plan_reference: str
    promised_on: date | None
    review_on: date | None
    milestones_done: int
    milestones: int
    voices: int
    opened_on: date
    days_open: int
    reclassified: int
    status: str
    link: str


def every_row(wanted: Wanted) -> Iterator[RegisterRow]:
    """All rows of a question in scope, in the language in force, by promised date."""
    for cases in in_chunks(registered(wanted)):
        yield from rows_of(cases)


def rows_of(cases: list[Case]) -> list[RegisterRow]:
    """The rows of cases that `registered` found. Three queries, however many."""
    places = places_of(cases)
    journals = ledger.journals([case.stream for case in cases])
    calendars = {one: calendars_for(one) for one in {case.government_id for case in cases}}
    now, found = clock.now(), []
    for case in cases:
        sop = bound(case, now, journals[case.stream], calendars[case.government_id])
        if sop is None:
            continue
        state, zone = sop.state, ZoneInfo(case.government.timezone)
        opened, ended = case.opened_at.astimezone(zone).date(), (case.closed_at or now).astimezone(zone).date()
        found.append(
            RegisterRow(
                number=case.number,
                government=case.government.name,
                agency=case.agency.name if case.agency else "",
                kind=words.said(words.KINDS, case.kind),
                function=_function(case),
                title=gettext("(confidential)") if case.confidential else mask_personal(case.title),
                area="" if case.confidential else places.get(case.pk, ""),
                horizon=words.said(words.HORIZONS, case.horizon),
                owner=state.owner,
                plan=in_words(word(PLANS, state.plan)) if state.plan else "",
                plan_reference=state.plan_reference,
                promised_on=state.promised_on,
                review_on=state.review_on,
                milestones_done=sum(one.reached_at is not None for one in state.milestones),
                milestones=len(state.milestones),
                voices=case.voices or 0,  # type: ignore[attr-defined]  # annotated by registered()
                opened_on=opened,
                days_open=(ended - opened).days,
                reclassified=state.reclassified,
                status=words.said(words.STATUSES, case.status),
                link=case.link,
            )
        )
    return found


def _function(case: Case) -> str:
    if case.function is None:
        return ""
    return str(case.function.name_en if (get_language() or "id").startswith("en") else case.function.name)
