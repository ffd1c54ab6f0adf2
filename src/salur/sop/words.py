"""The fixed words of an SOP document: kinds, horizons, actors, purposes, outcomes, facts. Pure."""

from typing import Literal, get_args

CaseKind = Literal["complaint", "supervisory_complaint", "aspiration", "information_request"]
HorizonName = Literal["short", "medium", "long"]
Actor = Literal["operator", "approver", "coordinator"]
Purpose = Literal["acknowledgement", "question", "progress", "answer", "notice"]
Outcome = Literal["answered", "completed", "silence", "archived", "incomplete"]
Clock = Literal["citizen", "agency"]
Demand = Literal["owner", "plan_reference", "review_on"]

CASE_KINDS: tuple[str, ...] = get_args(CaseKind)
HORIZONS: tuple[str, ...] = get_args(HorizonName)

LONGER_HORIZONS: tuple[HorizonName, ...] = ("medium", "long")
"""The horizons whose cases are scheduled in a plan and must come up for review."""

EVENTS = frozenset(
    {
        "case.opened",
        "case.classified",
        "case.referred",
        "case.verified",
        "case.held",
        "case.resumed",
        "case.horizon_set",
        "case.reviewed",
        "case.followed_up",
        "case.closed",
        "case.reopened",
        "message.joined",
        "reply.drafted",
        "reply.submitted",
        "reply.approved",
        "reply.returned",
        "dispatch.sent",
        "dispatch.failed",
        "dispatch.uncertain",
    }
)
"""The facts an obligation may start on or be met by."""

PLACEHOLDERS = frozenset(
    {
        "number",
        "title",
        "kind",
        "agency",
        "government",
        "due",
        "link",
        "question",
        "answer",
        "closes",
        "owner",
        "plan_reference",
        "review_on",
        "reason",
    }
)
"""What a template may leave open. None of them names a person: a reply is also read on shared telephones."""

AT_ONCE = frozenset({"number", "title", "kind", "agency", "government", "due", "link"})
"""What is known of a case at the moment its report is acknowledged."""
