"""`salur sop fold`: the verdict on a journal written by hand. Writes nothing."""

import json
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

import click
import yaml

from salur.agencies.load import CALENDARS, DATA
from salur.config.ready import everything, government
from salur.kernel import clock
from salur.kernel.events import Fact
from salur.sop.document.load import SopInvalid, load
from salur.sop.document.marked_yaml import UnreadableYaml, decoded
from salur.sop.document.model import SopDocument
from salur.sop.document.values import Words
from salur.sop.engine.fold import Calendars, CaseState, JournalEmpty, ObligationState, fold
from salur.sop.engine.written import JournalInvalid, read_journal
from salur.sop.queries import NoCalendar, calendars_for
from salur.sop.recount import read_calendar
from salur.worktime.calendar import WorkCalendar
from salur.worktime.deadline import DeadlineError
from salur.worktime.document import CalendarError
from salur.worktime.instants import InstantError, parse_instant

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("fold")
@click.argument("file", type=_FILE)
@click.option("--journal", required=True, type=_FILE, help='JSON lines {"seq", "kind", "at", "data"}, one fact each.')
@click.option("--government", "code", help="Counts on the work calendars of this government; needs the database.")
@click.option(
    "--calendar", type=_FILE, help="Counts on this calendar (YAML); without it on the one shipped for Lampung."
)
@click.option("--now", "asked", help="ISO 8601, the instant of the verdict; without it: now.")
@click.option("--json", "as_json", is_flag=True, help="The whole state as one JSON object.")
def fold_command(
    file: Path, journal: Path, code: str | None, calendar: Path | None, asked: str | None, as_json: bool
) -> None:
    """Fold a journal under a document and print the verdict: what is due from whom, met, late."""
    if code and calendar:
        raise click.UsageError("give either --government or --calendar, not both")
    document, facts = _document(file), _journal(journal)
    try:
        calendars = _of_government(code) if code else Calendars(_calendar(calendar))
        now = parse_instant(asked, calendars.default.timezone) if asked else clock.now()
        state = fold(facts, document, calendars, now)
    except (CalendarError, NoCalendar, JournalEmpty, DeadlineError, InstantError) as problem:
        raise click.ClickException(str(problem)) from problem
    zone = calendars.default.timezone
    if as_json:
        click.echo(json.dumps(_plain(state, zone), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(state, zone)))


def _document(file: Path) -> SopDocument:
    try:
        return load(decoded(file.read_bytes()))
    except UnreadableYaml as problem:
        raise click.ClickException("\n".join(f"{file}:{flaw.line}: {flaw.said}" for flaw in problem.flaws)) from problem
    except SopInvalid as problem:
        flaws = [f"{file}:{flaw.line}: {flaw.field} {flaw.said}" for flaw in problem.problems]
        raise click.ClickException("\n".join(flaws)) from problem


def _journal(file: Path) -> list[Fact]:
    try:
        return read_journal(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise click.ClickException(f"{file} is not UTF-8 text: save it as UTF-8") from problem
    except JournalInvalid as problem:
        raise click.ClickException(f"{file} cannot be folded:\n{problem}") from problem


def _calendar(file: Path | None) -> WorkCalendar:
    if file is None:
        shipped = yaml.safe_load((DATA / "calendar_lampung.yaml").read_text(encoding="utf-8"))
        return WorkCalendar.from_document(shipped[CALENDARS["default"]])
    try:
        return WorkCalendar.from_document(read_calendar(file.read_text(encoding="utf-8")))
    except UnicodeDecodeError as problem:
        raise click.ClickException(f"{file} is not UTF-8 text: save it as UTF-8") from problem


def _of_government(code: str) -> Calendars:
    with everything():
        return calendars_for(government(code).pk)


def _plain(value: Any, zone: tzinfo) -> Any:
    """A state as plain JSON: tuples with names become objects; dates and instants ISO 8601, these in one zone."""
    if isinstance(value, Words):
        return value.model_dump()
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "_asdict"):
        return {name: _plain(part, zone) for name, part in value._asdict().items()}
    return [_plain(part, zone) for part in value] if isinstance(value, tuple) else value


def _lines(state: CaseState, zone: tzinfo) -> Iterator[str]:
    def at(instant: datetime | None) -> str:
        return instant.astimezone(zone).isoformat(timespec="minutes") if instant else "-"

    yield f"status: {state.status}"
    yield f"next actor: {state.next_actor or '-'}"
    yield f"kind: {state.kind or '-'}, horizon: {state.horizon}, agency: {state.agency_id or '-'}"
    yield f"spoken: {at(state.spoken_at)}"
    yield f"promised to the citizen: {at(state.citizen_due_at)}"
    if state.paused:
        yield f"clocks stand still: {state.pause_reason}"
    if state.closes_at:
        yield f"closes by silence: {at(state.closes_at)} as {state.closes_as}"
    if state.closed_at:
        yield f"closed: {at(state.closed_at)} by {state.closed_by or '-'} as {state.outcome or '-'}"
    yield f"wakes: {at(state.wakes_at)}"
    for one in state.obligations:
        yield f"{one.code} (fact {one.started_by}, {one.actor}, {one.within}, {one.clock}): {_verdict(one)}"
        yield f"  from {at(one.started_at)} due {at(one.due_at)} met {at(one.met_at)}"
        for rung in one.escalations:
            yield f"  rung {rung.rung} to {rung.to} at {at(rung.at)}{': reached' if rung.reached else ''}"
        if one.reason:
            yield f"  provisional: {one.reason}"
    for flag in state.flags:
        yield f"flag: {flag.code} {flag.detail}"


def _verdict(one: ObligationState) -> str:
    word = "met" if one.met_at else f"superseded, {one.superseded_by}" if one.superseded else "open"
    return f"{word}{', paused' if one.paused else ''}{', late' if one.breached else ''}"
