"""How long something may take: an amount and the unit it is counted in."""

import re
from dataclasses import dataclass
from typing import Literal, Self, get_args

Unit = Literal["working_days", "working_hours", "calendar_days"]

UNITS: tuple[str, ...] = get_args(Unit)

# Decades of working days: no rule needs more, and a typing slip must not make a walk over thousands of years.
LARGEST_AMOUNT = 10_000

_WRITTEN = re.compile(r"\s*([+-]?[0-9]{1,12})\s+([A-Za-z_]+)\s*")


class SpanError(ValueError):
    """A span that cannot be counted; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of time, such as 3 working days.

    `amount` is a whole number from 0 to LARGEST_AMOUNT; `unit` is one of UNITS. Raises SpanError for anything else.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise SpanError(f"a span needs a whole number, not {self.amount!r}")
        if self.amount < 0:
            raise SpanError(f"a span cannot be negative: {self.amount}")
        if self.amount > LARGEST_AMOUNT:
            raise SpanError(f"a span of {self.amount} is too long: the most is {LARGEST_AMOUNT}")
        if self.unit not in UNITS:
            raise SpanError(f"unknown unit {self.unit!r}: use {', '.join(UNITS)}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "3 working_days"; the singular ("1 working_day") is read as well. Raises SpanError."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise SpanError(f'cannot read the span {text!r}: write an amount and a unit, such as "3 working_days"')
        amount, name = int(written[1]), written[2]
        for unit in get_args(Unit):
            if name in (unit, unit.removesuffix("s")):
                return cls(amount, unit)
        raise SpanError(f"unknown unit {name!r}: use {', '.join(UNITS)}")

    def __str__(self) -> str:
        """The written form, which `parse` reads back."""
        return f"{self.amount} {self.unit}"
