"""Connecting an account on a page: what a platform needs, secrets that stay secret, a test that tells the truth."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.world import Lampung

from salur.channels import queries
from salur.channels.alarm import close_alarm, open_alarm
from salur.channels.connect import connect, set_custodians
from salur.channels.models import Account
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.platforms.telegram.adapter import TelegramPlatform
from salur.channels.ports import Check, Health, Platform, Raw
from salur.channels.registry import PLATFORMS
from salur.desk.account_forms import inward
from salur.intake.accept import accept
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use

from .conftest import SignIn

META = ("facebook", "instagram", "threads", "whatsapp")
ASKED = "Now write something to the account from another one."
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


def well(monkeypatch: pytest.MonkeyPatch, *checks: Check, ok: bool = True, of: type[Platform] = EmailPlatform) -> None:
    found = Health(ok, "" if ok else "tanya penyedia", name="Lapor BMBK", checks=checks)
    monkeypatch.setattr(of, "probe", lambda self, account: found)
    monkeypatch.setattr(of, "subscribe", lambda self, account: found)


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    """The sentences are looked for as they stand in the program."""
    settings.LANGUAGE_CODE = "en"


def bot(lampung: Lampung, state: str = "new") -> Account:
    """A bot of the agency that is called by its platform."""
    secrets = {"bot_token": "7000000704:rekaan-rekaan-rekaan-rekaan", "hook_secret": "kata-rahasia-lama"}
    with use(EVERYTHING):
        agency = lampung.agency("bmbk")
        return connect(agency, "telegram", "lapor_bot", credentials=secrets, state=Account.State(state))


def fill(client: Client, lampung: Lampung, **change: str) -> Any:
    return client.post("/desk/channels/new/email/", {**FILLED, "agency": lampung.agency("bmbk").pk, **change})


def mailbox() -> Account:
    with use(EVERYTHING):
        return Account.objects.get(platform="email")


def test_every_platform_that_people_connect_is_offered_with_a_page_of_its_own(administrator: Client) -> None:
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
    administrator: Client,
    lampung: Lampung,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    account = bot(lampung)
    place = f"/desk/channels/{account.pk}"

    def progress() -> dict[str, Any]:
        return dict(administrator.get(f"{place}/test/").context["test"])

    assert progress() == {}
    well(monkeypatch, Check("reach", False, "tidak terjangkau"), ok=False, of=TelegramPlatform)
    administrator.post(f"{place}/do/try/")
    assert (progress()["well"], progress()["passed"]) == (False, False)
    page = administrator.get(f"{place}/").content.decode()
    assert "tidak terjangkau" in page and "The platform cannot be reached." in page and ASKED not in page
    well(monkeypatch, Check("reach", True), Check("subscription", False, "kein Haken"), of=TelegramPlatform)
    administrator.post(f"{place}/do/try/")
    assert progress()["well"] is False
    well(monkeypatch, Check("reach", True), of=TelegramPlatform)
    administrator.post(f"{place}/do/try/")
    assert (progress()["well"], progress()["arrived"], progress()["passed"]) == (True, False, False)
    assert ASKED in administrator.get(f"{place}/").content.decode()
    with use(EVERYTHING):
        accept(account, Raw("uji-1", b"{}", "application/json", via="hook"))
    with django_capture_on_commit_callbacks(execute=True):
        run_until_quiet()
    assert progress()["passed"] is True
    account.refresh_from_db()
    assert account.name == "Lapor BMBK"
    administrator.post(f"{place}/do/live/")
    account.refresh_from_db()
    assert account.state == "live"


def test_what_was_heard_before_the_test_began_does_not_count(
    administrator: Client,
    lampung: Lampung,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    fill(administrator, lampung)
    with use(EVERYTHING):
        accept(mailbox(), Raw("lama", b"From: a@b.test\r\n\r\nuji", "message/rfc822", via="poll"))
    with django_capture_on_commit_callbacks(execute=True) as heard:
        run_until_quiet()
    assert heard
    well(monkeypatch)
    administrator.post(f"/desk/channels/{mailbox().pk}/do/try/")
    assert administrator.get(f"/desk/channels/{mailbox().pk}/test/").context["test"]["arrived"] is False


def test_no_message_is_waited_for_where_the_platform_is_only_asked_once_at_work(
    administrator: Client, lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(administrator, lampung)
    well(monkeypatch, Check("reach", True))
    place = f"/desk/channels/{mailbox().pk}/"
    administrator.post(place + "do/try/")
    page = administrator.get(place)
    assert page.context["test"]["passed"] is True and ASKED not in page.content.decode()
    assert "which begins once the account is at work" in page.content.decode()


def test_where_nothing_was_reached_that_is_said_and_the_token_is_not_called_in_order(
    administrator: Client, lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"/desk/channels/{bot(lampung).pk}/"
    found = Health(False, "telegram cannot be reached (ConnectError)", checks=(Check("token", True, "telegram down"),))
    monkeypatch.setattr(TelegramPlatform, "probe", lambda self, account: found)
    administrator.post(place + "do/try/")
    answer = administrator.get(place + "test/")
    assert [(one["code"], one["ok"]) for one in answer.context["test"]["checks"]] == [("reach", False)]
    page = answer.content.decode()
    assert "The platform cannot be reached." in page and "telegram cannot be reached (ConnectError)" in page
    assert "Token" not in page and ASKED not in page


def test_an_account_is_put_to_work_without_a_test_only_by_a_second_press(
    administrator: Client, lampung: Lampung
) -> None:
    fill(administrator, lampung)
    place = f"/desk/channels/{mailbox().pk}/"
    answer = administrator.post(place + "do/live/")
    assert (answer["Location"], mailbox().state) == (place + "?confirm=live", "new")
    assert "Put it to work all the same" in administrator.get(answer["Location"]).content.decode()
    assert "Put it to work all the same" not in administrator.get(place).content.decode()
    administrator.post(place + "do/live/", {"confirmed": "yes"})
    assert mailbox().state == "live"


def test_an_account_is_put_to_rest_and_nothing_is_deleted(administrator: Client, lampung: Lampung) -> None:
    fill(administrator, lampung)
    administrator.post(f"/desk/channels/{mailbox().pk}/do/live/", {"confirmed": "yes"})
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


def test_the_same_officer_is_no_second_custodian(administrator: Client, lampung: Lampung) -> None:
    fill(administrator, lampung)
    one = lampung.officer("satu", "operator")
    answer = administrator.post(f"/desk/channels/{mailbox().pk}/custodians/", {"first": one.pk, "second": one.pk})
    assert answer.status_code == 200 and "second" in answer.context["custodians_form"].errors
    assert "is the first custodian already" in answer.content.decode()
    with use(EVERYTHING):
        assert not mailbox().custodians.exists()


def test_a_new_secret_is_put_in_force_beside_the_old_one_and_tried(
    administrator: Client, lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = bot(lampung)
    well(monkeypatch, Check("token", True), of=TelegramPlatform)
    new = {"name": "hook_secret", "secret": "kata-rahasia-baru", "days": "3"}
    page = administrator.post(f"/desk/channels/{account.pk}/rotation/", new, follow=True).content.decode()
    account.refresh_from_db()
    known = account.credentials
    assert (known["hook_secret"], known["hook_secret_previous"]) == ("kata-rahasia-baru", "kata-rahasia-lama")
    assert "The new secret is in force" in page and "It was tried at once: in order." in page


def test_what_we_show_to_the_platform_is_changed_under_settings_and_tried_at_once(
    administrator: Client, lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = bot(lampung)
    place = f"/desk/channels/{account.pk}"
    offered = administrator.get(f"{place}/").context["rotate_form"].fields["name"].choices
    assert [name for name, _ in offered] == ["hook_secret"]
    administrator.post(f"{place}/rotation/", {"name": "bot_token", "secret": "1:x", "days": "3"})
    well(monkeypatch, Check("token", False, "the platform no longer accepts our token"), ok=False, of=TelegramPlatform)
    changed = {"agency": account.agency_id, "address": "lapor_bot", "bot_token": "7000000705:" + "b" * 30}
    page = administrator.post(f"{place}/change/", {**changed, "mode": "hook", "link": ""}, follow=True)
    account.refresh_from_db()
    known = account.credentials
    assert known["bot_token"] == changed["bot_token"] and "bot_token_previous" not in known
    assert "not in order yet. The platform does not accept the token" in page.content.decode()


def test_every_secret_that_may_stay_beside_a_new_one_is_offered_and_no_other() -> None:
    """What a platform's module looks up as `secrets_of` is what the page offers."""
    source = Path(queries.__file__).parent / "platforms"
    for name, module in PLATFORMS.items():
        offered = {entry.name for entry in inward(name, module.guide)}
        folders = [source / name] + ([source / "meta"] if name in META else [])
        text = "".join(file.read_text() for folder in folders for file in folder.glob("*.py"))
        looked_up = set(re.findall(r'secrets_of\([\w.]+, "(\w+)"', text))
        if name in META:
            looked_up |= {"app_secret"} | ({"instagram_app_secret"} if name == "instagram" else set())
        if name == "open311":  # its requests are served by the interface of that name
            looked_up = {"api_key"}
        assert offered == looked_up, name


