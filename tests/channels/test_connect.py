"""Connecting and changing accounts: nothing is lost that nobody meant to lose."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.channels.standin import Standin, standin
from tests.world import Lampung

from salur.channels.connect import CannotConnect, connect, forget_old_secrets, rotate, switch
from salur.channels.hooks import secrets_of
from salur.channels.models import Account
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["standin"]
DAY = timedelta(days=1)


@pytest.fixture
def account(lampung: Lampung, standin: Standin) -> Account:
    with use(EVERYTHING):
        return connect(
            lampung.agency("bmbk"),
            "standin",
            "17",
            settings={"page": 1},
            credentials={"app_secret": "one", "user": "u"},
        )


def again(account: Account) -> Account:
    with use(EVERYTHING):
        return Account.objects.get(pk=account.pk)


def test_what_is_not_given_stays(lampung: Lampung, account: Account) -> None:
    key = account.hook_key
    with use(EVERYTHING):
        connect(lampung.agency("bmbk"), "standin", "17", name="@bmbk", link="https://medsos.example/bmbk")
        assert again(account).settings == {"page": 1}
        connect(lampung.agency("bmbk"), "standin", "17", settings={"page": 2})
        found = again(account)
        assert (found.settings, found.name, found.hook_key) == ({"page": 2}, "@bmbk", key)
        assert found.credentials == {"app_secret": "one", "user": "u"}
        connect(lampung.agency("bmbk"), "standin", "17", credentials={"app_secret": "two", "user": ""})
        assert again(account).credentials == {"app_secret": "two"}


def test_secrets_are_not_readable_in_the_table(account: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM channels_account WHERE id = %s", [account.pk])
        assert "app_secret" not in cursor.fetchone()[0]


def test_a_new_account_may_begin_silent_and_a_working_one_is_never_silenced(lampung: Lampung, standin: Standin) -> None:
    with use(EVERYTHING):
        begun = connect(lampung.agency("bmbk"), "standin", "18", state=Account.State.NEW)
        assert begun.state == "new"
        assert connect(lampung.agency("bmbk"), "standin", "18").state == "live"
        assert connect(lampung.agency("bmbk"), "standin", "18", state=Account.State.NEW).state == "live"
        switch(begun.pk, Account.State.OFF)
        assert connect(lampung.agency("bmbk"), "standin", "18", state=Account.State.NEW).state == "new"


def test_a_link_is_one_that_can_be_followed(lampung: Lampung, account: Account) -> None:
    with use(EVERYTHING), pytest.raises(CannotConnect):
        connect(lampung.agency("bmbk"), "standin", "17", link="javascript:alert(1)")
    with use(EVERYTHING), pytest.raises(LookupError):
        connect(lampung.agency("bmbk"), "telex", "17")


def test_old_and_new_secret_are_valid_together_for_a_while(account: Account) -> None:
    now = clock.now()
    with use(EVERYTHING), clock.turned_to(now):
        rotate(account.pk, "app_secret", "two", days=7)
        rotated = again(account).credentials
        assert secrets_of(rotated, "app_secret", (now + 6 * DAY).timestamp()) == (b"two", b"one")
        assert secrets_of(rotated, "app_secret", (now + 8 * DAY).timestamp()) == (b"two",)
        assert not forget_old_secrets(account.pk)
    with use(EVERYTHING), clock.turned_to(now + 8 * DAY):
        assert forget_old_secrets(account.pk)
        assert again(account).credentials == {"app_secret": "two", "user": "u"}


def test_a_leaked_secret_can_be_ended_at_once(account: Account) -> None:
    with use(EVERYTHING):
        rotate(account.pk, "app_secret", "two", days=7)
        rotate(account.pk, "app_secret", "three", days=0)
        assert again(account).credentials == {"app_secret": "three", "user": "u"}
        for name, secret in (("app_secret", "three"), ("app_secret", ""), ("app_secret_previous", "x")):
            with pytest.raises(CannotConnect):
                rotate(account.pk, name, secret)


@pytest.mark.django_db(transaction=True)
def test_whoever_keeps_a_copy_hears_of_every_change(lampung: Lampung, standin: Standin) -> None:
    listener = connection.copy()
    try:
        with listener.cursor() as cursor:
            cursor.execute("LISTEN salur_accounts")

        def heard() -> set[str]:
            assert listener.connection is not None
            return {one.payload for one in listener.connection.notifies(timeout=0.5)}

        with use(EVERYTHING):
            account = connect(lampung.agency("bmbk"), "standin", "17", credentials={"app_secret": "one"})
            assert heard() == {str(account.pk)}
            rotate(account.pk, "app_secret", "two")
            assert heard() == {str(account.pk)}
            switch(account.pk, Account.State.OFF)
            assert heard() == {str(account.pk)}
    finally:
        listener.close()
