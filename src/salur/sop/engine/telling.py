"""How each kind of fact changes the story of a case, before any clock is counted. Pure."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from salur.kernel.events import Fact
from salur.sop.engine.order import aware_instant
from salur.sop.engine.state import ClosingProposal, Milestone
from salur.sop.engine.story import Pause, Story
from salur.sop.words import HORIZONS

FARTHEST_YEARS = 100
"""A date farther from the fact that names it is a slip of the pen, and would lead the count out of every calendar."""


def spoken_at(story: Story, fact: Fact) -> datetime:
    """When the citizen spoke: what the fact says, never later than the instant from which the fact counts."""
    written = fact.data.get("spoken_at")
    if written is None:
        return fact.at
    instant = aware_instant(written)
    if instant is None or fact.at.year - instant.year > FARTHEST_YEARS:
        story.flag("unreadable_instant", written)
        return fact.at
    return min(instant, fact.at)


def resume(story: Story, pause: Pause, fact: Fact) -> None:
    """Ends the lasting pause if this fact is one that its reason waits for; after the fact was told."""
    waits_for = story.book.stops[pause.reason].resumed_by.get(fact.kind, ())
    if any(matcher.matches(fact, story.answer_stood) for matcher in waits_for):
        story.end_pause(spoken_at(story, fact) if fact.kind == "message.joined" else fact.at)


def _opened(story: Story, fact: Fact) -> bool:
    if story.opened_at is not None:
        return False
    story.opened_at = fact.at
    story.round = story.tenure = story.place
    story.spoken_at = spoken_at(story, fact)
    story.channel = _text(fact.data.get("channel"))
    _set_kind(story, fact.data)
    _set_agency(story, fact.data)
    _set_horizon(story, fact)
    story.opening_horizon = story.horizon
    return True


def _classified(story: Story, fact: Fact) -> bool:
    _set_kind(story, fact.data)
    return True


def _set_kind(story: Story, data: Mapping[str, Any]) -> None:
    kind, function = data.get("kind"), data.get("function")
    if isinstance(function, str):
        story.function = function
    if isinstance(kind, str) and kind in story.book.kinds:
        story.kind = kind
    elif kind:
        story.flag("unknown_kind", kind)


def _set_agency(story: Story, data: Mapping[str, Any]) -> bool:
    agency_id = data.get("agency_id")
    if "agency_id" not in data or not (agency_id is None or isinstance(agency_id, int | str)):
        return False
    changed = agency_id != story.agency_id
    story.agency_id = agency_id
    return changed


def _set_horizon(story: Story, fact: Fact) -> None:
    data = fact.data
    horizon = data.get("horizon")
    if horizon in HORIZONS:
        if horizon != story.horizon:
            story.horizon_at = fact.at
        story.horizon = horizon
    elif horizon is not None:
        story.flag("unknown_horizon", horizon)
    if story.longer:
        story.owner = _text(data.get("owner"))
        story.plan = _text(data.get("plan"))
        story.plan_reference = _text(data.get("plan_reference"))
        story.review_on = _date(story, fact, data.get("review_on"))
        story.promised_on = _date(story, fact, data.get("promised_on"))
        story.milestones = _milestones(story, fact)
    else:
        story.owner = story.plan = story.plan_reference = ""
        story.review_on = story.promised_on = None
        story.milestones = ()


def _milestones(story: Story, fact: Fact) -> tuple[Milestone, ...]:
    """The milestones as set now; one that was reached before under the same name stays reached."""
    written = fact.data.get("milestones")
    reached = {milestone.name: milestone.reached_at for milestone in story.milestones}
    found: dict[str, Milestone] = {}
    for pair in written if isinstance(written, list | tuple) else ():
        name, on = pair if isinstance(pair, list | tuple) and len(pair) == 2 else (None, None)
        day = _date(story, fact, on)
        if isinstance(name, str) and name and day is not None:
            found[name] = Milestone(name, day, reached.get(name))
        else:
            story.flag("unreadable_milestone", pair)
    return tuple(found.values())


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _date(story: Story, fact: Fact, value: object) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or abs(day.year - fact.at.year) > FARTHEST_YEARS:
        story.flag("unreadable_instant", value)
        return None
    return day


def _referred(story: Story, fact: Fact) -> bool:
    story.taken_up = True
    was = story.agency_id
    if _set_agency(story, fact.data):
        story.tenure = story.place
        if was is not None and story.agency_id is not None:
            story.handovers += 1
    _decided(story)
    return True


def _verified(story: Story, _: Fact) -> bool:
    story.taken_up = True
    _decided(story)
    return True


def _decided(story: Story) -> None:
    """Whoever hands a case on, or keeps it, after the arbiter was called has decided in the arbiter's place."""
    if story.arbiter_called:
        story.arbiter_called = False
        story.handovers = 0


def _arbiter_called(story: Story, _: Fact) -> bool:
    story.arbiter_called = story.closed_at is None
    return story.arbiter_called


