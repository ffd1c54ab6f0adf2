"""What the ledger holds, as plain frozen data: the shape every pure rule reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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
