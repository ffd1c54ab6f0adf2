"""Intervals beside shares: repeatable, around the share, wide where there is little, none where there is nothing."""

from hypothesis import given
from hypothesis import strategies as st

from salur.insight.lab.bootstrap import compare

COUNTS = st.integers(0, 4)
PATTERNS = st.dictionaries(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), st.integers(1, 500), min_size=1, max_size=8)


@given(patterns=PATTERNS, seed=st.integers(0, 99))
def test_the_interval_contains_the_share(patterns: dict[tuple[int, int, int, int], int], seed: int) -> None:
    before, after, difference = compare(patterns, seed, "step:answer")
    for one in (before, after):
        if one.kept + one.broken:
            assert one.low is not None and one.high is not None and one.share is not None
            assert 0 <= one.low <= one.share <= one.high <= 1
        else:
            assert (one.share, one.low, one.high) == (None, None, None)
    if difference.value is not None:
        assert before.share is not None and after.share is not None
        assert difference.low is not None and difference.high is not None
        assert abs(difference.value - (after.share - before.share)) < 1e-9
        assert difference.low <= difference.value <= difference.high


@given(patterns=PATTERNS, seed=st.integers(0, 99))
def test_the_same_seed_gives_the_same(patterns: dict[tuple[int, int, int, int], int], seed: int) -> None:
    backwards = dict(reversed(list(patterns.items())))
    assert compare(patterns, seed, "all") == compare(backwards, seed, "all")


def test_few_cases_make_it_wide_and_many_narrow() -> None:
    few, _, _ = compare({(1, 0, 1, 0): 2, (0, 1, 0, 1): 1}, 1, "all")
    many, _, _ = compare({(1, 0, 1, 0): 20_000, (0, 1, 0, 1): 10_000}, 1, "all")
    assert few.low is not None and few.high is not None and few.high - few.low > 0.5
    assert many.low is not None and many.high is not None and many.high - many.low < 0.02


def test_three_kept_of_three_prove_little() -> None:
    before, _, _ = compare({(1, 0, 1, 0): 3}, 1, "all")
    assert before.share == 1.0 and before.low is not None and before.low < 0.7


def test_what_never_changes_has_no_difference() -> None:
    _, _, difference = compare({(1, 0, 1, 0): 5, (0, 1, 0, 1): 5}, 1, "all")
    assert (difference.value, difference.low, difference.high) == (0.0, 0.0, 0.0)


def test_the_difference_is_paired() -> None:
    """Shares scatter with which cases are drawn; what changes in each case does so much less."""
    _, _, paired = compare({(1, 0, 1, 0): 490, (0, 1, 0, 1): 490, (1, 0, 0, 1): 20}, 1, "all")
    assert paired.low is not None and paired.high is not None
    assert -0.035 < paired.low < -0.02 < paired.high < -0.008
