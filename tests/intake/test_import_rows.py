"""An export becomes cases once: what stands, what fails, what is known, what the past was."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.intake.factory import report, write_csv
from tests.world import Lampung

from salur.cases.models import Case, CaseMessage, Referral
from salur.channels.ports import Raw
from salur.intake.accept import accept
from salur.intake.export_file import read_export
from salur.intake.import_rows import RowImport, Tally
from salur.intake.models import Delivery, Message
from salur.intake.queries import conservation
from salur.journey.bring_in import bring_in
from salur.journey.route import ROUTE
from salur.journey.worker import run_until_quiet
from salur.kernel import ledger
from salur.kernel.models import Entry, Waiting
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch, Reply
from salur.triage.models import Reading
from salur.triage.read import read

Reports = Sequence[dict[str, Any]]
Bring = Callable[..., Tally]


@pytest.fixture
def bring(lampung: Lampung, tmp_path: Path) -> Bring:
    """Import reports into the province; `batch` rows at a time."""

    def run(reports: Reports, *, dry_run: bool = False, batch: int = 50) -> Tally:
        found = list(read_export(write_csv(tmp_path / "export.csv", reports)).rows())
        with use(EVERYTHING):
            into, total = RowImport(lampung.account("sp4n"), dry_run=dry_run), Tally()
            for start in range(0, len(found), batch):
                rows = found[start : start + batch]
                total.add(into.take(rows) if dry_run else bring_in(into, rows))
        return total

    return run


def counts(tally: Tally) -> tuple[int, int, int, int, int]:
    assert tally.rows == tally.new + tally.known + tally.differing + len(tally.failures)
    return tally.rows, tally.new, tally.known, tally.differing, len(tally.failures)


def stored() -> list[int]:
    with use(EVERYTHING):
        return [model.objects.count() for model in (Delivery, Message, Case, Reading, Entry, Waiting, Reply)]


def case_of(number: int) -> Case:
    with use(EVERYTHING):
        links = CaseMessage.objects.select_related("case__agency")
        return links.get(message__external_id=str(7_000_000 + number)).case


def kinds(case: Case) -> list[str]:
    return [fact.kind for fact in ledger.journal(case.stream)]


def test_a_closed_report_becomes_a_closed_case_and_nobody_is_told(bring: Bring) -> None:
    assert counts(bring([report(1)])) == (1, 1, 0, 0, 0)
    case = case_of(1)
    assert case.agency is not None and case.agency.code == "dinsos"
    assert (case.status, case.outcome, case.kind, case.imported) == ("closed", "silence", "complaint", True)
    assert (case.title, case.spoken_at.isoformat()) == ("Jalan berlubang nomor 1", "2024-05-06T03:15:00+00:00")
    assert kinds(case) == ["case.opened", "case.referred", "case.closed", "sop.started"]
    assert (case.breaches, case.due_at, ledger.first_break(case.stream)) == (0, None, None)
    with use(EVERYTHING):
        assert not Reply.objects.exists() and not Dispatch.objects.exists() and not Waiting.objects.exists()
        delivery = Delivery.objects.get()
        assert json.loads(bytes(delivery.body)) == report(1)
        assert (delivery.external_id, delivery.state) == ("7000001", "understood")
        assert "Dinas Sosial Provinsi Lampung" in Referral.objects.get().note


@pytest.mark.parametrize(
    ("status", "wanted", "journal"),
    [
        ("Belum Terverifikasi", ("new", ""), ["case.opened"]),
        ("Belum Ditindaklanjuti", ("in_progress", ""), ["case.opened", "case.referred"]),
        ("Proses", ("in_progress", ""), ["case.opened", "case.referred", "case.followed_up"]),
        ("Menunggu Kelengkapan Informasi", ("awaiting_citizen", ""), ["case.opened", "case.referred", "case.held"]),
        ("Ditutup Oleh Admin", ("closed", "answered"), ["case.opened", "case.referred", "case.closed"]),
        ("Ditutup Oleh Pelapor", ("closed", "completed"), ["case.opened", "case.referred", "case.closed"]),
        ("Konten Terblokir", ("closed", "archived"), ["case.opened", "case.referred", "case.closed"]),
        ("Status Baru", ("in_progress", ""), ["case.opened", "case.referred"]),
    ],
)
def test_status_becomes_the_past(bring: Bring, status: str, wanted: tuple[str, str], journal: list[str]) -> None:
    tally = bring([report(1, Status=status)])
    case = case_of(1)
    assert (case.status, case.outcome) == wanted
    assert [kind for kind in kinds(case) if kind.startswith("case.")] == journal
    assert dict(+tally.unknown_statuses) == ({status: 1} if status == "Status Baru" else {})
    # An open one has the real limit from when the citizen spoke, though it is long past.
    assert (case.closed_at is None) == (case.citizen_due_at is not None or status.startswith("Menunggu"))
    if status.startswith("Belum"):
        assert case.citizen_due_at is not None and case.citizen_due_at.year == 2024


def test_unknown_agency_is_the_coordinators_and_its_name_is_kept(bring: Bring) -> None:
    tally = bring([report(1, Status="Proses", Instansi_Terdisposisi="Kecamatan Natar"), report(2)])
    assert dict(+tally.unknown_agencies) == {"Kecamatan Natar": 1}
    case = case_of(1)
    assert (case.agency, case.status) == (None, "new")
    with use(EVERYTHING):
        reasons = Reading.objects.get(message__external_id="7000001").result["reasons"]
    assert reasons[-1] == "SP4N-LAPOR! Status: Proses; Instansi Terdisposisi: Kecamatan Natar"


def test_supervisory_matters_go_to_the_inspectorate(bring: Bring) -> None:
    bring([report(1, Klasifikasi="Pengaduan Berkadar Pengawasan")])
    agency = case_of(1).agency
    assert agency is not None and agency.is_inspectorate


def test_the_same_file_twice_adds_nothing(bring: Bring) -> None:
    file = [report(1), report(2), report(2), report(3, Tanggal="besok")]
    assert counts(bring(file)) == (4, 2, 1, 0, 1)
    before = stored()
    again = bring(file)
    assert counts(again) == (4, 0, 3, 0, 1)
    assert "column 'Tanggal': 'besok'" in again.failures[0].reason
    assert stored() == before


def test_a_changed_row_is_left_as_it_was_and_told_of(bring: Bring) -> None:
    bring([report(1, Status="Proses")])
    assert counts(bring([report(1)])) == (1, 0, 0, 1, 0)
    assert case_of(1).status == "in_progress"


def test_a_bad_row_is_kept_in_quarantine_and_a_mended_one_stands(bring: Bring) -> None:
    tally = bring([report(1), report(2, Tanggal="13/13/2024"), report(3, Tracking_ID="")])
    assert counts(tally) == (3, 1, 0, 0, 2)
    assert [(one.where, one.tracking_id) for one in tally.failures] == [("3", "7000002"), ("4", "")]
    with use(EVERYTHING):
        assert conservation().quarantined == 1 and conservation().holds
    mended = [report(1), report(2, Tanggal="13/12/2024"), report(3)]
    assert counts(bring(mended)) == (3, 2, 1, 0, 0)
    assert counts(bring(mended)) == (3, 0, 3, 0, 0)
    with use(EVERYTHING):
        assert Case.objects.count() == 3 and conservation().holds


def test_dry_run_says_the_same_and_writes_nothing(bring: Bring) -> None:
    file = [
        report(1), report(1), report(1, Status="Proses"), report(2, Tanggal="?"), report(2),
        report(3, Instansi_Terdisposisi="Kecamatan Natar", Klasifikasi="Aspirasi", Tanggal="2025-01-02"),
    ]  # fmt: skip
    before = stored()
    told = bring(file, dry_run=True, batch=1)
    assert stored() == before
    done = bring(file)
    assert counts(told) == counts(done) == (6, 3, 1, 1, 1)
    assert (told.failures, told.kinds, told.first, told.last) == (done.failures, done.kinds, done.first, done.last)
    assert told.unknown_agencies == done.unknown_agencies
    assert counts(bring(file, dry_run=True)) == (6, 0, 4, 1, 1)


def test_three_spellings_of_a_date_are_one_day(bring: Bring) -> None:
    spelled = ["2024-05-06", "06/05/2024", "6 Mei 2024"]
    assert counts(bring([report(n, Tanggal=day) for n, day in enumerate(spelled)])) == (3, 3, 0, 0, 0)
    assert len({case_of(n).spoken_at for n in range(3)}) == 1


def test_an_interrupted_import_is_finished_by_the_next(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    file = [report(n) for n in range(6)]
    calls: list[int] = []

    def cut(entry: Entry) -> None:
        calls.append(entry.pk)
        if len(calls) == 4:  # in the middle of the second batch
            raise KeyboardInterrupt
        read(entry)

    monkeypatch.setitem(ROUTE, "message.received", (cut,))
    with pytest.raises(KeyboardInterrupt):
        bring(file, batch=2)
    with use(EVERYTHING):
        assert Case.objects.count() == Delivery.objects.count() == 2
        assert not Waiting.objects.exists()
    monkeypatch.undo()
    assert counts(bring(file, batch=2)) == (6, 4, 2, 0, 0)
    with use(EVERYTHING):
        assert Case.objects.count() == 6


def test_a_row_that_an_earlier_run_kept_but_did_not_finish_is_finished(bring: Bring, lampung: Lampung) -> None:
    body = json.dumps(report(1), sort_keys=True, separators=(",", ":")).encode()
    with use(EVERYTHING):
        accept(lampung.account("sp4n"), Raw("7000001", body, "application/json"))
    assert counts(bring([report(1)])) == (1, 0, 1, 0, 0)
    assert case_of(1).status == "closed"


def test_a_case_that_cannot_be_opened_is_told_and_left_to_the_worker(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROUTE, "message.received", (_broken,))
    tally = bring([report(1), report(2)])
    assert counts(tally) == (2, 0, 0, 0, 2)
    assert "its case could not be opened yet" in tally.failures[0].reason
    monkeypatch.undo()
    with use(EVERYTHING):
        Waiting.objects.update(not_before=None)
    run_until_quiet()
    assert case_of(1).status == case_of(2).status == "closed"
    assert counts(bring([report(1), report(2)])) == (2, 0, 2, 0, 0)


def _broken(entry: Entry) -> None:
    raise RuntimeError("invented trouble")


def _file_with_bad_rows(rows: int, bad: int) -> list[dict[str, Any]]:
    every = rows // bad
    return [report(n, Tanggal="31/02/2024" if n % every == 0 else "2024-05-06") for n in range(rows)]


@pytest.mark.parametrize(
    ("rows", "bad"), [(40, 5), pytest.param(10_000, 50, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_bad_rows_among_many_are_told_by_number_and_the_others_stand(bring: Bring, rows: int, bad: int) -> None:
    tally = bring(_file_with_bad_rows(rows, bad))
    assert counts(tally) == (rows, rows - bad, 0, 0, bad)
    assert [one.where for one in tally.failures] == [str(n * (rows // bad) + 2) for n in range(bad)]
    with use(EVERYTHING):
        assert Case.objects.filter(status="closed").count() == rows - bad
