"""`salur deliveries`: what came in, what became of it, and another try at what could not be understood."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from salur.config.ready import everything, government
from salur.intake import queries
from salur.intake.counts import Conservation, DayCount, by_day
from salur.intake.look import outline
from salur.intake.models import Delivery
from salur.intake.replay import NotQuarantined, replay, replay_many
from salur.journey.act import act
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, Scope, use

GOVERNMENT = click.option("--government", "code", default="", help="Kemendagri code, such as 18; all without it.")


@click.group("deliveries")
def deliveries_command() -> None:
    """Raw deliveries: counted, listed, looked at from outside, and tried again."""


@deliveries_command.command("count")
@GOVERNMENT
@click.option("--days", type=click.IntRange(1), default=7, show_default=True, help="Days back, today included.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
def count(code: str, days: int, as_json: bool) -> None:
    """received = understood + ignored + quarantined + waiting, by account and day."""
    with _scope(code):
        rows, whole = by_day(days), queries.conservation()
    for row in rows:
        click.echo(_as_json(row) if as_json else _line(row))
    if not as_json:
        click.echo(f"everything: {_sum(whole)}")
    if not (whole.holds and all(row.count.holds for row in rows)):
        raise click.ClickException("the numbers do not add up: report this as a bug")


@deliveries_command.command("list")
@GOVERNMENT
@click.option("--reason", default="", help="Only those that wait for this reason, such as item.")
def list_quarantined(code: str, reason: str) -> None:
    """What waits in quarantine, newest first: id, account, reason and where it failed."""
    with _scope(code):
        rows = list(queries.quarantined(reason).defer("body"))
    for one in rows:
        account = f"{one.account.platform} {one.account.address}"
        click.echo(f"{one.pk}  {one.received_at:%Y-%m-%d %H:%M}  {account}  {one.reason}: {one.detail}")
    click.echo(f"{len(rows)} in quarantine.", err=True)


@deliveries_command.command("show")
@click.argument("delivery_id", type=int)
def show(delivery_id: int) -> None:
    """One delivery from outside: where it stands, and which fields it has; nobody's words."""
    with everything():
        one = _found(delivery_id)
        click.echo(f"{one.account.platform} {one.account.address}, by {one.via}, {one.received_at.isoformat()}")
        click.echo(f"{one.state} {one.reason}: {one.detail}" if one.reason else one.state)
        click.echo(f"{len(one.body)} bytes, {one.content_type}")
        for part in outline(one):
            click.echo(f"  {part}")


@deliveries_command.command("replay")
@click.argument("delivery_id", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="Everything that waits for --reason.")
@click.option("--reason", default="", help="With --all: the reason, such as item, error or unreadable.")
@GOVERNMENT
def replay_command(delivery_id: int | None, every: bool, reason: str, code: str) -> None:
    """Try a quarantined delivery again, or all of one reason; a worker takes them, and adds only what is missing."""
    if (delivery_id is None) != every or every != bool(reason):
        raise click.UsageError("give the number of one delivery, or --all with --reason")
    with _scope(code):
        if delivery_id is not None:
            _found(delivery_id)
            try:
                act(replay, delivery_id, actor=ledger.SYSTEM)
            except NotQuarantined as problem:
                raise click.ClickException(str(problem)) from problem
            number = 1
        else:
            ids = list(queries.quarantined(reason).values_list("pk", flat=True))
            number = act(replay_many, ids, actor=ledger.SYSTEM)
    click.echo(f"{number} tried again.")


@contextmanager
def _scope(code: str) -> Iterator[None]:
    with everything(), use(Scope(government(code).pk) if code else EVERYTHING):
        yield


def _found(delivery_id: int) -> Delivery:
    one = queries.delivery(delivery_id)
    if one is None:
        raise click.ClickException(f"there is no delivery {delivery_id}")
    return one


def _sum(count: Conservation) -> str:
    reasons = ", ".join(f"{reason} {n}" for reason, n in sorted(count.ignored.items()))
    return (
        f"received {count.received} = understood {count.understood} + ignored {sum(count.ignored.values())}"
        f"{f' ({reasons})' if reasons else ''} + quarantined {count.quarantined} + waiting {count.waiting}"
    )


def _line(row: DayCount) -> str:
    asked = f"; found only by asking: {row.found_by_poll}" if row.found_by_poll else ""
    return f"{row.day} {row.platform} {row.address}: {_sum(row.count)}{asked}"


def _as_json(row: DayCount) -> str:
    return json.dumps(asdict(row) | {"day": row.day.isoformat(), "holds": row.count.holds})
