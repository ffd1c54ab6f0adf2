"""Counting a period in several processes. What a process sends back are counts, never journals.

Each process is started afresh (spawned), so that it is safe from a thread of the web server as well, has its own
connection, which may only read, and takes one chunk of cases after the other. Nothing in it needs Django.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

import psycopg

from salur.insight.lab.history import Chunk, journals
from salur.insight.lab.hurts_tally import HurtsCounter, HurtsTally
from salur.insight.lab.period import Period
from salur.insight.lab.trial_tally import TrialCounter, TrialTally
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars
from salur.worktime.calendar import WorkCalendar

HEARTBEAT = 0.2
"""Seconds between two looks at whether somebody has cancelled."""
MOST = 8
"""Processes: more than that, and the database is what all wait for."""

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]
Tally = HurtsTally | TrialTally


class Cancelled(Exception):
    """Somebody cancelled; nothing was written, nothing runs on."""


class WorkerFailed(RuntimeError):
    """A process ended before its work; the text is what it said last."""


@dataclass(frozen=True)
class Job:
    """What is counted, as plain data that travels to a process.

    `versions` and `draft` are documents as JSON, `calendars` pairs of a calendar document and the agencies that keep it
    (None: the government). Without a draft the job is where it hurts.
    """

    connect: Mapping[str, Any]
    period: Period
    versions: Mapping[int, str]
    calendars: tuple[tuple[Mapping[str, Any], tuple[int | str | None, ...]], ...]
    draft: str | None = None
    unknowable: Mapping[int, frozenset[str]] = field(default_factory=dict)
    keep: int = 0


def processes_here() -> int:
    """How many processes this machine has cores for."""
    return max(1, min(os.cpu_count() or 1, MOST))


def count_here(
    job: Job, chunks: Sequence[Chunk], connection: psycopg.Connection[Any], progress: Progress, cancel: Cancel
) -> Tally:
    """Count in this process, on a connection that is there. Raises Cancelled between two chunks."""
    counter, done, total = _counter(job), 0, sum(chunk.cases for chunk in chunks)
    for chunk in chunks:
        if cancel():
            raise Cancelled
        for journal in journals(connection, job.period, chunk):
            counter.add(journal)
        done += chunk.cases
        progress(done, total)
    return counter.tally


def count_apart(job: Job, chunks: Sequence[Chunk], processes: int, progress: Progress, cancel: Cancel) -> Tally:
    """Count in so many processes of their own.

    Raises Cancelled, and WorkerFailed. However it ends, no process is left behind.
    """
    context = multiprocessing.get_context("spawn")
    workers: list[tuple[SpawnProcess, Connection]] = []
    try:
        for _ in range(min(processes, len(chunks))):
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(job, there), daemon=True)
            process.start()
            there.close()  # so that the end of the process is the end of the pipe
            workers.append((process, here))
        return _share_out([here for _, here in workers], list(chunks), progress, cancel)
    finally:
        for process, here in workers:
            here.close()
            process.terminate()
        for process, _ in workers:
            process.join()


def _share_out(pipes: Sequence[Connection], chunks: list[Chunk], progress: Progress, cancel: Cancel) -> Tally:
    total, done = sum(chunk.cases for chunk in chunks), 0
    waiting, open_pipes = chunks[::-1], list(pipes)
    tallies: list[Any] = []
    while open_pipes:
        if cancel():
            raise Cancelled
        for pipe in wait(open_pipes, timeout=HEARTBEAT):
            assert isinstance(pipe, Connection)
            counted, tally, problem = _hear(pipe)
            if problem:
                raise WorkerFailed(problem)
            done += counted
            progress(done, total)
            if tally is not None:
                tallies.append(tally)
                open_pipes.remove(pipe)
            else:
                pipe.send(waiting.pop() if waiting else None)
    whole: Tally = tallies.pop()
    for other in tallies:
        whole.merge(other)
    return whole


def _hear(pipe: Connection) -> tuple[int, Any, str]:
    try:
        counted, tally, problem = pipe.recv()
    except (EOFError, ConnectionResetError):
        return 0, None, "a process of the lab ended before its work: is there enough memory?"
    return counted, tally, problem


def _work(job: Job, pipe: Connection) -> None:
    """What a process does: ask for a chunk, count it, and at the end hand over what it counted."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to everyone; the one who started us ends us
    try:
        counter = _counter(job)
        with psycopg.connect(**job.connect, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = on")
            counted = 0
            while True:
                pipe.send((counted, None, ""))
                chunk = pipe.recv()
                if chunk is None:
                    break
                for journal in journals(connection, job.period, chunk):
                    counter.add(journal)
                counted = chunk.cases
        pipe.send((0, counter.tally, ""))
    except (EOFError, BrokenPipeError):
        return  # nobody waits for it any more
    except Exception as problem:  # whatever it is, the other side has to hear of it
        pipe.send((0, None, f"{type(problem).__name__}: {problem}"))


def _counter(job: Job) -> HurtsCounter | TrialCounter:
    versions = {version: SopDocument.model_validate_json(text) for version, text in job.versions.items()}
    read = [(WorkCalendar.from_document(document), keepers) for document, keepers in job.calendars]
    default = next(calendar for calendar, keepers in read if None in keepers)
    calendars = Calendars(
        default, {keeper: calendar for calendar, keepers in read for keeper in keepers if keeper is not None}
    )
    if job.draft is None:
        return HurtsCounter(versions, calendars, job.period.now)
    draft = SopDocument.model_validate_json(job.draft)
    return TrialCounter(versions, draft, calendars, job.period.now, job.unknowable, job.keep)
