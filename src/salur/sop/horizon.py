"""Setting a horizon and reviewing it, within what the case's SOP allows."""

from datetime import date

from salur.cases import handle
from salur.cases.handle import NotPossible
from salur.cases.models import Case
from salur.kernel import clock, ledger
from salur.sop.queries import calendars_for, version_in
from salur.sop.versions import document_of
from salur.worktime.deadline import deadline


def set_horizon(
    case_id: int, *, horizon: str, owner: str = "", plan_reference: str = "", review_on: date | None = None, actor: str
) -> None:
    """As `cases/handle.set_horizon`, and refuse a review date beyond the SOP's interval. Raises NotPossible."""
    _demand_within(case_id, horizon, review_on)
    handle.set_horizon(
        case_id, horizon=horizon, owner=owner, plan_reference=plan_reference, review_on=review_on, actor=actor
    )


def review(case_id: int, *, note: str, next_review_on: date | None, actor: str) -> None:
    """As `cases/handle.review`, and refuse a next date beyond the SOP's interval. Raises NotPossible."""
    _demand_within(case_id, None, next_review_on)
    handle.review(case_id, note=note, next_review_on=next_review_on, actor=actor)


def _demand_within(case_id: int, horizon: str | None, review_on: date | None) -> None:
    """`horizon` None is the one the case has."""
    case = Case.objects.get(pk=case_id)
    version = version_in(ledger.journal(case.stream))
    rules = document_of(version).horizons if version is not None else {}
    rule = next((rule for name, rule in rules.items() if name == (horizon or case.horizon)), None)
    if rule is None or rule.review_within is None or review_on is None:
        return
    latest = deadline(clock.now(), rule.review_within, calendars_for(case.government_id).default).at.date()
    if review_on > latest:
        raise NotPossible("the review date lies further away than the SOP allows")
