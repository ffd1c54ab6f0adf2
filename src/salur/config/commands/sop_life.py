"""`salur sop adopt`, `export`, `history` and `move`: the life of a version from the command line."""

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import click
from django.utils import timezone, translation

from salur.agencies.models import Government
from salur.agencies.queries import member_names
from salur.config.commands.sop_check import Finding, flaws, lines
from salur.config.ready import everything, government
from salur.kernel import ledger
from salur.sop import move
from salur.sop.document.load import STANDARD, SopInvalid
from salur.sop.document.marked_yaml import UnreadableYaml, decoded
from salur.sop.models import SopVersion
from salur.sop.parents import adopt_from
from salur.sop.sign import adopt
from salur.sop.versions import NoSopInForce, NotSignable, Refused, in_force, stream


@click.command("adopt")
@click.option("--government", "code", required=True)
@click.option("--signed-by", required=True, help="Position and name of the officer who signed the paper.")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    show_default="the standard SOP",
    help="A whole document, or one that begins with `extends` and names what differs from another government's.",
)
@click.option("--from", "source", help="Code of the government whose SOP in force is taken over as it is.")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Of a refusal.")
def adopt_command(code: str, signed_by: str, file: Path | None, source: str | None, language: str) -> None:
    """Put a signed document into force for a government."""
    if file is not None and source is not None:
        raise click.UsageError("give --file or --from, not both")
    with everything():
        tenant = government(code)
        try:
            if source is not None:
                followed = SopVersion.objects.get(pk=in_force(government(source)).pk)
                version = adopt_from(tenant, followed, signed_by=signed_by)
            else:
                decoded((file or STANDARD).read_bytes())  # says why a file is no text
                version = adopt(tenant, signed_by=signed_by, path=file or STANDARD)
        except NoSopInForce as problem:
            raise click.ClickException(str(problem)) from problem
        except (UnreadableYaml, SopInvalid, Refused) as problem:
            with translation.override(language):
                for line in lines(file or source or STANDARD.name, _against(problem)):
                    click.echo(line, err=True)
            sys.exit(1)
        click.echo(f"{version.sop.title}, version {version.version}, in force from {version.in_force_from}.")


def _against(problem: UnreadableYaml | SopInvalid | Refused) -> list[Finding]:
    """Every reason of a refusal."""
    if isinstance(problem, Refused):
        reasons = problem.reasons if isinstance(problem, NotSignable) else (problem.said,)
        return [("error", 0, "", said) for said in reasons]
    return flaws(problem)


@click.command("export")
@click.option("--government", "code", required=True)
@click.option("--version", "number", type=int, show_default="the one in force")
def export_command(code: str, number: int | None) -> None:
    """Write a signed document to standard output, byte for byte as it was signed."""
    with everything():
        tenant = government(code)
        click.echo(_version(tenant, number).text.encode(), nl=False)


@click.command("history")
@click.option("--government", "code", required=True)
def history_command(code: str) -> None:
    """List what happened to the SOPs of a government: who drafted, reviewed and signed, when, under which hash."""
    with everything():
        tenant = government(code)
        for version in SopVersion.objects.filter(government=tenant).select_related("sop").order_by("sop", "version"):
            click.echo(f"{version.sop.code} version {version.version}, in force from {version.in_force_from}")
            click.echo(f"  signed {_at(version.signed_at)} by {version.signed_by}; sha256 {version.sha256}")
        for sop_id in SopVersion.objects.filter(government=tenant).values_list("sop_id", flat=True).distinct():
            facts = ledger.journal(stream(sop_id))
            writers = {fact.seq: fact.data.get("editors", []) for fact in facts}
            names = member_names({fact.actor for fact in facts}.union(*writers.values()))
            for fact in facts:
                about = fact.data.get("reason") or fact.data.get("sha256") or ""
                click.echo(f"{_at(fact.at)}  {fact.kind}  {names.get(fact.actor, fact.actor)}  {about}".rstrip())
                if written_by := writers[fact.seq]:
                    click.echo(f"  written by {', '.join(names.get(one, one) for one in written_by)}")


@click.command("move")
@click.option("--government", "code", required=True)
@click.option("--from", "old", type=int, required=True, help="Number of the version the cases are on.")
@click.option("--to", "new", type=int, required=True, help="Number of a newer version, in force.")
@click.option("--reason", required=True, help="Stands in the journal of every case.")
@click.option("--dry-run", is_flag=True, help="List what would change, and change nothing.")
def move_command(code: str, old: int, new: int, reason: str, dry_run: bool) -> None:
    """Move the open cases of a version to a newer one. Interrupted, it goes on when it is given again."""
    with everything():
        tenant = government(code)
        first, second = _version(tenant, old), _version(tenant, new)
        try:
            if dry_run:
                _preview(tenant, first, second)
            else:
                _move(tenant, first, second, reason)
        except Refused as problem:
            raise click.ClickException(str(problem)) from problem


def _preview(tenant: Government, old: SopVersion, new: SopVersion) -> None:
    told = Counter[str]()
    for one in move.preview(tenant.pk, old.pk, new.pk):
        told["cases"] += 1
        told["changed"] += bool(one.changes)
        for change in one.changes:
            told["become late"] += change.verdict == "late"
            told["in time again"] += change.verdict == "in_time"
            was, due = (_at(at) if at else "none" for at in (change.was, change.due))
            verdict = f"  {change.verdict}" if change.verdict else ""
            click.echo(f"{one.number}  {change.name.id}: {was} -> {due}{verdict}")
    click.echo(
        f"{told['cases']} open case(s), {told['changed']} would change; {told['become late']} obligation(s) would be "
        f"late, {told['in time again']} in time again. Nothing was changed."
    )


def _move(tenant: Government, old: SopVersion, new: SopVersion, reason: str) -> None:
    done = 0
    with click.progressbar(length=move.count_open(tenant.pk, old.pk), label="Moving", file=sys.stderr) as bar:
        for moved in move.move_all(tenant.pk, old.pk, new.pk, reason=reason, actor=ledger.SYSTEM):
            done += moved
            bar.update(moved)
    click.echo(f"{done} case(s) moved from version {old.version} to version {new.version}.")


def _version(tenant: Government, number: int | None) -> SopVersion:
    """The version of the SOP in force with this number. Raises ClickException that lists the known ones."""
    try:
        current = SopVersion.objects.get(pk=in_force(tenant).pk)
    except NoSopInForce as problem:
        raise click.ClickException(str(problem)) from problem
    if number is None:
        return current
    versions = SopVersion.objects.filter(sop=current.sop).select_related("sop").order_by("version")
    found = next((one for one in versions if one.version == number), None)
    if found is None:
        known = ", ".join(str(one.version) for one in versions)
        raise click.ClickException(f"there is no version {number} of this SOP; signed are: {known}")
    return found


def _at(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M %Z}"
