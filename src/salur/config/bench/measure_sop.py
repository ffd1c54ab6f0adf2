"""How fast the SOP runs: the fold, the deadlines in it, a draft tried on a year, and open cases counted anew."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from time import perf_counter, sleep
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np
from django.db import transaction

from salur.agencies.models import Agency, Government
from salur.agencies.queries import calendar_rows
from salur.cases.models import Case
from salur.config.bench.client import Page, ask
from salur.config.bench.figures import Figure, rates, times
from salur.config.bench.history import World, lives
from salur.config.bench.history_rows import lay_down, world_of
from salur.config.bench.machine import memory_mb
from salur.config.bench.measure_pages import signed_in, valid
from salur.config.bench.officers import officer
from salur.config.bench.programs import web, worker
from salur.config.ready import government
from salur.insight.lab.period import Period
from salur.insight.lab.simulate import simulate
from salur.kernel import clock, ledger
from salur.kernel.events import Fact
from salur.sop import recount
from salur.sop.document.load import STANDARD, load
from salur.sop.engine import clocks, closure
from salur.sop.engine.fold import fold
from salur.sop.models import Recount
from salur.worktime.deadline import deadline
from salur.worktime.many import deadlines
from salur.worktime.spans import Span

CITY = "18.71"
"""A government of its own, so that nothing else of the measurement is counted in."""
LONG = 12
"""Facts of the cases that are folded."""
MANY = 1_000_000
YEAR = timedelta(days=365)
FRESH = timedelta(days=6)
"""Cases said so recently are nearly all open."""


def sop(*, history: int, open_cases: int, rounds: int) -> list[Figure]:
    """Every figure of the SOP: of a year of `history` cases, and of `open_cases` that are open."""
    city = government(CITY)
    now = clock.now().replace(microsecond=0)
    world = world_of(city, now - YEAR - FRESH, now - FRESH)
    found = [*folds(world, count=max(20, min(2000, history // 10)), rounds=rounds), *_deadlines(world, rounds)]
    if not Case.objects.filter(government=city).exists():
        lay_down(city, world, history, progress=True)
    found += _tried(city, world)
    found += _recounted(city, world_of(city, now - FRESH, now - timedelta(hours=1)), open_cases)
    return found


def folds(world: World, *, count: int, rounds: int) -> list[Figure]:
    """Cases of twelve facts folded a second on one core, and what share of it counts deadlines."""
    journals: list[list[Fact]] = []
    for life in lives(world, 100 * count):
        told = [fact for fact in life.facts if not fact.kind.startswith("obligation.")][:LONG]
        if len(told) == LONG:
            journals.append(told)
        if len(journals) == count:
            break
    with _calls() as counted:
        for journal in journals:
            fold(journal, world.document, world.calendars, world.until)
    speed, share = [], []
    for _ in range(rounds):
        begun = perf_counter()
        for journal in journals:
            fold(journal, world.document, world.calendars, world.until)
        folded = perf_counter()
        for call, arguments in counted:
            call(*arguments)
        speed.append(len(journals) / (folded - begun))
        share.append(100 * (perf_counter() - folded) / (folded - begun))
    note = f"target 40,000/s; {len(counted) / len(journals):.1f} counts on a calendar each"
    return [
        rates("sop", f"fold of a case of {LONG} facts", speed, note=note),
        Figure("sop", "of that, counting on calendars", "%", min(share), sorted(share)[rounds // 2], None, rounds),
    ]


@contextmanager
def _calls() -> Iterator[list[tuple[Callable[..., Any], tuple[Any, ...]]]]:
    """Every count on a calendar that the engine asks for in the block, with its arguments."""
    asked: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []

    def noting(real: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any) -> Any:
            asked.append((real, arguments))
            return real(*arguments)

        return noted

    with ExitStack() as patches:
        for module in (clocks, closure):
            for name in _counting(module):
                patches.enter_context(patch.object(module, name, noting(getattr(module, name))))
        yield asked


def _counting(module: ModuleType) -> list[str]:
    """The functions of `worktime.deadline` that a module of the engine calls."""
    names = ("deadline", "next_opening", "working_days_between", "working_minutes")
    return [name for name in names if hasattr(module, name)]


def _deadlines(world: World, rounds: int) -> Iterator[Figure]:
    """Deadlines a second in each unit, one by one and all at once."""
    calendar = world.calendars.default
    first = int(world.since.timestamp())
    starts = np.random.default_rng(7).integers(first, first + int(YEAR.total_seconds()), MANY)
    single = [datetime.fromtimestamp(int(start), calendar.timezone) for start in starts[:20_000]]
    for span in (Span(14, "working_days"), Span(14, "working_hours"), Span(14, "calendar_days")):
        one, many = [], []
        for _ in range(rounds):
            begun = perf_counter()
            for start in single:
                deadline(start, span, calendar)
            one.append(len(single) / (perf_counter() - begun))
            begun = perf_counter()
            deadlines(starts, span, calendar)
            many.append(MANY / (perf_counter() - begun))
        yield rates("sop", f"deadline of {span}, one by one", one, note="target 200,000/s")
        yield rates("sop", f"deadline of {span}, a million at once", many, note="target 1,000,000/s")


def _tried(city: Government, world: World) -> list[Figure]:
    """A draft tried on the year: how long it takes, and the memory of all processes of it at the most."""
    text = STANDARD.read_text(encoding="utf-8").replace(
        "answer_within: 14 working_days", "answer_within: 10 working_days"
    )
    period = Period(city.pk, world.since, world.until, world.until)
    with _peak() as peak:
        begun = perf_counter()
        done = simulate(load(text), period)
        taken = perf_counter() - begun
    name = f"a draft tried on {done.cases} cases of a year"
    return [
        Figure("sop", name, "s", taken, taken, None, 1, None, "target under 20 s for 200,000 cases on 2 cores"),
        Figure("sop", name, "MB", max(peak), max(peak), None, 1, None, "target under 1,000 MB; all its processes"),
    ]


@contextmanager
def _peak() -> Iterator[list[float]]:
    """The memory (MB) of this process and its children, looked at every quarter of a second of the block."""
    seen, over = [memory_mb(os.getpid())], threading.Event()

    def look() -> None:
        while not over.wait(0.25):
            seen.append(memory_mb(os.getpid()))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _recounted(city: Government, world: World, wanted: int) -> list[Figure]:
    """Open cases counted anew by `salur worker`, and the desk before and meanwhile, from `salur web`."""
    rows = Case.objects.filter(government=city, closed_at=None)
    while (there := rows.count()) < wanted:
        # One in twelve is archived before the week is over.
        lay_down(city, world, (wanted - there) * 12 // 11 + 1, seed=there + 11, progress=True)
    valid(list(rows.order_by("-id")[:50]))
    agency = Agency.objects.filter(government=city, is_coordinator=True).order_by("id")[0]
    cookie = signed_in(officer(city, agency.code, "coordinator"))
    numbers = rows.filter(due_at__isnull=False).order_by("id").values_list("number", flat=True)[:40]
    shown = {"list": [Page("/desk/", "/desk/cases/")], "case page": [Page(f"/desk/cases/{n}/", n) for n in numbers]}
    taken: dict[str, list[float]] = {f"{name}, {when}": [] for when in ("before", "meanwhile") for name in shown}
    with web() as (port, _), worker():
        for _ in range(20):
            for name, asked in shown.items():
                taken[f"{name}, before"] += ask(port, cookie, asked, count=2, at_once=1)
        begun = perf_counter()
        asked_for = _decree(city)
        while not Recount.objects.get(pk=asked_for.pk).finished_at:
            for name, asked in shown.items():
                taken[f"{name}, meanwhile"] += ask(port, cookie, asked, count=2, at_once=1)
            sleep(0.1)
        seconds = perf_counter() - begun
    finished = Recount.objects.get(pk=asked_for.pk)
    valid(list(rows.order_by("-id")[:50]))
    name = f"{finished.done} open cases counted anew"
    note = f"target under 60 s for 100,000; {finished.moved} deadlines moved, {len(recount.failures(finished))} failed"
    return [
        Figure("sop", name, "s", seconds, seconds, None, 1, None, note),
        *(times("sop", f"desk: {name}", found) for name, found in taken.items() if found),
    ]


def _decree(city: Government) -> Recount:
    """One more holiday in a week: it moves most of what is open."""
    document = calendar_rows(city.pk)["default"].document
    days = {part["date"] for part in document["holidays"]}
    day = clock.now().date() + timedelta(days=1)
    while day.isoformat() in days or day.weekday() > 4:
        day += timedelta(days=1)
    holiday = {"date": day.isoformat(), "name": "Libur pengukuran", "kind": "local"}
    document = {**document, "holidays": [*document["holidays"], holiday]}
    with transaction.atomic():
        return recount.put_into_force(city, "default", document, asked_by=ledger.SYSTEM)[1]
