"""`salur deliveries`: counted, listed, looked at from outside, and tried again."""

import json
from collections.abc import Callable

from click.testing import Result
from tests.intake.talk import come_in, line, talk, talker
from tests.world import Lampung

from salur.channels.models import Account
from salur.channels.ports import Broken, Ignored
from salur.intake.models import Delivery, Message
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["talk"]
Salur = Callable[..., Result]


def test_count_tells_every_account_and_day_and_the_whole(salur: Salur, talk: Account) -> None:
    come_in(talk, line(1))
    come_in(talk, Ignored("reaction"))
    done = salur("deliveries", "count", "--government", "18")
    assert done.exit_code == 0
    assert "talk jalan: received 2 = understood 1 + ignored 1 (reaction 1) + quarantined 0 + waiting 0" in done.output
    assert "everything: received 2 = understood 1" in done.output
    [row] = [json.loads(one) for one in salur("deliveries", "count", "--json").output.splitlines()]
    assert row["count"]["ignored"] == {"reaction": 1} and row["holds"] is True
    assert salur("deliveries", "count", "--government", "18.09").output.startswith("everything: received 0")


def test_list_and_show_tell_why_and_nobodys_words(salur: Salur, talk: Account) -> None:
    bad = come_in(talk, line(1, "Rahasia sekali"), Broken("entry.1", "no id"))
    listed = salur("deliveries", "list", "--reason", "item").output
    assert f"{bad.pk}  " in listed and "item: entry.1: no id" in listed
    assert salur("deliveries", "list", "--reason", "error").output.startswith("0 in quarantine")
    shown = salur("deliveries", "show", bad.pk).output
    assert "quarantined item: entry.1: no id" in shown and "by hook" in shown
    assert "Rahasia" not in shown + listed
    assert salur("deliveries", "show", 99_999).exit_code == 1


def test_replay_takes_one_or_all_of_a_reason(salur: Salur, talk: Account, lampung: Lampung) -> None:
    first = come_in(talk, line(1, account_ref="kesehatan"))
    second = come_in(talk, line(2, sender_address="b", place="b", account_ref="kesehatan"))
    for wrong in ((), (first.pk, "--all", "--reason", "item"), ("--all",), (first.pk, "--reason", "item")):
        assert salur("deliveries", "replay", *wrong).exit_code == 2, wrong
    talker(lampung, "dinkes", "kesehatan")
    assert salur("deliveries", "replay", first.pk).output == "1 tried again.\n"
    assert salur("deliveries", "replay", first.pk).exit_code == 1
    assert salur("deliveries", "replay", "--all", "--reason", "item").output == "1 tried again.\n"
    run_until_quiet()
    with use(EVERYTHING):
        assert Message.objects.count() == 2
        assert {one.state for one in Delivery.objects.filter(pk__in=[first.pk, second.pk])} == {"understood"}
