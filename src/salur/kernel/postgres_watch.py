"""Stops the embedded server when its last user is gone, however that user ended.

Run by path as a process of its own (`python -I -S postgres_watch.py FOLDER`, the watch lock among its inherited files),
so it imports the standard library only and starts in milliseconds. A user holds a shared lock on FOLDER/users as long
as it lives; the kernel drops that lock even after kill -9, so waiting for the exclusive lock is waiting for the last.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

FAST_SHUTDOWN_SECONDS = 60.0
IMMEDIATE_SHUTDOWN_SECONDS = 10.0


def postmaster(data: Path) -> int | None:
    """Return the process id of the server that runs on this data directory, or None.

    The number in postmaster.pid is believed only if that process was started on this very directory: after a crash or
    a restart of a container it may belong to a stranger, and a zombie is no server.
    """
    pid = recorded_pid(data)
    if pid is None:
        return None
    return pid if os.fsencode(str(data)) in _arguments(pid) else None


def recorded_pid(data: Path) -> int | None:
    """Return the process id that postmaster.pid names, alive or not; None where there is no such file."""
    try:
        first = (data / "postmaster.pid").read_text().partition("\n")[0]
        return int(first)
    except (FileNotFoundError, ValueError):
        return None


def _arguments(pid: int) -> list[bytes]:
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return []
    listed = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return listed.stdout.split()


def try_lock(file: int, *, shared: bool = False) -> bool:
    """Take a lock on an open file without waiting, exclusive unless `shared`; False where another's lock forbids it."""
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def stop(data: Path) -> None:
    """Shut the server down, rolling back what is open; where that takes over a minute, abort it.

    Committed work survives both ways: the second way only costs the next start a recovery.
    """
    for sign, patience in ((signal.SIGINT, FAST_SHUTDOWN_SECONDS), (signal.SIGQUIT, IMMEDIATE_SHUTDOWN_SECONDS)):
        pid = postmaster(data)
        if pid is None:
            return
        os.kill(pid, sign)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if postmaster(data) is None:
                return
            time.sleep(0.02)


def watch(folder: Path) -> None:
    """Wait until nobody uses the server, then stop it. The caller holds the watch lock until this process ends."""
    users = os.open(folder / "users", os.O_RDONLY)
    gate = os.open(folder / "gate", os.O_RDONLY)
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)
        # A starter takes the gate first and the users' lock second. To never wait crosswise we let go of the second,
        # take them in the same order, and look again whether somebody came in between.
        fcntl.flock(users, fcntl.LOCK_UN)
        fcntl.flock(gate, fcntl.LOCK_EX)
        if try_lock(users):
            fcntl.flock(users, fcntl.LOCK_UN)  # the gate alone keeps starters out while we stop
            stop(folder / "data")
            return
        fcntl.flock(gate, fcntl.LOCK_UN)


if __name__ == "__main__":
    # Ctrl-C in a terminal and a service manager's TERM are meant for the users; the server ends after them.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    watch(Path(sys.argv[1]))
