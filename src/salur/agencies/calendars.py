"""A new version of a work calendar: added with its decree, never edited."""

from typing import Any

from salur.agencies.models import CalendarVersion, Government
from salur.worktime.calendar import WorkCalendar


def add_calendar(government: Government, key: str, document: dict[str, Any]) -> CalendarVersion | None:
    """Put a calendar document into force as the next version; None when it is what is in force already.

    Raises CalendarError naming every wrong place. Open deadlines move when their cases are folded the next time.
    """
    calendar = WorkCalendar.from_document(document)
    last = CalendarVersion.objects.filter(government=government, key=key).order_by("version").last()
    if last and last.document == calendar.to_document():
        return None
    return CalendarVersion.objects.create(
        government=government,
        key=key,
        version=last.version + 1 if last else 1,
        decree=calendar.decree,
        document=calendar.to_document(),
    )
