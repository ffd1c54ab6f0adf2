"""The running program, started and killed as an administrator or a power cut would."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.mail import free_ports

from salur.kernel.postgres import Embedded


@contextmanager
def installed() -> Iterator["Program"]:
    """A home with the governments of Lampung, which the database server's user may enter; all is gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="salur-tests-"))
    home.chmod(0o711)
    made = Program(home)
    made.command("government", "lampung")
    yield made
    made.stop()
    server = Embedded(home)
    if server.is_running():
        server.acquire()
        server.release()
    shutil.rmtree(home, ignore_errors=True)


class Program:
    """`salur up` on a home of its own, in a process group that can be killed as a whole."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_ports(1)[0]
        self.process: subprocess.Popen[bytes] | None = None
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("SALUR_")}
        self.env |= {"SALUR_HOME": str(home), "SALUR_PORT": str(self.port), "SALUR_POLL_SECONDS": "1"}

    def command(self, *arguments: str, status: int | None = 0, **env: str) -> str:
        """Run one `salur` command on this home; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "salur.config", *arguments],
            env=self.env | env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert status is None or done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def account(self, platform: str) -> str:
        """The number of the one account on this platform, as the list gives it."""
        listed = self.command("account", "list", f"--platform={platform}")
        (number,) = re.findall(rf"^\W*(\d+)\b.*{platform}", listed, re.MULTILINE)
        return str(number)

    def start(self, *arguments: str) -> None:
        """Start it and wait until the ready line's address answers."""
        log = (self.home / "up.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "salur.config", "up", *arguments],
            env=self.env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.home / "up.log").read_text())

    def kill(self) -> None:
        """kill -9 of the whole tree: the group, and the database server itself."""
        assert self.process is not None
        pid_file = self.home / "pg" / "data" / "postmaster.pid"
        server = int(pid_file.read_text().split()[0]) if pid_file.exists() else None
        os.killpg(self.process.pid, signal.SIGKILL)
        if server:
            os.kill(server, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ctrl-C."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)

    def doctor(self) -> dict[str, Any]:
        """What the doctor says, as JSON; an error found by it is no error of the call."""
        found: dict[str, Any] = json.loads(self.command("doctor", "--json", status=None))
        return found
