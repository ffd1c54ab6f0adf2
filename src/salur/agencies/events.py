"""What the agencies room writes down."""

from dataclasses import dataclass
from typing import ClassVar

from salur.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MemberAdded(Event):
    """An officer was given a sign-in; stream member:<id>."""

    KIND: ClassVar[str] = "member.added"
    member_id: int
    agency_id: int
    role: str
    position: str = ""


@dataclass(frozen=True, kw_only=True)
class MemberRetired(Event):
    """An officer's sign-in was closed; stream member:<id>."""

    KIND: ClassVar[str] = "member.retired"
    member_id: int
