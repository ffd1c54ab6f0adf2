"""`salur member`."""

import click

from salur.agencies.members import CannotAdd, NoSuchMember, add_member, retire, set_email, set_password
from salur.agencies.models import Agency, Role
from salur.config.ready import everything, government
from salur.kernel import ledger


@click.group("member")
def member_command() -> None:
    """Add an officer, set a password, close a sign-in."""


@member_command.command("add")
@click.argument("username")
@click.option("--government", "code", required=True)
@click.option("--agency", required=True, help="Code of the agency, such as bmbk.")
@click.option("--role", type=click.Choice(Role.values), required=True)
@click.option("--name", required=True)
@click.option("--position", default="", help="The actor of the SOP this officer is by name: regional_secretary.")
@click.option("--government-wide", is_flag=True, help="A leader who is responsible for every agency.")
@click.password_option(help="Asked for when not given; at least ten characters.")
def add_command(
    username: str, code: str, agency: str, role: str, name: str, position: str, government_wide: bool, password: str
) -> None:
    """Make a sign-in with one role in one agency."""
    with everything():
        body = agency_of(code, agency)
        try:
            add_member(
                body.government_id,
                username=username,
                name=name,
                agency_id=body.pk,
                role=role,
                password=password,
                position=position,
                government_wide=government_wide,
                actor=ledger.SYSTEM,
            )
        except CannotAdd as problem:
            raise click.UsageError(str(problem)) from problem
        click.echo(f"{username} can sign in at /desk/ as {role} of {body.name}.")


@member_command.command("password")
@click.argument("username")
@click.password_option(help="Asked for when not given; at least ten characters.")
def password_command(username: str, password: str) -> None:
    """Give an officer a new password."""
    with everything():
        try:
            set_password(username, password)
        except (NoSuchMember, CannotAdd) as problem:
            raise click.UsageError(str(problem)) from problem
    click.echo(f"{username} has a new password; open sessions have ended.")


@member_command.command("email")
@click.argument("username")
@click.argument("address", default="")
def email_command(username: str, address: str) -> None:
    """Where an officer is written to, as the custodian of an account; without an address nowhere."""
    with everything():
        try:
            set_email(username, address)
        except (NoSuchMember, CannotAdd) as problem:
            raise click.UsageError(str(problem)) from problem
    click.echo(f"{username} is written to at {address}." if address else f"{username} is written to no more.")


@member_command.command("retire")
@click.argument("username")
def retire_command(username: str) -> None:
    """Close an officer's sign-in; what they did keeps their name."""
    with everything():
        try:
            retire(username, actor=ledger.SYSTEM)
        except NoSuchMember as problem:
            raise click.UsageError(str(problem)) from problem
    click.echo(f"{username} can no longer sign in.")


def agency_of(government_code: str, code: str) -> Agency:
    """An agency of a government by its code. Raises a usage error that lists the known ones."""
    rows = Agency.objects.filter(government=government(government_code))
    found = rows.filter(code=code).first()
    if found is None:
        known = ", ".join(rows.order_by("code").values_list("code", flat=True))
        raise click.UsageError(f"no agency {code!r}; known: {known}")
    return found
