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


@click.command("up")
@click.option("--demo", is_flag=True, help="Load Lampung with invented citizens, once.")
@click.option("--workers", type=click.IntRange(1, 16), default=min(2, os.cpu_count() or 1), show_default=True)
def up_command(demo: bool, workers: int) -> None:
    """Start database, web and worker in one process tree. Ctrl-C ends it cleanly; kill -9 loses nothing."""
    env = Environment()
    try:
        with alone(Path(settings.SALUR_HOME)):
            _demand_free(env.host, env.port)
            with everything():
                if demo:
                    load_demo(progress=sys.stderr.isatty())
                url = f"http://{env.host}:{env.port}"
                commands = {"web": web_arguments(env.host, env.port)}
                commands |= {f"worker {number}": worker_arguments() for number in range(1, workers + 1)}
                status = run(commands, url, lambda: _announce(url, demo))
    except UpProblem as problem:
        raise click.ClickException(str(problem)) from problem
    sys.exit(status)


def _demand_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UpProblem(
                f"port {port} on {host} cannot be used ({error.strerror}): choose another with SALUR_PORT"
            ) from error


def _announce(url: str, demo: bool) -> None:
    click.echo(f"Salur ready {url}/")
    if demo:
        click.echo("Demonstration sign-ins at /desk/ (invented people; change or remove them before real use):")
        for username, password, text in SIGN_INS:
            click.echo(f"  {username:24} {password:22} {text}")
