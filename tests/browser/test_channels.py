"""The channels as officers and citizens see them: at two widths, by keyboard alone, and nothing to be dragged."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener
from tests.browser.looks import WIDTHS, findings, overflow
from tests.browser.reach import out_of_reach
from tests.browser.test_desk import press_to, sign_in
from tests.world import Lampung

from salur.channels.alarm import open_alarm
from salur.channels.connect import connect, set_custodians
from salur.channels.models import Account
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.ports import Check, Health, Raw
from salur.channels.registry import PLATFORMS
from salur.intake.accept import accept
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OFFERED = sorted(name for name, one in PLATFORMS.items() if one.guide.offered)


def sound(page: Page, path: str) -> None:
    """The page is there, fits, is clean, and all of it can be reached with the tab key."""
    answer = page.goto(path)
    assert answer is not None and answer.status == 200, path
    assert (path, findings(page), overflow(page), out_of_reach(page)) == (path, [], 0, [])


def disturbed(lampung: Lampung) -> Account:
    """An account with everything that can stand on its page: a long address, alarms, custodians, a long problem."""
    person = lampung.officer("kustodian", "operator", "diskominfotik")
    with use(EVERYTHING):
        account = connect(
            lampung.agency("diskominfotik"),
            "whatsapp",
            "102030405060703",
            name="Dinas Komunikasi, Informatika dan Statistik Provinsi Lampung",
            link="https://medsos.example/dinas-komunikasi-informatika-dan-statistik-provinsi-lampung",
            credentials={"access_token": "RAHASIA-0123456789", "app_secret": "RAHASIA-app-0123456789"},
        )
        set_custodians(account.pk, [person])
        open_alarm(account, "token", "401 OAuthException code=190 subcode=463 fbtrace_id=AbCdEfGhIjKlMnOpQrStUvWxYz")
        open_alarm(account, "down", "The platform cannot be reached: " + "x" * 120)
        Account.objects.filter(pk=account.pk).update(
            stopped="190: Error validating access token: the session has expired",
            problem="401_OAuthException_" + "y" * 90,
            checked_at=clock.now(),
            token_expires_at=clock.now() + timedelta(days=3),
        )
    return account


def mailbox(lampung: Lampung) -> Account:
    """An account in good order that brought one delivery that is understood and one that is not."""
    with use(EVERYTHING):
        settings = {"imap_host": "mail.lampung.test", "smtp_host": "mail.lampung.test"}
        account = connect(lampung.agency("bmbk"), "email", "lapor@bmbk.lampung.test", settings=settings)
        mail = b"From: Siti <siti@warga.test>\r\nTo: lapor@bmbk.lampung.test\r\nMessage-ID: <m1@warga.test>\r\n"
        accept(account, Raw("m1@warga.test", mail + b"\r\nJalan provinsi berlubang.\r\n", "message/rfc822"))
        accept(lampung.account("counter"), Raw("rusak", b"{bukan json", "application/json"))
    run_until_quiet()
    return account


@pytest.mark.parametrize("width", WIDTHS)
def test_the_accounts_of_the_desk_are_sound_and_fit(visit: Opener, lampung: Lampung, width: int) -> None:
    wrong, well = disturbed(lampung), mailbox(lampung)
    lampung.officer("ratna", "administrator", "diskominfotik")
    page = sign_in(visit, "ratna", width=width)
    for path in ("/desk/channels/", "/desk/channels/new/", "/desk/deliveries/", "/desk/deliveries/?days=30"):
        sound(page, path)
    for account in (wrong, well):
        sound(page, f"/desk/channels/{account.pk}/")
        sound(page, f"/desk/channels/{account.pk}/change/")
    lampung.officer("budi", "operator")
    reader = sign_in(visit, "budi", width=width)
    sound(reader, "/desk/channels/")
    sound(reader, f"/desk/channels/{well.pk}/")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_guided_form_of_every_platform_is_sound_and_fits(visit: Opener, lampung: Lampung, width: int) -> None:
    lampung.officer("ratna", "administrator", "diskominfotik")
    page = sign_in(visit, "ratna", width=width)
    for name in OFFERED:
        sound(page, f"/desk/channels/new/{name}/")
    page.goto("/desk/channels/new/email/")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#errors")).to_be_focused()
    assert (findings(page), overflow(page)) == ([], 0)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_public_page_of_channels_is_sound_and_fits(visit: Opener, lampung: Lampung, width: int) -> None:
    page = visit("/kanal/", width=width)
    sound(page, "/kanal/")
    disturbed(lampung)
    mailbox(lampung)
    for path in ("/kanal/", "/kanal/?government=18", "/kanal/?government=18.09"):
        sound(page, path)


def test_an_account_is_connected_tried_and_put_to_work_by_keyboard_alone(
    visit: Opener, lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = (Check("reach", True), Check("token", True))
    monkeypatch.setattr(EmailPlatform, "probe", lambda self, account: Health(True, name="Lapor BMBK", checks=checks))
    lampung.officer("ratna", "administrator", "diskominfotik")
    page = sign_in(visit, "ratna")
    page.goto("/desk/channels/")
    for path in ("/desk/channels/new/", "/desk/channels/new/email/"):
        press_to(page, f"a[href='{path}']")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{path}")
    typed = {"address": "lapor@bmbk.lampung.test", "imap_host": "mail.lampung.test", "smtp_host": "mail.lampung.test"}
    typed |= {"username": "lapor", "password": "kata-sandi-kotak"}
    for name in page.locator("main form [name]").evaluate_all("all => all.map(one => one.name)"):
        if name in typed:
            press_to(page, f"[name={name}]")
            page.keyboard.type(typed[name])
    press_to(page, "main form button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with use(EVERYTHING):
        account = Account.objects.get(platform="email")
    assert page.url.endswith(f"/desk/channels/{account.pk}/")
    assert (account.state, account.address) == ("new", typed["address"])
    for act, state in (("try", "new"), ("live", "live")):
        press_to(page, f"form[action$='/{account.pk}/do/{act}/'] button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator("main h1")).to_contain_text("Lapor BMBK")
        with use(EVERYTHING):
            account.refresh_from_db()
        assert account.state == state
    assert "kata-sandi-kotak" not in page.content()
