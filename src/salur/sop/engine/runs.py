"""Which obligations a fact meets, starts and supersedes. Pure."""

from datetime import datetime

from salur.kernel.events import Fact
from salur.sop.engine.clocks import Calendars, due_instants
from salur.sop.engine.rulebook import Reaction, Rule, Term
from salur.sop.engine.state import Superseded
from salur.sop.engine.story import Run, Story
from salur.sop.engine.telling import spoken_at

_ONCE = frozenset({"case.opened", "case.classified", "case.verified", "case.referred", "case.followed_up"})
"""Facts that are written again to correct or confirm: they start an obligation once a round and agency.

Any other fact (a reply submitted again, a message, a review) is new work each time.
"""


def settle(story: Story, fact: Fact, calendars: Calendars) -> None:
    """Before the kind or the horizon changes: keeps the due instants that the change comes too late to move.

    What was met keeps the limit it had, and what is late already is not made early by a longer one: no correction
    undoes a breach, or makes late what was done in time.
    """
    for run, due in zip(story.runs, due_instants(story, calendars, fact.at), strict=True):
        if run.met_at is not None:
            run.fixed = due
        elif run.binding and due.utc < (run.ended_at or fact.at):
            run.latest = due


def rebind(story: Story, at: datetime) -> None:
    """After the kind or the horizon changed: what still runs binds or lets go, and takes the limit of the new kind."""
    for run in story.runs:
        binds = run.rule.binds(story.kind, story.horizon)
        if run.running:
            run.loosed_at = None if binds else run.loosed_at or at
            run.bound = run.bound or binds
        if run.rule.by_kind:
            run.term = run.rule.terms.get(story.kind, run.rule.term)
        run.binding = binds


def advance(story: Story, fact: Fact, reaction: Reaction) -> None:
    """Meets and starts obligations by a fact that the story already holds.

    First what runs is met, then what begins begins, so that a review meets the last obligation to review and starts
    the next.
    """
    stood = story.answer_stood
    for rule, matchers in reaction.meets.items():
        run = story.last.get(rule)
        if run is not None and _may_be_met(run, story):
            for matcher in matchers:
                if matcher.always or matcher.matches(fact, stood):
                    _meet(run, story, fact)
                    break
    if fact.kind == "case.closed":
        for run in story.runs:
            _end(run, story, fact.at, "closed")
    if fact.data.get("imported"):
        _forget_undated(story, fact)
    if story.closed_at is None:
        for rule, matcher in reaction.starts:
            if matcher.always or matcher.matches(fact, stood):
                _start(rule, story, fact)


def _meet(run: Run, story: Story, fact: Fact) -> None:
    run.met_place, run.met_at, run.bound = story.place, fact.at, True
    run.ended_agency_id = story.agency_id


def _forget_undated(story: Story, fact: Fact) -> None:
    """An import knows that something was done, not when: it was neither late nor in time, so nothing is told of it."""
    if fact.kind == "case.closed":
        story.runs.clear()
    story.runs = [run for run in story.runs if run.met_place != story.place]
    story.last = {run.rule: run for run in story.runs}


def _may_be_met(run: Run, story: Story) -> bool:
    if run.met_at is not None or not run.binding:
        return False
    # The last run ends only with the case. What was approved before the closing may leave after it: done all the same.
    return run.ended_at is None or run.round == story.round


def _start(rule: Rule, story: Story, fact: Fact) -> None:
    term = _term(rule, story)
    if term is None:
        return
    binds = rule.binds(story.kind, story.horizon)
    last = story.last.get(rule)
    if last is not None:
        if not _starts_anew(last, story, fact):
            return
        same = last.tenure == story.tenure
        _end(last, story, fact.at, "transferred" if not same else "restarted" if binds else "not_bound")
    run = Run(rule, term, fact.seq, _start_of(rule, story, fact), story, binds)
    if rule.dated:
        run.on = story.review_on if rule.within == "review_on" else story.promised_on
    story.runs.append(run)
    story.last[rule] = run


def _starts_anew(last: Run, story: Story, fact: Fact) -> bool:
    """Whether a fact starts an obligation again that started before; a date that is set again always does."""
    rule = last.rule
    if last.place == story.place:
        return False
    same = last.round == story.round and (rule.of_citizen or last.tenure == story.tenure)
    return rule.dated or not same or not (last.running or fact.kind in _ONCE)


def _term(rule: Rule, story: Story) -> Term | None:
    """The limit of the case's kind, channel or horizon; None where the channel promises nothing."""
    if rule.by_kind:
        return rule.terms.get(story.kind, rule.term)
    if rule.by_channel:
        return rule.terms.get(story.channel)
    return rule.terms.get(story.horizon, rule.term)


def _start_of(rule: Rule, story: Story, fact: Fact) -> datetime:
    """The citizen's clock started when the citizen spoke, whatever starts the obligation now."""
    if fact.kind == "message.joined":
        return spoken_at(story, fact)
    return (story.spoken_at if rule.of_citizen and not rule.dated else None) or fact.at


def _end(run: Run, story: Story, at: datetime, why: Superseded) -> None:
    if run.running:
        run.ended_at, run.ended_why, run.ended_agency_id = at, why, story.agency_id
