"""What the fields of an SOP document are called, and how their values are said to people. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import EventMatcher
from salur.sop.document.said import Said, _
from salur.sop.document.values import Words
from salur.sop.vocabulary import (
    ANSWERS_IN,
    CLOCKS,
    DEMANDS,
    EVENTS,
    HORIZONS,
    KINDS,
    LANES,
    LIMITS,
    OUTCOMES,
    PLANS,
    PURPOSES,
    ROLES,
    SYMBOLS,
    WEEKDAYS,
    joined,
    quoted,
    span_said,
    word,
)
from salur.worktime.hours import write_week
from salur.worktime.spans import Span

Value = Said | str

FIELDS: Mapping[str, Mapping[str, Said]] = {
    "SopDocument": {
        "code": Said(_("Code")),
        "title": Said(_("Title")),
        "unit": Said(_("Unit")),
        "number": Said(_("SOP number")),
        "version": Said(_("Version")),
        "dates": Said(_("Dates")),
        "approver": Said(_("Approver")),
        "legal_basis": Said(_("Legal basis")),
        "qualifications": Said(_("Qualification")),
        "related": Said(_("Related SOP")),
        "equipment": Said(_("Equipment")),
        "warnings": Said(_("Warning")),
        "records": Said(_("Record")),
        "actors": Said(_("Actors")),
        "kinds": Said(_("Kinds of reports")),
        "channels": Said(_("Channels")),
        "obligations": Said(_("Obligations")),
        "pause_reasons": Said(_("Pause reasons")),
        "handover": Said(_("Handing on")),
        "closure": Said(_("Closing")),
        "horizons": Said(_("Horizons")),
        "templates": Said(_("Templates")),
        "official_accounts": Said(_("Official accounts")),
        "steps": Said(_("Steps")),
        "revisions": Said(_("Revision history")),
    },
    "Dates": {
        "created": Said(_("Date of making")),
        "effective": Said(_("Effective date")),
        "revised": Said(_("Date of revision")),
    },
    "Approver": {
        "position": Said(_("Position of the approver")),
        "name": Said(_("Name of the approver")),
        "rank": Said(_("Rank of the approver")),
        "employee_number": Said(_("Employee number of the approver")),
    },
    "Actor": {
        "name": Said(_("Name")),
        "role": Said(_("Role")),
        "government_wide": Said(_("Reach over the whole government")),
        "named": Said(_("Restriction to a named officer")),
    },
    "KindRule": {"name": Said(_("Name")), "answer_within": Said(_("Answer limit"))},
    "ChannelRule": {
        "first_response": Said(_("First response limit")),
        "service_hours": Said(_("Service hours")),
        "answer_in": Said(_("Place of the answer")),
    },
    "Obligation": {
        "code": Said(_("Code")),
        "name": Said(_("Name")),
        "actor": Said(_("Actor")),
        "kinds": Said(_("Kinds")),
        "horizons": Said(_("Horizons")),
        "starts_on": Said(_("Start")),
        "met_by": Said(_("Fulfilment")),
        "within": Said(_("Limit")),
        "clock": Said(_("Clock")),
        "paused_for": Said(_("Pause reasons")),
        "escalation": Said(_("Ladder")),
    },
    "Rung": {"after": Said(_("Time after the due instant")), "to": Said(_("Actor called"))},
    "PauseReason": {"code": Said(_("Code")), "name": Said(_("Name")), "resumed_by": Said(_("End"))},
    "Handover": {
        "reasons": Said(_("Reasons for handing on")),
        "bounce_limit": Said(_("Times a report may be handed on before the arbiter decides")),
        "arbiter": Said(_("Arbiter")),
    },
    "EventMatcher": {
        "event": Said(_("Event")),
        "purpose": Said(_("Only messages of this purpose")),
        "after_answer": Said(_("Only once an answer was given")),
    },
    "HandoverReason": {"code": Said(_("Code")), "name": Said(_("Name"))},
    "Closure": {
        "after_answer": Said(_("Silence after an answer")),
        "after_question": Said(_("Silence after a question")),
        "evidence": Said(_("Outcomes that need evidence")),
        "second_person": Said(_("Outcomes that a second person confirms")),
        "citizen_confirms": Said(_("Outcomes that the citizen confirms")),
        "closed_time_counts": Said(_("Time between closing and reopening counts")),
    },
    "ClosureRule": {"within": Said(_("Limit")), "closes_as": Said(_("Outcome"))},
    "HorizonRule": {
        "name": Said(_("Name")),
        "requires": Said(_("Demands")),
        "plans": Said(_("Plans")),
        "promised_within": Said(_("Furthest promised date")),
        "review_within": Said(_("Longest time to the next review")),
    },
    "Template": {"purpose": Said(_("Purpose")), "text": Said(_("Text"))},
    "OfficialAccounts": {
        "custody": Said(_("Keeping of accounts")),
        "posting": Said(_("Posts")),
        "response": Said(_("Duty to respond")),
        "principles": Said(_("Principle")),
        "forbidden": Said(_("What is forbidden")),
    },
    "Custody": {"actor": Said(_("Actor")), "at_least": Said(_("Fewest keepers"))},
    "Posting": {
        "drafted_by": Said(_("Drafter")),
        "approved_by": Said(_("Approver")),
        "within": Said(_("Limit")),
        "without_approval": Said(_("Kind that needs no approval")),
    },
    "Response": {"actor": Said(_("Actor")), "within": Said(_("Limit"))},
    "Step": {
        "code": Said(_("Code")),
        "activity": Said(_("Activity")),
        "symbol": Said(_("Symbol")),
        "actors": Said(_("Actors")),
        "completeness": Said(_("Completeness")),
        "obligations": Said(_("Obligations")),
        "time": Said(_("Time")),
        "output": Said(_("Output")),
        "note": Said(_("Note")),
        "next": Said(_("Arrows")),
    },
    "Branch": {"to": Said(_("Destination")), "when": Said(_("Word"))},
    "Revision": {
        "version": Said(_("Version")),
        "date": Said(_("Date")),
        "summary": Said(_("Summary")),
    },
}
"""By part and field; a field of a list of texts is called as one item of it."""

INSIDE: Mapping[str, Said] = {
    "after_answer": Said(_("silence after an answer")),
    "after_question": Said(_("silence after a question")),
    "custody": Said(_("keeping accounts")),
    "posting": Said(_("posts")),
    "response": Said(_("the duty to respond")),
}
"""How a part with a name of its own is called behind "of"; dates, approver, handover and closure need no "of"."""


def actor_said(code: str, document: SopDocument) -> Said:
    """The name of an actor, of a lane without officers, or the code where the document knows neither."""
    actor = document.actors.get(code)
    return quoted(actor.name) if actor is not None else word(LANES, code)


def step_said(code: str, document: SopDocument) -> Said:
    """The activity of a step, or its code."""
    return next((quoted(step.activity) for step in document.steps if step.code == code), quoted(code))


def kind_said(kind: str, document: SopDocument) -> Said:
    """The document's name of a kind, or the fixed one."""
    return next((quoted(rule.name) for name, rule in document.kinds.items() if name == kind), word(KINDS, kind))


