"""What is written down about governments and their officers."""

from dataclasses import dataclass
from typing import ClassVar

from salur.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MemberAdded(Event):
    """An administrator made a sign-in for an officer; stream member:<id>."""

    KIND: ClassVar[str] = "member.added"
    member_id: int
    agency_id: int
    role: str