def _followed_up(story: Story, _: Fact) -> bool:
    story.taken_up = True
    return True


def _held(story: Story, fact: Fact) -> bool:
    reason = fact.data.get("reason")
    if not isinstance(reason, str) or reason not in story.book.stops:
        story.flag("unknown_pause_reason", reason)
        return False
    if story.closed_at is not None:
        return False
    story.end_pause(fact.at)
    story.pause = Pause(reason, fact.at)
    story.pauses += (story.pause,)
    if fact.data.get("imported") and story.book.stops[reason].waits_for_citizen:
        story.question_at = fact.at  # asked where it came from: silence must be able to end here
    return True


def _resumed(story: Story, fact: Fact) -> bool:
    story.end_pause(fact.at)
    # Whoever goes on without the citizen no longer waits for the citizen.
    story.question_at = None
    return True


def _horizon_set(story: Story, fact: Fact) -> bool:
    was, left = story.horizon, story.horizon != story.opening_horizon or story.reclassified > 0
    _set_horizon(story, fact)
    # The first change sorts the case; every later one takes back what its citizens were told.
    if story.horizon != was and left:
        story.reclassified += 1
    return True


def _milestone_reached(story: Story, fact: Fact) -> bool:
    name = fact.data.get("name")
    if all(milestone.name != name for milestone in story.milestones):
        story.flag("unknown_milestone", name)
        return False
    story.milestones = tuple(
        milestone._replace(reached_at=milestone.reached_at or fact.at) if milestone.name == name else milestone
        for milestone in story.milestones
    )
    return True


def _reviewed(story: Story, fact: Fact) -> bool:
    story.review_on = _date(story, fact, fact.data.get("next_review_on")) if story.longer else None
    return True


def _evidence_added(story: Story, _: Fact) -> bool:
    story.evidence += 1
    return True


def _joined(story: Story, _: Fact) -> bool:
    if story.closed_at is not None:
        return False
    story.question_at = None
    story.closing_proposed = None
    if story.answered_at is not None:
        story.answered_at = story.last_answer_at = None
        story.round = story.place
    return True


def _submitted(story: Story, fact: Fact) -> bool:
    if story.closed_at is None:
        story.submitted |= {str(fact.data.get("reply_id"))}
    return True


def _judged(story: Story, fact: Fact) -> bool:
    story.submitted -= {str(fact.data.get("reply_id"))}
    return True


def _sent(story: Story, fact: Fact) -> bool:
    purpose = fact.data.get("purpose")
    if purpose == "answer":
        story.taken_up = True
        story.answered_at = story.answered_at or fact.at
        # Silence counts from the last voice that was told.
        story.last_answer_at = fact.at
        story.question_at = None
    elif purpose == "question" and story.closed_at is None:
        story.question_at = fact.at
    return True


def _closing_proposed(story: Story, fact: Fact) -> bool:
    if story.closed_at is not None:
        return False
    outcome, reason = _text(fact.data.get("outcome")), _text(fact.data.get("reason"))
    story.closing_proposed = ClosingProposal(outcome, reason, fact.actor, fact.at)
    return True


def _closing_refused(story: Story, _: Fact) -> bool:
    story.closing_proposed = None
    return True


def _closed(story: Story, fact: Fact) -> bool:
    if story.closed_at is not None:
        return False
    story.end_pause(fact.at)
    story.closed_at = fact.at
    story.closed_by = _text(fact.data.get("by"))
    story.outcome = _text(fact.data.get("outcome"))
    story.question_at = None
    story.closing_proposed = None
    story.arbiter_called = False
    story.submitted = frozenset()
    if not story.book.closed_time_counts:
        story.closures += (Pause("", fact.at),)
    return True


def _reopened(story: Story, fact: Fact) -> bool:
    if story.closed_at is None:
        return False
    story.taken_up = True
    story.closed_at = None
    story.closed_by = story.outcome = ""
    story.answered_at = story.last_answer_at = None
    if story.closures:
        story.closures[-1].ended_at = fact.at
    story.reopened_count += 1
    story.round = story.place
    return True


TELLINGS: dict[str, Callable[[Story, Fact], bool]] = {
    "case.opened": _opened,
    "case.classified": _classified,
    "case.referred": _referred,
    "case.arbiter_called": _arbiter_called,
    "case.verified": _verified,
    "case.followed_up": _followed_up,
    "case.held": _held,
    "case.resumed": _resumed,
    "case.horizon_set": _horizon_set,
    "case.milestone_reached": _milestone_reached,
    "case.reviewed": _reviewed,
    "case.evidence_added": _evidence_added,
    "message.joined": _joined,
    "reply.submitted": _submitted,
    "reply.approved": _judged,
    "reply.returned": _judged,
    "dispatch.sent": _sent,
    "case.closing_proposed": _closing_proposed,
    "case.closing_refused": _closing_refused,
    "case.closed": _closed,
    "case.reopened": _reopened,
}
"""Adds a fact of each kind to the story. False where it changes nothing and must start or meet nothing either."""
