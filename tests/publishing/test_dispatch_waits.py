"""How long a sending is tried, whom a wait holds back, and what is looked at again."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from tests.publishing.conftest import DIRECT, PUBLIC, Town

from salur.channels import alone, health
from salur.channels.models import Account
from salur.channels.ports import SendFailed, SendUncertain
from salur.channels.ways import Pace
from salur.intake import words
from salur.journey.act import act
from salur.journey.worker import recover_some, run_until_quiet, send_some
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import dispatch
from salur.publishing.claim import SENDER_LOCK, claim, hold_sender_lock
from salur.publishing.models import Dispatch, Reply, Turn

SENDER = 41


def once_more(town: Town, found: Dispatch, answer: Exception, at: timedelta) -> Dispatch:
    """What came of it after one more try at that time from now on."""
    with use(EVERYTHING):
        Dispatch.objects.filter(pk=found.pk).update(not_before=clock.now())
    town.street.answers = iter([answer])
    with clock.turned_to(clock.now() + at):
        run_until_quiet()
    return town.dispatch(found.reply)


def refused(town: Town, answer: Exception) -> Dispatch:
    case = town.says("k1")
    run_until_quiet()
    town.street.answers = iter([answer])
    return town.sent(case)


def test_five_days_of_refusals_are_given_up_and_an_officer_s_word_begins_them_anew(town: Town) -> None:
    found = refused(town, SendFailed("sebentar"))
    assert once_more(town, found, SendFailed("sebentar"), timedelta(days=4, hours=23)).state == "waiting"
    assert once_more(town, found, SendFailed("sebentar"), timedelta(days=5, hours=1)).state == "failed"
    with clock.turned_to(clock.now() + timedelta(days=6)):
        act(dispatch.decide, found.pk, went_out=False, actor="member:1")
        town.street.answers = iter([SendFailed("sebentar")])
        run_until_quiet()
        assert town.dispatch(found.reply).state == "waiting"


def test_a_wait_that_the_platform_names_is_never_given_up(town: Town) -> None:
    found = refused(town, SendFailed("tunggu", after=600))
    with use(EVERYTHING):
        Account.objects.filter(pk=town.account.pk).update(send_after=None)
    assert once_more(town, found, SendFailed("tunggu", after=600), timedelta(days=9)).state == "waiting"


def test_the_days_in_which_the_account_stood_still_do_not_count(town: Town) -> None:
    found = refused(town, SendFailed("sebentar"))
    with use(EVERYTHING):
        health.stop(town.account.pk, "token dicabut")
    with clock.turned_to(clock.now() + timedelta(days=6)):
        with use(EVERYTHING):
            health.resume(town.account.pk)
        again = once_more(town, found, SendFailed("sebentar"), timedelta(minutes=5))
        assert again.state == "waiting"
    assert once_more(town, found, SendFailed("sebentar"), timedelta(days=12)).state == "failed"


def test_a_read_back_looks_from_the_first_try_on(town: Town) -> None:
    found = refused(town, SendFailed("sebentar"))
    start = clock.now()
    with clock.turned_to(start + timedelta(hours=2)):
        run_until_quiet()
    began = town.street.said[-1].began_at
    assert town.dispatch(found.reply).state == "sent" and began is not None and began <= start


def test_what_can_never_be_settled_does_not_starve_the_rest(town: Town) -> None:
    town.street.ways(PUBLIC, can_read_back=True)
    found = refused(town, SendUncertain("putus", copy_expected=True))
    town.street.kept[found.once_key] = "id-1"
    with use(EVERYTHING):
        hopeless = Account.objects.create(
            government_id=town.account.government_id, agency=town.account.agency, platform="counter", address="loket-9"
        )
        for number in range(101):
            Dispatch.objects.create(
                government_id=found.government_id, reply=_reply(found, number), voice_id=found.voice_id,
                account=hopeless, once_key=f"h{number}", state="uncertain", not_before=clock.now(),
                claimed_at=clock.now(),
            )  # fmt: skip
    with clock.turned_to(clock.now() + timedelta(hours=2)):
        with use(EVERYTHING):
            assert dispatch.doubtful() == [found.pk]
        assert recover_some() == 1
    assert town.dispatch(found.reply).state == "sent"


def _reply(found: Dispatch, number: int) -> Reply:
    return Reply.objects.create(
        government_id=found.government_id, case=found.reply.case, purpose="notice", text=f"kabar {number}",
        drafted_by="system", drafted_at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize(("minutes", "listed"), [(10, True), (90, False)])
@pytest.mark.parametrize("can", ["idempotent", "hooks"])
def test_a_key_is_trusted_and_an_echo_awaited_only_for_a_while(
    town: Town, can: str, minutes: int, listed: bool
) -> None:
    town.street.ways(PUBLIC, **{"hooks": False, "receipts": False, can: True})
    found = refused(town, SendUncertain("putus"))
    with use(EVERYTHING), clock.turned_to(clock.now() + timedelta(minutes=minutes)):
        assert (found.pk in dispatch.doubtful()) is listed


def test_one_person_s_limit_holds_nobody_else_up(town: Town) -> None:
    town.street.ways(DIRECT, person_pace=Pace(6, burst=45))
    mine = town.says("p1", audience="private", sender_address="psid-1")
    other = town.says("p2", audience="private", sender_address="psid-2")
    run_until_quiet()
    start = clock.now()
    with clock.turned_to(start):
        replies = [town.answers(mine, "Satu."), town.answers(mine, "Dua.")]
        theirs = town.answers(other, "Tiga.")
        town.street.answers = iter([SendFailed("terlalu banyak", blames="recipient", after=100)])
        run_until_quiet()
        assert [town.dispatch(one).state for one in (*replies, theirs)] == ["waiting", "waiting", "sent"]
        late = town.answers(mine, "Empat.")
    with use(EVERYTHING):
        assert Account.objects.get(pk=town.account.pk).send_after is None, "the account goes on"
        turn = Turn.objects.get(account=town.account, to_index=town.dispatch(late).to_index)
        assert turn.full_at >= start + timedelta(seconds=100)
    with clock.turned_to(start + timedelta(seconds=95)):
        assert send_some(SENDER) == 0, "neither what waited nor what came since"
    with clock.turned_to(start + timedelta(seconds=101)):
        assert send_some(SENDER) == 1, "one, and the rest at this person's pace"
    with clock.turned_to(start + timedelta(seconds=200)):
        send_some(SENDER)
    assert {town.dispatch(one).state for one in (*replies, late)} == {"sent"}


def test_what_was_sent_stays_sent_whatever_is_found_out_later(town: Town) -> None:
    found = town.sent(town.says("k1"))
    for state in ("uncertain", "waiting", "manual", "sent"):
        act(dispatch.conclude, found.pk, dispatch.Outcome(state, external_id="lain", retry_at=clock.now()))
    again = town.dispatch(found.reply)
    assert (again.state, again.external_id, again.said) == ("sent", found.external_id, found.said)


@pytest.mark.parametrize("state", ["off", "new"])
def test_an_account_that_is_not_at_work_keeps_what_waits(town: Town, state: str) -> None:
    reply = town.answers(town.says("k1"))
    with use(EVERYTHING):
        Account.objects.filter(pk=town.account.pk).update(state=state)
    assert send_some(SENDER, hurry=True) == 0 and town.dispatch(reply).state == "waiting"
    with use(EVERYTHING):
        Account.objects.filter(pk=town.account.pk).update(state="live")
    run_until_quiet()
    assert town.dispatch(reply).state == "sent"


def test_each_kind_of_lock_has_a_number_of_its_own() -> None:
    numbers = [alone.POLL, alone.RENEW, alone.BEAT, alone.TELL, words.LOCK, SENDER_LOCK, 4710]
    assert len(set(numbers)) == len(numbers)


def test_who_renews_an_account_is_not_taken_for_a_living_sender(town: Town) -> None:
    town.answers(town.says("k1"))
    with use(EVERYTHING):
        found = claim(SENDER, hurry=True)
        with alone.alone(alone.RENEW, SENDER) as mine:
            assert mine and [one for one, _ in dispatch.orphans()] == [found]


def test_a_lock_in_another_database_of_the_server_is_no_living_sender(town: Town) -> None:
    town.answers(town.says("k1"))
    with use(EVERYTHING):
        found = claim(SENDER, hurry=True)
    here = connection.get_connection_params()
    asked = {name: here[name] for name in ("host", "port", "user", "password") if here.get(name)}
    with psycopg.connect(dbname="postgres", **asked) as elsewhere:
        elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", [SENDER_LOCK, SENDER])
        with use(EVERYTHING):
            assert [one for one, _ in dispatch.orphans()] == [found]
    hold_sender_lock(SENDER)
    with use(EVERYTHING):
        assert dispatch.orphans() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SENDER_LOCK, SENDER])
