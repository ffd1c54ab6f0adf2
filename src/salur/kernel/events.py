"""What the ledger holds and what rooms write into it: facts as plain frozen data, and the base of every typed event."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self


@dataclass(frozen=True)
class Fact:
    """One thing that happened, in the order of its stream.

    `seq` counts from 1 within one stream, `at` is the aware instant it was written down, `actor` is "system",
    "citizen" or "member:<id>"; `data` is JSON and carries the fact itself, not a pointer to be read again later.
    """

    seq: int
    kind: str
    at: datetime
    actor: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One kind of fact. Subclasses name the fields; all of them must be JSON values.

    `KIND` is `noun.pastparticiple`. `HEARD` says that `journey/route.py` has a verb for it, so the ledger lays a
    copy in the worker's queue; a house test holds the two together.
    """

    KIND: ClassVar[str]
    HEARD: ClassVar[bool] = False

    def data(self) -> dict[str, Any]:
        """The fields as a JSON object."""
        return asdict(self)

    @classmethod
    def read(cls, fact: Fact) -> Self:
        """The typed event again, from what the ledger holds. Raises TypeError when the fact is of another shape."""
        return cls(**fact.data)
