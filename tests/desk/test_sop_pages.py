"""The pages about SOPs, walked by officers: from the list to a signed version, a parent, and open cases moved."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.conftest import SignIn, signed_in
from tests.world import Lampung, actor

from salur.agencies.models import Role
from salur.cases.models import Case
from salur.desk.officer import MAY
from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import drafts, parents, review
from salur.sop.document.load import STANDARD, load
from salur.sop.document.write import set_value
from salur.sop.models import SopDraft, SopVersion
from salur.sop.queries import version, version_in
from salur.sop.sign import adopt_text
from salur.sop.versions import in_force

NOW = datetime.fromisoformat("2026-11-24T09:00:00+07:00")
NEXT_MONTH = "2026-12-01"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.turned_to(NOW):
        yield


@pytest.fixture
def staff(lampung: Lampung) -> dict[str, Client]:
    """The browsers of an officer for every actor of the standard SOP of the province."""
    return {name: signed_in(member) for name, member in lampung.sop_staff().items()}


def as_actor(browser: Client) -> str:
    return actor(browser.member)  # type: ignore[attr-defined]  # set by signed_in


def begun(lampung: Lampung, staff: dict[str, Client], **values: Any) -> SopDraft:
    """A draft of version 2 with these values by path; . is written as __."""
    draft = act(drafts.begin, lampung.province.pk, "case_handling", actor=as_actor(staff["writer"]))
    text = set_value(draft.text, ("dates", "effective"), NEXT_MONTH)
    for path, value in values.items():
        text = set_value(text, tuple(path.split("__")), value)
    how: dict[str, Any] = {"base_revision": 1, "text": text, "what": "", "actor": as_actor(staff["writer"])}
    return act(drafts.save, draft.pk, **how)


def shown(browser: Client, name: str, *args: int, **query: str) -> str:
    response = browser.get(reverse(f"desk:{name}", args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def send(browser: Client, name: str, *args: int, **data: str) -> Any:
    return browser.post(reverse(f"desk:{name}", args=args), data, follow=True)


def second_version(lampung: Lampung, day: str = "2026-11-24", **values: Any) -> SopVersion:
    text = set_value(STANDARD.read_text(), ("version",), 2)
    text = set_value(text, ("dates", "effective"), day)
    for path, value in values.items():
        text = set_value(text, tuple(path.split("__")), value)
    with use(EVERYTHING):
        return adopt_text(lampung.province, text, signed_by="Sekda", actor=ledger.SYSTEM)


def test_the_whole_way_from_the_list_to_the_signature(lampung: Lampung, staff: dict[str, Client]) -> None:
    sop = in_force(lampung.province).sop_id
    assert "Mulai versi berikutnya" in shown(staff["writer"], "sop-list")
    assert "Mulai versi berikutnya" not in shown(staff["operator"], "sop-list")
    page = send(staff["writer"], "sop-begin", sop).content.decode()
    assert "sudah lewat" in page and "Ajukan untuk ditinjau" not in page  # the day of version 1 still stands in it
    with use(EVERYTHING):
        draft = SopDraft.objects.get(sop_id=sop)
    text = set_value(draft.text, ("dates", "effective"), NEXT_MONTH).replace("14 working_days", "10 working_days")
    act(drafts.save, draft.pk, base_revision=1, text=text, what="", actor=as_actor(staff["writer"]))
    page = shown(staff["writer"], "sop-draft", sop)
    assert "14 → 10 hari kerja" in page and "Ajukan untuk ditinjau" in page
    assert "dalam peninjauan" in send(staff["writer"], "sop-submit", sop, revision="2").content.decode().lower()
    assert "orang lain" in send(staff["writer"], "sop-review", sop, revision="2", decision="approve").content.decode()
    send(staff["reviewer"], "sop-review", sop, revision="2", decision="approve")
    page = shown(staff["head"], "sop-draft", sop)
    digest = load(text).sha256
    assert f'name="sha256" value="{digest}"' in page
    assert 'name="sha256"' not in shown(staff["reviewer"], "sop-draft", sop)
    assert staff["reviewer"].post(reverse("desk:sop-sign", args=[sop])).status_code == 404
    assert "Anda menandatangani sebagai Sekretaris Daerah, Head." in page and "Contoh Pejabat" in page
    done = send(staff["head"], "sop-sign", sop, sha256=digest).content.decode()
    assert "Ditandatangani" in done and digest in done and "Reviewer" in done
    assert "Sekretaris Daerah, Head" in done  # the position of the paper, and the name of who signed
    history = shown(staff["operator"], "sop-history", sop)
    assert history.count("Naskah ditulis oleh Writer") == 2  # at the review and at the signature
    listed = shown(staff["operator"], "sop-list")
    assert "belum berlaku" in listed and "1 Des 2026" in listed
    again = send(staff["secretary"], "sop-sign", sop, sha256=digest).content.decode()
    assert "sudah ditandatangani" in again
    with use(EVERYTHING):
        assert SopVersion.objects.filter(sop_id=sop).count() == 2


def test_a_stale_page_signs_nothing_and_says_so(lampung: Lampung, staff: dict[str, Client]) -> None:
    draft = begun(lampung, staff)
    act(review.submit, draft.pk, revision=2, actor=as_actor(staff["writer"]))
    act(review.approve_review, draft.pk, revision=2, actor=as_actor(staff["reviewer"]))
    response = send(staff["head"], "sop-sign", draft.sop_id, sha256="0" * 64)
    assert response.status_code == 409 and "bukan yang Anda lihat" in response.content.decode()
    with use(EVERYTHING):
        assert SopDraft.objects.get(pk=draft.pk).state == "reviewed"


def test_the_head_of_one_agency_does_not_sign_for_the_government(lampung: Lampung, staff: dict[str, Client]) -> None:
    draft = begun(lampung, staff)
    act(review.submit, draft.pk, revision=2, actor=as_actor(staff["writer"]))
    act(review.approve_review, draft.pk, revision=2, actor=as_actor(staff["reviewer"]))
    head = signed_in(lampung.officer("kepala-dinas", "leader", "dishub"))
    assert 'name="sha256"' not in shown(head, "sop-draft", draft.sop_id)
    address = reverse("desk:sop-sign", args=[draft.sop_id])
    assert head.post(address, {"sha256": load(draft.text).sha256}).status_code == 404
    with use(EVERYTHING):
        assert SopDraft.objects.get(pk=draft.pk).state == "reviewed"


def test_a_draft_is_given_back_with_the_words_of_the_reviewer(lampung: Lampung, staff: dict[str, Client]) -> None:
    draft = begun(lampung, staff)
    act(review.submit, draft.pk, revision=2, actor=as_actor(staff["writer"]))
    without = send(staff["reviewer"], "sop-review", draft.sop_id, revision="2", decision="return", reason="")
    assert 'aria-invalid="true"' in without.content.decode()
    send(staff["reviewer"], "sop-review", draft.sop_id, revision="2", decision="return", reason="Terlalu pendek")
    history = shown(staff["writer"], "sop-history", draft.sop_id)
    assert "Terlalu pendek" in history and "mengembalikan rancangan" in history
    page = shown(staff["writer"], "sop-draft", draft.sop_id)
    assert "Terlalu pendek" in page and "Reviewer mengembalikan rancangan ini" in page
    save = partial(drafts.save, draft.pk, what="", actor=as_actor(staff["writer"]))
    act(save, base_revision=2, text=draft.text)
    assert "Terlalu pendek" in shown(staff["writer"], "sop-draft", draft.sop_id)  # nothing was changed yet
    act(save, base_revision=2, text=set_value(draft.text, ("handover", "bounce_limit"), 7))
    assert "Terlalu pendek" not in shown(staff["writer"], "sop-draft", draft.sop_id)
    old = send(staff["writer"], "sop-submit", draft.sop_id, revision="1")
    assert old.status_code == 409 and "diubah" in old.content.decode()


def test_a_discarded_draft_is_kept_in_the_history(lampung: Lampung, staff: dict[str, Client]) -> None:
    draft = begun(lampung, staff, unit="Biro Organisasi Contoh")
    page = send(staff["writer"], "sop-discard", draft.sop_id, revision="2").content.decode()
    assert "Biro Organisasi Contoh" in page and "membuang rancangan" in page
    assert "tidak ada rancangan" in send(staff["writer"], "sop-submit", draft.sop_id, revision="2").content.decode()


def test_a_version_is_readable_without_knowing_yaml(lampung: Lampung, staff: dict[str, Client]) -> None:
    first = in_force(lampung.province)
    page = shown(staff["operator"], "sop-version", first.pk)
    document = load(STANDARD.read_text())
    for text in (
        document.number,
        document.legal_basis[0],
        "14 hari kerja",
        document.actors["regional_secretary"].name.id,
        document.templates["answer"].text.en.splitlines()[0],
        document.steps[-1].activity.id,
        document.official_accounts.forbidden[0],
        first.sha256,
    ):
        assert text in page, text
    assert "working_days" not in page and "case.opened" not in page


def test_the_export_is_what_was_signed_to_the_byte(lampung: Lampung, staff: dict[str, Client]) -> None:
    response = staff["operator"].get(reverse("desk:sop-export", args=[in_force(lampung.province).pk]))
    assert response.content == STANDARD.read_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="sop-18-case_handling-v1.yaml"'


def test_two_versions_stand_side_by_side_in_words(lampung: Lampung, staff: dict[str, Client]) -> None:
    first = in_force(lampung.province)
    second = second_version(lampung, handover__bounce_limit=4)
    page = shown(staff["operator"], "sop-compare", old=f"v{first.pk}", new=f"v{second.pk}")
    assert "2 → 4" in page and "3 perbedaan" in page  # the version and its day differ too
    assert "tidak berbeda" in shown(staff["operator"], "sop-compare", old=f"v{first.pk}", new=f"v{first.pk}")
    draft = act(drafts.begin, lampung.province.pk, "case_handling", actor=as_actor(staff["writer"]))
    assert "Rancangan" in shown(staff["operator"], "sop-compare", old=f"v{second.pk}", new=f"d{draft.pk}")
    for odd in ("x1", "v", "v1x", "d99999", "v" + "9" * 30, "v²"):
        address = reverse("desk:sop-compare")
        assert staff["operator"].get(address, {"old": odd, "new": f"v{first.pk}"}).status_code == 404, odd


def test_open_cases_are_shown_what_changes_and_then_moved(lampung: Lampung, staff: dict[str, Client]) -> None:
    with clock.turned_to(datetime.fromisoformat("2026-11-09T09:00:00+07:00")):
        case = lampung.report("pindah")
    first = in_force(lampung.province)
    second = second_version(lampung, kinds__complaint__answer_within="5 working_days")
    page = shown(staff["writer"], "sop-move", first.pk, second.pk)
    assert case.number in page and "menjadi terlambat" in page
    response = send(staff["writer"], "sop-move", first.pk, second.pk, reason="")
    assert 'aria-invalid="true"' in response.content.decode()
    page = send(staff["writer"], "sop-move", first.pk, second.pk, reason="Batas baru").content.decode()
    assert "1 laporan dipindahkan" in page and "Tidak ada lagi laporan terbuka" in page
    with use(EVERYTHING):
        assert version_in(ledger.journal(case.stream)) == second.pk
        assert Case.objects.get(pk=case.pk).breaches >= 1
    back = staff["writer"].get(reverse("desk:sop-move", args=[second.pk, first.pk]))
    assert back.status_code == 409 and "tidak lebih baru" in back.content.decode()


def test_a_regency_follows_the_province_and_is_told_of_its_revision(lampung: Lampung, sign_in: SignIn) -> None:
    browser = sign_in("coordinator", "diskominfo", "18.09")
    sop = in_force(lampung.regency).sop_id
    assert lampung.province.name in shown(browser, "sop-parent", sop)
    send(browser, "sop-parent", sop)
    assert f"Mengikuti SOP {lampung.province.name}" in shown(browser, "sop-draft", sop)
    with use(EVERYTHING):
        draft = SopDraft.objects.get(sop_id=sop)
        act(drafts.discard, draft.pk, base_revision=1, actor=as_actor(browser))
        province = version(in_force(lampung.province).pk)
        assert province is not None
        child = parents.adopt_from(lampung.regency, province, signed_by="Sekda")
    assert "Induk telah direvisi" not in shown(browser, "sop-list")
    second_version(lampung, handover__bounce_limit=4)
    notice = "versi 1 → 2"
    for page in (
        shown(browser, "sop-list"),
        shown(browser, "sop-version", child.pk),
        shown(browser, "sop-parent", sop),
    ):
        assert notice in page
        assert not re.search(r"<li>([^:<]+): \1:", page)
    assert "2 → 4" in shown(browser, "sop-parent", sop)
    send(browser, "sop-parent", sop)
    assert "2 → 4" in shown(browser, "sop-draft", sop)
    operator = sign_in("operator", "diskominfo", "18.09")
    assert operator.post(reverse("desk:sop-parent", args=[sop])).status_code == 404


@pytest.mark.parametrize("role", Role.values)
def test_pages_of_an_inherited_draft_ask_little(lampung: Lampung, sign_in: SignIn, role: str) -> None:
    browser = sign_in(role, "diskominfo", "18.09")
    with use(EVERYTHING):
        province = version(in_force(lampung.province).pk)
        assert province is not None
        child = parents.adopt_from(lampung.regency, province, signed_by="Sekda")
        second_version(lampung)
        act(parents.begin_rebased, lampung.regency.pk, "case_handling", actor="member:1")
    of_sop = (child.sop_id,)
    for name, args in {"sop-list": (), "sop-version": (child.pk,), "sop-draft": of_sop, "sop-parent": of_sop}.items():
        shown(browser, name, *args)  # documents are parsed once a process
        with CaptureQueriesContext(connection) as asked:
            shown(browser, name, *args)
        assert len(asked) <= 12, (name, [query["sql"][:120] for query in asked])
    assert role in MAY["see_sop"]


def test_a_neighbour_sees_and_moves_nothing_of_ours(
    lampung: Lampung, sign_in: SignIn, staff: dict[str, Client]
) -> None:
    draft = begun(lampung, staff)
    first = in_force(lampung.province)
    neighbour = sign_in("coordinator", "diskominfo", "18.09")
    assert first.sha256 not in shown(neighbour, "sop-compare")
    for name, args in {
        "sop-version": [first.pk],
        "sop-export": [first.pk],
        "sop-history": [draft.sop_id],
        "sop-draft": [draft.sop_id],
        "sop-move": [first.pk, first.pk],
        "sop-discard": [draft.sop_id],
        "sop-submit": [draft.sop_id],
    }.items():
        address = reverse(f"desk:{name}", args=args)
        assert (neighbour.get(address).status_code, neighbour.post(address).status_code) == (404, 404), name
    with use(EVERYTHING):
        assert SopDraft.objects.get(pk=draft.pk).state == "draft"
