"""Homes for an embedded server, other processes that use it, and what is looked up about them."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from salur.kernel import postgres_watch
from salur.kernel.postgres import Embedded

SOURCE = Path(__file__).parents[2] / "src"
HOLD = """
import sys
from pathlib import Path
from salur.kernel.postgres import Embedded
server = Embedded(Path(sys.argv[1]))
server.acquire()
print("ready", flush=True)
sys.stdin.read()
server.release()
"""
NOBODY = pwd.getpwnam("nobody")
# The interpreter of a virtual environment may lie below /root, where nobody else gets in.
PUBLIC_PYTHON = Path("/usr/bin/python{}.{}".format(*sys.version_info))
PATHS = os.pathsep.join([str(SOURCE), sysconfig.get_path("purelib")])


@contextmanager
def new_home() -> Iterator[Path]:
    """A home the server's user can reach (pytest's own folders are closed to others), stopped at the end."""
    place = Path(tempfile.mkdtemp(prefix="slr"))
    place.chmod(0o711)
    yield place / "h"
    for data in place.glob("**/pg/data"):
        postgres_watch.stop(data.resolve())
    shutil.rmtree(place)


def eventually(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.02)


def start_holder(home: Path, *, as_nobody: bool = False) -> subprocess.Popen[str]:
    """Start another process that uses the server of this home until its input closes."""
    return subprocess.Popen(
        [PUBLIC_PYTHON if as_nobody else sys.executable, "-c", HOLD, home],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": PATHS, "PYTHONDONTWRITEBYTECODE": "1"},
        user=NOBODY.pw_uid if as_nobody else None,
        group=NOBODY.pw_gid if as_nobody else None,
        extra_groups=[] if as_nobody else None,
    )


def holder(home: Path, *, as_nobody: bool = False) -> subprocess.Popen[str]:
    process = start_holder(home, as_nobody=as_nobody)
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def ask(server: Embedded, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(**server.parameters, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def watchdogs(home: Path) -> list[int]:
    folder = os.fsencode(str((home / "pg").resolve()))
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if folder in words and any(word.endswith(b"postgres_watch.py") for word in words) and b"sh" not in words:
            found.append(int(entry.parent.name))
    return found


def children(parent: int) -> list[int]:
    lists = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(pid) for pids in lists for pid in pids.read_text().split()]
