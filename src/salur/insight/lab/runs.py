"""Questions to the lab from a screen: asked, answered by a worker, watched, cancelled. Nothing of a case is written."""

import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from salur.agencies.models import Government
from salur.insight.lab.hurts import where_it_hurts
from salur.insight.lab.json_form import hurts_form, simulation_form
from salur.insight.lab.period import Period, period_of
from salur.insight.lab.simulate import simulate
from salur.insight.lab.workers import Cancelled, WorkerFailed
from salur.insight.models import LabRun
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import load
from salur.sop.queries import NoCalendar

log = structlog.get_logger("salur.insight")
SILENT = timedelta(minutes=2)
"""A run that has not moved for so long has lost its worker."""
LOOK_SECONDS = 1.0
"""How often a running run says how far it is, and looks whether somebody cancelled it."""
MOST_OPEN = 4
"""Questions of one government that wait at once; each may count for half a minute."""
OPEN = (LabRun.State.WAITING, LabRun.State.RUNNING)


class Busy(RuntimeError):
    """A question waits already; the text says what to do."""


def ask(
    government: Government, *, since: date, until: date, actor: str, language: str, text: str = "", label: str = ""
) -> LabRun:
    """Ask where a period hurt or, with the `text` of a whole document, what that would have made of it.

    Days are those of the government. Raises PeriodInvalid, SopInvalid for a text that is no document, and Busy while
    this officer has a question open, or the government several.
    """
    period_of(government.pk, government.timezone, since, until, None, clock.now())
    if text:
        load(text)
    waiting = LabRun.objects.filter(government=government, state__in=OPEN)
    if waiting.filter(asked_by=actor).exists() or waiting.count() >= MOST_OPEN:
        raise Busy("a question waits for its answer already: let it end, or stop it")
    return LabRun.objects.create(
        government=government,
        kind=LabRun.Kind.SIMULATE if text else LabRun.Kind.HURTS,
        label=label[:200],
        text=text,
        since=since,
        until=until,
        language=language,
        asked_by=actor,
        asked_at=clock.now(),
    )


def cancel(run_id: int) -> bool:
    """Stop a run that is not finished; whether there was one in scope."""
    rows = LabRun.objects.filter(pk=run_id, state__in=OPEN)
    return bool(rows.update(state=LabRun.State.CANCELLED, finished_at=clock.now()))


def recent(limit: int = 20) -> Iterable[LabRun]:
    """The last runs in scope, newest first, without their texts and results."""
    return LabRun.objects.defer("result", "text").order_by("-id")[:limit]


def run_in_scope(run_id: int) -> LabRun | None:
    """One run of the government in scope, with its answer."""
    return LabRun.objects.select_related("government").filter(pk=run_id).first()


def answer_next(stopping: Callable[[], bool] = lambda: False) -> int:
    """Answer the next run that waits, or that lost its worker; returns how many there were (0 or 1).

    When the worker is `stopping`, the run waits for another one, which begins it anew.
    """
    with use(EVERYTHING):
        run = _take()
        if run is None:
            return 0
        try:
            result = _answer(run, stopping)
        except Cancelled:
            # By whoever stopped it, or because this worker ends: then the next one takes it.
            LabRun.objects.filter(pk=run.pk, state=LabRun.State.RUNNING).update(state=LabRun.State.WAITING)
            return 1
        except (NoCalendar, WorkerFailed) as problem:
            _finish(run, LabRun.State.FAILED, error=str(problem)[:1000])
        except Exception as problem:
            # Whatever it is, it would come again: the run ends, and the log has the whole of it.
            log.exception("the lab could not answer", run=run.pk)
            _finish(run, LabRun.State.FAILED, error=type(problem).__name__)
        else:
            _finish(run, LabRun.State.DONE, result=result)
    return 1


def _take() -> LabRun | None:
    with transaction.atomic():
        lost = Q(state=LabRun.State.RUNNING, beat_at__lt=clock.now() - SILENT)
        rows = LabRun.objects.select_related("government").filter(Q(state=LabRun.State.WAITING) | lost)
        run: LabRun | None = rows.select_for_update(skip_locked=True, of=("self",)).order_by("id").first()
        if run is not None:
            run.state, run.beat_at = LabRun.State.RUNNING, clock.now()
            run.save(update_fields=["state", "beat_at"])
        return run


def _answer(run: LabRun, stopping: Callable[[], bool]) -> dict[str, object]:
    watch = _Watch(run, stopping)
    government = run.government
    period: Period = period_of(government.pk, government.timezone, run.since, run.until, None, run.asked_at)
    with translation.override(run.language):
        if run.kind == LabRun.Kind.HURTS:
            return hurts_form(where_it_hurts(period, progress=watch.progress, cancel=watch.cancelled))
        return simulation_form(simulate(load(run.text), period, progress=watch.progress, cancel=watch.cancelled))


def _finish(run: LabRun, state: LabRun.State, **more: object) -> None:
    # A run that was cancelled meanwhile stays so.
    rows = LabRun.objects.filter(pk=run.pk, state=LabRun.State.RUNNING)
    rows.update(state=state, finished_at=clock.now(), **more)


class _Watch:
    """Writes down how far a run is, and learns whether it was cancelled; not more often than anybody looks."""

    def __init__(self, run: LabRun, stopping: Callable[[], bool]) -> None:
        self.run = run
        self.stopping = stopping
        self.looked = 0.0
        self.told = 0.0
        self.stopped = False

    def progress(self, done: int, total: int) -> None:
        """How many cases of how many are done."""
        if time.monotonic() - self.told >= LOOK_SECONDS or done == total:
            self.told = time.monotonic()
            LabRun.objects.filter(pk=self.run.pk).update(done=done, total=total, beat_at=clock.now())

    def cancelled(self) -> bool:
        """Whether somebody said so, or the worker ends."""
        if time.monotonic() - self.looked >= LOOK_SECONDS:
            self.looked = time.monotonic()
            rows = LabRun.objects.filter(pk=self.run.pk)
            self.stopped = rows.values_list("state", flat=True).get() == LabRun.State.CANCELLED
        return self.stopped or self.stopping()
