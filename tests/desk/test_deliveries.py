"""The count of what came in, by account and day, and another try at all that waits for one reason."""

from datetime import UTC, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.intake.talk import at, come_in, line, talk, talker
from tests.world import Lampung

from salur.channels.models import Account
from salur.channels.ports import Broken, Edited, Ignored
from salur.intake.counts import by_day
from salur.intake.models import Delivery, Message
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, Scope, use

__all__ = ["talk"]


def test_the_count_of_an_account_and_day_is_exact(talk: Account, lampung: Lampung) -> None:
    seen, waits = Edited("9", "Lain.", at(0)), Edited("8", "Lain.", at(0))
    # 23:30 and 00:30 in Lampung are one day in UTC.
    for hour, item in ((16, seen), (17, seen), (17, Ignored("reaction")), (17, Broken("x", "y")), (17, waits)):
        with clock.turned_to(datetime(2026, 3, 4, hour, 30, tzinfo=UTC)):
            come_in(talk, item, carry=item is not waits)
    other = talker(lampung, "dinkes", "kesehatan")
    with clock.turned_to(datetime(2026, 3, 5, 3, 0, tzinfo=UTC)):
        come_in(other, Broken("entry.0", "no id"), carry=False)
        with use(EVERYTHING):
            rows = {(one.address, one.day.isoformat()): one.count for one in by_day(2)}
            today = {(one.address, one.day.isoformat()) for one in by_day(1)}
    assert all(count.holds for count in rows.values())
    first, second = rows["jalan", "2026-03-04"], rows["jalan", "2026-03-05"]
    assert (first.received, first.understood) == (1, 1)
    assert (second.received, second.understood, second.ignored) == (4, 1, {"reaction": 1})
    assert (second.quarantined, second.waiting) == (1, 1) and rows["kesehatan", "2026-03-05"].waiting == 1
    assert today == {("jalan", "2026-03-05"), ("kesehatan", "2026-03-05")}


def test_what_only_asking_found_is_counted_once_the_platform_is_known_to_call(talk: Account) -> None:
    come_in(talk, line(1), via="poll")
    with use(EVERYTHING):
        assert by_day(1)[0].found_by_poll == 0
        Account.objects.filter(pk=talk.pk).update(health={"hooked_since": at(-5).isoformat()})
    come_in(talk, line(2, after=600), line(3, after=660), via="poll")
    come_in(talk, line(0, after=-7000), via="poll")  # history from before
    come_in(talk, line(4, after=700))
    with use(EVERYTHING):
        assert sum(one.found_by_poll for one in by_day(2)) == 3


def test_the_count_is_of_ones_own_government(talk: Account, lampung: Lampung) -> None:
    come_in(talk, line(1))
    with use(Scope(lampung.regency.pk)):
        assert by_day(7) == []


def test_the_page_shows_the_count_in_words(talk: Account, sign_in: SignIn) -> None:
    come_in(talk, Ignored("reaction"))
    come_in(talk, Broken("x", "y"))
    browser = sign_in("coordinator", "diskominfotik")
    for name in ("deliveries", "quarantine"):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse(f"desk:{name}")).status_code == 200
        assert len(queries) <= 12, [query["sql"][:120] for query in queries]
    shown = browser.get(reverse("desk:deliveries") + "?days=30").content.decode()
    assert "jalan" in shown and "reaksi: 1" in shown and 'value="30" selected' in shown


def test_all_of_one_reason_are_tried_again_and_nobody_elses(talk: Account, lampung: Lampung, sign_in: SignIn) -> None:
    # Understood once the account is connected.
    missing = line(1, account_ref="kesehatan")
    ours = [come_in(talk, missing), come_in(talk, line(2, sender_address="b", place="b", account_ref="kesehatan"))]
    regency = talker(lampung, "diskominfo", "pesawaran", "18.09")
    theirs = come_in(regency, Broken("x", "y"))
    with use(EVERYTHING):
        Delivery.objects.filter(pk=ours[1].pk).update(reason="error")
    talker(lampung, "dinkes", "kesehatan")
    browser = sign_in("coordinator", "diskominfotik")
    shown = browser.get(reverse("desk:quarantine")).content.decode()
    assert "sebagian isinya tidak dapat dipahami" in shown and "Salur sendiri gagal" in shown
    assert "item 0: account kesehatan is not connected" in shown
    narrowed = browser.get(reverse("desk:quarantine") + "?reason=error")
    assert [one.delivery.pk for one in narrowed.context["waiting"]] == [ours[1].pk]
    browser.post(reverse("desk:quarantine-replay"), {"reason": "item"})
    run_until_quiet()
    with use(EVERYTHING):
        states = dict(Delivery.objects.values_list("pk", "state"))
        assert Message.objects.count() == 1
    assert [states[one.pk] for one in (*ours, theirs)] == ["understood", "quarantined", "quarantined"]
