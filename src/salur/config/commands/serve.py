"""`salur web`, `salur worker`, `salur migrate`: the parts of `salur up`, for several machines."""

import signal
import sys
from types import FrameType

import click
import uvicorn

from salur.config.environment import Environment
from salur.config.ready import database, migrate
from salur.journey.worker import Worker


def web_arguments(host: str, port: int) -> list[str]:
    """The command that serves the web pages."""
    application = "salur.config.asgi:application"
    options = ["--host", host, "--port", str(port), "--log-level", "warning", "--no-access-log", "--lifespan", "off"]
    return [sys.executable, "-m", "uvicorn", application, *options]


def worker_arguments() -> list[str]:
    """The command that runs one worker."""
    return [sys.executable, "-m", "salur.config", "worker"]


@click.command("web")
def web_command() -> None:
    """Serve the web pages in this process."""
    env = Environment()
    with database():
        uvicorn.run("salur.config.asgi:application", host=env.host, port=env.port, log_level="warning", lifespan="off")


@click.command("worker")
def worker_command() -> None:
    """Run one worker until SIGTERM or Ctrl-C."""
    worker = Worker(poll_seconds=Environment().poll_seconds)

    def end(_number: int, _frame: FrameType | None) -> None:
        worker.stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with database():
        worker.run()


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to this version."""
    with database():
        migrate()
    click.echo("The database is at this version.")
