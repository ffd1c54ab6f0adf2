"""What an officer can do to a case: who may, what is asked, and which verb does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salur.cases import closing as plain_closing
from salur.cases import correct, evidence, handle
from salur.cases.models import Case
from salur.desk import case_forms as forms
from salur.desk import horizon_forms
from salur.desk.stand import Stand
from salur.publishing import replies
from salur.sop import closing, handover, horizon


@dataclass(frozen=True)
class Act:
    """One act on a case. `action` is the right it needs (desk/officer.MAY), `fits` whether the case is ready for it.

    `done` is said afterwards, unless the verb returns one of the words that `done_as` knows.
    """

    slug: str
    action: str
    title: Promise
    button: Promise
    done: Promise
    form: type[forms.CaseForm]
    run: Callable[..., object]
    fits: Callable[[Stand], bool]
    initial: Callable[[Stand], dict[str, Any]] = field(default=lambda _: {})
    fixed: Mapping[str, str] = field(default_factory=dict)
    done_as: Mapping[str, Promise] = field(default_factory=dict)

    def carry_out(self, case: Case, answers: Mapping[str, Any], actor: str) -> object:
        """Run the verb with what the officer answered."""
        return self.run(case.pk, **answers, **self.fixed, actor=actor)

    def said(self, result: object) -> str:
        """The sentence for what the verb returned."""
        return str(self.done_as.get(result, self.done) if isinstance(result, str) else self.done)


def _is_open(stand: Stand) -> bool:
    return stand.is_open


def _called(stand: Stand) -> bool:
    return stand.state is not None and stand.state.arbiter_called


def _to_verify(stand: Stand) -> bool:
    return stand.is_open and stand.case.status == "new" and stand.case.agency_id is not None and not _called(stand)


def _arbiter_decides(stand: Stand) -> bool:
    return stand.is_open and stand.sop is not None and handover.arbiter_decides(stand.sop)


def _is_arbiter(stand: Stand) -> bool:
    return stand.sop is not None and handover.is_arbiter(stand.sop, stand.member)


def _to_call(stand: Stand) -> bool:
    return _arbiter_decides(stand) and not _called(stand) and not _is_arbiter(stand)


def _proposed(stand: Stand) -> bool:
    return stand.is_open and stand.state is not None and stand.state.closing_proposed is not None


def _to_confirm(stand: Stand) -> bool:
    proposal = stand.state.closing_proposed if stand.state else None
    return stand.is_open and proposal is not None and proposal.actor != stand.actor


def _milestones_ahead(stand: Stand) -> bool:
    return stand.is_open and stand.state is not None and any(one.reached_at is None for one in stand.state.milestones)


def _to_void(stand: Stand) -> bool:
    return stand.is_open and any(fact.actor != stand.actor for fact in correct.voidable(stand.facts))


def _classify(case_id: int, *, kind: str, function: str, actor: str) -> None:
    handle.classify(case_id, kind=kind, function=function or None, actor=actor)


def _refer(case_id: int, *, agency: int, reason: str = handover.FIRST, note: str, actor: str) -> None:
    handover.refer(case_id, agency_id=agency, reason=reason, note=note, actor=actor)


def _decide(case_id: int, *, agency: int, reason: str = handover.FIRST, note: str, actor: str) -> None:
    handover.decide(case_id, agency_id=agency, reason=reason, note=note, actor=actor)


def _void(case_id: int, *, entry: int, reason: str, actor: str) -> None:
    correct.void(case_id, seq=entry, reason=reason, actor=actor)


def _horizon_of(stand: Stand) -> dict[str, Any]:
    state = stand.state
    if state is None:
        return {"horizon": stand.case.horizon}
    named = {name: getattr(state, name) for name in ("owner", "plan", "plan_reference", "promised_on", "review_on")}
    lines = [f"{one.on:%d-%m-%Y} {one.name}" for one in state.milestones]
    return {"horizon": state.horizon, **named, "milestones": "\n".join(lines)}


_ALL = (
    Act(
        "verify",
        "handle",
        _("Confirm the report"),
        _("It is complete and ours"),
        _("The report is confirmed."),
        forms.VerifyForm,
        handover.verify,
        _to_verify,
    ),
    Act(
        "refer",
        "refer",
        _("Hand over to an agency"),
        _("Hand over"),
        _("The report is handed over."),
        forms.ReferForm,
        _refer,
        lambda stand: stand.is_open and (not _arbiter_decides(stand) or _is_arbiter(stand)),
    ),
    Act(
        "call-arbiter",
        "refer",
        _("Call the arbiter"),
        _("Call the arbiter"),
        _("The arbiter is called and decides which agency handles the report."),
        forms.ReasonForm,
        handover.call_arbiter,
        _to_call,
    ),
    Act(
        "arbitrate",
        "arbitrate",
        _("Decide which agency handles it"),
        _("Decide"),
        _("The decision is noted."),
        forms.ArbitrateForm,
        _decide,
        lambda stand: stand.is_open and _called(stand) and _is_arbiter(stand),
    ),
    Act(
        "classify",
        "handle",
        _("Correct the kind"),
        _("Save"),
        _("The kind is saved."),
        forms.ClassifyForm,
        _classify,
        _is_open,
        initial=lambda stand: {"kind": stand.case.kind, "function": stand.case.function_id or ""},
    ),
    Act(
        "horizon",
        "handle",
        _("Set how long it takes"),
        _("Save"),
        _("The handling is saved."),
        horizon_forms.HorizonForm,
        horizon.set_horizon,
        _is_open,
        initial=_horizon_of,
    ),
    Act(
        "review",
        "handle",
        _("Review the plan"),
        _("Save and tell the citizens"),
        _("The review is saved."),
        horizon_forms.ReviewForm,
        horizon.review,
        lambda stand: stand.is_open and stand.case.horizon != "short",
    ),
    Act(
        "milestone",
        "handle",
        _("A milestone is reached"),
        _("Save"),
        _("The milestone is noted."),
        horizon_forms.MilestoneForm,
        horizon.reach_milestone,
        _milestones_ahead,
    ),
    Act(
        "follow-up",
        "handle",
        _("Note the follow-up"),
        _("Save"),
        _("The follow-up is noted."),
        forms.FollowUpForm,
        handle.follow_up,
        _is_open,
    ),
    Act(
        "evidence",
        "handle",
        _("Add evidence of the work"),
        _("Add"),
        _("The evidence is kept."),
        forms.EvidenceForm,
        evidence.add_evidence,
        _is_open,
    ),
    Act(
        "resume",
        "handle",
        _("Go on without the citizen"),
        _("Let the clocks go on"),
        _("The clocks go on."),
        forms.ReasonForm,
        handle.resume,
        lambda stand: stand.is_open and stand.case.paused,
    ),
    Act(
        "hold",
        "handle",
        _("Stop the clocks: disaster or other force majeure"),
        _("Stop the clocks"),
        _("The clocks stand still."),
        forms.HoldForm,
        handle.hold,
        lambda stand: stand.is_open and not stand.case.paused,
        fixed={"reason": "force_majeure"},
    ),
    Act(
        "draft",
        "draft",
        _("Write to the citizen"),
        _("Ask for approval"),
        _("The draft waits for an approver."),
        forms.DraftForm,
        replies.draft,
        lambda stand: stand.is_open and stand.case.agency_id is not None,
        initial=lambda _: {"purpose": "answer"},
    ),
    Act(
        "close",
        "close",
        _("Close the report"),
        _("Close the report"),
        _("The report is closed."),
        forms.CloseForm,
        closing.close,
        lambda stand: stand.is_open and not _proposed(stand),
        done_as={closing.PROPOSED: _("The closing waits for another person to confirm it.")},
    ),
    Act(
        "confirm-closing",
        "close",
        _("Confirm the closing"),
        _("Confirm and close"),
        _("The report is closed."),
        forms.ConfirmForm,
        closing.confirm,
        _to_confirm,
    ),
    Act(
        "refuse-closing",
        "close",
        _("Leave the report open"),
        _("Do not close"),
        _("The report stays open."),
        forms.RefuseForm,
        closing.refuse,
        _proposed,
    ),
    Act(
        "reopen",
        "close",
        _("Open the report again"),
        _("Open again"),
        _("The report is open again."),
        forms.ReasonForm,
        plain_closing.reopen,
        lambda stand: not stand.is_open,
        fixed={"by": "officer"},
    ),
    Act(
        "void",
        "close",
        _("Strike out a mistaken entry"),
        _("Strike out"),
        _("The entry is struck out."),
        forms.VoidForm,
        _void,
        _to_void,
    ),
)
ACTS = {act.slug: act for act in _ALL}
"""Every act by the last part of its address."""
