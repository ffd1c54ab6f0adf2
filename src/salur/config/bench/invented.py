"""Invented citizens and what they say, from data/bench_texts.yaml; the same sequence every time."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

DATA = Path(__file__).parents[1] / "data" / "bench_texts.yaml"
RARE = "talang"
"""A word that one title in a thousand holds."""


@dataclass(frozen=True)
class Said:
    """One report: title, text of about 300 characters, and the name of who said it."""

    title: str
    text: str
    name: str


def reports(seed: int = 7) -> Iterator[Said]:
    """An endless sequence of reports; the same seed gives the same ones."""
    known = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    dice, count = random.Random(seed), 0
    while True:
        one, place, name = dice.choice(known["texts"]), dice.choice(known["places"]), dice.choice(known["people"])
        count += 1
        title = one["title"].format(place=place) + (f" dekat {RARE}" if count % 1000 == 500 else "")
        yield Said(title, one["text"].format(place=place), name)
