"""The way of one report, from the form to the answer and the silence after it."""

from datetime import timedelta

from tests.world import Lampung, actor

from salur.cases.handle import refer, verify
from salur.cases.models import Case
from salur.journey.act import act
from salur.journey.worker import run_until_quiet, sweep
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch, Reply
from salur.publishing.replies import approve, draft


def again(case: Case) -> Case:
    with use(EVERYTHING):
        return Case.objects.select_related("agency").get(pk=case.pk)


def kinds(case: Case) -> list[str]:
    return [fact.kind for fact in ledger.journal(case.stream)]


def test_a_report_becomes_a_case_with_agency_deadline_and_one_acknowledgement(lampung: Lampung) -> None:
    case = again(lampung.report("satu"))
    assert case.agency and case.agency.code == "bmbk"
    assert (case.status, case.kind, case.next_actor) == ("new", "complaint", "coordinator")
    assert case.due_at is not None and case.citizen_due_at is not None and case.due_at < case.citizen_due_at
    with use(EVERYTHING):
        replies = list(Reply.objects.filter(case=case))
        assert [(reply.purpose, reply.approved_by) for reply in replies] == [("acknowledgement", "system")]
        assert case.number in replies[0].text and "Dinas Bina Marga" in replies[0].text
        assert list(Dispatch.objects.values_list("state", flat=True)) == ["sent"]
    assert kinds(case)[:2] == ["case.opened", "sop.started"]
    assert ledger.first_break(case.stream) is None


def test_answer_needs_two_people_and_silence_then_closes(lampung: Lampung) -> None:
    operator, approver = lampung.officer("op", "operator"), lampung.officer("ap", "approver")
    case = lampung.report("dua")
    act(verify, case.pk, actor=actor(operator))
    assert again(case).status == "in_progress"
    reply = act(draft, case.pk, purpose="answer", text="Sudah ditambal.", actor=actor(operator))
    assert again(case).next_actor == "approver"
    act(approve, reply.pk, actor=actor(approver))
    run_until_quiet()
    answered = again(case)
    assert answered.status == "answered" and answered.closes_at is not None and answered.due_at is None
    assert sweep() == 0
    with clock.turned_to(answered.closes_at + timedelta(minutes=1)):
        assert sweep() == 1
        run_until_quiet()
    closed = again(case)
    assert (closed.status, closed.outcome) == ("closed", "silence")


def test_a_referral_moves_the_desk_and_not_the_citizens_clock(lampung: Lampung) -> None:
    coordinator = lampung.officer("ko", "coordinator", "diskominfotik")
    case = lampung.report("tiga")
    before = again(case).citizen_due_at
    act(refer, case.pk, agency_id=lampung.agency("dishub").pk, reason="wrong_agency", actor=actor(coordinator))
    after = again(case)
    assert after.agency is not None and after.agency.code == "dishub"
    assert after.citizen_due_at == before
