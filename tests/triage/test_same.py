"""One matter, many voices: what may join, what never may, and that no order or repetition changes it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.language.normalise import normalise
from salur.triage.same import ASK, JOIN, Matter, Pair, compare, decide, traits
from salur.triage.same_index import OpenMatters, shipped_base
from salur.triage.same_marks import Mark, read_marks, same_name, same_village
from salur.triage.same_measure import Planted, as_matter, fit, judge, measure, planted

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
CITY = ("18.71",)
PLAIN = shipped_base().plain
TEXTS = [one.text for one in planted()]


def matter(id: str, text: str, **known: object) -> Matter:
    return replace(Matter.said(id, normalise(text), NOON, PLAIN), **({"places": CITY} | known))  # type: ignore[arg-type]


def index(*matters: Matter) -> OpenMatters:
    held = OpenMatters(shipped_base())
    for one in matters:
        held.add(one)
    return held


def pair(one: Matter, other: Matter) -> Pair:
    held = index()
    return compare(traits(one, held), traits(other, held), held)


LAMP = matter("a", "Lampu jalan di Jl. Teuku Umar depan RS mati, gelap sekali")


def test_other_words_about_the_same_lamp_join() -> None:
    found = index(LAMP).candidates(matter("b", "min jln tengku umar gelap gulita, PJU padam"))
    assert [one.id for one in found] == ["a"]
    assert decide(found) == "join"
    assert "Jalan yang sama" in " ".join(sign.text_id for sign in found[0].signs)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("Lampu mati di Jl Teuku Umar", "Lampu mati di Jl Sultan Agung", "other.street"),
        ("Sampah dibakar di Jl Cendana nomor 12", "Sampah dibakar di Jl Cendana nomor 21", "other.house"),
        ("Selokan mampet di Gang Mawar 2", "Selokan mampet di Gang Mawar 3", "other.street"),
        ("Atap SDN 1 Sukaraja ambruk", "Atap SDN 2 Sukaraja ambruk", "other.landmark"),
        ("Sampah di RT 3 Kupang Kota", "Sampah di RT 7 Kupang Kota", "other.rt"),
        ("Lubang di km 21 Natar", "Lubang di km 34 Natar", "other.km"),
        ("Jalan rusak di desa Merak Batin", "Jalan rusak di desa Hajimena", "other.village"),
    ],
)
def test_the_same_sentence_about_another_place_is_excluded(one: str, other: str, code: str) -> None:
    found = pair(matter("a", one), matter("b", other))
    assert found.p == 0
    assert code in {sign.code for sign in found.signs}
    assert all(sign.text_en and sign.text_id for sign in found.signs)


def test_a_street_name_without_a_town_does_not_join() -> None:
    text = "Lubang besar di Jl Sudirman, motor jatuh"
    assert pair(matter("a", text, places=()), matter("b", text)).p < JOIN
    assert pair(matter("a", text), matter("b", text)).p >= JOIN


def test_another_thing_at_the_same_street_does_not_join() -> None:
    assert pair(LAMP, matter("b", "Parkir liar di Jl. Teuku Umar bikin macet")).p < ASK


def test_the_same_again_months_later_does_not_join() -> None:
    again = matter("b", "Lampu Jl. Teuku Umar mati lagi padahal baru diperbaiki", at=NOON + timedelta(days=140))
    assert pair(LAMP, again).p < ASK


def test_nothing_joins_a_closed_case() -> None:
    assert pair(replace(LAMP, open=False), replace(LAMP, id="b")).p < JOIN


def test_points_far_apart_are_excluded_and_near_ones_speak_for_it() -> None:
    here = replace(LAMP, point=(-5.38, 105.25))
    assert pair(here, replace(LAMP, id="b", point=(-5.48, 105.25))).p == 0
    assert "same.near" in {sign.code for sign in pair(here, replace(LAMP, id="b", point=(-5.3801, 105.25))).signs}


@given(st.sampled_from(TEXTS), st.sampled_from(TEXTS), st.integers(0, 400), st.booleans())
def test_p_is_symmetric(one: str, other: str, days: int, post: bool) -> None:
    a = matter("a", one, post="p" if post else "", functions=(("roads_bridges", 0.6), ("drainage", 0.2)))
    b = matter("b", other, post="p", at=NOON + timedelta(days=days), functions=(("drainage", 0.5),))
    assert pair(a, b).p == pytest.approx(pair(b, a).p, abs=1e-12)


@given(st.sampled_from(TEXTS), st.sampled_from(["18.71.01", "18.71.01.1001"]), st.sampled_from(["18.71.02", "18.01"]))
def test_contradicting_places_never_join(text: str, here: str, there: str) -> None:
    a, b = matter("a", text, places=(here,), post="p"), matter("b", text, places=(there,), post="p")
    assert pair(a, b).p == 0
    assert decide(index(a).candidates(b)) == "open"


@settings(max_examples=25)
@given(st.permutations(range(30)), st.integers(0, 29))
def test_neither_order_nor_repetition_nor_removal_changes_the_candidates(order: list[int], gone: int) -> None:
    matters = [matter(str(number), TEXTS[number * 3]) for number in range(30)]
    straight, mixed = index(*matters), index(*(matters[number] for number in order), *matters)
    mixed.remove(str(gone))
    assert len(mixed) == 29 and str(gone) not in mixed
    mixed.add(matters[gone])
    for number in (0, 7, 21):
        new = matter("new", TEXTS[number * 3 + 1])
        assert straight.candidates(new) == mixed.candidates(new)


def test_a_changed_matter_replaces_what_was_held() -> None:
    held = index(LAMP, matter("a", "Sampah menumpuk di Pasar Tugu"))
    assert len(held) == 1
    assert held.candidates(replace(LAMP, id="b")) == []


@pytest.mark.parametrize("text", ["", "😭😭", "a" * 100_000, "🚧 " * 5_000, "jalan " * 2_000])
def test_bad_input_opens_a_case_of_its_own(text: str) -> None:
    held = index(LAMP)
    assert decide(held.candidates(matter("b", text))) == "open"
    held.add(matter("b", text))


def test_a_viral_post_becomes_a_handful_of_groups_in_seconds() -> None:
    matters = [
        "lampu jalan teuku umar mati gelap",
        "sampah pasar tugu numpuk bau",
        "lubang besar di jl antasari",
        "banjir di jl pramuka selutut",
        "pipa pdam bocor di jl kartini",
    ]
    openings = [
        "min tolong",
        "ya ampun",
        "kapan",
        "iya bener",
        "pak wali",
        "woy",
        "astaga",
        "lapor",
        "mohon",
        "dari dulu",
    ]
    held, started = index(), perf_counter()
    for number in range(1_000):
        text = f"{openings[number % 10]} {matters[number % 5]} {'!' * (number % 4)}"
        new = matter(str(number), text, post="instagram/1", at=NOON + timedelta(minutes=number))
        if decide(held.candidates(new)) != "join":
            held.add(new)
    assert 5 <= len(held) <= 8
    assert perf_counter() - started < 20


def test_marks_are_streets_landmarks_and_numbers() -> None:
    text = normalise("Rumah no 12 di Jl. P. Antasari gang Mawar II dekat Pasar Tugu rusak")
    assert read_marks(text) == {
        Mark("house", "12"),
        Mark("street", "antasari"),
        Mark("alley", "mawar 2"),
        Mark("pasar", "tugu"),
    }


def test_names_are_the_same_by_spelling_and_never_with_other_numbers() -> None:
    assert same_name("teuku umar", "tengku umar") and same_name("za pagar alam", "zainal abidin pagaralam")
    assert not same_name("mawar 2", "mawar 3") and not same_name("pulau damar", "pulau bawean")
    assert same_village("merak batin", "merak batin natar") and not same_village("kupang kota", "kupang teba")


def _read(text: str, area: str) -> tuple[tuple[str, ...], tuple[tuple[str, float], ...]]:
    return (area,) if "." in area else (), ()


def test_the_planted_clusters_are_many_and_split_by_family() -> None:
    every = planted()
    sizes = [sum(one.cluster == cluster for one in every) for cluster in {one.cluster for one in every}]
    assert sum(size >= 3 for size in sizes) >= 70
    assert sum(not one.cluster.endswith(".0") for one in every) >= 150
    assert {one.family for one in every if one.test}.isdisjoint(one.family for one in every if not one.test)


def test_measured_on_the_families_that_nothing_was_tuned_on() -> None:
    """Without a gazetteer: what the words alone can do. Joins of different places are what must not happen."""
    reports = [one for one in planted() if one.test]
    held = index(*(as_matter(one, str(number), _read, PLAIN) for number, one in enumerate(reports)))
    quality = measure(judge(reports, _read, held, PLAIN), ask=ASK)
    assert quality.precision >= 0.85
    assert quality.recall >= 0.5


def test_measure_counts_pairs_and_refuses_an_empty_set() -> None:
    one = Planted("x.0", "Jl. A", NOON, "18.71", "", "Lampu mati di Jl. Teuku Umar")
    other = replace(one, cluster="x.1", place="Jl. B")
    quality = measure(judge([one, one, other], _read, index(), PLAIN))
    assert (quality.pairs, quality.recall, quality.wrong_places) == (3, 1.0, 2)
    assert quality.precision == pytest.approx(1 / 3)
    with pytest.raises(ValueError):
        measure([])


def test_fit_finds_that_sharing_a_thing_speaks_for_one_matter() -> None:
    reports = [one for one in planted() if not one.test][:80]
    _, weights = fit(judge(reports, _read, index(), PLAIN))
    assert weights["things"] > 0 > weights["things_apart"]
