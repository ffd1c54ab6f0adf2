"""A passed deadline climbs its ladder: once a rung, to the right desk, until the duty is done."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.desk.conftest import signed_in
from tests.world import Lampung, actor

from salur.agencies.actors import fills
from salur.agencies.calendars import add_calendar
from salur.agencies.members import CannotAdd
from salur.agencies.models import Member
from salur.agencies.queries import calendars_of
from salur.cases.handle import verify
from salur.cases.models import Case
from salur.journey.act import act
from salur.journey.worker import sweep
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import recount
from salur.sop.document.load import STANDARD
from salur.sop.document.write import set_value
from salur.sop.escalate import project
from salur.sop.models import Escalation
from salur.sop.queries import document_in, state_of
from salur.sop.rebuild import rebuild
from salur.sop.sign import adopt_text

HEAD = {"role": "leader", "government_wide": False, "named": False}
SECRETARY = {"role": "leader", "government_wide": True, "named": True}


@pytest.fixture
def late(lampung: Lampung) -> Case:
    """A report of a road that nobody touched for two months."""
    with clock.turned_to(clock.now() - timedelta(days=60)):
        return lampung.report("lama")


def rungs(case: Case) -> list[tuple[str, int, str]]:
    """The rungs in the journal, as (obligation, rung, actor)."""
    facts = ledger.journal(case.stream)
    return [(f.data["code"], f.data["rung"], f.data["to"]) for f in facts if f.kind == "obligation.escalated"]


def page(member: Member, name: str = "escalations") -> str:
    """What an officer reads on the page of escalations."""
    return browser(member).get(reverse(f"desk:{name}")).content.decode()


def browser(member: Member) -> Client:
    return signed_in(member)


def test_each_rung_is_reached_once(late: Case) -> None:
    sweep()
    first = rungs(late)
    assert ("answer", 1, "head_of_agency") in first and ("answer", 2, "regional_secretary") in first
    assert len(first) == len(set(first))
    with use(EVERYTHING):
        assert Escalation.objects.filter(case=late, open=True).count() == len(first)
    sweep()
    assert rungs(late) == first


def test_a_ladder_calls_the_head_of_the_agency_and_the_named_secretary(late: Case, lampung: Lampung) -> None:
    head = lampung.officer("kepala", "leader")
    other = lampung.officer("kepala-lain", "leader", "dishub")
    secretary = lampung.officer("sekda", "leader", "diskominfotik", position="regional_secretary", government_wide=True)
    neighbour = lampung.officer(
        "sekda-tetangga", "leader", "diskominfo", "18.09", position="regional_secretary", government_wide=True
    )
    assert late.number not in page(head)
    sweep()
    assert late.number in page(head) and late.number in page(secretary)
    assert late.number not in page(other) and late.number not in page(neighbour)
    assert "kewajiban terlewat" in page(head, "queue")  # the number beside the menu, where a leader comes in
    assert "Menjawab warga" in page(secretary)


def test_an_entry_goes_when_the_duty_is_done(late: Case, lampung: Lampung) -> None:
    coordinator = lampung.officer("koordinator", "coordinator", "diskominfotik")
    sweep()
    with use(EVERYTHING):
        assert Escalation.objects.get(case=late, code="verify").open
    act(verify, late.pk, actor=actor(coordinator))
    with use(EVERYTHING):
        assert not Escalation.objects.get(case=late, code="verify").open
        assert Escalation.objects.filter(case=late, code="answer", open=True).exists()


def test_the_rows_can_be_made_again_from_the_journal(late: Case) -> None:
    sweep()
    with use(EVERYTHING):
        before = list(Escalation.objects.filter(case=late).order_by("code", "rung").values())
        Escalation.objects.filter(case=late).delete()
        state = state_of(late, clock.now())
        document = document_in(ledger.journal(late.stream))
        assert state is not None and document is not None
        project(late.pk, late.government_id, state, document, ledger.journal(late.stream))
        after = list(Escalation.objects.filter(case=late).order_by("code", "rung").values())
    assert [{**row, "id": 0} for row in after] == [{**row, "id": 0} for row in before] != []


def test_who_fills_an_actor(lampung: Lampung) -> None:
    roads = lampung.agency("bmbk").pk
    head = lampung.officer("kepala", "leader")
    secretary = lampung.officer("sekda", "leader", position="regional_secretary", government_wide=True)
    clerk = lampung.officer("petugas", "operator")
    elsewhere = lampung.agency("dishub").pk
    assert fills(head, "head_of_agency", **HEAD, case_agency_id=roads)
    assert not fills(head, "head_of_agency", **HEAD, case_agency_id=elsewhere)
    assert not fills(head, "head_of_agency", **HEAD, case_agency_id=None)
    assert not fills(head, "regional_secretary", **SECRETARY, case_agency_id=roads)
    assert not fills(clerk, "head_of_agency", **HEAD, case_agency_id=roads)
    assert not fills(secretary, "head_of_agency", **HEAD, case_agency_id=roads)
    assert fills(secretary, "regional_secretary", **SECRETARY, case_agency_id=None)
    head.active = False
    assert not fills(head, "head_of_agency", **HEAD, case_agency_id=roads)


def test_only_a_leader_answers_for_the_whole_government(lampung: Lampung) -> None:
    with pytest.raises(CannotAdd, match="only a leader"):
        lampung.officer("luas", "operator", government_wide=True)


def test_a_deadline_that_moves_away_ends_the_call_and_is_called_again(late: Case, lampung: Lampung) -> None:
    head = lampung.officer("kepala", "leader")
    sweep()
    assert late.number in page(head)
    with use(EVERYTHING):
        assert Case.objects.get(pk=late.pk).breaches > 0
        calendar = calendars_of(lampung.province.pk)["default"].to_document()
    # A decree that closes the last two months: nothing of it counts, every deadline lies ahead again.
    days = [clock.today("Asia/Jakarta") - timedelta(days=number) for number in range(62)]
    taken = {holiday["date"] for holiday in calendar["holidays"]}
    calendar["holidays"] += [
        {"date": str(day), "name": "Uji", "kind": "local"} for day in days if str(day) not in taken
    ]
    with use(EVERYTHING):
        add_calendar(lampung.province, "default", calendar)
    recount.ask(lampung.province.pk, "uji", "member:1")
    while recount.take_some(50):
        pass
    assert late.number not in page(head)
    with use(EVERYTHING):
        assert Case.objects.get(pk=late.pk).breaches == 0
        assert not Escalation.objects.filter(case=late, open=True).exists()
    before = rungs(late)
    with clock.turned_to(clock.now() + timedelta(days=60)):
        sweep()
        assert late.number in page(head)
        with use(EVERYTHING):
            assert Case.objects.get(pk=late.pk).breaches > 0
            assert [one for one in rebuild(write=False) if one] == []
    assert len(rungs(late)) == 2 * len(before)  # each rung once for each deadline


def test_whoever_fills_the_place_in_the_version_of_the_case_is_called(late: Case, lampung: Lampung) -> None:
    head = lampung.officer("kepala", "leader")
    sweep()
    text = STANDARD.read_text(encoding="utf-8").replace("head_of_agency", "chief")
    text = set_value(text, ("version",), 2)
    text = set_value(text, ("dates", "effective"), str(clock.today("Asia/Jakarta")))
    with use(EVERYTHING):
        adopt_text(lampung.province, text, signed_by="Sekda", actor="system")
    assert late.number in page(head)


def test_rows_that_went_astray_are_found_and_mended(late: Case) -> None:
    sweep()
    with use(EVERYTHING):
        Escalation.objects.filter(case=late, code="answer").delete()
        assert [one.columns for one in rebuild(write=True) if one] == [("escalations",)]
        assert [one for one in rebuild(write=False) if one] == []
        assert Escalation.objects.filter(case=late, code="answer").exists()
