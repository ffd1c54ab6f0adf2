"""Phrases are found by their longest form, pairs by standing near each other."""

import pytest

from salur.language.normalise import normalise
from salur.triage.phrases import PairIndex, PhraseIndex

INDEX = PhraseIndex.build([("lampu jalan", "lamp"), ("jalan", "road"), ("sekolah", "school")], ["jalan keluar"])


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("lampu jalan mati", ["lamp"]),
        ("jalannya rusak", ["road"]),
        ("dijalan kesekolah", ["road", "school"]),
        ("mencari jalan keluar", []),
        ("lampu", []),
    ],
)
def test_the_longest_phrase_wins(text: str, meanings: list[str]) -> None:
    assert [meaning for hit in INDEX.find(normalise(text)) for meaning in hit.meanings] == meanings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jalan di sini rusak", 1),
        ("rusak sekali jalannya", 1),
        ("jalan satu dua tiga empat rusak", 0),
        ("jalan jalan", 0),
        ("jalan rusak jalan rusak", 1),
    ],
)
def test_pairs_stand_near_each_other(text: str, found: int) -> None:
    pairs = PairIndex.build([(["jalan"], ["rusak"], "road")])
    assert len(list(pairs.find(normalise(text), 4, ()))) == found
