"""Open pages of the desk follow what happens, and what an officer types in stays: under an ASGI server, as in use."""

import time

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener
from tests.browser.test_desk import sign_in
from tests.cases.test_thread import say
from tests.world import VAGUE, Lampung

from salur.desk import live

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def listening_pages(page: Page, number: int) -> None:
    """Wait until so many open pages are told of changes, and remember that this one was not loaded anew since."""
    until = time.monotonic() + 10
    while sum(len(hub.pages) for hub in live._HUBS.values()) < number:
        assert time.monotonic() < until, "the page does not listen"
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)
    page.evaluate("window.stayed = true")


def stayed(page: Page) -> bool:
    """Whether the page is still the one that was loaded at first."""
    return bool(page.evaluate("window.stayed === true"))


def test_a_case_that_is_opened_meanwhile_appears_in_the_open_queue(visit: Opener, lampung: Lampung) -> None:
    lampung.officer("operator", "operator")
    lampung.report("dulu", title="Jalan provinsi berlubang")
    page = sign_in(visit, "operator")
    rows = page.locator("#desk-rows tbody tr")
    expect(rows).to_have_count(1)
    listening_pages(page, 1)
    page.locator("#q").fill("sedang mengetik")
    case = lampung.report("baru", title="Jembatan di Natar putus")
    expect(rows).to_have_count(2, timeout=5_000)
    expect(page.get_by_role("link", name="Jembatan di Natar putus")).to_have_attribute(
        "href", f"/desk/cases/{case.number}/"
    )
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("sedang mengetik")
    assert stayed(page)
    lampung.report("lain", VAGUE)
    page.wait_for_timeout(1_000)
    expect(rows).to_have_count(2)


def test_a_new_message_appears_on_the_open_case_and_nothing_typed_is_lost(visit: Opener, lampung: Lampung) -> None:
    lampung.officer("operator", "operator")
    case = lampung.report("sibuk", title="Jalan provinsi berlubang")
    page = sign_in(visit, "operator")
    page.goto(f"/desk/cases/{case.number}/")
    page.locator("a[href$='/draft/']").first.click()
    listening_pages(page, 1)
    words = page.locator("#act textarea[name=text]")
    words.fill("Sudah kami jadwalkan ")
    words.press("End")
    say(lampung.account("web"), case, "lagi")
    expect(page.locator("#case-said")).to_contain_text("Masih rusak.", timeout=5_000)
    expect(words).to_be_focused()
    page.keyboard.type("untuk hari Jumat.")
    expect(words).to_have_value("Sudah kami jadwalkan untuk hari Jumat.")
    assert stayed(page)
    page.locator("#act button[type=submit]").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Laporan ini berubah sementara Anda menulis", timeout=5_000)
    expect(page.locator("textarea[name=text]")).to_have_value("Sudah kami jadwalkan untuk hari Jumat.")
