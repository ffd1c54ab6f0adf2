"""The fixed words of an SOP document: kinds, horizons, roles, purposes, outcomes, plans, facts. Pure."""

from typing import Literal, get_args

CaseKind = Literal["complaint", "supervisory_complaint", "aspiration", "information_request"]
HorizonName = Literal["short", "medium", "long"]
RoleName = Literal["operator", "approver", "coordinator", "publisher", "leader", "auditor", "administrator"]
Purpose = Literal["acknowledgement", "question", "progress", "answer", "notice"]
Outcome = Literal["answered", "completed", "silence", "archived", "incomplete"]
Clock = Literal["citizen", "agency"]
Demand = Literal["owner", "plan", "plan_reference", "promised_on", "review_on"]
Plan = Literal["apbd", "apbd_change", "rkpd", "renstra", "rpjmd", "other_government"]
"""The papers in which a matter of the medium or long horizon may be scheduled."""
Limit = Literal["answer_limit", "first_response", "review_on", "promised_on"]
"""Limits that stand elsewhere in the document or were set in the case."""
AnswerIn = Literal["same", "private_first", "public_only"]
"""Where a channel is answered: where the citizen spoke, in private where that can be, or never in private."""
Symbol = Literal["start", "process", "decision", "end"]

CASE_KINDS: tuple[str, ...] = get_args(CaseKind)
HORIZONS: tuple[str, ...] = get_args(HorizonName)
PLANS: tuple[str, ...] = get_args(Plan)

LONGER_HORIZONS: tuple[HorizonName, ...] = ("medium", "long")
"""The horizons whose cases are scheduled in a plan and must come up for review."""

CITIZEN = "citizen"
SYSTEM = "system"
NO_OFFICERS = frozenset({CITIZEN, SYSTEM})
"""Lanes of the flow chart that no officer fills; they need no entry among the actors."""

EVENTS = frozenset(
    {
        "case.opened",
        "case.classified",
        "case.referred",
        "case.arbiter_called",
        "case.verified",
        "case.held",
        "case.resumed",
        "case.horizon_set",
        "case.milestone_reached",
        "case.reviewed",
        "case.followed_up",
        "case.evidence_added",
        "case.closing_proposed",
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

UNNAMED = "baru_"
"""With a number after it: the code the editor gives to a part that was just added, until somebody names it."""

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
        "plan",
        "plan_reference",
        "promised_on",
        "review_on",
        "horizon",
        "reason",
    }
)
"""What a template may leave open. None of them names a person: a reply is also read on shared telephones."""

AT_ONCE = frozenset({"number", "title", "kind", "agency", "government", "due", "link"})
"""What is known of a case at the moment its report is acknowledged."""