def horizon_said(horizon: str, document: SopDocument) -> Said:
    """The document's name of a horizon, or the fixed one."""
    found = (quoted(rule.name) for name, rule in document.horizons.items() if name == horizon)
    return next(found, word(HORIZONS, horizon))


def _fixed(words: Mapping[str, Said]) -> Callable[[Any, SopDocument], Said]:
    return lambda value, _document: word(words, value)


def _several(one: Callable[[Any, SopDocument], Said], none: Said | None = None) -> Callable[[Any, SopDocument], Said]:
    def said(values: Any, document: SopDocument) -> Said:
        return none if none is not None and not values else joined(one(value, document) for value in values)

    return said


def _matcher(matcher: EventMatcher, _document: SopDocument) -> Said:
    said = word(EVENTS, matcher.event)
    if matcher.purpose:
        purposes = joined(word(PURPOSES, purpose) for purpose in matcher.purpose)
        said = Said(_("%(event)s (%(purposes)s)"), {"event": said, "purposes": purposes})
    return Said(_("%(event)s after an answer"), {"event": said}) if matcher.after_answer else said


def _obligation(code: str, document: SopDocument) -> Said:
    return next((quoted(rule.name) for rule in document.obligations if rule.code == code), quoted(code))


def _pause(code: str, document: SopDocument) -> Said:
    reason = document.pauses.get(code)
    return quoted(reason.name) if reason is not None else quoted(code)


