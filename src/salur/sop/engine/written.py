"""A journal written by hand: JSON lines in, facts out. Pure."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from salur.kernel.events import Fact


class JournalInvalid(ValueError):
    """A line is no fact; the text names every such line, counted from 1, and what is wrong there."""


def _instant(value: object) -> object:
    # pydantic would read a bare number as seconds since 1970, which nobody means in a journal.
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    raise ValueError("write an instant such as 2026-07-06T10:00+07:00")


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    seq: Annotated[int, Field(ge=1)]
    kind: Annotated[str, Field(min_length=1)]
    at: Annotated[AwareDatetime, BeforeValidator(_instant)]
    actor: str = "system"
    data: dict[str, Any] = {}


def read_journal(text: str) -> list[Fact]:
    """The facts of JSON lines {"seq", "kind", "at", "actor", "data"}; empty lines are passed over.

    `at` is ISO 8601 with offset; `actor` may be left out (system), and so may empty `data`. Raises JournalInvalid.
    """
    facts: list[Fact] = []
    flaws: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            read = _Line.model_validate_json(line)
            facts.append(Fact(read.seq, read.kind, read.at, read.actor, read.data))
        except ValidationError as error:
            flaws += [f"line {number}: {_said(detail)}" for detail in error.errors(include_url=False)]
    if flaws:
        raise JournalInvalid("\n".join(flaws))
    return facts


def _said(detail: Any) -> str:
    place = ".".join(str(step) for step in detail["loc"])
    if detail["type"] in ("json_invalid", "model_type"):
        return (
            'is no JSON object; write one fact a line, such as {"seq": 1, "kind": "case.opened", "at": "…", "data": {}}'
        )
    if detail["type"] == "extra_forbidden":
        return f"{place} is no field of a fact; use seq, kind, at, actor, data"
    if detail["type"] == "missing":
        return f"{place} is missing"
    if detail["type"] == "timezone_aware":
        return f"{place} has no offset; write it, such as 2026-07-06T10:00+07:00"
    return f"{place} {str(detail['msg']).removeprefix('Value error, ')}"
