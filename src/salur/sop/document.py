"""The SOP document: one validated text that the engine runs and the printer prints. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
)

from salur.kernel.facts import Fact
from salur.sop.marked_yaml import Flaw, MarkedYaml, UnreadableYaml, name_of, read
from salur.sop.plain_words import said_plainly
from salur.sop.words import Actor, CaseKind, Clock, Demand, HorizonName, Outcome, Purpose
from salur.worktime.spans import Span

STANDARD = FilePath(__file__).parent / "data" / "standard.yaml"
"""The safe defaults that every government starts from."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class SopInvalid(ValueError):
    """The text is no valid SOP document; `problems` lists every flaw with its line, field and plain words."""

    def __init__(self, problems: Sequence[Flaw]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"line {flaw.line}: {flaw.field} {flaw.message}" for flaw in self.problems))


def _span(value: object) -> Span:
    if isinstance(value, Span):
        return value
    if not isinstance(value, str):
        raise ValueError('write an amount and a unit, such as "3 working_days"')
    return _longer_than_nothing(Span.parse(value))


def _longer_than_nothing(span: Span) -> Span:
    if span.amount == 0:
        raise ValueError(f"{span} is over at once: give at least 1")
    return span


def _limit(value: object) -> object:
    return value if value in ("answer_limit", "review_on") else _span(value)


def _written_date(value: object) -> object:
    # Whatever else pydantic reads as a date (a number of seconds, a time of day), nobody means in an SOP.
    if isinstance(value, date) or (isinstance(value, str) and _DATE.fullmatch(value)):
        return value
    raise ValueError("write a date as year-month-day, such as 2026-01-31")


def _code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise ValueError("use small letters, digits and _, starting with a letter, at most 40 characters")
    return value


