"""One count over a period: here where it is short, in processes of their own where it is long."""

from collections.abc import Mapping
from typing import Any

from salur.insight.lab.history import Chunk
from salur.insight.lab.period import Period
from salur.insight.lab.queries import chunks_of, this_connection, versions_of
from salur.insight.lab.workers import Cancel, Job, Progress, Tally, count_apart, count_here, processes_here
from salur.kernel.database import parameters
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars
from salur.sop.queries import calendars_for
from salur.worktime.calendar import WorkCalendar

FEW = 4000
"""Cases up to which starting processes takes longer than counting."""


def nobody_watches(_done: int, _total: int) -> None:
    """The progress that is shown to nobody."""


def nobody_cancels() -> bool:
    """The answer of a caller that never cancels."""
    return False


def job_of(period: Period, versions: Mapping[int, SopDocument], **trial: Any) -> Job:
    """What is to be counted, as plain data; `trial` are the fields of `Job` for a draft. Raises NoCalendar."""
    return Job(
        connect=parameters(),
        period=period,
        versions={version: document.model_dump_json() for version, document in versions.items()},
        calendars=_written(calendars_for(period.government_id)),
        **trial,
    )


def chunked(period: Period) -> tuple[dict[int, SopDocument], list[Chunk]]:
    """The versions of the period's government, and its cases in pieces."""
    return versions_of(period.government_id), chunks_of(period)


def count(job: Job, chunks: list[Chunk], processes: int | None, progress: Progress, cancel: Cancel) -> Tally:
    """Count all pieces. `processes` None: as many as pay off. Raises Cancelled and WorkerFailed."""
    wanted = processes
    if wanted is None:
        wanted = 1 if sum(chunk.cases for chunk in chunks) <= FEW else processes_here()
    if wanted <= 1:
        return count_here(job, chunks, this_connection(), progress, cancel)
    return count_apart(job, chunks, wanted, progress, cancel)


def _written(calendars: Calendars) -> tuple[tuple[Mapping[str, Any], tuple[int | str | None, ...]], ...]:
    keepers: dict[int, tuple[WorkCalendar, list[int | str | None]]] = {}
    for keeper, calendar in [(None, calendars.default), *calendars.by_agency.items()]:
        keepers.setdefault(id(calendar), (calendar, []))[1].append(keeper)
    return tuple((calendar.to_document(), tuple(who)) for calendar, who in keepers.values())
