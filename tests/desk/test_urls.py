"""Every address of the desk, as nobody, as every role, and as an officer of a neighbour government."""

import uuid
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.conftest import SignIn, signed_in
from tests.world import Lampung, actor

from salur.agencies.models import Member, Role
from salur.cases.evidence import add_evidence
from salur.cases.models import Case, CaseMessage, Evidence
from salur.channels.connect import connect
from salur.channels.ports import Attachment, Raw
from salur.desk.officer import MAY, may
from salur.desk.urls import urlpatterns
from salur.insight.lab.hurts import told
from salur.insight.lab.hurts_tally import HurtsTally
from salur.insight.lab.json_form import hurts_form
from salur.insight.lab.names import Names
from salur.insight.lab.period import period_of
from salur.insight.lab.runs import ask
from salur.insight.models import LabRun
from salur.intake.accept import accept
from salur.intake.files import path_of
from salur.intake.models import Delivery, StoredFile
from salur.journey.act import act
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch, Reply
from salur.publishing.replies import draft
from salur.sop import recount
from salur.sop.document.load import STANDARD, load
from salur.sop.document.write import set_value
from salur.sop.drafts import begin
from salur.sop.sign import adopt_text
from salur.sop.versions import in_force

GENERAL = {"sop-list", "sop-compare", "queue", "approvals", "outbox", "counter", "quarantine", "members"}
"""Pages that show everybody their own: a neighbour sees them too, with other contents."""
GENERAL |= {"register", "register-file", "deliveries", "quarantine-replay"}
GENERAL |= {"accounts", "account-choose", "account-new", "changes"}
GENERAL |= {"calendar", "calendar-file", "escalations", "lab"}
POST_ONLY = {"dispatch-decide", "reply-withdraw", "delivery-replay", "quarantine-replay", "voice-admit"}
POST_ONLY |= {"account-act", "account-custodians", "account-rotation"}
POST_ONLY |= {"sop-begin", "sop-submit", "sop-review", "sop-sign", "sop-discard"}
POST_ONLY |= {"sop-edit-preview", "sop-edit-step", "lab-cancel"}


@pytest.fixture
def things(lampung: Lampung) -> dict[str, dict[str, Any]]:
    """One of everything that has an address, all belonging to the same agency; the arguments of each address."""
    author = lampung.officer("penulis", "operator")
    case = lampung.report("berkas-1")
    reply = act(draft, case.pk, purpose="answer", text="Sudah ditambal.", actor=actor(author))
    act(add_evidence, case.pk, file=Attachment("a.png", "image/png", b"isi"), actor=actor(author))
    form_id = uuid.uuid4()
    with use(EVERYTHING):
        evidence = Evidence.objects.get(case=case)
        link = CaseMessage.objects.get(case=case)
        default_storage.save(path_of("ab" * 32), ContentFile(b"isi"))
        file = StoredFile.objects.create(
            government=link.government,
            message_id=link.message_id,
            name="foto.jpg",
            content_type="image/jpeg",
            size=3,
            sha256="ab" * 32,
            shown_sha256="ab" * 32,
        )
        dispatch = Dispatch.objects.get(reply__case=case)
        Dispatch.objects.filter(pk=dispatch.pk).update(state=Dispatch.State.FAILED)
        bad = accept(lampung.account("counter"), Raw("rusak", b"{", "application/json"))
        assert bad is not None
        Delivery.objects.filter(pk=bad.pk).update(state=Delivery.State.QUARANTINED)
    return (
        sop_things(lampung, author)
        | lab_things(lampung, author)
        | account_things(lampung)
        | {
            "case": {"number": case.number},
            "file": {"file_id": file.pk},
            "photo": {"file_id": file.pk},
            "evidence": {"evidence_id": evidence.pk},
            "voice-admit": {"number": case.number, "voice_id": link.voice_id},
            "reply": {"reply_id": reply.pk},
            "reply-revise": {"reply_id": reply.pk},
            "reply-withdraw": {"reply_id": reply.pk},
            "dispatch-decide": {"dispatch_id": dispatch.pk},
            "delivery": {"delivery_id": bad.pk},
            "delivery-replay": {"delivery_id": bad.pk},
            "receipt": {"form_id": form_id},
            "calendar-file": {"key": "default"},
            "recount": {"recount_id": recount.ask(lampung.province.pk, "uji", "member:1").pk},
        }
    )


def sop_things(lampung: Lampung, author: Member) -> dict[str, dict[str, Any]]:
    """A second version in force, and a draft of the third."""
    with use(EVERYTHING):
        first = in_force(lampung.province)
        text = set_value(STANDARD.read_text(), ("version",), 2)
        today = clock.today(lampung.province.timezone)
        text = set_value(text, ("dates", "effective"), today.isoformat())
        second = adopt_text(lampung.province, text, signed_by="Sekda", actor=actor(author))
        draft = act(begin, lampung.province.pk, second.sop.code, actor=actor(author))
    of_sop = {"sop_id": draft.sop_id}
    whole = ("history", "parent", "draft", "begin", "submit", "review", "sign", "discard")
    return {f"sop-{name}": of_sop for name in whole} | {
        "sop-version": {"version_id": second.pk},
        "sop-export": {"version_id": second.pk},
        "sop-print": {"version_id": second.pk},
        "sop-draft-print": {"draft_id": draft.pk},
        "sop-move": {"from_id": first.pk, "to_id": second.pk},
        "sop-edit": {"draft_id": draft.pk},
        "sop-edit-page": {"draft_id": draft.pk, "page": "steps"},
        "sop-edit-preview": {"draft_id": draft.pk, "page": "steps"},
        "sop-edit-step": {"draft_id": draft.pk, "page": "steps", "which": "undo"},
    }


