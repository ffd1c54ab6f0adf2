"""A home of its own for a measurement: made empty, marked, and thrown away afterwards unless it is to be kept."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from salur.kernel.postgres import Embedded

MARK = "bench"
INSIDE = "SALUR_BENCH"


class NotOurHome(ValueError):
    """The folder holds something that no measurement put there; the text says what to do."""


def inside() -> bool:
    """Whether this process was started by `run_inside`, on a home that belongs to the measurement."""
    return INSIDE in os.environ


@contextmanager
def home(kept: Path | None) -> Iterator[Path]:
    """A folder to measure in: `kept`, where a population may be found again, or one that is removed at the end.

    Raises NotOurHome for a folder that is not empty and was not made by an earlier measurement.
    """
    if kept is not None:
        folder = kept.expanduser().resolve()
        if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).exists():
            raise NotOurHome(f"{folder} is not empty and holds no earlier measurement: name an empty folder")
        folder.mkdir(parents=True, exist_ok=True)
        _mark(folder)
        yield folder
        return
    folder = Path(tempfile.mkdtemp(prefix="salur-bench-"))
    folder.chmod(0o711)  # as root, the database server runs as another user and must get in
    _mark(folder)
    try:
        yield folder
    finally:
        _until_down(Embedded(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _mark(folder: Path) -> None:
    (folder / MARK).write_text("made by `salur bench`; nothing in here is of value\n")


def _until_down(server: Embedded) -> None:
    until = time.monotonic() + 60
    while server.is_running() and time.monotonic() < until:
        time.sleep(0.05)


def run_inside(folder: Path, arguments: list[str]) -> int:
    """Run `salur bench` once more, with `folder` as its home and no other setting of this installation; its status."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SALUR_")}
    if "SALUR_POSTGRES_BIN" in os.environ:
        env["SALUR_POSTGRES_BIN"] = os.environ["SALUR_POSTGRES_BIN"]
    env |= {"SALUR_HOME": str(folder), INSIDE: "1"}
    process = subprocess.Popen([sys.executable, "-m", "salur.config", "bench", *arguments], env=env)
    # Ctrl-C reaches the child too, SIGTERM is passed on; either way it ends first, then the home is cleared away.
    before = (
        signal.signal(signal.SIGINT, signal.SIG_IGN),
        signal.signal(signal.SIGTERM, lambda _number, _frame: process.terminate()),
    )
    try:
        return process.wait()
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)


def end_what_was_started() -> None:
    """Inside: let SIGTERM unwind the stack as Ctrl-C does, so that parts and database are ended."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
