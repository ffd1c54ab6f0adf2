"""The desk as officers use it: at two widths, by keyboard alone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener
from tests.browser.looks import WIDTHS, findings, overflow
from tests.world import PASSWORD, ROAD, VAGUE, Lampung, actor

from salur.cases.models import Case
from salur.channels.ports import Raw
from salur.intake.accept import accept
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch, Reply
from salur.publishing.replies import draft

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
NUMBER = re.compile(r"18-\d{4}-\w{4}-\w{4}")


def sign_in(visit: Opener, username: str, **how: object) -> Page:
    """A browser in which an officer has signed in by the form."""
    page = visit("/desk/", **how)
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/desk/")
    return page


def busy_case(lampung: Lampung) -> Case:
    """A case with a draft that waits and a sending that is in doubt."""
    author = lampung.officer("penulis", "operator")
    case = lampung.report("sibuk", title="Jalan provinsi berlubang", name="Contoh Warga")
    act(draft, case.pk, purpose="answer", text="Sudah ditambal.", actor=actor(author))
    with use(EVERYTHING):
        Dispatch.objects.filter(reply__case=case).update(state="uncertain", problem="putus saat mengirim")
    return case


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound_and_fits(visit: Opener, lampung: Lampung, width: int) -> None:
    case = busy_case(lampung)
    lampung.report("bingung", VAGUE)
    with use(EVERYTHING):
        bad = accept(lampung.account("counter"), Raw("rusak", b"{bukan json", "application/json"))
        reply = Reply.objects.get(case=case, purpose="answer")
    run_until_quiet()
    assert bad is not None
    one = f"/desk/cases/{case.number}/"
    walks = {
        "operator": (
            "bmbk",
            [
                "/desk/",
                "/desk/?box=closed",
                "/desk/?kind=complaint",
                one,
                f"{one}refer/",
                f"{one}horizon/",
                f"{one}evidence/",
                "/desk/register/",
                f"{one}draft/",
            ],
        ),
        "approver": ("bmbk", ["/desk/approvals/", f"/desk/replies/{reply.pk}/", one]),
        "coordinator": (
            "diskominfotik",
            [
                "/desk/?box=unassigned",
                "/desk/outbox/",
                "/desk/quarantine/",
                f"/desk/quarantine/{bad.pk}/",
                "/desk/counter/",
            ],
        ),
        "administrator": ("diskominfotik", ["/desk/members/"]),
    }
    for role, (agency, paths) in walks.items():
        lampung.officer(role, role, agency)
        page = sign_in(visit, role, width=width)
        for path in paths:
            page.goto(path)
            assert (path, findings(page), overflow(page)) == (path, [], 0)


def press_to(page: Page, selector: str) -> None:
    """Go to an element with the tab key alone; it has to show that it has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") != "0px", selector
            return
    raise AssertionError(f"{selector} cannot be reached with the tab key")


def test_an_answer_is_written_and_released_by_keyboard_alone(visit: Opener, lampung: Lampung) -> None:
    lampung.officer("operator", "operator")
    lampung.officer("penyetuju", "approver")
    case = lampung.report("papan-tombol")
    page = sign_in(visit, "operator")
    press_to(page, ".desk-row-link")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/cases/{case.number}/")
    press_to(page, "a[href$='/draft/']")
    page.keyboard.press("Enter")
    expect(page.locator("#act h2")).to_be_focused()
    press_to(page, "#id_text")
    page.keyboard.type("Sudah ditambal <b>kemarin</b>.")
    press_to(page, "#act button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("menunggu penyetuju")
    approver = sign_in(visit, "penyetuju")
    approver.goto("/desk/approvals/")
    press_to(approver, ".desk-row-link")
    approver.keyboard.press("Enter")
    expect(approver.get_by_text("Sudah ditambal <b>kemarin</b>.", exact=True)).to_be_visible()
    press_to(approver, "button[value=approve]")
    approver.keyboard.press("Enter")
    expect(approver.get_by_role("status")).to_contain_text("sepuluh detik lagi")
    run_until_quiet()
    with use(EVERYTHING):
        assert Case.objects.get(pk=case.pk).status == "answered"


def test_the_slip_of_the_counter_comes_by_itself(visit: Opener, lampung: Lampung) -> None:
    lampung.officer("loket", "operator", "diskominfotik")
    page = sign_in(visit, "loket", width=360)
    page.goto("/desk/counter/")
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.type(ROAD)
    page.get_by_role("button", name="Catat dan cetak tanda terima").click()
    expect(page.get_by_text("Nomor segera muncul")).to_be_visible()
    assert (findings(page), overflow(page)) == ([], 0)
    run_until_quiet()
    expect(page.locator(".desk-slip")).to_contain_text(NUMBER)
    assert (findings(page), overflow(page)) == ([], 0)


def test_the_desk_works_without_javascript(visit: Opener, lampung: Lampung) -> None:
    lampung.officer("koordinator", "coordinator", "diskominfotik")
    case = lampung.report("bingung", VAGUE)
    page = sign_in(visit, "koordinator", javascript=False)
    page.goto("/desk/?box=unassigned")
    page.locator(".desk-row-link").click()
    page.get_by_role("link", name="Disposisikan ke perangkat daerah").click()
    page.get_by_label("Disposisi kepada").select_option(label="Dinas Perhubungan")
    page.get_by_role("button", name="Disposisikan").click()
    expect(page.get_by_role("status")).to_contain_text("sudah didisposisikan")
    with use(EVERYTHING):
        assert Case.objects.select_related("agency").get(pk=case.pk).agency.code == "dishub"
