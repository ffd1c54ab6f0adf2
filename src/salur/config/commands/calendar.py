"""`salur calendar`."""

import sys
from pathlib import Path

import click
import yaml
from django.utils import timezone

from salur.agencies.calendars import add_calendar
from salur.agencies.queries import calendar_rows
from salur.cases.models import Case
from salur.config.ready import everything, government
from salur.journey.act import act
from salur.sop.advance import advance
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
def add_command(file: Path, code: str, key: str) -> None:
    """Put a calendar document (YAML) into force; list every deadline that moves, the old one beside the new."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise click.ClickException(f"{file} is no readable YAML: {problem}") from problem
    if not isinstance(document, dict):
        raise click.ClickException(f"{file} must hold one calendar; see: salur calendar show")
    with everything():
        tenant = government(code)
        try:
            version = add_calendar(tenant, key, document)
        except CalendarError as problem:
            raise click.ClickException(str(problem)) from problem
        if version is None:
            click.echo("This is the calendar in force already; open deadlines are counted anew all the same.")
        moved = _refold(tenant.pk)
    number = f", version {version.version}," if version else ""
    click.echo(f"Calendar {key!r} of {tenant.name}{number} is in force. {len(moved)} deadline(s) moved.")
    for line in moved:
        click.echo(f"  {line}")


def _refold(government_id: int) -> list[str]:
    """Count every open case anew, each in its own transaction: a killed run is finished by adding the file again."""
    moved = []
    rows = Case.objects.filter(government_id=government_id, closed_at=None).order_by("id")
    with click.progressbar(rows, label="Counting open deadlines anew", file=sys.stderr) as bar:
        for case in bar:
            act(advance, case.pk, government_id)
            fresh = Case.objects.get(pk=case.pk)
            if fresh.due_at != case.due_at:
                moved.append(f"{case.number}: {_day(case)} -> {_day(fresh)}")
    return moved


def _day(case: Case) -> str:
    return f"{timezone.localtime(case.due_at):%Y-%m-%d %H:%M %Z}" if case.due_at else "none"
