"""`salur sop format` and `salur sop schema`: the canonical text of a document, and the schema of all."""

import json
from pathlib import Path

import click

from salur.sop.document.load import SopInvalid, load
from salur.sop.document.marked_yaml import UnreadableYaml, decoded
from salur.sop.document.schema import json_schema
from salur.sop.document.write import dump

_OUT = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not to the screen."
)


@click.command("format")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_OUT
def format_command(file: Path, output: Path | None) -> None:
    """Write a document in the canonical form; comments are not part of it. Nothing is written when it has flaws."""
    try:
        written = dump(load(decoded(file.read_bytes())))
    except (SopInvalid, UnreadableYaml) as problem:
        raise click.ClickException(f"{file} has flaws; `salur sop check` lists them: {problem}") from problem
    _put(written, output)


@click.command("schema")
@_OUT
def schema_command(output: Path | None) -> None:
    """Write the JSON Schema (draft 2020-12) of an SOP document, for editors that check while one writes."""
    _put(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", output)


def _put(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_bytes(text.encode())
    except OSError as problem:
        raise click.ClickException(f"cannot write {output}: {problem.strerror}") from problem
