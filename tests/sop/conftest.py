"""The standard SOP, the shipped calendars and a short way to write journals."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

import salur
from salur.kernel.events import Fact
from salur.sop.document.load import STANDARD, load
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars
from salur.sop.engine.fold import fold
from salur.sop.engine.state import CaseState, ObligationState
from salur.worktime.calendar import WorkCalendar

JAKARTA = ZoneInfo("Asia/Jakarta")
HOSPITAL = 7

Row = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="session")
def standard_text() -> str:
    return STANDARD.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def standard(standard_text: str) -> SopDocument:
    return load(standard_text)


@pytest.fixture(scope="session")
def calendars() -> Calendars:
    path = Path(salur.__file__).parent / "agencies" / "data" / "calendar_lampung.yaml"
    documents = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Calendars(
        WorkCalendar.from_document(documents["five_day"]),
        {HOSPITAL: WorkCalendar.from_document(documents["six_day"])},
    )


@pytest.fixture(scope="session")
def moment() -> Callable[[str], datetime]:
    """An instant of Jakarta, as in `moment("2026-07-06 10:00")`."""
    return lambda text: datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


@pytest.fixture(scope="session")
def journal(moment: Callable[[str], datetime]) -> Callable[..., list[Fact]]:
    """A journal from rows of (when, kind, data); seq counts from 1."""

    def write(*rows: Row) -> list[Fact]:
        return [Fact(seq, kind, moment(at), "system", data) for seq, (at, kind, data) in enumerate(rows, start=1)]

    return write


@pytest.fixture(scope="session")
def state(
    standard: SopDocument, calendars: Calendars, moment: Callable[[str], datetime], journal: Callable[..., list[Fact]]
) -> Callable[..., CaseState]:
    """The state at `now` of a journal written as rows, under the standard SOP."""
    return lambda *rows, now: fold(journal(*rows), standard, calendars, moment(now))


@pytest.fixture(scope="session")
def under(
    standard_text: str, calendars: Calendars, moment: Callable[[str], datetime], journal: Callable[..., list[Fact]]
) -> Callable[..., CaseState]:
    """The state under the standard SOP with some of its lines changed: `under({old: new}, *rows, now=...)`."""

    def state(changed: dict[str, str], *rows: Row, now: str) -> CaseState:
        text = standard_text
        for old, new in changed.items():
            assert old in text
            text = text.replace(old, new)
        return fold(journal(*rows), load(text), calendars, moment(now))

    return state


@pytest.fixture(scope="session")
def lines() -> Callable[[CaseState], dict[str, str]]:
    """Obligations as short lines by code, the last of each: "due 2026-07-09 16:00 · met 2026-07-06 10:00"."""
    return lambda state: {obligation.code: _line(obligation) for obligation in state.obligations}


def _line(obligation: ObligationState) -> str:
    words = [f"due {obligation.due_at.astimezone(JAKARTA):%Y-%m-%d %H:%M}"]
    if obligation.met_at is not None:
        words.append(f"met {obligation.met_at.astimezone(JAKARTA):%Y-%m-%d %H:%M}")
    words += [obligation.superseded_by] if obligation.superseded else []
    words += ["breached"] if obligation.breached else []
    words += ["paused"] if obligation.paused else []
    words += ["provisional"] if obligation.provisional else []
    return " · ".join(words)
