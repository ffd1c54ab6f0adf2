"""What cannot be known from history, said for the comparison at hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import EventMatcher

FEW_CASES = 30
"""Under this many decided cases a share says little; its interval shows it."""


@dataclass(frozen=True)
class Caveat:
    """One limit of what was counted: its code, a sentence in the language in force, and how many it concerns."""

    code: str
    said: str
    count: int


def left_out(unopened: int, unbound: int, unfoldable: int, open_cases: int) -> tuple[Caveat, ...]:
    """Which cases of a period could not be counted, or only in part."""
    said = (
        ("unopened", _("Cases whose report had not been opened by the cut-off; they are not counted."), unopened),
        ("unbound", _("Cases that are on no signed SOP; they are not counted."), unbound),
        ("unfoldable", _("Cases whose deadline the work calendar cannot count; they are not counted."), unfoldable),
        (
            "still_open",
            _("Cases still open at the cut-off: how their pending obligations end is not known."),
            open_cases,
        ),
    )
    return tuple(Caveat(*one) for one in said if one[2])


def to_be_looked_up(own: SopDocument, draft: SopDocument) -> set[str]:
    """The kinds of facts that an obligation of the draft asks for, and the same obligation of a version does not.

    Whether such facts were ever written down tells whether history can judge the obligation.
    """
    known = {(one.code, matcher) for one in own.obligations for matcher in (*one.starts_on, *one.met_by)}
    asked = ((one.code, matcher) for one in draft.obligations for matcher in (*one.starts_on, *one.met_by))
    return {matcher.event for code, matcher in asked if (code, matcher) not in known}


def unknowable(own: SopDocument, draft: SopDocument, recorded: set[tuple[str, str]]) -> frozenset[str]:
    """The obligations of the draft that the cases on a version cannot be judged by.

    Nobody was asked for what fulfils them (the version has no such obligation fulfilled so), and nobody wrote such a
    fact down in the period: that it is missing says nothing of what people would have done.
    """
    asked = {(one.code, matcher) for one in own.obligations for matcher in one.met_by}
    return frozenset(one.code for one in draft.obligations if not _held(one.code, one.met_by, asked, recorded))


def never_starting(own: SopDocument, draft: SopDocument, recorded: set[tuple[str, str]]) -> frozenset[str]:
    """The obligations of the draft that nothing in the cases on a version could start."""
    asked = {(one.code, matcher) for one in own.obligations for matcher in one.starts_on}
    return frozenset(one.code for one in draft.obligations if not _held(one.code, one.starts_on, asked, recorded))


def _held(
    code: str, wanted: Iterable[EventMatcher], asked: set[tuple[str, EventMatcher]], recorded: set[tuple[str, str]]
) -> bool:
    return any((code, matcher) in asked or _was_recorded(matcher, recorded) for matcher in wanted)


def of_comparison(
    versions: Iterable[SopDocument],
    draft: SopDocument,
    odd: Mapping[tuple[str, str], int],
    not_judged: Mapping[str, int],
    *,
    cases: int,
) -> tuple[Caveat, ...]:
    """What history cannot tell of this draft: `odd` counts cases by caveat, `not_judged` obligations by name."""
    found = []
    if any(_rules(one) != _rules(draft) for one in versions):
        text = _(
            "People did what they did under the old limits. Under others they would have acted differently; "
            "only what they did is counted."
        )
        found.append(Caveat("behaviour", text, cases))
    for name, count in sorted(not_judged.items()):
        text = _('"%(name)s" cannot be judged: nobody was asked for it, and history holds no such facts.')
        found.append(Caveat("unknowable", text % {"name": name}, count))
    for (code, detail), count in sorted(odd.items()):
        if count:
            found.append(Caveat(code, _oddity(code) % {"code": code, "detail": detail}, count))
    if cases < FEW_CASES:
        found.append(Caveat("few_cases", _("Few cases: the shares say little, and their intervals are wide."), cases))
    return tuple(found)


def _oddity(code: str) -> str:
    known = {
        "silence": _("Cases that silence closed, at the time of the old rule: under the draft another time holds."),
        "evidence": _("Cases closed as %(detail)s without evidence: under the draft they could not have been."),
        "second_person": _(
            "Cases closed as %(detail)s by one person: the draft wants a second, whose time is unknown."
        ),
        "citizen_confirms": _(
            "Cases closed as %(detail)s by an officer: under the draft only the citizen brings that."
        ),
        "bounce_limit": _("Cases handed on more often than the draft allows: when its arbiter had decided is unknown."),
        "imported": _("Imported cases: what was done there is known, but not when."),
        "unknown_kind": _('Cases of the kind "%(detail)s", which the draft does not name.'),
        "unknown_pause_reason": _(
            'Cases paused for "%(detail)s", which the draft does not allow: their clocks ran on.'
        ),
        "horizon_demand_missing": _("Scheduled cases without what the draft demands: %(detail)s."),
    }
    return known.get(code, _("Cases with something that the draft does not follow: %(code)s %(detail)s."))


def _was_recorded(matcher: EventMatcher, recorded: set[tuple[str, str]]) -> bool:
    return any(
        kind == matcher.event and (not matcher.purpose or purpose in matcher.purpose) for kind, purpose in recorded
    )


def _rules(document: SopDocument) -> tuple[object, ...]:
    """All that the fold reads of a document."""
    return (
        *(document.kinds, document.channels, document.obligations, document.pause_reasons, document.handover),
        *(document.closure, document.horizons),
    )
