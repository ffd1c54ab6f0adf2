"""Status, next actor and closing by silence, from the story and its obligations. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from salur.sop.clocks import Calendars, with_pauses
from salur.sop.document import SopDocument
from salur.sop.state import ObligationState, Status
from salur.sop.story import Story
from salur.worktime.deadline import Deadline, deadline


def status_of(story: Story, document: SopDocument) -> Status:
    """The one status of a case.

    A case of the medium or long horizon is never just answered: after its answer it is scheduled, until it is done.
    """
    if story.closed_at is not None:
        return "closed"
    if waits_for_citizen(story, document):
        return "awaiting_citizen"
    if story.answered_at is not None:
        return "scheduled" if story.longer else "answered"
    return "in_progress" if story.taken_up else "new"


def waits_for_citizen(story: Story, document: SopDocument) -> bool:
    """Whether a question stands open, or the clocks stand still until the citizen speaks."""
    pause = story.pause
    return story.question_at is not None or (pause is not None and document.pauses[pause.reason].waits_for_citizen)


def closing(story: Story, document: SopDocument, calendars: Calendars) -> tuple[Deadline | None, str]:
    """When silence closes the case and as what; (None, "") where silence closes nothing.

    Counted on the government's calendar from the last question or answer that went out. A scheduled case never closes
    by silence, and a case whose clocks stand still does not either, unless the silence is what they wait for.
    """
    if story.closed_at is not None or (story.longer and story.answered_at is not None):
        return None, ""
    if story.question_at is not None:
        pause = story.pause
        if pause is not None and not document.pauses[pause.reason].waits_for_citizen:
            return None, ""
        rule = document.closure.after_question
        return deadline(story.question_at, rule.within, calendars.default), rule.closes_as
    if story.last_answer_at is None or story.pause is not None:
        return None, ""
    rule = document.closure.after_answer
    # A case that comes back from a longer horizon gives the citizen the whole time again.
    since = max(story.last_answer_at, story.horizon_at or story.last_answer_at)
    until = max((pause.ended_at for pause in story.pauses if pause.ended_at is not None), default=since)
    return with_pauses(since, rule.within, calendars.default, story.pauses, until), rule.closes_as


def next_actor_of(
    story: Story, status: Status, due: Sequence[ObligationState]
) -> Literal["operator", "approver", "coordinator", "citizen"] | None:
    """Who has to move: the approver of a waiting reply, else whoever has the earliest due instant, else the citizen.

    `due` are the open obligations that are not paused. None: nobody, for the case is closed or stands still.
    """
    if status == "closed":
        return None
    if story.submitted:
        return "approver"
    if status == "awaiting_citizen":
        return "citizen"
    if due:
        return min(due, key=_due_instant).actor
    return "citizen" if status == "answered" else None


def _due_instant(obligation: ObligationState) -> datetime:
    return obligation.due_at
