"""From a filled form to the acknowledged case: one after the other, and many at once.

More is counted than the peers' "create": the words are kept, understood, read, given to an agency and bound to the SOP
with its deadlines, and the acknowledgement has gone out to the citizen's page.
"""

import os
import threading
import time
import uuid
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from time import perf_counter

from django.db import connections

from salur.channels.models import Account
from salur.channels.queries import web_account
from salur.config.bench.figures import Figure, rates, times
from salur.config.bench.invented import Said, reports
from salur.config.bench.measure_rules import PROVINCE
from salur.config.bench.programs import worker
from salur.config.ready import government
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use
from salur.portal.filing import file_form
from salur.publishing.models import Dispatch

AT_ONCE = ((8, 1), (32, 4))
"""How many threads file at once, and which part of the reports: the worker's pace is known after the first round."""
WARM = 20
WORKERS = min(2, os.cpu_count() or 1)
"""As many worker processes as `salur up` starts."""
PATIENCE = 60
"""Seconds without any further acknowledgement after which a measurement gives up."""


class NotAcknowledged(RuntimeError):
    """The worker did not carry every report to its acknowledgement."""


def intake(*, single: int, rounds: int, many: int) -> list[Figure]:
    """`single` reports a round, one by one in this process; then `many` by 8 threads and a part by 32."""
    account = web_account(government(PROVINCE).pk)
    if account is None:
        raise LookupError("the province has no portal: load the base first")
    figures = _one_by_one(account, single, rounds)
    with ExitStack() as parts:
        for _ in range(WORKERS):
            parts.enter_context(worker())
        _carried(account, WARM, 4)
        for at_once, share in AT_ONCE:
            figures += _many(account, max(1, many // share), at_once)
    return figures


def file(account: Account, said: Said) -> None:
    """File one report as the portal's form does."""
    file_form(account, uuid.uuid4(), {"title": said.title, "text": said.text, "name": said.name})


def _one_by_one(account: Account, single: int, rounds: int) -> list[Figure]:
    said = reports()
    for one in islice(said, WARM):
        file(account, one)
    run_until_quiet()
    taken, speed = [], []
    for _ in range(rounds):
        begun = perf_counter()
        for one in islice(said, single):
            start = perf_counter()
            file(account, one)
            run_until_quiet()
            taken.append(perf_counter() - start)
        speed.append(single / (perf_counter() - begun))
    note = "form to acknowledged case, all in one process"
    name = "acknowledged cases, one at a time"
    return [
        rates("intake", name, speed, row="create_1", note=note),
        times("intake", name, taken, row="create_1", note=note),
    ]


def _many(account: Account, many: int, at_once: int) -> list[Figure]:
    kept, seconds, acknowledged = _carried(account, many, at_once)
    row, name = f"create_{at_once}", f"{at_once} at once"
    first, last = min(one for one, _ in acknowledged), max(one for _, one in acknowledged)
    return [
        rates("intake", f"reports kept, {name}", [many / seconds], note="the citizen's words are safe"),
        times("intake", f"reports kept, {name}", kept, row=row, note="what the citizen waits for"),
        rates(
            "intake",
            f"acknowledged cases, {name}",
            [many / (last - first).total_seconds()],
            row=row,
            note=f"{many} reports, {WORKERS} worker processes",
        ),
        times(
            "intake",
            f"kept to acknowledged, {name}",
            [(said - came).total_seconds() for came, said in acknowledged],
            note="all came in one burst: mostly waiting in line",
        ),
    ]


def _carried(account: Account, many: int, at_once: int) -> tuple[list[float], float, list[tuple[datetime, datetime]]]:
    """File `many` reports by `at_once` threads and wait for all acknowledgements.

    Returns the seconds of each filing, those of all, and (came in, acknowledged) of every report.
    """
    rows = Dispatch.objects.filter(state=Dispatch.State.SENT)
    before = rows.order_by("-id").values_list("id", flat=True).first() or 0
    new = rows.filter(id__gt=before)
    said = list(islice(reports(at_once), many))
    kept: list[float] = []
    threads = [
        threading.Thread(target=_filer, args=(account, said[number::at_once], kept)) for number in range(at_once)
    ]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - start
    count, changed = 0, time.monotonic()
    while count < many:
        time.sleep(0.2)
        if (now := new.count()) > count:
            count, changed = now, time.monotonic()
        elif time.monotonic() - changed > PATIENCE:
            raise NotAcknowledged(f"{count} of {many} reports were acknowledged, then nothing for {PATIENCE} seconds")
    # The form notes when it was sent off, which is when the citizen spoke.
    pairs = new.values_list("reply__case__spoken_at", "sent_at")
    return kept, seconds, [(spoken, sent) for spoken, sent in pairs if sent]


def _filer(account: Account, said: list[Said], kept: list[float]) -> None:
    try:
        with use(EVERYTHING):
            for one in said:
                start = perf_counter()
                file(account, one)
                kept.append(perf_counter() - start)
    finally:
        connections.close_all()
