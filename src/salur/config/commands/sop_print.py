"""`salur sop print`."""

import os
import tempfile
from pathlib import Path

import click
from django.conf import settings

from salur.config.commands.sop_check import check_command
from salur.config.ready import everything, government
from salur.sop import printing
from salur.sop.document.load import load
from salur.sop.document.marked_yaml import decoded
from salur.sop.document.model import SopDocument
from salur.sop.models import SopVersion
from salur.sop.printed import seal_of
from salur.sop.printing import Seal


@click.command("print")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF to be written."
)
@click.option("--government", "code", help="Print in the name of this government; needs its database.")
@click.pass_context
def print_command(context: click.Context, file: Path, output: Path, code: str | None) -> None:
    """Print a document as the signed form, PDF on A4. What no government signed is marked as a draft on every page.

    A document that `salur sop check` refuses is not printed.
    """
    context.invoke(check_command, file=file)
    document = load(decoded(file.read_bytes()))
    seal = _seal(document, code)
    _write(output, printing.pdf(document, seal))
    if seal.signed_at:
        click.echo(f"{output}: the signed form.")
    elif code:
        click.echo(f"{output}: marked as a draft, as {seal.government} has not signed this content.")
    else:
        click.echo(f"{output}: marked as a draft; with --government it is the signed form of what was signed there.")


def _seal(document: SopDocument, code: str | None) -> Seal:
    if code is None:
        return Seal(document.unit, settings.SALUR_BASE_URL, document.sha256)
    with everything():
        found = government(code)
        rows = SopVersion.objects.select_related("government").filter(government=found, sha256=document.sha256)
        version = rows.order_by("version").last()
        if version is not None:
            return seal_of(version)
        return Seal(found.name, settings.SALUR_BASE_URL, document.sha256, timezone=found.timezone)


def _write(output: Path, content: bytes) -> None:
    """Write the whole file or nothing. Raises ClickException."""
    unfinished = None
    try:
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
            unfinished = Path(file.name)
            file.write(content)
        # A temporary file is for its owner alone; the paper gets the rights of any new file.
        umask = os.umask(0)
        os.umask(umask)
        unfinished.chmod(0o666 & ~umask)
        unfinished.replace(output)
    except OSError as problem:
        raise click.ClickException(f"{output} cannot be written: {problem.strerror}. Nothing was written") from problem
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
