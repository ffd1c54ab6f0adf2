"""A custodian sees and tries the account they look after, wherever it lies; nothing more, and nobody else does."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.world import Lampung

from salur.channels.alarm import open_alarm
from salur.channels.connect import connect, set_custodians
from salur.channels.models import Account
from salur.channels.platforms.telegram.adapter import TelegramPlatform
from salur.channels.ports import Check, Health
from salur.intake.heard import hear_of
from salur.intake.models import Delivery
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

from .conftest import SignIn

SECRETS = {"bot_token": "7000000704:rekaan-rekaan-rekaan-rekaan", "hook_secret": "kata-rahasia-kait"}


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    """The sentences are looked for as they stand in the program."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def account(lampung: Lampung) -> Account:
    with use(EVERYTHING):
        return connect(
            lampung.agency("bmbk"), "telegram", "lapor_bot", credentials=SECRETS, state=Account.State.NEW, name="Lapor"
        )


@pytest.fixture
def keeper(sign_in: SignIn, account: Account) -> Client:
    client = sign_in("operator", "dinkes", name="penjaga")
    with use(EVERYTHING):
        set_custodians(account.pk, [client.member])  # type: ignore[attr-defined]  # set by sign_in
    return client


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the platform, in order; it is in good order."""
    found: list[str] = []
    well = Health(True, name="Lapor", checks=(Check("token", True),))
    monkeypatch.setattr(TelegramPlatform, "probe", lambda self, view: found.append("probe") or well)
    monkeypatch.setattr(TelegramPlatform, "subscribe", lambda self, view: found.append("subscribe") or well)
    return found


def test_a_custodian_from_another_agency_sees_what_is_wrong_and_no_secret(keeper: Client, account: Account) -> None:
    with use(EVERYTHING):
        open_alarm(account, "down", "telegram cannot be reached (ConnectError)")
        received = clock.now()
        hear_of([Delivery(government_id=account.government_id, account=account, via="hook", received_at=received)])
    listed = keeper.get("/desk/channels/").content.decode()
    assert f"/desk/channels/{account.pk}/" in listed and "nothing yet" not in listed
    with CaptureQueriesContext(connection) as queries:
        page = keeper.get(f"/desk/channels/{account.pk}/").content.decode()
    assert len(queries) <= 12
    assert "The channel cannot be reached" in page and "Try the account now" in page
    assert keeper.member.name in page  # type: ignore[attr-defined]  # set by sign_in
    assert account.hook_key not in page and not any(secret in page for secret in SECRETS.values())
    for word in ("Change settings or secrets", "Put it to work", "A new secret", "Hook address", 'name="first"'):
        assert word not in page, word


def test_a_custodian_tries_the_account_and_has_nothing_subscribed(
    keeper: Client, account: Account, tried: list[str]
) -> None:
    place = f"/desk/channels/{account.pk}/"
    assert keeper.post(place + "do/try/")["Location"] == place
    assert set(tried) == {"probe"}
    test = keeper.get(place + "test/")
    assert test.context["test"]["well"] is True and "Now write something to the account" in test.content.decode()
    account.refresh_from_db()
    assert account.health["ok"] is True and account.state == "new"


def test_a_custodian_in_the_agency_of_the_account_tries_it_too(
    sign_in: SignIn, account: Account, tried: list[str]
) -> None:
    own = sign_in("operator", "bmbk")
    place = f"/desk/channels/{account.pk}/"
    assert "Try the account now" not in own.get(place).content.decode()
    assert own.post(place + "do/try/").status_code == 404 and tried == []
    with use(EVERYTHING):
        set_custodians(account.pk, [own.member])  # type: ignore[attr-defined]  # set by sign_in
    assert "Try the account now" in own.get(place).content.decode()
    assert own.post(place + "do/try/").status_code == 302 and tried == ["probe"]


def test_a_custodian_changes_nothing(keeper: Client, account: Account, tried: list[str]) -> None:
    place = f"/desk/channels/{account.pk}/"
    for act in ("subscribe", "live", "off", "resume", "delete"):
        assert keeper.post(place + f"do/{act}/", {"confirmed": "yes"}).status_code == 404, act
    assert keeper.get(place + "change/").status_code == 404
    for path in ("change/", "custodians/", "rotation/"):
        assert keeper.post(place + path, {"name": "hook_secret", "secret": "x", "days": "0"}).status_code == 404, path
    account.refresh_from_db()
    assert (account.state, account.credentials, tried) == ("new", SECRETS, [])


def test_nobody_else_sees_the_account_and_a_custodian_no_other_one(
    keeper: Client, sign_in: SignIn, account: Account, lampung: Lampung, tried: list[str]
) -> None:
    with use(EVERYTHING):
        other = connect(lampung.agency("bmbk"), "telegram", "bot_lain", credentials=SECRETS, name="Lain")
    strangers = [
        sign_in("operator", "dinkes"),
        sign_in("approver", "dishub"),
        sign_in("administrator", "diskominfo", "18.09"),
    ]
    for client, one in [(keeper, other), *((client, account) for client in strangers)]:
        place = f"/desk/channels/{one.pk}/"
        assert f'href="{place}"' not in client.get("/desk/channels/").content.decode()
        assert [client.get(place + path).status_code for path in ("", "test/", "do/try/")] == [404] * 3
        assert client.post(place + "do/try/").status_code == 404
    assert tried == []


def test_who_was_a_custodian_sees_the_account_no_longer(keeper: Client, account: Account) -> None:
    place = f"/desk/channels/{account.pk}/"
    assert keeper.get(place).status_code == 200
    with use(EVERYTHING):
        set_custodians(account.pk, [])
    assert keeper.get(place).status_code == 404


def test_an_operator_sees_the_channels_of_the_government_without_their_pages(sign_in: SignIn, lampung: Lampung) -> None:
    with use(EVERYTHING):
        agency, link = lampung.agency("diskominfotik"), "https://x.com/lampung"
        theirs = connect(
            agency, "x", "160", name="diskominfotiklpg", link=link, credentials={"access_token": "rahasia"}
        )
        open_alarm(theirs, "down")
    page = sign_in("operator", "bmbk").get("/desk/channels/").content.decode()
    assert "@diskominfotiklpg" in page and link in page and "desk-wrong" in page
    assert f"/desk/channels/{theirs.pk}/" not in page and "rahasia" not in page
    assert "@diskominfotiklpg" not in sign_in("operator", "diskominfo", "18.09").get("/desk/channels/").content.decode()
