"""`salur sop`."""

import sys
from pathlib import Path

import click

from salur.config.ready import everything, government
from salur.sop.check import check
from salur.sop.document import STANDARD, SopInvalid, load
from salur.sop.versions import NotSignable, adopt


@click.group("sop")
def sop_command() -> None:
    """Check and adopt SOP documents."""


@sop_command.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_command(file: Path) -> None:
    """Check a document; every flaw with its line. Exit status 1 when it cannot be signed."""
    try:
        document = load(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as problem:
        raise click.ClickException(f"{file} is not UTF-8 text: save it as UTF-8") from problem
    except SopInvalid as problem:
        for flaw in problem.problems:
            click.echo(f"{file}:{flaw.line}: {flaw.field} {flaw.message}")
        sys.exit(1)
    found = check(document)
    for one in found:
        click.echo(f"{one.severity}: {one.field} {one.message}")
    if any(one.severity == "error" for one in found):
        sys.exit(1)
    click.echo(f"{document.title.id}, version {document.version}: can be signed. sha256 {document.sha256}")


@sop_command.command("adopt")
@click.option("--government", "code", required=True)
@click.option("--signed-by", required=True, help="Position and name of the officer who signed the paper.")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=STANDARD,
    show_default="the standard SOP",
)
def adopt_command(code: str, signed_by: str, file: Path) -> None:
    """Put a signed document into force for a government."""
    with everything():
        try:
            version = adopt(government(code), signed_by=signed_by, path=file)
        except (SopInvalid, NotSignable) as problem:
            raise click.ClickException(str(problem)) from problem
        click.echo(f"{version.sop.title}, version {version.version}, in force from {version.in_force_from}.")
