"""`salur import` as an administrator sees it."""

import csv
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.intake.factory import report, write_csv, write_xlsx
from tests.world import Lampung

from salur.cases.models import Case
from salur.channels.models import Account
from salur.config.commands import import_file
from salur.intake.models import Delivery
from salur.kernel.tenancy import EVERYTHING, use

Run = Callable[..., Result]


@pytest.fixture
def run(lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> Run:
    # The test's own database is up already, and its transaction must not be closed.
    monkeypatch.setattr(import_file, "everything", lambda create: nullcontext())

    def invoke(*arguments: Any) -> Result:
        with use(EVERYTHING):
            return CliRunner().invoke(import_file.import_file_command, [str(one) for one in arguments])

    return invoke


def test_all_rows_stand(run: Run, tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", [report(1), report(2, Klasifikasi="Aspirasi", Tanggal="2025-01-02")])
    result = run(file, "--government", "18")
    assert result.exit_code == 0, result.output
    told = result.stdout.splitlines()
    assert told[0].startswith("2 rows read in ")
    assert told[1:] == [
        "2 new cases", "0 rows already known", "0 rows failed", "Spoken between 2024-05-06 and 2025-01-02",
        "Kinds: complaint (1); aspiration (1)",
    ]  # fmt: skip
    again = run(file, "--government", "18")
    assert (again.exit_code, again.stdout.splitlines()[1:3]) == (0, ["0 new cases", "2 rows already known"])


def test_failed_rows_are_listed_twenty_at_most_and_written_whole(run: Run, tmp_path: Path) -> None:
    bad = [report(n, Tanggal="besok") for n in range(23)]
    file = write_csv(
        tmp_path / "a.csv", [report(100), *bad, report(101, Status="Baru", Instansi_Terdisposisi="UPT Satu")]
    )
    result = run(file, "--government", "18", "--errors", tmp_path / "errors.csv")
    assert result.exit_code == 1
    assert "2 new cases" in result.stdout and "23 rows failed" in result.stdout
    assert "Agencies not known here, cases left to the coordinator: UPT Satu (1)" in result.stdout
    assert "Statuses not known, cases left open: Baru (1)" in result.stdout
    assert "row 3 (Tracking ID 7000000): column 'Tanggal': 'besok' is no date" in result.stderr
    assert result.stderr.count("\nrow ") == 20
    assert "... and 3 more" in result.stderr
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as errors:
        written = list(csv.reader(errors))
    assert written[0] == ["row", "tracking_id", "reason"]
    assert [line[0] for line in written[1:]] == [str(n + 3) for n in range(23)]
    with use(EVERYTHING):
        assert Case.objects.count() == 2


def test_no_cell_of_the_failed_rows_is_a_formula(run: Run, tmp_path: Path) -> None:
    ids = ["=1+1", "+1", "-1", "@A1", "7000001"]
    file = write_csv(tmp_path / "a.csv", [report(1, Tracking_ID=one, Tanggal="besok") for one in ids])
    run(file, "--government", "18", "--errors", tmp_path / "errors.csv")
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as errors:
        written = [line[1] for line in csv.reader(errors)]
    assert written == ["tracking_id", "'=1+1", "'+1", "'-1", "'@A1", "7000001"]


def test_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [report(1), report(2, Tanggal="besok")])
    result = run(file, "--government", "18", "--dry-run")
    assert result.exit_code == 1
    assert "nothing was written" in result.stdout and "1 would become cases" in result.stdout
    with use(EVERYTHING):
        assert not Delivery.objects.exists()


def test_ctrl_c_says_how_to_go_on(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_file, "bring_in", interrupted)
    result = run(write_csv(tmp_path / "a.csv", [report(1)]), "--government", "18")
    assert result.exit_code == 1
    assert "Run the same command again to finish" in result.stderr


def test_wrong_use_is_status_two_and_says_what_to_do(run: Run, tmp_path: Path) -> None:
    good = write_csv(tmp_path / "a.csv", [report(1)])
    empty = tmp_path / "empty.csv"
    empty.touch()
    wrong = write_csv(tmp_path / "b.csv", [report(1)], header=["Judul", "Status"])
    for arguments, told in [
        ((good,), "--government"),
        ((good, "--government", "99"), "there is no government with the code '99'"),
        ((tmp_path / "none.csv", "--government", "18"), "does not exist"),
        ((empty, "--government", "18"), "the file is empty"),
        (
            (wrong, "--government", "18"),
            "missing column(s): Tracking ID, Tanggal, Isi Akhir. The header has: Judul, Status",
        ),
    ]:
        result = run(*arguments)
        assert (result.exit_code, told in result.stderr) == (2, True), result.output
    with use(EVERYTHING):
        Account.objects.filter(platform="sp4n").update(state="off")
    assert "has no SP4N-LAPOR! account" in run(good, "--government", "18").stderr
