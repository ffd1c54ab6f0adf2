"""The page of one case and what officers do to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.desk.conftest import SignIn
from tests.world import VAGUE, Lampung, actor

from salur.cases.handle import NotPossible, follow_up, hold, verify
from salur.cases.models import Case
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch, Reply
from salur.sop.queries import state_of


def again(case: Case) -> Case:
    with use(EVERYTHING):
        return Case.objects.select_related("agency").get(pk=case.pk)


def kinds(case: Case) -> list[str]:
    return [fact.kind for fact in ledger.journal(case.stream)]


def mark(browser: Client, case: Case, slug: str = "follow-up") -> str:
    """What the page of an act carries as its mark."""
    return str(browser.get(reverse(f"desk:case-{slug}", args=[case.number])).context["seen"])


def do(browser: Client, case: Case, slug: str, **answers: Any) -> Any:
    """Open the page of an act, fill it, post it."""
    return browser.post(reverse(f"desk:case-{slug}", args=[case.number]), {"seq": mark(browser, case, slug), **answers})


def page(browser: Client, case: Case) -> str:
    return browser.get(reverse("desk:case", args=[case.number])).content.decode()


def reply_of(case: Case, purpose: str) -> Reply:
    with use(EVERYTHING):
        found: Reply = Reply.objects.get(case=case, purpose=purpose)
        return found


def test_from_the_report_to_the_answer(sign_in: SignIn, lampung: Lampung) -> None:
    operator, approver = sign_in("operator", name="sari"), sign_in("approver", name="budi")
    case = lampung.report("jalan", name="Contoh Warga", phone="0800000001")
    shown = page(operator, case)
    assert "Gading Rejo" in shown and "Contoh Warga" in shown and "Memeriksa dan meneruskan laporan" in shown
    assert do(operator, case, "verify").status_code == 302
    assert do(operator, case, "follow-up", note="Ditambal pekan depan").status_code == 302
    assert do(operator, case, "draft", purpose="answer", text="Sudah ditambal.").status_code == 302
    reply = reply_of(case, "answer")
    waiting = approver.get(reverse("desk:approvals")).content.decode()
    assert case.number in waiting and "Sari" in waiting
    address = reverse("desk:reply", args=[reply.pk])
    seen = approver.get(address).context["seen"]
    assert approver.post(address, {"seq": seen, "decision": "approve"}).status_code == 302
    run_until_quiet()
    assert again(case).status == "answered"
    shown = page(operator, case)
    assert "Sari" in shown and "Budi" in shown and "menyetujui: jawaban" in shown


def test_the_two_people_rule_at_the_desk(sign_in: SignIn, lampung: Lampung) -> None:
    operator, approver = sign_in("operator"), sign_in("approver")
    case = lampung.report("dua-orang")
    do(operator, case, "draft", purpose="answer", text="Sudah.")
    reply = reply_of(case, "answer")
    address = reverse("desk:reply", args=[reply.pk])
    assert operator.get(address).status_code == 404, "an operator has no right to approve"
    with use(EVERYTHING):
        Reply.objects.filter(pk=reply.pk).update(drafted_by=actor(approver.member))  # type: ignore[attr-defined]  # set by sign_in
    shown = approver.get(address)
    assert 'value="approve"' not in shown.content.decode()
    refused = approver.post(address, {"seq": shown.context["seen"], "decision": "approve"})
    assert "Penulis konsep tidak boleh menyetujuinya sendiri" in refused.content.decode()
    assert reply_of(case, "answer").state == "submitted"


def test_a_draft_goes_back_and_comes_again(sign_in: SignIn, lampung: Lampung) -> None:
    operator, approver = sign_in("operator"), sign_in("approver")
    case = lampung.report("kembali")
    do(operator, case, "draft", purpose="progress", text="Sedang dikerjakan.")
    reply = reply_of(case, "progress")
    address = reverse("desk:reply", args=[reply.pk])
    empty = approver.post(address, {"seq": approver.get(address).context["seen"], "decision": "return", "note": " "})
    assert empty.status_code == 200 and reply_of(case, "progress").state == "submitted"
    approver.post(address, {"seq": empty.context["seen"], "decision": "return", "note": "Sebutkan tanggalnya."})
    assert "Sebutkan tanggalnya." in page(operator, case)
    revise = reverse("desk:reply-revise", args=[reply.pk])
    seen = operator.get(revise).context["seen"]
    assert operator.post(revise, {"seq": seen, "text": "Selesai 3 Desember."}).status_code == 302
    assert (reply_of(case, "progress").state, reply_of(case, "progress").text) == ("submitted", "Selesai 3 Desember.")


def test_a_form_posted_twice_acts_once_and_says_so_gently(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("dua-kali")
    answers = {"seq": mark(operator, case, "draft"), "purpose": "answer", "text": "Sudah ditambal kemarin."}
    address = reverse("desk:case-draft", args=[case.number])
    assert operator.post(address, answers).status_code == 302
    second = operator.post(address, answers)
    assert second.status_code == 409
    assert "Laporan ini berubah sementara Anda menulis" in second.content.decode()
    with use(EVERYTHING):
        assert Reply.objects.filter(case=case, purpose="answer").count() == 1


def test_who_writes_on_an_old_page_keeps_the_words_and_sees_what_happened(sign_in: SignIn, lampung: Lampung) -> None:
    sari, budi = sign_in("operator", name="sari"), sign_in("operator", name="budi")
    case = lampung.report("tabrakan")
    old = mark(sari, case)
    act(follow_up, case.pk, note="Saya sudah menelepon.", actor=actor(budi.member))  # type: ignore[attr-defined]  # set by sign_in
    address = reverse("desk:case-follow-up", args=[case.number])
    collision = sari.post(address, {"seq": old, "note": "Tulisan saya yang panjang"})
    text = collision.content.decode()
    assert collision.status_code == 409
    assert "Tulisan saya yang panjang" in text and "Budi" in text and "Saya sudah menelepon." in text
    assert kinds(case).count("case.followed_up") == 1
    assert (
        sari.post(address, {"seq": collision.context["seen"], "note": "Tulisan saya yang panjang"}).status_code == 302
    )
    assert kinds(case).count("case.followed_up") == 2


def test_what_the_system_writes_by_itself_is_no_collision(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("sistem")
    old = mark(operator, case)
    with clock.turned_to(clock.now() + timedelta(days=200)):
        act(follow_up, case.pk, note="sistem", actor=ledger.SYSTEM)
    address = reverse("desk:case-follow-up", args=[case.number])
    assert operator.post(address, {"seq": old, "note": "Lanjut."}).status_code == 302


def test_words_of_citizens_and_officers_are_never_markup(sign_in: SignIn, lampung: Lampung) -> None:
    evil = "<script>alert(1)</script>"
    operator, coordinator = sign_in("operator"), sign_in("coordinator", "diskominfotik")
    case = lampung.report("jahat", f"{evil} jalan berlubang di Gading Rejo", title=evil, name=evil, agency="bmbk")
    do(operator, case, "follow-up", note=evil)
    do(operator, case, "draft", purpose="answer", text=evil)
    judged = sign_in("approver").get(reverse("desk:reply", args=[reply_of(case, "answer").pk]))
    pages = [page(operator, case), coordinator.get(reverse("desk:queue")).content.decode(), judged.content.decode()]
    for shown in pages:
        assert evil not in shown and "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_hidden_names_stay_hidden(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    for flag in ("anonymous", "confidential"):
        case = lampung.report(flag, name="Contoh Pelapor", phone="0800000002", **{flag: True})
        shown = page(operator, case)
        assert "Anonim" in shown and "Contoh Pelapor" not in shown and "0800000002" not in shown


def test_a_suggested_agency_takes_one_click(sign_in: SignIn, lampung: Lampung) -> None:
    coordinator = sign_in("coordinator", "diskominfotik")
    case = lampung.report("usul", VAGUE)
    assert again(case).agency is None
    seen = coordinator.get(reverse("desk:case", args=[case.number])).context["seen"]
    address = reverse("desk:case-refer", args=[case.number])
    response = coordinator.post(address, {"seq": seen, "agency_code": "dishub"})
    assert response.url == reverse("desk:case", args=[case.number])
    moved = again(case)
    assert moved.agency is not None and moved.agency.code == "dishub"
    unknown = coordinator.post(
        address, {"seq": mark(coordinator, case, "refer"), "agency_code": "x", "reason": "not_ours"}
    )
    assert unknown.status_code == 200 and unknown.context["form"].errors["agency"]


def test_a_case_handed_away_leaves_the_sight_of_the_one_who_did(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("pergi")
    response = do(operator, case, "refer", agency=lampung.agency("dishub").pk, reason="not_ours", note="")
    assert response.url == reverse("desk:queue")
    assert operator.get(reverse("desk:case", args=[case.number])).status_code == 404
    assert sign_in("operator", "dishub").get(reverse("desk:case", args=[case.number])).status_code == 200


def test_a_long_horizon_is_not_a_drawer(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("lama")
    bare = do(operator, case, "horizon", horizon="long")
    demanded = {"owner", "plan", "plan_reference", "promised_on", "review_on"}
    assert set(bare.context["form"].errors) == {"reason", *demanded}
    today = timezone.localdate()
    full = {
        "reason": "Menunggu anggaran.",
        "owner": "Bidang Jalan",
        "plan": "rpjmd",
        "plan_reference": "2025-2029, hal. 40",
        "promised_on": today + timedelta(days=700),
    }
    past = do(operator, case, "horizon", horizon="long", **full, review_on=today)
    assert set(past.context["form"].errors) == {"review_on"}
    later = today + timedelta(days=60)
    answers = {**full, "review_on": later, "milestones": f"{later:%d-%m-%Y} Studi selesai\n2027-08-01 Lelang"}
    assert do(operator, case, "horizon", horizon="long", **answers).status_code == 302
    assert (again(case).horizon, again(case).review_on) == ("long", later)
    shown = page(operator, case)
    for told in ("Bidang Jalan", "RPJMD 2025-2029, hal. 40", "Studi selesai", "Lelang", "Menunggu anggaran."):
        assert told in shown, told
    filled = operator.get(reverse("desk:case-horizon", args=[case.number])).context["form"]
    assert filled["milestones"].value() == f"{later:%d-%m-%Y} Studi selesai\n01-08-2027 Lelang"
    next_review = later + timedelta(days=60)
    assert do(operator, case, "review", note="Masuk anggaran.", next_review_on=next_review).status_code == 302
    assert again(case).review_on == next_review
    assert do(operator, case, "milestone", name="Studi selesai").status_code == 302
    assert "mencatat tonggak tercapai: Studi selesai" in page(operator, case)
    only = operator.get(reverse("desk:case-milestone", args=[case.number])).context["form"].fields["name"].choices
    assert [name for name, _ in only] == ["Lelang"]


def test_what_the_sop_does_not_allow_is_told_beside_its_field(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("batas")
    today = timezone.localdate()
    full = {
        "horizon": "medium",
        "reason": "Perlu anggaran.",
        "owner": "Bidang Jalan",
        "plan": "apbd_change",
        "plan_reference": "2027",
        "promised_on": today + timedelta(days=90),
        "review_on": today + timedelta(days=30),
    }
    foreign = do(operator, case, "horizon", **full | {"plan": "rpjmd"})
    assert set(foreign.context["form"].errors) == {"plan"}
    for milestones in ("besok Lelang", "31-02-2027 Lelang", "Lelang"):
        wrong = do(operator, case, "horizon", **full | {"milestones": milestones})
        assert set(wrong.context["form"].errors) == {"milestones"} and "Lelang" in wrong.content.decode()
    too_far = do(operator, case, "horizon", **full | {"promised_on": today + timedelta(days=400)})
    assert "Tanggal janji lebih jauh daripada yang dibolehkan SOP" in too_far.content.decode()
    too_late = do(operator, case, "horizon", **full | {"review_on": today + timedelta(days=200)})
    assert "lebih jauh" in too_late.content.decode() and again(case).horizon == "short"
    assert do(operator, case, "horizon", **full).status_code == 302
    assert "Perubahan" in page(operator, case)


def test_kind_and_function_are_corrected(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("jenis")
    assert do(operator, case, "classify", kind="aspiration", function="transport").status_code == 302
    assert (again(case).kind, again(case).function_id) == ("aspiration", "transport")
    assert "mengubah jenis dari Pengaduan menjadi Aspirasi" in page(operator, case)


def test_closing_before_an_answer_is_refused_and_keeps_the_words(sign_in: SignIn, lampung: Lampung) -> None:
    coordinator = sign_in("coordinator", "diskominfotik")
    case = lampung.report("tutup")
    refused = do(coordinator, case, "close", outcome="answered", reason="Selesai menurut kami")
    text = refused.content.decode()
    assert "Belum ada jawaban yang terkirim" in text and "Selesai menurut kami" in text
    assert do(coordinator, case, "close", outcome="archived", reason="Ganda").status_code == 302
    assert again(case).closed_at is None and "orang kedua" in page(coordinator, case)
    assert do(sign_in("approver"), case, "confirm-closing").status_code == 302
    assert again(case).outcome == "archived"
    assert do(coordinator, case, "reopen", reason="Keliru ditutup").status_code == 302
    assert again(case).closed_at is None


def test_a_sending_by_hand_is_confirmed(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("antar")
    with use(EVERYTHING):
        Dispatch.objects.filter(reply__case=case).update(state="uncertain", problem="tidak ada jawaban")
        dispatch = Dispatch.objects.get(reply__case=case)
    assert case.number in operator.get(reverse("desk:outbox")).content.decode()
    assert "tidak ada jawaban" in page(operator, case)
    address = reverse("desk:dispatch-decide", args=[dispatch.pk])
    first = operator.post(address, {"went_out": "yes", "back": "outbox"}, follow=True)
    assert "Dicatat sebagai sudah sampai." in first.content.decode()
    second = operator.post(address, {"went_out": "no", "back": "case"}, follow=True)
    assert "Pengiriman ini tidak perlu keputusan lagi" in second.content.decode()
    with use(EVERYTHING):
        assert Dispatch.objects.get(pk=dispatch.pk).state == "sent"


def in_field(instant: datetime) -> str:
    """An instant as the browser's field for date and time sends it."""
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def test_what_is_noted_late_counts_from_when_it_was_done(sign_in: SignIn, lampung: Lampung) -> None:
    monday = datetime(2026, 11, 2, 3, tzinfo=UTC)
    with clock.turned_to(monday):
        operator = sign_in("operator")
        case = lampung.report("telat-catat")
        do(operator, case, "verify")
        run_until_quiet()
    with clock.turned_to(monday + timedelta(days=21)):
        operator.force_login(operator.member.user)  # type: ignore[attr-defined]  # set by sign_in
        assert "Terlambat" in page(operator, case)
        for wrong, said in (
            (monday - timedelta(hours=1), "baru dibuka pada 2 November 2026 10:00"),
            (monday + timedelta(days=22), "Waktu ini belum terjadi"),
        ):
            refused = do(operator, case, "follow-up", note="Dirapatkan", happened_at=in_field(wrong))
            assert set(refused.context["form"].errors) == {"happened_at"} and said in refused.content.decode()
        done = do(operator, case, "follow-up", note="Dirapatkan", happened_at=in_field(monday + timedelta(days=2)))
        assert done.status_code == 302
        run_until_quiet()
        fact = next(fact for fact in ledger.journal(case.stream) if fact.kind == "case.followed_up")
        assert fact.data["happened_at"] == "2026-11-04T10:00:00+07:00" and fact.at == monday + timedelta(days=21)
        duty = next(one for one in state_of(again(case), clock.now()).obligations if one.code == "follow_up")
        assert (duty.met_at, duty.breached) == (monday + timedelta(days=2), False)
        assert "Dikerjakan 4 November 2026 10:00, dicatat 23 November 2026 10:00." in page(operator, case)


