"""`salur import`."""

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
from django.utils import timezone

from salur.agencies.models import Agency, Government
from salur.channels.models import Account
from salur.channels.queries import account_of
from salur.config.ready import everything, government
from salur.intake.export_file import Export, Row, read_export
from salur.intake.export_source import ExportProblem
from salur.intake.import_rows import Failure, RowImport, Tally
from salur.journey.bring_in import bring_in
from salur.sop.versions import NoSopInForce, in_force

BATCH = 50
LISTED = 20


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--government", "code", required=True, help="Kemendagri code, such as 18 or 18.09.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write all failed rows to this CSV.")
def import_file_command(file: Path, code: str, dry_run: bool, errors: Path | None) -> None:
    """Make cases from an SP4N-LAPOR! export, CSV or XLSX.

    A row that fails is reported with its row number and reason, the others stand. The same file twice adds nothing; an
    import that was interrupted is finished by running it again. Status 0: all rows stand; 1: some failed.
    """
    with everything(create=True):
        account = _account(government(code))
        try:
            export = read_export(file)
            tally, interrupted, seconds = _run(export, account, dry_run)
        except ExportProblem as problem:
            raise click.UsageError(f"{file}: {problem}") from problem
    _report(tally, export, dry_run, seconds)
    if errors:
        _write(errors, tally.failures)
    if interrupted:
        click.echo("Interrupted: the rows above stand. Run the same command again to finish.", err=True)
    sys.exit(1 if tally.failures or interrupted else 0)


def _account(of: Government) -> Account:
    coordinator = Agency.objects.filter(government=of, is_coordinator=True).order_by("id").first()
    account = account_of(coordinator.pk, "sp4n") if coordinator else None
    if account is None:
        raise click.UsageError(f"{of} has no SP4N-LAPOR! account (sp4n) at its coordinating agency: connect one first")
    try:
        in_force(of)
    except NoSopInForce as problem:
        raise click.UsageError(str(problem)) from problem
    return account


def _run(export: Export, account: Account, dry_run: bool) -> tuple[Tally, bool, float]:
    into, total, start = RowImport(account, dry_run=dry_run), Tally(), time.monotonic()
    length = sum(1 for _ in export.rows())
    try:
        with click.progressbar(length=length, label="Checking" if dry_run else "Importing", file=sys.stderr) as bar:
            for batch in _batches(export.rows()):
                total.add(into.take(batch) if dry_run else bring_in(into, batch))
                bar.update(len(batch))
    except KeyboardInterrupt:
        return total, True, time.monotonic() - start
    return total, False, time.monotonic() - start


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _report(tally: Tally, export: Export, dry_run: bool, seconds: float) -> None:
    click.echo(f"{tally.rows} rows read in {seconds:.1f} s" + (" (dry run: nothing was written)" if dry_run else ""))
    click.echo(f"{tally.new} {'would become cases' if dry_run else 'new cases'}")
    click.echo(f"{tally.known} rows already known")
    if tally.differing:
        click.echo(f"{tally.differing} rows already known, but differ from what was imported; left as they were")
    click.echo(f"{len(tally.failures)} rows failed")
    if tally.first and tally.last:
        days = [timezone.localtime(at).date().isoformat() for at in (tally.first, tally.last)]
        click.echo(f"Spoken between {days[0]} and {days[1]}")
    _list("Kinds", Counter({kind or "(none given: read from the text)": n for kind, n in tally.kinds.items()}))
    _list("Agencies not known here, cases left to the coordinator", tally.unknown_agencies)
    _list("Statuses not known, cases left open", tally.unknown_statuses)
    for name in export.skipped:
        click.echo(f"Sheet '{name}' was skipped: it has no header of an export")
    for failure in tally.failures[:LISTED]:
        named = f" (Tracking ID {failure.tracking_id})" if failure.tracking_id else ""
        click.echo(f"row {failure.where}{named}: {failure.reason}", err=True)
    if len(tally.failures) > LISTED:
        click.echo(f"... and {len(tally.failures) - LISTED} more; --errors FILE.csv writes all of them", err=True)


def _list(title: str, counted: Counter[str]) -> None:
    found = +counted
    if found:
        click.echo(f"{title}: " + "; ".join(f"{name} ({number})" for name, number in found.most_common()))


def _write(path: Path, failures: list[Failure]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "tracking_id", "reason"])
        writer.writerows([_inert(cell) for cell in (one.where, one.tracking_id, one.reason)] for one in failures)


def _inert(cell: str) -> str:
    """The cell as text to a spreadsheet program, which would run as a formula what begins with one of these signs."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
