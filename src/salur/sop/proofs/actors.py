"""Who acts: every actor is known, somebody fills it, and nobody approves what they wrote themselves. Pure."""

from collections.abc import Iterator

from salur.sop.document.model import SopDocument
from salur.sop.document.said import _
from salur.sop.proofs.problem import Facts, Problem, error, warning
from salur.sop.vocabulary import CHANNELS, LANES, ROLES, word
from salur.sop.words import NO_OFFICERS


def actors(document: SopDocument) -> Iterator[Problem]:
    """Unknown, impossible and idle actors, and posts that one person could write and approve."""
    for code in document.actors:
        if code in NO_OFFICERS:
            yield error(
                f"actors.{code}",
                _("“%(code)s” is the lane of %(lane)s and cannot be filled by officers; choose another code."),
                code=code,
                lane=LANES[code],
            )
    named = dict(_named(document))
    for field, code in named.items():
        if code in document.actors or (field.startswith("steps[") and code in NO_OFFICERS):
            continue
        if code in NO_OFFICERS:
            yield error(field, _("%(lane)s cannot be bound here; name an officer."), lane=LANES[code])
        else:
            yield error(field, _("“%(code)s” is not among the actors; add it there or correct it."), code=code)
    used = set(named.values())
    for code, actor in document.actors.items():
        if code not in used and code not in NO_OFFICERS:
            yield warning(f"actors.{code}", _("%(name)s has nothing to do in this SOP."), name=actor.name)
    yield from _two_people(document)


def _named(document: SopDocument) -> Iterator[tuple[str, str]]:
    """Every place that names an actor, and the code it names."""
    for place, rule in enumerate(document.obligations):
        yield f"obligations[{place}].actor", rule.actor
        for rung, step_up in enumerate(rule.escalation):
            yield f"obligations[{place}].escalation[{rung}].to", step_up.to
    yield "handover.arbiter", document.handover.arbiter
    accounts = document.official_accounts
    yield "official_accounts.custody.actor", accounts.custody.actor
    yield "official_accounts.posting.drafted_by", accounts.posting.drafted_by
    yield "official_accounts.posting.approved_by", accounts.posting.approved_by
    yield "official_accounts.response.actor", accounts.response.actor
    for place, step in enumerate(document.steps):
        for column, code in enumerate(step.actors):
            yield f"steps[{place}].actors[{column}]", code


def _two_people(document: SopDocument) -> Iterator[Problem]:
    posting = document.official_accounts.posting
    field = "official_accounts.posting.approved_by"
    drafts, approves = document.actors.get(posting.drafted_by), document.actors.get(posting.approved_by)
    if posting.drafted_by == posting.approved_by:
        yield error(field, _("Whoever drafts a post may not approve it; name another actor."))
    elif drafts and approves and _officers(document, posting.drafted_by) == _officers(document, posting.approved_by):
        yield warning(
            field,
            _("%(drafts)s and %(approves)s are the same officers; name an actor of another role."),
            drafts=drafts.name,
            approves=approves.name,
        )


def _officers(document: SopDocument, code: str) -> tuple[str, bool, str]:
    """What decides who fills an actor; two actors with the same are filled by the same officers."""
    actor = document.actors[code]
    return actor.role, actor.government_wide, code if actor.named else ""


def staffed(document: SopDocument, government: Facts) -> Iterator[Problem]:
    """Actors that nobody fills, channels without a promise and the calendar, in one government."""
    used = set(dict(_named(document)).values())
    for code, actor in document.actors.items():
        if code not in used:
            continue
        if actor.role not in government.roles:
            yield error(
                f"actors.{code}.role",
                _("No officer of this government has the role %(role)s, so nobody can act as %(name)s."),
                role=ROLES[actor.role],
                name=actor.name,
            )
        if actor.named and code not in government.positions:
            yield error(
                f"actors.{code}.named",
                _("No officer holds the position %(name)s; the administrator has to give it to one."),
                name=actor.name,
            )
    yield from _keepers(document, government)
    for channel in sorted(government.channels - set(document.channels)):
        yield warning(
            "channels",
            _("This government has an account on %(channel)s, but the SOP promises no first response there."),
            channel=word(CHANNELS, channel),
        )
    year = document.dates.effective.year
    if year not in government.calendar_years:
        yield warning(
            "dates.effective",
            _("The work calendar of %(year)s is not decreed yet: deadlines of that year are provisional."),
            year=year,
        )


def _keepers(document: SopDocument, government: Facts) -> Iterator[Problem]:
    custody = document.official_accounts.custody
    actor = document.actors.get(custody.actor)
    if actor is None:
        return
    there = 1 if actor.named else government.members.get(actor.role)
    if there is not None and there < custody.at_least:
        yield warning(
            "official_accounts.custody.at_least",
            _("Every account needs %(needed)s keepers, but only %(there)s officers can act as %(name)s."),
            needed=custody.at_least,
            there=there,
            name=actor.name,
        )
