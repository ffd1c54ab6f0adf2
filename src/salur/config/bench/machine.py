"""On what was measured: figures without their machine say nothing."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True)
class Machine:
    """Cores, memory (GB), system, versions, the server's durable settings and the load (1 minute) at the start."""

    cores: int
    memory_gb: float
    system: str
    python: str
    postgres: str
    durable: dict[str, str]
    load: float

    def line(self) -> str:
        """One line for people."""
        settings = ", ".join(f"{name} {value}" for name, value in self.durable.items())
        return (
            f"{self.cores} cores, {self.memory_gb:.0f} GB, {self.system}, Python {self.python}, "
            f"PostgreSQL {self.postgres}, {settings}; load at the start {self.load:.1f}"
        )


def this_machine() -> Machine:
    """The machine and the database this process works on."""
    with connection.cursor() as cursor:
        found = {}
        for name in ("server_version", *DURABLE):
            cursor.execute(f"SHOW {name}")  # names of ours
            found[name] = str(cursor.fetchone()[0])
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gb=pages / 1e9,
        system=_system(),
        python=platform.python_version(),
        postgres=found.pop("server_version").split()[0],
        durable=found,
        load=os.getloadavg()[0],
    )


def _system() -> str:
    release = Path("/etc/os-release")
    if release.exists():
        named = dict(line.split("=", 1) for line in release.read_text().splitlines() if "=" in line)
        return named.get("PRETTY_NAME", platform.platform(terse=True)).strip('"')
    return platform.platform(terse=True)


def memory_mb(*roots: int) -> float:
    """Megabytes that processes and all their descendants hold, shared pages counted once (PSS); Linux only, else 0."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # gone meanwhile
        parents.setdefault(int(rest[1]), []).append(pid)
    todo, total = list(roots), 0
    while todo:
        pid = todo.pop()
        todo += parents.get(pid, [])
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024
