"""The pages about SOPs as officers use them: at two widths, by keyboard, without JavaScript, in both languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import polib
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener
from tests.browser.looks import WIDTHS, findings, overflow
from tests.browser.test_desk import press_to, sign_in
from tests.world import Lampung, actor

import salur
from salur.agencies.models import Member
from salur.desk.sop_editor.labels import PAGES
from salur.insight.lab import runs
from salur.insight.models import LabRun
from salur.journey.act import act
from salur.journey.worker import sweep
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import drafts, recount, review
from salur.sop.document.load import STANDARD, load
from salur.sop.document.write import set_value
from salur.sop.models import SopDraft
from salur.sop.sign import adopt_text
from salur.sop.versions import in_force

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

FOLLOW_UP = 2
"""The place of the duty to formulate the follow-up among the duties of the standard SOP."""


@dataclass(frozen=True)
class Office:
    """A government with an old and a current version, a draft of the next, and everything that is told about them."""

    old: int
    new: int
    sop: int
    draft: int
    sha256: str
    writer: Member
    reviewer: Member

    @property
    def edit(self) -> str:
        """The address of the editor."""
        return f"/desk/sop/drafts/{self.draft}/edit/"


@pytest.fixture
def office(lampung: Lampung) -> Office:
    """Two versions, the second in force from today, and a draft with one limit changed."""
    writer = lampung.officer("ratna", "coordinator", "diskominfotik")
    reviewer = lampung.officer("budi", "approver")
    lampung.officer("opi", "operator")
    lampung.officer("citra", "leader", government_wide=True)
    lampung.officer("dewi", "leader", "diskominfotik", position="regional_secretary", government_wide=True)
    today = clock.today("Asia/Jakarta")
    old = in_force(lampung.province)
    text = set_value(STANDARD.read_text(encoding="utf-8"), ("version",), 2)
    text = set_value(text, ("dates", "effective"), str(today))
    with use(EVERYTHING):
        new = adopt_text(lampung.province, text, signed_by="Sekda Contoh", actor=ledger.SYSTEM)
    draft = act(drafts.begin, lampung.province.pk, "case_handling", actor=actor(writer))
    text = set_value(draft.text, ("dates", "effective"), str(today + timedelta(days=30)))
    text = text.replace("14 working_days", "10 working_days", 1)
    act(drafts.save, draft.pk, base_revision=1, text=text, what="", actor=actor(writer))
    return Office(old.pk, new.pk, new.sop_id, draft.pk, new.sha256, writer, reviewer)


def told(lampung: Lampung, office: Office, language: str = "id") -> list[int]:
    """A late report that was escalated, both kinds of questions to the lab, and a recount; the runs of the lab."""
    with clock.turned_to(clock.now() - timedelta(days=60)):
        lampung.report("lama")
    sweep()
    today = clock.today("Asia/Jakarta")
    with use(EVERYTHING):
        text = SopDraft.objects.get(pk=office.draft).text
    for tried in ("", text):
        act(
            runs.ask,
            lampung.province,
            since=today - timedelta(days=90),
            until=today,
            actor=actor(office.writer),
            language=language,
            text=tried,
            label="Rancangan contoh",
        )
        runs.answer_next()
    act(recount.ask, lampung.province.pk, "Kalender contoh", actor(office.writer))
    recount.take_some()
    with use(EVERYTHING):
        return list(LabRun.objects.order_by("pk").values_list("pk", flat=True))


def readable(office: Office) -> list[str]:
    """The pages that only show."""
    return [
        "/desk/sop/",
        f"/desk/sop/versions/{office.old}/",
        f"/desk/sop/compare/?old=v{office.new}&new=d{office.draft}",
        f"/desk/sop/{office.sop}/history/",
        f"/desk/sop/{office.sop}/parent/",
        f"/desk/sop/{office.sop}/draft/",
    ]


def sound(page: Page, path: str) -> None:
    """A page as everybody has to be able to use it, with all that is folded in it open."""
    answer = page.goto(path)
    assert answer is not None and answer.ok, path
    page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
    assert (path, findings(page), overflow(page)) == (path, [], 0)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound_and_fits(visit: Opener, lampung: Lampung, office: Office, width: int) -> None:
    asked = told(lampung, office)
    page = sign_in(visit, "ratna", width=width)
    paths = [*readable(office), f"/desk/sop/versions/{office.old}/move/{office.new}/"]
    paths += [f"{office.edit}{part}/" for part in PAGES]
    paths += ["/desk/lab/", *(f"/desk/lab/{run}/" for run in asked)]
    paths += ["/desk/escalations/", "/desk/register/", "/desk/calendar/"]
    for path in paths:
        sound(page, path)
    page.goto("/desk/calendar/")
    page.locator("#recount-list a").first.click()
    page.wait_for_load_state()
    assert (findings(page), overflow(page)) == ([], 0)
    stranger = visit("/sop/", width=width)
    for path in ("/sop/", f"/sop/{office.sha256}/"):
        sound(stranger, path)
    stranger.goto(f"/sop/{'0' * 64}/")
    assert (findings(stranger), overflow(stranger)) == ([], 0)


@pytest.mark.parametrize("width", WIDTHS)
def test_review_and_signature_are_sound_and_fit(visit: Opener, office: Office, width: int) -> None:
    path = f"/desk/sop/{office.sop}/draft/"
    act(review.submit, office.draft, revision=2, actor=actor(office.writer))
    page = sign_in(visit, "budi", width=width)
    sound(page, path)
    expect(page.locator("button[value=approve]")).to_be_visible()
    act(review.approve_review, office.draft, revision=2, actor=actor(office.reviewer))
    leader = sign_in(visit, "citra", width=width)
    sound(leader, path)
    leader.get_by_role("link", name="Tanda tangani").click()
    expect(leader.locator("#sign")).to_be_in_viewport()
    leader.get_by_role("button", name="Tanda tangani").click()
    expect(leader.get_by_role("status")).to_contain_text("berlaku mulai")


@pytest.mark.parametrize("role", ["coordinator", "administrator", "approver", "leader", "operator"])
def test_the_menu_stays_on_one_line(visit: Opener, lampung: Lampung, role: str) -> None:
    lampung.officer("nama-petugas-yang-panjang", role, "diskominfotik")
    page = sign_in(visit, "nama-petugas-yang-panjang", width=1280)
    for language in ("id", "en"):
        with page.expect_navigation():
            page.locator(f"button[name=language][value={language}]").click()
        tops = page.locator("header .salur-nav > li").evaluate_all("all => all.map(one => one.offsetTop)")
        assert len(set(tops)) == 1 and len(tops) <= 7
        assert page.locator("header").evaluate("header => header.offsetHeight") < 80


def test_what_stands_behind_more_is_reached_on_a_telephone_without_javascript(visit: Opener, office: Office) -> None:
    page = sign_in(visit, "ratna", width=360, javascript=False)
    more = page.locator(".desk-more")
    expect(more.get_by_role("link", name="Kalender")).to_be_hidden()
    more.locator("summary").click()
    expect(more.get_by_role("link", name="Kalender")).to_be_in_viewport()
    more.get_by_role("link", name="Lab SOP").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lab SOP")


def test_a_limit_is_changed_and_saved_by_keyboard_alone(visit: Opener, office: Office) -> None:
    page = sign_in(visit, "ratna")
    page.goto(f"{office.edit}limits/")
    press_to(page, f"#f-obligations-{FOLLOW_UP} > summary")
    page.keyboard.press("Enter")
    amount = f"#f-obligations-{FOLLOW_UP}-within-amount"
    press_to(page, amount)
    # What has the focus comes into sight above the line with the button, which stays at the foot of the window.
    page.wait_for_function(
        "() => document.activeElement.getBoundingClientRect().bottom"
        " <= document.querySelector('.sop-save').getBoundingClientRect().top"
    )
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    press_to(page, ".sop-save button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Tersimpan")).to_be_visible()
    assert str(saved(office).obligations[FOLLOW_UP].within) == "3 working_days"


def saved(office: Office) -> Any:
    """The draft's document as it is stored."""
    with use(EVERYTHING):
        return load(SopDraft.objects.get(pk=office.draft).text)


