"""kill -9 under load: whatever was answered 200 is in the table, once."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from tests.journey.program import Program, installed

from salur.config.bench.gate_corpus import Corpus
from salur.config.bench.measure_gate_kills import Witness
from salur.kernel.postgres import Embedded

SECRET = "rahasia-aplikasi-uji"
BEFORE = b'{"object": "page", "entry": [{"id": "18", "time": 1780000000, "changes": [], "n": "'

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture
def program() -> Iterator[Program]:
    """An installation with one Facebook account; its folder may be entered by the database server's user."""
    with installed() as made:
        yield made


def _corpus(program: Program) -> Corpus:
    account = ("--government=18", "--agency=diskominfotik", "--platform=facebook", "--address=18")
    at = ("--set", "api_base=http://127.0.0.1:9", "--secret=app_secret")  # nobody listens there
    program.command("account", "add", *account, *at, status=None, SALUR_SECRET_APP_SECRET=SECRET)
    listed = program.account("facebook")
    found = re.search(r"/hooks/facebook/\S+", program.command("account", "show", listed))
    assert found is not None
    return Corpus(int(listed), found[0], SECRET.encode(), BEFORE, b'"}]}')


def test_after_kill_9_of_everything_every_200_is_in_the_table_once(program: Program) -> None:
    corpus = _corpus(program)
    witness = Witness(corpus, program.port)

    async def until(number: int) -> None:
        while len(witness.answered) < number:
            assert not sending.done(), "the senders gave up"
            await asyncio.sleep(0.02)

    async def load() -> None:
        nonlocal sending
        sending = asyncio.create_task(witness.run())
        for _ in range(3):
            await until(len(witness.answered) + 300)
            await asyncio.to_thread(program.kill)
            await asyncio.to_thread(program.start)
        await until(len(witness.answered) + 300)
        witness.stopping = True
        await sending

    sending: asyncio.Task[None]
    program.start()
    with ThreadPoolExecutor(1) as own:  # the browser of other tests leaves a running loop in this thread
        own.submit(lambda: asyncio.run(load())).result()
    assert witness.again > 0, "no kill hit the load"
    with psycopg.connect(**Embedded(program.home).parameters) as line:
        rows = line.execute("SELECT body FROM intake_delivery WHERE account_id = %s", [corpus.account_id]).fetchall()
    numbers = [int(bytes(body)[len(BEFORE) : len(BEFORE) + 10]) for (body,) in rows]
    assert sorted(witness.answered) == sorted(numbers)
    assert len(numbers) == len(set(numbers)) >= 1200


@pytest.mark.skipif(shutil.which("wrk") is None, reason="the load generator wrk is not installed")
def test_the_bench_measures_the_gate_and_kills_each_process_alone(tmp_path: Path) -> None:
    small = ["--rounds=1", "--seconds=1", "--kills=8", "--json"]
    env = {**os.environ, "SALUR_HOME": str(tmp_path / "installed")}
    command = [sys.executable, "-m", "salur.config", "bench", "gate", *small]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=380)
    assert done.returncode == 0, done.stderr
    figures = {one["name"]: one["median"] for one in json.loads(done.stdout)["figures"]}
    assert figures["answered and lost after 8 kills"] == 0 and figures["stored twice after 8 kills"] == 0
    assert figures["gate, 128 connections"] > figures["plain Django view, 128 connections"] > 0
    assert 0 < figures["gate to ceiling, 128 connections"] < 1
