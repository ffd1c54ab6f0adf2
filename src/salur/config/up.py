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
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1  # prctl(2), Linux only; elsewhere a killed parent leaves its children to be stopped by hand
READY_SECONDS = 90.0


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


def run(commands: dict[str, list[str]], url: str, ready: Callable[[], None], *, keep: tuple[int, ...] = ()) -> int:
    """Start every command, call `ready` once the health page answers, and wait until one ends or a signal comes.

    `keep` are file descriptors that the commands inherit.

    Then all are ended (SIGTERM, after ten seconds SIGKILL). Returns 0 after a signal, else the status of the one
    that ended by itself. Raises UpProblem when one ends, or nothing answers, before the program was ready.
    """
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: _note(stopping, number, frame))
    signal.signal(signal.SIGINT, lambda number, frame: _note(stopping, number, frame))
    processes = {
        name: subprocess.Popen(command, preexec_fn=_die_with_parent, pass_fds=keep)
        for name, command in commands.items()
    }
    try:
        until = time.monotonic() + READY_SECONDS
        while not _healthy(url):
            _still_there(processes)
            if stopping:
                return 0
            if time.monotonic() > until:
                raise UpProblem(f"nothing answers at {url} after {READY_SECONDS:.0f} seconds; see the messages above")
            time.sleep(0.1)
        ready()
        while not stopping:
            for name, process in processes.items():
                if (status := process.poll()) is not None:
                    sys.stderr.write(f"the {name} process ended by itself (status {status}); stopping the others\n")
                    return status or 1
            time.sleep(0.2)
        return 0
    finally:
        _end(list(processes.values()))


def _note(stopping: list[int], number: int, _frame: FrameType | None) -> None:
    stopping.append(number)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # Ctrl-C reaches the whole group; the parent alone decides when children go.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _still_there(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, process in processes.items():
        if (status := process.poll()) is not None:
            raise UpProblem(f"the {name} process ended at once (status {status}); see the messages above")


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
