"""What the whole reading says of emergencies and of advertisements of gambling."""

from collections.abc import Callable

import pytest

from salur.triage.alarm_words import NUMBERS
from salur.triage.explain import EMERGENCIES
from salur.triage.knowledge import Knowledge
from salur.triage.rules import read


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("TOLONG rumah tetangga kebakaran di Natar, api membesar!", "fire", "113"),
        ("pak saya sudah tidak kuat, saya mau bunuh diri", "suicide", "119"),
    ],
)
def test_an_emergency_is_raised_at_once_with_the_number_to_call(
    knowledge: Callable[[str], Knowledge], text: str, kind: str, number: str
) -> None:
    found = read(text, knowledge("18"))
    (reason,) = [one for one in found.reasons if one.code == f"emergency_{kind}"]
    assert found.urgency == "high" and number in reason.text_id and number in reason.text_en
    assert reason.evidence in text


def test_every_emergency_has_words_in_both_languages() -> None:
    assert set(EMERGENCIES) == set(NUMBERS)


def test_what_looks_like_gambling_is_left_to_a_person_and_dropped_by_nobody(
    knowledge: Callable[[str], Knowledge],
) -> None:
    found = read("main di M4XW1N88 gacor bang, depo 10rb auto WD maxwin 🔥🔥", knowledge("18"))
    assert found.abstain and "gambling" in [one.code for one in found.reasons]
    matter = read("Tolong tutup warung judi slot di Jalan Kartini, meresahkan warga", knowledge("18"))
    assert "gambling" not in [one.code for one in matter.reasons]


@pytest.mark.parametrize("greeting", ["Min,", "mimin", "minn"])
def test_greeting_the_admin_of_an_account_speaks_of_no_office(
    knowledge: Callable[[str], Knowledge], greeting: str
) -> None:
    text = "jln di dpn SMP Negeri 2 Natar berlubang dalem bgt"
    with_it, without = (read(one, knowledge("18")) for one in (f"{greeting} {text}", text))
    assert with_it.functions == without.functions
