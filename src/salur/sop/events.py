"""What the SOP room writes down, in the stream of the case."""

from dataclasses import dataclass
from typing import ClassVar

from salur.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SopStarted(Event):
    """The version a case stays on, and the acknowledgement in that version's words ("" for imported cases)."""

    KIND: ClassVar[str] = "sop.started"
    HEARD: ClassVar[bool] = True
    version_id: int
    sop: str
    version: int
    sha256: str
    answer_due_at: str
    acknowledgement: str


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
