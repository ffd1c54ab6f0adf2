"""`salur triage`."""

import json
from typing import Any

import click

from salur.config.ready import everything, government
from salur.triage.read import knowledge_of
from salur.triage.rules import read


@click.command("triage")
@click.option("--government", "code", required=True, help="Kemendagri code, such as 18 or 18.09.")
@click.argument("file", type=click.File("rb"), default="-")
def triage_command(code: str, file: Any) -> None:
    """Read JSON lines {"id", "text"} and print one reading a line; a bad line yields {"id", "error"} and goes on."""
    failed = 0
    with everything(create=True):
        knowledge = knowledge_of(government(code))
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        item: Any = None
        try:
            item = json.loads(line.decode("utf-8", "replace"))
            text = item["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            failed += 1
            known = item.get("id") if isinstance(item, dict) else None
            wanted = f'line {number}: expected a JSON object with "id" and "text"'
            click.echo(json.dumps({"id": known, "error": wanted}))
            continue
        click.echo(json.dumps({"id": item.get("id"), **read(text, knowledge).to_json()}, ensure_ascii=False))
    if failed:
        raise click.ClickException(f"{failed} line(s) could not be read")
