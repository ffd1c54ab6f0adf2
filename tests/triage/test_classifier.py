"""Teaching, asking, explaining, keeping: on the seed corpus and on small worlds."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.language.normalise import normalise
from salur.triage.classifier import BadModel, Classifier, read, write
from salur.triage.corpus_file import examples
from salur.triage.measures import quality
from salur.triage.teach import CannotTeach, sharpened, teach

Taught = tuple[Classifier, list[tuple[str, str]]]
ROADS = ["jalan rusak parah", "jalan berlubang dalam", "aspal jalan hancur", "jalan rusak berlubang", "lubang di jalan"]
WATER = ["air pdam mati", "air keruh sekali", "pdam macet lagi", "air tidak mengalir", "pipa air bocor"]


@pytest.fixture(scope="module")
def small() -> Classifier:
    texts = [normalise(text) for text in (*ROADS, *WATER)]
    return teach(texts, ["roads"] * len(ROADS) + ["water"] * len(WATER), least=1, card={"made": "2026-11-24"})


@pytest.fixture(scope="module")
def taught() -> Taught:
    """Three in four of the reports on twelve functions taught; the others to be asked about."""
    twelve = sorted({one.function for one in examples() if one.function})[::4]
    rows = [(one.text, one.function) for one in examples() if one.function in twelve]
    known = [row for place, row in enumerate(rows) if place % 4]
    return teach([normalise(text) for text, _ in known], [function for _, function in known]), rows[::4]


def test_what_was_taught_is_told_apart_and_misspelt_words_too(small: Classifier) -> None:
    for text, wanted in (("jln rusaaak bgt", "roads"), ("pdamnya matii", "water"), ("jalanan belubang", "roads")):
        name, p = small.ranked(normalise(text), 1)[0]
        assert name == wanted and p > 0.5


def test_new_invented_reports_are_read_far_better_than_by_chance(taught: Taught) -> None:
    model, asked = taught
    scores = np.stack([model.probabilities(normalise(text)) for text, _ in asked])
    found = quality(scores, np.array([model.classes.index(function) for _, function in asked]))
    assert found.top1 > 0.6 and found.top3 > 0.8  # .09 and .27 by chance


def test_the_words_that_spoke_are_the_citizen_s(small: Classifier) -> None:
    text = normalise("selamat pagi min, aspal depan rumah hancur")
    spoke = [text.quote(place, place + 1) for place, _ in small.spoke(text, "roads", 2)]
    assert set(spoke) == {"aspal", "hancur"}


def test_two_words_that_stand_together_speak_for_both_of_them() -> None:
    pair = np.array([[1, -1]], dtype=np.float16)
    model = Classifier(("roads", "water"), {"jalan rusak": 0}, np.ones(1), pair, np.zeros(2))
    assert model.spoke(normalise("jalan rusak"), "roads", 3) == [(0, 1.0), (1, 1.0)]
    assert model.spoke(normalise("ada jalan rusak di sini"), "roads", 3) == [(1, 1.0), (2, 1.0)]


def test_a_text_without_known_words_is_answered_by_the_classes_alone(small: Classifier) -> None:
    for empty in ("", "😀😀", "!!!"):
        assert small.probabilities(normalise(empty)) == pytest.approx([0.5, 0.5], abs=0.2)
        assert small.spoke(normalise(empty), "roads", 3) == []


def test_one_class_teaches_nothing() -> None:
    with pytest.raises(CannotTeach, match="one class"):
        teach([normalise("jalan rusak")] * 3, ["roads"] * 3)
    with pytest.raises(CannotTeach, match="none"):
        teach([], [])


def test_contradictory_labels_leave_it_undecided() -> None:
    texts = [normalise("jalan rusak"), normalise("jalan rusak"), normalise("air mati"), normalise("air mati")]
    model = teach(texts, ["roads", "water", "roads", "water"], least=1)
    assert model.probabilities(normalise("jalan rusak")) == pytest.approx([0.5, 0.5], abs=0.05)


def test_a_model_is_the_same_after_it_was_written_and_read(small: Classifier, tmp_path: Path) -> None:
    write(small, tmp_path / "model.npz")
    again = read(tmp_path / "model.npz")
    assert (again.classes, again.sharpness, again.card) == (small.classes, small.sharpness, {"made": "2026-11-24"})
    for text in (*ROADS, *WATER, "apa saja"):
        assert again.probabilities(normalise(text)) == pytest.approx(small.probabilities(normalise(text)))
    assert [one.name for one in tmp_path.iterdir()] == ["model.npz"]


def test_a_file_that_is_no_model_is_said_with_what_to_do(small: Classifier, tmp_path: Path) -> None:
    place = tmp_path / "model.npz"
    place.write_bytes(b"not a model")
    with pytest.raises(BadModel, match="salur triage train"):
        read(place)
    np.savez(place, told=np.array([object()], dtype=object))
    with pytest.raises(BadModel):
        read(place)
    write(Classifier(small.classes, small.features, small.rarity[:-1], small.weights, small.bias), place)
    with pytest.raises(BadModel, match="another version"):
        read(place)


def test_certainty_is_tuned_to_be_honest(taught: Taught) -> None:
    model, asked = taught
    words, truth = [normalise(text) for text, _ in asked], np.array([model.classes.index(one) for _, one in asked])
    boast = Classifier(model.classes, model.features, model.rarity, model.weights, model.bias, sharpness=3.0)
    tuned = sharpened(boast, words[::2], [one for _, one in asked[::2]])
    before, after = (
        quality(np.stack([one.probabilities(text) for text in words[1::2]]), truth[1::2]) for one in (boast, tuned)
    )
    assert after.calibration < before.calibration and after.top1 == before.top1
    assert sharpened(model, words, ["unknown"] * len(words)) == model


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_answered_with_probabilities(text: str) -> None:
    model = _MODEL
    likely = model.probabilities(normalise(text))
    assert likely.sum() == pytest.approx(1) and (likely >= 0).all()
    assert all(0 <= place < len(normalise(text).tokens) for place, _ in model.spoke(normalise(text), "roads", 5))


_MODEL = teach([normalise(text) for text in (*ROADS, *WATER)], ["roads"] * 5 + ["water"] * 5, least=1)