def lab_things(lampung: Lampung, author: Member) -> dict[str, dict[str, Any]]:
    """A finished answer of the lab, of a period without reports."""
    today = clock.today(lampung.province.timezone)
    period = period_of(lampung.province.pk, lampung.province.timezone, today, today, None, clock.now())
    with use(EVERYTHING):
        found = told(HurtsTally(), period, Names(lampung.province.pk, [load(STANDARD.read_text())]), 1)
        run = ask(lampung.province, since=today, until=today, actor=actor(author), language="id")
        LabRun.objects.filter(pk=run.pk).update(state="done", result=hurts_form(found), finished_at=clock.now())
    return dict.fromkeys(("lab-run", "lab-cancel", "lab-report"), {"run_id": run.pk})


def account_things(lampung: Lampung) -> dict[str, dict[str, Any]]:
    """An account of the agency, with everything that is done to it."""
    with use(EVERYTHING):
        one = {"account_id": connect(lampung.agency("bmbk"), "email", "lapor@bmbk.test", name="Lapor BMBK").pk}
    pages = ("account", "account-change", "account-test", "account-custodians", "account-rotation")
    return dict.fromkeys(pages, one) | {"account-act": {**one, "act": "live"}, "account-new": {"name": "email"}}


def of_the_government(name: str, government: str) -> bool:
    """Whether a page shows what every officer of the government may know, whatever their agency."""
    return government == "18" and name.startswith(("sop-", "lab-"))


def addresses(things: dict[str, dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Name, right and address of every page."""
    found = []
    for pattern in urlpatterns:
        name = str(pattern.name)
        arguments = things["case"] if name.startswith("case-") else things.get(name, {})
        found.append((name, pattern.callback.officer_action, reverse(f"desk:{name}", kwargs=arguments)))
    return found


def test_nobody_is_sent_to_the_sign_in_page(client: Any, things: dict[str, dict[str, Any]]) -> None:
    for name, _, address in addresses(things):
        response = client.get(address)
        assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("account_login")), name
        assert client.post(address).status_code == 302, name


@pytest.mark.parametrize("role", Role.values)
def test_a_role_meets_what_it_may_do_and_nothing_else(
    role: str, sign_in: SignIn, things: dict[str, dict[str, Any]]
) -> None:
    # The quarantined delivery and the counter lie with the coordinating agency; these roles see the whole government.
    browser = sign_in(role)
    for name, right, address in addresses(things):
        expected = 200 if may(browser.member, right) else 404  # type: ignore[attr-defined]  # set by sign_in
        if expected == 200:
            expected = {"receipt": 404}.get(name, 405 if name in POST_ONLY else 200)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == expected, (role, name)
        assert len(queries) <= 12, (name, [query["sql"][:120] for query in queries])


@pytest.mark.parametrize(
    ("role", "agency", "government"),
    [
        # Of their own government only these roles see less than all of it, a leader unless government-wide.
        ("operator", "dishub", "18"),
        ("approver", "dishub", "18"),
        ("leader", "dishub", "18"),
        *((role, "diskominfo", "18.09") for role in Role.values),
    ],
)
def test_what_is_not_theirs_does_not_exist(
    role: str, agency: str, government: str, lampung: Lampung, things: dict[str, dict[str, Any]]
) -> None:
    browser = signed_in(lampung.officer("tetangga", role, agency, government))
    for name, right, address in addresses(things):
        theirs = name in GENERAL or of_the_government(name, government)
        allowed = theirs and may(browser.member, right)  # type: ignore[attr-defined]  # set by signed_in
        expected = (405 if name in POST_ONLY else 200) if allowed else 404
        assert browser.get(address).status_code == expected, (role, name)
        if not theirs:
            assert browser.post(address, {"seq": "1", "went_out": "yes"}).status_code == 404, (role, name)
    with use(EVERYTHING):
        assert Reply.objects.get(pk=things["reply"]["reply_id"]).state == "submitted"
        assert Dispatch.objects.get(pk=things["dispatch-decide"]["dispatch_id"]).state == "failed"
        assert Delivery.objects.get(pk=things["delivery"]["delivery_id"]).state == "quarantined"


def test_a_retired_officer_sees_nothing(sign_in: SignIn, things: dict[str, dict[str, Any]]) -> None:
    browser = sign_in("coordinator")
    with use(EVERYTHING):
        type(browser.member).objects.filter(pk=browser.member.pk).update(active=False)  # type: ignore[attr-defined]  # set by sign_in
    assert {browser.get(address).status_code for _, _, address in addresses(things)} == {404}


def test_the_queue_of_a_neighbour_holds_nothing_of_ours(sign_in: SignIn, lampung: Lampung) -> None:
    ours = lampung.report("kita")
    theirs = lampung.report("mereka", government="18.09")
    page = sign_in("coordinator", "diskominfo", "18.09").get(reverse("desk:queue")).content.decode()
    page += (
        sign_in("administrator", "diskominfo", "18.09").get(reverse("desk:queue") + "?box=unassigned").content.decode()
    )
    assert ours.number not in page
    with use(EVERYTHING):
        assert Case.objects.get(pk=theirs.pk).number in page


def test_every_right_that_a_page_asks_for_is_in_the_table() -> None:
    assert {pattern.callback.officer_action for pattern in urlpatterns} <= set(MAY)
