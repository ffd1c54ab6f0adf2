"""Short-, medium- and long-term handling: setting it, reviewing it, reaching its milestones."""

from collections.abc import Sequence
from datetime import date, datetime

from salur.cases.events import CaseReviewed, HorizonSet, MilestoneReached
from salur.cases.handle import NotPossible, done_at, held_open, write
from salur.kernel import clock

HORIZONS = ("short", "medium", "long")


def set_horizon(
    case_id: int,
    *,
    horizon: str,
    reason: str = "",
    owner: str = "",
    plan: str = "",
    plan_reference: str = "",
    promised_on: date | None = None,
    review_on: date | None = None,
    milestones: Sequence[tuple[str, date]] = (),
    notice: str = "",
    actor: str,
) -> None:
    """Sort into short-, medium- or long-term handling; a short one keeps neither plan nor dates.

    Dates are calendar days of the government. `notice` is what the citizens are told, "" for nothing. What a horizon
    demands, and which dates it takes, is asked by `sop/horizon`. Raises NotPossible.
    """
    case = held_open(case_id)
    if horizon not in HORIZONS:
        raise NotPossible(f"unknown horizon {horizon!r}")
    longer = horizon != "short"
    event = HorizonSet(
        horizon=horizon,
        was_horizon=case.horizon,
        reason=reason.strip(),
        owner=owner.strip() if longer else "",
        plan=plan if longer else "",
        plan_reference=plan_reference.strip() if longer else "",
        promised_on=promised_on.isoformat() if promised_on and longer else None,
        review_on=review_on.isoformat() if review_on and longer else None,
        milestones=tuple((name.strip(), on.isoformat()) for name, on in milestones) if longer else (),
        notice=notice,
    )
    write(case, event, actor)


def review(case_id: int, *, note: str, next_review_on: date | None, actor: str) -> None:
    """Record the review of a scheduled case; its citizens are told the note. Raises NotPossible."""
    case = held_open(case_id)
    if case.horizon == "short":
        raise NotPossible("only a medium- or long-term case is reviewed")
    if not note.strip():
        raise NotPossible("write what the citizens shall hear")
    if next_review_on is None or next_review_on <= clock.today(case.government.timezone):
        raise NotPossible("the next review date must lie in the future")
    write(case, CaseReviewed(note=note.strip(), next_review_on=next_review_on.isoformat()), actor)


def reach_milestone(
    case_id: int, *, name: str, note: str = "", happened_at: datetime | None = None, actor: str
) -> None:
    """Record that a milestone of a scheduled case was reached; `happened_at`: when, if not now.

    Raises NotPossible for a short-term case, and as `handle.done_at`.
    """
    case = held_open(case_id)
    if case.horizon == "short":
        raise NotPossible("only a medium- or long-term case has milestones")
    write(case, MilestoneReached(name=name, note=note.strip(), happened_at=done_at(case, happened_at)), actor)
