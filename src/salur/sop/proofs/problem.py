"""What a proof finds, and what it may know of the government. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from salur.sop.document.said import Said


@dataclass(frozen=True)
class Problem:
    """One finding. An error stops signing, a warning does not; `field` is written as `obligations[2].within`."""

    severity: Literal["error", "warning"]
    field: str
    said: Said


@dataclass(frozen=True)
class Facts:
    """What the government has today, for proofs that a document alone cannot give.

    `roles` and `positions` are those of its active members, `channels` those of its active accounts, `calendar_years`
    the years whose holidays are decreed. `members` counts active members by role; a role that is not counted there
    proves nothing about how many there are.
    """

    roles: frozenset[str]
    positions: frozenset[str]
    channels: frozenset[str]
    calendar_years: frozenset[int]
    members: Mapping[str, int] = field(default_factory=dict)


def error(field: str, text: str, /, **params: object) -> Problem:
    """A finding that stops signing."""
    return Problem("error", field, Said(text, params))


def warning(field: str, text: str, /, **params: object) -> Problem:
    """A finding that is listed and stops nothing."""
    return Problem("warning", field, Said(text, params))
