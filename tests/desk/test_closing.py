"""Closing as the SOP demands: evidence, a second person, the citizen's own word; and striking out what was wrong."""

from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.desk.test_case import again, do, kinds, page
from tests.world import Lampung, actor

from salur.cases import correct, evidence
from salur.cases.handle import NotPossible, classify, follow_up, verify
from salur.cases.models import Case, Evidence
from salur.channels.ports import Attachment
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.replies import approve, draft
from salur.sop import closing
from salur.sop.document.load import STANDARD
from salur.sop.models import SopVersion
from salur.sop.queries import state_of
from salur.sop.versions import document_of

PNG = b"\x89PNG\r\n\x1a\n"
CONFIRM, REFUSE = "confirm-closing", "refuse-closing"


def photo(content: bytes = b"satu", name: str = "Sesudah.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG + content, content_type="text/html")


def file(content: bytes) -> Attachment:
    return Attachment("foto.png", "image/png", PNG + content)


def answered(lampung: Lampung, form_id: str) -> Case:
    """A case whose answer went out."""
    drafter, approver = lampung.officer(f"o-{form_id}", "operator"), lampung.officer(f"a-{form_id}", "approver")
    case = lampung.report(form_id)
    reply = act(draft, case.pk, purpose="answer", text="Sudah ditambal.", actor=actor(drafter))
    act(approve, reply.pk, actor=actor(approver))
    run_until_quiet()
    return again(case)


def state(case: Case) -> Any:
    with use(EVERYTHING):
        return state_of(again(case), clock.now())


def signed_anew(lampung: Lampung, closure: dict[str, Any]) -> None:
    """Let new cases of the province run under another closure rule."""
    text = yaml.safe_load(STANDARD.read_text(encoding="utf-8"))
    text["closure"] |= closure
    with use(EVERYTHING):
        SopVersion.objects.filter(government=lampung.province).update(
            text=yaml.safe_dump(text, allow_unicode=True), sha256="0" * 64
        )
    document_of.cache_clear()


@pytest.fixture(autouse=True)
def documents_read_again() -> Any:
    yield
    document_of.cache_clear()


def test_completed_needs_evidence_first(sign_in: SignIn, lampung: Lampung) -> None:
    operator, approver = sign_in("operator"), sign_in("approver")
    case = answered(lampung, "bukti")
    asked = approver.get(reverse("desk:case-close", args=[case.number])).content.decode()
    assert "Selesai: memerlukan bukti di laporan" in asked and "dikonfirmasi orang kedua" in asked
    refused = do(approver, case, "close", outcome="completed", reason="Sudah ditambal")
    assert "Tambahkan bukti dahulu" in refused.content.decode() and again(case).closed_at is None
    assert do(operator, case, "evidence", file=photo(), note="Depan pasar, 20 November").status_code == 302
    shown = page(approver, case)
    assert "Sesudah.png" in shown and "Depan pasar, 20 November" in shown
    assert do(approver, case, "close", outcome="completed", reason="Sudah ditambal").status_code == 302
    assert (again(case).status, again(case).outcome) == ("closed", "completed")


def test_only_photographs_and_documents_are_evidence_and_each_once(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    case = lampung.report("jenis-berkas")
    evil = SimpleUploadedFile("foto.png", b"<svg onload=alert(1)>", content_type="image/png")
    assert set(do(operator, case, "evidence", file=evil).context["form"].errors) == {"file"}
    large = SimpleUploadedFile("foto.png", PNG + b"0" * (5 * 1024 * 1024), content_type="image/png")
    assert set(do(operator, case, "evidence", file=large).context["form"].errors) == {"file"}
    assert set(do(operator, case, "evidence").context["form"].errors) == {"file"}
    assert do(operator, case, "evidence", file=photo(name="../../Foto <b>.html")).status_code == 302
    twice = do(operator, case, "evidence", file=photo(name="lain.png"))
    assert "sudah menjadi bukti laporan ini" in twice.content.decode()
    with use(EVERYTHING):
        kept = Evidence.objects.get(case=case)
    assert kept.name.endswith(".png") and "/" not in kept.name and kept.content_type == "image/png"
    download = operator.get(reverse("desk:evidence", args=[kept.pk]))
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(download.streaming_content) == PNG + b"satu"
    assert sign_in("operator", "dishub").get(reverse("desk:evidence", args=[kept.pk])).status_code == 404


def test_one_photograph_for_two_reports_is_taken_and_said(sign_in: SignIn, lampung: Lampung) -> None:
    operator = sign_in("operator")
    first, second = lampung.report("foto-1"), lampung.report("foto-2")
    elsewhere = lampung.report("foto-3", government="18.09")
    act(evidence.add_evidence, elsewhere.pk, file=file(b"satu"), actor="member:1")
    do(operator, first, "evidence", file=photo())
    assert "di laporan lain" not in page(operator, first), "another government's photograph is no news here"
    assert do(operator, second, "evidence", file=photo(), note="Sesudah").status_code == 302
    note = next(fact.data["note"] for fact in ledger.journal(second.stream) if fact.kind == "case.evidence_added")
    assert note == "Sesudah Peringatan: berkas yang sama juga menjadi bukti di laporan lain."
    assert "sudah pernah menjadi bukti di laporan lain" in page(operator, second)


def test_a_page_with_evidence_keeps_to_twelve_queries(sign_in: SignIn, lampung: Lampung) -> None:
    coordinator = sign_in("coordinator", "diskominfotik")
    case = answered(lampung, "hemat")
    for n in range(5):
        act(evidence.add_evidence, case.pk, file=file(bytes([n])), actor="member:1")
    with CaptureQueriesContext(connection) as queries:
        assert len(coordinator.get(reverse("desk:case", args=[case.number])).context["evidence"]) == 5
    assert len(queries) <= 12, "\n".join(query["sql"][:70] for query in queries)


def test_archiving_takes_two_people(sign_in: SignIn, lampung: Lampung) -> None:
    coordinator, approver = sign_in("coordinator", "diskominfotik"), sign_in("approver")
    case = lampung.report("arsip")
    assert do(coordinator, case, "close", outcome="archived", reason="Ganda").status_code == 302
    assert again(case).closed_at is None and state(case).closing_proposed.actor == actor(coordinator.member)
    own = page(coordinator, case)
    assert "Orang lain harus mengonfirmasinya" in own and f"{CONFIRM}/" not in own
    assert "mengonfirmasinya sendiri" in do(coordinator, case, CONFIRM).content.decode()
    assert again(case).closed_at is None
    asked = approver.get(reverse(f"desk:case-{CONFIRM}", args=[case.number])).content.decode()
    assert "Ganda" in asked and "Diarsipkan" in asked
    assert "Penutupan sudah diusulkan" in do(approver, case, "close", outcome="archived", reason="x").content.decode()
    assert set(do(approver, case, REFUSE, reason=" ").context["form"].errors) == {"reason"}
    assert do(approver, case, REFUSE, reason="Bukan ganda").status_code == 302
    assert state(case).closing_proposed is None and "Bukan ganda" in page(coordinator, case)
    assert do(coordinator, case, "close", outcome="archived", reason="Memang ganda").status_code == 302
    assert do(approver, case, CONFIRM).status_code == 302
    closed = again(case)
    assert (closed.status, closed.outcome) == ("closed", "archived")
    assert kinds(case).count("case.closed") == 1


def test_a_proposal_can_be_taken_back_and_needs_the_right(sign_in: SignIn, lampung: Lampung) -> None:
    coordinator, operator = sign_in("coordinator", "diskominfotik"), sign_in("operator")
    case = lampung.report("tarik")
    do(coordinator, case, "close", outcome="archived", reason="Ganda")
    for slug in (CONFIRM, REFUSE, "close", "void"):
        assert operator.get(reverse(f"desk:case-{slug}", args=[case.number])).status_code == 404
    assert do(coordinator, case, REFUSE, reason="Keliru").status_code == 302
    with pytest.raises(NotPossible, match="no closing is proposed"):
        act(closing.confirm, case.pk, actor=actor(sign_in("approver").member))


def test_the_citizens_word_undoes_a_proposal(sign_in: SignIn, lampung: Lampung, client: Client) -> None:
    coordinator, approver = sign_in("coordinator", "diskominfotik"), sign_in("approver")
    case = lampung.report("sela")
    do(coordinator, case, "close", outcome="archived", reason="Ganda")
    client.post(f"/lacak/{case.number}/tanggapan/", {"text": "Belum, masih berlubang."})
    run_until_quiet()
    assert "Tidak ada penutupan yang diusulkan" in do(approver, case, CONFIRM).content.decode()
    assert again(case).closed_at is None


def test_evidence_that_was_struck_out_confirms_nothing(sign_in: SignIn, lampung: Lampung) -> None:
    signed_anew(lampung, {"second_person": ["completed"]})
    operator, approver, coordinator = sign_in("operator"), sign_in("approver"), sign_in("coordinator", "diskominfotik")
    case = answered(lampung, "cabut")
    do(operator, case, "evidence", file=photo())
    assert do(approver, case, "close", outcome="completed", reason="Selesai").status_code == 302
    seq = next(fact.seq for fact in ledger.journal(case.stream) if fact.kind == "case.evidence_added")
    assert do(coordinator, case, "void", entry=seq, reason="Foto lama").status_code == 302
    assert "Tambahkan bukti dahulu" in do(coordinator, case, CONFIRM).content.decode()
    assert do(operator, case, "evidence", file=photo()).status_code == 302, "the same file may come again"
    assert do(coordinator, case, CONFIRM).status_code == 302 and again(case).outcome == "completed"


def test_what_only_the_citizen_confirms_no_officer_closes(sign_in: SignIn, lampung: Lampung, client: Client) -> None:
    signed_anew(lampung, {"citizen_confirms": ["completed"], "evidence": []})
    approver = sign_in("approver")
    case = answered(lampung, "warga")
    refused = do(approver, case, "close", outcome="completed", reason="Menurut kami selesai")
    assert "Hanya pernyataan warga" in refused.content.decode() and again(case).closed_at is None
    assert "tidak dapat menutupnya sendiri" in client.get(f"/lacak/{case.number}/").content.decode()
    client.post(f"/lacak/{case.number}/selesai/")
    last = next(fact for fact in reversed(ledger.journal(case.stream)) if fact.kind == "case.closed")
    assert (again(case).outcome, last.data["by"], last.actor) == ("completed", "citizen", "citizen")


def test_a_case_obeys_the_version_it_is_on(sign_in: SignIn, lampung: Lampung) -> None:
    """A rule that a later version brings does not bind a case that runs on an earlier one."""
    coordinator = sign_in("coordinator", "diskominfotik")
    old = lampung.report("versi-lama")
    text = yaml.safe_load(STANDARD.read_text(encoding="utf-8"))
    text |= {"version": 2, "closure": text["closure"] | {"second_person": []}}
    with use(EVERYTHING):
        one = SopVersion.objects.get(government=lampung.province)
        SopVersion.objects.create(
            government=lampung.province,
            sop=one.sop,
            version=2,
            text=yaml.safe_dump(text, allow_unicode=True),
            sha256="1" * 64,
            signed_by="Contoh Pejabat",
            signed_at=clock.now(),
            in_force_from=clock.today("Asia/Jakarta"),
        )
    new = lampung.report("versi-baru")
    for case in (old, new):
        do(coordinator, case, "close", outcome="archived", reason="Ganda")
    assert (again(old).status == "closed", again(new).status == "closed") == (False, True)


def test_a_mistaken_entry_is_struck_out_by_another_person(sign_in: SignIn, lampung: Lampung) -> None:
    operator, approver = sign_in("operator"), sign_in("approver")
    case = lampung.report("keliru")
    do(operator, case, "verify")
    do(operator, case, "follow-up", note="Ditambal pekan depan")
    before = state(case)
    assert before.status == "in_progress"
    seq = next(fact.seq for fact in ledger.journal(case.stream) if fact.kind == "case.followed_up")
    choices = approver.get(reverse("desk:case-void", args=[case.number])).context["form"].fields["entry"].choices
    assert seq in [value for value, _ in choices]
    assert do(approver, case, "void", entry=seq, reason="Salah laporan").status_code == 302
    shown = page(operator, case)
    assert "<del>Ditambal pekan depan</del>" in shown and "Salah laporan" in shown
    open_now = {one.code for one in state(case).obligations if one.open}
    assert "follow_up" not in {one.code for one in before.obligations if one.open} and "follow_up" in open_now
    assert set(do(approver, case, "void", entry=seq, reason="Lagi").context["form"].errors) == {"entry"}


def test_what_cannot_be_struck_out(lampung: Lampung) -> None:
    operator, approver = lampung.officer("op", "operator"), lampung.officer("ap", "approver")
    case = answered(lampung, "tetap")
    act(verify, case.pk, actor=actor(operator))
    act(classify, case.pk, kind="aspiration", function=None, actor=actor(operator))
    by_kind = {fact.kind: fact.seq for fact in ledger.journal(case.stream)}
    for kind in ("case.opened", "sop.started", "dispatch.sent", "case.classified", "reply.approved"):
        with pytest.raises(NotPossible, match="cannot be struck out"):
            act(correct.void, case.pk, seq=by_kind[kind], reason="x", actor=actor(approver))
    with pytest.raises(NotPossible, match="cannot be struck out"):
        act(correct.void, case.pk, seq=10_000, reason="x", actor=actor(approver))
    with pytest.raises(NotPossible, match="another person"):
        act(correct.void, case.pk, seq=by_kind["case.verified"], reason="x", actor=actor(operator))
    with pytest.raises(NotPossible, match="what is wrong"):
        act(correct.void, case.pk, seq=by_kind["case.verified"], reason=" ", actor=actor(approver))
    act(follow_up, case.pk, note="Oleh sistem", actor=ledger.SYSTEM)
    last = max(fact.seq for fact in ledger.journal(case.stream) if fact.kind == "case.followed_up")
    with pytest.raises(NotPossible, match="cannot be struck out"):
        act(correct.void, case.pk, seq=last, reason="x", actor=actor(approver))


def test_a_case_keeps_twenty_files(lampung: Lampung) -> None:
    case = lampung.report("banyak")
    for n in range(evidence.MOST):
        act(evidence.add_evidence, case.pk, file=file(bytes([n])), actor="member:1")
    with pytest.raises(NotPossible, match="twenty"):
        act(evidence.add_evidence, case.pk, file=file(b"lebih"), actor="member:1")
    with use(EVERYTHING):
        assert Evidence.objects.filter(case=case).count() == evidence.MOST == state(case).evidence
