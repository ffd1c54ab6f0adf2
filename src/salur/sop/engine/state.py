"""What the fold says of a case: its status, obligations and dates, as immutable data. Pure."""

from datetime import date, datetime
from typing import Literal, NamedTuple

from salur.sop.document.values import Words

Status = Literal["new", "in_progress", "awaiting_citizen", "answered", "scheduled", "closed"]

Superseded = Literal["", "transferred", "restarted", "closed", "not_bound"]


class Flag(NamedTuple):
    """Something odd that the journal says and the fold did not follow.

    `code` is one of not_opened, unknown_kind, unknown_horizon, unknown_pause_reason, unknown_milestone, unknown_fact,
    unvoidable_fact, unreadable_instant, unreadable_milestone, horizon_demand_missing; `detail` is the odd value or the
    missing field.
    """

    code: str
    detail: str


class RungState(NamedTuple):
    """One rung of an obligation's ladder, counted from 1: at `at` the actor `to` is called.

    `at` is in the zone of the calendar the obligation counts on. `reached`: that instant has come and found the
    obligation still open; until then `at` moves with the due instant.
    """

    rung: int
    to: str
    at: datetime
    reached: bool


class Milestone(NamedTuple):
    """A milestone of a scheduled case; `reached_at` None until a fact says that it was reached."""

    name: str
    on: date
    reached_at: datetime | None


class ClosingProposal(NamedTuple):
    """A closing that waits for the word of a second person; `actor` is the first."""

    outcome: str
    reason: str
    actor: str
    at: datetime


class ObligationState(NamedTuple):
    """One running, met or superseded obligation. `(code, started_by)` names it for good.

    `started_by` is the seq of the fact that started it. `due_at` is in the zone of the calendar it counts on; while
    `paused` it moves on with now. `superseded` obligations bind nobody any more; `superseded_by` says why: transferred
    (another agency took over), restarted, closed, not_bound (kind or horizon were corrected). `breached` holds for
    open, met and superseded ones alike: the due instant passed before they ended. `agency_id` is the holder of the
    case for open ones, else the holder when it ended. `reason` says why a due instant is provisional. `within` is the
    limit as the document writes it, `clock` is citizen or agency.
    """

    code: str
    name: Words
    actor: str
    agency_id: int | str | None
    started_by: int
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached: bool
    paused: bool
    superseded: bool
    superseded_by: Superseded
    provisional: bool
    reason: str
    within: str
    clock: str
    escalations: tuple[RungState, ...]

    @property
    def open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.met_at is None and not self.superseded


class CaseState(NamedTuple):
    """Everything that is derived of a case at one instant; nothing of it is ever set by hand.

    `due_at` is the earliest due instant of an open obligation that is not paused; `citizen_due_at` the instant promised
    to the citizen, kept after the answer. `wakes_at` is the next instant at which time alone has news: a breach (right
    after it) or a rung still ahead. `closes_at` is when silence lets the system close the case as `closes_as`.
    `answered_at` is when the standing answer first went out, None again once the citizen spoke against it.
    `review_on` is the date of the next review, at most the horizon's interval away; `promised_on` the date promised for
    the matter itself. `handovers` counts changes from one agency to another since the opening or the last decision of
    the arbiter; `arbiter_called` tells that this decision is awaited. `reclassified` counts the changes of the horizon
    after it first left its opening value. `evidence` counts files. `outcome` and `closed_by` are empty while the case
    is open. `provisional` tells that some date still ahead may move, `reasons` why.
    """

    status: Status
    kind: str
    function: str
    horizon: str
    channel: str
    agency_id: int | str | None
    spoken_at: datetime | None
    obligations: tuple[ObligationState, ...]
    next_actor: str | None
    due_at: datetime | None
    citizen_due_at: datetime | None
    wakes_at: datetime | None
    paused: bool
    pause_reason: str
    closes_at: datetime | None
    closes_as: str
    review_on: date | None
    promised_on: date | None
    owner: str
    plan: str
    plan_reference: str
    milestones: tuple[Milestone, ...]
    handovers: int
    arbiter_called: bool
    reclassified: int
    evidence: int
    answered_at: datetime | None
    closing_proposed: ClosingProposal | None
    closed_at: datetime | None
    closed_by: str
    outcome: str
    reopened_count: int
    provisional: bool
    reasons: tuple[str, ...]
    flags: tuple[Flag, ...]
