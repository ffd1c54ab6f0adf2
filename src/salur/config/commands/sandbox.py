"""`salur sandbox`: stand-ins of the closed platforms on this machine; the only place where the two packages meet."""

import json
import socket
import time
from pathlib import Path

import click

from salur.config.environment import Environment
from salur_sandbox.app import KINDS, Sandbox
from salur_sandbox.serve import server

BEGUN = 1_767_225_600
"""Unix seconds of 2026-01-01, from which the sandbox's numbers count hundredths of seconds."""


@click.command("sandbox")
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1; SALUR_PORT + 1 where not given.")
@click.option("--listening", type=int, hidden=True, help="A socket handed down by `salur up`.")
@click.option("--scene", type=click.Path(path_type=Path), hidden=True, help="The accounts to begin with, as JSON.")
def sandbox_command(port: int | None, listening: int | None, scene: Path | None) -> None:
    """Serve invented Facebook, Instagram, WhatsApp, Threads, X, TikTok, YouTube and Telegram on this machine alone."""
    if listening is not None:
        door = socket.socket(fileno=listening)
    else:
        try:
            door = socket.create_server(("127.0.0.1", port or Environment().port + 1))
        except OSError as error:
            raise click.ClickException(f"the port cannot be used ({error.strerror}): choose another one") from error
    base = f"http://127.0.0.1:{door.getsockname()[1]}"
    # What Salur took in outlives the sandbox: ids go on growing from one start to the next.
    sandbox = Sandbox(base, first=int((time.time() - BEGUN) * 100))
    if scene is not None:
        sandbox.begin(json.loads(scene.read_text(encoding="utf-8")))
    else:
        sandbox.begin({"accounts": [{"platform": kind.name, "key": kind.name} for kind in KINDS]})
    if listening is None:
        click.echo(f"Sandbox ready {base}/")
    server(sandbox).run(sockets=[door])
