"""`salur up`."""

import json
import os
import socket
import sys
from contextlib import ExitStack
from pathlib import Path

import click
from django.conf import settings

from salur.config.commands.serve import sandbox_arguments, web_arguments, worker_arguments
from salur.config.demo import SIGN_INS, load_demo
from salur.config.demo_channels import connect_accounts, scene
from salur.config.environment import Environment
from salur.config.ready import everything
from salur.config.up import UpProblem, alone, run
from salur.kernel.postgres import Embedded
from salur.kernel.postgres_cluster import DatabaseProblem

EVERYWHERE = ("0.0.0.0", "::")
CORES = min(2, os.cpu_count() or 1)


@click.command("up")
@click.option("--demo", is_flag=True, help="Load Lampung with invented citizens, once.")
@click.option("--web", type=click.IntRange(1, 16), default=CORES, show_default=True, help="Web processes.")
@click.option("--workers", type=click.IntRange(1, 16), default=CORES, show_default=True, help="Worker processes.")
def up_command(demo: bool, web: int, workers: int) -> None:
    """Start database, web and worker in one process tree. Ctrl-C ends it cleanly; kill -9 loses nothing."""
    env = Environment()
    try:
        with ExitStack() as stack:
            stack.enter_context(alone(Path(settings.SALUR_HOME)))
            listening = stack.enter_context(_listen(env.host, env.port))
            stack.enter_context(everything(create=True))
            commands = {f"web {number}": web_arguments(listening.fileno()) for number in range(1, web + 1)}
            commands |= {f"worker {number}": worker_arguments() for number in range(1, workers + 1)}
            keep, played = [listening.fileno()], ""
            url = f"http://{'127.0.0.1' if env.host in EVERYWHERE else env.host}:{env.port}"
            if demo:
                load_demo(progress=sys.stderr.isatty())
                beside = stack.enter_context(_beside(env.port + 1))
                keep.append(beside.fileno())
                played = f"http://127.0.0.1:{beside.getsockname()[1]}"
                connect_accounts(played)
                commands["sandbox"] = sandbox_arguments(beside.fileno(), _scene(url))
            server = None if env.database_url else stack.enter_context(Embedded(Path(settings.SALUR_HOME)))
            status = run(
                commands,
                url,
                lambda: _announce(url, played),
                keep=tuple(keep),
                tend=lambda: _tend(server),
                may_fall=frozenset({"sandbox"}),
            )
    except UpProblem as problem:
        raise click.ClickException(str(problem)) from problem
    sys.exit(status)


def _listen(host: str, port: int) -> socket.socket:
    """The socket that every web process accepts from: who comes first serves."""
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        reason = f"port {port} on {host} cannot be used ({error.strerror}): choose another with SALUR_PORT"
        raise UpProblem(reason) from error


def _tend(server: Embedded | None) -> None:
    """Bring the embedded database back where it died while the other parts live. Raises UpProblem where it cannot."""
    try:
        if server is not None and server.revive():
            sys.stderr.write("the database had ended; it runs again\n")
    except DatabaseProblem as problem:
        raise UpProblem(str(problem)) from problem


def _beside(port: int) -> socket.socket:
    """The sandbox's socket on this machine alone: beside Salur's own port, or any free one where that is taken."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except (OSError, OverflowError):
        return socket.create_server(("127.0.0.1", 0))


def _scene(url: str) -> Path:
    """The file with the demonstration's accounts, which the sandbox reads when it starts."""
    file = Path(settings.SALUR_HOME) / "sandbox.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(scene(url)), encoding="utf-8")
    return file


def _announce(url: str, played: str) -> None:
    click.echo(f"Salur ready {url}/")
    if played:
        click.echo(f"Play a citizen on invented social media at {played}/")
        click.echo("Demonstration sign-ins at /desk/ (invented people; change or remove them before real use):")
        for username, password, text in SIGN_INS:
            click.echo(f"  {username:24} {password:22} {text}")
