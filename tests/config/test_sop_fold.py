"""`salur sop fold`: the verdict on a journal written by hand, without a database."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from salur.agencies.load import DATA
from salur.config.cli import cli
from salur.sop.document.load import STANDARD

Run = Callable[..., Result]

OPENED = {
    "seq": 1,
    "kind": "case.opened",
    "at": "2026-08-11T10:00+07:00",
    "data": {"kind": "complaint", "agency_id": 1, "spoken_at": "2026-08-11T10:00+07:00", "channel": "web"},
}
VERIFIED = {"seq": 2, "kind": "case.verified", "at": "2026-08-18T09:30+00:00", "actor": "member:1"}


@pytest.fixture
def fold(tmp_path: Path) -> Run:
    """Runs `salur sop fold` on lines, under the standard SOP."""

    def run(lines: list[Any] | bytes, *options: str, sop: Path = STANDARD) -> Result:
        file = tmp_path / "journal.jsonl"
        text = "\n\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        file.write_bytes(lines if isinstance(lines, bytes) else text.encode())
        return CliRunner().invoke(cli, ["sop", "fold", str(sop), "--journal", str(file), *options])

    return run


def test_the_verdict_in_words(fold: Run) -> None:
    done = fold([OPENED, VERIFIED], "--now", "2026-08-20T10:00")
    assert done.exit_code == 0, done.output
    said = done.stdout.splitlines()
    assert said[:2] == ["status: in_progress", "next actor: operator"]
    assert "promised to the citizen: 2026-09-02T16:00+07:00" in said
    verify = said.index("verify (fact 1, coordinator, 3 working_days, citizen): met, late")
    assert said[verify + 1 : verify + 3] == [
        "  from 2026-08-11T10:00+07:00 due 2026-08-14T16:30+07:00 met 2026-08-18T16:30+07:00",
        "  rung 1 to regional_secretary at 2026-08-18T16:00+07:00: reached",
    ]


def test_the_verdict_as_json(fold: Run) -> None:
    done = fold([OPENED, VERIFIED], "--now", "2026-08-20T10:00", "--json")
    state = json.loads(done.stdout)
    assert (state["status"], state["wakes_at"]) == ("in_progress", "2026-08-27T16:00:00+07:00")
    verify = state["obligations"][0]
    assert (verify["code"], verify["met_at"], verify["breached"]) == ("verify", "2026-08-18T16:30:00+07:00", True)
    assert verify["escalations"] == [
        {"rung": 1, "to": "regional_secretary", "at": "2026-08-18T16:00:00+07:00", "reached": True}
    ]
    # The same fact twice counts once.
    assert json.loads(fold([OPENED, VERIFIED, VERIFIED], "--now", "2026-08-20T10:00", "--json").stdout) == state


def test_what_else_there_is_to_say(fold: Run) -> None:
    held = {"seq": 3, "kind": "case.held", "at": "2027-12-27T10:00+07:00", "data": {"reason": "incomplete"}}
    late = {**OPENED, "at": "2027-12-27T09:00+07:00"}
    late["data"] = {"kind": "complaint", "spoken_at": "yesterday"}
    said = fold([late, held], "--now", "2027-12-28").stdout
    assert "clocks stand still: incomplete" in said
    assert "answer (fact 1, operator, answer_limit, citizen): open, paused" in said
    assert "provisional: no holiday decree for 2028" in said and "flag: unreadable_instant yesterday" in said
    closed = {"seq": 2, "kind": "case.closed", "at": "2026-08-12T10:00+07:00", "data": {"by": "officer"}}
    said = fold([OPENED, closed], "--now", "2026-08-20").stdout
    assert "closed: 2026-08-12T10:00+07:00 by officer as -" in said and "superseded, closed" in said
    answer = {"seq": 2, "kind": "dispatch.sent", "at": "2026-08-12T10:00+07:00", "data": {"purpose": "answer"}}
    assert (
        "closes by silence: 2026-08-28T16:30+07:00 as silence" in fold([OPENED, answer], "--now", "2026-08-20").stdout
    )


def test_on_another_calendar(fold: Run, tmp_path: Path) -> None:
    calendar = tmp_path / "six.yaml"
    six_day = yaml.safe_load((DATA / "calendar_lampung.yaml").read_text(encoding="utf-8"))["six_day"]
    calendar.write_text(json.dumps(six_day, default=str), encoding="utf-8")
    done = fold([OPENED], "--now", "2026-08-20T10:00", "--calendar", str(calendar), "--json")
    assert json.loads(done.stdout)["obligations"][0]["due_at"] == "2026-08-14T14:30:00+07:00"
    calendar.write_text("version: x", encoding="utf-8")
    done = fold([OPENED], "--calendar", str(calendar))
    assert done.exit_code == 1 and "weekly" in done.stderr
    assert fold([OPENED], "--calendar", str(calendar), "--government", "18").exit_code == 2


def test_every_bad_line_is_named(fold: Run) -> None:
    bad = [{**OPENED, "seq": 0, "at": "2026-08-11T10:00", "x": 1}, "hello", "[1]", {"seq": "2", "kind": "", "at": 12}]
    done = fold(bad)
    assert done.exit_code == 1
    said = done.stderr.splitlines()[1:]
    # Between two facts the file has an empty line.
    assert [line.partition(":")[0] for line in said] == ["line 1"] * 3 + ["line 3", "line 5"] + ["line 7"] * 3
    assert "at has no offset" in done.stderr and "x is no field of a fact" in done.stderr
    assert "line 7: at write an instant such as" in done.stderr
    missing = fold([{"seq": 1}]).stderr
    assert "line 1: kind is missing" in missing and "line 1: at is missing" in missing


def test_other_bad_input(fold: Run, tmp_path: Path) -> None:
    assert "not UTF-8" in fold(b"\xff\xfe").stderr
    assert "the journal is empty" in fold([]).stderr
    assert "cannot read the instant" in fold([OPENED], "--now", "soon").stderr
    broken = tmp_path / "broken.yaml"
    broken.write_text(STANDARD.read_text(encoding="utf-8").replace("clock: citizen", "clock: agancy", 1), "utf-8")
    done = fold([OPENED], sop=broken)
    assert done.exit_code == 1 and "obligations[0].clock" in done.stderr
    broken.write_text("a: &b 1", "utf-8")
    assert "broken.yaml:1:" in fold([OPENED], sop=broken).stderr


def test_on_the_calendars_of_a_government(salur: Run, tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_text(json.dumps(OPENED), encoding="utf-8")
    done = salur("sop", "fold", STANDARD, "--journal", file, "--government", "18", "--now", "2026-08-12", "--json")
    assert json.loads(done.stdout)["citizen_due_at"] == "2026-09-02T16:00:00+07:00"
    assert salur("sop", "fold", STANDARD, "--journal", file, "--government", "99").exit_code != 0
