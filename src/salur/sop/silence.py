"""The SOP's closure rule: silence closes what was answered, and archives what was asked and never completed."""

from salur.cases.closing import close
from salur.cases.models import Case
from salur.kernel import clock, ledger
from salur.sop.advance import advance
from salur.sop.queries import state_of


def close_by_silence(case_id: int) -> None:
    """Close a case whose silence has run out, under the outcome its SOP names; else bring its columns up to date."""
    ledger.hold(f"case:{case_id}")
    case = Case.objects.get(pk=case_id)
    now = clock.now()
    state = state_of(case, now)
    if state and state.closes_at and state.closes_at <= now and state.closed_at is None:
        close(case_id, by="system", outcome=state.closes_as, reason="silence", actor=ledger.SYSTEM)
    else:
        advance(case_id, case.government_id)  # the column that brought us here is out of date
