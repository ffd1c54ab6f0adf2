"""The signed paper, the screens of the SOP and those of a case call one thing by one name in Indonesian."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.utils import translation

from salur.cases import words as case_words
from salur.sop import vocabulary
from salur.sop.document.said import Said
from salur.sop.printing.words import WORDS
from salur.sop.saying import in_words

PAPER_AND_SCREEN = (
    (WORDS["obligations"]["events"], vocabulary.EVENTS),
    (WORDS["obligations"]["purposes"], vocabulary.PURPOSES),
    (WORDS["obligations"]["horizons"], vocabulary.HORIZONS),
    (WORDS["actors"]["roles"], vocabulary.ROLES),
    (WORDS["channels"]["names"], vocabulary.CHANNELS),
    (WORDS["closure"]["outcomes"], vocabulary.OUTCOMES),
    (WORDS["horizons"]["demands"], vocabulary.DEMANDS),
    (WORDS["horizons"]["plans"], vocabulary.PLANS),
    ({name: WORDS["flow"][name]["id"] for name in vocabulary.LANES}, vocabulary.LANES),
)
CASE_AND_SCREEN = (
    (case_words.KINDS, vocabulary.KINDS),
    (case_words.HORIZONS, vocabulary.HORIZONS),
    (case_words.CHANNELS, vocabulary.CHANNELS),
    (case_words.OUTCOMES, vocabulary.OUTCOMES),
    (case_words.PURPOSES, vocabulary.PURPOSES),
    (case_words.ACTORS, {**vocabulary.ROLES, **vocabulary.LANES}),
)


def pairs(one: Mapping[str, Any], words: Mapping[str, Said]) -> tuple[dict[str, str], dict[str, str]]:
    shared = one.keys() & words.keys()
    assert shared
    with translation.override("id"):
        return (
            {code: str(one[code]).lower() for code in shared},
            {code: in_words(words[code]).lower() for code in shared},
        )


@pytest.mark.parametrize(("paper", "screen"), PAPER_AND_SCREEN)
def test_the_paper_says_what_the_screen_says(paper: Mapping[str, str], screen: Mapping[str, Said]) -> None:
    said, shown = pairs(paper, screen)
    assert said == shown
    assert paper.keys() == screen.keys()


@pytest.mark.parametrize(("case", "screen"), CASE_AND_SCREEN)
def test_a_case_says_what_its_sop_says(case: Mapping[str, Any], screen: Mapping[str, Said]) -> None:
    said, shown = pairs(case, screen)
    assert said == shown
    assert case.keys() <= screen.keys()
