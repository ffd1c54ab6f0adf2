"""Whatever order a platform tells things in, and however often: one state in the tables."""

from itertools import permutations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.intake.talk import Talk, at, case_of, come_in, line, message, talk, talker
from tests.world import known_lampung, ready_lampung

from salur.cases.models import Case, CaseMessage
from salur.channels.models import Account
from salur.channels.ports import Edited, Item, Receipted, Removed
from salur.channels.registry import PLATFORMS
from salur.intake.models import Message, Signal
from salur.intake.queries import versions_of
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["talk"]

STORY: list[Item] = [
    line(7, "Jalan berlubang di Kedaton"),
    Edited("7", "Jalan berlubang di Sukarame", at(5), "7:1"),
    Edited("7", "Jalan berlubang di Way Halim", at(5), "7:2"),
    Removed("7", at(9)),
    Removed("7", at(12), shown=True),
]
OTHERS: list[Item] = [
    line(8, "Lampu mati", 30),
    line(9, "Sudah seminggu", 75),
    Receipted("kami", "read", at(3), "siti"),
]


class NoDeliveries(Exception):
    """Takes back what one order of the deliveries did."""


def outcome(account: Account, items: list[Item], *, together: bool = False) -> dict[str, object]:
    """What stands in the tables after these deliveries, one item each; nothing of it stays.

    `together`: they all wait, and are carried in one transaction.
    """
    found: dict[str, object] = {}
    try:
        with transaction.atomic():
            for item in items:
                come_in(account, item, carry=not together)
            if together:
                come_in(account)
            with use(EVERYTHING):
                found = state()
            raise NoDeliveries
    except NoDeliveries:
        return found


def state() -> dict[str, object]:
    messages = list(Message.objects.select_related("lead").order_by("external_id"))
    versions = versions_of(messages)
    facts = [fact for case in Case.objects.all() for fact in ledger.journal(case.stream)]
    return {
        "messages": [
            (one.external_id, one.text, one.edited_at, one.removed_at, one.removed_by, versions.get(one.pk))
            for one in messages
        ],
        "leads": {one.external_id: one.lead.external_id if one.lead else None for one in messages},
        "cases": Case.objects.count(),
        "in a case": CaseMessage.objects.count(),
        "told": sorted((f.data["change"], f.data["at"]) for f in facts if f.kind == "case.message_changed"),
        "signals": sorted(Signal.objects.values_list("about", "kind", "at", "key")),
    }


def test_every_order_of_one_messages_story_gives_one_state(talk: Account) -> None:
    wanted = outcome(talk, STORY)
    assert wanted["messages"] == [("7", "Jalan berlubang di Way Halim", at(5), None, "", wanted["messages"][0][5])]  # type: ignore[index]  # a list
    assert [one.text[-7:] for one in wanted["messages"][0][5]] == ["Kedaton", "ukarame"]  # type: ignore[index]  # a list
    assert len(wanted["told"]) == 4 and wanted["cases"] == 1  # type: ignore[arg-type]  # a list
    for number, order in enumerate(list(permutations(STORY))[1::7]):
        assert outcome(talk, list(order), together=bool(number % 2)) == wanted


class AnyOrder(TestCase):
    """The law over stories of several lines, with repeats."""

    def setUp(self) -> None:
        self.patch = pytest.MonkeyPatch()
        self.patch.setitem(PLATFORMS, "talk", Talk())
        self.addCleanup(self.patch.undo)

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def test_one_state(self, data: st.DataObject) -> None:
        account = talker(known_lampung() or ready_lampung(), "bmbk", "jalan")
        things = STORY + OTHERS
        again = data.draw(st.lists(st.sampled_from(things), max_size=3))
        order, together = data.draw(st.permutations(things + again)), data.draw(st.booleans())
        assert outcome(account, order, together=together) == outcome(account, things)


def test_a_title_taken_from_a_removed_message_shows_nothing_of_it(talk: Account) -> None:
    come_in(talk, line(7, "Jalan berlubang di Kedaton"))
    come_in(talk, Edited("7", "Jalan berlubang di Sukarame", at(5)))
    assert case_of(7).title == "Jalan berlubang di Sukarame"
    come_in(talk, Removed("7", at(9)))
    assert (case_of(7).title, message(7).text) == ("[dihapus oleh penulis]", "")
    assert message(7).first_text == "Jalan berlubang di Kedaton"
    come_in(talk, Removed("7", at(12), shown=True))
    assert case_of(7).title == message(7).text == "Jalan berlubang di Sukarame"


def test_what_was_removed_before_it_came_opens_a_case_that_shows_no_word(talk: Account) -> None:
    come_in(talk, Removed("7", at(9), by="platform"))
    come_in(talk, line(7, "Jalan berlubang di Kedaton"))
    assert (case_of(7).title, message(7).text) == ("[tidak ditampilkan lagi]", "")


def test_the_change_of_a_later_line_leaves_the_title(talk: Account) -> None:
    come_in(talk, line(7, "Jalan berlubang"), line(8, "Nomor saya 0812", 10))
    come_in(talk, Removed("8", at(20)))
    assert case_of(7) == case_of(8) and case_of(7).title == "Jalan berlubang" and message(8).text == ""


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_lines_in_a_row_have_one_leader_in_any_order(talk: Account, order: tuple[int, ...]) -> None:
    lines = [line("m:9", after=0), line("m:10", after=0), line("m:11", after=60), line("m:12", after=121)]
    for place in order:
        come_in(talk, lines[place], carry=False)
    come_in(talk)
    with use(EVERYTHING):
        leads = dict(Message.objects.values_list("external_id", "lead__external_id"))
    assert leads == {"m:9": None, "m:10": "m:9", "m:11": "m:9", "m:12": None}


def test_an_album_is_one_group_and_one_case_wherever_it_is(talk: Account) -> None:
    parts = [line(n, f"Foto {n}", after=n * 120, group_key="album", audience="public", place="p") for n in (2, 1, 3)]
    for part in parts:
        come_in(talk, part)
    with use(EVERYTHING):
        leads = dict(Message.objects.values_list("external_id", "lead__external_id"))
    assert leads == {"1": None, "2": "1", "3": "1"}
    assert case_of(1) == case_of(2) == case_of(3)
    come_in(talk, line(4, "Foto 4", 130, group_key="album", sender_address="budi", audience="public", place="p"))
    assert case_of(4) != case_of(1)