def _matcher(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Code = Annotated[str, AfterValidator(_code)]
Day = Annotated[date, BeforeValidator(_written_date)]
LimitedSpan = Annotated[Span, PlainValidator(_span), PlainSerializer(str)]
Within = Annotated[Span | Literal["answer_limit", "review_on"], PlainValidator(_limit), PlainSerializer(str)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)


class Words(_Part):
    """One text in both languages of the screens."""

    id: Text
    en: Text

    def of(self, language: str) -> str:
        """The text for a language code; Indonesian for every code but English ("en", "en-gb")."""
        return self.en if language.partition("-")[0] == "en" else self.id


class EventMatcher(_Part):
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


Matcher = Annotated[EventMatcher, BeforeValidator(_matcher)]


class Obligation(_Part):
    """What the SOP makes due: from whom, from which fact to which fact, within which span on whose clock.

    `kinds` and `horizons` empty mean all. `within` is a span, `answer_limit` (that of the case's kind) or `review_on`
    (the review date last set). The citizen clock starts when the citizen spoke and counts on the government's
    calendar; the agency clock starts with the fact and counts on the calendar of the agency that held the case then.
    """

    code: Code
    name: Words
    actor: Actor
    kinds: tuple[CaseKind, ...] = ()
    horizons: tuple[HorizonName, ...] = ()
    starts_on: Annotated[tuple[Matcher, ...], Field(min_length=1)]
    met_by: Annotated[tuple[Matcher, ...], Field(min_length=1)]
    within: Within
    clock: Clock

    def binds(self, kind: str, horizon: str) -> bool:
        """Whether a case of this kind and horizon has this obligation at all."""
        return (not self.kinds or kind in self.kinds) and (not self.horizons or horizon in self.horizons)

    @cached_property
    def answers_the_citizen(self) -> bool:
        """Whether this is the promise to the citizen: the citizen's clock, ended by an answer that went out."""
        return self.clock == "citizen" and any(
            met.event == "dispatch.sent" and met.purpose == ("answer",) for met in self.met_by
        )


class KindRule(_Part):
    """A kind of case and how long its answer may take, counted from when the citizen spoke."""

    name: Words
    answer_within: LimitedSpan


class PauseReason(_Part):
    """A reason for which the clocks may stop. `resumed_by` are facts that end the pause; case.resumed always does."""

    code: Code
    name: Words
    resumed_by: tuple[Matcher, ...] = ()

    @cached_property
    def waits_for_citizen(self) -> bool:
        """Whether the citizen's own word ends the pause."""
        return any(matcher.event == "message.joined" for matcher in self.resumed_by)


class ClosureRule(_Part):
    """How long silence may last before the system closes the case, and what the outcome is then called."""

    within: LimitedSpan
    closes_as: Outcome


class Closure(_Part):
    """Silence of the citizen after an answer, and after a question."""

    after_answer: ClosureRule
    after_question: ClosureRule


class HorizonRule(_Part):
    """What a case of this horizon needs, and how far away its next review may lie at most."""

    name: Words
    requires: tuple[Demand, ...] = ()
    review_within: LimitedSpan | None = None


class Template(_Part):
    """A text with checked places, for one purpose of a reply."""

    purpose: Purpose
    text: Words


class Dates(_Part):
    """The dates of the paper's header."""

    created: Day
    effective: Day
    revised: Day | None = None


class Approver(_Part):
    """Who signs the paper."""

    position: Text
    name: Text
    rank: str = ""
    employee_number: str = ""


Coded = TypeVar("Coded", Obligation, PauseReason)


def _codes_once(parts: tuple[Coded, ...]) -> tuple[Coded, ...]:
    codes = [part.code for part in parts]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValueError(f"the code {twice[0]} is used twice; every code must be its own")
    return parts


class SopDocument(_Part):
    """One version of one SOP. Make it with `load`; `check` tells whether it may be signed."""

    code: Code
    title: Words
    number: Text
    version: Annotated[int, Field(ge=1, strict=True)]
    dates: Dates
    approver: Approver
    legal_basis: Annotated[tuple[Text, ...], Field(min_length=1)]
    kinds: Annotated[dict[CaseKind, KindRule], Field(min_length=1)]
    obligations: Annotated[tuple[Obligation, ...], Field(min_length=1), AfterValidator(_codes_once)]
    pause_reasons: Annotated[tuple[PauseReason, ...], AfterValidator(_codes_once)] = ()
    closure: Closure
    horizons: dict[HorizonName, HorizonRule]
    templates: dict[Code, Template] = {}

    @cached_property
    def sha256(self) -> str:
        """The hash of the content: the same for two texts that differ only in layout, comments and order of fields."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    @cached_property
    def starting(self) -> Mapping[str, tuple[tuple[Obligation, EventMatcher], ...]]:
        """Which obligations a kind of fact may start, so that the fold asks nothing in vain."""
        found: dict[str, tuple[tuple[Obligation, EventMatcher], ...]] = {}
        for obligation in self.obligations:
            for matcher in obligation.starts_on:
                found[matcher.event] = (*found.get(matcher.event, ()), (obligation, matcher))
        return found

    @cached_property
    def meeting(self) -> frozenset[str]:
        """The kinds of facts that may meet an obligation."""
        return frozenset(matcher.event for obligation in self.obligations for matcher in obligation.met_by)

    @cached_property
    def pauses(self) -> Mapping[str, PauseReason]:
        """The pause reasons by code."""
        return {reason.code: reason for reason in self.pause_reasons}

    def answer_limit(self, kind: str) -> Span:
        """The answer limit of a kind. A kind the document does not know gets the first limit, never none."""
        for name, rule in self.kinds.items():
            if name == kind:
                return rule.answer_within
        return next(iter(self.kinds.values())).answer_within


def load(text: str) -> SopDocument:
    """Reads an SOP document from YAML. Raises SopInvalid with every flaw found."""
    return load_marked(text)[0]


def load_marked(text: str) -> tuple[SopDocument, MarkedYaml]:
    """As `load`, with the lines of the text, so that findings of `check` can be shown where they stand."""
    try:
        marked = read(text)
    except UnreadableYaml as error:
        raise SopInvalid(error.flaws) from error
    if not isinstance(marked.data, dict):
        raise SopInvalid([Flaw(1, "", "must be a list of fields, such as `title:`; this is something else")])
    try:
        return SopDocument.model_validate(marked.data), marked
    except ValidationError as error:
        raise SopInvalid([_flaw(detail, marked) for detail in error.errors(include_url=False)]) from error


def _flaw(detail: Any, marked: MarkedYaml) -> Flaw:
    # pydantic marks a wrong key of a mapping by a last step of its own, which is no place in the text.
    path = tuple(step for step in detail["loc"] if step != "[key]")
    return Flaw(marked.line_of(path), name_of(path), said_plainly(detail))
