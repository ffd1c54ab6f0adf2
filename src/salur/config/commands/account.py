"""`salur account`."""

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from salur.agencies.models import Agency, Member
from salur.channels.alarm import MEANINGS
from salur.channels.connect import CannotConnect, connect, rotate, set_custodians, switch
from salur.channels.health import check, resume, subscribe
from salur.channels.models import Account
from salur.channels.ports import Health
from salur.channels.queries import AccountHealth, account, accounts_with_health, shown_name
from salur.channels.registry import PLATFORMS
from salur.config.commands.member import agency_of
from salur.config.ready import everything


@click.group("account")
def account_command() -> None:
    """Connect, check and look after official accounts."""


@account_command.command("add")
@click.option("--government", "code", required=True)
@click.option("--agency", required=True)
@click.option("--platform", type=click.Choice(sorted(PLATFORMS)), required=True)
@click.option("--address", required=True, help="The platform's own id of the account; for e-mail the address.")
@click.option("--name", help="How citizens know it, such as @diskominfotik_lampung.")
@click.option("--link", help="Where citizens find it; with a name it stands on the public page of channels.")
@click.option(
    "--set", "pairs", multiple=True, metavar="KEY=VALUE", help="A setting, such as imap_host=mail.example.go.id."
)
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="NAME",
    help="A credential, such as access_token: asked for, or read from SALUR_SECRET_<NAME>.",
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
    name: str | None,
    link: str | None,
    pairs: tuple[str, ...],
    secrets: tuple[str, ...],
    username: str | None,
    password: str | None,
) -> None:
    """Connect an account, or change one that is connected, and try it. What is not given stays as it is."""
    given = dict(_pair(pair) for pair in pairs)
    credentials = {one: _secret(one) for one in secrets}
    if username:
        credentials |= {"username": username, "password": password or click.prompt("Password", hide_input=True)}
    with everything():
        body = agency_of(code, agency)
        try:
            found = connect(
                body,
                platform,
                address,
                settings=_settings(body, platform, address, given),
                credentials=credentials,
                name=name,
                link=link,
            )
        except CannotConnect as problem:
            raise click.UsageError(str(problem)) from problem
        _report(found, check(found))


def _settings(agency: Agency, platform: str, address: str, given: dict[str, object]) -> dict[str, object]:
    """The settings of an account that is connected already, with those given in their place; null takes one away."""
    rows = Account.objects.filter(government_id=agency.government_id, platform=platform, address=address)
    known: dict[str, object] = rows.values_list("settings", flat=True).first() or {}
    return {key: value for key, value in {**known, **given}.items() if value is not None}


@account_command.command("list")
@click.option("--platform", type=click.Choice(sorted(PLATFORMS)), help="Only accounts on this platform.")
@click.option("--all", "everything_there", is_flag=True, help="Also counters, forms and imports.")
def list_command(platform: str | None, everything_there: bool) -> None:
    """List the connected accounts with their health; times are those of their government."""
    with everything():
        rows = [one for one in accounts_with_health() if _wanted(one.account, platform, everything_there)]
        if not rows:
            click.echo("no account is connected" if platform is None else f"no account on {platform} is connected")
            return
        click.echo(_line("ID", "GOV", "AGENCY", "PLATFORM", "CHECKED", "ADDRESS", "NAME", "HEALTH"))
        for one in rows:
            found = one.account
            click.echo(
                _line(
                    str(found.pk),
                    found.government.code,
                    found.agency.code,
                    found.platform,
                    _at(found, found.checked_at) or "never",
                    found.address,
                    shown_name(found) if found.name else "-",
                    _standing(one),
                )
            )


def _wanted(account: Account, platform: str | None, everything_there: bool) -> bool:
    """Counters, forms and imports are there by themselves: they are listed when they are asked for."""
    if platform is not None:
        return account.platform == platform
    module = PLATFORMS.get(account.platform)
    can_break = module is not None and (module.capabilities.hooks or module.capabilities.can_fetch)
    return everything_there or can_break or (module is not None and module.guide.offered)


def _line(number: str, code: str, agency: str, platform: str, checked: str, *rest: str) -> str:
    return f"{number:>5}  {code:6} {agency:20} {platform:10} {checked:21} {'  '.join(rest)}"


def _at(account: Account, instant: datetime | None) -> str:
    """An instant in the time zone of the account's government, such as 2026-11-24 15:30 WIB; "" for none."""
    return f"{instant.astimezone(ZoneInfo(account.government.timezone)):%Y-%m-%d %H:%M %Z}" if instant else ""


def _standing(one: AccountHealth) -> str:
    said = [] if one.account.state == Account.State.LIVE else [f"is {one.account.state}"]
    said += [one.account.problem] if one.account.problem else []
    said += [alarm.kind for alarm in one.alarms]
    return "; ".join(said) or "ok"


@account_command.command("check")
@click.argument("account_id", type=int)
def check_command(account_id: int) -> None:
    """Try sign-in, reachability and subscription of one account; renews what is about to end."""
    with everything():
        found = _account(account_id)
        _report(found, check(found))


@account_command.command("subscribe")
@click.argument("account_id", type=int)
def subscribe_command(account_id: int) -> None:
    """Have the platform call our hook (again), and read back whether it will."""
    with everything():
        found = _account(account_id)
        _report(found, subscribe(found))


