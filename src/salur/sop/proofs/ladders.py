"""Escalation ladders: every rung after the one before, and calling somebody who is not late already. Pure.

That no rung comes before its obligation is due, the reader of the document refuses already.
"""

from collections.abc import Iterator

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import Obligation
from salur.sop.document.said import _
from salur.sop.proofs.coming import only_by_answer
from salur.sop.proofs.problem import Problem, error, warning
from salur.sop.proofs.promises import working_days
from salur.sop.vocabulary import span_said


def ladders(document: SopDocument) -> Iterator[Problem]:
    """Rungs that do not ascend or call the same people again, and promises whose breach nobody hears of."""
    for place, rule in enumerate(document.obligations):
        here = f"obligations[{place}].escalation"
        yield from _rungs(here, rule, document)
        if not rule.escalation and only_by_answer(rule):
            yield warning(here, _("“%(name)s” has no ladder: when it is late, no superior is called."), name=rule.name)


def _rungs(here: str, rule: Obligation, document: SopDocument) -> Iterator[Problem]:
    called: set[str] = set()
    for place, rung in enumerate(rule.escalation):
        below = rule.escalation[place - 1] if place else None
        if below is not None and working_days(rung.after) <= working_days(below.after):
            yield error(
                f"{here}[{place}].after",
                _("Rung %(rung)s of “%(name)s” comes %(after)s after the due instant, not later than rung %(below)s."),
                rung=place + 1,
                name=rule.name,
                after=span_said(rung.after),
                below=place,
            )
        actor = document.actors.get(rung.to)
        if actor is not None and rung.to == rule.actor:
            yield warning(
                f"{here}[{place}].to",
                _("Rung %(rung)s of “%(name)s” calls %(actor)s, who is late already; call a superior."),
                rung=place + 1,
                name=rule.name,
                actor=actor.name,
            )
        elif actor is not None and rung.to in called:
            yield warning(
                f"{here}[{place}].to",
                _("Rung %(rung)s of “%(name)s” calls %(actor)s a second time; call the next superior."),
                rung=place + 1,
                name=rule.name,
                actor=actor.name,
            )
        called.add(rung.to)
