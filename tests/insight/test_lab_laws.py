"""Laws of trying a draft, over a year of invented cases."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.insight.conftest import JAKARTA, changed_draft

from salur.config.bench.history import World, lives
from salur.insight.lab.history import FOLDED_ELSEWHERE, Journal
from salur.insight.lab.trial_tally import TrialCounter, TrialTally
from salur.insight.lab.verdicts import LATE
from salur.sop.document.model import SopDocument
from salur.sop.engine.clocks import Calendars

SINCE, UNTIL = datetime(2025, 3, 1, tzinfo=JAKARTA), datetime(2025, 9, 1, tzinfo=JAKARTA)
LIMITS = st.integers(1, 25)


@pytest.fixture(scope="module")
def past(standard: SopDocument, calendars: Calendars) -> list[Journal]:
    world = World(1, 1, standard, calendars, tuple((one, f"Dinas {one}") for one in range(1, 5)), SINCE, UNTIL)
    return [
        Journal(
            life.number,
            f"18-{life.number}",
            life.channel,
            [fact for fact in life.facts if fact.kind not in FOLDED_ELSEWHERE],
            1,
        )
        for life in lives(world, 60)
    ]


def trial(past: list[Journal], own: SopDocument, draft: SopDocument, calendars: Calendars, keep: int = 5) -> TrialTally:
    counter = TrialCounter({1: own}, draft, calendars, UNTIL, {}, keep)
    for one in past:
        counter.add(one)
    return counter.tally


def verdicts(tally: TrialTally, side: int, step: str = "") -> Counter[str]:
    found: Counter[str] = Counter()
    for (*_, said), cases in tally.verdicts.items():
        for code, _agency, before, after in said:
            if step in ("", code):
                found[after if side else before] += cases
    return found


def limited(document: SopDocument, code: str, days: int) -> SopDocument:
    """The document with a limit of so many working days; that of the answer stands with the kinds."""
    if code != "answer":
        return changed_draft(document, **{code: {"within": f"{days} working_days"}})
    data: dict[str, Any] = document.model_dump(mode="json")
    kinds = {name: {**rule, "answer_within": f"{days} working_days"} for name, rule in data["kinds"].items()}
    return SopDocument.model_validate({**data, "kinds": kinds})


def test_the_own_version_changes_nothing(past: list[Journal], standard: SopDocument, calendars: Calendars) -> None:
    tally = trial(past, standard, standard, calendars)
    assert (tally.cases, tally.changed, tally.groups, tally.kept) == (60, 0, Counter(), [])
    assert verdicts(tally, 0) == verdicts(tally, 1)
    assert {(actor, week): n for (side, actor, week), n in tally.due.items() if side == "before"} == {
        (actor, week): n for (side, actor, week), n in tally.due.items() if side == "after"
    }
    assert not any(what in ("earlier", "later") for *_, what in tally.rungs)


@settings(max_examples=15)
@given(code=st.sampled_from(["verify", "first_response", "follow_up", "answer", "answer_again"]), a=LIMITS, b=LIMITS)
def test_a_tighter_limit_never_keeps_more(
    past: list[Journal], standard: SopDocument, calendars: Calendars, code: str, a: int, b: int
) -> None:
    loose, tight = limited(standard, code, max(a, b)), limited(standard, code, min(a, b))
    tightened = trial(past, loose, tight, calendars)
    before, after = (verdicts(tightened, side, code) for side in (0, 1))
    assert after["in_time"] <= before["in_time"]
    assert sum(after[one] for one in LATE) >= sum(before[one] for one in LATE)
    loosened = trial(past, tight, loose, calendars)
    assert loosened.changed == tightened.changed
    if code != "answer":
        # An agency's deadline lies within the answer it works for only while that one has not passed: a much shorter
        # answer limit may have passed before the agency's clock starts, and then the agency has its whole time.
        assert (tightened.better, loosened.worse) == (0, 0)
        assert loosened.better == tightened.worse
    for (step, before, after, reasons), _ in tightened.groups.items():
        assert step == code or (code == "answer" and reasons[0][0] == "answer_limit"), (step, before, after)
        assert reasons != (("elsewhere",),)


@given(cut=st.integers(0, 60))
@settings(max_examples=8)
def test_it_does_not_matter_who_counts(
    past: list[Journal], standard: SopDocument, calendars: Calendars, cut: int
) -> None:
    draft = limited(standard, "first_response", 1)
    whole, first, second = (trial(part, standard, draft, calendars) for part in (past, past[:cut], past[cut:]))
    second.merge(first)
    whole.merge(TrialTally(keep=whole.keep))
    assert second == whole
    assert whole.changed > len(whole.kept) == whole.keep


def test_every_obligation_on_either_side_is_counted_once(
    past: list[Journal], standard: SopDocument, calendars: Calendars
) -> None:
    data = standard.model_dump(mode="json")
    kept = [one for one in data["obligations"] if one["code"] != "first_response"]
    draft = SopDocument.model_validate({**data, "obligations": kept})
    tally = trial(past, standard, draft, calendars)
    absent = verdicts(tally, 1)["absent"]
    assert absent == sum(
        n * sum(one[0] == "first_response" for one in said) for (*_, said), n in tally.verdicts.items()
    )
    assert verdicts(tally, 0)["absent"] == 0
    promised = sum(one.channel in standard.channels for one in past)
    assert 0 < promised < 60 and tally.changed == promised
