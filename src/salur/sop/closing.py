"""Closing a case as its SOP demands: with evidence, by two people, or by the citizen's own word."""

from salur.cases import closing
from salur.cases.handle import NotPossible
from salur.sop.bound import Bound, held_bound

CLOSED, PROPOSED = "closed", "proposed"
"""What `close` did."""


def close(case_id: int, *, outcome: str, reason: str, actor: str) -> str:
    """Close a case, or propose it where the SOP wants a second person; returns CLOSED or PROPOSED.

    Raises NotPossible as `cases/closing.close`, without the evidence that the SOP demands for the outcome, for an
    outcome that only the citizen brings, and while a closing is proposed.
    """
    one = held_bound(case_id)
    if one.state.closing_proposed is not None:
        raise NotPossible("the closing is proposed already: another person confirms or refuses it")
    _demand(one, outcome)
    if outcome in one.document.closure.second_person:
        closing.propose(case_id, outcome=outcome, reason=reason, actor=actor)
        return PROPOSED
    closing.close(case_id, by="officer", outcome=outcome, reason=reason, actor=actor)
    return CLOSED


def confirm(case_id: int, *, actor: str) -> None:
    """Close a case as another person proposed. Raises NotPossible for the proposer, and where the ground has gone."""
    one = held_bound(case_id)
    proposal = one.state.closing_proposed
    if proposal is None:
        raise NotPossible("no closing is proposed")
    if proposal.actor == actor:
        raise NotPossible("who proposed the closing cannot confirm it: another person must")
    _demand(one, proposal.outcome)
    closing.close(case_id, by="officer", outcome=proposal.outcome, reason=proposal.reason, actor=actor)


def refuse(case_id: int, *, reason: str, actor: str) -> None:
    """Leave a case open that somebody proposed to close, with a reason; the proposer may take it back so as well.

    Raises NotPossible where nothing is proposed.
    """
    if held_bound(case_id).state.closing_proposed is None:
        raise NotPossible("no closing is proposed")
    closing.refuse(case_id, reason=reason, actor=actor)


def _demand(one: Bound, outcome: str) -> None:
    rules = one.document.closure
    if outcome in rules.citizen_confirms:
        raise NotPossible("only the citizen's word or silence closes a case as this: send the answer and wait")
    if outcome in rules.evidence and one.state.evidence == 0:
        raise NotPossible("put evidence into the case first: a photograph or a document that shows the work")
