"""A burst of signed hooks with repeats, forgeries and broken pieces: each delivery always stands in one place."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.intake.gate import SECRET, SignedPlatform, Told, ask, signed
from tests.intake.talk import Talk, body, line
from tests.world import ready_lampung

from salur.channels.connect import connect
from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.models import Account
from salur.channels.ports import AccountView, Broken, Ignored, Item
from salur.channels.registry import PLATFORMS
from salur.intake.counts import Conservation, by_day
from salur.intake.gate.entrance import Gate
from salur.intake.models import Delivery, HookCount, Message
from salur.intake.queries import conservation, quarantined
from salur.intake.replay import replay
from salur.intake.understand import TRIES
from salur.journey.act import act
from salur.journey.worker import run_until_quiet, take_some
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

NUMBER = 40
BURSTS = 4
STEP = 7


class Signed(Talk):
    """Chats and comments whose hooks are signed."""

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        return SignedPlatform().verify(account, request)


def delivery(number: int) -> tuple[str, bytes, list[Item]]:
    """Where a delivery must end, its bytes, and what it says."""
    said = line(number, f"Lampu nomor {number} padam.", sender_address=f"warga-{number}", place=f"chat-{number}")
    kinds: list[tuple[str, list[Item]]] = [
        ("understood", [said]),
        ("understood", [Ignored("reaction"), said]),
        ("ignored", [Ignored("reaction")]),
        ("quarantined", [Broken("entry.0", "no id"), said]),
        ("quarantined", []),
    ]
    end, items = kinds[number % len(kinds)]
    return end, body(items) if items else b'[{"item": "rusak %d' % number, items


def burst(account: Account, numbers: list[int], forged: int) -> list[Told]:
    """These deliveries reach the gate at once, and so many more that nobody signed."""

    async def come() -> list[Told]:
        gate = Gate("https://salur.test")
        path = f"/hooks/{account.platform}/{account.hook_key}"
        try:
            calls = []
            for number in numbers:
                _, sent, _ = delivery(number)
                calls.append(ask(gate, sent, signed(sent, x_key=b"d%d" % number), path=path))
            calls += [ask(gate, b"palsu %d" % n, signed(b"lain"), path=path) for n in range(forged)]
            return list(await asyncio.gather(*calls))
        finally:
            await gate.close()

    return asyncio.run(come())


def standing(received: int) -> Conservation:
    """The count now, which has to be exact: in all, by account and day, and against the rows themselves."""
    with use(EVERYTHING):
        found, days = conservation(), by_day(2)
        rows = Counter(Delivery.objects.values_list("state", flat=True))
    assert found.received == received, "each is received once"
    assert found.received == found.understood + sum(found.ignored.values()) + found.quarantined + found.waiting
    assert all(day.count.holds for day in days) and sum(day.count.received for day in days) == received
    assert dict(rows) == {
        state: number
        for state, number in (
            ("understood", found.understood),
            ("ignored", sum(found.ignored.values())),
            ("quarantined", found.quarantined),
            ("received", found.waiting),
        )
        if number
    }
    return found


def steps(received: int) -> Iterator[Conservation]:
    """The worker takes a few at a time until nothing can be taken now; the count after each step."""
    while take_some(STEP):
        yield standing(received)


@pytest.mark.django_db(transaction=True)
def test_a_burst_is_accounted_for_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLATFORMS, "signed", Signed())
    agency = ready_lampung().agency("bmbk")
    with use(EVERYTHING):
        account = connect(agency, "signed", "jalan", credentials={"app_secret": SECRET})
    dice, sent = random.Random(11), set[int]()
    for number in range(BURSTS):
        new = list(range(number, NUMBER, BURSTS))
        again = [dice.choice(new) for _ in new] + dice.sample(sorted(sent), len(sent) // 2)  # some long understood
        coming = new + again
        dice.shuffle(coming)
        told = burst(account, coming, forged=3)
        assert Counter(one.status for one in told) == {200: len(coming), 401: 3}
        sent |= set(new)
        before = standing(len(sent))
        assert before.waiting >= len(new)
        settled = before.received - before.waiting
        for count in steps(len(sent)):
            assert count.received - count.waiting >= settled, "what has an end keeps it"
            settled = count.received - count.waiting
    tried = [one for one in range(NUMBER) if not delivery(one)[2]]
    assert standing(NUMBER).waiting == len(tried), "what our own program fails on has further tries"
    for attempt in range(1, TRIES):
        with clock.turned_to(clock.now() + timedelta(hours=attempt)):
            assert len(list(steps(NUMBER))) >= 1
    ends = Counter(delivery(one)[0] for one in range(NUMBER))
    last = standing(NUMBER)
    assert (last.understood, last.ignored) == (ends["understood"], {"reaction": ends["ignored"]})
    assert (last.quarantined, last.waiting) == (ends["quarantined"], 0)
    check_what_came_of_it(account, last)


def check_what_came_of_it(account: Account, last: Conservation) -> None:
    """Each message once, each forgery counted, and another try at what is in quarantine keeps the count."""
    run_until_quiet()
    said = {item.external_id for one in range(NUMBER) for item in delivery(one)[2] if isinstance(item, type(line(0)))}
    with use(EVERYTHING):
        assert sorted(Message.objects.values_list("external_id", flat=True)) == sorted(said)
        assert list(HookCount.objects.values_list("account_id", "reason", "number")) == [
            (account.pk, "bad_signature", 3 * BURSTS)
        ]
        again = [one.pk for one in quarantined("item")]
    for number, delivery_id in enumerate(again, start=1):
        act(replay, delivery_id, actor="member:1")
        found = standing(NUMBER)
        assert (found.waiting, found.quarantined) == (number, last.quarantined - number)
    run_until_quiet()
    assert standing(NUMBER) == last
