"""Places are named by the gazetteer and by the words around a name."""

from collections.abc import Callable

import pytest

from salur.language.normalise import normalise
from salur.triage.knowledge import Knowledge
from salur.triage.place_match import find_places
from salur.triage.road_match import find_roads

Know = Callable[[str], Knowledge]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("di Desa Hajimena Kec. Natar Lampung Selatan", ["18.01.04.2001", "18.01.04", "18.01"]),
        ("ds hajimena kec natar lamsel", ["18.01.04.2001", "18.01.04", "18.01"]),
        ("warga Gadingrejo", ["18.10.02"]),
        ("warga Gading Rejo", ["18.10.02"]),
        ("di kota Metro", ["18.72"]),
        ("menonton metro tv", []),
        ("di Tulang Bawang Barat", ["18.12"]),
        ("kelurahan Panjang Selatan, Bandarlampung", ["18.71.04.1001", "18.71"]),
        ("antre panjang sekali", []),
        ("kecamatan Panjang", ["18.71.04"]),
        ("kecamatan Labuhan Ratu, Balam", ["18.71.14", "18.71"]),
        ("kecamatan Labuhan Ratu Lampung Timur", ["18.07.21", "18.07"]),
        ("Suoh Lampung Barat", ["18.04.09", "18.04"]),
        ("harapan kami semua", []),
        ("kota Kalianda", ["18.01.06"]),
        ("Bapak Natar", []),
    ],
)
def test_places(knowledge: Know, text: str, codes: list[str]) -> None:
    assert [place.code for place in find_places(normalise(text), knowledge("18")).places] == codes


def test_a_name_of_many_villages_needs_its_district(knowledge: Know) -> None:
    alone = find_places(normalise("Desa Sidodadi"), knowledge("18"))
    assert alone.places == ()
    assert [(unclear.quote, unclear.count > 10) for unclear in alone.unclear] == [("Sidodadi", True)]
    placed = find_places(normalise("Kelurahan Sidodadi Kecamatan Kedaton"), knowledge("18"))
    assert [place.code for place in placed.places] == ["18.71.01.1006", "18.71.01"]
    assert placed.unclear == ()


def test_the_governments_own_area_tells_equal_names_apart(knowledge: Know) -> None:
    here = find_places(normalise("kecamatan Labuhan Ratu"), knowledge("18.07"))
    assert [place.code for place in here.places] == ["18.07.21"]
    assert find_places(normalise("kecamatan Labuhan Ratu"), knowledge("18")).places == ()


def test_a_word_such_as_kecamatan_makes_it_surer(knowledge: Know) -> None:
    def sure(text: str) -> float:
        return find_places(normalise(text), knowledge("18")).places[0].confidence

    assert sure("antara Natar") < sure("di Natar") < sure("kecamatan Natar") < sure("kecamatan Natar Lampung Selatan")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Ruas jalan Metro - Kota Gajah rusak", ["18"]),
        ("jalan dari kota gajah arah metro", ["18"]),
        ("jalan Kotagajah ke Simpang Randu", ["19"]),
        ("jalan veteran kota metro", ["17a"]),
        ("jalan veteran", []),
        ("Metro dan Kota Gajah sama-sama ramai", []),
        ("jalan kota gajah " + "rusak sekali dan sangat parah " * 5 + "metro", []),
    ],
)
def test_listed_roads(knowledge: Know, text: str, numbers: list[str]) -> None:
    words = normalise(text)
    places = find_places(words, knowledge("18")).places
    assert [road.number for road in find_roads(words, places, knowledge("18"))] == numbers
