"""`salur government`."""

import click
from django.db import transaction

from salur.agencies.load import copy_structure
from salur.agencies.models import Government
from salur.config.base import load_base, prepare
from salur.config.ready import everything, government


@click.group("government")
def government_command() -> None:
    """Load Lampung, or add a government."""


@government_command.command("lampung")
def lampung_command() -> None:
    """Load the province and its 15 regencies and cities with agencies, calendars and the standard SOP; no people."""
    with everything(create=True), transaction.atomic():
        load_base(progress=True)
    click.echo("Lampung is loaded. Next: salur member add, salur account add")


@government_command.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--from", "template", required=True, help="Code of the government whose structure is copied.")
def add_command(code: str, name: str, template: str) -> None:
    """Make a new tenant with the agencies, mandates and calendars of another; its agencies are marked provisional."""
    with everything(), transaction.atomic():
        source = government(template)
        if Government.objects.filter(code=code).exists():
            raise click.UsageError(f"the government {code} is there already")
        try:
            new = copy_structure(code, name, source)
        except ValueError as problem:
            raise click.UsageError(str(problem)) from problem
        prepare(new)
    click.echo(
        f"{new.name} ({new.code}) is ready: standard SOP in force, portal and counters open. Next: salur member add"
    )
