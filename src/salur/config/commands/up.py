"""`salur up`."""

import os
import socket
import sys
from pathlib import Path

import click
from django.conf import settings

from salur.config.commands.serve import web_arguments, worker_arguments
from salur.config.demo import SIGN_INS, load_demo
from salur.config.environment import Environment
from salur.config.ready import everything
from salur.config.up import UpProblem, alone, run

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
        with alone(Path(settings.SALUR_HOME)), _listen(env.host, env.port) as listening, everything(create=True):
            if demo:
                load_demo(progress=sys.stderr.isatty())
            commands = {f"web {number}": web_arguments(listening.fileno()) for number in range(1, web + 1)}
            commands |= {f"worker {number}": worker_arguments() for number in range(1, workers + 1)}
            url = f"http://{'127.0.0.1' if env.host in EVERYWHERE else env.host}:{env.port}"
            status = run(commands, url, lambda: _announce(url, demo), keep=(listening.fileno(),))
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


def _announce(url: str, demo: bool) -> None:
    click.echo(f"Salur ready {url}/")
    if demo:
        click.echo("Demonstration sign-ins at /desk/ (invented people; change or remove them before real use):")
        for username, password, text in SIGN_INS:
            click.echo(f"  {username:24} {password:22} {text}")
