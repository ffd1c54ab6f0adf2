"""What makes an SOP run: actors, obligations and their ladders, closure, handover, horizons, channels. Pure."""

from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from salur.kernel.events import Fact
from salur.sop.document.values import (
    AfterDue,
    Code,
    LimitedSpan,
    Part,
    ServiceHours,
    Text,
    Title,
    Within,
    Words,
    codes_once,
)
from salur.sop.words import AnswerIn, CaseKind, Clock, Demand, HorizonName, Outcome, Plan, Purpose, RoleName


class Actor(Part):
    """Who acts under the SOP: a column of the flow table, and the officers who fill it.

    Officers of `role` fill it: those of the case's agency, or of the whole government with `government_wide`. With
    `named` only those to whom the administrator gave this actor's code as position.
    """

    name: Title
    role: RoleName
    government_wide: bool = False
    named: bool = False


class EventMatcher(Part):
    """Which facts count: the kind, for replies and dispatches their purpose, and whether an answer must stand.

    `purpose` empty means any. `after_answer` counts a fact only while an answer stands that the citizen has not yet
    spoken against. Written short, `case.verified` is `{event: case.verified}`.
    """

    event: Text
    purpose: tuple[Purpose, ...] = ()
    after_answer: bool = False

    def matches(self, fact: Fact, answer_stood: bool) -> bool:
        """Whether a fact counts; `answer_stood` tells whether an answer stood before it."""
        return (
            self.event == fact.kind
            and (not self.purpose or fact.data.get("purpose") in self.purpose)
            and (answer_stood or not self.after_answer)
        )


def _matcher(value: Any) -> Any:
    return {"event": value} if isinstance(value, str) else value


Matcher = Annotated[EventMatcher, BeforeValidator(_matcher)]


class Rung(Part):
    """One rung of an escalation ladder: so long after the due instant, in working time, `to` is called; once."""

    after: AfterDue
    to: Code


class Obligation(Part):
    """What the SOP makes due: from whom, from which fact to which fact, within which span on whose clock.

    `kinds` and `horizons` empty mean all. `within` is a span, `answer_limit` (that of the case's kind),
    `first_response` (that of the channel the citizen used), `review_on` or `promised_on` (the date last set). The
    citizen clock starts when the citizen spoke and counts on the government's calendar; the agency clock starts with
    the fact and counts on the calendar of the agency that held the case then. `paused_for` names the pause reasons
    that stop this clock; None: each of them, (): none.
    """

    code: Code
    name: Title
    actor: Code
    kinds: tuple[CaseKind, ...] = ()
    horizons: tuple[HorizonName, ...] = ()
    starts_on: Annotated[tuple[Matcher, ...], Field(min_length=1)]
    met_by: Annotated[tuple[Matcher, ...], Field(min_length=1)]
    within: Within
    clock: Clock
    paused_for: tuple[Code, ...] | None = None
    escalation: tuple[Rung, ...] = ()

    def binds(self, kind: str, horizon: str) -> bool:
        """Whether a case of this kind and horizon has this obligation at all."""
        return (not self.kinds or kind in self.kinds) and (not self.horizons or horizon in self.horizons)

    @cached_property
    def answers_the_citizen(self) -> bool:
        """Whether this is the promise to the citizen: the citizen's clock, ended by an answer that went out."""
        return self.clock == "citizen" and any(
            met.event == "dispatch.sent" and met.purpose == ("answer",) for met in self.met_by
        )


class KindRule(Part):
    """A kind of case and how long its answer may take, counted from when the citizen spoke."""

    name: Title
    answer_within: LimitedSpan


class ChannelRule(Part):
    """The promise on one channel: the first answer of a person, and the hours in which the channel is attended.

    Without `service_hours` the hours of the work calendar hold; with them, these hours of its working days.
    `answer_in` says where what was said in public is answered, as far as the platform permits.
    """

    first_response: LimitedSpan
    service_hours: ServiceHours | None = None
    answer_in: AnswerIn = "same"


class PauseReason(Part):
    """A reason for which the clocks may stop. `resumed_by` are facts that end the pause; case.resumed always does."""

    code: Code
    name: Title
    resumed_by: tuple[Matcher, ...] = ()

    @cached_property
    def waits_for_citizen(self) -> bool:
        """Whether the citizen's own word ends the pause."""
        return any(matcher.event == "message.joined" for matcher in self.resumed_by)


class ClosureRule(Part):
    """How long silence may last before the system closes the case, and what the outcome is then called."""

    within: LimitedSpan
    closes_as: Outcome


class Closure(Part):
    """How a case ends.

    Silence of the citizen after an answer and after a question; the outcomes that need `evidence`, those that a
    `second_person` must confirm, and those that only the citizen's word or silence brings (`citizen_confirms`).
    `closed_time_counts`: whether the time between closing and reopening counts on the citizen's clock. What had
    elapsed before always does.
    """

    after_answer: ClosureRule
    after_question: ClosureRule
    evidence: tuple[Outcome, ...] = ()
    second_person: tuple[Outcome, ...] = ()
    citizen_confirms: tuple[Outcome, ...] = ()
    closed_time_counts: bool = True


class HandoverReason(Part):
    """A reason for which an agency may hand a case on; "not ours" is one of them, a refusal is none."""

    code: Code
    name: Title


class Handover(Part):
    """How cases are handed on: the reasons, after how many hand-overs the arbiter decides, and who that is."""

    reasons: Annotated[tuple[HandoverReason, ...], Field(min_length=1), AfterValidator(codes_once)]
    bounce_limit: Annotated[int, Field(ge=1, le=20, strict=True)]
    arbiter: Code


class HorizonRule(Part):
    """What a case of this horizon needs, in which plans it may stand, and how far away promise and review may lie."""

    name: Title
    requires: tuple[Demand, ...] = ()
    plans: tuple[Plan, ...] = ()
    promised_within: LimitedSpan | None = None
    review_within: LimitedSpan | None = None


class Template(Part):
    """A text with checked places, for one purpose of a reply."""

    purpose: Purpose
    text: Words
