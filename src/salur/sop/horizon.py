"""Scheduling a case as its SOP demands: who, in which plan, promised for when, reviewed how often."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from salur.cases import schedule
from salur.cases.events import HorizonSet
from salur.cases.handle import NotPossible
from salur.kernel import clock
from salur.sop.bound import Bound, held_bound
from salur.sop.document.rules import HorizonRule
from salur.sop.engine.fold import CaseState
from salur.sop.saying import in_words
from salur.sop.vocabulary import PLANS
from salur.sop.wording import fill, placeholders
from salur.worktime.deadline import deadline
from salur.worktime.spans import Span

MISSING = {
    "owner": "name the person or unit in charge",
    "plan": "choose the plan it stands in",
    "plan_reference": "give the reference in the plan: year, page or activity code",
    "promised_on": "give the date by which it is promised",
    "review_on": "give the date of the next review",
}
"""What is said for each demand of a horizon (`sop.words.Demand`) that is not met."""
MOST_MILESTONES = 20


def set_horizon(
    case_id: int,
    *,
    horizon: str,
    reason: str = "",
    owner: str = "",
    plan: str = "",
    plan_reference: str = "",
    promised_on: date | None = None,
    review_on: date | None = None,
    milestones: Sequence[tuple[str, date]] = (),
    actor: str,
) -> None:
    """Sort a case into a horizon, with all that its SOP demands for it.

    What `is_news` to the citizens needs a reason, and they are told once. Dates are calendar days, ahead of today and
    at most as far away as the SOP allows. The review that stands is put off only by `review`, which the citizens hear
    of; a late one comes first. Raises NotPossible.
    """
    one = held_bound(case_id)
    rule = next((rule for name, rule in one.document.horizons.items() if name == horizon), None)
    if rule is None:
        raise NotPossible("the SOP of this case does not know this horizon")
    given: dict[str, Any] = {"owner": owner.strip(), "plan": plan, "plan_reference": plan_reference.strip()}
    given |= {"promised_on": promised_on, "review_on": review_on}
    _demand(one, rule, horizon, given)
    _demand_milestones(milestones, promised_on)
    told = is_news(one.state, horizon=horizon, milestones=milestones, **given)
    if told and not reason.strip():
        raise NotPossible("say why the handling changes: the citizens are told")
    schedule.set_horizon(
        case_id,
        horizon=horizon,
        reason=reason,
        owner=owner,
        plan=plan,
        plan_reference=plan_reference,
        promised_on=promised_on,
        review_on=review_on,
        milestones=sorted(milestones, key=lambda milestone: milestone[1]),
        notice=_notice(one, rule, horizon, reason, given) if told else "",
        actor=actor,
    )


def is_news(state: CaseState, *, horizon: str, milestones: Sequence[tuple[str, date]], **given: Any) -> bool:
    """Whether a horizon with all that belongs to it differs from what stands in anything but the review date.

    `given` are owner, plan, plan_reference, promised_on and review_on. A short horizon keeps none of them.
    """
    if horizon != state.horizon:
        return True
    if horizon == "short":
        return False
    if {(name.strip(), on) for name, on in milestones} != {(one.name, one.on) for one in state.milestones}:
        return True
    return any(given[name] != getattr(state, name) for name in given if name != "review_on")


def puts_off(state: CaseState, horizon: str, review_on: date | None) -> bool:
    """Whether the review that stands would come later, or not at all, though the case stays scheduled."""
    standing = state.review_on
    return horizon != "short" and standing is not None and (review_on is None or review_on > standing)


def review(case_id: int, *, note: str, next_review_on: date | None, actor: str) -> None:
    """As `cases/schedule.review`, and refuse a next date beyond the SOP's interval. Raises NotPossible."""
    one = held_bound(case_id)
    rule = next((rule for name, rule in one.document.horizons.items() if name == one.case.horizon), None)
    if rule is not None:
        _within(one, next_review_on, rule.review_within, "the review date lies further away than the SOP allows")
    schedule.review(case_id, note=note, next_review_on=next_review_on, actor=actor)


def reach_milestone(
    case_id: int, *, name: str, note: str = "", happened_at: datetime | None = None, actor: str
) -> None:
    """Record that a milestone was reached; `happened_at`: when, if not now.

    Raises NotPossible for one the case does not have, did not have then, or has behind it.
    """
    one = held_bound(case_id)
    known = {milestone.name: milestone.reached_at for milestone in one.state.milestones}
    if name not in known:
        raise NotPossible("the case has no milestone of this name: reload the page")
    if known[name] is not None:
        raise NotPossible("this milestone was reached already")
    if happened_at is not None:
        agreed_at = _agreed_at(one, name)
        if happened_at < agreed_at.replace(second=0, microsecond=0):
            raise NotPossible("the milestone was agreed only later: correct the date or the time")
        happened_at = max(happened_at, agreed_at)
    schedule.reach_milestone(case_id, name=name, note=note, happened_at=happened_at, actor=actor)


