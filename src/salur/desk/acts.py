"""What an officer can do to a case: who may, what is asked, and which verb does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salur.cases import handle
from salur.cases.models import Case
from salur.desk import forms
from salur.kernel import clock
from salur.publishing import replies
from salur.sop import horizon
from salur.sop.queries import state_of


@dataclass(frozen=True)
class Act:
    """One act on a case. `action` is the right it needs (desk/officer.MAY), `fits` whether the case is ready for it."""

    slug: str
    action: str
    title: Promise
    button: Promise
    done: Promise
    form: type[forms.CaseForm]
    run: Callable[..., object]
    fits: Callable[[Case], bool]
    initial: Callable[[Case], dict[str, Any]] = field(default=lambda _: {})
    fixed: Mapping[str, str] = field(default_factory=dict)

    def carry_out(self, case: Case, answers: Mapping[str, Any], actor: str) -> object:
        """Run the verb with what the officer answered."""
        return self.run(case.pk, **answers, **self.fixed, actor=actor)


def _is_open(case: Case) -> bool:
    return case.closed_at is None


def _classify(case_id: int, *, kind: str, function: str, actor: str) -> None:
    handle.classify(case_id, kind=kind, function=function or None, actor=actor)


def _refer(case_id: int, *, agency: int, reason: str, note: str, actor: str) -> None:
    handle.refer(case_id, agency_id=agency, reason=reason, note=note, actor=actor)


def _horizon_of(case: Case) -> dict[str, Any]:
    state = state_of(case, clock.now())
    if state is None:
        return {"horizon": case.horizon}
    named = {"owner": state.owner, "plan_reference": state.plan_reference, "review_on": state.review_on}
    return {"horizon": state.horizon, **named}


_ALL = (
    Act(
        "verify",
        "handle",
        _("Confirm the report"),
        _("It is complete and ours"),
        _("The report is confirmed."),
        forms.VerifyForm,
        handle.verify,
        lambda case: _is_open(case) and case.status == "new" and case.agency_id is not None,
    ),
    Act(
        "refer",
        "refer",
        _("Hand over to an agency"),
        _("Hand over"),
        _("The report is handed over."),
        forms.ReferForm,
        _refer,
        _is_open,
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
        initial=lambda case: {"kind": case.kind, "function": case.function_id or ""},
    ),
    Act(
        "horizon",
        "handle",
        _("Set how long it takes"),
        _("Save"),
        _("The handling is saved."),
        forms.HorizonForm,
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
        forms.ReviewForm,
        horizon.review,
        lambda case: _is_open(case) and case.horizon != "short",
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
        "resume",
        "handle",
        _("Go on without the citizen"),
        _("Let the clocks go on"),
        _("The clocks go on."),
        forms.ReasonForm,
        handle.resume,
        lambda case: _is_open(case) and case.paused,
    ),
    Act(
        "hold",
        "handle",
        _("Stop the clocks: disaster or other force majeure"),
        _("Stop the clocks"),
        _("The clocks stand still."),
        forms.CaseForm,
        handle.hold,
        lambda case: _is_open(case) and not case.paused,
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
        lambda case: _is_open(case) and case.agency_id is not None,
        initial=lambda _: {"purpose": "answer"},
    ),
    Act(
        "close",
        "close",
        _("Close the report"),
        _("Close the report"),
        _("The report is closed."),
        forms.CloseForm,
        handle.close,
        _is_open,
        fixed={"by": "officer"},
    ),
    Act(
        "reopen",
        "close",
        _("Open the report again"),
        _("Open again"),
        _("The report is open again."),
        forms.ReasonForm,
        handle.reopen,
        lambda case: case.closed_at is not None,
        fixed={"by": "officer"},
    ),
)
ACTS = {act.slug: act for act in _ALL}
"""Every act by the last part of its address."""
