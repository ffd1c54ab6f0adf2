"""Small pasts, laid down fact by fact, and larger ones told by the generator of the measurements."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from tests.world import Lampung

import salur
from salur.cases.models import Case
from salur.cases.number import new_number
from salur.insight.lab.history import Journal
from salur.insight.lab.period import Period
from salur.kernel.events import Fact
from salur.kernel.models import Entry
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import STANDARD, load
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars
from salur.sop.models import SopVersion
from salur.worktime.calendar import WorkCalendar

JAKARTA = ZoneInfo("Asia/Jakarta")
Row = tuple[str, str, dict[str, Any]]
Lay = Callable[..., Case]
Draft = Callable[..., SopDocument]


def moment(text: str) -> datetime:
    """An instant of Jakarta, as in `moment("2026-07-06 10:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


def opened(at: str, agency_id: int | None = 1, *, kind: str = "complaint", channel: str = "web") -> Row:
    """The row of a report that was opened when it was said."""
    spoken = moment(at).isoformat()
    data = {"kind": kind, "agency_id": agency_id, "horizon": "short", "spoken_at": spoken, "channel": channel}
    return at, "case.opened", {**data, "number": "", "function": None, "imported": False}


def sent(at: str, purpose: str, reply_id: int = 1) -> Row:
    """The row of a message that went out."""
    return at, "dispatch.sent", {"purpose": purpose, "reply_id": reply_id, "dispatch_id": reply_id}


def facts(*rows: Row) -> list[Fact]:
    """Rows as facts; seq counts from 1."""
    return [Fact(seq, kind, moment(at), "system", data) for seq, (at, kind, data) in enumerate(rows, start=1)]


def journal(*rows: Row, number: int = 1, channel: str = "web") -> Journal:
    """Rows as the journal of a case on version 1."""
    return Journal(number, f"18-{number}", channel, facts(*rows), 1)


@pytest.fixture(scope="session")
def standard() -> SopDocument:
    return load(STANDARD.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def calendars() -> Calendars:
    path = Path(salur.__file__).parent / "agencies" / "data" / "calendar_lampung.yaml"
    return Calendars(WorkCalendar.from_document(yaml.safe_load(path.read_text(encoding="utf-8"))["five_day"]))


@pytest.fixture(scope="session")
def draft(standard: SopDocument) -> Draft:
    """The standard SOP with fields of its obligations changed: `draft(follow_up={"within": "2 working_days"})`."""
    return lambda **changed: changed_draft(standard, **changed)


def changed_draft(document: SopDocument, **changed: dict[str, Any]) -> SopDocument:
    """A document with fields of its obligations changed."""
    data = document.model_dump(mode="json")
    for one in data["obligations"]:
        one.update(changed.get(one["code"], {}))
    return SopDocument.model_validate({**data, "version": 2})


@pytest.fixture
def lay(lampung: Lampung) -> Lay:
    """Lay the journal of a report of the province into the ledger, bound to its signed version unless told not to."""
    return lambda *rows, **named: lay_case(lampung, rows, **named)


def lay_case(lampung: Lampung, rows: Sequence[Row], *, bound: bool = True, channel: str = "web") -> Case:
    government = lampung.province
    spoken_at = moment(rows[0][0])
    with use(EVERYTHING):
        version = SopVersion.objects.get(government=government)
        case = Case.objects.create(
            government=government,
            number=new_number("18", spoken_at),
            title="Lampu jalan padam",
            channel=channel,
            spoken_at=spoken_at,
            opened_at=spoken_at,
            kind="complaint",
        )
    binding = [(rows[0][0], "sop.started", {"version_id": version.pk})] if bound else []
    for fact in facts(rows[0], *binding, *rows[1:]):
        Entry.objects.create(
            government_id=government.pk,
            stream=case.stream,
            seq=fact.seq,
            kind=fact.kind,
            at=fact.at,
            actor=fact.actor,
            data=dict(fact.data),
            prev_hash=bytes(32),
            hash=bytes(32),
        )
    return case


@pytest.fixture
def july(lampung: Lampung) -> Period:
    """July of 2026 of the province, as known at its end."""
    end = moment("2026-08-01 00:00")
    return Period(lampung.province.pk, moment("2026-07-01 00:00"), end, end)


@pytest.fixture
def agencies(lampung: Lampung) -> tuple[int, int]:
    """Two agencies of the province, by id."""
    return lampung.agency("bmbk").pk, lampung.agency("dinkes").pk
