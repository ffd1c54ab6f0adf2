"""`salur register`."""

import io
from pathlib import Path

import click

from salur.config.ready import everything, government
from salur.insight.register import every_row
from salur.insight.register_file import write_register
from salur.insight.register_queries import Wanted
from salur.kernel.tenancy import Scope, use


@click.command("register")
@click.option("--government", "code", required=True, help="Kemendagri code, such as 18 or 18.09.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The XLSX file.")
@click.option("--closed", is_flag=True, help="Closed cases too.")
def register_command(code: str, output: Path, closed: bool) -> None:
    """Write the register of medium and long cases as XLSX, for planning."""
    with everything(), use(Scope(government(code).pk)):
        book = io.BytesIO()
        count = write_register(book, every_row(Wanted(closed=closed)))
    try:
        output.write_bytes(book.getvalue())
    except OSError as problem:
        raise click.ClickException(f"{output} cannot be written: {problem.strerror}") from problem
    click.echo(f"{count} cases written to {output}.")
