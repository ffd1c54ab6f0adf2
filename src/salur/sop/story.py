"""What a journal tells about a case, before any clock is counted: who holds it, what was said, what runs. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from salur.kernel.facts import Fact
from salur.sop.document import Obligation, SopDocument
from salur.sop.state import Flag, Superseded
from salur.sop.words import HORIZONS, LONGER_HORIZONS


@dataclass(slots=True)
class Pause:
    """A time in which the clocks stand still; `ended_at` None while it lasts."""

    reason: str
    began_at: datetime
    ended_at: datetime | None = None


@dataclass(slots=True)
class Run:
    """One start of an obligation and what became of it.

    `round` and `tenure` are those of the story at its start; `bound` tells whether it ever bound a case of this kind
    and horizon, and so was ever seen.
    """

    rule: Obligation
    started_by: int
    started_at: datetime
    agency_id: int | str | None
    round: int
    tenure: int
    review_on: date | None = None
    bound: bool = False
    met_by: int | None = None
    met_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: Superseded = ""
    ended_agency_id: int | str | None = None

    @property
    def running(self) -> bool:
        """Neither met nor superseded."""
        return self.met_at is None and self.ended_at is None


@dataclass(slots=True)
class Story:
    """The case as told up to a fact.

    `answer_stood` tells whether an answer stood before the fact told last. A `round` ends when the citizen speaks
    against an answer or the case is reopened; a `tenure` when another agency takes the case over.
    """

    opened_at: datetime | None = None
    spoken_at: datetime | None = None
    kind: str = ""
    function: str = ""
    agency_id: int | str | None = None
    horizon: str = "short"
    horizon_at: datetime | None = None
    owner: str = ""
    plan_reference: str = ""
    review_on: date | None = None
    taken_up: bool = False
    answer_stood: bool = False
    answered_at: datetime | None = None
    last_answer_at: datetime | None = None
    question_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: str = ""
    reopened_count: int = 0
    round: int = 1
    tenure: int = 1
    pauses: list[Pause] = field(default_factory=list)
    submitted: set[str] = field(default_factory=set)
    runs: list[Run] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    @property
    def longer(self) -> bool:
        """Whether the case is handled on the medium or long horizon."""
        return self.horizon in LONGER_HORIZONS

    @property
    def pause(self) -> Pause | None:
        """The pause that lasts now."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].ended_at is None else None

    def flag(self, code: str, detail: object) -> None:
        """Notes something odd once."""
        note = Flag(code, str(detail)[:80])
        if note not in self.flags:
            self.flags.append(note)

    def end_pause(self, at: datetime) -> None:
        """Ends the lasting pause, not before it began."""
        pause = self.pause
        if pause is not None:
            pause.ended_at = max(at, pause.began_at)


def spoken_at(story: Story, fact: Fact) -> datetime:
    """When the citizen spoke: what the fact says, never later than the fact was written down."""
    written = fact.data.get("spoken_at")
    if written is None:
        return fact.at
    try:
        instant = datetime.fromisoformat(written).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        story.flag("unreadable_instant", written)
        return fact.at
    return min(instant, fact.at)


def tell(story: Story, fact: Fact, document: SopDocument) -> bool:
    """Adds one fact to the story. False where it changes nothing and must start or meet nothing either."""
    story.answer_stood = story.answered_at is not None
    if fact.kind != "case.opened" and story.opened_at is None:
        return False
    told = _TOLD.get(fact.kind)
    counts = told(story, fact, document) if told else True
    if counts and story.pause is not None and fact.kind != "case.held":
        _resume(story, story.pause, fact, document)
    return counts


def _resume(story: Story, pause: Pause, fact: Fact, document: SopDocument) -> None:
    if any(matcher.matches(fact, story.answer_stood) for matcher in document.pauses[pause.reason].resumed_by):
        story.end_pause(spoken_at(story, fact) if fact.kind == "message.joined" else fact.at)


def _opened(story: Story, fact: Fact, document: SopDocument) -> bool:
    if story.opened_at is not None:
        return False
    story.opened_at = fact.at
    story.spoken_at = spoken_at(story, fact)
    _set_kind(story, fact.data, document)
    _set_agency(story, fact.data)
    _set_horizon(story, fact)
    return True


def _classified(story: Story, fact: Fact, document: SopDocument) -> bool:
    _set_kind(story, fact.data, document)
    return True


def _set_kind(story: Story, data: Mapping[str, Any], document: SopDocument) -> None:
    kind, function = data.get("kind"), data.get("function")
    if isinstance(function, str):
        story.function = function
    if isinstance(kind, str) and kind in document.kinds:
        story.kind = kind
    elif kind:
        story.flag("unknown_kind", kind)


