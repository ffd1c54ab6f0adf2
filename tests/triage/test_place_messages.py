"""Invented messages of Lampung with the place that a person who knows the province reads in them."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.language.normalise import normalise
from salur.triage.gazetteer import Centre, grid_of, nearest, one_slip_away, slips
from salur.triage.knowledge import Knowledge
from salur.triage.place_match import PlaceFinding, find_places

Know = Callable[[str], Knowledge]

# text, codes of the places meant (smallest level first, then by certainty)
NAMED = [
    # short forms, joined and split, several levels
    ("Tolong min di Ds. Hajimena Kec. Natar Kab. Lamsel jalannya ancur", "18.01.04.2001 18.01.04 18.01"),
    ("lampu jalan mati di balam", "18.71"),
    ("BDL banjir lagi min", "18.71"),
    ("kapan lamteng diperhatikan", "18.02"),
    ("Warga Tubaba menunggu", "18.12"),
    ("pesibar listrik padam", "18.13"),
    ("lampura hujan deras", "18.03"),
    ("di lambar kopi murah", "18.04"),
    ("Lamtim panen raya", "18.07"),
    ("kab tuba jalannya rusak", "18.05"),
    ("di Bandarlampung macet", "18.71"),
    ("di Kec Tanjung Karang Pusat", "18.71.06"),
    ("kec. Gedongtataan", "18.09.01"),
    ("kecamatan Gedong Tataan, Pesawaran", "18.09.01 18.09"),
    ("di kec terbanggi besar lampung tengah", "18.02.07 18.02"),
    ("Kec. Bandar Negeri Suoh", "18.04.23"),
    ("di kota gajah airnya keruh", "18.02.23"),
    ("dikalianda sering mati lampu", "18.01.06"),
    # a district with the name of its regency
    ("Kec. Pringsewu jalannya gelap", "18.10.01"),
    ("di Pringsewu jalannya gelap", "18.10"),
    ("kec pringsewu kab pringsewu", "18.10.01 18.10"),
    ("kecamatan Mesuji", "18.11.01"),
    ("kabupaten Mesuji", "18.11"),
    ("Mesuji banjir", "18.11"),
    ("Kecamatan Metro Kibang", "18.07.10"),
    ("Kec. Metro Pusat Kota Metro", "18.72.01 18.72"),
    ("warga Tulang Bawang Tengah", "18.12.01"),
    # names that repeat
    ("Desa Sidodadi Kecamatan Sekampung Kabupaten Lampung Timur", "18.07.05.2010 18.07.05 18.07"),
    ("Kel. Sidodadi Kec. Kedaton", "18.71.01.1006 18.71.01"),
    ("kecamatan Labuhan Ratu, Kota Bandar Lampung", "18.71.14 18.71"),
    ("kecamatan Bumi Agung Way Kanan", "18.08.14 18.08"),
    ("kecamatan Bumi Agung Lampung Timur", "18.07.14 18.07"),
    ("kecamatan Pagar Dewa Tubaba", "18.12.08 18.12"),
    ("kecamatan Pagar Dewa di Lampung Barat", "18.04.20 18.04"),
    (
        "Desa Sidodadi Kecamatan Sekampung Lampung Timur. Saya dulu tinggal di Bandar Lampung.",
        "18.07.05.2010 18.07.05 18.07 18.71",
    ),
    # streets that are called like places
    ("Jalan Metro rusak", ""),
    ("Jl. Metro no 12 Bandar Lampung", "18.71"),
    ("jln kotabumi depan warung", ""),
    ("Jl Pagelaran No 5 RT 02 Pringsewu", "18.10"),
    ("Gg. Kalianda gelap sekali, Kec. Sukarame Balam", "18.71.02 18.71"),
    ("Jalan di Natar rusak", "18.01.04"),
    ("jalan raya Natar macet", "18.01.04"),
    ("jalan Kalirejo - Pringsewu hancur", "18.02.01 18.10"),
    # directions
    ("dari Metro ke Kotagajah jalannya hancur", "18.02.23 18.72"),
    ("jalan antara Natar dan Tegineneng", "18.01.04 18.09.03"),
    ("macet di Natar arah Tegineneng", "18.01.04"),
    ("jalan rusak menuju Kalianda", ""),
    ("Kec. Natar arah Bandar Lampung", "18.01.04"),
    # slips of the pen
    ("kecamatan Gadingrjo", "18.10.02"),
    ("kec. Terbangi Besar", "18.02.07"),
    ("kecamatan Blambangn Umpu", "18.08.01"),
    ("kab. Tangamus", "18.06"),
    ("kabupaten Pesawarn", "18.09"),
    ("di Kalainda", "18.01.06"),
    ("warga Pringswu mengeluh", "18.10"),
    ("desa Hajimen Kec Natar", "18.01.04.2001 18.01.04"),
    ("ke desa jarang ada bidan", ""),
    ("listrik di Rawajitu padam", ""),
    # landmarks
    ("parkiran RSUD Abdul Moeloek semrawut", "18.71"),
    ("antre lama di RSUD Bob Bazar", "18.01.06"),
    ("lampu mati depan Terminal Rajabasa", "18.71.10"),
    ("kampus Itera banjir", "18.01.13"),
    ("jalan depan unila berlubang", "18.71.10"),
    ("Pelabuhan Bakauheni antre panjang", "18.01.21"),
    ("sampah di Pasar Bandar Jaya", "18.02.07"),
    ("sampah di pantai mutun", "18.09.10"),
    ("Tugu Adipura kotor", "18.71.17"),
    ("exit tol Sidomulyo gelap", "18.01.07"),
    ("jalan di Pasar Unit 2 becek", "18.05.08"),
    ("Pasar Tempel Kec. Rajabasa bau", "18.71.10"),
    ("Taman Merdeka Metro gelap", "18.72.01"),
    ("Bendungan Batutegi retak", "18.06"),
    ("Liwa dingin, lampu jalan mati", "18.04.04"),
    # ordinary words, persons, brands
    ("antre panjang sekali", ""),
    ("harapan kami jalan segera diperbaiki", ""),
    ("nonton metro tv soal jalan", ""),
    ("Pak Natar yang baik", ""),
    ("beli 2 unit motor", ""),
    ("minum teh talang", ""),
    ("kopi lampung enak", "18"),
    ("saya di rumah sakit", ""),
    ("di sekolah anak saya", ""),
]


def _codes(finding: PlaceFinding) -> str:
    return " ".join(place.code for place in finding.places)


@pytest.mark.parametrize(("text", "codes"), NAMED)
def test_the_place_meant(knowledge: Know, text: str, codes: str) -> None:
    finding = find_places(normalise(text), knowledge("18"))
    assert _codes(finding) == codes
    assert finding.outcome == ("area" if codes else "unknown")


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Jalan Kotabumi rusak", {"18.03.02"}),
        ("jalan rusak menuju Kalianda", {"18.01.06"}),
        ("kecamatan Labuhan Ratu", {"18.07.21", "18.71.14"}),
        ("pasar tempel bau sekali", {"18.71.02", "18.71.10", "18.71.11", "18.71.15", "18.71.16"}),
        ("Jalan Metro rusak", set()),
    ],
)
def test_what_is_not_sure_is_a_candidate(knowledge: Know, text: str, candidates: set[str]) -> None:
    finding = find_places(normalise(text), knowledge("18"))
    assert finding.places == ()
    assert {place.code for place in finding.candidates} == candidates
    assert all(place.confidence < 0.5 for place in finding.candidates)


def test_the_accounts_area_prefers_among_equals_and_alone_is_only_a_candidate(knowledge: Know) -> None:
    def read(text: str, prior: str) -> PlaceFinding:
        return find_places(normalise(text), knowledge("18"), prior_area=prior)

    assert _codes(read("Desa Sidodadi", "18.07.05")) == "18.07.05.2010"
    assert _codes(read("Kecamatan Labuhan Ratu", "18.71")) == "18.71.14"
    assert _codes(read("Kecamatan Labuhan Ratu Lampung Timur", "18.71")) == "18.07.21 18.07"
    nothing = read("lampu jalan mati seminggu", "18.01.04")
    assert (nothing.places, nothing.outcome) == ((), "unknown")
    assert [place.code for place in nothing.candidates] == ["18.01.04"]
    assert read("lampu jalan mati seminggu", "18").candidates == ()


def test_a_slip_or_an_end_of_a_road_is_less_sure(knowledge: Know) -> None:
    def sure(text: str) -> float:
        return find_places(normalise(text), knowledge("18")).places[0].confidence

    assert sure("kecamatan Gadingrjo") < sure("kecamatan Gadingrejo")
    assert sure("dari Metro ke Kotagajah") < sure("di Kotagajah")


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Lampu mati di Jl. Mawar No. 12 RT 03 RW 05 Kel. Enggal", "Jl. Mawar No. 12 RT 03 RW 05"),
        ("gg melati 2 rt 01 gelap", "gg melati 2 rt 01"),
        ("jalan rusak parah", ""),
        ("Jalan raya rusak di depan pasar", ""),
        ("got mampet di RT 05 RW 02", "RT 05 RW 02"),
        ("tidak ada alamat", ""),
    ],
)
def test_the_citizens_own_street_is_kept(knowledge: Know, text: str, street: str) -> None:
    assert find_places(normalise(text), knowledge("18")).street == street


NATAR, METRO = Centre("18.01.04.2001", -5.35228, 105.22519), Centre("18.72.01.1001", -5.1175, 105.3067)


def _with_centres(known: Knowledge) -> Knowledge:
    return replace(known, centres=grid_of([NATAR, METRO]))


@pytest.mark.parametrize(
    ("point", "codes", "outcome"),
    [
        ((-5.3500, 105.2300), "18.01.04", "point"),
        ((-5.1100, 105.3100), "18.72.01", "point"),
        ((-6.2, 106.8), "", "unknown"),
        ((math.nan, 105.2), "", "unknown"),
        ((math.inf, -math.inf), "", "unknown"),
        ((500.0, 105.2), "", "unknown"),
    ],
)
def test_a_pin_lies_in_the_district_of_the_nearest_village(
    knowledge: Know, point: tuple[float, float], codes: str, outcome: str
) -> None:
    finding = find_places(normalise("lampu mati"), _with_centres(knowledge("18")), point=point)
    assert (_codes(finding), finding.outcome) == (codes, outcome)


def test_a_pin_between_two_districts_is_less_sure(knowledge: Know) -> None:
    known = replace(knowledge("18"), centres=grid_of([NATAR, Centre("18.71.10.1001", -5.3600, 105.2400)]))

    def sure(latitude: float, longitude: float) -> float:
        return find_places(normalise(""), known, point=(latitude, longitude)).places[0].confidence

    assert sure(-5.3560, 105.2320) < 0.8 < sure(-5.3522, 105.2251)


def test_distances_are_in_kilometres() -> None:
    code, distance, rival = nearest(-5.3423, 105.22519, grid_of([NATAR])) or ("", 0.0, 0.0)
    assert (code, rival) == (NATAR.code, math.inf)
    assert distance == pytest.approx(1.11, abs=0.01)


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("kalinda", ("kalianda",)),
        ("kaliandaa", ("kalianda",)),
        ("kaliamda", ("kalianda",)),
        ("kalainda", ("kalianda",)),
        ("kalianda", ()),
        ("kelianta", ()),
        ("ntar", ()),
    ],
)
def test_one_slip(written: str, near: tuple[str, ...]) -> None:
    assert one_slip_away(written, slips(["kalianda", "natar"])) == near


_PIECES = """jalan gang desa kecamatan kabupaten kota pasar sidodadi natar metro - kota gajah labuhan ratu arah dari ke
dan pringsewu panjang , . rt 05 di rsud terminal rajabasa lampung timur bandar tempel unit 2 kalainda"""
PIECES = _PIECES.split()
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))


@settings(deadline=None, max_examples=200)
@given(texts, st.sampled_from([None, "18.01", "18.07.05", "99.99"]))
def test_every_text_is_read_the_same_way_twice(knowledge: Know, text: str, prior: str | None) -> None:
    known = knowledge("18")
    finding = find_places(normalise(text), known, prior_area=prior)
    assert finding == find_places(normalise(text), known, prior_area=prior)
    assert all(0 < place.confidence <= 1 for place in (*finding.places, *finding.candidates))
    assert not {place.code for place in finding.places} & {place.code for place in finding.candidates}
    assert finding.street in text


FULL = st.sampled_from(
    [
        ("Desa Sidodadi Kecamatan Sekampung Kabupaten Lampung Timur", "18.07.05.2010"),
        ("Desa Hajimena Kec. Natar Kab. Lampung Selatan", "18.01.04.2001"),
        ("Kelurahan Sidodadi Kecamatan Kedaton Kota Bandar Lampung", "18.71.01.1006"),
    ]
)
UNRELATED = st.sampled_from(
    [
        "Terima kasih banyak",
        "Saya kerja di Bandar Lampung",
        "Kemarin saya lewat Metro arah Kotagajah",
        "Kantor Kecamatan Labuhan Ratu sudah tahu",
        "Desa Sidodadi juga ada di tempat lain",
        "Saudara saya di Pringsewu mengalami hal sama",
        "Jalan Kotabumi juga gelap",
        "Pasar Tempel ramai",
    ]
)


@settings(deadline=None)
@given(FULL, st.lists(UNRELATED, max_size=3), st.lists(UNRELATED, max_size=3))
def test_other_sentences_do_not_lose_a_fully_named_place(
    knowledge: Know, full: tuple[str, str], before: list[str], after: list[str]
) -> None:
    text = ". ".join([*before, full[0], *after])
    found = {place.code: place.confidence for place in find_places(normalise(text), knowledge("18")).places}
    assert found.get(full[1], 0) >= 0.9
