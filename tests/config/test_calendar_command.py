"""`salur calendar`: what moves is shown before, listed afterwards, and bad input changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from tests.world import Lampung

from salur.agencies.models import CalendarVersion
from salur.cases.models import Case
from salur.kernel.models import Entry
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.models import Recount

Salur = Callable[..., Result]


def calendar_of(salur: Salur) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(salur("calendar", "show", "--government", "18").stdout)
    return found


@pytest.fixture
def case(lampung: Lampung) -> Case:
    return lampung.report("satu")


@pytest.fixture
def file(salur: Salur, case: Case, tmp_path: Path) -> Path:
    """The calendar in force with one holiday more, on the day the case is due first."""
    with use(EVERYTHING):
        due = Case.objects.get(pk=case.pk).due_at
    assert due is not None
    document = {**calendar_of(salur), "version": "uji"}
    document["holidays"].append({"date": due.date(), "name": "Libur uji", "kind": "local"})
    path = tmp_path / "calendar.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


def test_a_new_calendar_moves_open_deadlines_and_says_which(salur: Salur, case: Case, file: Path) -> None:
    with use(EVERYTHING):
        due = Case.objects.get(pk=case.pk).due_at
    done = salur("calendar", "add", file, "--government", "18")
    assert done.exit_code == 0 and f"  {case.number} verify: " in done.stdout
    with use(EVERYTHING):
        later = Case.objects.get(pk=case.pk).due_at
    assert due is not None and later is not None and later > due
    again = salur("calendar", "add", file, "--government", "18").stdout
    assert "in force already" in again and "0 deadline(s) moved" in again
    assert "0 differed" in salur("rebuild", "--check").stdout


def test_a_preview_lists_the_same_and_changes_nothing(salur: Salur, case: Case, file: Path) -> None:
    entries = Entry.objects.count()
    shown = salur("calendar", "add", file, "--government", "18", "--preview")
    assert shown.exit_code == 0 and "Nothing is changed." in shown.stdout
    with use(EVERYTHING):
        assert not Recount.objects.exists() and Entry.objects.count() == entries
        assert CalendarVersion.objects.filter(government__code="18", key="default").count() == 1
    added = salur("calendar", "add", file, "--government", "18")

    def moves(done: Result) -> list[str]:
        return sorted(line for line in done.stdout.splitlines() if line.startswith(f"  {case.number}"))

    assert moves(shown) and moves(shown) == moves(added)


def test_a_preview_of_a_calendar_that_never_opens_fails(salur: Salur, case: Case, file: Path) -> None:
    document = yaml.safe_load(file.read_text())
    last = {"name": "Tutup", "from": "2026-11-24", "to": "9999-12-31", "weekly": {}}
    document["periods"] = [one for one in document["periods"] if str(one["to"]) < "2026-11-24"] + [last]
    file.write_text(yaml.safe_dump(document))
    done = salur("calendar", "add", file, "--government", "18", "--preview")
    assert done.exit_code == 1 and "cannot be counted any more" in done.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"weekly: [", "bracket"),
        (b"- satu", "salur calendar show"),
        (b"version: &a x\ndecree: *a", "line"),
        (b"version: '1'\ndecree: SK\ntimezone: Asia/Lampung\nweekly: {mon: ['08:00-12:00']}", "unknown timezone"),
        (b"\xff\xfe\xfa", "UTF-8"),
        (b"decree: " + b"x" * 5_000_000, "characters"),
    ],
)
def test_what_is_no_calendar_is_a_clear_error_and_changes_nothing(
    salur: Salur, lampung: Lampung, tmp_path: Path, text: bytes, says: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(text)
    done = salur("calendar", "add", path, "--government", "18")
    assert done.exit_code == 1 and says in done.stderr and "Traceback" not in done.output
    with use(EVERYTHING):
        assert not Recount.objects.exists()
        assert CalendarVersion.objects.filter(government__code="18", key="default").count() == 1
