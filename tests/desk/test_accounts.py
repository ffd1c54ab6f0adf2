"""Connecting an account on a page: what a platform needs, secrets that stay secret, a test that tells the truth."""

from typing import Any

import pytest
from django.test import Client
from tests.world import Lampung

from salur.channels.models import Account
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.ports import Check, Health, Raw
from salur.intake.accept import accept
from salur.kernel.tenancy import EVERYTHING, use

from .conftest import SignIn

FILLED = {
    "address": "lapor@bmbk.lampung.test",
    "imap_host": "mail.lampung.test",
    "imap_port": "993",
    "imap_security": "tls",
    "smtp_host": "mail.lampung.test",
    "smtp_port": "465",
    "smtp_security": "tls",
    "username": "lapor",
    "password": "kata-sandi-kotak",
    "from_name": "",
    "link": "",
}


@pytest.fixture
def administrator(sign_in: SignIn) -> Client:
    return sign_in("administrator", "diskominfotik")


def well(monkeypatch: pytest.MonkeyPatch, *checks: Check, ok: bool = True) -> None:
    found = Health(ok, "" if ok else "tanya penyedia", name="Lapor BMBK", checks=checks)
    monkeypatch.setattr(EmailPlatform, "probe", lambda self, account: found)


def fill(client: Client, lampung: Lampung, **change: str) -> Any:
    return client.post("/desk/channels/new/email/", {**FILLED, "agency": lampung.agency("bmbk").pk, **change})


def mailbox() -> Account:
    with use(EVERYTHING):
        return Account.objects.get(platform="email")


def test_every_platform_that_people_connect_is_offered_with_a_page_of_its_own(administrator: Client) -> None:
    from salur.channels.registry import PLATFORMS

    page = administrator.get("/desk/channels/new/").content.decode()
    for name, module in PLATFORMS.items():
        status = administrator.get(f"/desk/channels/new/{name}/").status_code
        assert (f'/desk/channels/new/{name}/"' in page, status) == (
            (True, 200) if module.guide.offered else (False, 404)
        ), name


def test_what_is_filled_in_becomes_an_account_at_rest(administrator: Client, lampung: Lampung) -> None:
    answer = fill(administrator, lampung)
    account = mailbox()
    assert answer["Location"] == f"/desk/channels/{account.pk}/"
    assert (account.state, account.agency.code, account.address) == ("new", "bmbk", "lapor@bmbk.lampung.test")
    assert account.settings == {key: FILLED[key] for key in FILLED if key[4:5] == "_" and FILLED[key]}
    assert account.credentials == {"username": "lapor", "password": "kata-sandi-kotak"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"address": "tanpa at"}, "address"),
        ({"imap_port": "banyak"}, "imap_port"),
        ({"imap_security": "rot13"}, "imap_security"),
        ({"password": ""}, "password"),
        ({"agency": "999999"}, "agency"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    administrator: Client, lampung: Lampung, change: dict[str, str], field: str
) -> None:
    answer = fill(administrator, lampung, **change)
    assert answer.status_code == 200 and field in answer.context["form"].errors
    with use(EVERYTHING):
        assert not Account.objects.filter(platform="email").exists()


def test_a_secret_is_never_shown_again_and_an_empty_one_stays(administrator: Client, lampung: Lampung) -> None:
    fill(administrator, lampung)
    place = f"/desk/channels/{mailbox().pk}"
    for page in (f"{place}/", f"{place}/change/", f"{place}/test/"):
        assert "kata-sandi-kotak" not in administrator.get(page).content.decode()
    changed = {**FILLED, "agency": lampung.agency("dinkes").pk, "password": "", "username": "", "from_name": "Dinas"}
    assert administrator.post(f"{place}/change/", changed).status_code == 302
    assert mailbox().credentials == {"username": "lapor", "password": "kata-sandi-kotak"}
    assert (mailbox().agency.code, mailbox().settings["from_name"]) == ("dinkes", "Dinas")


def test_the_address_of_an_account_cannot_be_changed_into_another_account(
    administrator: Client, lampung: Lampung
) -> None:
    fill(administrator, lampung)
    changed = {**FILLED, "agency": lampung.agency("bmbk").pk, "address": "lain@bmbk.lampung.test"}
    administrator.post(f"/desk/channels/{mailbox().pk}/change/", changed)
    assert mailbox().address == "lapor@bmbk.lampung.test"


