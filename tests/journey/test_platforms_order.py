"""In whatever order events come through the gate, and however they are carried, one state comes of them."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, permutations
from typing import Any

import httpx
import pytest
from tests.journey.stage import Stage, stage
from tests.journey.stage import committed as transactional_db

from salur.cases.models import Case, CaseMessage
from salur.channels.connect import connect
from salur.channels.ports import AccountView, Outbound, Receipt
from salur.channels.registry import PLATFORMS
from salur.intake.models import Delivery, Message
from salur.intake.queries import versions_of
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch

__all__ = ["stage", "transactional_db"]
ROAD = "Jalan provinsi berlubang parah di depan pasar Gading Rejo, sudah ada yang jatuh. Mohon segera ditambal."
EDITS = ROAD.replace("ada", "dua"), ROAD.replace("ada", "tiga")
_numbers = count(50_000)


@dataclass(frozen=True)
class Recorded:
    """What a platform told of one conversation: the bodies in the order of events, and the ids that stand in them."""

    platform: str
    bodies: tuple[str, ...]
    account: str
    message: str
    ours: str
    secret: bytes
    sent_at: datetime


def record(stage: Stage, platform: str, *, changes: bool, outcome: bool) -> Recorded:
    """Have it happen once: said, then edited twice and taken back (`changes`), and our answer told of (`outcome`)."""
    scene, sandbox = stage.scene(platform), stage.sandbox
    sandbox.clock(by=-100)
    try:
        said = scene.say("dm", ROAD)
        ours, sent_at = scene.ours()[0]["id"], datetime.fromtimestamp(scene.ours()[0]["at"], UTC)
        for text in EDITS if changes else ():
            sandbox.clock(by=10)
            sandbox.say(scene.key, "siti", "edit", text, id=said)
        sandbox.clock(by=10)
        if changes:
            sandbox.say(scene.key, "siti", "unsend", id=said)
        if outcome:
            sandbox.read(scene.key, "siti")
        sandbox.idle()
    finally:
        sandbox.clock(shift=0)
    bodies = [one["body"] for one in sandbox.deliveries(account=scene.key)]
    mine = tuple(one for one in bodies if outcome or ours not in one)
    secret = scene.there["secrets"]["app_secret"].encode()
    return Recorded(platform, mine, scene.account.address, said, ours, secret, sent_at)


class Played:
    """One conversation again, on an account and with ids of its own, its events in some order."""

    def __init__(self, stage: Stage, recorded: Recorded) -> None:
        self.recorded, self.number = recorded, next(_numbers)
        self.address = self.other(recorded.account)
        view = {"api_base": stage.sandbox.api_base(recorded.platform)}
        credentials = {"app_secret": recorded.secret.decode(), "access_token": "tidak-dipakai"}
        with use(EVERYTHING):
            agency = stage.world.agency("diskominfotik")
            self.account = connect(agency, recorded.platform, self.address, settings=view, credentials=credentials)

    def other(self, identity: str) -> str:
        """An id of the recording, as it is called in this conversation."""
        mark = f"{self.number:05d}"
        return identity[: -len(mark)] + mark

    def play(self, http: httpx.Client, order: tuple[int, ...], *, each: bool) -> None:
        """Bring the events through the gate in this order; carried after each of them, or all together."""
        for place in order:
            body = self.recorded.bodies[place]
            for identity in (self.recorded.account, self.recorded.message, self.recorded.ours):
                body = body.replace(identity, self.other(identity))
            signature = hmac.new(self.recorded.secret, body.encode(), hashlib.sha256).hexdigest()
            headers = {"x-hub-signature-256": f"sha256={signature}", "content-type": "application/json"}
            assert http.post(self.account.hook_url, content=body.encode(), headers=headers).status_code == 200
            if each:
                run_until_quiet()
        run_until_quiet()

    def state(self) -> dict[str, Any]:
        """All that came of it, without what only names this conversation."""
        with use(EVERYTHING):
            (message,) = Message.objects.filter(account=self.account)
            case = Case.objects.get(pk=CaseMessage.objects.get(message=message).case_id)
            (told,) = Dispatch.objects.filter(account=self.account)
            deliveries = Delivery.objects.filter(account=self.account).values_list("state", flat=True)
            return {
                "text": message.text,
                "removed_by": message.removed_by,
                "instants": (message.spoken_at, message.removed_at),
                "versions": [(one.text, one.at) for one in versions_of([message]).get(message.pk, ())],
                "title": case.title,
                "case": (case.status, case.kind, case.due_at),
                "agency": case.agency_id,
                "sent": told.state,
                "receipt": told.receipt,
                "ours": told.external_id == self.other(self.recorded.ours),
                "deliveries": sorted(deliveries),
            }


@pytest.mark.slow
@pytest.mark.parametrize("each", [True, False], ids=["carried one by one", "carried together"])
@pytest.mark.parametrize(
    ("platform", "changes", "outcome"),
    [("instagram", True, False), ("whatsapp", True, False), ("whatsapp", False, True), ("facebook", False, True)],
    ids=["instagram changes", "whatsapp changes", "whatsapp receipts", "facebook receipts"],
)
def test_every_order_gives_one_state(
    stage: Stage, platform: str, changes: bool, outcome: bool, each: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = record(stage, platform, changes=changes, outcome=outcome)
    assert len(recorded.bodies) == 4
    played: Played

    def send(account: AccountView, out: Outbound) -> Receipt:
        return Receipt(played.other(recorded.ours))

    monkeypatch.setattr(PLATFORMS[platform], "send", send, raising=False)
    states = {}
    with httpx.Client(trust_env=False) as http, clock.turned_to(recorded.sent_at):
        for order in permutations(range(4)):
            played = Played(stage, recorded)
            played.play(http, order, each=each)
            states[order] = played.state()
    first = states[0, 1, 2, 3]
    if changes:  # whose matter it is can be read only from words that are not taken back by then
        gone = {order for order in states if order.index(3) < order.index(0)}
        unread = {order for order, state in states.items() if state.pop("agency") is None}
        assert unread == gone if each else unread >= gone
    assert {order: state for order, state in states.items() if state != first} == {}
    if changes:
        assert "dihapus oleh penulis" in first["title"] and first["removed_by"] == "author"
        assert (first["text"], first["versions"]) == ("", []), "what was taken back is shown to nobody"
    else:
        assert (first["sent"], first["receipt"], first["ours"]) == ("sent", "read", True)
    assert set(first["deliveries"]) == {"understood"}
