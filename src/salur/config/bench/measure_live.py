"""From a webhook to the operator's open page: `salur web`, two workers, signed comments at a steady rate, one page.

Each comment is another person's and becomes a case of its own: the dearest mix there is. The page listens and looks as
`desk/static/desk/live.js` does. Times run from the instant a comment was to be sent, so that a sender that falls behind
hides nothing, until its case number stands in what the page fetched.
"""

import http.client
import re
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from statistics import median

from salur.cases.models import CaseMessage
from salur.channels.health import rest
from salur.config.bench.figures import Figure, times
from salur.config.bench.gate_corpus import Corpus, comment, corpus
from salur.config.bench.invented import Said, reports
from salur.config.bench.measure_intake import WORKERS
from salur.config.bench.measure_pages import signed_in
from salur.config.bench.measure_rules import PROVINCE
from salur.config.bench.officers import officer
from salur.config.bench.programs import web, worker
from salur.config.ready import government
from salur.intake.models import Delivery
from salur.kernel.tenancy import EVERYTHING, use

RATES = (10, 50, 100)
SENDERS = 4
WARM = 60
PAGE = "/desk/?box=newest"
NUMBER = re.compile(rb'salur-number">([^<]+)<')
REST, TIMES, LONGEST = 0.25, 4, 3.0
"""As in live.js, in seconds."""
PATIENCE = 60.0
"""Seconds in which what waits at the end has to be carried."""


class NotSeen(RuntimeError):
    """Something was refused, or its case never stood on the page."""


@dataclass
class Page:
    """An operator's open list: when each case number was first fetched with it, on the clock of `time.monotonic`."""

    port: int
    cookie: str
    seen: dict[str, float] = field(default_factory=dict)
    looks: list[tuple[float, float]] = field(default_factory=list)
    """When each look began, and how long its answer took."""
    changed: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """Hear of changes until the page is closed."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        line.request("GET", "/desk/changes/", headers={"Cookie": self.cookie})
        answer = line.getresponse()
        while not self.stopping.is_set() and (told := answer.readline()):
            if told.startswith(b"event: changed"):
                self.changed.set()
        line.close()

    def look(self) -> None:
        """Fetch the list whenever something changed, and rest in between."""
        while not self.stopping.is_set():
            if not self.changed.wait(0.1):
                continue
            self.changed.clear()
            begun = time.monotonic()
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            line.request("GET", PAGE, headers={"Cookie": self.cookie})
            body = line.getresponse().read()
            line.close()  # kept open, it would be cut off while nothing happens
            now = time.monotonic()
            for number in NUMBER.findall(body):
                self.seen.setdefault(number.decode(), now)
            self.looks.append((begun, now - begun))
            self.stopping.wait(min(LONGEST, max(REST, TIMES * (now - begun))))


@dataclass(frozen=True)
class Sending:
    """One comment: its mark, when it is to be sent, and the request."""

    mark: str
    at: float
    body: bytes
    headers: Mapping[str, str]


def live(*, seconds: int) -> list[Figure]:
    """`seconds` of every rate. Raises NotSeen."""
    found, province = corpus(), government(PROVINCE)
    # There is no platform to answer to: what would be said is laid out and kept.
    rest(found.account_id, 24 * 3600)
    cookie = signed_in(officer(province, "diskominfotik", "coordinator"))
    figures, said = [], reports()
    with ExitStack() as parts:
        port, _ = parts.enter_context(web())
        for _ in range(WORKERS):
            parts.enter_context(worker())
        _round(found, port, cookie, list(islice(said, WARM)), 10)
        for rate in RATES:
            figures.append(_round(found, port, cookie, list(islice(said, rate * seconds)), rate))
    return figures


def _round(found: Corpus, port: int, cookie: str, said: list[Said], rate: int) -> Figure:
    page, start = Page(port, cookie), time.monotonic() + 1
    todo = _sendings(found, said, start, rate)
    watching = [threading.Thread(target=one, daemon=True) for one in (page.listen, page.look)]
    for thread in watching:
        thread.start()
    refused: list[str] = []
    senders = [
        threading.Thread(target=_send, args=(port, found.path, todo[number::SENDERS], refused))
        for number in range(SENDERS)
    ]
    for thread in senders:
        thread.start()
    for thread in senders:
        thread.join()
    backlog, drained = _drain()
    carried = time.monotonic()
    while time.monotonic() < carried + 2 * LONGEST and not any(begun > carried + 0.5 for begun, _ in page.looks):
        page.changed.set()
        time.sleep(0.1)
    page.stopping.set()
    if refused:
        raise NotSeen(f"{len(refused)} comments were not taken: {refused[0]}")
    return _figure(page, todo, rate, backlog, drained)


def _sendings(found: Corpus, said: Iterable[Said], start: float, rate: int) -> list[Sending]:
    first, now = time.time_ns() // 1000, int(time.time())
    todo = []
    for number, one in enumerate(said):
        mark = str(first + number)
        body = comment(mark, f"7{mark}", one.name, f"{one.title}. {one.text}", now)
        todo.append(Sending(mark, start + number / rate, body, found.headers(body)))
    return todo


def _send(port: int, path: str, todo: list[Sending], refused: list[str]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        for one in todo:
            time.sleep(max(0.0, one.at - time.monotonic()))
            line.request("POST", path, one.body, dict(one.headers))
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                refused.append(f"status {answer.status}")
    except (OSError, http.client.HTTPException) as problem:
        refused.append(type(problem).__name__)
    finally:
        line.close()


def _drain() -> tuple[int, float]:
    """How many deliveries wait now, and the seconds until none does. Raises NotSeen."""
    begun = time.monotonic()
    with use(EVERYTHING):
        waiting = Delivery.objects.filter(state=Delivery.State.RECEIVED)
        backlog = waiting.count()
        while waiting.exists():
            if time.monotonic() - begun > PATIENCE:
                raise NotSeen(f"{waiting.count()} deliveries still wait after {PATIENCE:.0f} seconds")
            time.sleep(0.05)
    return backlog, time.monotonic() - begun


def _figure(page: Page, todo: list[Sending], rate: int, backlog: int, drained: float) -> Figure:
    sent = {f"122000000000000001_{one.mark}": one.at for one in todo}
    with use(EVERYTHING):
        rows = CaseMessage.objects.filter(message__external_id__in=list(sent))
        numbers = dict(rows.values_list("message__external_id", "case__number"))
    if len(set(numbers.values())) < len(todo):
        raise NotSeen(f"{len(todo)} comments became {len(set(numbers.values()))} cases")
    if not page.seen:
        raise NotSeen("no case ever stood on the page")
    taken = [page.seen[number] - sent[mark] for mark, number in numbers.items() if number in page.seen]
    note = (
        f"{len(todo)} comments, each its own case; {WORKERS} worker processes, one page, {len(page.looks)} looks of "
        f"{median(took for _, took in page.looks) * 1000:.0f} ms; {len(todo) - len(taken)} cases had moved to the "
        f"second page of 50 before a look; {backlog} waited when the last was sent, for {drained:.1f} s; nothing is "
        "sent out"
    )
    return times("live", f"webhook to open page, {rate}/s", taken, note=note)
