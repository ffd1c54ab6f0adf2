"""Which facts can come at all, by the rules of the fold; and which obligations only an answer ends. Pure."""

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import EventMatcher, Obligation
from salur.sop.words import EVENTS, LONGER_HORIZONS

_ONLY_LONGER = frozenset({"case.reviewed", "case.milestone_reached"})
_BY_OFFICERS = frozenset({"reply.drafted", "reply.submitted", "reply.returned"})
_DRAFTED = frozenset({"question", "progress", "answer"})
"""What officers draft; receipts and notices the system says by itself."""


def never_comes(matcher: EventMatcher, document: SopDocument, horizons: tuple[str, ...] = ()) -> bool:
    """Whether no case of these horizons (none named: any) ever sees a fact that this matcher takes."""
    event = matcher.event
    if event not in EVENTS or (event == "case.opened" and matcher.after_answer):
        return True
    if event in ("case.held", "case.resumed"):
        return not document.pause_reasons
    if event == "case.closing_proposed":
        return not document.closure.second_person
    if event in _ONLY_LONGER:
        return bool(horizons) and not set(horizons) & set(LONGER_HORIZONS)
    if event in _BY_OFFICERS and matcher.purpose:
        return not set(matcher.purpose) & _DRAFTED
    return False


def never_starts(matcher: EventMatcher, rule: Obligation, document: SopDocument) -> bool:
    """Whether this matcher never starts the obligation: a closed case starts none."""
    return matcher.event == "case.closed" or never_comes(matcher, document, rule.horizons)


def never_meets(matcher: EventMatcher, rule: Obligation, document: SopDocument) -> bool:
    """Whether this matcher never meets the obligation: a case opens once, and reopening begins a new round."""
    return matcher.event in ("case.opened", "case.reopened") or never_comes(matcher, document, rule.horizons)


def only_by_answer(rule: Obligation) -> bool:
    """Whether nothing ends the obligation but an answer that went out, or the closing of the case."""
    answers = [met for met in rule.met_by if met.event == "dispatch.sent" and met.purpose == ("answer",)]
    closings = [met for met in rule.met_by if met.event == "case.closed"]
    return bool(answers) and len(answers) + len(closings) == len(rule.met_by)


def starts_by(rule: Obligation, event: str) -> bool:
    """Whether every fact of this kind starts the obligation; of `message.joined` every one that follows an answer."""
    return any(
        matcher.event == event and not matcher.purpose and (not matcher.after_answer or event == "message.joined")
        for matcher in rule.starts_on
    )
