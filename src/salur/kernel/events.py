"""The base of every typed event: what a room writes down, as a frozen dataclass with a kind."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from salur.kernel.facts import Fact


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
