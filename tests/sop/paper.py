"""Documents to be printed, made from the standard one."""

from typing import Any

from salur.sop.document.load import STANDARD, load
from salur.sop.document.model import SopDocument


def plain() -> dict[str, Any]:
    """The standard document as plain data, to be changed."""
    return load(STANDARD.read_text(encoding="utf-8")).model_dump(mode="json", exclude_defaults=True)


def of(data: dict[str, Any]) -> SopDocument:
    return SopDocument.model_validate(data)


def standard(**changes: Any) -> SopDocument:
    """The standard document with some fields changed."""
    return of({**plain(), **changes})
