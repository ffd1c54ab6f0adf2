"""Handing on with a reason of the SOP, until the arbiter decides; and horizons as citizens hear of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.desk.test_case import again, do, kinds, page
from tests.world import VAGUE, Lampung, actor

from salur.cases.handle import NotPossible
from salur.cases.models import Case, Referral
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Reply
from salur.sop import handover, horizon
from salur.sop.queries import state_of


def state(case: Case) -> Any:
    with use(EVERYTHING):
        return state_of(again(case), clock.now())


def holder(case: Case) -> str:
    agency = again(case).agency
    return agency.code if agency else ""


def notices(case: Case) -> list[str]:
    with use(EVERYTHING):
        return list(Reply.objects.filter(case=case, purpose="notice").order_by("id").values_list("text", flat=True))


def bounced(lampung: Lampung, form_id: str) -> Case:
    """A case that two agencies handed on: as often as the standard SOP allows."""
    first, second = lampung.officer(f"1-{form_id}", "operator"), lampung.officer(f"2-{form_id}", "operator", "dishub")
    case = lampung.report(form_id)
    for target, reason, by in (("dishub", "not_ours", first), ("bmbk", "more_able", second)):
        act(handover.refer, case.pk, agency_id=lampung.agency(target).pk, reason=reason, actor=actor(by))
    run_until_quiet()
    return case


def test_a_handover_names_a_reason_of_the_sop_and_the_citizen_is_told(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("alasan")
    asked = operator.get(reverse("desk:case-refer", args=[case.number])).context["form"]
    assert [code for code, _ in asked.fields["reason"].choices] == [
        *("", "not_ours", "more_able", "supervisory", "arbitration")
    ]
    dishub = lampung.agency("dishub").pk
    unknown = do(operator, case, "refer", agency=dishub, reason="wrong_agency")
    assert set(unknown.context["form"].errors) == {"reason"} and holder(case) == "bmbk"
    assert do(operator, case, "refer", agency=dishub, reason="not_ours", note="Ini rambu").status_code == 302
    run_until_quiet()
    fact = next(fact for fact in ledger.journal(case.stream) if fact.kind == "case.referred")
    assert (fact.data["reason"], fact.data["note"]) == ("not_ours", "Ini rambu")
    with use(EVERYTHING):
        assert Referral.objects.get(case=case).reason == "not_ours"
    assert any("diteruskan ke Dinas Perhubungan" in text or "Dinas Perhubungan" in text for text in notices(case))
    theirs = sign_in("operator", "dishub")
    assert "Bukan kewenangan OPD ini" in page(theirs, case) and "Ini rambu" in page(theirs, case)
    theirs.cookies["django_language"] = "en"
    english = theirs.get(reverse("desk:case", args=[case.number]), headers={"accept-language": "en"}).content.decode()
    assert "agency" in english and "Not this agency" in english


def test_the_first_choice_of_an_agency_is_no_handover(sign_in: SignIn, lampung: Lampung) -> None:
    coordinator = sign_in("coordinator", "diskominfotik")
    case = lampung.report("pertama", VAGUE)
    assert "reason" not in coordinator.get(reverse("desk:case-refer", args=[case.number])).context["form"].fields
    assert do(coordinator, case, "refer", agency=lampung.agency("dishub").pk).status_code == 302
    assert (holder(case), state(case).handovers) == ("dishub", 0)


def test_after_two_handovers_only_the_arbiter_moves_the_case(sign_in: SignIn, lampung: Lampung) -> None:
    case = bounced(lampung, "pingpong")
    operator, coordinator = sign_in("operator"), sign_in("coordinator", "diskominfotik")
    assert (holder(case), state(case).handovers) == ("bmbk", 2)
    shown = page(operator, case)
    assert "call-arbiter/" in shown and "/refer/" not in shown and "Koordinator yang memutuskan" in shown
    refused = do(operator, case, "refer", agency=lampung.agency("dishub").pk, reason="not_ours")
    assert "panggil penengah" in refused.content.decode() and holder(case) == "bmbk"
    assert set(do(operator, case, "call-arbiter", reason="").context["form"].errors) == {"reason"}
    assert do(operator, case, "call-arbiter", reason="Bukan jalan, melainkan rambu").status_code == 302
    assert state(case).arbiter_called and "call-arbiter/" not in page(operator, case)
    assert "Penengah sudah dipanggil" in do(operator, case, "call-arbiter", reason="Lagi").content.decode()
    duty = next(one for one in state(case).obligations if one.code == "arbitrate")
    assert duty.open and duty.actor == "coordinator"
    assert "Penengah sudah dipanggil dan memutuskan" in do(operator, case, "verify").content.decode()
    assert operator.get(reverse("desk:case-arbitrate", args=[case.number])).status_code == 404
    assert "arbitrate/" in page(coordinator, case)
    decided = do(coordinator, case, "arbitrate", agency=lampung.agency("dishub").pk, reason="arbitration", note="Rambu")
    assert decided.status_code == 302 and holder(case) == "dishub"
    after = state(case)
    assert (after.arbiter_called, after.handovers) == (False, 0)
    assert next(one for one in after.obligations if one.code == "arbitrate").met_at is not None
    theirs = sign_in("operator", "dishub")
    assert "/refer/" in page(theirs, case), "after the decision the counting begins anew"


def test_the_arbiter_may_leave_the_case_where_it_lies(sign_in: SignIn, lampung: Lampung) -> None:
    case = bounced(lampung, "tetap")
    operator, coordinator = sign_in("operator"), sign_in("coordinator", "diskominfotik")
    do(operator, case, "call-arbiter", reason="Bukan kewenangan kami")
    form = coordinator.get(reverse("desk:case-arbitrate", args=[case.number])).context["form"]
    here = lampung.agency("bmbk").pk
    assert form.fields["agency"].choices[1][0] == here
    kept = do(coordinator, case, "arbitrate", agency=here, reason="arbitration", note="Jalan provinsi")
    assert kept.status_code == 302
    assert holder(case) == "bmbk" and kinds(case).count("case.referred") == 2 and "case.verified" in kinds(case)
    assert (state(case).arbiter_called, state(case).handovers) == (False, 0)


def test_nobody_plays_the_arbiter(lampung: Lampung) -> None:
    case = bounced(lampung, "wasit")
    operator = lampung.officer("op", "operator")
    leader = lampung.officer("kepala", "leader")
    neighbour = lampung.officer("tetangga", "coordinator", "diskominfo", "18.09")
    dishub = lampung.agency("dishub").pk
    with pytest.raises(NotPossible, match="once the arbiter was called"):
        act(handover.decide, case.pk, agency_id=dishub, actor=actor(lampung.officer("ko", "coordinator", "dishub")))
    act(handover.call_arbiter, case.pk, reason="Kami bingung", actor=actor(operator))
    for wrong in (actor(operator), actor(leader), actor(neighbour), "system", "citizen", "member:0"):
        with pytest.raises(NotPossible):
            act(handover.decide, case.pk, agency_id=dishub, reason="arbitration", actor=wrong)
        with pytest.raises(NotPossible):
            act(handover.refer, case.pk, agency_id=dishub, reason="not_ours", actor=wrong)
    assert holder(case) == "bmbk"


def test_the_arbiter_is_called_only_when_it_is_time(lampung: Lampung) -> None:
    operator = lampung.officer("op", "operator")
    case = lampung.report("dini")
    with pytest.raises(NotPossible, match="can still be handed over"):
        act(handover.call_arbiter, case.pk, reason="Malas", actor=actor(operator))


def scheduled(case: Case, by: str, **changed: Any) -> None:
    today = clock.today("Asia/Jakarta")
    answers = {
        "horizon": "medium",
        "reason": "Perlu anggaran perubahan",
        "owner": "Bidang Jembatan",
        "plan": "apbd_change",
        "plan_reference": "2027, kegiatan 4",
        "promised_on": today + timedelta(days=300),
        "review_on": today + timedelta(days=60),
    }
    act(horizon.set_horizon, case.pk, **(answers | changed), actor=by)
    run_until_quiet()


def test_citizens_hear_of_every_change_of_the_horizon_in_the_words_of_the_sop(lampung: Lampung, client: Client) -> None:
    by = actor(lampung.officer("op", "operator"))
    case = lampung.report("jangka")
    scheduled(case, by)
    assert notices(case)[-1].startswith(f"Laporan {case.number} kini ditangani sebagai jangka menengah: Perlu anggaran")
    scheduled(case, by, reason="")
    assert len(notices(case)) == 1, "set again without moving anything it tells nobody anything"
    today = clock.today("Asia/Jakarta")
    with pytest.raises(NotPossible, match="say why"):
        scheduled(case, by, promised_on=today + timedelta(days=310), reason=" ")
    scheduled(case, by, promised_on=today + timedelta(days=310), reason="Lelang diulang")
    assert "Lelang diulang." in notices(case)[-1] and len(notices(case)) == 2
    assert state(case).reclassified == 0
    later = {"promised_on": today + timedelta(days=900), "plan": "rpjmd", "plan_reference": "hal. 12"}
    scheduled(case, by, horizon="long", reason="Perlu jembatan baru", **later)
    assert "jangka panjang: Perlu jembatan baru." in notices(case)[-1] and state(case).reclassified == 1
    assert "Jangka penanganan sudah diubah 1 kali" in client.get(f"/lacak/{case.number}/").content.decode()
    scheduled(case, by, horizon="short", reason="Dikerjakan dengan pemeliharaan rutin")
    assert "jangka pendek. Dikerjakan dengan pemeliharaan rutin." in notices(case)[-1]
    told = state(case)
    assert (told.owner, told.promised_on, told.milestones, told.reclassified) == ("", None, (), 2)


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "Bidang Jalan"},
        {"plan": "rkpd"},
        {"plan_reference": "2028"},
        {"promised_on": 299},
        {"milestones": [("Lelang", 50)]},
        {"milestones": [("Studi", 21)]},
        {"milestones": []},
    ],
    ids=str,
)
def test_whatever_changes_in_the_drawer_needs_a_reason_and_is_told_once(lampung: Lampung, change: Any) -> None:
    by = actor(lampung.officer("op", "operator"))
    case = lampung.report("laci")
    today = clock.today("Asia/Jakarta")
    stands = {"milestones": [("Studi", today + timedelta(days=20))]}
    scheduled(case, by, **stands)
    if "milestones" in change:
        change = {"milestones": [(name, today + timedelta(days=days)) for name, days in change["milestones"]]}
    if "promised_on" in change:
        change = {"promised_on": today + timedelta(days=change["promised_on"])}
    with pytest.raises(NotPossible, match="say why"):
        scheduled(case, by, **(stands | change), reason=" ")
    scheduled(case, by, **(stands | change), reason="Lelang gagal")
    assert len(notices(case)) == 2 and "Lelang gagal." in notices(case)[-1]
    assert state(case).reclassified == 0, "the horizon is the same"


def test_only_a_review_puts_the_next_review_off(lampung: Lampung) -> None:
    by = actor(lampung.officer("op", "operator"))
    case = lampung.report("tunda")
    start, today = clock.now(), clock.today("Asia/Jakarta")
    scheduled(case, by)
    for horizon_ in ({}, {"horizon": "long", "plan": "rpjmd", "reason": "Jembatan baru"}):
        with pytest.raises(NotPossible, match="only a review puts the next review off"):
            scheduled(case, by, **horizon_, review_on=today + timedelta(days=61))
    scheduled(case, by, review_on=today + timedelta(days=40), reason="")
    assert state(case).review_on == today + timedelta(days=40) and len(notices(case)) == 1
    with clock.turned_to(start + timedelta(days=45)):
        # To set it again would begin it anew, and it would be late no longer.
        for days in (40, 46):
            with pytest.raises(NotPossible, match="review the case first"):
                scheduled(case, by, review_on=today + timedelta(days=days), owner="Bidang Jalan", reason="Berganti")
        assert next(one for one in state(case).obligations if one.code == "review" and one.open).breached
        act(horizon.review, case.pk, note="Lelang berjalan.", next_review_on=today + timedelta(days=100), actor=by)
        run_until_quiet()
    assert state(case).review_on == today + timedelta(days=100) and "Lelang berjalan." in notices(case)[-1]


def test_the_form_says_that_only_a_review_puts_a_review_off(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("formulir")
    today = clock.today("Asia/Jakarta")
    scheduled(case, actor(operator.member))  # type: ignore[attr-defined]  # set by sign_in
    shown = operator.get(reverse("desk:case-horizon", args=[case.number])).context["form"].initial
    later = do(operator, case, "horizon", **shown | {"review_on": today + timedelta(days=70)})
    assert set(later.context["form"].errors) == {"review_on"} and "Hanya peninjauan" in later.content.decode()
    silent = do(operator, case, "horizon", **shown | {"owner": "Bidang Jalan"})
    assert set(silent.context["form"].errors) == {"reason"}
    with clock.turned_to(clock.now() + timedelta(days=61)):
        operator.force_login(operator.member.user)  # type: ignore[attr-defined]  # two months later
        late = do(operator, case, "horizon", **shown | {"owner": "Bidang Jalan", "reason": "Bidang berganti"})
        assert "Tinjauan sudah lewat: tinjau laporan ini dahulu" in late.content.decode()
    assert state(case).owner == "Bidang Jembatan"
    told = do(operator, case, "horizon", **shown | {"owner": "Bidang Jalan", "reason": "Bidang berganti"})
    assert told.status_code == 302 and state(case).owner == "Bidang Jalan"


def test_what_the_sop_demands_is_demanded_of_every_caller(lampung: Lampung) -> None:
    by = actor(lampung.officer("op", "operator"))
    case = lampung.report("syarat")
    today = clock.today("Asia/Jakarta")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"owner": " "}, "in charge"),
        ({"plan": ""}, "choose the plan"),
        ({"plan": "rpjmd"}, "does not name this plan"),
        ({"plan_reference": ""}, "reference in the plan"),
        ({"promised_on": None}, "by which it is promised"),
        ({"review_on": None}, "next review"),
        ({"promised_on": today}, "promised date must lie in the future"),
        ({"promised_on": today + timedelta(days=366)}, "promised date lies further away"),
        ({"review_on": today + timedelta(days=91)}, "review date lies further away"),
        ({"milestones": [("A", today), ("A", today)]}, "a name of its own"),
        ({"milestones": [(" ", today)]}, "a name of its own"),
        ({"milestones": [("A", today + timedelta(days=301))]}, "after the promised date"),
        ({"milestones": [(str(n), today) for n in range(21)]}, "at most twenty"),
        ({"horizon": "forever"}, "does not know this horizon"),
        ({"reason": ""}, "say why"),
    ]
    for changed, said in wrong:
        with pytest.raises(NotPossible, match=said):
            scheduled(case, by, **changed)
    assert again(case).horizon == "short" and notices(case) == []
    scheduled(case, by, promised_on=today + timedelta(days=365), review_on=today + timedelta(days=90))
    assert again(case).horizon == "medium"


def test_a_milestone_is_reached_once_and_stays_reached(lampung: Lampung) -> None:
    by = actor(lampung.officer("op", "operator"))
    case = lampung.report("tonggak")
    today = clock.today("Asia/Jakarta")
    steps: list[tuple[str, date]] = [("Lelang", today + timedelta(days=50)), ("Studi", today + timedelta(days=20))]
    with pytest.raises(NotPossible, match="no milestone"):
        act(horizon.reach_milestone, case.pk, name="Studi", actor=by)
    scheduled(case, by, milestones=steps)
    assert [one.name for one in state(case).milestones] == ["Studi", "Lelang"]
    act(horizon.reach_milestone, case.pk, name="Studi", note="Selesai", actor=by)
    for name, said in (("Studi", "reached already"), ("Lain", "no milestone")):
        with pytest.raises(NotPossible, match=said):
            act(horizon.reach_milestone, case.pk, name=name, actor=by)
    more = [*steps, ("Serah terima", today + timedelta(days=200))]
    scheduled(case, by, milestones=more, reason="Ada serah terima")
    assert [one.reached_at is not None for one in state(case).milestones] == [True, False, False]


def test_a_milestone_noted_late_was_reached_then_but_not_before_it_was_agreed(lampung: Lampung) -> None:
    by = actor(lampung.officer("op", "operator"))
    case = lampung.report("tonggak-lama")
    start, today = clock.now(), clock.today("Asia/Jakarta")
    with clock.turned_to(start + timedelta(days=5)):
        scheduled(case, by, milestones=[("Studi", today + timedelta(days=20))])
    with clock.turned_to(start + timedelta(days=30)):
        with pytest.raises(NotPossible, match="agreed only later"):
            act(horizon.reach_milestone, case.pk, name="Studi", happened_at=start + timedelta(days=4), actor=by)
        done = start + timedelta(days=18)
        act(horizon.reach_milestone, case.pk, name="Studi", happened_at=done, actor=by)
        assert [one.reached_at for one in state(case).milestones] == [done]
