"""Static proofs on an SOP document: what would leave a citizen without an answer or an officer without a rule. Pure."""

from salur.sop.document.model import SopDocument
from salur.sop.proofs.actors import actors, staffed
from salur.sop.proofs.codes import codes
from salur.sop.proofs.flow import flow
from salur.sop.proofs.horizons import horizons
from salur.sop.proofs.ladders import ladders
from salur.sop.proofs.obligations import obligations
from salur.sop.proofs.paper import paper
from salur.sop.proofs.problem import Facts, Problem
from salur.sop.proofs.promises import promises
from salur.sop.proofs.statuses import statuses
from salur.sop.proofs.texts import texts

__all__ = ["Facts", "Problem", "check"]


def check(document: SopDocument, government: Facts | None = None) -> list[Problem]:
    """All findings on a document, errors first. Without an error it may be signed.

    With `government` also what only it can tell: roles and positions without an officer, channels without a promise,
    a calendar that is not decreed yet.
    """
    found = [
        *paper(document),
        *codes(document),
        *actors(document),
        *promises(document),
        *obligations(document),
        *ladders(document),
        *statuses(document),
        *horizons(document),
        *texts(document),
        *flow(document),
        *(staffed(document, government) if government is not None else ()),
    ]
    return sorted(found, key=lambda problem: problem.severity != "error")
