"""What publishing writes down, in the stream of the case."""

from dataclasses import dataclass, field
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
    """The channel took the reply over for one voice. `confirmed_by`: channel, echo, read_back, receipt or officer.

    `external_id` is what the platform calls the last message of it, `said` what it calls each of several.
    """

    KIND: ClassVar[str] = "dispatch.sent"
    dispatch_id: int
    reply_id: int
    purpose: str
    voice_id: int
    channel: str
    external_id: str
    confirmed_by: str
    said: list[str] = field(default_factory=list)


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


@dataclass(frozen=True, kw_only=True)
class DispatchDelivered(Event):
    """The platform told that it arrived: `status` is delivered or read, `at` (ISO, with offset) when."""

    KIND: ClassVar[str] = "dispatch.delivered"
    dispatch_id: int
    reply_id: int
    voice_id: int
    channel: str
    status: str
    at: str


@dataclass(frozen=True, kw_only=True)
class DispatchNotPermitted(Event):
    """The platform's rules leave no way of answering: `reason` is a word of `publishing/plan`.

    `next_way` is the best that a person can do.
    """

    KIND: ClassVar[str] = "dispatch.not_permitted"
    dispatch_id: int
    reply_id: int
    purpose: str
    voice_id: int
    channel: str
    reason: str
    next_way: str


@dataclass(frozen=True, kw_only=True)
class ReplyWithdrawn(Event):
    """An approved reply was taken back before anything of it went out; it waits for an approver again."""

    KIND: ClassVar[str] = "reply.withdrawn"
    reply_id: int
    purpose: str
