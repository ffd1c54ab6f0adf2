"""An SOP document made ready for the fold: each fact asks one table, and no text is read twice. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from salur.kernel.events import Fact
from salur.sop.document.model import SopDocument
from salur.sop.document.rules import EventMatcher, Obligation, PauseReason, Rung
from salur.sop.engine.order import RANKS
from salur.sop.words import Demand
from salur.worktime.hours import Week
from salur.worktime.spans import LARGEST_AMOUNT, Span

MOST_BOOKS = 256
"""Documents kept ready at once: every version of every government of a province, and some drafts."""

UNTIL_NAMED = Span(180, "calendar_days")
"""For a document that names no interval: it cannot be signed, but its cases must still come up."""

Telling = Callable[[Any, Fact], bool]
"""Adds a fact to a story. False where it changes nothing and must start or meet nothing either."""

REBINDING = frozenset({"case.classified", "case.horizon_set"})
"""Facts that may change the kind or the horizon, and with them which obligations bind and how long they last."""

DATED = ("review_on", "promised_on")
"""Limits that are a date set in the case."""


class Matcher:
    """Which facts of one kind count; see `EventMatcher`."""

    __slots__ = ("after_answer", "always", "purpose")

    def __init__(self, written: EventMatcher) -> None:
        self.purpose = written.purpose
        self.after_answer = written.after_answer
        self.always = not self.purpose and not self.after_answer

    def matches(self, fact: Fact, answer_stood: bool) -> bool:
        """Whether a fact of that kind counts; `answer_stood` tells whether an answer stood before it."""
        return (not self.purpose or fact.data.get("purpose") in self.purpose) and (
            answer_stood or not self.after_answer
        )


class Term:
    """A span with the ladder that follows it; each of its own, so that what was counted can be kept by it.

    `hours` are the service hours of the channel whose promise it is. `by_day` tells that all starts of one working day
    have one due instant.
    """

    __slots__ = ("_longer", "by_day", "hours", "ladder", "rungs", "span")

    def __init__(self, span: Span, ladder: tuple[Rung, ...], hours: Week | None = None) -> None:
        self.span = span
        self.hours = hours
        self.ladder = ladder
        self.rungs = tuple((number, rung.to, rung.after) for number, rung in enumerate(ladder, start=1))
        self.by_day = span.unit == "working_days"
        self._longer: dict[int, Term] = {}

    def longer(self, days: int) -> "Term":
        """The same with so many more working days, the same object each time."""
        if days not in self._longer:
            span = Span(min(self.span.amount + days, LARGEST_AMOUNT), self.span.unit)
            self._longer[days] = Term(span, self.ladder, self.hours)
        return self._longer[days]


class Rule:
    """One obligation. `terms` gives its limit by kind (answer_limit), channel (first_response) or horizon (dates)."""

    __slots__ = (
        *("code", "name", "actor", "kinds", "horizons", "met_by", "within", "clock", "of_citizen", "dated"),
        *("answers", "paused_for", "terms", "term", "by_kind", "by_channel"),
    )

    def __init__(self, written: Obligation, document: SopDocument) -> None:
        self.code = written.code
        self.name = written.name
        self.actor = written.actor
        self.kinds = written.kinds
        self.horizons = written.horizons
        self.within = str(written.within)
        self.clock = written.clock
        self.of_citizen = written.clock == "citizen"
        self.dated = written.within in DATED
        self.by_kind = written.within == "answer_limit"
        self.by_channel = written.within == "first_response"
        self.answers = written.answers_the_citizen
        self.paused_for = written.paused_for
        self.terms = _terms(written, document)
        # A kind the document does not know gets the first limit, never none.
        self.term = next(iter(self.terms.values()), Term(UNTIL_NAMED, written.escalation))

    def binds(self, kind: str, horizon: str) -> bool:
        """Whether a case of this kind and horizon has this obligation at all."""
        return (not self.kinds or kind in self.kinds) and (not self.horizons or horizon in self.horizons)

    def stops_for(self, reason: str) -> bool:
        """Whether a pause for this reason stops this clock. A date that was set stands for itself."""
        return not self.dated and (self.paused_for is None or reason in self.paused_for)


def _terms(written: Obligation, document: SopDocument) -> Mapping[str, Term]:
    ladder = written.escalation
    if isinstance(written.within, Span):
        return {"": Term(written.within, ladder)}
    if written.within == "answer_limit":
        return {kind: Term(rule.answer_within, ladder) for kind, rule in document.kinds.items()}
    if written.within == "first_response":
        return {name: Term(rule.first_response, ladder, rule.service_hours) for name, rule in document.channels.items()}
    if written.within == "review_on":
        return {name: Term(rule.review_within or UNTIL_NAMED, ladder) for name, rule in document.horizons.items()}
    return {name: Term(rule.promised_within or UNTIL_NAMED, ladder) for name, rule in document.horizons.items()}


class Reaction:
    """What a kind of fact does: how it is told, and which obligations it may start and meet.

    `acts` tells that it may do something to obligations at all, `rebinds` that it may change which of them bind.
    """

    __slots__ = ("acts", "meets", "rebinds", "starts", "telling")

    def __init__(self, kind: str, telling: Telling | None) -> None:
        self.telling = telling
        self.rebinds = kind in REBINDING
        self.starts: list[tuple[Rule, Matcher]] = []
        self.meets: dict[Rule, tuple[Matcher, ...]] = {}
        self.acts = kind == "case.closed"


class Stop:
    """A reason for which clocks may stand still."""

    __slots__ = ("resumed_by", "waits_for_citizen")

    def __init__(self, written: PauseReason) -> None:
        self.resumed_by = _by_event(written.resumed_by)
        self.waits_for_citizen = written.waits_for_citizen


class Rulebook:
    """The whole document made ready; `rulebook` gives it."""

    def __init__(self, document: SopDocument, tellings: Mapping[str, Telling]) -> None:
        self.document = document
        self.kinds = frozenset(document.kinds)
        self.stops = {reason.code: Stop(reason) for reason in document.pause_reasons}
        self.demands: Mapping[str, tuple[Demand, ...]] = {
            name: rule.requires for name, rule in document.horizons.items()
        }
        self.after_answer = document.closure.after_answer
        self.after_question = document.closure.after_question
        self.silence = Term(self.after_answer.within, ())
        self.no_reply = Term(self.after_question.within, ())
        self.closed_time_counts = document.closure.closed_time_counts
        self.reactions = {kind: Reaction(kind, tellings.get(kind)) for kind in RANKS}
        for written in document.obligations:
            rule = Rule(written, document)
            for matcher in written.starts_on:
                self._reaction(matcher.event).starts.append((rule, Matcher(matcher)))
            for event, matchers in _by_event(written.met_by).items():
                self._reaction(event).meets[rule] = matchers

    def _reaction(self, event: str) -> Reaction:
        reaction = self.reactions.setdefault(event, Reaction(event, None))
        reaction.acts = True
        return reaction


def _by_event(matchers: Iterable[EventMatcher]) -> Mapping[str, tuple[Matcher, ...]]:
    found: dict[str, tuple[Matcher, ...]] = {}
    for written in matchers:
        found[written.event] = (*found.get(written.event, ()), Matcher(written))
    return found


_ready: dict[int, Rulebook] = {}


def rulebook(document: SopDocument, tellings: Mapping[str, Telling]) -> Rulebook:
    """The document made ready, once while it lives: hashing a whole document would cost more than a fold.

    `tellings` adds a fact of each kind to the story of a case.
    """
    book = _ready.get(id(document))
    if book is None or book.document is not document:
        if len(_ready) >= MOST_BOOKS:
            _ready.clear()
        book = _ready[id(document)] = Rulebook(document, tellings)
    return book
