"""The portal as people use it: by eye and ear at two widths, by keyboard alone, without JavaScript."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener
from tests.browser.looks import WIDTHS, findings, overflow
from tests.world import ROAD, Lampung, actor

from salur.cases.handle import verify
from salur.cases.models import Case
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.publishing.replies import approve, draft
from salur.sop.horizon import set_horizon

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
NUMBER = re.compile(r"18-\d{4}-\w{4}-\w{4}")


def answered_case(lampung: Lampung) -> Case:
    operator, approver = lampung.officer("operator", "operator"), lampung.officer("penyetuju", "approver")
    case = lampung.report("dijawab", title="Jalan provinsi berlubang", location="Gading Rejo")
    act(verify, case.pk, actor=actor(operator))
    on = (clock.now() + timedelta(days=40)).date()
    act(
        set_horizon,
        case.pk,
        horizon="medium",
        reason="Perlu anggaran.",
        owner="Bidang",
        plan="rkpd",
        plan_reference="RKPD 2027",
        promised_on=on,
        review_on=on,
        milestones=[("Kontrak", on)],
        actor=actor(operator),
    )
    for purpose, text in (("progress", "Tim sudah meninjau lokasi."), ("answer", "Sudah ditambal pada hari Jumat.")):
        reply = act(draft, case.pk, purpose=purpose, text=text, actor=actor(operator))
        act(approve, reply.pk, actor=actor(approver))
        run_until_quiet()
    return case


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound_and_fits(visit: Opener, lampung: Lampung, width: int) -> None:
    case = answered_case(lampung)
    pages = ["/", "/lapor/", "/lacak/", "/lacak/123/", f"/lacak/{case.number}/", f"/lacak/{case.number}/selesai/"]
    pages += ["/akun/login/", "/akun/signup/", "/tidak-ada/"]
    page = visit("/", width=width)
    for path in pages:
        page.goto(path)
        assert (path, findings(page), overflow(page)) == (path, [], 0)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_form_with_mistakes_and_a_receipt_are_sound_and_fit(visit: Opener, width: int) -> None:
    page = visit("/lapor/", width=width)
    page.get_by_label("Apa yang ingin Anda sampaikan?").fill("jalan")
    page.get_by_label("Surel").fill("bukan alamat")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#errors")).to_be_focused()
    assert (findings(page), overflow(page)) == ([], 0)
    page.get_by_label("Apa yang ingin Anda sampaikan?").fill(ROAD)
    page.get_by_label("Surel").fill("")
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_url("**/lapor/terima/**")
    assert (findings(page), overflow(page)) == ([], 0)
    run_until_quiet()
    expect(page.get_by_text(NUMBER).first).to_be_visible()
    expect(page.get_by_role("button", name="Cetak")).to_be_visible()
    assert (findings(page), overflow(page)) == ([], 0)


def tab_to(page: Page, selector: str) -> None:
    """Press the tab key until the element has the focus, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            ring = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert ring != "0px", f"{selector} shows no focus"
            return
    raise AssertionError(f"{selector} cannot be reached with the tab key")


def test_filing_and_following_by_keyboard_alone(visit: Opener) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, ".salur-door-main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lapor/")
    tab_to(page, "#id_text")
    page.keyboard.type(ROAD)
    tab_to(page, "#id_location")
    page.keyboard.type("Gading Rejo")
    tab_to(page, "#id_government")
    with page.expect_response("**/perangkat-daerah/**"):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#id_agency option[value=pupr]")).to_be_attached()
    tab_to(page, "#id_anonymous")
    page.keyboard.press("Space")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lapor/terima/**")
    run_until_quiet()
    shown = page.locator(".salur-number-big")
    expect(shown).to_be_visible()
    number = shown.inner_text()
    assert number.startswith("1809-")
    tab_to(page, "nav a[href='/lacak/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lacak/")
    tab_to(page, "#id_number")
    page.keyboard.type(number.lower().replace("-", ""))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/lacak/{number}/")
    tab_to(page, "#id_text")
    page.keyboard.type("Sudah ada yang jatuh lagi.")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("sudah tersimpan")
    run_until_quiet()
    page.reload()
    expect(page.get_by_text("Sudah ada yang jatuh lagi.")).to_be_visible()


def test_filing_and_following_without_javascript(visit: Opener) -> None:
    page = visit("/lapor/", width=360, javascript=False)
    page.get_by_label("Apa yang ingin Anda sampaikan?").fill(ROAD)
    page.get_by_label("Ditujukan kepada pemerintah mana?").select_option("18.09")
    page.get_by_role("button", name="Tampilkan perangkat daerah").click()
    page.locator("#id_agency").select_option("pupr")
    page.locator("#id_attachments").set_input_files(
        {"name": "lubang.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(30)}
    )
    assert page.get_by_label("Apa yang ingin Anda sampaikan?").input_value() == ROAD
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("heading", name="Laporan Anda sedang dicatat")).to_be_visible()
    run_until_quiet()
    page.get_by_role("link", name="Lihat lagi").click()
    number = page.locator(".salur-number-big").inner_text()
    page.goto("/lacak/")
    page.get_by_label("Nomor laporan").fill(number)
    page.get_by_role("button", name="Tampilkan laporan").click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    page.get_by_role("link", name="Masalah saya selesai").click()
    page.get_by_role("button", name="Ya, tutup laporan").click()
    expect(page.get_by_role("status")).to_contain_text("Laporan ditutup")


def test_nothing_is_asked_of_other_hosts_and_nothing_fails(visit: Opener, lampung: Lampung) -> None:
    case = answered_case(lampung)
    page = visit("/")
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("response", lambda response: wrong.append(response.url) if response.status >= 400 else None)
    for path in ("/", "/lapor/", "/lacak/", f"/lacak/{case.number}/"):
        page.goto(path, wait_until="networkidle")
    origin = page.evaluate("location.origin")
    assert [url for url in asked if not url.startswith((origin, "data:"))] == [] and wrong == []
