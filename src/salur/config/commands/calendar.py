"""`salur calendar`."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from time import sleep

import click
import yaml
from django.db import transaction
from django.utils import timezone

from salur.agencies.queries import calendar_rows
from salur.config.ready import everything, government
from salur.kernel import ledger
from salur.sop import recount
from salur.sop.models import Recount
from salur.sop.queries import calendars_for
from salur.worktime.calendar import WorkCalendar
from salur.worktime.document import CalendarError


@click.group("calendar")
def calendar_command() -> None:
    """Show work calendars, and put a new version into force."""


@calendar_command.command("show")
@click.option("--government", "code", required=True)
@click.option("--calendar", "key", default="default", show_default=True)
def show_command(code: str, key: str) -> None:
    """Print the calendar in force as YAML, to be edited and added again."""
    with everything():
        rows = calendar_rows(government(code).pk)
    if key not in rows:
        raise click.UsageError(f"this government has no calendar {key!r}; it has: {', '.join(rows) or 'none'}")
    click.echo(yaml.safe_dump(rows[key].document, allow_unicode=True, sort_keys=False))


@calendar_command.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--government", "code", required=True)
@click.option("--calendar", "key", default="default", show_default=True)
@click.option("--preview", is_flag=True, help="List what would move, and change nothing.")
def add_command(file: Path, code: str, key: str, preview: bool) -> None:
    """Put a calendar document (YAML) into force; list every deadline that moves, the old one beside the new.

    The open cases are counted anew chunk by chunk, together with the worker where one runs; interrupted, the worker
    goes on.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise click.ClickException(f"{file} is no text in UTF-8: {problem}") from problem
    with everything():
        tenant = government(code)
        try:
            document = recount.read_calendar(text)
            if preview:
                after = recount.with_calendar(tenant.pk, key, WorkCalendar.from_document(document))
                _tell_preview(recount.preview(tenant.pk, calendars_for(tenant.pk), after))
                return
            with transaction.atomic():
                version, asked = recount.put_into_force(tenant, key, document, asked_by=ledger.SYSTEM)
        except CalendarError as problem:
            raise click.ClickException(str(problem)) from problem
        if version is None:
            click.echo("This is the calendar in force already; open deadlines are counted anew all the same.")
        asked = _carry_out(asked)
        moved, failures = recount.moved_deadlines(asked, count=asked.moved), recount.failures(asked)
    number = f", version {version.version}," if version else ""
    click.echo(f"Calendar {key!r} of {tenant.name}{number} is in force. {len(moved)} deadline(s) moved.")
    for one in moved:
        click.echo(_line(one))
    for failure in failures:
        click.echo(f"  {failure.number}: keeps its deadlines, for it could not be counted: {failure.problem}", err=True)
    if failures:
        sys.exit(1)


def _carry_out(asked: Recount) -> Recount:
    """Take part in the recount until it is finished, whoever takes the chunks; the row as it then is."""
    with click.progressbar(length=asked.total, label="Counting open deadlines anew", file=sys.stderr) as bar:
        done = 0
        while asked.finished_at is None:
            if not recount.take_some():
                sleep(0.1)  # a worker has it in hand
            asked.refresh_from_db()
            bar.update(asked.done - done)
            done = asked.done
    return asked


def _tell_preview(found: Iterable[recount.Moved]) -> None:
    moved = certain = failing = 0
    for one in found:
        if one.problem:
            failing += 1
            click.echo(f"  {one.number} {one.code}: cannot be counted any more: {one.problem}")
        elif one.due_at != one.was_due_at:
            moved += 1
            click.echo(_line(one))
        else:
            certain += one.was_provisional
    click.echo(
        f"{moved} deadline(s) would move; {certain} would be certain that are provisional now. Nothing is changed."
    )
    if failing:
        raise click.ClickException(f"{failing} deadline(s) could not be counted on this calendar")


def _line(one: recount.Moved) -> str:
    return f"  {one.number} {one.code}: {_day(one.was_due_at)} -> {_day(one.due_at)}"


def _day(instant: datetime | None) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M %Z}" if instant else "none"
