"""Counting in processes of their own: the same result, a clear end when cancelled, nobody left behind."""

import multiprocessing
from dataclasses import replace
from typing import Any, cast

import pytest
from tests.insight.conftest import Draft, Lay, opened, sent
from tests.world import Lampung

from salur.insight.lab.counting import count, job_of
from salur.insight.lab.history import Chunk
from salur.insight.lab.period import Period
from salur.insight.lab.queries import chunks_of, versions_of
from salur.insight.lab.workers import Cancelled, Job, Tally, WorkerFailed, count_apart
from salur.sop.document.model import SopDocument

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jobs(lay: Lay, lampung: Lampung, july: Period, draft: Draft) -> tuple[Job, Job]:
    """Where it hurts, and a trial, over seven reports."""
    for day in range(6, 13):
        lay(
            opened(f"2026-07-{day:02} 10:00", lampung.agency("bmbk").pk),
            ("2026-07-13 09:00", "case.verified", {}),
            ("2026-07-17 09:00", "case.followed_up", {}),
            sent("2026-07-20 10:00", "answer"),
        )
    versions = versions_of(july.government_id)
    changed: SopDocument = draft(follow_up={"within": "2 working_days"})
    return job_of(july, versions), job_of(july, versions, draft=changed.model_dump_json(), keep=3)


def counted(job: Job, chunks: list[Chunk], processes: int) -> Tally:
    """What so many processes count, having told how far they are."""
    heard: list[tuple[int, int]] = []
    tally: Any = count(job, chunks, processes, lambda done, total: heard.append((done, total)), lambda: False)
    assert heard[-1] == (7, 7) and heard == sorted(heard)
    tally.merge(type(tally)())  # of the changed cases the foremost are left, as at every merge
    return cast("Tally", tally)


def test_two_processes_count_as_one(jobs: tuple[Job, Job], july: Period) -> None:
    chunks = chunks_of(july, 2)
    assert [chunk.cases for chunk in chunks] == [2, 2, 2, 1]
    for job in jobs:
        alone, together = (counted(job, chunks, processes) for processes in (1, 2))
        assert together == alone
        assert alone.cases == 7
    assert multiprocessing.active_children() == []


def test_it_stops_when_cancelled(jobs: tuple[Job, Job], july: Period) -> None:
    heard: list[int] = []
    for processes in (1, 2):
        with pytest.raises(Cancelled):
            count(jobs[1], chunks_of(july, 1), processes, lambda done, _: heard.append(done), lambda: bool(heard))
        assert multiprocessing.active_children() == []
        heard.clear()


def test_ctrl_c_leaves_nobody_behind(jobs: tuple[Job, Job], july: Period) -> None:
    def interrupted(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        count_apart(jobs[0], chunks_of(july, 1), 2, interrupted, lambda: False)
    assert multiprocessing.active_children() == []


def test_a_process_that_cannot_work_says_why(jobs: tuple[Job, Job], july: Period) -> None:
    nowhere = replace(jobs[0], connect={**jobs[0].connect, "dbname": "no_such_database"})
    with pytest.raises(WorkerFailed, match="OperationalError"):
        count_apart(nowhere, chunks_of(july, 2), 2, lambda _done, _total: None, lambda: False)
    assert multiprocessing.active_children() == []
