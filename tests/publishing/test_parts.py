"""An answer in several messages: each is proved by its own echo, counted in its own month, and said once."""

from datetime import UTC, datetime, timedelta

from tests.publishing.conftest import DIRECT, Town

from salur.agencies.models import Government
from salur.channels.ports import SendFailed, SendUncertain
from salur.channels.ways import TextLimit, Way
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import dispatch, spend
from salur.publishing.dispatch import Outcome
from salur.publishing.models import Dispatch

LONG = "Lubang ditambal bertahap. " * 25
PAID = Way("direct", TextLimit(300, parts=3), cost=20_000)


def second_part_uncertain(town: Town) -> Dispatch:
    town.street.ways(DIRECT)
    case = town.says("p1", audience="private")
    run_until_quiet()
    town.street.answers = iter([None, SendUncertain("putus")])
    found = town.sent(case, LONG)
    assert (found.state, len(found.said)) == ("uncertain", 1)
    return found


def echo(town: Town, external_id: str, text: str, once_key: str = "") -> None:
    town.tell(**{"is": "echo", "external_id": external_id, "text": text, "once_key": once_key, "to": "psid-7"})


def test_a_late_echo_of_an_earlier_message_proves_nothing_of_the_next(town: Town) -> None:
    found = second_part_uncertain(town)
    echo(town, found.said[0], found.texts[0])
    echo(town, found.said[0], found.texts[1])
    again = town.dispatch(found.reply)
    assert (again.state, again.said) == ("uncertain", found.said)


def test_a_key_proves_only_the_message_that_it_names(town: Town) -> None:
    found = second_part_uncertain(town)
    echo(town, "other-name", found.texts[1], found.once_key)
    assert town.dispatch(found.reply).state == "uncertain", "the key of the first message"
    echo(town, "mid-2", "", f"{found.once_key}.2")
    again = town.dispatch(found.reply)
    assert (again.state, again.said) == ("waiting", [found.said[0], "mid-2"])
    run_until_quiet()
    assert town.dispatch(found.reply).state == "sent" and town.street.said[-1].text == found.texts[2]


def test_an_echo_that_came_before_the_doubt_is_known_by_its_key(town: Town) -> None:
    found = second_part_uncertain(town)
    with use(EVERYTHING):
        Dispatch.objects.filter(pk=found.pk).update(state="sending")
    echo(town, "mid-1b", "", found.once_key)
    echo(town, "mid-2", "", f"{found.once_key}.2")
    with use(EVERYTHING):
        Dispatch.objects.filter(pk=found.pk).update(state="uncertain")
        outcome = dispatch.read_back(found.pk)
    assert (outcome.state, outcome.external_id) == ("sent", "mid-2")


def test_news_of_an_earlier_message_does_not_count_for_the_next(town: Town) -> None:
    found = second_part_uncertain(town)
    act(dispatch.conclude, found.pk, Outcome("sent", external_id="twice", part=0))
    again = town.dispatch(found.reply)
    assert (again.state, again.said) == ("uncertain", found.said)
    act(dispatch.conclude, found.pk, Outcome("sent", external_id="mid-2", part=1))
    assert town.dispatch(found.reply).said == [found.said[0], "mid-2"]


def spent(government: Government) -> int:
    with use(EVERYTHING):
        return spend.spent(government)


NOVEMBER = datetime(2026, 11, 28, 3, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 2, 3, tzinfo=UTC)


def test_what_was_given_up_half_way_costs_what_was_said_in_the_month_it_was_said(town: Town) -> None:
    town.street.ways(PAID)
    province = town.lampung.province
    with clock.turned_to(NOVEMBER):
        case = town.says("p1", audience="private")
        run_until_quiet()
        before = spent(province)
        town.street.answers = iter([None, SendFailed("sebentar")])
        found = town.sent(case, LONG)
        assert (found.state, len(found.said)) == ("waiting", 1)
        assert spent(province) - before == 60_000, "what goes on counts whole"
    with clock.turned_to(DECEMBER):
        town.street.answers = iter([SendFailed("tidak", permanent=True)])
        run_until_quiet()
        assert town.dispatch(found.reply).state == "failed"
        assert spent(province) == 0
    with clock.turned_to(NOVEMBER + timedelta(hours=2)):
        assert spent(province) - before == 20_000


def test_what_is_uncertain_counts_in_the_month_it_was_handed_over(town: Town) -> None:
    town.street.ways(PAID)
    province = town.lampung.province
    with clock.turned_to(NOVEMBER):
        case = town.says("p1", audience="private")
        run_until_quiet()
        town.street.answers = iter([SendUncertain("putus")])
        found = town.sent(case, "Sudah.")
        assert (found.state, spent(province)) == ("uncertain", 40_000)
    with clock.turned_to(DECEMBER):
        assert spent(province) == 0
        act(dispatch.decide, found.pk, went_out=True, actor="member:1")
        assert spent(province) == 0, "it went out in November"
    with clock.turned_to(NOVEMBER + timedelta(hours=2)):
        assert spent(province) == 40_000


def test_a_way_that_closes_half_way_costs_what_each_way_said(town: Town) -> None:
    other = Way("tagged", TextLimit(300, parts=3), cost=5_000)
    town.street.ways(PAID, other)
    case = town.says("p1", audience="private")
    run_until_quiet()
    town.street.answers = iter([None, SendFailed("tertutup", permanent=True, blames="way")])
    found = town.sent(case, LONG)
    assert (found.state, found.way) == ("sent", "tagged")
    assert found.cost == 20_000 + 5_000 * (len(found.texts) - 1)
