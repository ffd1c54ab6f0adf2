"""`salur doctor`."""

import json
import shutil
import sys
from dataclasses import asdict

import click
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from salur.config.demo import usernames
from salur.config.ready import database
from salur.insight.health import Finding, examine
from salur.intake.queries import conservation
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use

ENOUGH = 1_000_000_000
MARKS = {"ok": "ok     ", "warning": "warning", "error": "ERROR  "}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--retry", is_flag=True, help="Give every event that could not be handled its tries again.")
def doctor_command(as_json: bool, retry: bool) -> None:
    """Say what is wrong and how to mend it. Exit status 1 when something is an error."""
    with database(), use(EVERYTHING):
        findings = [*_machine()]
        intake: dict[str, object] = {}
        if all(one.level != "error" for one in findings):
            if retry:
                findings.append(Finding("retry", "ok", f"{ledger.retry_stuck()} events will be tried again"))
            findings += examine()
            count = conservation()
            intake = {**asdict(count), "holds": count.holds}
    bad = any(one.level == "error" for one in findings)
    if as_json:
        report = {"ok": not bad, "intake": intake, "findings": [asdict(one) for one in findings]}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for one in findings:
            click.echo(
                f"{MARKS[one.level]}  {one.check}: {one.text}" + (f"\n         -> {one.mend}" if one.mend else "")
            )
    sys.exit(1 if bad else 0)


def _server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def _machine() -> list[Finding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    free = shutil.disk_usage(settings.SALUR_HOME).free
    findings = [
        Finding("database", "ok", f"PostgreSQL {_server_version()} answers"),
        Finding("migrations", "error", f"{len(missing)} are missing", "salur migrate")
        if missing
        else Finding("migrations", "ok", "all are applied"),
        Finding("disk", "ok", f"{free / 1e9:.1f} GB free")
        if free > ENOUGH
        else Finding("disk", "warning", f"only {free / 1e9:.1f} GB free", "make room under SALUR_HOME"),
    ]
    if not missing and get_user_model().objects.filter(username__in=list(usernames()), is_active=True).exists():
        text = "the demonstration's sign-ins, whose password is public, can be used"
        findings.append(Finding("demonstration", "warning", text, "use a fresh SALUR_HOME for real work"))
    return findings
