"""Nothing is read outside a scope, and a scope shows only what is its own."""

import pytest
from tests.world import Lampung, actor

from salur.agencies.queries import scope_of
from salur.cases.handle import classify
from salur.cases.models import Case
from salur.journey.act import act
from salur.kernel.tenancy import EVERYTHING, NoScope, Scope, Tenant, use


@pytest.mark.parametrize("model", Tenant.__subclasses__(), ids=lambda model: model.__name__)
def test_reading_a_tenant_table_outside_a_scope_is_refused(model: type[Tenant]) -> None:
    with pytest.raises(NoScope):
        model.objects.all()


def test_each_officer_sees_their_own(lampung: Lampung) -> None:
    road = lampung.report("jalan")
    school = lampung.report(
        "sekolah", "SMA Negeri di Metro meminta iuran, gedung sekolah juga rusak.", agency="disdikbud"
    )
    near = lampung.report("tetangga", "Jalan kabupaten rusak di Gedong Tataan.", government="18.09")
    seen = {
        "operator of the road agency": (lampung.officer("a", "operator"), {road.pk}),
        "operator of the school agency": (lampung.officer("b", "operator", "disdikbud"), {school.pk}),
        "coordinator": (lampung.officer("c", "coordinator", "diskominfotik"), {road.pk, school.pk}),
        "neighbour": (lampung.officer("d", "coordinator", "diskominfo", "18.09"), {near.pk}),
    }
    for who, (member, expected) in seen.items():
        with use(scope_of(member)):
            assert set(Case.objects.values_list("pk", flat=True)) == expected, who
    with use(EVERYTHING):
        assert Case.objects.count() == 3


def test_scopes_nest_and_the_inner_one_counts(lampung: Lampung) -> None:
    lampung.report("jalan")
    with use(EVERYTHING):
        with use(Scope(lampung.regency.pk)):
            assert not Case.objects.exists()
        assert Case.objects.count() == 1


def test_a_supervisory_complaint_leaves_the_sight_of_the_accused_agency(lampung: Lampung) -> None:
    case = lampung.report("pungli", "Oknum pegawai Bina Marga minta pungli supaya jalan diperbaiki.", agency="bmbk")
    accused = lampung.officer("a", "operator")
    inspector = lampung.officer("i", "operator", "inspektorat")
    with use(scope_of(accused)):
        assert not Case.objects.exists()
    with use(scope_of(inspector)):
        assert list(Case.objects.values_list("pk", flat=True)) == [case.pk]


def test_a_case_that_becomes_supervisory_leaves_the_accused_agency_in_the_same_act(lampung: Lampung) -> None:
    officer, inspector = lampung.officer("a", "operator"), lampung.officer("i", "operator", "inspektorat")
    case = lampung.report("satu", agency="bmbk")
    act(classify, case.pk, kind="supervisory_complaint", function=None, actor=actor(officer))
    with use(scope_of(officer)):
        assert not Case.objects.exists()
    with use(scope_of(inspector)):
        assert Case.objects.filter(pk=case.pk).exists()
