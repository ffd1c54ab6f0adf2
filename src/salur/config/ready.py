"""What every command needs before it works: a database that answers, at this version, and a scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from salur.agencies.load import structure
from salur.agencies.models import Government
from salur.agencies.queries import government_by_code
from salur.config.base import load_base
from salur.config.environment import Environment
from salur.kernel.postgres import Embedded
from salur.kernel.tenancy import EVERYTHING, use


@contextmanager
def database(*, create: bool = False) -> Iterator[None]:
    """Start or share the embedded database, where none is configured, for as long as the block runs.

    Only with `create` one is begun where none is: a command run in the wrong folder must not look like lost data.
    """
    if Environment().database_url:
        yield
        return
    home = Path(settings.SALUR_HOME)
    if not create and not (home / "pg" / "data" / "PG_VERSION").exists():
        raise click.ClickException(
            f"there is no Salur in {home}: set SALUR_HOME to the folder of yours, or begin one with `salur up` or "
            "`salur migrate`"
        )
    with Embedded(home):
        try:
            yield
        finally:
            connections.close_all()


@contextmanager
def everything(*, create: bool = False) -> Iterator[None]:
    """The database, migrated, and the scope that sees every government: for commands of an administrator."""
    with database(create=create):
        migrate()
        with use(EVERYTHING):
            yield


def demand_migrated() -> None:
    """Refuse to work on a database of another version. Raises ClickException."""
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise click.ClickException(f"{len(missing)} migrations are missing: run `salur migrate` first")


def migrate() -> None:
    """Bring the database to this version; quick when it is there already."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with connection.cursor() as cursor:
            # Several machines may start at once: one migrates, the others wait.
            cursor.execute("SELECT pg_advisory_lock(4710, 1)")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(4710, 1)")


def government(code: str) -> Government:
    """The government with this code. Raises a usage error that lists the known ones.

    Where none is loaded yet and the code is one of Lampung's, the shipped structure is loaded first.
    """
    if code in {seed.code for seed in structure().governments} and not Government.objects.exists():
        click.echo(f"No government is loaded in {settings.SALUR_HOME} yet; loading Lampung.", err=True)
        with transaction.atomic():
            load_base()
    found = government_by_code(code)
    if found is None:
        known = ", ".join(Government.objects.order_by("code").values_list("code", flat=True))
        advice = (
            f"known: {known}" if known else "none is loaded yet; `salur up --demo` or `salur government add` does that"
        )
        raise click.UsageError(f"there is no government with the code {code!r} ({advice})")
    return found
