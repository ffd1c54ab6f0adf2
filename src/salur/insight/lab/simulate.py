"""A draft tried on a past period: real journals folded under it, beside the versions the cases are on."""

from collections.abc import Iterator

from salur.insight.lab.caveats import left_out, never_starting, of_comparison, to_be_looked_up, unknowable
from salur.insight.lab.counting import chunked, count, job_of, nobody_cancels, nobody_watches
from salur.insight.lab.names import Names
from salur.insight.lab.period import Period
from salur.insight.lab.queries import facts_recorded
from salur.insight.lab.trial import Simulation, Tables, groups, listed, rungs, workload
from salur.insight.lab.trial_tally import TrialTally
from salur.insight.lab.workers import Cancel, Progress
from salur.sop.document.model import SopDocument

LISTED = 200
"""Changed cases that are listed unless told otherwise; all are counted."""
SEED = 1


def simulate(
    draft: SopDocument,
    period: Period,
    *,
    seed: int = SEED,
    keep: int = LISTED,
    processes: int | None = None,
    progress: Progress = nobody_watches,
    cancel: Cancel = nobody_cancels,
) -> Simulation:
    """Fold every case of a period twice: under its own version, and under the draft. Writes nothing.

    Both sides see the same facts up to the same cut-off, on the calendars in force now. `seed` is that of the
    intervals, `keep` how many changed cases are listed. Names are in the language in force. `progress` hears how many
    cases of how many are done; once `cancel` says so, Cancelled is raised. Raises NoCalendar and WorkerFailed.
    """
    versions, chunks = chunked(period)
    asked = set().union(*(to_be_looked_up(own, draft) for own in versions.values()))
    recorded = facts_recorded(period, asked) if asked else set()
    lacking = {version: unknowable(own, draft, recorded) for version, own in versions.items()}
    job = job_of(period, versions, draft=draft.model_dump_json(), unknowable=lacking, keep=keep)
    tally = count(job, chunks, processes, progress, cancel)
    assert isinstance(tally, TrialTally)
    names = Names(period.government_id, [draft, *versions.values()])
    idle = dict.fromkeys(_idle(list(versions.values()), draft, recorded, names), 0)
    return _told(tally, draft, period, names, seed, (idle, list(versions.values())))


def _told(
    tally: TrialTally,
    draft: SopDocument,
    period: Period,
    names: Names,
    seed: int,
    history: tuple[dict[str, int], list[SopDocument]],
) -> Simulation:
    """The counts as tables; `history` holds the obligations that it cannot judge at all, and the versions."""
    idle, versions = history
    tables = Tables(tally, seed)
    steps = tables.rows("step", names.step)
    not_judged = idle | {row.name: row.after.unknowable for row in steps if row.after.unknowable}
    return Simulation(
        period=period,
        seed=seed,
        title=draft.title.id,
        version=draft.version,
        sha256=draft.sha256,
        cases=tally.cases,
        open_cases=tally.open_cases,
        overall=tables.overall(),
        steps=steps,
        agencies=tables.rows("agency", names.agency),
        kinds=tables.rows("kind", names.kind),
        horizons=tables.rows("horizon", names.horizon),
        channels=tables.rows("channel", names.channel),
        changed=tally.changed,
        worse=tally.worse,
        better=tally.better,
        groups=groups(tally, names),
        listed=listed(tally.foremost(), names),
        workload=workload(tally, names),
        escalations=rungs(tally, names),
        caveats=(
            *of_comparison(versions, draft, tally.odd, not_judged, cases=tally.cases),
            *left_out(tally.unopened, tally.unbound, tally.unfoldable, tally.open_cases),
        ),
    )


def _idle(
    versions: list[SopDocument], draft: SopDocument, recorded: set[tuple[str, str]], names: Names
) -> Iterator[str]:
    """The obligations that no case on any version could have started."""
    for one in draft.obligations:
        if versions and all(one.code in never_starting(own, draft, recorded) for own in versions):
            yield names.step(one.code)
