"""Tell citizens what happened to their matter without their asking."""

from datetime import date

from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from salur.cases.models import Case
from salur.kernel.models import Entry
from salur.publishing.replies import say


def notify_referral(entry: Entry) -> None:
    """Say to whom the case was handed and that the promised date stands. Heard on `case.referred`."""
    if entry.data["imported"]:
        return
    case = _case(entry)
    with translation.override("id"):
        text = gettext(
            "Your report %(number)s has been handed to %(agency)s, which can act on it. You need not report again; "
            "the date promised to you stays the same."
        ) % {"number": case.number, "agency": entry.data["agency_name"]}
    say(case, purpose="notice", text=text)


def notify_kind(entry: Entry) -> None:
    """Say that the report counts as another kind, and the date promised now. Heard on `case.classified`."""
    case = _case(entry)
    if entry.data["kind"] == entry.data["was_kind"] or case.citizen_due_at is None:
        return
    with translation.override("id"):
        day = formats.date_format(timezone.localtime(case.citizen_due_at), "l, j F Y")
        text = gettext(
            "Your report %(number)s is now handled as another kind, and so by another time limit: you will have our "
            "answer by %(day)s."
        ) % {"number": case.number, "day": day}
    say(case, purpose="notice", text=text)


def notify_horizon(entry: Entry) -> None:
    """Say that the matter is handled on another horizon. Heard on `case.horizon_set`, which carries the words.

    A horizon that was set again without moving anything carries none: nobody is told.
    """
    if words := entry.data.get("notice", ""):
        say(_case(entry), purpose="notice", text=words)


def notify_review(entry: Entry) -> None:
    """Say what the review of a scheduled case found and when the next one is. Heard on `case.reviewed`."""
    case = _case(entry)
    with translation.override("id"):
        text = gettext("Your report %(number)s is scheduled. Review today: %(note)s\nNext review: %(date)s.") % {
            "number": case.number,
            "note": entry.data["note"],
            "date": formats.date_format(date.fromisoformat(entry.data["next_review_on"]), "j F Y"),
        }
    say(case, purpose="notice", text=text)


def notify_closing(entry: Entry) -> None:
    """Say that the case was closed, why, and how to open it again. Heard on `case.closed`."""
    if entry.data["imported"] or entry.data["by"] == "citizen":
        return
    case = _case(entry)
    with translation.override("id"):
        if entry.data["by"] == "system":
            text = gettext(
                "Your report %(number)s was closed because no further message came. If the matter is not settled, "
                "answer this message and it is opened again."
            ) % {"number": case.number}
        else:
            text = gettext(
                "Your report %(number)s was closed: %(reason)s\nIf the matter is not settled, answer this message and "
                "it is opened again."
            ) % {"number": case.number, "reason": entry.data["reason"]}
    say(case, purpose="notice", text=text)


def _case(entry: Entry) -> Case:
    return Case.objects.get(pk=int(entry.stream.partition(":")[2]))
