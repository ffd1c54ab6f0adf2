"""The editor: what a form says is what the document says, nothing else changes, and nobody's work is lost."""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.world import Lampung, actor

from salur.desk.sop_editor.labels import PAGES
from salur.journey.act import act
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import load
from salur.sop.drafts import begin
from salur.sop.models import SopDraft

Form = dict[str, list[str]]


class FormReader(HTMLParser):
    """What a browser would post from the form of the editor."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: Form = {}
        self.inside = False
        self.area = self.select = ""
        self.first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        name = at.get("name") or ""
        if tag == "form":
            self.inside = "sop-form" in (at.get("class") or "")
        if not self.inside:
            return
        if tag == "input" and name and (at.get("type") not in ("checkbox", "radio") or "checked" in at):
            self.fields.setdefault(name, []).append(at.get("value") or "")
        elif tag == "textarea":
            self.area = name
            self.fields[name] = [""]
        elif tag == "select":
            self.select, self.first = name, None
        elif tag == "option" and self.select:
            self.first = (at.get("value") or "") if self.first is None else self.first
            if "selected" in at:
                self.fields[self.select] = [at.get("value") or ""]

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select" and self.select:
            if self.inside:
                self.fields.setdefault(self.select, [self.first or ""])
            self.select = ""
        elif tag == "form":
            self.inside = False


def form_of(page: str) -> Form:
    """The fields and values of the editor's form."""
    reader = FormReader()
    reader.feed(page)
    return reader.fields


@pytest.fixture
def writer(sign_in: SignIn) -> Client:
    return sign_in("coordinator", "diskominfotik")


@pytest.fixture
def draft(lampung: Lampung, writer: Client) -> SopDraft:
    return act(begin, lampung.province.pk, "case_handling", actor=actor(writer.member))  # type: ignore[attr-defined]


def at(draft: SopDraft, page: str) -> str:
    return reverse("desk:sop-edit-page", args=[draft.pk, page])


def now(draft: SopDraft) -> SopDraft:
    with use(EVERYTHING):
        return SopDraft.objects.get(pk=draft.pk)


