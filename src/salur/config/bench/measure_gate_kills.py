"""Kill -9 of web processes and of the database under load: is everything that was answered 200 stored, and once?

The senders do what a platform does: what was not answered is sent again, until it is.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

from django.conf import settings
from django.db import connections

from salur.config.bench.figures import Figure
from salur.config.bench.gate_corpus import Corpus, clear, corpus
from salur.config.bench.programs import await_answer, end, listener, start
from salur.intake.models import Delivery
from salur.kernel.postgres import Embedded
from salur.kernel.postgres_watch import recorded_pid

SENDERS = 32
BETWEEN = (0.5, 1.5)
"""Seconds of load between two kills."""
EVERY_DATABASE = 4
"""Every how many kills it is the database's turn."""
PATIENCE = 60.0


class Witness:
    """Senders that note every number whose delivery was answered 200."""

    def __init__(self, found: Corpus, port: int) -> None:
        self._corpus = found
        self._port = port
        self._next = 0
        self.stopping = False
        self.answered: list[int] = []
        self.again = 0

    async def run(self) -> None:
        """Send until `stopping`; whoever has begun a delivery goes on until it is answered."""
        await asyncio.gather(*(self._sender() for _ in range(SENDERS)))

    async def _sender(self) -> None:
        line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while not self.stopping:
            number, self._next = self._next, self._next + 1
            until = time.monotonic() + PATIENCE
            while True:
                try:
                    line = line or await asyncio.open_connection("127.0.0.1", self._port)
                    if await self._sent(*line, number) == 200:
                        break
                except (OSError, EOFError, ValueError):
                    if line is not None:
                        line[1].close()
                    line = None
                self.again += 1
                if time.monotonic() > until:
                    raise TimeoutError("a delivery was not taken in a minute")
                await asyncio.sleep(0.05)
            self.answered.append(number)
        if line is not None:
            line[1].close()

    async def _sent(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> int:
        body = self._corpus.body(number)
        headers = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **self._corpus.headers(body)}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"POST {self._corpus.path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        async with asyncio.timeout(15):
            told = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(told.partition(b"content-length:")[2].split(b"\r\n")[0]))
        return int(told.split()[1])


class Web:
    """Two `salur web` on one socket, of which one can be killed and made anew."""

    def __init__(self) -> None:
        self._listening = listener()
        self.port = int(self._listening.getsockname()[1])
        self.processes = [self._start(), self._start()]

    def _start(self) -> Popen[bytes]:
        handed = self._listening.fileno()
        return start("salur.config", "web", "--listening", str(handed), keep=(handed,))

    def kill(self, number: int) -> None:
        """Kill -9 one of the two and start another in its place."""
        self.processes[number].kill()
        self.processes[number].wait()
        self.processes[number] = self._start()

    def end(self) -> None:
        """End both."""
        for process in self.processes:
            end(process)
        self._listening.close()


@contextmanager
def _web() -> Iterator[Web]:
    web = Web()
    try:
        await_answer(web.port, web.processes)
        yield web
    finally:
        web.end()


def kills(number: int) -> list[Figure]:
    """Kill `number` times under load and count what was answered and lost, or stored twice; goal 0 and 0."""
    found = corpus()
    clear()
    with _web() as web:
        witness = Witness(found, web.port)
        asyncio.run(_under_load(witness, web, number))
    connections.close_all()  # ours was cut with the database
    missing, twice, stored = _compare(found, witness.answered)
    note = f"{len(witness.answered):,} answered 200, {stored:,} stored, {witness.again:,} sent again"
    return [
        Figure("gate", f"answered and lost after {number} kills", "rows", missing, missing, None, number, note=note),
        Figure("gate", f"stored twice after {number} kills", "rows", twice, twice, None, number),
    ]


async def _under_load(witness: Witness, web: Web, number: int) -> None:
    dice = random.Random(11)
    sending = asyncio.create_task(witness.run())
    held: list[Embedded] = []
    try:
        for turn in range(number):
            await _until_answered(witness, sending)
            await asyncio.sleep(dice.uniform(*BETWEEN))
            if turn % EVERY_DATABASE == EVERY_DATABASE - 1:
                held.append(await asyncio.to_thread(_kill_the_database))
            else:
                await asyncio.to_thread(web.kill, turn % 2)
        await _until_answered(witness, sending)
    finally:
        witness.stopping = True
        await sending
        for server in held:
            server.release()


async def _until_answered(witness: Witness, sending: "asyncio.Task[None]") -> None:
    """Wait until the load flows again: a kill while nothing runs would prove nothing."""
    wanted = len(witness.answered) + 200
    while len(witness.answered) < wanted:
        await asyncio.sleep(0.02)
        if sending.done():
            await sending


def _kill_the_database() -> Embedded:
    home = Path(settings.SALUR_HOME)
    pid = recorded_pid(home / "pg" / "data")
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
    server = Embedded(home)
    server.acquire()
    return server


def _compare(found: Corpus, answered: list[int]) -> tuple[int, int, int]:
    """How many of the answered are missing, how many rows are one too many, and how many rows there are."""
    length = len(found.before)
    numbers = [int(bytes(body)[length : length + 10]) for body in Delivery.objects.values_list("body", flat=True)]
    return len(set(answered) - set(numbers)), len(numbers) - len(set(numbers)), len(numbers)