def _set_agency(story: Story, data: Mapping[str, Any]) -> bool:
    agency_id = data.get("agency_id")
    if "agency_id" not in data or not (agency_id is None or isinstance(agency_id, int | str)):
        return False
    changed = agency_id != story.agency_id
    story.agency_id = agency_id
    return changed


def _set_horizon(story: Story, fact: Fact) -> None:
    horizon = fact.data.get("horizon")
    if isinstance(horizon, str) and horizon in HORIZONS:
        if horizon != story.horizon:
            story.horizon_at = fact.at
        story.horizon = horizon
    elif horizon is not None:
        story.flag("unknown_horizon", horizon)
    longer = story.longer
    story.owner = _text(fact.data.get("owner")) if longer else ""
    story.plan_reference = _text(fact.data.get("plan_reference")) if longer else ""
    story.review_on = _date(story, fact.data.get("review_on")) if longer else None


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _date(story: Story, value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        story.flag("unreadable_instant", value)
        return None


def _referred(story: Story, fact: Fact, _: SopDocument) -> bool:
    story.taken_up = True
    if _set_agency(story, fact.data):
        story.tenure += 1
    return True


def _taken_up(story: Story, _: Fact, __: SopDocument) -> bool:
    story.taken_up = True
    return True


def _held(story: Story, fact: Fact, document: SopDocument) -> bool:
    reason = fact.data.get("reason")
    if not isinstance(reason, str) or reason not in document.pauses:
        story.flag("unknown_pause_reason", reason)
        return False
    if story.closed_at is not None:
        return False
    story.end_pause(fact.at)
    story.pauses.append(Pause(reason, fact.at))
    if fact.data.get("imported") and document.pauses[reason].waits_for_citizen:
        story.question_at = fact.at  # asked where it came from: silence must be able to end here
    return True


def _resumed(story: Story, fact: Fact, _: SopDocument) -> bool:
    story.end_pause(fact.at)
    # Whoever goes on without the citizen no longer waits for the citizen.
    story.question_at = None
    return True


def _horizon_set(story: Story, fact: Fact, _: SopDocument) -> bool:
    _set_horizon(story, fact)
    return True


def _reviewed(story: Story, fact: Fact, _: SopDocument) -> bool:
    story.review_on = _date(story, fact.data.get("next_review_on")) if story.longer else None
    return True


def _joined(story: Story, fact: Fact, _: SopDocument) -> bool:
    if story.closed_at is not None:
        return False
    story.question_at = None
    if story.answered_at is not None:
        story.answered_at = story.last_answer_at = None
        story.round += 1
    return True


def _submitted(story: Story, fact: Fact, _: SopDocument) -> bool:
    if story.closed_at is None:
        story.submitted.add(str(fact.data.get("reply_id")))
    return True


def _judged(story: Story, fact: Fact, _: SopDocument) -> bool:
    story.submitted.discard(str(fact.data.get("reply_id")))
    return True


def _sent(story: Story, fact: Fact, _: SopDocument) -> bool:
    purpose = fact.data.get("purpose")
    if purpose == "answer":
        story.taken_up = True
        story.answered_at = story.answered_at or fact.at
        # Silence counts from the last voice that was told.
        story.last_answer_at = fact.at
        story.question_at = None
    elif purpose == "question" and story.closed_at is None:
        story.question_at = fact.at
    return True


def _closed(story: Story, fact: Fact, _: SopDocument) -> bool:
    if story.closed_at is not None:
        return False
    story.end_pause(fact.at)
    story.closed_at = fact.at
    story.closed_by = _text(fact.data.get("by"))
    story.outcome = _text(fact.data.get("outcome"))
    story.question_at = None
    story.submitted.clear()
    return True


def _reopened(story: Story, _: Fact, __: SopDocument) -> bool:
    if story.closed_at is None:
        return False
    story.taken_up = True
    story.closed_at = None
    story.closed_by = story.outcome = ""
    story.answered_at = story.last_answer_at = None
    story.reopened_count += 1
    story.round += 1
    return True


_TOLD: dict[str, Callable[[Story, Fact, SopDocument], bool]] = {
    "case.opened": _opened,
    "case.classified": _classified,
    "case.referred": _referred,
    "case.verified": _taken_up,
    "case.followed_up": _taken_up,
    "case.held": _held,
    "case.resumed": _resumed,
    "case.horizon_set": _horizon_set,
    "case.reviewed": _reviewed,
    "message.joined": _joined,
    "reply.submitted": _submitted,
    "reply.approved": _judged,
    "reply.returned": _judged,
    "dispatch.sent": _sent,
    "case.closed": _closed,
    "case.reopened": _reopened,
}