def opened(browser: Client, draft: SopDraft, page: str) -> Form:
    return form_of(browser.get(at(draft, page)).content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_a_form_that_is_sent_back_as_it_came_changes_no_byte(page: str, writer: Client, draft: SopDraft) -> None:
    form = opened(writer, draft, page)
    assert len(form) > 3
    answer = writer.post(at(draft, page), form, follow=True)
    assert "Tidak ada yang berubah" in answer.content.decode()
    assert (now(draft).text, now(draft).revision) == (draft.text, 1)


def test_a_limit_is_changed_and_everything_else_stays_to_the_byte(writer: Client, draft: SopDraft) -> None:
    form = opened(writer, draft, "limits")
    place = next(name for name, value in form.items() if name.endswith("-code") and value == ["follow_up"])
    form[place.replace("-code", "-within-amount")] = ["3"]
    answer = writer.post(at(draft, "limits"), form, follow=True).content.decode()
    assert "Tersimpan" in answer
    text = now(draft).text
    before, after = load(draft.text), load(text)
    assert str(next(one.within for one in after.obligations if one.code == "follow_up")) == "3 working_days"
    assert after.model_copy(update={"obligations": before.obligations}) == before
    start, end = draft.text.index("\nobligations:"), draft.text.index("\npause_reasons:")
    assert text.startswith(draft.text[:start]) and text.endswith(draft.text[end:])


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(writer: Client, draft: SopDraft) -> None:
    form = opened(writer, draft, "limits")
    form["obligations-0-within-amount"] = ["-3"]
    form["obligations-0-name-id"] = ["Nama yang baru diketik"]
    answer = writer.post(at(draft, "limits"), form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nama yang baru diketik" in page and "sop-error" in page
    assert form_of(page)["obligations-0-within-amount"] == ["-3"]
    assert now(draft).text == draft.text


@pytest.mark.parametrize(
    ("deed", "counter", "more"),
    [
        ("add:steps", "steps-count", 1),
        ("remove:steps-3", "steps-count", -1),
        ("add:steps-2-next", "steps-2-next-count", 1),
    ],
)
def test_rows_come_and_go_without_saving(deed: str, counter: str, more: int, writer: Client, draft: SopDraft) -> None:
    form = opened(writer, draft, "steps")
    page = writer.post(at(draft, "steps"), form | {"deed": [deed]}).content.decode()
    assert int(form_of(page)[counter][0]) == int(form[counter][0]) + more
    assert now(draft).revision == 1


def test_a_step_moves_up(writer: Client, draft: SopDraft) -> None:
    form = opened(writer, draft, "steps")
    page = writer.post(at(draft, "steps"), form | {"deed": ["up:steps-4"]}).content.decode()
    moved = form_of(page)
    assert (moved["steps-3-code"], moved["steps-4-code"]) == (form["steps-4-code"], form["steps-3-code"])


def test_a_new_duty_with_a_ladder_is_written_on_the_screen_alone(writer: Client, draft: SopDraft) -> None:
    form = opened(writer, draft, "limits")
    form = form_of(writer.post(at(draft, "limits"), form | {"deed": ["add:obligations"]}).content.decode())
    new = f"obligations-{int(form['obligations-count'][0]) - 1}"
    for deed in (f"add:{new}-starts_on", f"add:{new}-met_by", f"add:{new}-escalation"):
        form = form_of(writer.post(at(draft, "limits"), form | {"deed": [deed]}).content.decode())
    form |= {
        f"{new}-code": ["telepon"],
        f"{new}-name-id": ["Menelepon warga"],
        f"{new}-name-en": ["Call the citizen"],
        f"{new}-actor": ["operator"],
        f"{new}-starts_on-0-event": ["case.verified"],
        f"{new}-met_by-0-event": ["case.followed_up"],
        f"{new}-within-limit": [""],
        f"{new}-within-amount": ["6"],
        f"{new}-within-unit": ["working_hours"],
        f"{new}-clock": ["agency"],
        f"{new}-paused_for-all": ["yes"],
        f"{new}-escalation-0-after-amount": ["0"],
        f"{new}-escalation-0-after-unit": ["working_days"],
        f"{new}-escalation-0-to": ["head_of_agency"],
    }
    assert writer.post(at(draft, "limits"), form).status_code == 302
    duty = load(now(draft).text).obligations[-1]
    assert (duty.code, str(duty.within), duty.paused_for) == ("telepon", "6 working_hours", None)
    assert [(str(one.after), one.to) for one in duty.escalation] == [("0 working_days", "head_of_agency")]


@pytest.mark.parametrize(
    ("page", "field", "written"),
    [
        ("identity", "title-id", ""),
        ("channels", "channels-1-service_hours-mon", "8-16"),
        ("limits", "kinds-0-answer_within-amount", ""),
    ],
)
def test_an_error_stands_beside_its_field_wherever_it_is(
    page: str, field: str, written: str, writer: Client, draft: SopDraft
) -> None:
    answer = writer.post(at(draft, page), opened(writer, draft, page) | {field: [written]})
    assert answer.status_code == 422
    assert 'class="invalid-feedback sop-error"' in answer.content.decode()
    assert form_of(answer.content.decode())[field] == [written]


def test_an_empty_limit_stays_empty_when_a_row_is_added(writer: Client, draft: SopDraft) -> None:
    form = opened(writer, draft, "limits") | {"obligations-0-within-amount": [""]}
    page = writer.post(at(draft, "limits"), form | {"deed": ["add:obligations-0-starts_on"]}).content.decode()
    assert form_of(page)["obligations-0-within-amount"] == [""]


def test_undo_and_redo(writer: Client, draft: SopDraft) -> None:
    form = opened(writer, draft, "identity")
    writer.post(at(draft, "identity"), form | {"unit": ["Biro Organisasi"]})
    assert load(now(draft).text).unit == "Biro Organisasi"
    for which, expected in (("undo", draft.text), ("redo", None)):
        address = reverse("desk:sop-edit-step", args=[draft.pk, "identity", which])
        assert writer.post(address, {"revision": now(draft).revision}).status_code == 302
        assert expected is None or now(draft).text == expected
    assert load(now(draft).text).unit == "Biro Organisasi"


def test_two_people_in_different_parts_both_keep_their_work(writer: Client, sign_in: SignIn, draft: SopDraft) -> None:
    other = sign_in("administrator", "diskominfotik")
    mine, theirs = opened(writer, draft, "identity"), opened(other, draft, "horizons")
    place = next(name for name in theirs if name.endswith("review_within-amount") and theirs[name] == ["90"])
    other.post(at(draft, "horizons"), theirs | {place: ["60"]})
    answer = writer.post(at(draft, "identity"), mine | {"unit": ["Biro Organisasi"]}, follow=True)
    assert "keduanya tersimpan" in answer.content.decode()
    both = load(now(draft).text)
    assert (both.unit, str(both.horizons["medium"].review_within)) == ("Biro Organisasi", "60 calendar_days")


def test_two_people_in_the_same_part_get_a_clear_conflict(writer: Client, sign_in: SignIn, draft: SopDraft) -> None:
    other = sign_in("administrator", "diskominfotik")
    mine, theirs = opened(writer, draft, "identity"), opened(other, draft, "identity")
    other.post(at(draft, "identity"), theirs | {"unit": ["Sekretariat"]})
    answer = writer.post(at(draft, "identity"), mine | {"unit": ["Biro Organisasi"]})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert form_of(page)["unit"] == ["Biro Organisasi"] and "Sekretariat" in page
    assert load(now(draft).text).unit == "Sekretariat"
    writer.post(at(draft, "identity"), form_of(page))
    assert load(now(draft).text).unit == "Biro Organisasi"


def test_the_check_and_the_chart_follow_the_form_without_saving(writer: Client, draft: SopDraft) -> None:
    address = reverse("desk:sop-edit-preview", args=[draft.pk, "steps"])
    form = opened(writer, draft, "steps")
    fine = writer.post(address, form).content.decode()
    assert "data:image/svg+xml;base64," in fine and "tidak_ada" not in fine
    lost = writer.post(address, form | {"steps-2-next-0-to": ["tidak_ada"]}).content.decode()
    assert "tidak_ada" in lost and "sop-bad" in lost
    assert now(draft).revision == 1


def test_forms_that_no_page_made_do_no_harm(writer: Client, draft: SopDraft) -> None:
    for form in (
        {},
        {"revision": "x", "steps-count": "99999999999"},
        {"revision": "1", "steps-count": "3", "deed": "remove:steps-999"},
        {"revision": "1", "deed": "add:approver-name-0-x"},
        {"revision": "1", "deed": "add:tidak-ada"},
        {"revision": "1", "whole": "yes", "deed": "remove:steps-" + "9" * 5000},
        {"revision": "1", "whole": "yes", "deed": "add:steps-0-code", "steps-count": "1", "steps-0-code": "a"},
        {"revision": "1", "whole": "yes", "handover-bounce_limit": "--5"},
        {"revision": "1", "kinds-count": "2", "kinds-0-key": "complaint", "kinds-1-key": "complaint"},
    ):
        for page in PAGES:
            assert writer.post(at(draft, page), form).status_code in (200, 302, 409, 422)
    assert writer.post(at(draft, "tidak-ada"), {}).status_code == 404
    assert now(draft).text == draft.text
