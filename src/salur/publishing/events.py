"""What publishing writes down, in the stream of the case."""

from dataclasses import dataclass
from typing import ClassVar

from salur.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ReplyDrafted(Event):
    """Somebody began an answer; `sha256` is the hash of its text."""

    KIND: ClassVar[str] = "reply.drafted"
    reply_id: int
    purpose: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ReplySubmitted(Event):
    """The draft was laid before an approver."""

    KIND: ClassVar[str] = "reply.submitted"
    reply_id: int
    purpose: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ReplyReturned(Event):
    """The approver gave it back with a note."""

    KIND: ClassVar[str] = "reply.returned"
    reply_id: int
    purpose: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ReplyApproved(Event):
    """The text is final; it goes out to every voice of the case."""

    KIND: ClassVar[str] = "reply.approved"
    HEARD: ClassVar[bool] = True
    reply_id: int
    purpose: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class DispatchSent(Event):
    """The channel took the reply over for one voice. `confirmed_by`: channel, echo, read_back or officer."""

    KIND: ClassVar[str] = "dispatch.sent"
    dispatch_id: int
    reply_id: int
    purpose: str
    voice_id: int
    channel: str
    external_id: str
    confirmed_by: str


@dataclass(frozen=True, kw_only=True)
class DispatchFailed(Event):
    """The channel refused for good, or the message came back."""

    KIND: ClassVar[str] = "dispatch.failed"
    dispatch_id: int
    reply_id: int
    purpose: str
    voice_id: int
    channel: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class DispatchUncertain(Event):
    """The answer of the channel was lost: it may have gone out. A read-back or an officer decides."""

    KIND: ClassVar[str] = "dispatch.uncertain"
    dispatch_id: int
    reply_id: int
    purpose: str
    voice_id: int
    channel: str
