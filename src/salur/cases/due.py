"""How far away a deadline is, in the words an officer or a citizen would use."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from salur.worktime.calendar import WorkCalendar
from salur.worktime.deadline import DeadlineError, working_days_between


@dataclass(frozen=True)
class Due:
    """A deadline and its plain words. `tone` is late, today, soon (within two working days) or later."""

    at: datetime
    tone: str
    words: str


def due_words(at: datetime | None, now: datetime, calendar: WorkCalendar | None) -> Due | None:
    """Say when something is due: in working days where a calendar is known, else in days; None without a deadline."""
    if at is None:
        return None
    days = _days(min(at, now), max(at, now), calendar)
    if now > at:
        late = ngettext("%(n)s working day late", "%(n)s working days late", days) % {"n": days}
        return Due(at, "late", late if days else gettext("late since today"))
    zone = calendar.timezone if calendar else at.tzinfo
    if at.astimezone(zone).date() == now.astimezone(zone).date():
        return Due(at, "today", gettext("due today"))
    days = max(days, 1)
    left = ngettext("%(n)s working day left", "%(n)s working days left", days) % {"n": days}
    return Due(at, "soon" if days <= 2 else "later", left)


def _days(first: datetime, last: datetime, calendar: WorkCalendar | None) -> int:
    if calendar is None:
        return (last - first).days
    try:
        return working_days_between(first, last, calendar)
    except DeadlineError:
        return (last - first).days
