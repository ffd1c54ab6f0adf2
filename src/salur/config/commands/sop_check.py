"""`salur sop check`."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from django.utils import translation

from salur.agencies.models import Government
from salur.config.ready import everything, government
from salur.sop.document.load import SopInvalid, load_marked
from salur.sop.document.marked_yaml import UnreadableYaml, decoded
from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said, _
from salur.sop.following import document_from, is_overlay
from salur.sop.models import Sop, SopVersion
from salur.sop.proofs.check import check
from salur.sop.queries import facts_of
from salur.sop.saying import in_words
from salur.sop.versions import out_of_line

_SEVERITY = {"error": _("error"), "warning": _("warning")}
_GOOD = _("%(title)s, version %(version)s: can be signed. Hash %(hash)s")
_FOLLOWS = _("this text follows the SOP of another government, which lies in the database: give --government too")

Finding = tuple[str, int, str, Said]
"""Severity, line (0: the whole file), field, sentence."""


@click.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--government", "code", help="Also what only this government can tell; needs the database.")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Of the sentences.")
@click.option("--json", "as_json", is_flag=True, help="A list of findings: severity, line, field, message.")
def check_command(file: Path, code: str | None, language: str, as_json: bool) -> None:
    """Check a document; every flaw with its line. Exit status 1 when it cannot be signed."""
    if code is None:
        findings, good = _read(file, None)
    else:
        with everything():
            findings, good = _read(file, government(code))
    with translation.override(language):
        if as_json:
            rows = [
                {"severity": severity, "line": line, "field": field, "message": in_words(said)}
                for severity, line, field, said in findings
            ]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for told in lines(file, findings):
                click.echo(told)
            if good is not None:
                click.echo(in_words(good))
    if good is None:
        sys.exit(1)


def lines(file: Path | str, findings: Iterable[Finding]) -> Iterator[str]:
    """Findings as lines, in the language in force: file and line, severity, field, sentence."""
    for severity, line, field, said in findings:
        place = f"{file}:{line}" if line else str(file)
        yield ": ".join(filter(None, [place, in_words(Said(_SEVERITY[severity])), field, in_words(said)]))


def flaws(problem: UnreadableYaml | SopInvalid) -> list[Finding]:
    """Why a text is no SOP document."""
    found = problem.flaws if isinstance(problem, UnreadableYaml) else problem.problems
    return [("error", flaw.line, flaw.field, flaw.said) for flaw in found]


def _read(file: Path, tenant: Government | None) -> tuple[list[Finding], Said | None]:
    """What is found in a file, and the sentence that it can be signed, where it can."""
    try:
        text = decoded(file.read_bytes())
        if is_overlay(text):
            if tenant is None:
                return [("error", 0, "", Said(_FOLLOWS))], None
            document, marked = document_from(text, overlay=True), None
        else:
            document, marked = load_marked(text)
    except (UnreadableYaml, SopInvalid) as problem:
        return flaws(problem), None
    findings: list[Finding] = [
        (one.severity, marked.line_at(one.field) if marked else 0, one.field, one.said)
        for one in check(document, facts_of(tenant.pk) if tenant else None)
    ]
    if tenant is not None:
        findings += [("error", 0, "", said) for said in _against(tenant, document)]
    if any(severity == "error" for severity, *_rest in findings):
        return findings, None
    filled = {"title": document.title.id, "version": document.version, "hash": document.sha256}
    return findings, Said(_GOOD, filled)


def _against(tenant: Government, document: SopDocument) -> Iterator[Said]:
    """What keeps the document from being the next version there; nothing where it is signed already as it is."""
    signed = list(SopVersion.objects.filter(government=tenant).defer("text", "overlay"))
    if all(one.sha256 != document.sha256 for one in signed):
        sop = Sop.objects.filter(government=tenant, code=document.code).first()
        yield from out_of_line(sop or Sop(government=tenant, code=document.code), document, signed)
