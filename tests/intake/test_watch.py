"""What an account's own traffic says: silence, messages the hook lost, calls that were refused."""

from datetime import datetime, timedelta

import pytest
from tests.channels.standin import Standin, standin
from tests.world import Lampung

from salur.channels.connect import connect
from salur.channels.models import Account, Alarm
from salur.channels.ports import Health
from salur.intake.heard import forget_old, hear_of, heard_at, heard_from
from salur.intake.models import Delivery, Heard, HookCount, Message
from salur.intake.watch import REFUSALS, found_by_poll, watch
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["standin"]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def account(lampung: Lampung, standin: Standin) -> Account:
    with use(EVERYTHING):
        return connect(lampung.agency("bmbk"), "standin", "17")


def came(account: Account, at: datetime, via: str = "hook") -> Delivery:
    return Delivery(
        government_id=account.government_id,
        account=account,
        external_id=f"{via}-{at.isoformat()}",
        body=b"{}",
        content_type="application/json",
        received_at=at,
        via=via,
        state=Delivery.State.UNDERSTOOD,
    )


def arrive(deliveries: list[Delivery]) -> None:
    """As the gate stores them and the worker finds them."""
    Delivery.objects.bulk_create(deliveries)
    hear_of(deliveries)


def look(account: Account, at: datetime) -> dict[str, str]:
    """One heartbeat at an instant; the alarms that are open then."""
    with use(EVERYTHING), clock.turned_to(at):
        Account.objects.filter(pk=account.pk).update(checked_at=None)
        assert watch(account) == 1
        return {one.kind: one.detail for one in Alarm.objects.filter(account=account, ended_at=None)}


def said(account: Account, delivery: Delivery, at: datetime) -> None:
    Message.objects.create(
        government_id=account.government_id,
        account=account,
        delivery=delivery,
        external_id=delivery.external_id,
        text="Lampu jalan padam",
        spoken_at=at,
    )


def test_a_channel_that_went_dead_is_an_alarm_until_something_comes(account: Account, standin: Standin) -> None:
    standin.health = Health(True, subscribed=True)
    last = clock.now() - HOUR
    with use(EVERYTHING):
        arrive([came(account, last - HOUR * n) for n in range(24 * 20)])
    assert look(account, last + HOUR) == {}
    with use(EVERYTHING):
        account.refresh_from_db()
    assert account.quiet_seconds and 6 * 3600 <= account.quiet_seconds < 24 * 3600
    quiet = timedelta(seconds=account.quiet_seconds)
    assert look(account, last + quiet - 10 * MINUTE) == {}
    assert list(look(account, last + quiet + 2 * HOUR)) == ["silent"]
    with use(EVERYTHING):
        arrive([came(account, last + quiet + 3 * HOUR, via="poll")])
    assert list(look(account, last + quiet + 4 * HOUR)) == ["silent"], "asking says nothing about the hook"
    with use(EVERYTHING):
        arrive([came(account, last + quiet + 5 * HOUR)])
    assert look(account, last + quiet + 6 * HOUR) == {}


def test_what_waits_for_the_worker_was_heard(account: Account, standin: Standin) -> None:
    standin.health = Health(True, subscribed=True)
    last = clock.now() - HOUR
    with use(EVERYTHING):
        arrive([came(account, last - HOUR * n) for n in range(24 * 20)])
    look(account, last + HOUR)
    with use(EVERYTHING):
        waiting = came(account, last + 2 * DAY - HOUR)
        waiting.state = Delivery.State.RECEIVED
        waiting.save()
    assert look(account, last + 2 * DAY) == {}, "the worker was away, not the platform"


def test_when_accounts_were_heard_is_kept_for_four_weeks_and_the_last_time_for_ever(account: Account) -> None:
    now = clock.now()
    with use(EVERYTHING):
        for days, via in ((50, "poll"), (40, "poll"), (45, "hook"), (35, "hook"), (3, "hook")):
            arrive([came(account, now - DAY * days, via=via)])
        forget_old(account.pk)
        assert [now - one for one in heard_at(account.pk, "hook")] == [3 * DAY]
        assert heard_from([account.pk]) == {account.pk: now - 3 * DAY}
        kept = [(one.via, now - one.at) for one in Heard.objects.order_by("at")]
    assert kept == [("poll", 40 * DAY), ("hook", 3 * DAY)]


def test_a_dead_channel_stays_an_alarm_when_its_traffic_is_long_ago(account: Account, standin: Standin) -> None:
    standin.health = Health(True, subscribed=True)
    last = clock.now() - HOUR
    with use(EVERYTHING):
        arrive([came(account, last - HOUR * n) for n in range(24 * 20)])
    look(account, last + HOUR)
    assert list(look(account, last + 2 * DAY)) == ["silent"]
    assert list(look(account, last + 60 * DAY)) == ["silent"]


def test_an_account_that_is_only_asked_is_measured_by_what_asking_brings(account: Account) -> None:
    last = clock.now() - HOUR
    with use(EVERYTHING):
        arrive([came(account, last - HOUR * n, via="poll") for n in range(24 * 20)])
    assert look(account, last + HOUR) == {}
    assert list(look(account, last + 2 * DAY)) == ["silent"]


def test_little_traffic_is_never_called_silence(account: Account, standin: Standin) -> None:
    standin.health = Health(True, subscribed=True)
    last = clock.now()
    with use(EVERYTHING):
        arrive([came(account, last - DAY * n) for n in range(10)])
    assert look(account, last + 10 * DAY) == {}


def test_what_the_hook_lost_is_counted_and_the_alarm_ends_after_a_day_without(account: Account) -> None:
    began = clock.now()
    with use(EVERYTHING):
        history = came(account, began - 2 * DAY, via="poll")
        arrive([history])
        said(account, history, began - 2 * DAY)
        arrive([came(account, began - MINUTE)])
    assert look(account, began) == {}, "what was said before the hook was known to work is history"
    with use(EVERYTHING):
        for minute, via in ((10, "hook"), (20, "poll"), (30, "poll")):
            delivery = came(account, began + MINUTE * minute, via)
            arrive([delivery])
            said(account, delivery, began + MINUTE * minute)
        arrive([came(account, began + 40 * MINUTE, via="poll")])  # what the hook had brought already makes no message
    assert look(account, began + HOUR) == {"lost_by_hook": "2 / 24 h"}
    with use(EVERYTHING):
        account.refresh_from_db()
        assert found_by_poll(account, began) == 2
    assert look(account, began + DAY + HOUR) == {}


def test_an_account_whose_platform_does_not_call_us_loses_nothing_by_hook(account: Account) -> None:
    began = clock.now()
    with use(EVERYTHING):
        delivery = came(account, began, via="poll")
        arrive([delivery])
        said(account, delivery, began)
    assert look(account, began + MINUTE) == {}


def test_many_refused_calls_are_an_alarm_for_that_day(account: Account) -> None:
    noon = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
    with use(EVERYTHING):
        for reason, number in (("bad_signature", REFUSALS - 1), ("too_large", 500)):
            HookCount.objects.create(
                government_id=account.government_id, account=account, day=noon.date(), reason=reason, number=number
            )
    assert look(account, noon) == {}
    with use(EVERYTHING):
        HookCount.objects.filter(reason="bad_signature").update(number=REFUSALS)
    assert look(account, noon + HOUR) == {"refused": str(REFUSALS)}
    assert look(account, noon + DAY) == {}


def test_an_account_that_is_not_due_is_not_looked_at(account: Account) -> None:
    with use(EVERYTHING):
        assert watch(account) == 1 and watch(account) == 0
