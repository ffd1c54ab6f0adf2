"""The heartbeat: what it renews, mends, notes, alarms and lets go on."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.channels.standin import Standin, standin
from tests.world import Lampung

from salur.channels.alone import BEAT
from salur.channels.connect import connect
from salur.channels.health import beat, check, due_to_check, next_beat, note_poll, rest, resume, stop, subscribe
from salur.channels.models import Account, Alarm
from salur.channels.ports import Check, FetchFailed, Health, Renewed
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["standin"]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DOWN = Health(False, "the platform fails (503)", checks=(Check("reach", False, "the platform fails (503)"),))
REVOKED = Health(False, "the password was changed", checks=(Check("token", False, "the password was changed"),))
UNHEARD = Health(False, "no hook", subscribed=False, checks=(Check("token", True), Check("subscription", False)))


@pytest.fixture
def account(lampung: Lampung, standin: Standin) -> Account:
    with use(EVERYTHING):
        return connect(lampung.agency("bmbk"), "standin", "17", credentials={"access_token": "old", "app_secret": "s"})


def look(account: Account) -> Account:
    """Check it, and read it back."""
    with use(EVERYTHING):
        check(account)
        return Account.objects.get(pk=account.pk)


def alarms(account: Account) -> dict[str, str]:
    with use(EVERYTHING):
        return {one.kind: one.detail for one in Alarm.objects.filter(account=account, ended_at=None)}


def test_what_a_probe_finds_is_kept(account: Account, standin: Standin) -> None:
    ends = clock.now() + 50 * DAY
    standin.health = Health(
        True, name="@bmbk", token_expires_at=ends, subscribed=True, checks=(Check("token", True), Check("scopes", True))
    )
    found = look(account)
    assert (found.name, found.token_expires_at, found.problem) == ("@bmbk", ends, "")
    assert [one["code"] for one in found.health["checks"]] == ["token", "scopes"] and found.checked_at
    assert alarms(account) == {}


@pytest.mark.parametrize(
    ("health", "kind"),
    [
        (DOWN, "down"),
        (Health(False, "no route to host"), "down"),
        (REVOKED, "token"),
        (Health(False, "x", checks=(Check("scopes", False, "pages_manage_engagement is missing"),)), "token"),
        (UNHEARD, "subscription"),
        (Health(True, subscribed=False), "subscription"),
    ],
)
def test_what_is_wrong_is_an_alarm_until_it_is_mended(
    account: Account, standin: Standin, health: Health, kind: str
) -> None:
    standin.health = health
    look(account)
    assert list(alarms(account)) == [kind]
    look(account)
    standin.health = Health(True, subscribed=True)
    found = look(account)
    assert alarms(account) == {} and found.problem == ""
    with use(EVERYTHING):
        assert Alarm.objects.filter(account=account).count() == 1


def test_a_lost_subscription_is_mended_without_anybody(account: Account, standin: Standin) -> None:
    standin.health, standin.after_subscribing = UNHEARD, Health(True, subscribed=True)
    look(account)
    assert alarms(account) == {} and standin.health.subscribed
    with use(EVERYTHING):
        assert subscribe(account).ok


def test_whether_the_platform_calls_us_is_known_from_its_subscription(
    lampung: Lampung, account: Account, standin: Standin
) -> None:
    assert "hooked_since" not in look(account).health
    standin.health = Health(True, subscribed=True)
    since = look(account).health["hooked_since"]
    with clock.turned_to(clock.now() + HOUR):
        assert look(account).health["hooked_since"] == since
    with use(EVERYTHING):
        connect(lampung.agency("bmbk"), "standin", "17", settings={"mode": "poll"})
    assert "hooked_since" not in look(account).health, "asked now, and well without a hook"


def test_an_adapter_that_breaks_is_an_alarm_and_no_crash(
    account: Account, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_view: object) -> Health:
        raise ZeroDivisionError("token=geheim")

    monkeypatch.setattr(standin, "probe", broken)
    found = look(account)
    assert "ZeroDivisionError" in found.problem and "geheim" not in found.problem
    assert list(alarms(account)) == ["down"]


# -- credentials


def test_a_token_is_renewed_at_half_of_its_life_and_stored_whole(account: Account, standin: Standin) -> None:
    began = clock.now()
    standin.health = Health(True, token_expires_at=began + 60 * DAY)
    with clock.turned_to(began):
        look(account)
    standin.renewed = Renewed({"access_token": "new", "refresh_token": "r2"}, began + 100 * DAY)
    with clock.turned_to(began + 29 * DAY):
        assert look(account).credentials["access_token"] == "old"
    standin.health = Health(True)
    with clock.turned_to(began + 31 * DAY):
        found = look(account)
    assert found.credentials == {"access_token": "new", "refresh_token": "r2", "app_secret": "s"}
    assert found.token_expires_at == began + 100 * DAY
    assert standin.seen[-1].credentials["access_token"] == "new", "what is probed is what will be used"
    with clock.turned_to(began + 40 * DAY):
        standin.renewed = FetchFailed("not asked again so soon")
        assert look(account).credentials["access_token"] == "new"


def test_a_token_that_ended_unseen_is_renewed_too(
    account: Account, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin.renewed = Renewed({"access_token": "new"}, clock.now() + HOUR)
    monkeypatch.setattr(
        standin, "probe", lambda view: Health(True) if view.credentials["access_token"] == "new" else REVOKED
    )
    assert look(account).health["ok"] and alarms(account) == {}


def test_a_failed_renewal_is_an_alarm_when_the_end_is_near(account: Account, standin: Standin) -> None:
    began = clock.now()
    standin.health = Health(True, token_expires_at=began + 60 * DAY)
    standin.renewed = FetchFailed("the platform fails (500)")
    for day, expected in ((0, {}), (40, {}), (54, {"token": "the platform fails (500)"})):
        with clock.turned_to(began + DAY * day):
            look(account)
        assert alarms(account) == expected
    standin.renewed = Renewed({"access_token": "new"}, began + 114 * DAY)
    standin.health = Health(True)
    with clock.turned_to(began + 55 * DAY):
        look(account)
    assert alarms(account) == {}


def test_a_token_that_nobody_can_renew_is_warned_of_seven_days_before(account: Account, standin: Standin) -> None:
    began = clock.now()
    standin.health = Health(True, token_expires_at=began + 60 * DAY)
    for day, expected in ((0, []), (52, []), (54, ["token"])):
        with clock.turned_to(began + DAY * day):
            found = look(account)
        assert list(alarms(account)) == expected
        assert found.stopped == "", "until then it works"


def test_a_short_token_is_looked_after_in_time(account: Account, standin: Standin) -> None:
    began = clock.now()
    standin.health = Health(True, token_expires_at=began + HOUR)
    with clock.turned_to(began):
        found = look(account)
    with clock.turned_to(began + HOUR * 0.6):
        assert next_beat(look(found)) <= began + HOUR - 9 * MINUTE
        standin.renewed, standin.health = Renewed({"access_token": "new"}, began + HOUR * 1.7), Health(True)
        assert look(account).token_expires_at == began + HOUR * 1.7


def test_a_revoked_authorisation_stops_the_account(account: Account, standin: Standin) -> None:
    standin.health, standin.renewed = REVOKED, FetchFailed("the refresh token is spent", revoked=True)
    found = look(account)
    assert found.stopped == "the refresh token is spent" and list(alarms(account)) == ["token"]


# -- stopping and going on


def test_a_stopped_account_goes_on_when_its_authorisation_works_again(account: Account, standin: Standin) -> None:
    began = clock.now()
    standin.health = REVOKED
    with use(EVERYTHING), clock.turned_to(began):
        check(account)
        stop(account.pk, "the platform no longer accepts our token (401)")
        assert account in due_to_check(), "it is looked at at once"
        assert beat(account)
    assert alarms(account) == {"token": "the platform no longer accepts our token (401)"}
    standin.health = Health(True)
    with clock.turned_to(began + HOUR):
        found = look(account)
    assert found.stopped == "" and alarms(account) == {}


def test_an_account_that_is_refused_again_is_not_tried_without_a_pause(account: Account, standin: Standin) -> None:
    began = clock.now()
    with clock.turned_to(began), use(EVERYTHING):
        stop(account.pk, "blocked")
        assert look(account).stopped == ""
        stop(account.pk, "blocked")
        assert due_to_check() == []
        assert look(account).stopped == "blocked" and list(alarms(account)) == ["token"]
    with clock.turned_to(began + 16 * MINUTE):
        assert look(account).stopped == ""


def test_an_officer_may_let_it_go_on(account: Account, standin: Standin) -> None:
    with use(EVERYTHING):
        stop(account.pk, "blocked")
        stop(account.pk, "blocked anew")
        rest(account.pk, 600)
        account.refresh_from_db()
        assert account.stopped == "blocked", "the first reason stays"
        resume(account.pk)
        account.refresh_from_db()
        assert (account.stopped, account.send_after) == ("", None)


def test_a_rest_is_never_made_shorter(account: Account) -> None:
    began = clock.now()
    with use(EVERYTHING), clock.turned_to(began):
        rest(account.pk, 600)
        rest(account.pk, 60)
        account.refresh_from_db()
        assert account.send_after == began + 10 * MINUTE
        rest(account.pk, 900)
        account.refresh_from_db()
        assert account.send_after == began + 15 * MINUTE


# -- when


def test_all_are_looked_at_each_quarter_of_an_hour_and_not_at_one_instant(lampung: Lampung, standin: Standin) -> None:
    began = clock.now()
    with use(EVERYTHING), clock.turned_to(began):
        several = [connect(lampung.agency("bmbk"), "standin", str(n)) for n in range(10)]
        assert [one.pk for one in due_to_check()] == [one.pk for one in several], "the counters are not among them"
        for one in several:
            assert beat(one) and not beat(one)
            one.refresh_from_db()
    beats = {next_beat(one) for one in several}
    assert len(beats) > 5 and all(14 * MINUTE <= one - began <= 16 * MINUTE for one in beats)
    with use(EVERYTHING):
        with clock.turned_to(began + 13 * MINUTE):
            assert due_to_check() == []
        with clock.turned_to(began + 17 * MINUTE):
            assert len(due_to_check()) == 10


def test_what_fails_is_looked_at_again_soon_and_then_more_seldom(account: Account, standin: Standin) -> None:
    began, standin.health = clock.now(), DOWN
    at, pauses = began, []
    for _ in range(12):
        with clock.turned_to(at):
            following = next_beat(look(account))
        pauses.append(following - at)
        at = following
    assert pauses[0] == timedelta(seconds=30) and pauses == sorted(pauses)
    assert 14 * MINUTE <= pauses[-1] <= 16 * MINUTE and at - began < 2 * HOUR


def test_an_account_at_rest_is_left_alone(account: Account, standin: Standin) -> None:
    with use(EVERYTHING):
        Account.objects.filter(pk=account.pk).update(state="off")
        assert due_to_check() == [] and not beat(account) and standin.probed == 0


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time(account: Account, standin: Standin) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [BEAT, account.pk])
        with use(EVERYTHING):
            assert not beat(account)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [BEAT, account.pk])
        with use(EVERYTHING):
            assert beat(account)
    finally:
        other.close()


# -- asking, beside probing


def test_when_asking_begins_to_fail_the_account_is_looked_at_at_once(account: Account) -> None:
    with use(EVERYTHING):
        for problem, hastened in (("", False), ("the feed cannot be read", True), ("it still cannot", False)):
            check(account)
            note_poll(account, problem, clock.now())
            assert (account in due_to_check()) == hastened
            account.refresh_from_db()


def test_asking_that_fails_for_long_is_an_alarm_though_the_probe_goes_well(account: Account, standin: Standin) -> None:
    began = clock.now()
    with use(EVERYTHING):
        for minute in (0, 5, 11):
            with clock.turned_to(began + MINUTE * minute):
                account.refresh_from_db()
                note_poll(account, "the feed cannot be read", began + MINUTE * minute)
                check(account)
            assert account.problem == "the feed cannot be read"
            assert list(alarms(account)) == (["down"] if minute == 11 else [])
        with clock.turned_to(began + 12 * MINUTE):
            note_poll(account, "", began + HOUR)
            check(account)
    assert account.problem == "" and alarms(account) == {}
