"""The measurements: figures and ratios, the population's truth, the way's eye, and the command from outside."""

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.world import Lampung

from salur.cases.models import Case
from salur.cases.queries import Filter, queue
from salur.config.bench import peers, report
from salur.config.bench.figures import percentile, rates, times
from salur.config.bench.home import NotOurHome, home
from salur.config.bench.measure_pages import NotValid, valid
from salur.config.bench.officers import officer
from salur.config.bench.population import populate, sample
from salur.config.bench.way import Way, follow
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, Scope, use
from salur.publishing.models import Dispatch, Reply
from salur.sop.rebuild import rebuild


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that the user may enter as whom the database server runs when tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="salur-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_the_share_does_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(one <= found for one in values) >= share * len(values)
    assert sum(one < found for one in values) < share * len(values)


def test_nothing_measured_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


def test_ratios_are_above_one_where_salur_is_ahead_whatever_the_unit() -> None:
    faster = times("pages", "case page", [0.014, 0.014, 0.0185], row="page_1")
    assert faster.peer is not None and faster.peer.name == "osTicket 1.18"
    assert faster.ratio == pytest.approx(2) and faster.ratio_p99 == pytest.approx(2)
    slower = rates("intake", "cases", [34.0, 34.0], row="create_1")
    assert slower.peer is not None and slower.peer.name == "django-helpdesk 2.6.1"
    assert slower.ratio == pytest.approx(0.5) and slower.ratio_p99 is None
    assert rates("deadline", "a deadline", [10.0]).ratio is None


def test_the_table_shows_median_peer_and_ratio() -> None:
    head, row = report.table([times("pages", "case page", [0.014], row="page_1")])
    assert head.split()[:5] == ["measure", "what", "unit", "min", "median"]
    assert " ".join(row.split()) == "pages case page ms 14 14 14 1 osTicket 1.18 28/37 2.00 / 2.64"


def test_every_row_of_the_peers_names_a_known_peer_and_a_best_one() -> None:
    known = peers.speed()
    for row, entries in known["rows"].items():
        assert set(entries) - {"title"} <= set(known["peers"]), row
        assert peers.best(row, "p50").median == min(one["p50"] for key, one in entries.items() if key != "title")


def test_the_population_is_what_the_verbs_would_have_written(lampung: Lampung) -> None:
    with use(EVERYTHING):
        people = [ledger.member(officer(lampung.province, "bmbk", role).pk) for role in ("operator", "approver")]
        populate(lampung.province, (people[0], people[1]), 500)
        cases = list(Case.objects.all())
        assert [ledger.first_break(case.stream) for case in cases] == [None] * 500
        assert [difference for difference in rebuild(write=False) if difference] == []
        open_cases = [case for case in cases if case.closed_at is None]
        assert 100 < len(open_cases) < 200
        assert {case.status for case in cases} >= {"new", "in_progress", "answered", "closed"}
        assert len({case.agency_id for case in cases}) > 40
        approved = Reply.objects.filter(state="approved")
        assert approved.count() == Dispatch.objects.filter(state="sent").count() >= 500
        valid(sample(20))
    with use(Scope(lampung.province.pk, frozenset({lampung.agency("bmbk").pk}))):
        assert queue(Filter()) != []


def test_a_population_whose_columns_lie_is_not_measured(lampung: Lampung) -> None:
    lampung.report("satu")
    with use(EVERYTHING):
        valid(sample(5))
        Case.objects.update(status="closed")
        with pytest.raises(NotValid, match="not what its journal says"):
            valid(sample(5))


def test_the_way_sees_two_files_that_call_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    for name, other in (("first", "second"), ("second", "first"), ("third", "first")):
        text = f"import {other}\ndef go(n):\n    return n and {other}.go(n - 1)\n"
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    third, way = importlib.import_module("third"), Way(house=str(tmp_path))
    with way.watching():
        third.go(3)
    assert way.files == ["first.py", "second.py", "third.py"]
    assert way.two_way == [("first.py", "second.py")]
    assert way.examples["third.py", "first.py"] == "go -> go"


def test_the_way_of_a_report_passes_through_the_rooms(lampung: Lampung) -> None:
    with use(EVERYTHING):
        way = follow()
    rooms = {file.partition("/")[0] for file in way["acknowledged"].files}
    assert rooms >= {"portal", "journey", "intake", "channels", "triage", "cases", "sop", "publishing", "worktime"}
    assert "publishing/replies.py" in way["answered"].files
    assert way["acknowledged"].queries.total() > 20
    assert not [file for one in way.values() for file in one.files if file.startswith("config/")]


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("precious")
    with pytest.raises(NotOurHome, match="empty folder"), home(tmp_path):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["keys"]


def test_a_home_of_its_own_is_thrown_away(tmp_path: Path) -> None:
    with home(None) as folder:
        assert (folder / "bench").exists()
    assert not folder.exists()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_command_measures_everything_on_a_home_of_its_own(tmp_path: Path, reachable: Path) -> None:
    installed, kept = tmp_path / "installed", reachable / "kept"
    env = {**os.environ, "SALUR_HOME": str(installed)}
    small = ["--cases=100", "--reports=20", "--rounds=1", "--requests=8", "--history=60", "--open=30", f"--home={kept}"]
    command = [sys.executable, "-m", "salur.config", "bench", *small]
    done = subprocess.run([*command, "--json"], env=env, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["machine"]["durable"]["fsync"] == "on" and found["machine"]["cores"] >= 1
    assert {one["measure"] for one in found["figures"]} == {"deadline", "triage", "intake", "pages", "sop"}
    assert all(0 < one["min"] <= one["median"] for one in found["figures"])
    assert all(one["ratio"] > 0 for one in found["figures"] if one["best_peer"])
    assert {len(stage["files"]) > 5 for stage in found["way"].values()} == {True}
    assert not (installed / "pg").exists()
    again = [sys.executable, "-m", "salur.config", "bench", "deadline", "--rounds=1", f"--home={kept}"]
    shown = subprocess.run(again, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert "Machine: " in shown.stdout and "fsync on" in shown.stdout and "median" in shown.stdout
