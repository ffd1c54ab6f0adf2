"""The demonstration holds the real structure, and its invented matters stand at every stage."""

import pytest

from salur.agencies.models import Agency, Government, Mandate, Member
from salur.agencies.queries import calendars_of
from salur.cases.models import Case
from salur.config.demo import SIGN_INS, load_demo
from salur.intake.queries import conservation
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.rebuild import rebuild
from salur.sop.versions import in_force


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
        assert conservation().understood == conservation().received > 10
        assert [found for found in rebuild(write=False) if found] == []
        before = Case.objects.count()
        load_demo()
        assert Case.objects.count() == before
