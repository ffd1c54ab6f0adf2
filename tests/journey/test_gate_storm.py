"""A platform's hooks to the running program while its parts are killed one by one: nothing lost, nothing twice."""

import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.journey.program import Program, installed

from salur.kernel import postgres_watch
from salur.kernel.postgres import Embedded
from salur_sandbox.client import Control, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
PEOPLE = 60
PART = {"worker": b"worker", "web": b"web"}


@pytest.fixture
def program() -> Iterator[Program]:
    """An installation whose folder may be entered by the database server's user."""
    with installed() as made:
        yield made


def connected(program: Program, sandbox: Control) -> dict[str, Any]:
    """A WhatsApp number of the sandbox, connected as an administrator does it, and subscribed by the program."""
    place = ("--government=18", "--agency=diskominfotik", "--platform=whatsapp", "--address=102030405060703")
    api = f"--set=api_base={sandbox.api_base('whatsapp')}"
    program.command("account", "add", *place, api, status=None)
    number = program.account("whatsapp")
    hook = re.search(r"/hooks/whatsapp/\S+", program.command("account", "show", number))
    assert hook is not None
    address = f"http://127.0.0.1:{program.port}{hook[0]}"
    there = sandbox.account("whatsapp", id="102030405060703", hook_url=address)
    secrets = {**there["secrets"], "access_token": there["token"]}
    named = [f"--secret={name}" for name in secrets]
    typed = {f"SALUR_SECRET_{name.upper()}": value for name, value in secrets.items()}
    settings = [api, f"--set=waba_id={there['more']['waba_id']}"]
    told = program.command("account", "add", *place, *settings, *named, status=None, **typed)
    assert not any(value in told for value in secrets.values()), "no secret is printed"
    return there


class Load:
    """Citizens who go on writing, each in a chat of their own, until told to stop."""

    def __init__(self, sandbox: Control, account: str) -> None:
        self.said: list[str] = []
        self._sandbox, self._account = Control(sandbox.base), account
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        for n in range(PEOPLE):
            sandbox.person(f"warga{n}", f"Warga {n} Contoh", phone=f"62812350{n:05d}")
        self._thread.start()

    def _write(self) -> None:
        while not self._stopping.wait(0.1):
            number = len(self.said)
            text = f"Lampu jalan nomor {number} di Natar padam, mohon diperbaiki."
            self.said.append(self._sandbox.say(self._account, f"warga{number % PEOPLE}", "dm", text))

    def until(self, number: int) -> None:
        """Wait until so many more were said."""
        wanted = len(self.said) + number
        while len(self.said) < wanted:
            assert self._thread.is_alive(), "nobody writes any more"
            time.sleep(0.05)

    def stop(self) -> None:
        """Nothing more is said."""
        self._stopping.set()
        self._thread.join(20)
        self._sandbox.close()


def kill(program: Program, part: str) -> None:
    """kill -9 of one part of the running program; where that ends the program, it is started again."""
    assert program.process is not None
    if part == "everything":
        program.kill()
        program.start()
        return
    if part == "database":
        victim = postgres_watch.postmaster(Embedded(program.home).data)
        assert victim is not None
        os.kill(victim, signal.SIGKILL)
        await_server(program, victim)
        return
    os.kill(child(program.process.pid, PART[part]), signal.SIGKILL)
    program.process.wait(timeout=30)  # one part is not run without the others
    program.start()


def await_server(program: Program, dead: int) -> None:
    """The running program brings its own database back."""
    until = time.monotonic() + 30
    while postgres_watch.postmaster(Embedded(program.home).data) in (None, dead):
        assert time.monotonic() < until, (program.home / "up.log").read_text()[-2000:]
        time.sleep(0.1)


def child(parent: int, word: bytes) -> int:
    """The process of `salur up` that runs this command."""
    for number in (Path(f"/proc/{parent}/task/{parent}/children")).read_text().split():
        if word in Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0"):
            return int(number)
    raise AssertionError(f"no process runs {word.decode()}")


def test_while_its_parts_are_killed_every_200_is_kept_once_and_everybody_is_answered_once(program: Program) -> None:
    with running() as sandbox:
        there = connected(program, sandbox)
        program.start()
        load = Load(sandbox, there["key"])
        try:
            for part in ("worker", "web", "database", "everything"):
                load.until(40)
                kill(program, part)
            load.until(40)
        finally:
            load.stop()
        ours = settled(program, sandbox, there["key"])
        taken = [one["body"] for one in sandbox.deliveries(account=there["key"]) if one["status"] == 200]
        with psycopg.connect(**Embedded(program.home).parameters) as line:
            rows = line.execute("SELECT body FROM intake_delivery WHERE via = 'hook'").fetchall()
            ids = line.execute("SELECT external_id FROM intake_message").fetchall()
        kept = Counter(bytes(body).decode() for (body,) in rows)
        assert set(taken) <= set(kept) and set(kept.values()) == {1}, "every 200 is in the table, once"
        assert sorted(one for (one,) in ids) == sorted(load.said), "everything said is a message, once"
        assert Counter(one["person"] for one in ours) == {f"warga{n}": 1 for n in range(PEOPLE)}
        assert f"{PEOPLE} cases folded, 0 differed" in program.command("rebuild", "--check")
        found = program.doctor()
        assert found["intake"]["holds"] and found["intake"]["waiting"] == found["intake"]["quarantined"] == 0
        assert [one for one in found["findings"] if one["level"] == "error"] == []
        assert sandbox.deliveries(account=there["key"])[-1]["status"] == 200


def settled(program: Program, sandbox: Control, key: str) -> list[dict[str, Any]]:
    """Wait until everybody has an answer and nothing is under way or waits; what the account said."""
    until, ours, intake = time.monotonic() + 150, [], {}
    while time.monotonic() < until:
        ours = [one for one in sandbox.state(key)["said"] if one["ours"]]
        if len({one["person"] for one in ours}) == PEOPLE:
            intake = program.doctor()["intake"]
            open_still = {one["id"] for one in sandbox.deliveries(account=key) if one["state"] != "brought"}
            done = {one["id"] for one in sandbox.deliveries(account=key) if one["state"] == "brought"}
            if not intake["waiting"] and open_still <= done:
                return ours
        time.sleep(1)
    raise AssertionError(f"{len(ours)} answers, {intake}")
