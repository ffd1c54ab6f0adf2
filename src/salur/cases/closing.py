"""How a case ends and begins again: closed at once, or proposed by one person and confirmed by another."""

from salur.cases.events import CaseClosed, CaseReopened, ClosingProposed, ClosingRefused
from salur.cases.handle import NotPossible, held, held_open, write
from salur.cases.models import Case

OUTCOMES = ("answered", "completed", "archived")
"""What an officer may close a case as; silence and incompleteness are found by the system."""


def close(case_id: int, *, by: str, outcome: str, reason: str, actor: str) -> None:
    """Close, saying who (citizen, officer, system), as what, and why. Raises NotPossible.

    An officer closes as answered or completed only after an answer went out; archiving needs a reason. What the SOP
    demands beyond that is asked by `sop/closing`.
    """
    case = held_open(case_id)
    if by == "officer":
        _demand_ready(case, outcome, reason)
    write(case, CaseClosed(by=by, outcome=outcome, reason=reason.strip()), actor)


def propose(case_id: int, *, outcome: str, reason: str, actor: str) -> None:
    """Lay a closing before another person; the case stays open until they confirm it. Raises NotPossible as `close`."""
    case = held_open(case_id)
    _demand_ready(case, outcome, reason)
    write(case, ClosingProposed(outcome=outcome, reason=reason.strip()), actor)


def refuse(case_id: int, *, reason: str, actor: str) -> None:
    """Do not confirm a proposed closing, or take one's own proposal back. Raises NotPossible without a reason."""
    case = held_open(case_id)
    if not reason.strip():
        raise NotPossible("say why the case stays open")
    write(case, ClosingRefused(reason=reason.strip()), actor)


def _demand_ready(case: Case, outcome: str, reason: str) -> None:
    if outcome not in OUTCOMES:
        raise NotPossible(f"unknown outcome {outcome!r}")
    if outcome != "archived" and case.answered_at is None:
        raise NotPossible("no answer has gone out yet: answer first, or archive with a reason")
    if not reason.strip():
        raise NotPossible("say why the case is closed")


def reopen(case_id: int, *, by: str, reason: str, actor: str) -> None:
    """Open a closed case again; the elapsed time stays. Raises NotPossible."""
    case = held(case_id)
    if case.closed_at is None:
        raise NotPossible("the case is open")
    write(case, CaseReopened(by=by, reason=reason.strip()), actor)
