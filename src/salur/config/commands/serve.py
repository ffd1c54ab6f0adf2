"""`salur web`, `salur worker`, `salur migrate`: the parts of `salur up`, for several machines."""

import signal
import socket
import sys
from pathlib import Path
from types import FrameType

import click
import uvicorn

from salur.config.environment import Environment
from salur.config.ready import database, demand_migrated, migrate
from salur.insight.lab.runs import answer_next
from salur.journey.worker import Worker

LAB_SECONDS = 1.5
"""How soon a question to the lab is seen."""


def web_arguments(listening: int) -> list[str]:
    """The command that serves the web pages on a socket its parent listens on (a file descriptor handed down)."""
    return [sys.executable, "-m", "salur.config", "web", "--listening", str(listening)]


def worker_arguments() -> list[str]:
    """The command that runs one worker."""
    return [sys.executable, "-m", "salur.config", "worker"]


def sandbox_arguments(listening: int, scene: Path) -> list[str]:
    """The command that serves the sandbox on a socket its parent listens on, with the accounts of a JSON file."""
    return [sys.executable, "-m", "salur.config", "sandbox", "--listening", str(listening), "--scene", str(scene)]


@click.command("web")
@click.option("--listening", type=int, hidden=True, help="A socket handed down by `salur up`.")
def web_command(listening: int | None) -> None:
    """Serve the web pages in this process."""
    env = Environment()
    config = uvicorn.Config(
        "salur.config.asgi:application",
        host=env.host,
        port=env.port,
        log_level="warning",
        access_log=False,
        lifespan="off",
    )
    with database():
        demand_migrated()
        uvicorn.Server(config).run(sockets=None if listening is None else [socket.socket(fileno=listening)])


@click.command("worker")
def worker_command() -> None:
    """Run one worker until SIGTERM or Ctrl-C."""
    worker = Worker(poll_seconds=Environment().poll_seconds)
    worker.also("lab", lambda: answer_next(worker.stop.is_set), LAB_SECONDS)

    def end(_number: int, _frame: FrameType | None) -> None:
        worker.stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with database():
        demand_migrated()
        worker.run()


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to this version."""
    with database(create=True):
        migrate()
    click.echo("The database is at this version.")
