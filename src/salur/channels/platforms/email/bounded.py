"""Reading a mail into its parts with a bound on the work, because some mails are made to cost.

The standard parser compares every line with the boundary of every multipart around it, keeps every part and field, and
reads the parameters of a field in time that grows with the square of their number. Each of these is counted while it
reads, so that it stops at the bound instead of being stopped after hours.
"""

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from salur.channels.ports import Unreadable

MAX_DEPTH = 50
MAX_PARTS = 1_000
MAX_FIELDS = 10_000
MAX_LINES = 1_000_000
MAX_COMPARED = 10_000_000
MAX_PARAMETERS = 100


@dataclass
class _Tally:
    lines: int
    parts: int = 0
    fields: int = 0


class _Bounded(Message):
    """A part that knows how deep it lies; raises Unreadable as soon as a bound is passed."""

    def __init__(self, tally: _Tally, policy: Any) -> None:
        super().__init__(policy)
        self.tally = tally
        self.depth = 0

    def attach(self, payload: Any) -> None:
        """Take in a part, one level deeper."""
        if isinstance(payload, _Bounded):
            payload.depth = self.depth + 1
            self.tally.parts += 1
            if payload.depth > MAX_DEPTH:
                raise Unreadable(f"parts are nested more than {MAX_DEPTH} deep: no mail program writes that")
            if self.tally.parts > MAX_PARTS:
                raise Unreadable(f"more than {MAX_PARTS} parts")
            if payload.depth * self.tally.lines > MAX_COMPARED:
                raise Unreadable(f"{self.tally.lines} lines with parts nested {payload.depth} deep")
        super().attach(payload)

    def set_raw(self, name: str, value: Any) -> None:
        """Take in a field as the parser found it."""
        self.tally.fields += 1
        if self.tally.fields > MAX_FIELDS:
            raise Unreadable(f"more than {MAX_FIELDS} header fields")
        if name.lower().startswith("content-") and str(value).count(";") > MAX_PARAMETERS:
            raise Unreadable(f"a field {name[:40]} with more than {MAX_PARAMETERS} parameters")
        super().set_raw(name, value)


def read_mail(octets: bytes) -> Message:
    """The mail with its parts; raises Unreadable when reading it would pass a bound."""
    lines = max(octets.count(b"\n"), octets.count(b"\r"))  # the parser ends a line at either
    if lines > MAX_LINES:
        raise Unreadable(f"more than {MAX_LINES} lines")
    tally = _Tally(lines)

    def part(policy: Any = compat32) -> Message:
        return _Bounded(tally, policy)

    return BytesParser(part, policy=compat32).parsebytes(octets)