def test_what_is_noted_at_once_carries_no_other_instant(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("langsung")
    do(operator, case, "verify")
    do(operator, case, "follow-up", note="Dirapatkan", happened_at=in_field(again(case).opened_at))
    verified, followed = (
        next(fact for fact in ledger.journal(case.stream) if fact.kind == kind)
        for kind in ("case.verified", "case.followed_up")
    )
    assert "happened_at" not in verified.data
    told = datetime.fromisoformat(followed.data["happened_at"])
    assert told == again(case).opened_at, "the minute in which the report was opened counts from the opening"


def test_a_verb_takes_no_instant_that_cannot_be(lampung: Lampung) -> None:
    case = lampung.report("mustahil")
    for at, said in (
        (clock.now() + timedelta(minutes=5), "future"),
        (again(case).opened_at - timedelta(days=1), "before the report"),
    ):
        for verb in (follow_up, verify):
            with pytest.raises(NotPossible, match=said):
                act(verb, case.pk, note="x", happened_at=at, actor="member:1")
    assert not {"case.followed_up", "case.verified"} & set(kinds(case))


def test_force_majeure_says_what_happened(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("banjir")
    with pytest.raises(NotPossible, match="write what happened"):
        act(hold, case.pk, reason="force_majeure", note=" ", actor="member:1")
    assert set(do(operator, case, "hold", note="").context["form"].errors) == {"note"}
    assert do(operator, case, "hold", note="Jembatan <b>putus</b> diterjang banjir").status_code == 302
    fact = next(fact for fact in ledger.journal(case.stream) if fact.kind == "case.held")
    assert (fact.data["reason"], fact.data["note"]) == ("force_majeure", "Jembatan <b>putus</b> diterjang banjir")
    assert "Jembatan &lt;b&gt;putus&lt;/b&gt; diterjang banjir" in page(operator, case)
