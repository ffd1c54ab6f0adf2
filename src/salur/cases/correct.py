"""Correcting the journal: a fact that was written by mistake is struck out by another person, and stays readable."""

from collections.abc import Sequence

from salur.cases.events import FactVoided
from salur.cases.handle import NotPossible, held_open, write
from salur.kernel import ledger
from salur.kernel.events import Fact

VOIDABLE = (
    "case.verified",
    "case.followed_up",
    "case.held",
    "case.resumed",
    "case.evidence_added",
    "case.milestone_reached",
)
"""What nobody outside was told of. A hand-over, a horizon, a review, a kind, a sending or a closing reached citizens:
it is corrected by another one of its kind, or by reopening."""


def voidable(facts: Sequence[Fact]) -> list[Fact]:
    """Facts that an officer wrote, that may be struck out and were not yet, oldest first."""
    gone = voided(facts)
    return [
        fact for fact in facts if fact.kind in VOIDABLE and fact.actor.startswith("member:") and fact.seq not in gone
    ]


def voided(facts: Sequence[Fact]) -> frozenset[int]:
    """The seqs of the facts that were struck out."""
    return frozenset(fact.data["seq"] for fact in facts if fact.kind == FactVoided.KIND)


def void(case_id: int, *, seq: int, reason: str, actor: str) -> None:
    """Strike out a fact: for the SOP it was never written. Only another person than its writer may.

    Raises NotPossible for a fact that is not there, cannot be struck out, or was; for its own writer; without a reason.
    """
    case = held_open(case_id)
    facts = ledger.journal(case.stream)
    fact = next((one for one in voidable(facts) if one.seq == seq), None)
    if fact is None:
        raise NotPossible("this entry cannot be struck out")
    if fact.actor == actor:
        raise NotPossible("who wrote the entry cannot strike it out: another person must")
    if not reason.strip():
        raise NotPossible("say what is wrong with the entry")
    write(case, FactVoided(seq=seq, was_kind=fact.kind, reason=reason.strip()), actor)