def _paused_for(value: Any, document: SopDocument) -> Said:
    return Said(_("every pause reason")) if value is None else _several(_pause, Said(_("none")))(value, document)


def _within(value: Any, _document: SopDocument) -> Said:
    return span_said(value) if isinstance(value, Span) else word(LIMITS, value)


def _after(value: Any, _document: SopDocument) -> Said:
    return span_said(value)


def _hours(value: Any, _document: SopDocument) -> Said:
    days = [(day, hours) for day, hours in write_week(value).items() if hours]
    return joined(Said("%(day)s %(hours)s", {"day": WEEKDAYS[day], "hours": " + ".join(hours)}) for day, hours in days)


_ALL = Said(_("all"))

_VALUES: Mapping[tuple[str, str], Callable[[Any, SopDocument], Said]] = {
    ("Actor", "role"): _fixed(ROLES),
    ("ChannelRule", "service_hours"): _hours,
    ("ChannelRule", "answer_in"): _fixed(ANSWERS_IN),
    ("Obligation", "actor"): actor_said,
    ("Obligation", "kinds"): _several(kind_said, _ALL),
    ("Obligation", "horizons"): _several(horizon_said, _ALL),
    ("Obligation", "starts_on"): _several(_matcher),
    ("Obligation", "met_by"): _several(_matcher),
    ("Obligation", "within"): _within,
    ("Obligation", "clock"): _fixed(CLOCKS),
    ("Obligation", "paused_for"): _paused_for,
    ("Rung", "to"): actor_said,
    ("PauseReason", "resumed_by"): _several(_matcher),
    ("Handover", "arbiter"): actor_said,
    ("Closure", "evidence"): _several(_fixed(OUTCOMES)),
    ("Closure", "second_person"): _several(_fixed(OUTCOMES)),
    ("Closure", "citizen_confirms"): _several(_fixed(OUTCOMES)),
    ("ClosureRule", "closes_as"): _fixed(OUTCOMES),
    ("HorizonRule", "requires"): _several(_fixed(DEMANDS)),
    ("HorizonRule", "plans"): _several(_fixed(PLANS)),
    ("Template", "purpose"): _fixed(PURPOSES),
    ("Custody", "actor"): actor_said,
    ("Posting", "drafted_by"): actor_said,
    ("Posting", "approved_by"): actor_said,
    ("Response", "actor"): actor_said,
    ("Step", "symbol"): _fixed(SYMBOLS),
    ("Step", "actors"): _several(actor_said),
    ("Step", "obligations"): _several(_obligation),
    ("Branch", "to"): step_said,
}

ALWAYS_SAID = frozenset({("Obligation", "kinds"), ("Obligation", "horizons"), ("Obligation", "paused_for")})
"""Fields whose emptiness means something: all, or none."""


def value_said(part: str, field: str, value: Any, document: SopDocument) -> Value:
    """A value in words; texts as they stand. `part` is the class the field belongs to."""
    if value is None and (part, field) not in ALWAYS_SAID:
        return ""
    said = _VALUES.get((part, field))
    if said is not None:
        return said(value, document)
    if isinstance(value, bool):
        return Said(_("yes")) if value else Said(_("no"))
    if isinstance(value, Span):
        return span_said(value)
    return quoted(value) if isinstance(value, Words | date) else str(value)
