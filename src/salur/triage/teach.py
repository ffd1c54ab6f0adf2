"""Teaching a classifier from texts and their classes. Pure; takes minutes where there are tens of thousands."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from salur.language.normalise import Normalised
from salur.triage.classifier import Classifier
from salur.triage.features import runs_of, words_of

STRENGTH = 30.0
"""How far the weights may go to fit the texts (the inverse of the L2 penalty), found on the seed corpus."""
ROUNDS = 200
SHARPEST = 3.0


class CannotTeach(ValueError):
    """The texts do not allow it: `str()` says why and what is missing."""


def teach(
    texts: Sequence[Normalised], classes: Sequence[str], *, least: int = 2, card: Mapping[str, Any] | None = None
) -> Classifier:
    """Learn which words speak for which class.

    Features that fewer than `least` texts hold are left out. Raises CannotTeach with fewer than two classes: there is
    nothing to tell apart.
    """
    names = sorted(set(classes))
    if len(names) < 2:
        raise CannotTeach(
            f"All {len(texts)} texts are of one class ({', '.join(names) or 'none'}): there is nothing to tell apart."
        )
    in_texts = Counter(name for text in texts for name in _names_in(text))
    features = {name: number for number, name in enumerate(sorted(name for name, n in in_texts.items() if n >= least))}
    # How much features count by the number of texts that hold them (inverse document frequency, smoothed).
    counts = [math.log((1 + len(texts)) / (1 + in_texts[name])) + 1 for name in features]
    model = Classifier(
        classes=tuple(names),
        features=features,
        rarity=np.array(counts, dtype=np.float32),
        weights=np.zeros((len(features), len(names)), dtype=np.float16),
        bias=np.zeros(len(names), dtype=np.float32),
        card=card or {},
    )
    weights, bias = _fitted(model, texts, np.array([names.index(one) for one in classes]))
    return replace(model, weights=weights.astype(np.float16), bias=bias)


def _names_in(text: Normalised) -> set[str]:
    return {*words_of(text), *(run for token in text.tokens for run in runs_of(token.text))}


def _fitted(
    model: Classifier, texts: Sequence[Normalised], truth: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float32]]:
    from scipy.sparse import csr_matrix  # here because it is slow to load
    from sklearn.linear_model import LogisticRegression  # here because it is slow to load

    seen = [model.seen(text) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in seen)])
    places = np.concatenate([places for places, _ in seen])
    values = np.concatenate([values for _, values in seen])
    matrix = csr_matrix((values, places, ends), shape=(len(texts), len(model.features)))
    fitted = LogisticRegression(C=STRENGTH, max_iter=ROUNDS).fit(matrix, truth)
    weights, bias = fitted.coef_.T, fitted.intercept_
    if len(model.classes) == 2:  # one row for both: the other class is its mirror
        weights, bias = np.hstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return weights, bias.astype(np.float32)


def sharpened(model: Classifier, texts: Sequence[Normalised], classes: Sequence[str]) -> Classifier:
    """The same model with the sharpness that fits texts it was not taught with best (temperature scaling, Guo et al.
    2017). Texts of unknown classes are left out; with none left the model stays as it is."""
    known = [(text, model.classes.index(one)) for text, one in zip(texts, classes, strict=True) if one in model.classes]
    if not known:
        return model
    plain = replace(model, sharpness=1.0)
    logs = np.log(np.maximum(np.stack([plain.probabilities(text) for text, _ in known]), 1e-12))
    truth = np.array([place for _, place in known])
    best = min(np.geomspace(0.1, SHARPEST, 60), key=lambda sharp: _surprise(logs * sharp, truth))
    return replace(model, sharpness=float(best))


def _surprise(logs: npt.NDArray[np.float64], truth: npt.NDArray[np.int64]) -> float:
    whole = np.log(np.exp(logs - logs.max(axis=1, keepdims=True)).sum(axis=1)) + logs.max(axis=1)
    return float((whole - logs[np.arange(len(truth)), truth]).mean())
