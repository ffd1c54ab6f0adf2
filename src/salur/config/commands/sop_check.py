"""`salur sop check`."""

import json
import sys
from pathlib import Path

import click
from django.utils import translation

from salur.sop.document.load import SopInvalid, load_marked
from salur.sop.document.marked_yaml import UnreadableYaml, decoded
from salur.sop.document.said import Said, _
from salur.sop.proofs.check import check
from salur.sop.saying import in_words

_SEVERITY = {"error": _("error"), "warning": _("warning")}
_GOOD = _("%(title)s, version %(version)s: can be signed. Hash %(hash)s")

Finding = tuple[str, int, str, Said]
"""Severity, line (0: the whole file), field, sentence."""


@click.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Of the sentences.")
@click.option("--json", "as_json", is_flag=True, help="A list of findings: severity, line, field, message.")
def check_command(file: Path, language: str, as_json: bool) -> None:
    """Check a document; every flaw with its line. Exit status 1 when it cannot be signed."""
    findings, good = _read(file)
    with translation.override(language):
        if as_json:
            rows = [
                {"severity": severity, "line": line, "field": field, "message": in_words(said)}
                for severity, line, field, said in findings
            ]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for severity, line, field, said in findings:
                place = f"{file}:{line}" if line else str(file)
                click.echo(": ".join(filter(None, [place, in_words(Said(_SEVERITY[severity])), field, in_words(said)])))
            if good is not None:
                click.echo(in_words(good))
    if good is None:
        sys.exit(1)


def _read(file: Path) -> tuple[list[Finding], Said | None]:
    """What is found in a file, and the sentence that it can be signed, where it can."""
    try:
        document, marked = load_marked(decoded(file.read_bytes()))
    except UnreadableYaml as problem:
        return [("error", flaw.line, flaw.field, flaw.said) for flaw in problem.flaws], None
    except SopInvalid as problem:
        return [("error", flaw.line, flaw.field, flaw.said) for flaw in problem.problems], None
    findings: list[Finding] = [
        (one.severity, marked.line_at(one.field), one.field, one.said) for one in check(document)
    ]
    if any(severity == "error" for severity, *_rest in findings):
        return findings, None
    filled = {"title": document.title.id, "version": document.version, "hash": document.sha256}
    return findings, Said(_GOOD, filled)
