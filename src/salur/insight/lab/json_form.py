"""What the lab found, as JSON: the structure of `salur sop simulate --json` and `salur sop lab --json`. Pure."""

from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from salur.insight.lab.bootstrap import Difference, Share
from salur.insight.lab.hurts import WhereItHurts
from salur.insight.lab.trial import Simulation, Week

DIGITS = 6
"""Decimals of shares: more would pretend."""


def simulation_form(found: Simulation) -> dict[str, Any]:
    """A simulation as mappings, lists, numbers and texts; instants are ISO 8601 with offset, weeks like 2026-W07."""
    return _fields(found)


def hurts_form(found: WhereItHurts) -> dict[str, Any]:
    """Where it hurts, in the same manner; times are working days."""
    return _fields(found) | {
        "spent": [{"step": step, "name": name, "working_days": days} for step, name, days in found.spent]
    }


def _fields(one: Any) -> dict[str, Any]:
    return {name: _plain(getattr(one, name)) for name in one.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, Week):
        return {"week": value.label, "before": value.before, "after": value.after}
    if isinstance(value, Share | Difference):
        return {
            name: round(number, DIGITS) if isinstance(number, float) else number
            for name, number in asdict(value).items()
        }
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
