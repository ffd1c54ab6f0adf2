"""`salur account` as an administrator uses it: nothing secret is shown, wrong use is told."""

from datetime import UTC, datetime

import pytest
from tests.channels.standin import Standin, standin
from tests.config.conftest import Salur
from tests.world import Lampung

from salur.channels.alarm import open_alarm
from salur.channels.connect import connect
from salur.channels.health import stop
from salur.channels.models import Account
from salur.channels.ports import Check, Health
from salur.channels.queries import shown_name
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["standin"]
ADD = ("account", "add", "--government", "18", "--agency", "bmbk", "--platform", "standin", "--address", "17")


@pytest.fixture
def account(salur: Salur, standin: Standin, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("SALUR_SECRET_ACCESS_TOKEN", "geheim-1")
    done = salur(*ADD, "--secret", "access_token", "--secret", "app_secret", "--set", "page=1", text="geheim-2\n")
    assert done.exit_code == 0, done.output
    assert "works" in done.stdout and "geheim" not in done.output
    return found()


def found() -> Account:
    with use(EVERYTHING):
        return Account.objects.get(platform="standin")


@pytest.fixture(autouse=True)
def known(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice of platforms was made when the command was loaded."""
    from salur.config.commands import account  # here because it reads the registry when it is loaded

    for param in account.add_command.params:
        if param.name == "platform":
            monkeypatch.setattr(param.type, "choices", [*param.type.choices, "standin"])  # type: ignore[attr-defined]  # a click.Choice


def test_secrets_come_from_the_environment_or_are_asked_for(account: Account) -> None:
    assert account.credentials == {"access_token": "geheim-1", "app_secret": "geheim-2"}
    assert account.settings == {"page": 1}


def test_what_is_not_given_stays(salur: Salur, account: Account) -> None:
    assert salur(*ADD, "--set", "size=2", "--name", "@bmbk").exit_code == 0
    assert salur(*ADD, "--set", "page=null").exit_code == 0
    again = found()
    assert (again.settings, again.name, again.hook_key) == ({"size": 2}, "@bmbk", account.hook_key)
    assert again.credentials == account.credentials
    done = salur(*ADD, "--link", "javascript:x")
    assert done.exit_code == 2 and "https://" in done.stderr


def test_show_tells_everything_but_secrets(salur: Salur, account: Account) -> None:
    with use(EVERYTHING):
        open_alarm(account, "subscription", "the platform does not call our app")
    told = salur("account", "show", account.pk).stdout
    assert account.hook_url in told and "access_token, app_secret" in told and "geheim" not in told
    assert "does not call our app" in told and "subscribe the account again" in told
    assert "subscription" in salur("account", "list", "--platform", "email").stdout + salur("account", "list").stdout


def test_a_secret_is_rotated_and_both_are_kept(salur: Salur, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALUR_SECRET_APP_SECRET", "geheim-3")
    done = salur("account", "rotate", account.pk, "app_secret")
    assert done.exit_code == 0 and "7 days" in done.stdout and "geheim" not in done.output
    kept = found().credentials
    assert (kept["app_secret"], kept["app_secret_previous"]) == ("geheim-3", "geheim-2")
    again = salur("account", "rotate", account.pk, "app_secret")
    assert again.exit_code == 2 and "already in force" in again.stderr and "geheim" not in again.output


def test_custodians_are_named_and_it_is_said_how_they_are_told(
    salur: Salur, lampung: Lampung, account: Account
) -> None:
    lampung.officer("sari", "operator")
    lampung.officer("tono", "approver")
    lampung.officer("jauh", "operator", "diskominfo", "18.09")
    assert salur("member", "email", "sari", "sari@lampung.test").exit_code == 0
    assert salur("member", "email", "sari", "bukan alamat").exit_code == 2
    told = salur("account", "custodian", account.pk, "sari", "tono").stdout
    assert "Sari answers for account" in told and "by e-mail" in told and "has no e-mail address" in told
    assert "Sari (sari), Tono (tono)" in salur("account", "show", account.pk).stdout
    assert salur("account", "custodian", account.pk, "jauh").exit_code == 2
    assert "nobody" in salur("account", "custodian", account.pk, "nobody").stderr


def test_an_account_is_put_to_rest_and_to_work_and_goes_on(salur: Salur, account: Account) -> None:
    assert salur("account", "off", account.pk).exit_code == 0
    assert found().state == "off" and "is off" in salur("account", "list").stdout
    assert salur("account", "on", account.pk).exit_code == 0
    assert found().state == "live"
    with use(EVERYTHING):
        stop(account.pk, "blocked")
    assert salur("account", "resume", account.pk).exit_code == 0
    assert found().stopped == ""


def test_subscribing_says_whether_the_platform_will_call(salur: Salur, standin: Standin, account: Account) -> None:
    assert salur("account", "subscribe", account.pk).exit_code == 0
    standin.health = Health(False, "no callback is set", checks=(Check("subscription", False),), subscribed=False)
    done = salur("account", "subscribe", account.pk)
    assert done.exit_code == 1 and "no callback is set" in done.stdout


@pytest.mark.parametrize(
    "arguments", [("check",), ("show",), ("off",), ("on",), ("resume",), ("subscribe",), ("rotate", "app_secret")]
)
def test_an_account_that_is_not_there_is_told(salur: Salur, arguments: tuple[str, ...]) -> None:
    verb, *rest = arguments
    done = salur("account", verb, 999999, *rest, text="x\n")
    assert done.exit_code == 2 and "there is no account 999999" in done.stderr


def test_the_list_has_a_header_and_holds_what_somebody_connected(salur: Salur, account: Account) -> None:
    with use(EVERYTHING):
        Account.objects.filter(pk=account.pk).update(checked_at=datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    head, *rows = salur("account", "list").stdout.splitlines()
    assert head.split() == ["ID", "GOV", "AGENCY", "PLATFORM", "CHECKED", "ADDRESS", "NAME", "HEALTH"]
    assert len(rows) == 1 and "standin" in rows[0] and "2026-11-24 15:30 WIB" in rows[0]
    whole = salur("account", "list", "--all").stdout
    assert " counter " in whole and " web " in whole
    assert " counter " in salur("account", "list", "--platform", "counter").stdout
    assert "15:30 WIB" in salur("account", "show", account.pk).stdout
    assert salur("account", "list", "--platform", "email").stdout == "no account on email is connected\n"


def test_a_user_name_on_x_has_its_sign(lampung: Lampung) -> None:
    with use(EVERYTHING):
        on_x = connect(lampung.agency("bmbk"), "x", "160", name="bmbk_lampung")
        titled = connect(lampung.agency("dinkes"), "x", "161", name="Dinas Kesehatan")
        elsewhere = connect(lampung.agency("bmbk"), "telegram", "bmbk_bot", name="bmbk_lampung")
    assert [shown_name(one) for one in (on_x, titled, elsewhere)] == [
        "@bmbk_lampung",
        "Dinas Kesehatan",
        "bmbk_lampung",
    ]
