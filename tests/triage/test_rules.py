"""What the rules read in invented texts, and what holds for every text."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.triage.knowledge import Knowledge
from salur.triage.rules import read

Know = Callable[[str], Knowledge]

# text, function, agency at the province, level, abstain
READ_AT_THE_PROVINCE = [
    ("Ruas jalan Metro - Kota Gajah penuh lubang, mohon ditambal", "roads_bridges", "bmbk", "province", False),
    ("Jalan provinsi di Kec. Natar rusak parah", "roads_bridges", "bmbk", "province", False),
    ("Jalan lintas sumatera dekat Bakauheni berlubang besar", "roads_bridges", "bmbk", "national", True),
    ("Jalan desa kami hancur, pak, tidak bisa dilewati motor", "roads_bridges", "bmbk", "village", True),
    ("Jembatan di kampung kami ambruk kemarin", "roads_bridges", "bmbk", "unknown", False),
    ("Guru di SMA negeri kami jarang mengajar", "education", "disdikbud", "province", False),
    ("Atap SD negeri bocor, anak-anak belajar di teras sekolah", "education", "disdikbud", "regency", True),
    ("Kapan pendaftaran PPDB SMK dibuka?", "education", "disdikbud", "province", False),
    ("Antrean obat di RSUD Abdul Moeloek lima jam", "health", "rsudam", "province", False),
    ("Perawat puskesmas galak sekali kepada pasien", "health", "dinkes", "regency", True),
    ("Blangko KTP habis terus di kantor dukcapil", "civil_registration", "disdukcapil", "regency", True),
    ("Sampah menumpuk seminggu tidak diangkut", "environment_waste", "dlh", "regency", True),
    ("Listrik padam tiap malam, PLN diam saja", "electricity", "esdm", "national", True),
    ("Kartu BPJS saya tiba-tiba tidak aktif", "health_insurance", "dinkes", "national", True),
    ("Pajak motor di samsat kena denda dua kali", "local_tax", "bapenda", "province", False),
    ("Harga singkong anjlok, petani merugi", "food_agriculture", "kptph", "unknown", False),
    ("Pukat trawl masih beroperasi, nelayan kecil susah", "fisheries", "dkp", "province", False),
    ("Ada pembalakan liar di kawasan hutan lindung", "forestry", "dishut", "province", False),
    ("Upah buruh pabrik dibayar di bawah upah minimum provinsi", "labour", "disnaker", "province", False),
    ("Sertifikat tanah belum keluar dari BPN", "land", "biro-pemotda", "national", True),
]


@pytest.mark.parametrize(("text", "function", "agency", "level", "abstain"), READ_AT_THE_PROVINCE)
def test_function_agency_and_level(
    knowledge: Know, text: str, function: str, agency: str, level: str, abstain: bool
) -> None:
    reading = read(text, knowledge("18"))
    assert (reading.functions[0].code, reading.agencies[0].code) == (function, agency)
    assert (reading.level, reading.abstain) == (level, abstain)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jalan provinsi rusak sudah lama tidak diperbaiki", "complaint"),
        ("Kapan jalan rusak di depan pasar diperbaiki? Sudah lama rusak, kami kecewa", "complaint"),
        ("Bagaimana cara mengurus pemutihan pajak kendaraan?", "information_request"),
        ("Kapan pemutihan pajak kendaraan tahun ini?", "information_request"),
        ("Mohon informasi jadwal operasi pasar murah", "information_request"),
        ("Saya usul agar perpustakaan daerah buka sampai malam", "aspiration"),
        ("Saran: sebaiknya terminal diberi taman baca", "aspiration"),
        ("Ada pungli saat mengurus izin usaha", "supervisory_complaint"),
        ("Oknum guru SMA meminta uang untuk menaikkan nilai", "supervisory_complaint"),
        ("Dana desa diduga dikorupsi kepala desa", "supervisory_complaint"),
    ],
)
def test_kind(knowledge: Know, text: str, kind: str) -> None:
    assert read(text, knowledge("18")).kind == kind


def test_a_supervisory_complaint_goes_to_the_supervisor_even_if_the_accused_agency_is_named_and_chosen(
    knowledge: Know,
) -> None:
    text = "Oknum pegawai Dinas Sosial minta uang agar bansos cair. Dinas Sosial harus ditindak."
    reading = read(text, knowledge("18"), chosen_agency="dinsos")
    assert reading.agencies[0].code == "inspektorat"
    assert [function.code for function in reading.functions][:2] == ["inspection", "social_aid"]


def test_supervision_of_a_village_head_is_not_the_provinces(knowledge: Know) -> None:
    reading = read("Dana desa dikorupsi kepala desa", knowledge("18"))
    assert reading.level == "village"
    assert reading.abstain


@pytest.mark.parametrize(
    "text", ["", "😀😀😀", "terima kasih banyak pak", "tolong ditindaklanjuti segera", "\x00\ud800"]
)
def test_it_abstains_where_the_evidence_is_thin(knowledge: Know, text: str) -> None:
    reading = read(text, knowledge("18"))
    assert reading.abstain
    assert "thin_evidence" in [reason.code for reason in reading.reasons]


def test_it_abstains_where_two_functions_tie(knowledge: Know) -> None:
    reading = read("perpustakaan dan stadion", knowledge("18"))
    assert reading.abstain
    assert "tie" in [reason.code for reason in reading.reasons]


def test_two_functions_of_one_agency_do_not_tie(knowledge: Know) -> None:
    reading = read("peternak kopi", knowledge("18.09"))
    assert [function.code for function in reading.functions] == ["livestock", "plantation"]
    assert not reading.abstain
    assert read("peternak kopi", knowledge("18")).abstain


def test_what_stands_beside_is_not_what_it_is_about(knowledge: Know) -> None:
    reading = read("Lampu jalan padam di depan sekolah dan dekat puskesmas", knowledge("18.09"))
    assert reading.functions[0].code == "transport"
    assert not reading.abstain


def test_place_names_and_courtesies_do_not_count(knowledge: Know) -> None:
    reading = read("Mohon bantuan, kami warga Kota Gajah di Desa Nambah Rejo", knowledge("18"))
    assert reading.functions == ()


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("Tebing longsor menimpa rumah, ada korban", "high"),
        ("Mohon ambulans, ada kecelakaan", "high"),
        ("Mohon akta kematian, ayah saya sudah meninggal tahun lalu", "normal"),
        ("Taman kota kurang terawat", "normal"),
    ],
)
def test_urgency(knowledge: Know, text: str, urgency: str) -> None:
    assert read(text, knowledge("18")).urgency == urgency


@pytest.mark.parametrize(
    ("text", "horizon"),
    [
        ("Jalan berlubang, mohon ditambal", "short"),
        ("Gedung sekolah perlu renovasi", "medium"),
        ("Usulan pelebaran jalan provinsi", "long"),
        ("Mohon pembangunan jembatan baru dan renovasi gedung", "long"),
    ],
)
def test_horizon(knowledge: Know, text: str, horizon: str) -> None:
    assert read(text, knowledge("18")).horizon == horizon


def test_the_citizens_choice_counts_but_does_not_silence_the_words(knowledge: Know) -> None:
    plain = read("Jalan provinsi berlubang parah", knowledge("18"))
    chosen = read("Jalan provinsi berlubang parah", knowledge("18"), chosen_agency="dishub")
    assert "dishub" not in [agency.code for agency in plain.agencies]
    assert "dishub" in [agency.code for agency in chosen.agencies]
    assert chosen.agencies[0].code == "bmbk"
    assert read("Jalan provinsi berlubang parah", knowledge("18"), chosen_agency="tidak-ada") == plain


def test_another_governments_place_is_left_to_the_coordinator(knowledge: Know) -> None:
    text = "Jalan kabupaten rusak di Kecamatan Kalianda"
    assert not read(text, knowledge("18.01")).abstain
    away = read(text, knowledge("18.09"))
    assert away.abstain
    assert "outside_area" in [reason.code for reason in away.reasons]
    assert away.agencies[0].code == "pupr"


def test_reasons_quote_the_citizen_and_the_json_has_the_agreed_shape(knowledge: Know) -> None:
    answer = read("Ruas jalan Metro - Kota Gajah BERLUBANG, jln rusak", knowledge("18")).to_json()
    assert list(answer) == [
        "kind",
        "functions",
        "agencies",
        "level",
        "places",
        "horizon",
        "urgency",
        "abstain",
        "reasons",
    ]
    assert set(answer["functions"][0]) == set(answer["agencies"][0]) == {"code", "name", "p"}
    assert "Kata “jln rusak” → urusan Jalan dan jembatan" in answer["reasons"]
    assert "Ruas jalan provinsi no. 18 Metro - Kota Gajah ada dalam daftar" in answer["reasons"]


SOME_WORDS = """jalan rusak sekolah sma sd guru pungli kapan ? listrik padam desa sidodadi kecamatan natar metro -
kota gajah lampung selatan bantuan air mati usul 😀 , ."""
words = st.sampled_from(SOME_WORDS.split())


@settings(deadline=None)
@given(st.one_of(st.text(st.characters(), max_size=300), st.lists(words, max_size=40).map(" ".join)))
def test_every_text_is_read_the_same_way_twice_with_ordered_probabilities(knowledge: Know, text: str) -> None:
    for code in ("18", "18.01"):
        reading = read(text, knowledge(code))
        assert reading == read(text, knowledge(code))
        for ranking in (reading.functions, reading.agencies):
            chances = [entry.p for entry in ranking]
            assert chances == sorted(chances, reverse=True)
            assert all(0 <= p <= 1 for p in chances)
            assert sum(chances) <= 1.01
        assert all(0 < place.confidence <= 1 for place in reading.places)
        assert reading.abstain or (reading.functions and reading.agencies)


@settings(deadline=None)
@given(st.lists(words, max_size=30))
def test_blanks_and_case_change_nothing(knowledge: Know, parts: list[str]) -> None:
    plain = read(" ".join(parts), knowledge("18"))
    loud = read("   ".join(parts).upper() + "  ", knowledge("18"))
    assert (loud.kind, loud.functions, loud.agencies) == (plain.kind, plain.functions, plain.agencies)
    assert (loud.level, loud.places, loud.abstain) == (plain.level, plain.places, plain.abstain)


@pytest.mark.parametrize(
    "text",
    [
        "jalan rusak " * 9_000,
        "metro kota gajah jalan " * 5_000,
        "sidodadi " * 12_000,
        "pohon sampah air lampu jalan rusak mati " * 2_500,
        "a" * 100_000,
        "\ud800\x00" * 50_000,
        "ﷺ" * 100_000,
    ],
)
def test_a_hundred_kilobytes_are_read_in_bounded_time(knowledge: Know, text: str) -> None:
    start = time.perf_counter()
    read(text, knowledge("18"))
    assert time.perf_counter() - start < 3
