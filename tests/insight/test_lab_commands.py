"""`salur sop simulate` and `salur sop lab` as an administrator sees them."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.insight.conftest import Lay, opened, sent

from salur.cases.models import Case
from salur.config.commands import sop_lab
from salur.config.commands.sop import sop_command
from salur.kernel.models import Entry, Waiting
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import STANDARD

Run = Callable[..., Result]
JULY = ("--government", "18", "--since", "2026-07-01", "--until", "2026-07-31")


@pytest.fixture
def run(lay: Lay, agencies: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The commands on the test's own database, with one report in July."""
    monkeypatch.setattr(sop_lab, "database", nullcontext)
    lay(
        opened("2026-07-06 10:00", agencies[0]),
        ("2026-07-07 09:00", "case.verified", {}),
        ("2026-07-10 09:00", "case.followed_up", {}),
        sent("2026-07-13 10:00", "answer"),
    )
    return lambda *arguments: CliRunner().invoke(sop_command, [str(one) for one in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The standard SOP with two working days for the follow-up."""
    text = STANDARD.read_text(encoding="utf-8")
    head, follow_up = text.split("  - code: follow_up", 1)
    changed = head + "  - code: follow_up" + follow_up.replace("within: 5 working_days", "within: 2 working_days", 1)
    path = tmp_path / "draft.yaml"
    path.write_text(changed.replace("\nversion: 1\n", "\nversion: 2\n", 1), encoding="utf-8")
    return path


def test_a_simulation_as_a_table(run: Run, file: Path) -> None:
    done = run("simulate", file, *JULY)
    assert done.exit_code == 0, done.output
    told = done.stdout
    assert "versi 2, diuji coba pada riwayat" in told
    assert "batasnya berubah dari 5 hari kerja menjadi 2 hari kerja" in told
    row = next(line for line in told.splitlines() if line.startswith("Mengoordinasikan dan merumuskan"))
    assert "100,0 %" in row and " 0,0 %" in row and "-100,0" in row


def test_it_speaks_english_when_asked(run: Run, file: Path) -> None:
    told = run("simulate", file, *JULY, "--language", "en").stdout
    assert "the limit changed from 5 working days to 2 working days" in told
    assert "100.0 %" in told


def test_a_simulation_as_json(run: Run, file: Path) -> None:
    done = run("simulate", file, *JULY, "--json", "--seed", "7", "--limit-cases", "0")
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["cases"], found["seed"], found["version"], found["listed"]) == (1, 7, 2, [])
    assert found["overall"]["before"]["share"]["share"] == 0.75
    assert found["overall"]["after"]["share"] | {"low": 0, "high": 0} == {
        **{"kept": 2, "broken": 2, "share": 0.5},
        **{"low": 0, "high": 0},
    }
    assert found["period"]["until"] == "2026-08-01T00:00:00+07:00"
    assert found["groups"][0]["step"] == "follow_up"
    assert found["workload"][0]["peak_after"] == {"week": "2026-W28", "before": 1, "after": 2}


def test_the_lab_as_table_and_json(run: Run) -> None:
    told = run("lab", *JULY)
    assert told.exit_code == 0, told.output
    assert "Yang paling menghambat" in told.stdout and "Laporan masuk → Laporan diverifikasi" in told.stdout
    found = json.loads(run("lab", *JULY, "--json").stdout)
    assert found["overall"]["obligations"] == 4
    assert [one["code"] for one in found["steps"]][0] == "first_response"
    assert {"step", "name", "working_days"} == set(found["spent"][0])


def test_an_empty_period_is_no_mistake(run: Run, file: Path) -> None:
    quiet = ("--government", "18", "--since", "2024-02-01", "--until", "2024-02-29")
    for command in (("simulate", file), ("lab",)):
        done = run(*command, *quiet)
        assert (done.exit_code, "Tidak ada laporan dalam kurun waktu ini." in done.stdout) == (0, True), done.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--government", "99", "--since", "2026-07-01"), "no government with the code '99' (known: 18, 18.01,"),
        (("--government", "18", "--since", "2026-07-31", "--until", "2026-07-01"), "tanggal yang lebih awal"),
        (("--government", "18", "--since", "2099-01-01"), "belum tiba"),
        (("--government", "18", "--since", "2026-07-01", "--until", "2099-01-01"), "belum tiba"),
        (("--government", "18", "--since", "kemarin"), "kemarin"),
        ((*JULY, "--now", "2026-07-15"), "Batas data"),
        ((*JULY, "--now", "2099-07-15"), "Batas data"),
        ((*JULY, "--now", "besok"), "besok"),
    ],
)
def test_wrong_input_says_what_to_give(run: Run, file: Path, given: tuple[str, ...], said: str) -> None:
    for command in (("simulate", file), ("lab",)):
        done = run(*command, *given)
        assert done.exit_code == 2 and said in done.stderr, done.output
        assert done.stdout == ""


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("within: 3 working_days", "within: -3 working_days"),
        ("actor: coordinator", "actor: nobody"),
        ("code:", "kode:"),
    ],
)
def test_a_document_that_cannot_be_signed_is_not_tried(run: Run, file: Path, was: str, now: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(was, now), encoding="utf-8")
    checked = run("check", file)
    done = run("simulate", file, *JULY, "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert checked.stdout.strip() and checked.stdout in done.stderr


def test_they_write_nothing(run: Run, file: Path) -> None:
    def everything() -> tuple[object, ...]:
        with use(EVERYTHING):
            return (
                list(Entry.objects.order_by("id").values()),
                list(Case.objects.order_by("id").values()),
                Waiting.objects.count(),
            )

    before = everything()
    assert run("simulate", file, *JULY).exit_code == run("lab", *JULY).exit_code == 0
    assert everything() == before