def test_rows_are_added_removed_and_saved_without_javascript(visit: Opener, office: Office) -> None:
    page = sign_in(visit, "ratna", javascript=False)
    page.goto(f"{office.edit}actors/")
    before = page.locator("#f-actors > .sop-item").count()
    page.locator("#f-actors-0 > summary").click()
    page.locator("#f-actors-0-name-id").fill("Pelaksana yang baru diberi nama")
    page.get_by_role("button", name="Tambah Pelaksana").click()
    new = page.locator(f"#f-actors-{before}")
    expect(new).to_have_attribute("open", "")
    expect(new).to_be_in_viewport()
    assert page.locator("#f-actors-0-name-id").input_value() == "Pelaksana yang baru diberi nama"
    new.get_by_role("button", name="Hapus").click()
    expect(page.locator("#f-actors > .sop-item")).to_have_count(before)
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Tersimpan")).to_be_visible()
    assert "Pelaksana yang baru diberi nama" in [one.name.id for one in saved(office).actors.values()]


def test_a_mistake_is_found_again_without_javascript(visit: Opener, office: Office) -> None:
    page = sign_in(visit, "ratna", javascript=False)
    page.goto(f"{office.edit}limits/")
    item = page.locator(f"#f-obligations-{FOLLOW_UP}")
    item.locator("> summary").click()
    page.locator(f"#f-obligations-{FOLLOW_UP}-within-amount").fill("-3")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator(f"#f-obligations-{FOLLOW_UP}-within-amount")).to_have_value("-3")
    expect(item).to_have_attribute("open", "")
    expect(page.locator(f"#f-obligations-{FOLLOW_UP - 1}")).not_to_have_attribute("open", "")
    summary = page.locator("form .salur-summary")
    summary.get_by_role("link").click()
    expect(item.locator(".sop-error")).to_be_in_viewport()
    expect(item.locator(".sop-error")).to_contain_text("-3 hari kerja")
    assert str(saved(office).obligations[FOLLOW_UP].within) == "5 working_days"