@account_command.command("show")
@click.argument("account_id", type=int)
def show_command(account_id: int) -> None:
    """What is known of an account: hook address, health, custodians. Never a secret."""
    with everything():
        found = _account(account_id)
        [one] = [one for one in accounts_with_health() if one.account.pk == found.pk]
        rows: list[tuple[str, object]] = [
            ("account", f"{found.pk}, {found.platform} {found.address}"),
            ("agency", f"{found.agency.name}, {found.government.name}"),
            ("name", shown_name(found) if found.name else ""),
            ("link", found.link),
            ("state", found.state),
            ("hook", found.hook_url if PLATFORMS[found.platform].capabilities.hooks else "none"),
            ("settings", json.dumps(found.settings, ensure_ascii=False)),
            ("secrets", ", ".join(sorted(found.credentials or {}))),
            ("checked", _at(found, found.checked_at)),
            ("asked", _at(found, found.polled_at)),
            ("authorised until", _at(found, found.token_expires_at)),
            ("stopped", found.stopped),
            ("longest silence", f"{found.quiet_seconds // 3600} h" if found.quiet_seconds else ""),
            ("custodians", ", ".join(f"{keeper.name} ({keeper.user.username})" for keeper in one.custodians)),
        ]
        for name, value in rows:
            click.echo(f"{name + ':':18}{value or '-'}")
        for look in found.health.get("checks", ()):
            click.echo(f"  {'ok' if look['ok'] else 'WRONG':6}{look['code']}  {look['detail']}")
        for alarm in one.alarms:
            meaning = MEANINGS[alarm.kind]
            click.echo(f"  ALARM {meaning.title}, since {_at(found, alarm.began_at)}: {alarm.detail}")
            click.echo(f"        -> {meaning.mend}")


@account_command.command("rotate")
@click.argument("account_id", type=int)
@click.argument("name")
@click.option(
    "--days", type=click.IntRange(0, 90), default=7, show_default=True, help="So long the old one stays valid."
)
def rotate_command(account_id: int, name: str, days: int) -> None:
    """Put a new secret in force: asked for, or read from SALUR_SECRET_<NAME>. The old one stays valid for a while."""
    with everything():
        _account(account_id)
        secret = _secret(name)
        _try(lambda: rotate(account_id, name, secret, days=days))
        until = f"; the one before it stays valid for {days} days" if days else ""
        click.echo(f"account {account_id} has a new {name}{until}.")


@account_command.command("custodian")
@click.argument("account_id", type=int)
@click.argument("usernames", nargs=-1, required=True, metavar="USERNAME...")
def custodian_command(account_id: int, usernames: tuple[str, ...]) -> None:
    """Name the officers who answer for an account and are told when it fails: two, so that one may be away."""
    with everything():
        found = _account(account_id)
        members = [_member(name) for name in usernames]
        _try(lambda: set_custodians(found.pk, members))
        for one in members:
            told = (
                "by e-mail and at the desk" if one.user.email else "only at the desk: the sign-in has no e-mail address"
            )
            click.echo(f"{one.name} answers for account {found.pk} and is told {told}.")


@account_command.command("off")
@click.argument("account_id", type=int)
def off_command(account_id: int) -> None:
    """Put an account to rest: it keeps everything, and neither hears nor speaks."""
    _switch(account_id, Account.State.OFF)


@account_command.command("on")
@click.argument("account_id", type=int)
def on_command(account_id: int) -> None:
    """Put an account to work (again)."""
    _switch(account_id, Account.State.LIVE)


@account_command.command("resume")
@click.argument("account_id", type=int)
def resume_command(account_id: int) -> None:
    """Let an account send again that was stopped because the platform refused it."""
    with everything():
        resume(_account(account_id).pk)
        click.echo(f"account {account_id} may send again.")


def _switch(account_id: int, state: Account.State) -> None:
    with everything():
        switch(_account(account_id).pk, state)
        click.echo(f"account {account_id} is {state}.")


def _account(account_id: int) -> Account:
    found = account(account_id)
    if found is None:
        raise click.UsageError(f"there is no account {account_id}; see: salur account list")
    return found


def _member(username: str) -> Member:
    found = Member.objects.select_related("user").filter(user__username__iexact=username.strip()).first()
    if found is None:
        raise click.UsageError(f"no officer has the user name {username!r}")
    return found


def _try(step: Callable[[], None]) -> None:
    try:
        step()
    except CannotConnect as problem:
        raise click.UsageError(str(problem)) from problem


def _secret(name: str) -> str:
    """A credential from the environment, else asked for: never from the command line, which others can see."""
    return os.environ.get(f"SALUR_SECRET_{name.upper()}") or str(click.prompt(name, hide_input=True))


def _pair(text: str) -> tuple[str, object]:
    key, found, value = text.partition("=")
    if not found or not key:
        raise click.UsageError(f"--set takes KEY=VALUE, not {text!r}")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def _report(found: Account, health: Health) -> None:
    told = "works" if health.ok else health.detail
    click.echo(f"account {found.pk}, {found.platform} {found.address}: {told}")
    if not health.ok:
        sys.exit(1)
