"""Parts of Salur as processes of their own, started as an administrator would: `salur web` and `salur worker`."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

START_SECONDS = 60


class NotStarted(RuntimeError):
    """A part ended at once or never answered."""


@contextmanager
def web() -> Iterator[tuple[int, int]]:
    """Two `salur web` on one socket, as `salur up` starts them; yields (port, one process id) once they answer.

    Raises NotStarted.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening, ExitStack() as parts:
        port, handed = int(listening.getsockname()[1]), listening.fileno()
        command = ["web", "--listening", str(handed)]
        processes = [parts.enter_context(_part(*command, keep=(handed,), SALUR_PORT=str(port))) for _ in range(2)]
        until = time.monotonic() + START_SECONDS
        while not _answers(port):
            if any(process.poll() is not None for process in processes) or time.monotonic() > until:
                raise NotStarted("`salur web` does not answer; see the messages above")
            time.sleep(0.1)
        yield port, processes[0].pid


@contextmanager
def worker() -> Iterator[int]:
    """`salur worker`; yields its process id. It may still be starting: let it carry something before measuring."""
    with _part("worker") as process:
        yield process.pid


@contextmanager
def _part(*command: str, keep: tuple[int, ...] = (), **env: str) -> Iterator[subprocess.Popen[bytes]]:
    arguments = [sys.executable, "-m", "salur.config", *command]
    process = subprocess.Popen(arguments, env=os.environ | env, pass_fds=keep)
    try:
        yield process
    finally:
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
