"""Status, next actor and closing by silence, from the story and its obligations. Pure."""

from datetime import datetime

from salur.sop.engine.clocks import LATEST, Calendars, with_pauses
from salur.sop.engine.state import Status
from salur.sop.engine.story import Story


def status_of(story: Story) -> Status:
    """The one status of a case.

    A case of the medium or long horizon is never just answered: after its answer it is scheduled, until it is done.
    """
    if story.closed_at is not None:
        return "closed"
    if story.question_at is not None or ((stop := story.stop) is not None and stop.waits_for_citizen):
        return "awaiting_citizen"
    if story.answered_at is not None:
        return "scheduled" if story.longer else "answered"
    return "in_progress" if story.taken_up else "new"


def closing(story: Story, calendars: Calendars) -> tuple[datetime | None, str]:
    """When silence closes the case and as what; (None, "") where silence closes nothing.

    Counted on the government's calendar from the last question or answer that went out. A scheduled case never closes
    by silence, and a case whose clocks stand still does not either, unless the silence is what they wait for.
    """
    if story.closed_at is not None or (story.longer and story.answered_at is not None):
        return None, ""
    book, clock, stop = story.book, calendars.clock(), story.stop
    if story.question_at is not None:
        if stop is not None and not stop.waits_for_citizen:
            return None, ""
        asked = clock.due(book.no_reply, story.question_at, clock.day(story.question_at))
        return asked.at, book.after_question.closes_as
    if story.last_answer_at is None or stop is not None:
        return None, ""
    # A case that comes back from a longer horizon gives the citizen the whole time again.
    since = max(story.last_answer_at, story.horizon_at or story.last_answer_at)
    day = clock.day(since)
    due = clock.due(book.silence, since, day)
    # None of the pauses lasts.
    return with_pauses(due, book.silence, since, day, clock, story.pauses, LATEST).at, book.after_answer.closes_as


def next_actor_of(story: Story, status: Status, nearest: str | None) -> str | None:
    """Who has to move: the approver of a waiting reply, else whoever has the earliest due instant, else the citizen.

    `nearest` is the actor of the earliest open obligation that is not paused. None: nobody, for the case is closed, so
    that nothing waits and nothing is open, or stands still.
    """
    if story.submitted:
        return "approver"
    if status == "awaiting_citizen":
        return "citizen"
    return nearest or ("citizen" if status == "answered" else None)
