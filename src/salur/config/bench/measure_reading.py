"""How well what people say is read: the usual baseline and ours, taught and asked on the same texts, in one run."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from salur.config.bench.figures import Figure
from salur.config.bench.reading_sets import (
    LATE,
    Labelled,
    by_sector,
    folds,
    own_history,
    small_history,
    without_near_duplicates,
)
from salur.language.normalise import normalise
from salur.triage.classifier import Classifier
from salur.triage.corpus_file import examples
from salur.triage.measures import Scores, macro_f1, quality, top
from salur.triage.teach import sharpened, teach

SECTORS = Path(__file__).with_name("reading_sectors.yaml")
HELD_OUT = 5
"""Every fifth text that is taught first tunes the certainty, as it would at a government."""
Scorer = Callable[[Labelled, Labelled], tuple[Scores, tuple[str, ...]]]


def reading(folder: Path) -> list[Figure]:
    """Every task for which the folder has its texts. Raises NoTexts where it is not such a folder."""
    sectors = yaml.safe_load(SECTORS.read_text(encoding="utf-8"))
    sources = by_sector(folder, sectors["labels"])
    return [
        *_own(own_history(folder)),
        *_small(small_history(folder)),
        *_unseen(sources),
        *_cold(sources, sectors["functions"]),
    ]


def _own(found: Labelled) -> list[Figure]:
    early = [place for place, day in enumerate(found.at) if day < LATE]
    late = [place for place, day in enumerate(found.at) if day >= LATE]
    return _both("agency, own history, later month", [_split(found, early, late)])


def _small(found: Labelled) -> list[Figure]:
    return _both("agency, small government", [_split(found, taught, asked) for taught, asked in folds(5, found.texts)])


def _unseen(sources: Sequence[Labelled]) -> list[Figure]:
    figures = []
    for asked in sources:
        others = [one for one in sources if one is not asked]
        taught = Labelled(
            "others", tuple(t for one in others for t in one.texts), tuple(x for one in others for x in one.labels)
        )
        kept = without_near_duplicates(taught.texts, asked.texts)
        figures += _both(f"sector, unseen government, {asked.name}", [(taught, asked.only(kept))])
    return figures


def _cold(sources: Sequence[Labelled], functions: dict[str, list[str]]) -> list[Figure]:
    """The seed corpus alone: what a government begins with."""
    reports = [one for one in examples() if one.function]
    model = teach([normalise(one.text) for one in reports], [one.function for one in reports])
    names = tuple(functions)
    gather = np.array([[float(function in functions[name]) for name in names] for function in model.classes])
    figures = []
    for asked in sources:
        scores = _asked(model, asked) @ gather
        figures += _figures(f"sector, seed corpus alone, {asked.name}", "ours", [(scores, names, asked.labels)])
    return figures


def _split(found: Labelled, taught: Sequence[int], asked: Sequence[int]) -> tuple[Labelled, Labelled]:
    known, new = found.only(taught), found.only(asked)
    return known, new.only(without_near_duplicates(known.texts, new.texts))


def _both(task: str, splits: Sequence[tuple[Labelled, Labelled]]) -> list[Figure]:
    figures = []
    for name, scorer in (("baseline", _baseline), ("ours", _ours)):
        answers = [(*scorer(taught, asked), asked.labels) for taught, asked in splits]
        figures += _figures(task, name, answers)
    return figures


def _baseline(taught: Labelled, asked: Labelled) -> tuple[Scores, tuple[str, ...]]:
    """Words 1-2 and letters 2-5 by TF-IDF, a linear support vector machine: no probabilities."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # here because it is slow to load
    from sklearn.pipeline import make_union  # here because it is slow to load
    from sklearn.svm import LinearSVC  # here because it is slow to load

    seen = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char", ngram_range=(2, 5), sublinear_tf=True),
    )
    machine = LinearSVC().fit(seen.fit_transform(taught.texts), taught.labels)
    return machine.decision_function(seen.transform(asked.texts)), tuple(machine.classes_.tolist())


def _ours(taught: Labelled, asked: Labelled) -> tuple[Scores, tuple[str, ...]]:
    words = [normalise(text) for text in taught.texts]
    first = [place for place in range(len(words)) if place % HELD_OUT]
    tuned = sharpened(
        teach([words[p] for p in first], [taught.labels[p] for p in first]),
        words[::HELD_OUT],
        taught.labels[::HELD_OUT],
    )
    model = replace(teach(words, taught.labels), sharpness=tuned.sharpness)
    return _asked(model, asked), model.classes


def _asked(model: Classifier, asked: Labelled) -> Scores:
    return np.stack([model.probabilities(normalise(text)) for text in asked.texts])


def _figures(task: str, name: str, answers: Sequence[tuple[Any, tuple[str, ...], Sequence[str]]]) -> list[Figure]:
    """The mean of the folds; the range is that of the folds."""
    every: list[tuple[float, ...]] = []
    for scores, classes, labels in answers:
        truth = np.array([classes.index(one) if one in classes else -1 for one in labels])
        if name == "ours":
            found = quality(scores, truth)
            every.append((found.top1, found.top3, found.macro_f1, found.coverage, found.calibration))
        else:
            every.append((top(scores, truth, 1), top(scores, truth, 3), macro_f1(scores.argmax(axis=1), truth)))
    asked = sum(len(labels) for _, _, labels in answers)
    titles = ("top-1", "top-3", "macro-F1", "coverage at 95 %", "calibration error")
    return [
        Figure("reading", f"{task}: {name}, {title}", "share", min(values), float(np.mean(values)), None, asked)
        for title, values in zip(titles, zip(*every, strict=True), strict=False)
    ]
