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

from salur.agencies.models import Role
from salur.cases.models import Case, CaseMessage
from salur.channels.ports import Raw
from salur.desk.officer import MAY
from salur.desk.urls import urlpatterns
from salur.intake.accept import accept
from salur.intake.files import path_of
from salur.intake.models import Delivery, StoredFile
from salur.journey.act import act
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch, Reply
from salur.publishing.replies import draft

GENERAL = {"queue", "approvals", "outbox", "counter", "quarantine", "members"}
"""Pages that show everybody their own: a neighbour sees them too, with other contents."""
POST_ONLY = {"dispatch-decide", "delivery-replay", "voice-admit"}


@pytest.fixture
def things(lampung: Lampung) -> dict[str, dict[str, Any]]:
    """One of everything that has an address, all belonging to the same agency; the arguments of each address."""
    author = lampung.officer("penulis", "operator")
    case = lampung.report("berkas-1")
    reply = act(draft, case.pk, purpose="answer", text="Sudah ditambal.", actor=actor(author))
    form_id = uuid.uuid4()
    with use(EVERYTHING):
        link = CaseMessage.objects.get(case=case)
        default_storage.save(path_of("ab" * 32), ContentFile(b"isi"))
        file = StoredFile.objects.create(
            government=link.government,
            message_id=link.message_id,
            name="foto.jpg",
            content_type="image/jpeg",
            size=3,
            sha256="ab" * 32,
        )
        dispatch = Dispatch.objects.get(reply__case=case)
        Dispatch.objects.filter(pk=dispatch.pk).update(state=Dispatch.State.FAILED)
        bad = accept(lampung.account("counter"), Raw("rusak", b"{", "application/json"))
        assert bad is not None
        Delivery.objects.filter(pk=bad.pk).update(state=Delivery.State.QUARANTINED)
    return {
        "case": {"number": case.number},
        "file": {"file_id": file.pk},
        "voice-admit": {"number": case.number, "voice_id": link.voice_id},
        "reply": {"reply_id": reply.pk},
        "reply-revise": {"reply_id": reply.pk},
        "dispatch-decide": {"dispatch_id": dispatch.pk},
        "delivery": {"delivery_id": bad.pk},
        "delivery-replay": {"delivery_id": bad.pk},
        "receipt": {"form_id": form_id},
    }


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
        expected = 200 if role in MAY[right] else 404
        if expected == 200:
            expected = {"receipt": 404}.get(name, 405 if name in POST_ONLY else 200)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == expected, (role, name)
        assert len(queries) <= 12, (name, [query["sql"][:120] for query in queries])


@pytest.mark.parametrize(
    ("role", "agency", "government"),
    [
        # Of their own government only these two roles see less than all of it.
        ("operator", "dishub", "18"),
        ("approver", "dishub", "18"),
        *((role, "diskominfo", "18.09") for role in Role.values),
    ],
)
def test_what_is_not_theirs_does_not_exist(
    role: str, agency: str, government: str, lampung: Lampung, things: dict[str, dict[str, Any]]
) -> None:
    browser = signed_in(lampung.officer("tetangga", role, agency, government))
    for name, right, address in addresses(things):
        expected = 200 if name in GENERAL and role in MAY[right] else 404
        assert browser.get(address).status_code == expected, (role, name)
        if name not in GENERAL:
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
