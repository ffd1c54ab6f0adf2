"""Every status a case can have is reached and left again: somebody is bound, or time acts, or the citizen does. Pure.

The rules here say of a document what walking through the fold would show: new and in progress are left by the answer
that is due, also after the citizen objected and after reopening; awaiting the citizen is left by their word or by
silence; answered by silence; scheduled by its reviews and its promised date (`horizons`); closed by reopening.
"""

from collections.abc import Iterator

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import EventMatcher, PauseReason
from salur.sop.document.said import _
from salur.sop.proofs.coming import only_by_answer, starts_by
from salur.sop.proofs.obligations import matchers
from salur.sop.proofs.problem import Problem, error, warning
from salur.sop.vocabulary import HORIZONS, OUTCOMES
from salur.sop.words import HORIZONS as TERMS

_ASKED = "incomplete"
"""The reason for which the clocks stop when a question has gone out."""

_GIVEN = frozenset({"answered", "completed", "archived"})
"""The outcomes an officer can give; silence and incomplete come by themselves."""

_NOT_WHILE_PAUSED = frozenset({"case.opened", "case.held", "case.closed", "case.reopened"})
"""Facts that cannot end a pause: they come before it, begin another, or end the case."""

_AGAIN = {
    "case.reopened": _(
        "A reopened report of the kind “%(kind)s” (%(horizon)s) would lie there: no obligation that only an answer "
        "ends starts on case.reopened."
    ),
    "message.joined": _(
        "When the citizen objects to an answer, a report of the kind “%(kind)s” (%(horizon)s) would lie there: no "
        "obligation that only an answer ends starts on message.joined."
    ),
}


def statuses(document: SopDocument) -> Iterator[Problem]:
    """Where a case could lie forever, and closing rules that contradict each other."""
    for event, text in _AGAIN.items():
        rules = [rule for rule in document.obligations if only_by_answer(rule) and starts_by(rule, event)]
        for kind, limit in document.kinds.items():
            for horizon in TERMS:
                if not any(rule.binds(kind, horizon) for rule in rules):
                    yield error(f"kinds.{kind}", text, kind=limit.name, horizon=HORIZONS[horizon])
    yield from _pauses(document)
    yield from _closing(document)
    yield from _arbiter(document)


def _pauses(document: SopDocument) -> Iterator[Problem]:
    for place, reason in enumerate(document.pause_reasons):
        here = f"pause_reasons[{place}]"
        yield from matchers(f"{here}.resumed_by", reason.resumed_by)
        if not reason.resumed_by:
            yield warning(
                f"{here}.resumed_by",
                _("The paper does not say how the pause “%(name)s” ends; write at least case.resumed."),
                name=reason.name,
            )
        elif all(_ends_no_pause(matcher) for matcher in reason.resumed_by):
            yield error(
                f"{here}.resumed_by",
                _("The pause “%(name)s” has no way out: none of these facts can come while it lasts."),
                name=reason.name,
            )
        if all(rule.paused_for is not None and reason.code not in rule.paused_for for rule in document.obligations):
            yield warning(here, _("The pause “%(name)s” stops no obligation."), name=reason.name)
    yield from _question(document.pauses.get(_ASKED), document)


def _ends_no_pause(matcher: EventMatcher) -> bool:
    return matcher.event in _NOT_WHILE_PAUSED


def _question(asked: PauseReason | None, document: SopDocument) -> Iterator[Problem]:
    if asked is None:
        yield warning(
            "pause_reasons",
            _("There is no pause reason “incomplete”: the clocks go on while the citizen is asked for details."),
        )
    elif not asked.waits_for_citizen:
        place = document.pause_reasons.index(asked)
        yield error(
            f"pause_reasons[{place}].resumed_by",
            _("The pause “%(name)s” must end when the citizen replies: add message.joined."),
            name=asked.name,
        )


def _closing(document: SopDocument) -> Iterator[Problem]:
    closure = document.closure
    for field in ("evidence", "second_person", "citizen_confirms"):
        named = getattr(closure, field)
        for place, outcome in enumerate(named):
            if outcome not in _GIVEN:
                yield error(
                    f"closure.{field}[{place}]",
                    _("No officer closes a report as “%(outcome)s”: name answered, completed or archived."),
                    outcome=OUTCOMES[outcome],
                )
    for name in ("after_answer", "after_question"):
        closes_as = getattr(closure, name).closes_as
        if closes_as in _GIVEN & {*closure.evidence, *closure.second_person}:
            yield error(
                f"closure.{name}.closes_as",
                _(
                    "Silence would close the report as “%(outcome)s”, which needs evidence or a second person: nobody "
                    "would give it."
                ),
                outcome=OUTCOMES[closes_as],
            )
    yield from _citizen_confirms(document)


def _citizen_confirms(document: SopDocument) -> Iterator[Problem]:
    confirmed = document.closure.citizen_confirms
    if "archived" in confirmed:
        yield error(
            "closure.citizen_confirms",
            _("A report whose sender cannot be reached could never be closed: officers must be able to archive it."),
        )
    if {"answered", "completed"} <= set(confirmed):
        yield error(
            "closure.citizen_confirms",
            _(
                "A scheduled report would stay open for ever when the citizen says nothing more: leave answered or "
                "completed to the officers."
            ),
        )


def _arbiter(document: SopDocument) -> Iterator[Problem]:
    called = {matcher.event for rule in document.obligations for matcher in rule.starts_on}
    if "case.arbiter_called" not in called:
        yield warning(
            "handover.arbiter",
            _("No obligation starts on case.arbiter_called: the arbiter has no time to decide by."),
        )
    if all(reason.code != "supervisory" for reason in document.handover.reasons):
        yield warning(
            "handover.reasons",
            _("There is no reason “supervisory”, for which supervisory matters are handed to the inspectorate."),
        )
