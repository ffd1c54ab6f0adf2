"""What the SOP room writes down: in the stream of the case, and in that of the SOP (`sop:<id>`)."""

from dataclasses import dataclass, field
from typing import ClassVar

from salur.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SopStarted(Event):
    """The version a case stays on, and the acknowledgement in that version's words ("" for imported cases).

    `answer_in` says for each channel where it is answered, if not where the citizen spoke.
    """

    KIND: ClassVar[str] = "sop.started"
    HEARD: ClassVar[bool] = True
    version_id: int
    sop: str
    version: int
    sha256: str
    answer_due_at: str
    acknowledgement: str
    answer_in: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ObligationStarted(Event):
    """Something is due from now on. `started_by` is the seq of the fact that started it."""

    KIND: ClassVar[str] = "obligation.started"
    code: str
    started_by: int
    name: str
    actor: str
    due_at: str


@dataclass(frozen=True, kw_only=True)
class ObligationMoved(Event):
    """The due instant changed; the old one is kept."""

    KIND: ClassVar[str] = "obligation.moved"
    code: str
    started_by: int
    name: str
    due_at: str
    was_due_at: str


@dataclass(frozen=True, kw_only=True)
class ObligationMet(Event):
    """It was done, in time or not."""

    KIND: ClassVar[str] = "obligation.met"
    code: str
    started_by: int
    name: str
    met_at: str
    in_time: bool


@dataclass(frozen=True, kw_only=True)
class ObligationBreached(Event):
    """Its due instant passed before it was done."""

    KIND: ClassVar[str] = "obligation.breached"
    code: str
    started_by: int
    name: str
    due_at: str


@dataclass(frozen=True, kw_only=True)
class ObligationReopened(Event):
    """It had been met by a message that came back undelivered, so it is still to be done."""

    KIND: ClassVar[str] = "obligation.reopened"
    code: str
    started_by: int
    name: str
    due_at: str


@dataclass(frozen=True, kw_only=True)
class ObligationEscalated(Event):
    """A rung of the ladder was reached, once: `to` is the actor of the SOP who is called."""

    KIND: ClassVar[str] = "obligation.escalated"
    code: str
    started_by: int
    name: str
    rung: int
    to: str
    due_at: str
    at: str


@dataclass(frozen=True, kw_only=True)
class SopMoved(Event):
    """An open case was moved to another version, on purpose; it is folded under that one from its first fact on.

    `answer_in` as in `sop.started`.
    """

    KIND: ClassVar[str] = "sop.moved"
    version_id: int
    was_version_id: int
    sop: str
    version: int
    was_version: int
    sha256: str
    reason: str
    answer_in: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SopDrafted(Event):
    """A draft was begun: from a signed version of this government (`from_version`), or on another's (`parent_id`)."""

    KIND: ClassVar[str] = "sop.drafted"
    from_version: int | None
    parent_id: int | None


@dataclass(frozen=True, kw_only=True)
class SopSubmitted(Event):
    """The draft was given to review, at this revision and hash."""

    KIND: ClassVar[str] = "sop.submitted"
    revision: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class SopReturned(Event):
    """The review gave the draft back, with what has to be changed."""

    KIND: ClassVar[str] = "sop.returned"
    revision: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class SopReviewed(Event):
    """Another person than the drafter found the draft ready to be signed.

    `editors` are the actors who saved any text of the draft, sorted: its savings go with it once it is signed.
    """

    KIND: ClassVar[str] = "sop.reviewed"
    revision: int
    sha256: str
    editors: list[str]


@dataclass(frozen=True, kw_only=True)
class SopSigned(Event):
    """A version was signed: by whom, with which hash, in force from which date.

    `editors` as in `SopReviewed`; nobody where a paper was adopted that was written outside of Salur.
    """

    KIND: ClassVar[str] = "sop.signed"
    version_id: int
    version: int
    sha256: str
    signed_by: str
    in_force_from: str
    editors: list[str]


@dataclass(frozen=True, kw_only=True)
class SopDiscarded(Event):
    """A draft was given up; its last text is kept here."""

    KIND: ClassVar[str] = "sop.discarded"
    revision: int
    text: str


@dataclass(frozen=True, kw_only=True)
class RecountFailed(Event):
    """A case that a recount could not count anew: it keeps its deadlines. Lies in the stream `recount:<id>`."""

    KIND: ClassVar[str] = "recount.failed"
    case_id: int
    number: str
    problem: str
