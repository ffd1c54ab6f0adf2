"""The demonstration holds the real structure, and its invented matters stand at every stage."""

import pytest

from salur.agencies.models import Agency, Government, Mandate, Member
from salur.agencies.queries import calendars_of
from salur.cases.models import Case
from salur.config.demo import SIGN_INS, load_demo
from salur.intake.queries import conservation
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.queries import state_of
from salur.sop.rebuild import rebuild
from salur.sop.versions import in_force


def shown_at_every_turn() -> None:
    """The demands of the SOP are all there to be seen: evidence, two people, hand-overs, plans, a correction."""
    streams = [case.stream for case in Case.objects.all()]
    journals = ledger.journals(streams).values()
    kinds = [{fact.kind for fact in facts} for facts in journals]
    said = set().union(*kinds)
    assert said >= {
        *("case.evidence_added", "case.closing_proposed", "case.arbiter_called", "case.fact_voided"),
        *("case.milestone_reached", "case.reviewed", "obligation.escalated", "obligation.breached"),
    }
    assert any({"case.evidence_added", "case.closed"} <= found for found in kinds)
    states = [state_of(case, clock.now()) for case in Case.objects.all()]
    assert {state.horizon for state in states if state} == {"short", "medium", "long"}
    assert any(state.reclassified and state.milestones for state in states if state)
    assert any(state.arbiter_called for state in states if state), "one waits for the arbiter"
    assert any(state.closing_proposed for state in states if state), "one waits for a second person"
    assert not [state.flags for state in states if state and state.flags]


@pytest.mark.django_db
def test_the_demonstration_is_lampung_and_is_loaded_once() -> None:
    with use(EVERYTHING):
        load_demo()
        governments = list(Government.objects.all())
        assert len(governments) == 16 and {one.code for one in governments} >= {
            "18",
            "18.01",
            "18.13",
            "18.71",
            "18.72",
        }
        assert Agency.objects.filter(government__code="18").count() == 49
        for one in governments:
            assert Mandate.objects.filter(government=one).exists() and in_force(one).version == 1
            assert {2025, 2026, 2027} <= set(calendars_of(one.pk)["default"].decreed_years)
        assert Member.objects.count() == len(SIGN_INS)
        statuses = set(Case.objects.values_list("status", flat=True))
        assert statuses >= {"new", "in_progress", "answered", "scheduled", "closed"}
        shown_at_every_turn()
        assert conservation().understood == conservation().received > 10
        assert [found for found in rebuild(write=False) if found] == []
        before = Case.objects.count()
        load_demo()
        assert Case.objects.count() == before
