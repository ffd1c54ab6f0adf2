"""The lab on the desk: asked on a page, answered by a worker, watched, stopped, and printed."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.world import Lampung, actor

from salur.cases.handle import follow_up, verify
from salur.insight.lab import runs
from salur.insight.models import LabRun
from salur.journey.act import act
from salur.journey.worker import sweep
from salur.kernel import clock
from salur.kernel.models import Entry
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.drafts import begin, save


@pytest.fixture
def past(lampung: Lampung) -> None:
    """Six reports of a month ago: all confirmed on the next day, the follow-up of each noted eleven days later."""
    clerk = lampung.officer("petugas", "coordinator", "diskominfotik")
    start = clock.now() - timedelta(days=40)
    for number in range(6):
        with clock.turned_to(start + timedelta(hours=number)):
            case = lampung.report(f"lalu-{number}")
        with clock.turned_to(start + timedelta(days=1)):
            act(verify, case.pk, actor=actor(clerk))
        with clock.turned_to(start + timedelta(days=12)):
            act(follow_up, case.pk, note="Sudah dirapatkan.", actor=actor(clerk))
    sweep()


@pytest.fixture
def coordinator(sign_in: SignIn) -> Client:
    return sign_in("coordinator", "diskominfotik")


def asked(browser: Client, **form: str) -> LabRun:
    today = clock.today("Asia/Jakarta")
    first = {"since": str(today - timedelta(days=60)), "until": str(today), "what": ""}
    assert browser.post(reverse("desk:lab"), first | form).status_code == 302
    with use(EVERYTHING):
        return LabRun.objects.order_by("id").last()  # type: ignore[return-value]  # one was asked


def page(browser: Client, run: LabRun) -> str:
    return browser.get(reverse("desk:lab-run", args=[run.pk])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_where_it_hurts_is_answered_by_a_worker_and_printed(past: None, coordinator: Client) -> None:
    run = asked(coordinator)
    assert "Menunggu giliran" in page(coordinator, run)
    before = Entry.objects.count()
    assert (runs.answer_next(), runs.answer_next()) == (1, 0)
    assert Entry.objects.count() == before
    told = page(coordinator, run)
    assert "Mengoordinasikan dan merumuskan tindak lanjut" in told and "6 laporan" in told
    assert "data:image/svg+xml;base64," in told
    assert "Diurutkan menurut besarnya keterlambatan" in told and "Hari kerja seluruhnya" in told
    assert "Laporan masuk" in told and "→ open" not in told
    answer = coordinator.get(reverse("desk:lab-report", args=[run.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    paper = pypdfium2.PdfDocument(answer.content)
    text = "".join(one.get_textpage().get_text_range() for one in paper)
    plain = " ".join(text.split())
    assert "Diurutkan menurut" in plain and "Jumlah menjumlahkan semua kewajiban" in plain
    assert "Evaluasi SOP" in text and "Temuan" in text and "Kepala Biro Organisasi" in text
    assert coordinator.get(reverse("desk:lab-report", args=[run.pk])).content == answer.content


@pytest.mark.django_db(transaction=True)
def test_a_draft_is_tried_on_what_was(past: None, lampung: Lampung, coordinator: Client) -> None:
    who = actor(coordinator.member)  # type: ignore[attr-defined]  # set by sign_in
    draft = act(begin, lampung.province.pk, "case_handling", actor=who)
    limit = "    within: {} working_days\n    clock: agency\n    escalation"
    text = draft.text.replace(limit.format(5), limit.format(30), 1)
    assert text != draft.text
    act(save, draft.pk, base_revision=1, text=text, what="", actor=who)
    run = asked(coordinator, what=f"d{draft.pk}")
    runs.answer_next()
    told = page(coordinator, run)
    assert "Penilaian berubah pada 6 dari 6 laporan: 0 memburuk, 6 membaik." in told
    assert "Yang tidak dikatakan angka ini" in told and "Jumlah kewajiban" in told
    assert coordinator.get(reverse("desk:lab-report", args=[run.pk])).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_run_is_stopped_and_stays_so(past: None, coordinator: Client) -> None:
    run = asked(coordinator)
    assert coordinator.post(reverse("desk:lab-cancel", args=[run.pk])).status_code == 302
    assert runs.answer_next() == 0
    assert "Dihentikan" in page(coordinator, run)
    assert coordinator.get(reverse("desk:lab-report", args=[run.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_run_stopped_after_the_last_look_never_becomes_done(
    past: None, coordinator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, count = asked(coordinator), runs.where_it_hurts

    def stopped_at_the_end(*args: Any, **named: Any) -> Any:
        found = count(*args, **named)
        assert coordinator.post(reverse("desk:lab-cancel", args=[run.pk])).status_code == 302
        return found

    monkeypatch.setattr(runs, "where_it_hurts", stopped_at_the_end)
    assert runs.answer_next() == 1
    with use(EVERYTHING):
        kept = LabRun.objects.get(pk=run.pk)
    assert (kept.state, kept.result) == ("cancelled", None)
    assert "Dihentikan" in page(coordinator, run) and "Temuan" not in page(coordinator, run)


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_worker_died_is_taken_again(past: None, coordinator: Client) -> None:
    run = asked(coordinator)
    with use(EVERYTHING):
        rows = LabRun.objects.filter(pk=run.pk)
        rows.update(state="running", beat_at=clock.now() - timedelta(seconds=30))
        assert runs.answer_next() == 0  # its worker may still be at it
        rows.update(beat_at=clock.now() - timedelta(minutes=5))
    assert runs.answer_next() == 1
    assert "Temuan" in page(coordinator, run)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_ends_leaves_the_run_to_the_next(past: None, coordinator: Client) -> None:
    run = asked(coordinator)
    runs.answer_next(lambda: True)
    with use(EVERYTHING):
        assert LabRun.objects.get(pk=run.pk).state == "waiting"


def test_a_period_that_cannot_be_is_refused_in_words(coordinator: Client) -> None:
    today = clock.today("Asia/Jakarta")
    form = {"since": str(today), "until": str(today - timedelta(days=3)), "what": ""}
    assert "sebelum" in coordinator.post(reverse("desk:lab"), form).content.decode()
    assert coordinator.post(reverse("desk:lab"), {"since": "x"}).status_code == 200
    with use(EVERYTHING):
        assert not LabRun.objects.exists()


def test_one_press_asks_for_the_last_twelve_months(coordinator: Client) -> None:
    assert coordinator.post(reverse("desk:lab"), {"report": "yes"}).status_code == 302
    with use(EVERYTHING):
        run = LabRun.objects.get()
    assert (run.until - run.since, run.kind) == (timedelta(days=365), "hurts")


def test_the_head_of_one_agency_is_told_nothing_of_the_others(coordinator: Client, sign_in: SignIn) -> None:
    run = asked(coordinator)
    head = sign_in("leader", "bmbk")
    for name, arguments in (("lab", []), ("lab-run", [run.pk]), ("lab-report", [run.pk])):
        assert head.get(reverse(f"desk:{name}", args=arguments)).status_code == 404
    assert "Lab SOP" not in head.get(reverse("desk:queue")).content.decode()


def test_one_question_at_a_time(coordinator: Client) -> None:
    asked(coordinator)
    again = coordinator.post(reverse("desk:lab"), {"report": "yes"})
    assert again.status_code == 200 and "masih menunggu jawaban" in again.content.decode()
    with use(EVERYTHING):
        assert LabRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_question_that_cannot_be_answered_ends(
    past: None, coordinator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(coordinator)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runs, "where_it_hurts", broken)
    assert (runs.answer_next(), runs.answer_next()) == (1, 0)
    assert "Gagal" in page(coordinator, run)


def test_a_neighbour_sees_nothing_of_it(coordinator: Client, sign_in: SignIn) -> None:
    run = asked(coordinator)
    neighbour = sign_in("coordinator", "diskominfo", "18.09")
    for name in ("lab-run", "lab-report"):
        assert neighbour.get(reverse(f"desk:{name}", args=[run.pk])).status_code == 404
    assert neighbour.post(reverse("desk:lab-cancel", args=[run.pk])).status_code == 404
