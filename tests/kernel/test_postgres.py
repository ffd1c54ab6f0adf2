"""The embedded server on the real binaries: shared, stopped, killed, recovered, and refused with a clear text."""

import os
import signal
import stat
import threading
from pathlib import Path

import psycopg
import pytest
from tests.kernel.cluster import (
    ask,
    children,
    eventually,
    holder,
    start_holder,
    watchdogs,
)

from salur.kernel import postgres_watch
from salur.kernel.postgres import Embedded
from salur.kernel.postgres_cluster import DatabaseProblem, find_programs, major_of


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
