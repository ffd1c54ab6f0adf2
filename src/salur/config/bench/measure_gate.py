"""The gate under load: signed, de-duplicated, durable deliveries a second, beside three references of the same rounds.

Every server is two uvicorn processes on one socket, as `salur up` starts them; wrk, the database and they share the
machine. The rounds are interleaved, so that whatever else runs here slows all of them alike: the ratios are of a round.
"""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from salur.channels.models import Account
from salur.config.bench import gate_references
from salur.config.bench.figures import Figure, rates
from salur.config.bench.gate_corpus import Corpus, clear, corpus, stored
from salur.config.bench.programs import reference, web
from salur.intake.gate.committer import BATCH, COMMIT_SECONDS, FORMATS, STORE, values_of
from salur.intake.gate.wire import Wire

LOAD = Path(__file__).parents[1] / "data" / "gate_load.lua"
THREADS = 2
AT_ONCE = (32, 128)
FASTEST = 60_000
"""Requests a second that no server here reaches: as many signatures are prepared."""


class NoLoad(RuntimeError):
    """The load generator is missing or failed; the text says what to do."""


class NotKept(RuntimeError):
    """Something was answered 200 and is not in the table, or a genuine delivery was refused."""


@dataclass(frozen=True)
class Round:
    """One run of the load generator; times in milliseconds."""

    rate: float
    p50: float
    p99: float
    requests: int


def gate(*, rounds: int, seconds: int) -> list[Figure]:
    """`rounds` of every server and reference, `seconds` each, with 32 and with 128 connections. Raises NoLoad."""
    found = corpus()
    figures = []
    with _laid_down(found, FASTEST * seconds) as folder, _servers(found) as ports:
        load(ports["gate"], 32, 1, folder)  # the first requests pay for what is read once
        for at_once in AT_ONCE:
            runs: dict[str, list[Round]] = {"gate": [], "ceiling": [], "plain": []}
            for _ in range(rounds):
                for name, done in runs.items():
                    clear()
                    done.append(load(ports[name], at_once, seconds, folder))
                    if name != "ceiling" and (kept := stored()) < done[-1].requests:
                        raise NotKept(f"{name}: {done[-1].requests} were answered, {kept} are in the table")
            figures += _figures(at_once, runs)
        alone = []
        for _ in range(rounds):
            clear()
            alone.append(_alone(found, seconds))
    return [*figures, rates("gate", f"bulk insert alone, {BATCH} a statement", alone)]


