"""`salur sop simulate` and `salur sop lab`: a draft tried on the past, and where the past hurt. Both only read."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from django.utils import translation

from salur.agencies.models import Government
from salur.agencies.queries import government_by_code, governments
from salur.config.commands.sop_check import check_command
from salur.config.commands.sop_lab_tables import hurts_lines, simulation_lines
from salur.config.ready import database, demand_migrated
from salur.insight.lab.hurts import where_it_hurts
from salur.insight.lab.json_form import hurts_form, simulation_form
from salur.insight.lab.period import Period, PeriodInvalid, period_of
from salur.insight.lab.simulate import LISTED, SEED, simulate
from salur.insight.lab.workers import Progress, WorkerFailed
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import SopInvalid, load
from salur.sop.document.marked_yaml import UnreadableYaml, decoded
from salur.sop.document.model import SopDocument
from salur.sop.proofs.check import check
from salur.sop.queries import NoCalendar
from salur.sop.saying import in_words
from salur.worktime.instants import InstantError, parse_instant

_DAY = click.DateTime(["%Y-%m-%d"])
_GOVERNMENT = click.option("--government", "code", required=True, help="Kemendagri code, such as 18 or 18.09.")
_SINCE = click.option("--since", required=True, type=_DAY, help="First day on which citizens spoke.")
_UNTIL = click.option("--until", type=_DAY, help="Last day, included; without it: today.")
_NOW = click.option(
    "--now", "cut_off", help="Facts after this instant do not count; without it: the end of the period."
)
_SEED = click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True, help="Of the intervals.")
_PROCESSES = click.option("--processes", type=click.IntRange(1, 64), help="Without it: one a core for long periods.")
_LANGUAGE = click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)


@click.command("simulate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_GOVERNMENT
@_SINCE
@_UNTIL
@_NOW
@_SEED
@click.option("--limit-cases", type=click.IntRange(0, 100_000), default=LISTED, show_default=True, help="Cases listed.")
@_PROCESSES
@_LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.pass_context
def simulate_command(context: click.Context, file: Path, as_json: bool, language: str, **asked: Any) -> None:
    """Try a document on past cases: what would have been kept, what late, and why. Writes nothing."""
    draft = _draft(context, file, language)
    with _history(asked, language) as period, _bar() as progress:
        found = simulate(
            draft,
            period,
            seed=asked["seed"],
            keep=asked["limit_cases"],
            processes=asked["processes"],
            progress=progress,
        )
        told = [json.dumps(simulation_form(found), ensure_ascii=False)] if as_json else list(simulation_lines(found))
    click.echo("\n".join(told))


@click.command("lab")
@_GOVERNMENT
@_SINCE
@_UNTIL
@_NOW
@_SEED
@_PROCESSES
@_LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def lab_command(as_json: bool, language: str, **asked: Any) -> None:
    """Where it hurts: what was late in a period, in which step and agency the time went. Writes nothing."""
    with _history(asked, language) as period, _bar() as progress:
        found = where_it_hurts(period, seed=asked["seed"], processes=asked["processes"], progress=progress)
        told = [json.dumps(hurts_form(found), ensure_ascii=False)] if as_json else list(hurts_lines(found))
    click.echo("\n".join(told))


def _draft(context: click.Context, file: Path, language: str) -> SopDocument:
    """The document, if it could be signed; else what `salur sop check` says of it, on standard error, and status 1."""
    try:
        document = load(decoded(file.read_bytes()))
        flawed = any(one.severity == "error" for one in check(document))
    except (SopInvalid, UnreadableYaml):
        flawed = True
    if flawed:
        with _on_standard_error():
            context.invoke(check_command, file=file, language=language)
    return document


@contextmanager
def _on_standard_error() -> Iterator[None]:
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        yield
    finally:
        sys.stdout = out


@contextmanager
def _history(asked: dict[str, Any], language: str) -> Iterator[Period]:
    """The period, on a database that is at this version and stays as it is; known troubles as one sentence."""
    with database(), use(EVERYTHING), translation.override(language):
        demand_migrated()
        government = _government(asked["code"])
        until = asked["until"]
        try:
            yield period_of(
                government.pk,
                government.timezone,
                asked["since"].date(),
                until.date() if until else None,
                _instant(asked["cut_off"], government),
                clock.now(),
            )
        except PeriodInvalid as problem:
            raise click.UsageError(in_words(problem.said)) from problem
        except (NoCalendar, WorkerFailed) as problem:
            raise click.ClickException(str(problem)) from problem


def _government(code: str) -> Government:
    # Not `ready.government`: that one may load Lampung, and these commands write nothing.
    found = government_by_code(code)
    if found is None:
        known = ", ".join(governments().values_list("code", flat=True)) or "none"
        raise click.UsageError(f"there is no government with the code {code!r} (known: {known})")
    return found


def _instant(text: str | None, government: Government) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_instant(text, ZoneInfo(government.timezone))
    except InstantError as problem:
        raise click.UsageError(str(problem)) from problem


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar on standard error, as long as there are cases."""
    with click.progressbar(length=1, label="Folding cases", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield show
