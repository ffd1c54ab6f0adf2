"""How good a classifier is, on texts it was not taught with. Pure.

Everywhere `scores` is one row a text and one column a class, probabilities; `truth` holds the column that is right.
A text whose class was never taught has the truth -1: it counts as wrong, whatever was said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Truth = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Quality:
    """The measures of one classifier on one set. All but `n` are shares between 0 and 1.

    `coverage` is the largest share of texts, surest first, of which at least 95 in 100 are right: what needs no human
    look. `calibration` is the expected calibration error in ten bins of as many texts each.
    """

    n: int
    top1: float
    top3: float
    macro_f1: float
    coverage: float
    calibration: float


def quality(scores: Scores, truth: Truth) -> Quality:
    """All measures at once. Raises ValueError for a set without texts."""
    if not len(truth):
        raise ValueError("Nothing to measure on: the set holds no text.")
    return Quality(
        n=len(truth),
        top1=top(scores, truth, 1),
        top3=top(scores, truth, 3),
        macro_f1=macro_f1(scores.argmax(axis=1), truth),
        coverage=coverage(scores, truth, 0.95),
        calibration=calibration_error(scores, truth),
    )


def top(scores: Scores, truth: Truth, k: int) -> float:
    """The share of texts whose right class is among the k likeliest."""
    likeliest = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float((likeliest == truth[:, None]).any(axis=1).mean())


def macro_f1(said: Truth, truth: Truth) -> float:
    """The mean of the classes' F1, over those that occur in the truth or were said (scikit-learn's definition)."""
    every = []
    for one in np.union1d(said, truth):
        right = float(np.sum((said == one) & (truth == one)))
        every.append(2 * right / float(np.sum(said == one) + np.sum(truth == one)))
    return float(np.mean(every))


def coverage(scores: Scores, truth: Truth, precision: float) -> float:
    """The largest share of texts, taken by falling certainty, that is right at least so often."""
    return float(_prefix(scores, truth, precision) / len(truth))


def threshold(scores: Scores, truth: Truth, precision: float) -> float:
    """The certainty from which on a class may stand without a human look; above 1 where none may."""
    taken = _prefix(scores, truth, precision)
    return float(np.sort(-scores.max(axis=1), kind="stable")[taken - 1] * -1) if taken else 1.01


def _prefix(scores: Scores, truth: Truth, precision: float) -> int:
    """How many of the surest texts may be taken. Texts of one certainty are taken together."""
    sure = scores.max(axis=1)
    order = np.argsort(-sure, kind="stable")
    right = np.cumsum(scores.argmax(axis=1)[order] == truth[order]) / np.arange(1, len(truth) + 1)
    ends = np.append(sure[order][1:] != sure[order][:-1], True)
    good = np.flatnonzero((right >= precision) & ends)
    return int(good[-1] + 1) if len(good) else 0


def calibration_error(scores: Scores, truth: Truth, bins: int = 10) -> float:
    """How far, on the average, what is claimed lies from what is so: in bins of as many texts each, by certainty."""
    sure, right = scores.max(axis=1), scores.argmax(axis=1) == truth
    order = np.argsort(sure, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in parts) / len(truth))


def precision_recall(said: Sequence[bool], truth: Sequence[bool]) -> tuple[float, float]:
    """Precision and recall of a yes or no; a precision of 1 where nothing was said."""
    both = sum(a and b for a, b in zip(said, truth, strict=True))
    return (both / sum(said) if any(said) else 1.0), (both / sum(truth) if any(truth) else 1.0)
