"""An invented platform on which people chat and comment: its deliveries are lists of items, as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from tests.world import Lampung

from salur.cases.models import Case, CaseMessage
from salur.channels.connect import connect
from salur.channels.models import Account
from salur.channels.platforms.web.adapter import WebPlatform
from salur.channels.ports import (
    AccountNews,
    AccountView,
    Broken,
    Echoed,
    Edited,
    Ignored,
    Inbound,
    Item,
    MediaRef,
    Raw,
    Receipted,
    Removed,
)
from salur.channels.registry import PLATFORMS
from salur.intake.accept import accept
from salur.intake.models import Delivery, Message
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
KINDS = {one.__name__: one for one in (Inbound, Edited, Removed, Receipted, Echoed, AccountNews, Ignored, Broken)}
_numbers = count(1)


class Talk(WebPlatform):
    """Chats and comments; `broken` are ids of messages at which the program itself fails."""

    capabilities = replace(WebPlatform.capabilities, chat=True, edits=True, removals=True, receipts=True, hooks=True)

    def parse(self, account: AccountView, raw: Raw) -> Sequence[Item]:
        return [read(one) for one in json.loads(raw.body)]


def read(told: dict[str, Any]) -> Item:
    """One item of a delivery."""
    kind = KINDS[told.pop("item")]
    for name in ("at", "spoken_at"):
        if name in told:
            told[name] = datetime.fromisoformat(told[name])
    if "thread_ids" in told:
        told["thread_ids"] = tuple(told["thread_ids"])
    if "media" in told:
        told["media"] = tuple(MediaRef(**one) for one in told["media"])
    return kind(**told)  # type: ignore[no-any-return]  # one of the items


def body(items: Iterable[Item]) -> bytes:
    """A delivery that holds these items."""
    told = [{"item": type(one).__name__, **asdict(one)} for one in items]
    return json.dumps(told, default=lambda at: at.isoformat()).encode()


@pytest.fixture
def talk(lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> Account:
    """The account of the road agency there."""
    monkeypatch.setitem(PLATFORMS, "talk", Talk())
    return talker(lampung, "bmbk", "jalan")


def talker(lampung: Lampung, agency: str, address: str, government: str = "18") -> Account:
    """An account of an agency there. All are of one app, whose secret signs for all of them."""
    with use(EVERYTHING):
        body = lampung.agency(agency, government)
        account = connect(body, "talk", address, credentials={"app_secret": "rahasia-aplikasi"})
        return Account.objects.select_related("agency", "government").get(pk=account.pk)


def come_in(account: Account, *items: Item, carry: bool = True, via: str = "hook") -> Delivery:
    """One delivery with these items comes in once all of it was said, and is carried to the end."""
    with clock.turned_to(max([clock.now(), *(one.spoken_at for one in items if isinstance(one, Inbound))])):
        return _come_in(account, items, carry, via)


def _come_in(account: Account, items: Sequence[Item], carry: bool, via: str) -> Delivery:
    with use(EVERYTHING):
        raw = Raw(f"d{next(_numbers)}", body(items), "application/json", received_at=clock.now(), via=via)
        delivery = accept(account, raw)
    assert delivery is not None
    if carry:
        run_until_quiet()
        with use(EVERYTHING):
            delivery.refresh_from_db()
    return delivery


def line(number: int | str, text: str = "Jalan berlubang.", after: float = 0, **more: Any) -> Inbound:
    """One line that Siti writes in her chat, `after` seconds after NOW."""
    told = {"sender_address": "siti", "sender_name": "Siti Contoh", "place": "chat-siti"} | more
    return Inbound(str(number), text, NOW + timedelta(seconds=after), **told)


def comment(number: int | str, text: str = "Jalan berlubang.", after: float = 0, **more: Any) -> Inbound:
    """One comment that Siti writes under a post, `after` seconds after NOW."""
    return line(number, text, after, **({"audience": "public", "place": "post-1"} | more))


def at(seconds: float) -> datetime:
    """So many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def case_of(external_id: int | str) -> Case:
    """The case in which a message ended."""
    with use(EVERYTHING):
        return CaseMessage.objects.select_related("case").get(message__external_id=str(external_id)).case


def message(external_id: int | str) -> Message:
    """A message as it stands."""
    with use(EVERYTHING):
        return Message.objects.get(external_id=str(external_id))