def test_the_badge_speaks_of_what_is_wrong_now_and_not_of_what_was(administrator: Client, lampung: Lampung) -> None:
    account = bot(lampung, "live")
    place = f"/desk/channels/{account.pk}/"
    with use(EVERYTHING):
        open_alarm(account, "down", "telegram cannot be reached (ConnectError)")
    assert "desk-wrong" in administrator.get(place).content.decode()
    with use(EVERYTHING):
        close_alarm(account, "down")
    page = administrator.get(place).content.decode()
    assert "desk-wrong" not in page and "desk-well" in page and "The channel cannot be reached" in page


def test_every_page_tells_a_custodian_and_who_connects_of_disturbed_channels(
    sign_in: SignIn, administrator: Client, lampung: Lampung
) -> None:
    account = bot(lampung, "live")
    keeper, other = sign_in("operator", "dinkes"), sign_in("operator", "bmbk")
    neighbour = sign_in("administrator", "diskominfo", "18.09")
    with use(EVERYTHING):
        set_custodians(account.pk, [keeper.member])  # type: ignore[attr-defined]  # set by sign_in
        open_alarm(account, "down")
        open_alarm(account, "subscription")

    def told(client: Client) -> bool:
        return "1 channel is disturbed" in client.get("/desk/register/").content.decode()

    assert [told(one) for one in (keeper, administrator)] == [True, True]
    assert [told(one) for one in (other, neighbour)] == [False, False]
    with use(EVERYTHING):
        close_alarm(account, "down")
        close_alarm(account, "subscription")
    assert [told(one) for one in (keeper, administrator)] == [False, False]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("http://127.0.0.1:8001/telegram", "http://127.0.0.1:8001/telegram"),
        ("https://uji.lampung.test/", "https://uji.lampung.test"),
        ("http://uji.lampung.test", None),
        ("http://127.0.0.1.lampung.test", None),
        ("https://a:b@uji.lampung.test", None),
        ("ftp://127.0.0.1", None),
        ("https://[", None),
    ],
)
def test_a_test_server_is_named_under_advanced(
    administrator: Client, lampung: Lampung, value: str, kept: str | None
) -> None:
    filled = {"agency": lampung.agency("bmbk").pk, "address": "lapor_bot", "bot_token": "7000000704:" + "a" * 30}
    answer = administrator.post(
        "/desk/channels/new/telegram/", {**filled, "mode": "hook", "link": "", "api_base": value}
    )
    with use(EVERYTHING):
        found = Account.objects.filter(platform="telegram").first()
    if kept is None:
        assert found is None and "api_base" in answer.context["form"].errors
    else:
        assert found is not None and found.settings["api_base"] == kept
    assert "api_base" not in administrator.get("/desk/channels/new/email/").content.decode()


def test_every_control_of_a_guide_wears_the_clothes_of_the_kit(administrator: Client) -> None:
    for name, module in PLATFORMS.items():
        if module.guide.offered:
            for field in administrator.get(f"/desk/channels/new/{name}/").context["form"].fields.values():
                assert field.widget.attrs["class"] in ("form-control", "form-select"), name


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
    for path in ("change/", "../new/", "../new/email/"):
        assert own.get(place + path).status_code == 404
    for path in ("do/off/", "do/try/", "custodians/", "rotation/"):
        assert own.post(place + path).status_code == 404
        assert elsewhere.post(place + path).status_code == 404
    assert mailbox().state == "new"