def million(deliveries: int, *, seconds: int) -> list[Figure]:
    """Store `deliveries` and compare the speed of the last tenth with that of the first. Raises NoLoad, NotKept.

    Each part is followed by a short one of the ceiling: what else slows this machine meanwhile shows there too.
    """
    found = corpus()
    clear()
    rows: list[tuple[float, float]] = []
    with _laid_down(found, deliveries + FASTEST * seconds) as folder, _servers(found) as ports:
        first = 0
        while stored() < deliveries:
            done = load(ports["gate"], 128, seconds, folder, first=first)
            rows.append((done.rate, load(ports["ceiling"], 128, 1, folder).rate))
            first += int(done.requests * 1.1) // THREADS * THREADS  # threads do not keep step
    tenth = max(1, len(rows) // 10)
    begin, end = rows[:tenth], rows[-tenth:]
    shares = [median(rate / top for rate, top in part) for part in (begin, end)]
    note = f"against the ceiling measured beside: {shares[1] / shares[0]:.2f}; goal at least 0.9"
    return [
        rates("gate", "the first tenth", [rate for rate, _ in begin]),
        rates("gate", f"the last tenth of {stored():,}", [rate for rate, _ in end]),
        _ratios("the last tenth to the first", [_middle(end) / _middle(begin)], note),
    ]


def _middle(rows: list[tuple[float, float]]) -> float:
    return median(rate for rate, _ in rows)


@contextmanager
def _servers(found: Corpus) -> Iterator[dict[str, int]]:
    government = Account.objects.get(pk=found.account_id).government_id
    env = {
        gate_references.SECRET: found.secret.decode(),
        gate_references.ACCOUNT: str(found.account_id),
        gate_references.GOVERNMENT: str(government),
    }
    with ExitStack() as parts:
        ports = {"gate": parts.enter_context(web())[0]}
        for name in ("ceiling", "plain"):
            ports[name] = parts.enter_context(reference(name, **env))[0]
        yield ports


@contextmanager
def _laid_down(found: Corpus, count: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="salur-gate-") as folder:
        found.write(Path(folder), count)
        yield Path(folder)


def load(port: int, at_once: int, seconds: int, folder: Path, *, first: int = 0) -> Round:
    """Send what lies in `folder`, from number `first` on, over `at_once` connections for some seconds.

    Raises NoLoad, and NotKept where a request was refused or cut off.
    """
    program = shutil.which("wrk")
    if program is None:
        raise NoLoad("the load generator wrk is missing: apt-get install wrk (or your system's package of that name)")
    command = [program, f"-t{THREADS}", f"-c{at_once}", f"-d{seconds}s", "--latency", "-s", str(LOAD)]
    env = os.environ | {"GATE_CORPUS": str(folder), "GATE_FIRST": str(first), "GATE_STEP": str(THREADS)}
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"], env=env, capture_output=True, text=True, check=False, timeout=600
    )
    told = next((line for line in done.stdout.splitlines() if line.startswith("{")), None)
    if told is None:
        raise NoLoad(f"wrk failed: {(done.stderr or done.stdout).strip()[:300]}")
    told_of = json.loads(told)
    if told_of["refused"] or told_of["broken"]:
        raise NotKept(f"{told_of['refused']} deliveries were refused and {told_of['broken']} cut off")
    return Round(told_of["requests"] / told_of["seconds"], told_of["p50"], told_of["p99"], told_of["requests"])


def _alone(found: Corpus, seconds: int) -> float:
    """Deliveries a second that the gate's own statement stores, from one process that does nothing else."""
    account = Account.objects.get(pk=found.account_id)
    bodies = [found.body(number) for number in range(BATCH)]
    accounts, governments, types = [account.pk] * BATCH, [account.government_id] * BATCH, [b"application/json"] * BATCH

    async def store() -> float:
        wire, count, start = Wire(STORE, FORMATS), 0, perf_counter()
        while (taken := perf_counter() - start) < seconds:
            keys = [b"%027d" % (count + number) for number in range(BATCH)]
            await wire.send(values_of(accounts, governments, keys, bodies, types), seconds=COMMIT_SECONDS)
            count += BATCH
        await wire.close()
        return count / taken

    return asyncio.run(store())


def _figures(at_once: int, runs: dict[str, list[Round]]) -> list[Figure]:
    of = f"{at_once} connections"
    ours = runs["gate"]
    to_ceiling, to_plain = (
        [one.rate / other.rate for one, other in zip(ours, runs[name], strict=True)] for name in ("ceiling", "plain")
    )
    goals = (
        ("goal at least 0.6", "goal at least 8", "median of the rounds' p99, goal under 20")
        if at_once > 32
        else [""] * 3
    )
    return [
        rates("gate", f"gate, {of}", [one.rate for one in ours]),
        rates("gate", f"ceiling, {of}", [one.rate for one in runs["ceiling"]]),
        rates("gate", f"plain Django view, {of}", [one.rate for one in runs["plain"]]),
        _ratios(f"gate to ceiling, {of}", to_ceiling, goals[0]),
        _ratios(f"gate to plain view, {of}", to_plain, goals[1]),
        _quantity(f"gate p50, {of}", "ms", [one.p50 for one in ours], ""),
        _quantity(f"gate p99, {of}", "ms", [one.p99 for one in ours], goals[2]),
    ]


def _ratios(name: str, values: list[float], note: str) -> Figure:
    return _quantity(name, "times", values, note)


def _quantity(name: str, unit: str, values: list[float], note: str) -> Figure:
    return Figure("gate", name, unit, min(values), median(values), None, len(values), note=note)
