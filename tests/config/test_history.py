"""The invented year: what verbs would have written, deterministic, varied, and slow where it is told to be."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from tests.world import Lampung

from salur.cases import events as of_cases
from salur.cases.models import Case
from salur.config.bench.history import Life, Slow, World, lives
from salur.config.bench.history_rows import lay_down, world_of
from salur.kernel import ledger
from salur.kernel.events import Event
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import events as of_publishing
from salur.sop import events as of_sop
from salur.sop.rebuild import rebuild

SINCE = datetime(2025, 11, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
UNTIL = SINCE + timedelta(days=365)
KNOWN: dict[str, type[Event]] = {
    one.KIND: one
    for room in (of_cases, of_publishing, of_sop)
    for one in vars(room).values()
    if isinstance(one, type) and issubclass(one, Event) and one is not Event
}


@pytest.fixture
def world(lampung: Lampung) -> World:
    return world_of(lampung.province, SINCE, UNTIL)


def acts(life: Life) -> list[str]:
    return [fact.kind for fact in life.facts if not fact.kind.startswith("obligation.")]


def test_a_history_is_the_same_again_and_in_parts(world: World) -> None:
    whole = [life.facts for life in lives(world, 30)]
    assert [life.facts for life in lives(world, 10, first=20)] == whole[20:]
    assert [life.facts for life in lives(world, 30, seed=8)] != whole


def test_every_fact_is_one_that_the_rooms_write_in_its_place(world: World) -> None:
    for life in lives(world, 150):
        assert [fact.seq for fact in life.facts] == list(range(1, len(life.facts) + 1))
        assert all(one.at <= other.at for one, other in zip(life.facts, life.facts[1:], strict=False))
        assert all(SINCE <= fact.at <= UNTIL for fact in life.facts)
        for fact in life.facts:
            assert {**vars(KNOWN[fact.kind].read(fact))} == fact.data


def test_a_year_holds_what_a_year_holds(world: World) -> None:
    told = list(lives(world, 600))
    assert 7.5 < sum(len(acts(life)) for life in told) / len(told) < 9
    kinds = Counter(kind for life in told for kind in set(acts(life)))
    assert kinds["case.closed"] > 500 and kinds["case.referred"] > 30 and kinds["case.held"] > 20
    assert min(kinds[one] for one in ("case.reopened", "case.horizon_set", "reply.returned", "message.joined")) > 0
    assert len({life.channel for life in told}) == 8 and len({life.kind for life in told}) == 4
    assert len({life.agency for life in told}) > 25
    late = [one.breached for life in told if life.state for one in life.state.obligations if one.code == "answer"]
    assert 0 < sum(late) / len(late) < 0.2


def test_what_is_laid_down_is_what_the_verbs_would_have_written(lampung: Lampung, world: World) -> None:
    facts = lay_down(lampung.province, world, 120)
    with use(EVERYTHING):
        cases = list(Case.objects.all())
        assert len(cases) == 120 and facts > 120 * 7
        assert {ledger.first_break(case.stream) for case in cases} == {None}
        assert not any(rebuild(write=False))


@pytest.mark.parametrize(
    ("step", "code"), [("follow_up", "follow_up"), ("coordinate", "follow_up"), ("verify", "verify")]
)
def test_a_step_made_slow_is_slow_in_its_agency_alone(world: World, step: str, code: str) -> None:
    agency = next(life.agency for life in lives(world, 1))
    slow = World(**{**vars(world), "slow": Slow(step, agency, 8)})

    def late(told: World) -> dict[bool, float]:
        """The share of breaches of the obligation, in that agency and elsewhere."""
        found: dict[bool, list[bool]] = defaultdict(list)
        for life in lives(told, 500):
            for one in life.state.obligations if life.state else ():
                if one.code == code:
                    found[life.facts[0].data["agency_id"] == agency].append(one.breached)
        return {where: sum(values) / len(values) for where, values in found.items()}

    before, after = late(world), late(slow)
    assert after[True] > before[True] + 0.3
    assert after[False] < before[False] + 0.1


def test_a_step_that_nobody_does_cannot_be_slow() -> None:
    with pytest.raises(ValueError, match="no step 'nothing' can be slow: choose one of verify"):
        Slow("nothing", None, 3)


def test_the_slow_step_moves_the_median_by_its_days(world: World) -> None:
    def days(told: World) -> float:
        waits = []
        for life in lives(told, 300):
            at = {fact.kind: fact.at for fact in reversed(life.facts)}
            if "case.verified" in at and life.facts[0].at < UNTIL - timedelta(days=60):
                waits.append((at["case.verified"] - life.facts[0].at) / timedelta(days=1))
        return median(waits)

    slow = World(**{**vars(world), "slow": Slow("verify", None, 5)})
    assert 4 < days(slow) - days(world) < 12
