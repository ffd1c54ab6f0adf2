"""A new version of a work calendar: added with its decree, never edited."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from salur.agencies.models import CalendarVersion, Government
from salur.worktime.calendar import WorkCalendar


@transaction.atomic
def add_calendar(government: Government, key: str, document: Mapping[str, Any]) -> CalendarVersion | None:
    """Put a calendar document into force as the next version; None when it is what is in force already.

    Raises CalendarError naming every wrong place. It moves no deadline by itself: `sop/recount` does, which is asked in
    the same transaction.
    """
    calendar = WorkCalendar.from_document(document)
    # Who comes second sees the version of who came first.
    Government.objects.select_for_update().get(pk=government.pk)
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
