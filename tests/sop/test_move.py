"""Open cases moved to a newer version: shown before, journaled one by one, and never anywhere else."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import Lampung

from salur.cases.closing import close
from salur.cases.models import Case
from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.events import Fact
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import move
from salur.sop.advance import advance
from salur.sop.bulk import held_journals
from salur.sop.document.load import STANDARD
from salur.sop.engine.fold import CaseState, fold
from salur.sop.events import SopMoved
from salur.sop.models import Escalation, SopVersion
from salur.sop.queries import state_of, version_in
from salur.sop.rebuild import rebuild
from salur.sop.sign import adopt
from salur.sop.versions import Refused, in_force

OPENED = datetime.fromisoformat("2026-07-06T09:00:00+07:00")
NOW = datetime.fromisoformat("2026-07-16T09:00:00+07:00")
"""Eight working days after the reports came: an answer due within five is late, one due within fourteen is not."""


def second_version(lampung: Lampung, tmp_path: Path, *pairs: tuple[str, str], day: str = "2026-07-16") -> SopVersion:
    text = STANDARD.read_text()
    for old, new in (("version: 1\n", "version: 2\n"), ("effective: 2025-01-02", f"effective: {day}"), *pairs):
        assert old in text, old
        text = text.replace(old, new, 1)
    file = tmp_path / "second.yaml"
    file.write_text(text)
    with clock.turned_to(NOW):
        return adopt(lampung.province, signed_by="Sekda", path=file)


SHORTER = (
    "    name: {id: Pengaduan, en: Complaint}\n    answer_within: 14",
    "    name: {id: Pengaduan, en: Complaint}\n    answer_within: 5",
)
TWELVE = (SHORTER[0], SHORTER[1].replace("within: 5", "within: 12"))
OTHER_SUPERIOR = (
    "    escalation:\n      - {after: 1 working_days, to: regional_secretary}",
    "    escalation:\n      - {after: 1 working_days, to: head_of_agency}",
)
NO_VERIFYING = ("  - code: verify\n", "  - code: verify_first\n")


@pytest.fixture
def cases(lampung: Lampung) -> Iterator[list[Case]]:
    """Three open complaints under version 1."""
    with clock.turned_to(OPENED):
        yield [lampung.report(f"pindah-{n}") for n in range(3)]


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    with use(EVERYTHING):
        yield


def moving(lampung: Lampung, new: SopVersion, limit: int = move.CHUNK) -> list[int]:
    old = SopVersion.objects.get(sop=new.sop, version=1)
    with clock.turned_to(NOW):
        how: dict[str, Any] = {"reason": "Batas baru berlaku bagi semua", "actor": "member:1", "limit": limit}
        return list(move.move_all(lampung.province.pk, old.pk, new.pk, **how))


def previewed(lampung: Lampung, new: SopVersion) -> list[move.Moving]:
    old = SopVersion.objects.get(sop=new.sop, version=1)
    with clock.turned_to(NOW):
        return list(move.preview(lampung.province.pk, old.pk, new.pk))


def test_the_preview_tells_what_becomes_late_and_writes_nothing(
    lampung: Lampung, cases: list[Case], tmp_path: Path
) -> None:
    new = second_version(lampung, tmp_path, SHORTER)
    before = {case.pk: ledger.journal(case.stream) for case in cases}
    found = previewed(lampung, new)
    assert [one.number for one in found] == [case.number for case in cases]
    late = [change for change in found[0].changes if change.name.en == "Answer the citizen"]
    assert [(change.verdict, f"{change.was:%m-%d}", f"{change.due:%m-%d}") for change in late] == [
        ("late", "07-24", "07-13")
    ]
    assert {case.pk: ledger.journal(case.stream) for case in cases} == before


def test_a_day_that_moves_keeps_its_verdict(lampung: Lampung, cases: list[Case], tmp_path: Path) -> None:
    changes = previewed(lampung, second_version(lampung, tmp_path, TWELVE))[0].changes
    assert [(one.name.en, one.verdict, f"{one.due:%m-%d}") for one in changes] == [("Answer the citizen", "", "07-22")]


def test_lost_and_gained_obligations_are_named(lampung: Lampung, cases: list[Case], tmp_path: Path) -> None:
    steps = ("obligations: [verify]", "obligations: [verify_first]")
    changes = previewed(lampung, second_version(lampung, tmp_path, NO_VERIFYING, steps))[0].changes
    assert [(one.was is None, one.due is None) for one in changes] == [(False, True), (True, False)]


def test_moved_cases_run_under_the_new_version_and_their_journals_say_why(
    lampung: Lampung, cases: list[Case], tmp_path: Path
) -> None:
    new = second_version(lampung, tmp_path, SHORTER)
    assert moving(lampung, new) == [3]
    case = Case.objects.get(pk=cases[0].pk)
    journal = ledger.journal(case.stream)
    assert version_in(journal) == new.pk
    said = next(fact for fact in journal if fact.kind == "sop.moved")
    assert (said.actor, said.data["was_version"], said.data["version"]) == ("member:1", 1, 2)
    assert said.data["reason"] == "Batas baru berlaku bagi semua"
    assert f"{case.citizen_due_at:%Y-%m-%d}" == "2026-07-13" and case.breaches >= 1
    moved = [fact.data for fact in journal if fact.kind == "obligation.moved" and fact.data["code"] == "answer"]
    assert moved[0]["was_due_at"].startswith("2026-07-24") and moved[0]["due_at"].startswith("2026-07-13")
    with clock.turned_to(NOW):
        assert [difference for difference in rebuild(write=False) if difference] == []
        state = state_of(case, NOW)
        assert state is not None and state.spoken_at == OPENED


def test_a_move_goes_on_where_it_stopped_and_moves_nobody_twice(
    lampung: Lampung, cases: list[Case], tmp_path: Path
) -> None:
    new = second_version(lampung, tmp_path)
    old = SopVersion.objects.get(sop=new.sop, version=1)
    with clock.turned_to(NOW):
        assert next(move.move_all(lampung.province.pk, old.pk, new.pk, reason="Sama", actor="member:1", limit=2)) == 2
    assert move.count_open(lampung.province.pk, old.pk) == 1
    assert (moving(lampung, new, limit=2), moving(lampung, new, limit=2)) == ([1], [])
    for case in cases:
        assert [fact.kind for fact in ledger.journal(case.stream)].count("sop.moved") == 1
    assert move.count_open(lampung.province.pk, new.pk) == 3


def test_what_is_closed_or_lies_elsewhere_stays(lampung: Lampung, cases: list[Case], tmp_path: Path) -> None:
    neighbour = lampung.report("tetangga", government="18.09")
    with clock.turned_to(NOW):
        act(close, cases[0].pk, by="officer", outcome="archived", reason="Ganda", actor="member:1")
    new = second_version(lampung, tmp_path)
    assert moving(lampung, new) == [2]
    for case in (neighbour, cases[0]):
        assert "sop.moved" not in {fact.kind for fact in ledger.journal(case.stream)}


def test_only_to_a_newer_version_in_force_of_the_same_government_with_a_reason(
    lampung: Lampung, cases: list[Case], tmp_path: Path
) -> None:
    new = second_version(lampung, tmp_path, day="2026-07-20")
    old = SopVersion.objects.get(sop=new.sop, version=1)
    foreign = in_force(lampung.regency)
    here = lampung.province.pk
    for at, pair, reason, word in (
        (NOW, (old.pk, new.pk), "ya", "in force from"),
        ("2026-07-20", (new.pk, old.pk), "ya", "not newer"),
        ("2026-07-20", (old.pk, old.pk), "ya", "not newer"),
        ("2026-07-20", (old.pk, foreign.pk), "ya", "of this government"),
        ("2026-07-20", (old.pk, new.pk), "  ", "say why"),
    ):
        instant = at if isinstance(at, datetime) else datetime.fromisoformat(f"{at}T09:00:00+07:00")
        with clock.turned_to(instant), pytest.raises(Refused, match=word):
            move.move_all(here, *pair, reason=reason, actor="member:1")
    assert move.count_open(here, old.pk) == 3


def test_who_was_closed_or_moved_before_the_lock_is_left_alone(
    lampung: Lampung, cases: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = second_version(lampung, tmp_path)
    version = {"version_id": new.pk, "was_version_id": in_force(lampung.province).pk, "sha256": new.sha256}

    def late(case_ids: Mapping[int, str]) -> dict[int, list[Fact]]:
        """Somebody else is faster, and commits while we wait for the locks."""
        assert set(case_ids) == {case.pk for case in cases}
        act(close, cases[0].pk, by="officer", outcome="archived", reason="Ganda", actor="member:2")
        event = SopMoved(**version, sop="case_handling", version=2, was_version=1, reason="Lebih dahulu")
        here = {"government_id": lampung.province.pk, "actor": "member:2"}
        act(partial(ledger.record, event, stream=cases[1].stream, **here))
        return held_journals(case_ids)

    monkeypatch.setattr(move, "held_journals", late)
    assert moving(lampung, new) == [1]
    told = [[f.actor for f in ledger.journal(case.stream) if f.kind == "sop.moved"] for case in cases]
    assert told == [[], ["member:2"], ["member:1"]]


def test_each_chunk_begins_behind_the_last(
    lampung: Lampung, cases: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    def watched(*which: int, after: int, limit: int) -> list[tuple[int, str]]:
        begun.append(after)
        return found(*which, after=after, limit=limit)

    found = move.open_cases
    monkeypatch.setattr(move, "open_cases", watched)
    assert moving(lampung, second_version(lampung, tmp_path), limit=1) == [1, 1, 1]
    assert begun == [0, *sorted(case.pk for case in cases)]


def test_a_chunk_costs_the_same_queries_whatever_its_size(lampung: Lampung, cases: list[Case], tmp_path: Path) -> None:
    new = second_version(lampung, tmp_path, SHORTER)
    old = SopVersion.objects.get(sop=new.sop, version=1)
    previewed(lampung, new)  # both documents are parsed once
    costs = []
    for limit in (1, 2):
        with clock.turned_to(NOW), CaptureQueriesContext(connection) as queries:
            step = move.move_all(lampung.province.pk, old.pk, new.pk, reason="Sama", actor="member:1", limit=limit)
            assert next(step) == limit
        costs.append(len(queries))
    assert costs[0] == costs[1] < 30


def test_a_rung_calls_whom_the_new_version_names(lampung: Lampung, cases: list[Case], tmp_path: Path) -> None:
    with clock.turned_to(NOW):
        for case in cases:
            act(advance, case.pk, lampung.province.pk)
    rungs = Escalation.objects.filter(case=cases[0], code="verify")
    assert [rung.to for rung in rungs] == ["regional_secretary"]
    moving(lampung, second_version(lampung, tmp_path, OTHER_SUPERIOR))
    assert [rung.to for rung in rungs.all()] == ["head_of_agency"]


def test_a_case_that_cannot_be_counted_stops_its_chunk_and_is_named(
    lampung: Lampung, cases: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = second_version(lampung, tmp_path)
    old = SopVersion.objects.get(sop=new.sop, version=1)
    broken = ledger.journal(cases[1].stream)[0]

    def odd(journal: list[Fact], *others: Any) -> CaseState:
        if journal[0] == broken:
            raise ValueError("no calendar for that year")
        return fold(journal, *others)

    monkeypatch.setattr("salur.sop.bulk.fold", odd)
    with pytest.raises(Refused, match=f"{cases[1].number} cannot be counted.*no calendar for that year"):
        moving(lampung, new)
    assert move.count_open(lampung.province.pk, old.pk) == 3
