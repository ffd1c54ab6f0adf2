"""The embedded PostgreSQL: found, made, started, shared between processes, and stopped with its last user.

Only the binaries of a PostgreSQL are used. The server listens on a socket alone, lets in nobody but the user of this
installation (peer authentication), and never runs as root. Everything lies in HOME/pg:

data/            the cluster, owned by the user the server runs as
socket/          its socket (a short folder in /tmp where HOME is too long for a socket's name)
postgresql.conf  written anew at each start, as are pg_hba.conf and pg_ident.conf; data/postgresql.auto.conf
                 (ALTER SYSTEM) is the place for settings of one's own
gate             lock: one starter, or the watchdog stopping, at a time
users            lock: shared by everyone who uses the server
watch            lock: held by the watchdog, see postgres_watch.py
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import conninfo

from salur.kernel import postgres_watch
from salur.kernel.postgres_cluster import (
    NAME,
    DatabaseProblem,
    check_version,
    hint,
    make_cluster,
    reachable_programs,
    run,
    server_user,
)

# sockaddr_un holds 104 bytes on macOS, 108 on Linux; "/.s.PGSQL.5432.lock" takes 19 of them.
LONGEST_SOCKET_FOLDER = 84
LOG_LIMIT = 10 * 1024 * 1024  # bytes

SETTINGS = """\
# Written by Salur at each start. Settings of your own: ALTER SYSTEM SET ...
listen_addresses = ''
port = 5432
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
hba_file = '{folder}/pg_hba.conf'
ident_file = '{folder}/pg_ident.conf'
max_connections = 120
shared_buffers = '128MB'
# A new segment of the log is not written full of zeros first: under load that held up every commit for 40 ms, several
# times a second. What is committed is flushed all the same.
wal_init_zero = off
min_wal_size = '512MB'
max_wal_size = '2GB'
wal_compression = pglz
fsync = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# What citizens write must not reach a log file: statements carry it as literals, details as values.
log_min_error_statement = panic
log_min_duration_statement = -1
log_parameter_max_length = 0
log_error_verbosity = terse
"""


def connect_parameters(env: Mapping[str, str], home: Path) -> dict[str, Any]:
    """Return how to connect, as libpq keywords (host, port, dbname, user, ...), without starting anything.

    `SALUR_DATABASE_URL` in `env` names a server you run; without it, it is the embedded one below `home`.
    Raises DatabaseProblem where the address cannot be read; the message never repeats it, for it holds a password.
    """
    address = env.get("SALUR_DATABASE_URL", "").strip()
    if not address:
        return Embedded(home).parameters
    wanted = "SALUR_DATABASE_URL must look like postgresql://user:password@host:5432/database"
    if not address.startswith(("postgresql://", "postgres://")):
        raise DatabaseProblem(f"{wanted}; it does not begin with postgresql://.")
    try:
        parameters = conninfo.conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        raise DatabaseProblem(
            f"{wanted}; special characters in the password must be percent-encoded (@ is %40)."
        ) from None
    if not parameters.get("dbname"):
        raise DatabaseProblem(f"{wanted}; the database name is missing.")
    port = str(parameters.get("port", "5432"))
    if not all(part.isdigit() and 0 < int(part) < 65536 for part in port.split(",")):
        raise DatabaseProblem(f"{wanted}; its port is no port number.")
    return parameters


class Embedded:
    """The server below one home folder, shared by every process that acquires it.

    The first to acquire starts it, whoever comes later shares it, and a watchdog process stops it when the last is
    gone, by whatever way. An instance holds the server from acquire() until release() or the end of the process.
    """

    def __init__(self, home: Path, *, env: Mapping[str, str] | None = None, patience: float = 120.0) -> None:
        """`patience` is how many seconds a start, recovery included, may take."""
        self.folder = Path(home).resolve() / "pg"
        self.data = self.folder / "data"
        self._env = os.environ if env is None else env
        self._patience = patience
        self._users: int | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """How to connect, as libpq keywords; true whether the server runs or not."""
        return {"host": str(self._socket()), "port": "5432", "dbname": NAME, "user": NAME}

    def is_running(self) -> bool:
        """Say whether a server process lives on this data directory."""
        return postgres_watch.postmaster(self.data) is not None

    def acquire(self) -> dict[str, Any]:
        """Start the server or share the one that runs, and return `parameters`. Holding it already is no error.

        Blocks until the server answers and its database exists. Raises DatabaseProblem.
        """
        if self._users is not None:
            return self.parameters
        try:
            self._make_folder()
            with self._gate():
                alone = self._enter()
                try:
                    self._start(alone)
                    self._watch()
                except BaseException:
                    self._leave()
                    raise
        except OSError as error:
            raise DatabaseProblem(_explain(error, self.folder)) from error
        return self.parameters

    def revive(self) -> bool:
        """Start the server again where it died under its users (killed, out of memory); whether it had.

        Only for one who holds it. Blocks through its recovery. Raises DatabaseProblem.
        """
        if self._users is None or self.is_running():
            return False
        try:
            with self._gate():
                if self.is_running():  # somebody else was quicker
                    return False
                self._start(alone=False)
                self._watch()
        except OSError as error:
            raise DatabaseProblem(_explain(error, self.folder)) from error
        return True

    def release(self) -> None:
        """Stop using the server; where nobody else uses it, wait until it is down. Not holding it is no error."""
        if self._users is None:
            return
        self._leave()
        until = time.monotonic() + postgres_watch.FAST_SHUTDOWN_SECONDS
        while self.is_running() and not self._used_by_others() and time.monotonic() < until:
            time.sleep(0.02)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    # -- locks

    def _open_lock(self, name: str) -> int:
        file = os.open(self.folder / name, os.O_RDONLY | os.O_CREAT, 0o600)
        if os.geteuid() == 0:
            # Whoever owns the folder must be able to go on without us after one start as root.
            facts = self.folder.stat()
            os.fchown(file, facts.st_uid, facts.st_gid)
        return file

    @contextmanager
    def _gate(self) -> Iterator[None]:
        gate = self._open_lock("gate")
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)

    def _enter(self) -> bool:
        """Count ourselves among the users; say whether we are the only one."""
        self._users = self._open_lock("users")
        alone = postgres_watch.try_lock(self._users)
        fcntl.flock(self._users, fcntl.LOCK_SH)
        return alone

    def _leave(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def _used_by_others(self) -> bool:
        """Say whether somebody shares the lock. The watchdog holds it exclusively for a moment: that is no user."""
        users = self._open_lock("users")
        try:
            return not postgres_watch.try_lock(users) and postgres_watch.try_lock(users, shared=True)
        finally:
            os.close(users)

    def _watch(self) -> None:
        """Start the watchdog unless one lives. It inherits the lock that says so: no moment without an owner."""
        lock = self._open_lock("watch")
        try:
            if postgres_watch.try_lock(lock):
                # Through a shell that ends at once, so that the watchdog is nobody's child to wait for.
                subprocess.run(
                    ["/bin/sh", "-c", '"$@" &', "sh"]
                    + [sys.executable, "-I", "-S", postgres_watch.__file__, str(self.folder)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    start_new_session=True,
                    pass_fds=(lock,),
                    check=True,
                )
        finally:
            os.close(lock)

    # -- the server

    def _start(self, alone: bool) -> None:
        owner = server_user(self.data)
        programs = reachable_programs(self.folder, owner, self._env)
        if not self.data.exists():
            make_cluster(self.data, programs, owner)
        check_version(self.data, programs)
        self._make_socket_folder(owner)
        if not self.is_running():
            self._write_settings(owner)
            self._clear_stale_pid(alone)
            self._launch(programs, owner)
        self._await_database()

    def _make_folder(self) -> None:
        as_root = os.geteuid() == 0
        if as_root:
            # Folders of ours may be entered by the server's user; what is secret in them has modes of its own.
            for part in reversed([self.folder, *self.folder.parents]):
                if not part.exists():
                    with suppress(FileExistsError):  # another starter was quicker
                        part.mkdir(mode=0o711)
                        part.chmod(0o711)
        else:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self.folder.stat().st_uid
        if not as_root and owner != os.geteuid():
            raise DatabaseProblem(
                f"{self.folder} belongs to another user (id {owner}). "
                "Run as that user, or set SALUR_HOME to a directory of your own."
            )

    def _socket(self) -> Path:
        inside = self.folder / "socket"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        return Path("/tmp") / f"salur-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}"

    def _make_socket_folder(self, owner: pwd.struct_passwd) -> None:
        socket = self._socket()
        with suppress(FileExistsError):
            socket.mkdir(mode=0o700)
        # In /tmp anybody could have been there first, with a link or a folder of theirs.
        facts = socket.lstat()
        ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid in (owner.pw_uid, os.geteuid())
        if not ours or facts.st_mode & 0o077:
            raise DatabaseProblem(f"{socket} is not a folder of ours alone. Remove it, or choose a shorter SALUR_HOME.")
        if facts.st_uid != owner.pw_uid:
            os.chown(socket, owner.pw_uid, owner.pw_gid)

    def _write_settings(self, owner: pwd.struct_passwd) -> None:
        """Write the settings outside the data directory, whose owner need not be trusted with our files."""
        settings = SETTINGS.format(socket=_quoted(self._socket()), folder=_quoted(self.folder))
        names = {"root", owner.pw_name, pwd.getpwuid(os.geteuid()).pw_name}
        who = "".join(f'{NAME} "{name}" {NAME}\n' for name in sorted(names))
        for name, text in (
            ("postgresql.conf", settings),
            ("pg_hba.conf", f"local all all peer map={NAME}\n"),
            ("pg_ident.conf", who),
        ):
            path = self.folder / name
            path.unlink(missing_ok=True)  # never through a link, and whoever wrote it last
            path.write_text(text)
            path.chmod(0o644)

    def _clear_stale_pid(self, alone: bool) -> None:
        """Remove a postmaster.pid that would forbid the start although its server is dead.

        The server itself clears the file where no such process exists. It cannot tell a zombie (a container whose
        first process reaps nobody) or a stranger under the same number (after a restart) from a living server; we
        can, because is_running() looked at what the process is. A stranger's number is believed stale only if nobody
        else uses this folder: they might live in another container, beside a server that we cannot see.
        """
        pid = postgres_watch.recorded_pid(self.data)
        if pid is None or not Path(f"/proc/{pid}").exists():
            return
        zombie = ") Z " in Path(f"/proc/{pid}/stat").read_text()
        if not zombie and not alone:
            raise DatabaseProblem(
                f"{self.data} is in use, but its server (process {pid}) is not on this system: perhaps it runs in "
                "another container. Stop the other users of this SALUR_HOME first."
            )
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self, programs: Path, owner: pwd.struct_passwd) -> None:
        log = self.data / "server.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.rename(self.data / "server.log.1")
        until = time.monotonic() + self._patience
        while True:
            before = log.stat().st_size if log.exists() else 0
            options = f"-c config_file={shlex.quote(str(self.folder / 'postgresql.conf'))}"
            seconds = str(max(1, int(until - time.monotonic())))
            started = run(
                [programs / "pg_ctl", "start", "-w", "-t", seconds, "-D", self.data, "-l", log, "-o", options], owner
            )
            if started.returncode == 0:
                return
            said = _since(log, before)
            # Children of a killed server may need a moment to notice and let go of the shared memory.
            lingering = "is still in use" in said or "already exists" in said
            if not lingering or time.monotonic() > until:
                raise DatabaseProblem(f"The database did not start ({log}): {hint(said or started.stderr)}")
            time.sleep(0.2)

    def _await_database(self) -> None:
        """Wait until the server answers (a predecessor may have died while starting it), and see to the database."""
        until = time.monotonic() + self._patience
        while True:
            try:
                with psycopg.connect(**self.parameters | {"dbname": "postgres"}, autocommit=True) as connection:
                    if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).rowcount:
                        connection.execute(f"CREATE DATABASE {NAME}")  # a constant
                return
            except psycopg.OperationalError as error:
                if not self.is_running() or time.monotonic() > until:
                    raise DatabaseProblem(f"The database does not answer: {hint(str(error))}") from error
                time.sleep(0.05)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _since(log: Path, position: int) -> str:
    """Return what the log says after `position` (bytes), at most its last 4,000 characters."""
    try:
        with log.open("rb") as file:
            file.seek(position)
            return file.read().decode(errors="replace")[-4000:].strip()
    except FileNotFoundError:
        return ""


def _explain(error: OSError, folder: Path) -> str:
    return f"Cannot use {error.filename or folder}: {error.strerror}. Mend it, or set SALUR_HOME to another directory."
