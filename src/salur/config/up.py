"""`salur up`: database, migrations, web and worker in one process tree, ended together."""

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1  # prctl(2), Linux only; elsewhere a killed parent leaves its children to be stopped by hand
READY_SECONDS = 90.0
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""Seconds before what may fall is started again; the pause doubles each time it falls."""


class UpProblem(RuntimeError):
    """The program cannot start; the text says why and what to do."""


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home folder for one `salur up`. Raises UpProblem naming the process that has it already."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise UpProblem(
                f"Salur is running on {home} already (process {file.read().strip() or 'unknown'}). Stop it first, or "
                "choose another folder with SALUR_HOME and another port with SALUR_PORT."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def run(
    commands: dict[str, list[str]],
    url: str,
    ready: Callable[[], None],
    *,
    keep: tuple[int, ...] = (),
    tend: Callable[[], None] = lambda: None,
    may_fall: frozenset[str] = frozenset(),
) -> int:
    """Start every command, call `ready` once the health page answers, and wait until one ends or a signal comes.

    `keep` are file descriptors that the commands inherit; `tend` is called again and again while they run. Commands
    named in `may_fall` are started again after a pause when they end; of the others none may end.

    Then all are ended (SIGTERM, after ten seconds SIGKILL). Returns 0 after a signal, else the status of the one
    that ended by itself. Raises UpProblem when one ends, or nothing answers, before the program was ready.
    """
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: _note(stopping, number, frame))
    signal.signal(signal.SIGINT, lambda number, frame: _note(stopping, number, frame))
    children = [_Child(name, command, keep, name in may_fall) for name, command in commands.items()]
    try:
        until = time.monotonic() + READY_SECONDS
        while not _healthy(url):
            if (ended := _ended(children)) is not None:
                raise UpProblem(f"the {ended.name} process ended at once (status {ended.status}); see above")
            if stopping:
                return 0
            if time.monotonic() > until:
                raise UpProblem(f"nothing answers at {url} after {READY_SECONDS:.0f} seconds; see the messages above")
            time.sleep(0.1)
        ready()
        while not stopping:
            if (ended := _ended(children)) is not None:
                sys.stderr.write(f"the {ended.name} process ended by itself (status {ended.status}); stopping all\n")
                return ended.status or 1
            tend()
            time.sleep(0.2)
        return 0
    finally:
        _end([child.process for child in children])


@dataclass
class _Child:
    """One process of the tree. One that `may_fall` comes back by itself, after a pause that grows."""

    name: str
    command: list[str]
    keep: tuple[int, ...]
    may_fall: bool
    process: subprocess.Popen[bytes] = field(init=False)
    pause: float = FIRST_PAUSE
    again_at: float | None = None

    def __post_init__(self) -> None:
        self.start()

    @property
    def status(self) -> int | None:
        """Its exit status; None while it runs."""
        return self.process.poll()

    def start(self) -> None:
        """Begin, or begin anew."""
        self.process = subprocess.Popen(self.command, preexec_fn=_die_with_parent, pass_fds=self.keep)
        self.again_at = None

    def stand_up(self) -> None:
        """Say that it fell, and start it again once the pause is over."""
        now = time.monotonic()
        if self.again_at is None:
            told = f"the {self.name} process ended (status {self.status}); it starts again in {self.pause:.0f} seconds"
            sys.stderr.write(f"{told}, and Salur goes on without it meanwhile\n")
            self.again_at, self.pause = now + self.pause, min(self.pause * 2, LONGEST_PAUSE)
        elif now >= self.again_at:
            self.start()


def _ended(children: list[_Child]) -> _Child | None:
    """The first process that ended although it may not; those that may are helped up."""
    for child in children:
        if child.status is None:
            continue
        if not child.may_fall:
            return child
        child.stand_up()
    return None


def _note(stopping: list[int], number: int, _frame: FrameType | None) -> None:
    stopping.append(number)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # Ctrl-C reaches the whole group; the parent alone decides when children go.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _healthy(url: str) -> bool:
    """Whether our own web process answers: another program on the port is told apart by the health page's content."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(json.load(answer).get("program") == "salur")
    except (OSError, ValueError):
        return False


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + 10
    for process in processes:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
