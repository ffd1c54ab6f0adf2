"""A linear classifier over words and runs of letters: fast, small, and able to say which words spoke. Pure.

Taught by `triage/teach`; multinomial logistic regression, so that what it gives are probabilities. Nothing here reads a
pickle: a model is a zip of arrays and one JSON object, checked when it is read.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from salur.language.normalise import Normalised
from salur.triage.features import runs_of, words_of

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]
FORMAT = 1
_MOST_KEPT = 50_000


class BadModel(ValueError):
    """A file is no model, or one of another program version: `str()` says which and what to do."""


@dataclass(frozen=True)
class Classifier:
    """What was learned.

    `weights` holds a row a feature (`features` gives its number) and a column a class, `rarity` how much each feature
    counts, `bias` one number a class. `sharpness` multiplies the scores before they become probabilities (calibration).
    `card` says what it was taught with: data, date, measures.
    """

    classes: tuple[str, ...]
    features: Mapping[str, int]
    rarity: Floats
    weights: npt.NDArray[np.float16]
    bias: Floats
    sharpness: float = 1.0
    card: Mapping[str, Any] = field(default_factory=dict)
    _runs: dict[str, Places] = field(default_factory=dict, repr=False, compare=False)

    def probabilities(self, text: Normalised) -> npt.NDArray[np.float64]:
        """The probability of every class, in the order of `classes`; that of the classes as such for an empty text."""
        places, values = self.seen(text)
        scores = self.bias.astype(np.float64)
        if len(places):
            scores = scores + values @ self.weights[places].astype(np.float32)
        scores *= self.sharpness
        likely = np.exp(scores - scores.max())
        return np.asarray(likely / likely.sum())

    def ranked(self, text: Normalised, most: int) -> list[tuple[str, float]]:
        """The likeliest classes with their probabilities."""
        likely = self.probabilities(text)
        return [(self.classes[place], float(likely[place])) for place in np.argsort(-likely, kind="stable")[:most]]

    def spoke(self, text: Normalised, chosen: str, most: int) -> list[tuple[int, float]]:
        """The words that spoke most for a class: (place of the word in the text, how much), the strongest first.

        A word's part is that of itself, its pairs and its runs of letters, against the mean of the classes.
        """
        column = self.classes.index(chosen)
        places, values = self.seen(text)
        share = dict(zip(places.tolist(), values.tolist(), strict=True))
        rows = self.weights[places].astype(np.float32)
        lead = dict(zip(places.tolist(), (rows[:, column] - rows.mean(axis=1)).tolist(), strict=True))
        part: dict[int, float] = {}
        words = [token.text for token in text.tokens]
        around = ["", *words, ""]
        times = Counter(place for word in words for place in self._runs_in(word).tolist())
        for number, word in enumerate(words):
            pairs = (f"{around[number]} {word}", f"{word} {around[number + 2]}")
            own = [self.features[one] for one in (word, *pairs) if one in self.features]
            part[number] = sum(share[one] * lead[one] for one in own)
            part[number] += sum(share[one] * lead[one] / times[one] for one in self._runs_in(word).tolist())
        return sorted(((n, v) for n, v in part.items() if v > 0), key=lambda one: -one[1])[:most]

    def seen(self, text: Normalised) -> tuple[Places, Floats]:
        """The known features of a text and how much each counts in it; words and runs have the same weight together."""
        words = Counter(self.features[one] for one in words_of(text) if one in self.features)
        runs = [self._runs_in(token.text) for token in text.tokens]
        found, numbers = np.unique(np.concatenate(runs), return_counts=True) if runs else (_NONE, _NONE)
        own = np.fromiter(words, dtype=np.int32, count=len(words))
        times = np.fromiter(words.values(), dtype=np.float32, count=len(words))
        parts = [self._weighed(own, times), self._weighed(found.astype(np.int32), numbers.astype(np.float32))]
        return np.concatenate([own, found]).astype(np.int32), np.concatenate(parts).astype(np.float32)

    def _weighed(self, places: Places, times: Floats) -> Floats:
        if not len(places):
            return np.zeros(0, dtype=np.float32)
        values = (1 + np.log(times)) * self.rarity[places]
        return np.asarray(values / np.linalg.norm(values), dtype=np.float32)

    def _runs_in(self, word: str) -> Places:
        kept = self._runs.get(word)
        if kept is None:
            known = [self.features[run] for run in runs_of(word) if run in self.features]
            kept = np.array(known, dtype=np.int32)
            if len(self._runs) < _MOST_KEPT:
                self._runs[word] = kept
        return kept


_NONE = np.zeros(0, dtype=np.int32)


def write(model: Classifier, path: Path) -> None:
    """Write a model to one file, beside the place first, so that no reader sees a half."""
    told = {"format": FORMAT, "classes": model.classes, "sharpness": model.sharpness, "card": dict(model.card)}
    names = sorted(model.features, key=model.features.__getitem__)
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        np.savez_compressed(
            file,
            told=np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), dtype=np.uint8),
            names=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
            rarity=model.rarity,
            weights=model.weights,
            bias=model.bias,
        )
    beside.replace(path)


def read(path: Path) -> Classifier:
    """Read a model. Raises BadModel for anything that is none, OSError where there is no file."""
    try:
        with np.load(path, allow_pickle=False) as held:
            told = json.loads(held["told"].tobytes())
            names = held["names"].tobytes().decode().split("\n")
            found = Classifier(
                classes=tuple(told["classes"]),
                features={name: number for number, name in enumerate(names)},
                rarity=held["rarity"],
                weights=held["weights"],
                bias=held["bias"],
                sharpness=float(told["sharpness"]),
                card=told["card"],
            )
    except (ValueError, KeyError, TypeError, EOFError) as problem:
        raise BadModel(f"{path} is no model of Salur: {problem}. Train again: salur triage train.") from problem
    shape = (len(found.features), len(found.classes))
    if told["format"] != FORMAT or found.weights.shape != shape or found.rarity.shape != shape[:1]:
        raise BadModel(f"{path} was made by another version. Train again: salur triage train.")
    return found
