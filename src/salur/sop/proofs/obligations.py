"""Every obligation can start, can be met, and has a date to be met by. Pure."""

from collections.abc import Iterator

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import EventMatcher, Obligation
from salur.sop.document.said import Said, _
from salur.sop.proofs.coming import never_meets, never_starts
from salur.sop.proofs.problem import Problem, error, warning
from salur.sop.vocabulary import DEMANDS, EVENTS, HORIZONS, word
from salur.sop.words import EVENTS as FACTS
from salur.sop.words import LONGER_HORIZONS

_DATED = {
    "review_on": frozenset({"case.horizon_set", "case.reviewed", "case.reopened"}),
    "promised_on": frozenset({"case.horizon_set", "case.reviewed", "case.milestone_reached", "case.reopened"}),
}
"""After which facts a case of the longer horizons has such a date."""


def obligations(document: SopDocument) -> Iterator[Problem]:
    """Obligations that never start, are never met, have no date, or cannot be told apart."""
    for place, rule in enumerate(document.obligations):
        here = f"obligations[{place}]"
        yield from matchers(f"{here}.starts_on", rule.starts_on)
        yield from matchers(f"{here}.met_by", rule.met_by)
        yield from _starts_and_ends(here, rule, document)
        yield from _has_a_date(here, rule, document)
        for spot, code in enumerate(rule.paused_for or ()):
            if code not in document.pauses:
                yield error(
                    f"{here}.paused_for[{spot}]",
                    _("“%(code)s” is none of the pause reasons; add it there or correct it."),
                    code=code,
                )
    yield from _names_twice(document)


def matchers(field: str, found: tuple[EventMatcher, ...]) -> Iterator[Problem]:
    """Facts that no case knows, and purposes on facts that have none."""
    for place, matcher in enumerate(found):
        if matcher.event not in FACTS:
            yield error(f"{field}[{place}]", _("“%(event)s” is no fact of a case."), event=matcher.event)
        elif matcher.purpose and not matcher.event.startswith(("reply.", "dispatch.")):
            yield error(
                f"{field}[{place}].purpose",
                _("“%(event)s” has no purpose; delete it. Only replies and their sending have one."),
                event=matcher.event,
            )


def _starts_and_ends(here: str, rule: Obligation, document: SopDocument) -> Iterator[Problem]:
    if all(matcher.event == "case.closed" for matcher in rule.starts_on):
        yield error(
            f"{here}.starts_on",
            _("“%(name)s” starts only when the report is closed, which ends every obligation."),
            name=rule.name,
        )
    else:
        lost = [matcher for matcher in rule.starts_on if never_starts(matcher, rule, document)]
        yield from _lost(f"{here}.starts_on", rule, lost, rule.starts_on, Said(_("never starts")))
    lost = [matcher for matcher in rule.met_by if never_meets(matcher, rule, document)]
    yield from _lost(f"{here}.met_by", rule, lost, rule.met_by, Said(_("can never be met")))


def _lost(
    field: str, rule: Obligation, lost: list[EventMatcher], every: tuple[EventMatcher, ...], what: Said
) -> Iterator[Problem]:
    if len(lost) == len(every):
        yield error(
            field, _("“%(name)s” %(what)s: none of the facts it waits for can come."), name=rule.name, what=what
        )
        return
    for place, matcher in enumerate(every):
        if matcher in lost and matcher.event in FACTS:
            yield warning(
                f"{field}[{place}]",
                _("“%(name)s” waits in vain here: it cannot come that %(event)s."),
                name=rule.name,
                event=word(EVENTS, matcher.event),
            )


def _has_a_date(here: str, rule: Obligation, document: SopDocument) -> Iterator[Problem]:
    within = rule.within
    if within == "first_response" and not document.channels:
        yield error(
            f"{here}.within",
            _("“%(name)s” is due within the first response of the channel, but no channel promises one."),
            name=rule.name,
        )
    if within not in ("review_on", "promised_on"):
        return
    for matcher in rule.starts_on:
        if matcher.event in FACTS and matcher.event not in _DATED[within]:
            yield error(
                f"{here}.within",
                _("When %(event)s there is no %(date)s yet: give a span instead, or another start."),
                event=word(EVENTS, matcher.event),
                date=DEMANDS[within],
            )
    if not rule.horizons or "short" in rule.horizons:
        yield error(
            f"{here}.horizons",
            _("A short-term report has no %(date)s: bind “%(name)s” to [medium, long]."),
            date=DEMANDS[within],
            name=rule.name,
        )
    for horizon in LONGER_HORIZONS:
        demanded = document.horizons.get(horizon)
        if horizon in rule.horizons and demanded is not None and within not in demanded.requires:
            yield error(
                f"{here}.within",
                _("“%(name)s” counts on the %(date)s, which the %(horizon)s does not require."),
                name=rule.name,
                date=DEMANDS[within],
                horizon=HORIZONS[horizon],
            )


def _names_twice(document: SopDocument) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, rule in enumerate(document.obligations):
        names = {rule.name.id.casefold(), rule.name.en.casefold()}
        if names & seen:
            yield warning(
                f"obligations[{place}].name",
                _("Two obligations are called “%(name)s”; nobody can tell them apart."),
                name=rule.name,
            )
        seen |= names
