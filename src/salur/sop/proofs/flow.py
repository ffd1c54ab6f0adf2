"""The flow table: one beginning, every step reached and on its way to an end, one truth about its time. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from salur.sop.document.model import SopDocument
from salur.sop.document.paper import Step
from salur.sop.document.rules import Obligation
from salur.sop.document.said import _
from salur.sop.proofs.problem import Problem, error, warning
from salur.sop.words import NO_OFFICERS

Arrows = Mapping[str, tuple[str, ...]]
"""Where the flow goes on from each step, unknown steps left out."""


def flow(document: SopDocument) -> Iterator[Problem]:
    """Everything the flow chart could be drawn or read wrongly by."""
    arrows = arrows_of(document.steps)
    rules = {rule.code: rule for rule in document.obligations}
    yield from _ends(document.steps)
    for place, step in enumerate(document.steps):
        here = f"steps[{place}]"
        yield from _branches(here, step, arrows)
        yield from _time(here, step, rules, document)
    yield from _ways(document.steps, arrows)
    yield from _not_shown(document)
    yield from _judges_itself(document.steps, arrows)


def arrows_of(steps: tuple[Step, ...]) -> Arrows:
    """The arrows of the flow: those written, else one to the following row; none from an end."""
    known = {step.code for step in steps}
    found: dict[str, tuple[str, ...]] = {}
    for place, step in enumerate(steps):
        if step.next:
            found[step.code] = tuple(branch.to for branch in step.next if branch.to in known)
        else:
            following = steps[place + 1 : place + 2] if step.symbol != "end" else ()
            found[step.code] = tuple(row.code for row in following)
    return found


def _ends(steps: tuple[Step, ...]) -> Iterator[Problem]:
    starts = [place for place, step in enumerate(steps) if step.symbol == "start"]
    if not starts:
        yield error("steps", _("The flow has no start; give the first step the symbol start."))
    elif steps[0].symbol != "start":
        yield error(f"steps[{starts[0]}].symbol", _("The start must be the first row of the flow."))
    for place in starts[1:]:
        yield error(f"steps[{place}].symbol", _("The flow has one start only; this is a second one."))
    if all(step.symbol != "end" for step in steps):
        yield error("steps", _("The flow has no end; give the last step the symbol end."))


def _branches(here: str, step: Step, arrows: Arrows) -> Iterator[Problem]:
    for place, branch in enumerate(step.next):
        if branch.to not in arrows:
            yield error(
                f"{here}.next[{place}].to", _("The flow goes on to “%(code)s”, which is no step."), code=branch.to
            )
        if step.symbol == "decision" and branch.when is None:
            yield error(
                f"{here}.next[{place}].when",
                _("The decision “%(name)s” has no word at this arrow; say when the flow goes there."),
                name=step.activity,
            )
    if step.symbol == "decision" and len(step.next) < 2:
        yield error(
            f"{here}.next", _("The decision “%(name)s” needs at least two arrows with words."), name=step.activity
        )
    if step.symbol == "end" and step.next:
        yield error(f"{here}.next", _("“%(name)s” is an end: the flow cannot go on from it."), name=step.activity)
    if step.symbol in ("start", "process") and len(step.next) > 1:
        yield error(f"{here}.next", _("“%(name)s” has several arrows, so it must be a decision."), name=step.activity)


def _time(here: str, step: Step, rules: Mapping[str, Obligation], document: SopDocument) -> Iterator[Problem]:
    for place, code in enumerate(step.obligations):
        rule = rules.get(code)
        if rule is None:
            yield error(f"{here}.obligations[{place}]", _("“%(code)s” is no obligation of this SOP."), code=code)
        elif set(step.actors) - NO_OFFICERS and rule.actor not in step.actors and rule.actor in document.actors:
            yield warning(
                f"{here}.actors",
                _("The step “%(step)s” does not show %(actor)s, who is bound by “%(name)s”."),
                step=step.activity,
                actor=document.actors[rule.actor].name,
                name=rule.name,
            )
    if step.obligations and step.time:
        yield error(
            f"{here}.time",
            _("The step “%(step)s” takes its time from its obligations; a second time beside it may contradict them."),
            step=step.activity,
        )


def _ways(steps: tuple[Step, ...], arrows: Arrows) -> Iterator[Problem]:
    reached = _from([steps[0].code], arrows)
    ending = _from([step.code for step in steps if step.symbol == "end"], turned(arrows))
    deciding = {step.code for step in steps if step.symbol == "decision"}
    lost = {
        code
        for circle in circles(arrows)
        if not any(code in deciding and not circle.issuperset(arrows[code]) for code in circle)
        for code in circle
    }
    for place, step in enumerate(steps):
        if step.code not in reached:
            yield error(f"steps[{place}]", _("No arrow leads to the step “%(name)s”."), name=step.activity)
        if step.code in lost:
            yield error(
                f"steps[{place}].next",
                _("The flow turns in a circle at “%(name)s”, and no decision leads out of it."),
                name=step.activity,
            )
        elif step.code not in ending:
            yield error(
                f"steps[{place}].next",
                _("From the step “%(name)s” the flow never comes to an end."),
                name=step.activity,
            )


def turned(arrows: Arrows) -> Arrows:
    """Every arrow the other way round."""
    back: dict[str, list[str]] = {code: [] for code in arrows}
    for code, beyond in arrows.items():
        for other in beyond:
            back[other].append(code)
    return {code: tuple(before) for code, before in back.items()}


def _from(begin: Iterable[str], arrows: Arrows) -> dict[str, None]:
    """The steps themselves and all that lie beyond them; each stands behind every one that it was left for."""
    done: dict[str, None] = {}
    waiting = [(code, False) for code in begin]
    seen: set[str] = set()
    while waiting:
        code, left = waiting.pop()
        if left:
            done[code] = None
        elif code not in seen:
            seen.add(code)
            waiting.append((code, True))
            waiting.extend((other, False) for other in arrows[code])
    return done


def circles(arrows: Arrows) -> list[set[str]]:
    """The groups of steps in which the flow comes back from each to each (Kosaraju's strongly connected components)."""
    back = turned(arrows)
    found: list[set[str]] = []
    taken: set[str] = set()
    for code in reversed(_from(arrows, arrows)):
        if code not in taken:
            group = _group(code, back, taken)
            if len(group) > 1 or code in arrows[code]:
                found.append(group)
    return found


def _group(code: str, arrows: Arrows, taken: set[str]) -> set[str]:
    """What lies beyond a step and belongs to no earlier group."""
    group: set[str] = set()
    waiting = [code]
    while waiting:
        at = waiting.pop()
        if at not in taken:
            taken.add(at)
            group.add(at)
            waiting.extend(arrows[at])
    return group


def _not_shown(document: SopDocument) -> Iterator[Problem]:
    shown = {code for step in document.steps for code in step.obligations}
    for place, rule in enumerate(document.obligations):
        if rule.code not in shown:
            yield warning(
                f"obligations[{place}]", _("No step of the flow shows the obligation “%(name)s”."), name=rule.name
            )


def _judges_itself(steps: tuple[Step, ...], arrows: Arrows) -> Iterator[Problem]:
    """A decision that may send work back to the step before it judges that step: other people must do so."""
    by_code = {step.code: step for step in steps}
    for place, step in enumerate(steps):
        for earlier in arrows[step.code] if step.symbol == "decision" else ():
            judged = by_code[earlier]
            if step.code in arrows[earlier] and set(step.actors) <= set(judged.actors) and earlier != step.code:
                yield error(
                    f"steps[{place}].actors",
                    _("“%(judges)s” is done by those who did “%(judged)s”: whoever drafts may not approve."),
                    judges=step.activity,
                    judged=judged.activity,
                )