PAINTED = """image => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const {data} = pen.getImageData(0, 0, canvas.width, canvas.height);
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 128 && data[at] < 128) dark += 1;
    return dark;
}"""


def test_check_and_chart_follow_what_is_typed(visit: Opener, office: Office) -> None:
    page = sign_in(visit, "ratna")
    page.goto(f"{office.edit}limits/")
    chart = page.locator("#sop-live .sop-chart").first
    assert chart.evaluate(PAINTED) > 2000
    drawn = chart.get_attribute("src")
    page.evaluate("window.stayed = true")
    verdict = page.locator("#sop-verdict")
    expect(verdict).to_be_in_viewport()
    expect(verdict).to_contain_text("Tidak ada kesalahan")
    page.locator(f"#f-obligations-{FOLLOW_UP} > summary").click()
    amount = page.locator(f"#f-obligations-{FOLLOW_UP}-within-amount")
    amount.fill("-3")
    expect(verdict).to_contain_text("1 kesalahan")
    expect(verdict).to_be_in_viewport()
    finding = page.locator("#sop-live li a").first
    expect(finding).to_contain_text("Kewajiban 3, Batas")
    amount.fill("4")
    expect(verdict).to_contain_text("Tidak ada kesalahan")
    expect(chart).not_to_have_attribute("src", drawn or "")
    assert chart.evaluate(PAINTED) > 2000
    assert page.evaluate("window.stayed") is True
    assert str(saved(office).obligations[FOLLOW_UP].within) == "5 working_days"


def catalogues() -> Iterator[polib.POEntry]:
    """Every text of the screens with its translation."""
    for path in sorted(Path(salur.__file__).parent.glob("*/locale/id/LC_MESSAGES/django.po")):
        yield from polib.pofile(str(path))


def said(entries: list[tuple[str, str]], own: str) -> tuple[set[str], set[str]]:
    """Texts of one language that the other does not have: whole ones, and long pieces of those with places in them.

    Words that the document itself has (`own`) say nothing about the language of the screen.
    """
    other = {there for _, there in entries}
    only = {here for here, there in entries if here != there and here not in other and here not in own}
    pieces = {part.strip() for here in only for part in re.split(r"%\(\w+\)s|%%", here)}
    return only, {part for part in pieces if len(part) > 18 and " " in part and part not in own}


TEXTS = """() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        if (!walk.currentNode.parentElement.closest('script, style, textarea, pre, code, .salur-language, .sop-hash'))
            found.push(walk.currentNode.data.trim());
    }
    for (const name of ['alt', 'aria-label', 'title', 'placeholder'])
        document.querySelectorAll(`[${name}]`).forEach(one => found.push(one.getAttribute(name)));
    return found.filter(Boolean);
}"""
CODE = re.compile(r"\b(?:case|sop|obligation|dispatch|message|reply|voice)\.[a-z]\w+|\b[a-z]+_[a-z_]+\b|%\(\w+\)s")


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_word_of_the_other_language_and_no_code(
    visit: Opener, lampung: Lampung, office: Office, language: str
) -> None:
    asked = told(lampung, office, language)
    pairs = [(one.msgid, one.msgstr or one.msgstr_plural.get(0, "")) for one in catalogues()]
    own = str(saved(office).model_dump()) + "Contoh"
    strange, pieces = said([(i, e) for e, i in pairs] if language == "en" else pairs, own)
    page = sign_in(visit, "ratna")
    page.locator(f"button[name=language][value={language}]").click()
    paths = readable(office) + [f"{office.edit}{part}/" for part in PAGES]
    paths += ["/desk/lab/", *(f"/desk/lab/{run}/" for run in asked), "/desk/escalations/", "/desk/register/"]
    paths += [f"/desk/sop/versions/{office.old}/move/{office.new}/", "/desk/calendar/", "/sop/"]
    wrong = []
    for path in [*paths, f"/sop/{office.sha256}/"]:
        page.goto(path)
        for text in page.evaluate(TEXTS):
            if text in own:
                continue
            if text in strange or any(piece in text for piece in pieces) or CODE.search(text):
                wrong.append((path, text))
    assert not wrong, "\n".join(sorted({f"{path}: {text}" for path, text in wrong}))
