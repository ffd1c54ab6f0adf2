"""A real gammu-smsd with a dummy telephone: a daemon that takes text messages from folders and lays them into folders.

On Debian: `apt-get install gammu gammu-smsd`. Nothing leaves the machine.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

_CONFIG = """
[gammu]
model = dummy
connection = none
device = {home}/phone
[smsd]
service = files
logfile = {home}/log
inboxpath = {home}/inbox/
outboxpath = {home}/outbox/
sentsmspath = {home}/sent/
errorsmspath = {home}/error/
CommTimeout = 1
SendTimeout = 5
LoopSleep = 1
ReceiveFrequency = 1
MultipartTimeout = 5
CheckSecurity = 0
CheckBattery = 0
CheckSignal = 0
CheckNetwork = 0
"""


@dataclass
class Modem:
    """A running daemon and its folders."""

    home: Path

    def receive(self, number: str, words: str) -> None:
        """A text message arrives at the telephone, in as many parts as it needs."""
        command = [
            "gammu",
            "-c",
            str(self.home / "rc"),
            "savesms",
            "TEXT",
            "-folder",
            "1",
            "-unread",
            "-sender",
            number,
        ]
        command += ["-len", "1000", "-text", words]
        subprocess.run(command, check=True, capture_output=True, timeout=30)

    def wait_for(self, folder: str, number: int = 1, seconds: float = 30) -> list[Path]:
        """The files of a folder, as soon as there are so many."""
        until = monotonic() + seconds
        while monotonic() < until:
            found = sorted(path for path in (self.home / folder).iterdir() if not path.name.startswith("."))
            if len(found) >= number:
                return found
            sleep(0.1)
        raise AssertionError((self.home / "log").read_text()[-2000:])


@contextmanager
def running() -> Iterator[Modem]:
    """A daemon with empty folders; skips the test where it is not installed."""
    absent = [name for name in ("gammu", "gammu-smsd") if shutil.which(name) is None]
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)} (Debian: apt-get install gammu gammu-smsd)")
    home = Path(tempfile.mkdtemp(prefix="salur-gammu-"))
    try:
        for name in ("inbox", "outbox", "sent", "error", *(f"phone/sms/{n}" for n in range(1, 6))):
            (home / name).mkdir(parents=True)
        (home / "rc").write_text(_CONFIG.format(home=home))
        process = subprocess.Popen(
            ["gammu-smsd", "-c", str(home / "rc")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield Modem(home)
        finally:
            process.terminate()
            process.wait(timeout=20)
    finally:
        shutil.rmtree(home, ignore_errors=True)
