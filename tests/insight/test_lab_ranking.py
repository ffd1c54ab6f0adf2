"""The step that was made slow is named first, in a year of invented cases."""

from datetime import datetime

import pytest
from tests.insight.conftest import JAKARTA

from salur.config.bench.history import Slow, World, lives
from salur.insight.lab.history import FOLDED_ELSEWHERE, Journal
from salur.insight.lab.hurts_tally import HurtsCounter
from salur.insight.lab.ranking import Cause, Counts, causes
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars

AGENCIES = tuple((number, f"Dinas {number}") for number in range(1, 13))
SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=JAKARTA), datetime(2026, 1, 1, tzinfo=JAKARTA)


def hurting(standard: SopDocument, calendars: Calendars, slow: Slow | None, cases: int) -> list[Cause]:
    """The causes of lateness in a year of invented cases."""
    world = World(1, 1, standard, calendars, AGENCIES, SINCE, UNTIL, slow)
    counter = HurtsCounter({1: standard}, calendars, UNTIL)
    for life in lives(world, cases):
        told = [fact for fact in life.facts if fact.kind not in FOLDED_ELSEWHERE]
        counter.add(Journal(life.number, f"18-{life.number}", life.channel, told, 1))
    tally = counter.tally
    return causes(Counts(tally.blame, tally.excess, tally.passed, tally.hurt))


@pytest.mark.parametrize(
    ("slow", "step", "stretch"),
    [
        ("verify", "verify", ("case.opened", "case.verified")),
        ("follow_up", "follow_up", ("case.verified", "case.followed_up")),
        ("draft", "answer", ("case.followed_up", "reply.drafted:answer")),
        ("approve", "answer", ("reply.submitted:answer", "reply.approved:answer")),
    ],
)
def test_a_step_slow_everywhere_is_named(
    standard: SopDocument, calendars: Calendars, slow: str, step: str, stretch: tuple[str, str]
) -> None:
    first = hurting(standard, calendars, Slow(slow, None, 3), 400)[0]
    assert (first.step, first.agency_id) == (step, None)
    assert first.stretches[0][:2] == stretch


@pytest.mark.slow
@pytest.mark.parametrize(("slow", "step"), [("verify", "verify"), ("follow_up", "follow_up"), ("draft", "answer")])
@pytest.mark.parametrize("agency", [2, 7])
def test_a_step_slow_in_one_agency_is_named_with_it(
    standard: SopDocument, calendars: Calendars, slow: str, step: str, agency: int
) -> None:
    first = hurting(standard, calendars, Slow(slow, agency, 5), 2000)[0]
    assert (first.step, first.agency_id) == (step, agency)


def test_nothing_stands_out_where_nobody_is_slow(standard: SopDocument, calendars: Calendars) -> None:
    assert all(one.agency_id is None for one in hurting(standard, calendars, None, 400)[:2])


def test_lateness_counts_against_its_limit_and_how_often() -> None:
    counts = Counts(
        blame={("rare", "a", "b", 1): 3000, ("common", "a", "b", 1): 9000},
        excess={("rare", 1): 1000, ("common", 1): 9000},
        passed={("rare", 1): 10, ("common", 1): 100},
        hurt={("rare", 1): 10, ("common", 1): 90},
    )
    first, second = causes(counts)
    assert (first.step, first.late_days, first.per_pass, first.cases) == ("common", 90.0, 0.9, 90)
    assert (second.step, second.late_days, second.per_pass) == ("rare", 30.0, 3.0)
