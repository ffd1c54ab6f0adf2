"""How near an account is to Meta's limits, read from the usage headers of an answer.

Source: Graph API "Rate Limits": percentages of a rolling hour; `estimated_time_to_regain_access` in minutes.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

HEADERS = ("x-app-usage", "x-page-usage", "x-business-use-case-usage", "x-ad-account-usage")
BACK_OFF_AT = 80.0
HOUR = 3600.0
LEAST = 60.0
_PARTS = ("call_count", "total_cputime", "total_time")


def slow_down(headers: Mapping[str, str]) -> float:
    """Seconds to leave the account in peace: none below 80 % of a limit, rising to the rolling hour at 100 %."""
    regain = seconds_to_regain(headers)
    if regain is not None:
        return regain
    top = max((_share(one.get(name)) for one in _tables(headers) for name in _PARTS), default=0.0)
    if top < BACK_OFF_AT:
        return 0.0
    return max(LEAST, HOUR * min(1.0, (top - BACK_OFF_AT) / (100 - BACK_OFF_AT)))


def seconds_to_regain(headers: Mapping[str, str]) -> float | None:
    """The seconds until a throttled account is let in again, where the platform tells; else None."""
    minutes = max((_share(one.get("estimated_time_to_regain_access")) for one in _tables(headers)), default=0.0)
    return min(minutes, 24 * 60.0) * 60 if minutes > 0 else None


def _tables(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for name in HEADERS:
        try:
            found = json.loads(headers.get(name, ""))
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found
            for rows in found.values():
                yield from (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def _share(value: object) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if good and isinstance(value, int | float) else 0.0