def _agreed_at(one: Bound, name: str) -> datetime:
    """Since when a milestone is among those of its case: before, the fold does not know it."""
    since = one.case.opened_at
    for fact in reversed([fact for fact in one.facts if fact.kind == HorizonSet.KIND]):
        if all(known != name for known, _ in fact.data["milestones"]):
            break
        since = fact.at
    return since


def _demand(one: Bound, rule: HorizonRule, horizon: str, given: Mapping[str, Any]) -> None:
    for demand in rule.requires:
        if not given[demand]:
            raise NotPossible(MISSING[demand])
    if given["plan"] and rule.plans and given["plan"] not in rule.plans:
        raise NotPossible("the SOP does not name this plan for this horizon")
    if horizon == "short":
        return
    if one.state.review_on and one.state.review_on < clock.today(one.case.government.timezone):
        raise NotPossible("the review is late: review the case first")
    if puts_off(one.state, horizon, given["review_on"]):
        raise NotPossible("only a review puts the next review off: keep the date that stands, or choose an earlier one")
    _ahead(one, "promised_on", given, "the promised date must lie in the future")
    _ahead(one, "review_on", given, "the review date must lie in the future")
    promised, review = given["promised_on"], given["review_on"]
    _within(one, promised, rule.promised_within, "the promised date lies further away than the SOP allows")
    _within(one, review, rule.review_within, "the review date lies further away than the SOP allows")


def _ahead(one: Bound, name: str, given: Mapping[str, Any], refusal: str) -> None:
    """A date lies in the future; one that stands may be today. One that has passed would begin anew, no longer late."""
    day, today = given[name], clock.today(one.case.government.timezone)
    if day is not None and (day < today or (day == today and day != getattr(one.state, name))):
        raise NotPossible(refusal)


def _within(one: Bound, day: date | None, span: Span | None, refusal: str) -> None:
    if day is None or span is None:
        return
    if day > deadline(clock.now(), span, one.calendars.default).at.date():
        raise NotPossible(refusal)


def _demand_milestones(milestones: Sequence[tuple[str, date]], promised_on: date | None) -> None:
    names = [name.strip() for name, _ in milestones]
    if len(names) > MOST_MILESTONES:
        raise NotPossible("at most twenty milestones: join some of them")
    if not all(names) or len(set(names)) < len(names):
        raise NotPossible("every milestone needs a name of its own")
    if promised_on and any(on > promised_on for _, on in milestones):
        raise NotPossible("a milestone cannot lie after the promised date")


def _notice(one: Bound, rule: HorizonRule, horizon: str, reason: str, given: Mapping[str, Any]) -> str:
    """What the citizens are told: in the words of the SOP, or plainly where it has none or lacks a value for them."""
    template = one.document.templates.get("rescheduled")
    with translation.override("id"):
        values = _values(one, rule, horizon, reason, given)
        if template is not None and all(values.get(name) for name in placeholders(template.text.id)):
            return fill(template.text.id, values).strip()
        text = gettext("Your report %(number)s is now handled as %(horizon)s. %(reason)s") % values
        if values["promised_on"]:
            text += " " + gettext("Promised for %(promised_on)s.") % values
        return text


def _values(one: Bound, rule: HorizonRule, horizon: str, reason: str, given: Mapping[str, Any]) -> dict[str, str]:
    case, kept = one.case, given if horizon != "short" else {}
    because = reason.strip()
    due = one.state.citizen_due_at
    return {
        "number": case.number,
        "title": case.title,
        "kind": next((known.name.id for kind, known in one.document.kinds.items() if kind == case.kind), ""),
        "agency": case.agency.name if case.agency else "",
        "government": case.government.name,
        "due": formats.date_format(timezone.localtime(due), "l, j F Y") if due else "",
        "link": case.link,
        "horizon": rule.name.id.lower(),
        "reason": because if because.endswith((".", "!", "?")) else f"{because}.",
        "owner": str(kept.get("owner") or ""),
        "plan": in_words(PLANS[str(kept["plan"])]) if kept.get("plan") in PLANS else "",
        "plan_reference": str(kept.get("plan_reference") or ""),
        "promised_on": _day(kept.get("promised_on")),
        "review_on": _day(kept.get("review_on")),
    }


def _day(value: object) -> str:
    return formats.date_format(value, "j F Y") if isinstance(value, date) else ""
