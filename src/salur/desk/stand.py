"""Where a case stands before an officer: what decides which acts are offered, and what their forms ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from salur.agencies.models import Member
from salur.cases.models import Case
from salur.kernel import clock, ledger
from salur.kernel.events import Fact
from salur.sop.bound import Bound, bound
from salur.sop.document.model import SopDocument
from salur.sop.engine.fold import CaseState


@dataclass(frozen=True)
class Stand:
    """A case, its journal, its SOP and the officer who looks at it. `sop` is None until the case is bound to one."""

    case: Case
    member: Member
    facts: Sequence[Fact]
    sop: Bound | None

    @property
    def actor(self) -> str:
        """How the journal names the officer."""
        return ledger.member(self.member.pk)

    @property
    def is_open(self) -> bool:
        """Whether anything but reopening can be done to the case."""
        return self.case.closed_at is None

    @property
    def state(self) -> CaseState | None:
        """What the fold says of the case now."""
        return self.sop.state if self.sop else None

    @property
    def document(self) -> SopDocument | None:
        """The version of the SOP that the case stays on."""
        return self.sop.document if self.sop else None


def stand_of(case: Case, member: Member) -> Stand:
    """Where a case stands now. Two queries: its journal, and the calendars of its government."""
    facts = ledger.journal(case.stream)
    return Stand(case, member, facts, bound(case, clock.now(), facts))
