"""Parts of Salur as processes of their own, started as an administrator would: `salur web` and `salur worker`."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

START_SECONDS = 60


class NotStarted(RuntimeError):
    """A part ended at once or never answered."""


@contextmanager
def web() -> Iterator[tuple[int, int]]:
    """`salur web` on a free port of this machine; yields (port, process id) once it answers. Raises NotStarted."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with _part("web", SALUR_PORT=str(port)) as process:
        until = time.monotonic() + START_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise NotStarted("`salur web` does not answer; see the messages above")
            time.sleep(0.1)
        yield port, process.pid


@contextmanager
def worker() -> Iterator[int]:
    """`salur worker`; yields its process id. It may still be starting: let it carry something before measuring."""
    with _part("worker") as process:
        yield process.pid


@contextmanager
def _part(name: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "salur.config", name], env=os.environ | env)
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
