"""An open street: a platform with public comments and private messages that does what a test tells it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.world import ROAD, Lampung, actor

from salur.agencies.models import Member
from salur.cases.models import Case, CaseMessage
from salur.channels.models import Account
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.ports import AccountView, Echoed, Inbound, Item, Outbound, Raw, Receipt, Receipted
from salur.channels.registry import PLATFORMS
from salur.channels.ways import Capabilities, TextLimit, Way
from salur.intake.accept import accept
from salur.journey.act import act
from salur.journey.worker import carry_some, run_until_quiet, take_some
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch, Reply
from salur.publishing.replies import approve, draft

PUBLIC = Way("public_reply", TextLimit(500), public=True, answers=frozenset({"public"}))
PRIVATE = Way(
    "private_reply", TextLimit(300, parts=3), answers=frozenset({"public"}), window=timedelta(days=7), once=True
)
DIRECT = Way("direct", TextLimit(300, parts=3), window=timedelta(days=1), opened_by="person")


@dataclass
class Street(DefaultPlatform):
    """Remembers what it was asked to say; `answers` are raised, or given back, one a sending."""

    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(ways=(PUBLIC, PRIVATE, DIRECT), hooks=True, receipts=True)
    )
    said: list[Outbound] = field(default_factory=list)
    answers: Iterator[Exception | Receipt | None] = field(default_factory=lambda: iter(()))
    kept: dict[str, str] = field(default_factory=dict)
    government: Lampung | None = None

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        told: dict[str, Any] = json.loads(raw.body)
        at = datetime.fromisoformat(told.pop("at"))
        kind = told.pop("is", "said")
        if kind == "receipt":
            return [Receipted(at=at, **told)]
        if kind == "echo":
            return [Echoed(at=at, **told)]
        return [Inbound(spoken_at=at, **told)]

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        answer = next(self.answers, None)
        if isinstance(answer, Exception):
            raise answer
        self.said.append(out)
        return answer or Receipt(f"id:{out.once_key}")

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        found = self.kept.get(out.once_key)
        return Receipt(found) if found else None

    def ways(self, *ways: Way, **more: Any) -> None:
        """Answer only by these."""
        self.capabilities = replace(self.capabilities, ways=ways, **more)


@dataclass(frozen=True)
class Town:
    """The province with an account on the street, and the two people an answer needs."""

    lampung: Lampung
    street: Street
    account: Account
    author: Member
    approver: Member

    def tell(self, **item: Any) -> None:
        """Let the platform tell one thing, and understand it."""
        item.setdefault("at", clock.now().isoformat())
        with use(EVERYTHING):
            accept(self.account, Raw(f"raw-{clock.now().timestamp()}-{item}", json.dumps(item).encode(), "x"))
        while take_some() + carry_some():
            pass

    def says(self, external_id: str, text: str = ROAD, audience: str = "public", **more: Any) -> Case:
        """A citizen says something; returns the case it came to, with its acknowledgement waiting."""
        more = {"sender_address": "psid-7", "sender_name": "Contoh Warga", "sender_handle": "contoh.warga", **more}
        self.tell(external_id=external_id, text=text, audience=audience, link=f"https://s.test/{external_id}", **more)
        with use(EVERYTHING):
            return CaseMessage.objects.select_related("case").get(message__external_id=external_id).case

    def answers(self, case: Case, text: str = "Sudah ditambal.", purpose: str = "answer") -> Reply:
        """Two people answer; the dispatches wait for the undo to be over."""
        with use(EVERYTHING):
            Case.objects.filter(pk=case.pk, agency=None).update(agency=self.author.agency)
        reply = act(draft, case.pk, purpose=purpose, text=text, actor=actor(self.author))
        act(approve, reply.pk, actor=actor(self.approver))
        while carry_some():
            pass
        return reply

    def sent(self, case: Case, text: str = "Sudah ditambal.", purpose: str = "answer") -> Dispatch:
        """Answer, and let it go out; returns the sending."""
        reply = self.answers(case, text, purpose)
        run_until_quiet()
        return self.dispatch(reply)

    def dispatch(self, reply: Reply) -> Dispatch:
        """The only sending of a reply."""
        with use(EVERYTHING):
            return Dispatch.objects.select_related("reply__case").get(reply=reply)

    def acknowledgement(self, case: Case) -> Dispatch:
        """The sending of the acknowledgement."""
        with use(EVERYTHING):
            return Dispatch.objects.get(reply__case=case, reply__purpose="acknowledgement")


@pytest.fixture
def town(lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> Town:
    return open_town(lampung, monkeypatch)


def open_town(lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The province with its street, for as long as the test runs."""
    street = Street()
    monkeypatch.setitem(PLATFORMS, "street", street)
    agency = lampung.agency("bmbk")
    with use(EVERYTHING):
        account = Account.objects.create(
            government_id=agency.government_id, agency=agency, platform="street", address="page-1"
        )
    author, approver = lampung.officer("penulis", "operator"), lampung.officer("penyetuju", "approver")
    return Town(lampung, street, account, author, approver)
