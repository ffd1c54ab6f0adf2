"""What the cases room writes down; every one lies in the stream case:<id>."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from salur.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class Late:
    """May be noted later than it was done: `happened_at` (ISO, with offset) counts, and is written only where given."""

    happened_at: str | None = None

    def data(self) -> dict[str, Any]:
        """The fields as a JSON object."""
        return {name: value for name, value in asdict(self).items() if name != "happened_at" or value}


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """A matter became a case. `spoken_at` (ISO, aware) starts the citizen's clock; `direct`: they chose the agency."""

    KIND: ClassVar[str] = "case.opened"
    HEARD: ClassVar[bool] = True
    number: str
    kind: str
    function: str | None
    agency_id: int | None
    horizon: str
    spoken_at: str
    channel: str
    voice_id: int
    message_id: int
    direct: bool
    imported: bool


@dataclass(frozen=True, kw_only=True)
class MessageJoined(Event):
    """A further message was said in this case."""

    KIND: ClassVar[str] = "message.joined"
    message_id: int
    voice_id: int
    spoken_at: str


@dataclass(frozen=True, kw_only=True)
class MessageCopied(Event):
    """A message of this case also came to another account of the government."""

    KIND: ClassVar[str] = "message.copied"
    message_id: int
    account: str


@dataclass(frozen=True, kw_only=True)
class CaseMessageChanged(Event):
    """A message of this case was edited, is gone for readers, or is there again (`change`: edited, removed, shown).

    `at` (ISO, with offset) is when the platform says it was, `by` author, account or platform.
    """

    KIND: ClassVar[str] = "case.message_changed"
    message_id: int
    change: str
    at: str
    by: str


@dataclass(frozen=True, kw_only=True)
class VoiceAdmitted(Event):
    """An officer admitted a further sender to the case: it hears the answers from now on."""

    KIND: ClassVar[str] = "voice.admitted"
    voice_id: int


@dataclass(frozen=True, kw_only=True)
class CaseClassified(Event):
    """An officer corrected the kind or the function."""

    KIND: ClassVar[str] = "case.classified"
    HEARD: ClassVar[bool] = True
    kind: str
    function: str | None
    was_kind: str
    was_function: str | None


@dataclass(frozen=True, kw_only=True)
class CaseReferred(Event):
    """The case was handed to an agency (disposisi)."""

    KIND: ClassVar[str] = "case.referred"
    HEARD: ClassVar[bool] = True
    agency_id: int
    from_agency_id: int | None
    reason: str
    note: str
    agency_name: str
    imported: bool = False


@dataclass(frozen=True, kw_only=True)
class ArbiterCalled(Event):
    """The case was handed on as often as the SOP allows: its arbiter decides now."""

    KIND: ClassVar[str] = "case.arbiter_called"
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseVerified(Late, Event):
    """Checked: complete, and ours."""

    KIND: ClassVar[str] = "case.verified"
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseHeld(Event):
    """The clocks stop for a reason that the SOP names; `note` is what happened, where no question explains it."""

    KIND: ClassVar[str] = "case.held"
    reason: str
    question_reply_id: int | None = None
    imported: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseResumed(Event):
    """The clocks go on."""

    KIND: ClassVar[str] = "case.resumed"
    reason: str


@dataclass(frozen=True, kw_only=True)
class HorizonSet(Event):
    """Short-, medium- or long-term handling, the horizon it had, and why.

    Medium and long name owner, plan (`sop.words.Plan`) with its reference, the promised date and the review date;
    `milestones` are pairs of name and date; `notice` is what the citizens are told, in the words of the SOP.
    """

    KIND: ClassVar[str] = "case.horizon_set"
    HEARD: ClassVar[bool] = True
    horizon: str
    was_horizon: str
    reason: str
    owner: str
    plan: str
    plan_reference: str
    promised_on: str | None
    review_on: str | None
    milestones: tuple[tuple[str, str], ...] = ()
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class MilestoneReached(Late, Event):
    """A milestone of a scheduled case was reached."""

    KIND: ClassVar[str] = "case.milestone_reached"
    name: str
    note: str


@dataclass(frozen=True, kw_only=True)
class CaseReviewed(Event):
    """A scheduled case was looked at again; its citizens are told."""

    KIND: ClassVar[str] = "case.reviewed"
    HEARD: ClassVar[bool] = True
    note: str
    next_review_on: str | None


@dataclass(frozen=True, kw_only=True)
class CaseFollowedUp(Late, Event):
    """The agency has coordinated and formulated the follow-up."""

    KIND: ClassVar[str] = "case.followed_up"
    note: str
    imported: bool = False


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(Event):
    """A file that shows that the matter is done. `reused`: it is evidence in another case of the government too."""

    KIND: ClassVar[str] = "case.evidence_added"
    evidence_id: int
    name: str
    sha256: str
    note: str
    reused: bool = False


@dataclass(frozen=True, kw_only=True)
class ClosingProposed(Event):
    """An officer would close the case; the SOP wants another person to confirm it."""

    KIND: ClassVar[str] = "case.closing_proposed"
    outcome: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClosingRefused(Event):
    """The second person did not confirm the closing."""

    KIND: ClassVar[str] = "case.closing_refused"
    reason: str


@dataclass(frozen=True, kw_only=True)
class FactVoided(Event):
    """A correction: the fact with this seq was written by mistake and counts as never written."""

    KIND: ClassVar[str] = "case.fact_voided"
    seq: int
    was_kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """Who closed it (citizen, officer, system), as what, and why."""

    KIND: ClassVar[str] = "case.closed"
    HEARD: ClassVar[bool] = True
    by: str
    outcome: str
    reason: str
    imported: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """The elapsed time stays; work begins again."""

    KIND: ClassVar[str] = "case.reopened"
    by: str
    reason: str
