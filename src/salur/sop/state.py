"""What the fold says of a case: its status, obligations and dates, as frozen data. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from salur.sop.document import Words
from salur.sop.words import Actor

Status = Literal["new", "in_progress", "awaiting_citizen", "answered", "scheduled", "closed"]

Superseded = Literal["", "transferred", "restarted", "closed", "not_bound"]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something odd that the journal says and the fold did not follow.

    `code` is one of not_opened, unknown_kind, unknown_horizon, unknown_pause_reason, unreadable_instant,
    horizon_demand_missing; `detail` is the odd value or the missing field.
    """

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ObligationState:
    """One running, met or superseded obligation. `(code, started_by)` names it for good.

    `started_by` is the seq of the fact that started it. `due_at` is in the zone of the calendar it counts on; while
    `paused` it moves on with now. `superseded` obligations bind nobody any more; `superseded_by` says why: transferred
    (another agency took over), restarted, closed, not_bound (kind or horizon were corrected). `breached` holds for
    open, met and superseded ones alike: the due instant passed before they ended. `agency_id` is the holder of the
    case for open ones, else the holder when it ended. `reason` says why a due instant is provisional.
    """

    code: str
    name: Words
    actor: Actor
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

    @property
    def open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.met_at is None and not self.superseded


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything that is derived of a case at one instant; nothing of it is ever set by hand.

    `due_at` is the earliest due instant of an open obligation that is not paused; `citizen_due_at` the instant promised
    to the citizen, kept after the answer. `closes_at` is when silence lets the system close the case as `closes_as`.
    `answered_at` is when the standing answer first went out, None again once the citizen spoke against it.
    `review_on` is the date of the next review, at most the horizon's interval away. `outcome` and `closed_by` are empty
    while the case is open. `provisional` tells that some date still ahead may move, `reasons` why.
    """

    status: Status
    kind: str
    function: str
    horizon: str
    agency_id: int | str | None
    spoken_at: datetime | None
    obligations: tuple[ObligationState, ...]
    next_actor: Literal["operator", "approver", "coordinator", "citizen"] | None
    due_at: datetime | None
    citizen_due_at: datetime | None
    paused: bool
    pause_reason: str
    closes_at: datetime | None
    closes_as: str
    review_on: date | None
    owner: str
    plan_reference: str
    answered_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    outcome: str
    reopened_count: int
    provisional: bool
    reasons: tuple[str, ...]
    flags: tuple[Flag, ...]
