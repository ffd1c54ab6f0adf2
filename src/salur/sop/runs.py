"""Which obligations a fact meets, starts and supersedes. Pure."""

from datetime import datetime

from salur.kernel.facts import Fact
from salur.sop.document import Obligation, SopDocument
from salur.sop.state import Superseded
from salur.sop.story import Run, Story, spoken_at

_ONCE = frozenset({"case.opened", "case.classified", "case.verified", "case.referred", "case.followed_up"})
"""Facts that are written again to correct or confirm: they start an obligation once a round and agency.

Any other fact (a reply submitted again, a message, a review) is new work each time.
"""


def advance(story: Story, fact: Fact, document: SopDocument) -> None:
    """Meets and starts obligations by a fact that the story already holds.

    First what runs is met, then what begins begins, so that a review meets the last obligation to review and starts
    the next.
    """
    for run in story.runs if fact.kind in document.meeting else ():
        if _may_be_met(run, story) and any(matcher.matches(fact, story.answer_stood) for matcher in run.rule.met_by):
            run.met_by, run.met_at = fact.seq, fact.at
            # A reply approved before the closing may leave after it: it was done all the same.
            run.ended_at, run.ended_why = None, ""
            run.ended_agency_id = story.agency_id
    if fact.kind == "case.closed":
        for run in story.runs:
            _end(run, story, fact.at, "closed")
    if fact.data.get("imported"):
        _forget_undated(story, fact)
    if story.closed_at is None:
        for rule, matcher in document.starting.get(fact.kind, ()):
            if matcher.matches(fact, story.answer_stood):
                _start(rule, story, fact)
    if fact.kind in ("case.classified", "case.horizon_set"):
        for run in story.runs:
            run.bound = run.bound or (run.running and run.rule.binds(story.kind, story.horizon))


def _forget_undated(story: Story, fact: Fact) -> None:
    """An import knows that something was done, not when: it was neither late nor in time, so nothing is told of it."""
    if fact.kind == "case.closed":
        story.runs.clear()
    story.runs = [run for run in story.runs if run.met_by != fact.seq]


def _may_be_met(run: Run, story: Story) -> bool:
    if run.met_at is not None or not run.rule.binds(story.kind, story.horizon):
        return False
    return run.ended_at is None or (run.ended_why == "closed" and run.round == story.round)


def _start(rule: Obligation, story: Story, fact: Fact) -> None:
    earlier = [run for run in story.runs if run.rule.code == rule.code]
    same = [run for run in earlier if run.round == story.round and (_of_citizen(rule) or run.tenure == story.tenure)]
    if rule.within != "review_on" and (any(run.running for run in same) or (same and fact.kind in _ONCE)):
        return
    why: Superseded = "restarted" if rule.binds(story.kind, story.horizon) else "not_bound"
    for run in earlier:
        _end(run, story, fact.at, why if run.tenure == story.tenure else "transferred")
    story.runs.append(
        Run(
            rule=rule,
            started_by=fact.seq,
            started_at=_start_of(rule, story, fact),
            agency_id=story.agency_id,
            round=story.round,
            tenure=story.tenure,
            review_on=story.review_on,
            bound=rule.binds(story.kind, story.horizon),
        )
    )


def _of_citizen(rule: Obligation) -> bool:
    return rule.clock == "citizen"


def _start_of(rule: Obligation, story: Story, fact: Fact) -> datetime:
    """The citizen's clock started when the citizen spoke, whatever starts the obligation now."""
    if fact.kind == "message.joined":
        return spoken_at(story, fact)
    if _of_citizen(rule) and rule.within != "review_on" and story.spoken_at is not None:
        return story.spoken_at
    return fact.at


def _end(run: Run, story: Story, at: datetime, why: Superseded) -> None:
    if run.running:
        run.ended_at, run.ended_why, run.ended_agency_id = at, why, story.agency_id
