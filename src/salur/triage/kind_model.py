"""A small linear model of kinds, built from our own seed corpus by a plain function. numpy alone; no randomness.

Words and cues of a text are looked up one by one, so that every proposal can say which of them spoke for it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt

from salur.language.normalise import normalise
from salur.triage.corpus_file import KINDS, examples
from salur.triage.kind_features import features

_ROUNDS = 150
_RATE = 0.15
_SHRINK = 2e-4

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class KindModel:
    """Weights: one row a feature, one column a kind of `KINDS`; the last row belongs to every text.

    The weights of a row sum to zero: what is above zero speaks for a kind more than for the others.
    """

    rows: Mapping[str, int]
    weights: Floats

    @classmethod
    def build(cls, examples: Iterable[tuple[Sequence[str], str]]) -> Self:
        """Learn from (features, kind); softmax regression, kinds weighted by the root of their rarity.

        Raises ValueError where no example is given or a kind is not one of `KINDS`.
        """
        known = [(tuple(found), KINDS.index(kind)) for found, kind in examples]
        if not known:
            raise ValueError("The model of kinds needs at least one example.")
        rows = {word: row for row, word in enumerate(sorted({word for found, _ in known for word in found}))}
        truth = np.array([kind for _, kind in known])
        return cls(
            rows, _fit([[rows[word] for word in found] + [len(rows)] for found, _ in known], truth, len(rows) + 1)
        )

    def probabilities(self, found: Sequence[str]) -> dict[str, float]:
        """The probability of each kind for the features of a text; they sum to one."""
        known = [self.rows[word] for word in found if word in self.rows]
        logits = self.weights[known].sum(axis=0) / _length(len(known)) + self.weights[-1]
        odds = np.exp(logits - logits.max())
        return dict(zip(KINDS, (odds / odds.sum()).tolist(), strict=True))

    def speaking(self, found: Sequence[str], kind: str) -> list[str]:
        """The features that speak most for a kind, the weightiest first."""
        known = [word for word in found if word in self.rows]
        weights = self.weights[[self.rows[word] for word in known], KINDS.index(kind)].tolist()
        return [word for weight, word in sorted(zip(weights, known, strict=True), reverse=True) if weight > 0]


def _length(count: int) -> float:
    """Long texts do not shout down short ones."""
    return float(np.sqrt(max(1, count)))


def _fit(texts: list[list[int]], truth: npt.NDArray[np.int64], height: int) -> Floats:
    """Weights by full gradient steps, each coordinate with its own step length."""
    columns = np.concatenate([np.array(text) for text in texts])
    lengths = np.array([len(text) for text in texts])
    owners = np.repeat(np.arange(len(texts)), lengths)
    values = 1.0 / np.sqrt(np.maximum(1, lengths - 1))[owners]
    values[np.cumsum(lengths) - 1] = 1.0
    starts = np.cumsum(lengths) - lengths
    order = np.argsort(columns, kind="stable")
    by_column, firsts = np.unique(columns[order], return_index=True)
    counts = Counter(truth.tolist())
    rarity = np.array([np.sqrt(len(texts) / (len(KINDS) * counts[kind])) for kind in truth.tolist()])[:, None]
    wanted = np.eye(len(KINDS))[truth]
    weights, squares = np.zeros((height, len(KINDS))), np.full((height, len(KINDS)), 1e-8)
    for _ in range(_ROUNDS):
        logits = np.add.reduceat(weights[columns] * values[:, None], starts)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        errors = rarity * (odds / odds.sum(axis=1, keepdims=True) - wanted)
        slope = _SHRINK * weights * len(texts)
        slope[by_column] += np.add.reduceat((errors[owners] * values[:, None])[order], firsts)
        squares += slope**2
        weights -= _RATE * slope / np.sqrt(squares) * 4
    centred: Floats = weights - weights.mean(axis=1, keepdims=True)
    return centred


@lru_cache(maxsize=1)
def base_model() -> KindModel:
    """The model built from the seed corpus in this package; about a second at the first call."""
    return KindModel.build((features(normalise(one.text), one.text), one.kind) for one in examples())
