"""What messages cost in a month, and that nothing is said beyond the limit."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.publishing.conftest import DIRECT, Town

from salur.agencies.models import Government
from salur.channels.ports import SendFailed
from salur.channels.ways import TextLimit, Way
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import dispatch, spend

PAID = Way("direct", TextLimit(100, parts=3), cost=20_000)


@pytest.fixture
def province(town: Town) -> Government:
    town.street.ways(PAID)
    return town.lampung.province


def spent(province: Government) -> int:
    with use(EVERYTHING):
        return spend.spent(province)


def test_each_message_that_went_out_is_counted(town: Town, province: Government) -> None:
    case = town.says("p1", audience="private")
    run_until_quiet()
    assert spent(province) == 20_000, "what a program says is one message"
    found = town.sent(case, "Lubang sudah ditambal kemarin oleh petugas kami.")
    assert (found.cost, spent(province)) == (len(found.texts) * 20_000, 20_000 + len(found.texts) * 20_000)
    assert len(found.texts) > 1


def test_what_was_refused_costs_nothing(town: Town, province: Government) -> None:
    town.street.answers = iter([SendFailed("tidak", permanent=True)])
    town.says("p1", audience="private")
    run_until_quiet()
    assert spent(province) == 0


def test_beyond_the_limit_nothing_is_said_until_the_month_is_over_or_the_limit_is_raised(
    town: Town, province: Government
) -> None:
    with use(EVERYTHING):
        spend.set_cap(province, 25_000)
    case = town.says("p1", audience="private")
    run_until_quiet()
    found = town.sent(case, "Sudah.")
    assert (found.state, found.problem) == ("not_permitted", "the spending limit of this month is reached")
    assert len(town.street.said) == 1
    with clock.turned_to(clock.now() + timedelta(days=32)):
        act(dispatch.decide, found.pk, went_out=False, actor="member:1")
        with use(EVERYTHING):
            spend.set_cap(province, 1_000_000)
        run_until_quiet()
    assert town.dispatch(found.reply).state == "sent"


def test_what_is_free_goes_on_without_money(town: Town, province: Government) -> None:
    town.street.ways(PAID, Way("mail", TextLimit(1000)), DIRECT)
    with use(EVERYTHING):
        spend.set_cap(province, 0)
    town.says("p1", audience="private")
    run_until_quiet()
    assert [out.way for out in town.street.said] == ["mail"]


def test_the_month_is_that_of_the_government(province: Government) -> None:
    with clock.turned_to(datetime(2026, 11, 30, 17, 30, tzinfo=UTC)):  # half past midnight on 1 December in Lampung
        assert spend.month_start(province) == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_a_limit_is_not_below_nothing(province: Government) -> None:
    with use(EVERYTHING), pytest.raises(ValueError, match="at least 0"):
        spend.set_cap(province, -1)
