"""The measures of a classifier, against counting by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from salur.triage.measures import coverage, macro_f1, precision_recall, quality, threshold, top


def scored(rows: list[list[float]]) -> np.ndarray:
    return np.array(rows)


SCORES = scored([[0.9, 0.1, 0.0], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.4, 0.5]])
TRUTH = np.array([0, 1, 1, 0])


def test_the_measures_of_four_texts_by_hand() -> None:
    assert top(SCORES, TRUTH, 1) == 0.5 and top(SCORES, TRUTH, 2) == 0.75 and top(SCORES, TRUTH, 3) == 1.0
    assert coverage(SCORES, TRUTH, 0.95) == 0.25 and threshold(SCORES, TRUTH, 0.95) == 0.9
    assert coverage(SCORES, TRUTH, 0.5) == 1.0
    found = quality(SCORES, TRUTH)
    assert (found.n, found.top1, found.coverage) == (4, 0.5, 0.25)
    assert found.calibration == pytest.approx((0.1 + 0.6 + 0.5 + 0.5) / 4)


def test_a_class_that_was_never_taught_is_wrong_and_lowers_the_mean() -> None:
    assert top(SCORES, np.array([0, -1, 1, -1]), 3) == 0.5
    assert macro_f1(np.array([0, 0, 1, 2]), np.array([0, -1, 1, -1])) == pytest.approx((2 / 3 + 1 + 0 + 0) / 4)


def test_where_none_is_sure_enough_nothing_is_covered() -> None:
    assert coverage(SCORES, np.array([1, 2, 0, 0]), 0.95) == 0.0
    assert threshold(SCORES, np.array([1, 2, 0, 0]), 0.95) > 1


def test_texts_of_one_certainty_are_taken_together() -> None:
    even = scored([[0.8, 0.2]] * 4)
    assert coverage(even, np.array([0, 0, 0, 1]), 0.95) == 0.0


def test_nothing_to_measure_is_said() -> None:
    with pytest.raises(ValueError, match="holds no text"):
        quality(np.zeros((0, 2)), np.zeros(0, dtype=np.int64))


def test_precision_and_recall_of_a_yes_or_no() -> None:
    assert precision_recall([True, True, False], [True, False, True]) == (0.5, 0.5)
    assert precision_recall([False, False], [True, False]) == (1.0, 0.0)


labels = st.integers(0, 4)


@given(st.lists(st.tuples(labels, labels), min_size=1, max_size=60))
def test_macro_f1_is_scikit_learn_s(pairs: list[tuple[int, int]]) -> None:
    said, truth = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    assert macro_f1(said, truth) == pytest.approx(f1_score(truth, said, average="macro"))


rows_of_three = st.tuples(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), st.integers(-1, 2))


@given(st.lists(rows_of_three, min_size=1, max_size=40))
def test_what_is_covered_is_as_precise_as_claimed(rows: list[tuple[list[float], int]]) -> None:
    scores = scored([[value / sum(row) for value in row] for row, _ in rows])
    truth = np.array([one for _, one in rows])
    taken = scores.max(axis=1) >= threshold(scores, truth, 0.9)
    assert taken.mean() == pytest.approx(coverage(scores, truth, 0.9))
    if taken.any():
        assert (scores.argmax(axis=1) == truth)[taken].mean() >= 0.9
