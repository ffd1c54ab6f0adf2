"""`salur account`."""

import json
import sys

import click

from salur.channels.connect import check, connect
from salur.channels.models import Account
from salur.channels.queries import accounts
from salur.channels.registry import PLATFORMS
from salur.config.commands.member import agency_of
from salur.config.ready import everything


@click.group("account")
def account_command() -> None:
    """Connect and check official accounts."""


@account_command.command("add")
@click.option("--government", "code", required=True)
@click.option("--agency", required=True)
@click.option("--platform", type=click.Choice(sorted(PLATFORMS)), required=True)
@click.option("--address", required=True, help="For e-mail the address citizens write to.")
@click.option(
    "--set", "pairs", multiple=True, metavar="KEY=VALUE", help="A setting, such as imap_host=mail.example.go.id."
)
@click.option(
    "--username", help="Name for signing in to the mailbox; the password is asked for, or read from SALUR_PASSWORD."
)
@click.option(
    "--password", envvar="SALUR_PASSWORD", help="Better given by the environment: a command line can be seen."
)
def add_command(
    code: str,
    agency: str,
    platform: str,
    address: str,
    pairs: tuple[str, ...],
    username: str | None,
    password: str | None,
) -> None:
    """Connect an account and try it."""
    settings = dict(_pair(pair) for pair in pairs)
    credentials = {}
    if username:
        credentials = {"username": username, "password": password or click.prompt("Password", hide_input=True)}
    with everything():
        account = connect(agency_of(code, agency), platform, address, settings=settings, credentials=credentials)
        _report(account)


@account_command.command("list")
@click.option("--platform", type=click.Choice(sorted(PLATFORMS)), help="Only accounts on this platform.")
def list_command(platform: str | None) -> None:
    """List the accounts with their health."""
    with everything():
        for one in [found for found in accounts() if platform in (None, found.platform)]:
            place = f"{one.pk:>5}  {one.government.code:6} {one.agency.code:20} {one.platform:8}"
            click.echo(f"{place} {one.address}  {one.problem or 'ok'}")


@account_command.command("check")
@click.argument("account_id", type=int)
def check_command(account_id: int) -> None:
    """Try sign-in and reachability of one account."""
    with everything():
        account = Account.objects.filter(pk=account_id).first()
        if account is None:
            raise click.UsageError(f"there is no account {account_id}; see: salur account list")
        _report(account)


def _pair(text: str) -> tuple[str, object]:
    key, found, value = text.partition("=")
    if not found or not key:
        raise click.UsageError(f"--set takes KEY=VALUE, not {text!r}")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def _report(account: Account) -> None:
    health = check(account)
    click.echo(f"account {account.pk}, {account.platform} {account.address}: {'works' if health.ok else health.detail}")
    if not health.ok:
        sys.exit(1)
