"""What became of an obligation, in the words of the lab. Pure."""

from typing import Literal

from salur.sop.engine.state import ObligationState

Verdict = Literal["in_time", "met_late", "overdue", "lapsed_late", "pending", "ended", "unknowable", "absent"]
"""in_time and met_late: done. overdue: its instant passed and it is still open. lapsed_late: its instant passed, then
it ended undone. pending: open, still in time. ended: ended undone, before its instant. unknowable: history holds no
such facts. absent: there is no such obligation on this side."""

LATE: frozenset[str] = frozenset({"met_late", "overdue", "lapsed_late"})
OPEN: frozenset[str] = frozenset({"pending", "overdue"})
DECIDED: frozenset[str] = LATE | {"in_time"}


def verdict_of(one: ObligationState) -> Verdict:
    """The verdict on an obligation at the cut-off of its fold."""
    if one.met_at is not None:
        return "met_late" if one.breached else "in_time"
    if one.superseded:
        return "lapsed_late" if one.breached else "ended"
    return "overdue" if one.breached else "pending"
