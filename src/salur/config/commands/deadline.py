"""`salur deadline`."""

import click

from salur.agencies.queries import calendars_of
from salur.config.ready import everything, government
from salur.worktime.deadline import DeadlineError, deadline
from salur.worktime.instants import InstantError, parse_instant
from salur.worktime.spans import Span, SpanError


@click.command("deadline")
@click.option("--government", "code", required=True, help="Kemendagri code, such as 18 or 18.09.")
@click.option("--start", required=True, help="ISO 8601; without an offset it is read in the calendar's zone.")
@click.option("--within", required=True, help='Such as "3 working_days", "6 working_hours", "30 calendar_days".')
@click.option("--calendar", "key", default="default", show_default=True, help="Which work calendar of the government.")
def deadline_command(code: str, start: str, within: str, key: str) -> None:
    """Print the instant, ISO 8601 with offset. A provisional one says why on standard error."""
    with everything(create=True):
        calendars = calendars_of(government(code).pk)
    if key not in calendars:
        raise click.UsageError(f"this government has no calendar {key!r}; it has: {', '.join(calendars) or 'none'}")
    calendar = calendars[key]
    try:
        found = deadline(parse_instant(start, calendar.timezone), Span.parse(within), calendar)
    except (SpanError, InstantError, DeadlineError) as problem:
        raise click.UsageError(str(problem)) from problem
    if found.provisional:
        click.echo(f"provisional: {found.reason}", err=True)
    click.echo(found.at.isoformat())
