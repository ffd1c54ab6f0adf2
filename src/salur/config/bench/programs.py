"""Parts of Salur as processes of their own, started as an administrator would: `salur web` and `salur worker`."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

START_SECONDS = 60


class NotStarted(RuntimeError):
    """A part ended at once or never answered."""


@contextmanager
def web() -> Iterator[tuple[int, int]]:
    """Two `salur web` on one socket, as `salur up` starts them; yields (port, one process id) once they answer.

    Raises NotStarted.
    """
    with _served(lambda listening: ["salur.config", "web", "--listening", str(listening)]) as found:
        yield found


@contextmanager
def reference(name: str, **env: str) -> Iterator[tuple[int, int]]:
    """As `web`, of one of `gate_references`. Raises NotStarted."""
    with _served(lambda listening: ["salur.config.bench.gate_references", name, str(listening)], **env) as found:
        yield found


@contextmanager
def _served(module: Callable[[int], list[str]], **env: str) -> Iterator[tuple[int, int]]:
    with listener() as listening, ExitStack() as parts:
        port, handed = int(listening.getsockname()[1]), listening.fileno()
        processes = [parts.enter_context(_part(*module(handed), keep=(handed,), **env)) for _ in range(2)]
        await_answer(port, processes)
        yield port, processes[0].pid


def listener() -> socket.socket:
    """A socket on a free port, for web processes to accept from."""
    return socket.create_server(("127.0.0.1", 0), backlog=2048)


def await_answer(port: int, processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until the health page answers. Raises NotStarted where a process ended first, or after a minute."""
    until = time.monotonic() + START_SECONDS
    while not _answers(port):
        if any(process.poll() is not None for process in processes) or time.monotonic() > until:
            raise NotStarted("the web process does not answer; see the messages above")
        time.sleep(0.1)


@contextmanager
def worker() -> Iterator[int]:
    """`salur worker`; yields its process id. It may still be starting: let it carry something before measuring."""
    with _part("salur.config", "worker") as process:
        yield process.pid


@contextmanager
def _part(*module: str, keep: tuple[int, ...] = (), **env: str) -> Iterator[subprocess.Popen[bytes]]:
    process = start(*module, keep=keep, **env)
    try:
        yield process
    finally:
        end(process)


def start(*module: str, keep: tuple[int, ...] = (), **env: str) -> subprocess.Popen[bytes]:
    """Start a module of ours with its arguments; it inherits the file descriptors of `keep`."""
    return subprocess.Popen([sys.executable, "-m", *module], env=os.environ | env, pass_fds=keep)


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, after fifteen seconds SIGKILL."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
