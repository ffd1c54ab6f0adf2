"""`salur spend`."""

from decimal import Decimal

import click
from django.db import transaction

from salur.config.ready import everything, government
from salur.publishing import spend

MOST = 10_000_000


@click.group("spend")
def spend_command() -> None:
    """Show and limit what messages cost a government in a calendar month."""


@spend_command.command("show")
@click.argument("code")
def show_command(code: str) -> None:
    """Print what went out this month has cost, and the limit of the government CODE."""
    with everything():
        body = government(code)
        cap, so_far, since = spend.cap_of(body), spend.spent(body), spend.month_start(body)
    limit = "no limit" if cap is None else f"limit {_usd(cap)}, left {_usd(max(0, cap - so_far))}"
    click.echo(f"{body.code}  since {since.isoformat(timespec='seconds')}  spent {_usd(so_far)}  {limit}")


@spend_command.command("cap")
@click.argument("code")
@click.option("--usd", type=click.FloatRange(0, MOST), help="The most that a calendar month may cost, in US dollars.")
@click.option("--none", "unlimited", is_flag=True, help="Take the limit away.")
def cap_command(code: str, usd: float | None, unlimited: bool) -> None:
    """Limit what messages of the government CODE may cost in a month; what is over it waits for an officer."""
    if (usd is None) != unlimited:
        raise click.UsageError("give either --usd N or --none")
    with everything(), transaction.atomic():
        body = government(code)
        amount = None if usd is None else int(Decimal(str(usd)) * spend.USD)
        spend.set_cap(body, amount)
    click.echo(f"{body.code}  {'no limit' if amount is None else f'limit {_usd(amount)} a month'}")


def _usd(amount: int) -> str:
    return f"USD {Decimal(amount) / spend.USD:.4f}"