def test_the_test_succeeds_only_with_all_in_order_and_something_heard(
    administrator: Client, lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(administrator, lampung)
    account, place = mailbox(), f"/desk/channels/{mailbox().pk}"

    def progress() -> dict[str, Any]:
        return dict(administrator.get(f"{place}/test/").context["test"])

    assert progress() == {}
    well(monkeypatch, Check("reach", False, "tidak terjangkau"), ok=False)
    administrator.post(f"{place}/do/try/")
    assert (progress()["well"], progress()["passed"]) == (False, False)
    assert "tidak terjangkau" in administrator.get(f"{place}/").content.decode()
    well(monkeypatch, Check("reach", True))
    administrator.post(f"{place}/do/try/")
    assert (progress()["well"], progress()["arrived"], progress()["passed"]) == (True, False, False)
    with use(EVERYTHING):
        accept(account, Raw("uji-1", b"From: a@b.test\r\n\r\nuji", "message/rfc822", via="poll"))
    assert progress()["passed"] is True
    assert mailbox().name == "Lapor BMBK"
    administrator.post(f"{place}/do/live/")
    assert mailbox().state == "live"


def test_what_was_heard_before_the_test_began_does_not_count(
    administrator: Client, lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(administrator, lampung)
    with use(EVERYTHING):
        accept(mailbox(), Raw("lama", b"From: a@b.test\r\n\r\nuji", "message/rfc822", via="poll"))
    well(monkeypatch)
    administrator.post(f"/desk/channels/{mailbox().pk}/do/try/")
    assert administrator.get(f"/desk/channels/{mailbox().pk}/test/").context["test"]["arrived"] is False


def test_an_account_is_put_to_rest_and_nothing_is_deleted(administrator: Client, lampung: Lampung) -> None:
    fill(administrator, lampung)
    administrator.post(f"/desk/channels/{mailbox().pk}/do/live/")
    administrator.post(f"/desk/channels/{mailbox().pk}/do/off/")
    assert (mailbox().state, mailbox().credentials["username"]) == ("off", "lapor")
    assert administrator.post(f"/desk/channels/{mailbox().pk}/do/delete/").status_code == 404
    assert administrator.get(f"/desk/channels/{mailbox().pk}/do/live/").status_code == 405


def test_custodians_are_officers_of_the_government(administrator: Client, lampung: Lampung) -> None:
    fill(administrator, lampung)
    place = f"/desk/channels/{mailbox().pk}/custodians/"
    one, two = lampung.officer("satu", "operator"), lampung.officer("dua", "approver")
    stranger = lampung.officer("tiga", "operator", "diskominfo", "18.09")
    administrator.post(place, {"first": one.pk, "second": two.pk})
    with use(EVERYTHING):
        assert set(mailbox().custodians.values_list("pk", flat=True)) == {one.pk, two.pk}
    administrator.post(place, {"first": stranger.pk, "second": ""})
    with use(EVERYTHING):
        assert set(mailbox().custodians.values_list("pk", flat=True)) == {one.pk, two.pk}


def test_a_new_secret_is_put_in_force_beside_the_old_one(administrator: Client, lampung: Lampung) -> None:
    fill(administrator, lampung)
    administrator.post(
        f"/desk/channels/{mailbox().pk}/rotation/", {"name": "password", "secret": "yang-baru", "days": "3"}
    )
    known = mailbox().credentials
    assert (known["password"], known["password_previous"]) == ("yang-baru", "kata-sandi-kotak")


def test_an_operator_sees_the_accounts_of_the_own_agency_and_changes_none(
    administrator: Client, sign_in: SignIn, lampung: Lampung
) -> None:
    fill(administrator, lampung)
    place = f"/desk/channels/{mailbox().pk}/"
    own, other, elsewhere = (
        sign_in("operator", "bmbk"),
        sign_in("operator", "dinkes"),
        sign_in("administrator", "diskominfo", "18.09"),
    )
    assert (own.get(place).status_code, other.get(place).status_code, elsewhere.get(place).status_code) == (
        200,
        404,
        404,
    )
    assert "lapor@bmbk" in own.get("/desk/channels/").content.decode()
    for client in (other, elsewhere):
        assert "lapor@bmbk" not in client.get("/desk/channels/").content.decode()
    for path in ("change/", "test/", "../new/", "../new/email/"):
        assert own.get(place + path).status_code == 404
    for path in ("do/off/", "do/try/", "custodians/", "rotation/"):
        assert own.post(place + path).status_code == 404
        assert elsewhere.post(place + path).status_code == 404
    assert mailbox().state == "new"
