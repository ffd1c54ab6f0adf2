"""Of what kind a text is; nobody's matter is lost to swearing, sneering or courtesy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.language.normalise import normalise
from salur.triage.corpus_file import KINDS, examples
from salur.triage.kind_features import features
from salur.triage.kind_model import KindModel, base_model
from salur.triage.kinds import VOICES, Kind, kind_of


def read(text: str, **settings: bool) -> Kind:
    return kind_of(normalise(text), text, **settings)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jalan provinsi rusak sudah lama tidak diperbaiki", "complaint"),
        ("Kapan jalan rusak di depan pasar diperbaiki? Sudah lama rusak, kami kecewa", "complaint"),
        ("Bagaimana cara mengurus pemutihan pajak kendaraan?", "information_request"),
        ("Saya usul agar perpustakaan daerah buka sampai malam", "aspiration"),
        ("Ada pungli saat mengurus izin usaha", "supervisory_complaint"),
        ("Oknum guru SMA meminta uang untuk menaikkan nilai", "supervisory_complaint"),
        ("Camat jarang masuk kantor, disiplin ASN mana", "supervisory_complaint"),
        ("Terima kasih pak, pelayanan cepat dan ramah", "praise"),
        ("wkwkwk", "small_talk"),
        ("anjing lo semua goblok", "abuse"),
        ("Dana tunai tanpa agunan hubungi wa, proses cepat", "spam"),
        ("Berkat 𝐓𝐀𝐏𝐈𝐒𝟕𝟕 hidup saya berubah", "spam"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert read(text).code == kind


@pytest.mark.parametrize(
    "text",
    [
        "Anjing, jalan depan rumah rusak lagi bangsat",
        "goblok semua, sampah seminggu tidak diangkut",
        "Woi tolol lampu jalan mati terus",
    ],
)
def test_swearing_is_a_flag_and_the_complaint_stays(text: str) -> None:
    kind = read(text)
    assert kind.is_voice
    assert "profanity" in kind.flags


def test_a_sneer_is_a_complaint() -> None:
    kind = read("Mantap sekali pak, jalan berlubang dan banjir terus, hebat ya dinasnya")
    assert kind.code == "complaint"
    assert "sneer" in kind.flags


@pytest.mark.parametrize("text", ["Pelayanan bagus, tanpa pungli", "Terima kasih, tidak ada pungli di sini"])
def test_misuse_denied_is_no_supervisory_complaint(text: str) -> None:
    assert read(text).code != "supervisory_complaint"


def test_a_text_with_a_matter_is_never_abuse_or_chat() -> None:
    assert read("anjing lo semua goblok").code == "abuse"
    assert read("anjing lo semua goblok", matter=True).code not in ("abuse", "small_talk")


def test_what_the_agency_itself_writes_is_its_broadcast() -> None:
    assert read("Jalan rusak sudah kami perbaiki", own_account=True).code == "broadcast"


def test_reasons_quote_the_writer() -> None:
    text = "Lampu JALAN mati terusss di depan pasar"
    kind = read(text)
    assert kind.reasons
    assert all(reason.evidence in text for reason in kind.reasons)


def test_the_model_learns_what_it_is_taught_and_explains_itself() -> None:
    taught = [(["rusak", "jalan"], "complaint"), (["amin"], "small_talk"), (["makasih"], "praise")] * 4
    model = KindModel.build(taught)
    for found, kind in taught:
        odds = model.probabilities(found)
        assert max(odds, key=lambda code: odds[code]) == kind
        assert sum(odds.values()) == pytest.approx(1.0)
    assert model.speaking(["rusak", "unbekannt"], "complaint") == ["rusak"]


def test_a_model_needs_an_example_of_a_known_kind() -> None:
    with pytest.raises(ValueError, match="at least one"):
        KindModel.build([])
    with pytest.raises(ValueError):
        KindModel.build([(["x"], "gossip")])


def test_a_model_may_be_taught_one_kind_only() -> None:
    odds = KindModel.build([(["rusak"], "complaint")]).probabilities(["rusak"])
    assert max(odds, key=lambda code: odds[code]) == "complaint"


def test_voices_held_out_of_the_seed_corpus_are_told_from_noise() -> None:
    rows = [(one.text, one.kind) for one in examples()]
    taught, held = [row for n, row in enumerate(rows) if n % 5], rows[::5]
    model = KindModel.build((features(normalise(text), text), kind) for text, kind in taught)
    right = [(kind_of(normalise(text), text, model=model).is_voice) == (kind in VOICES) for text, kind in held]
    assert sum(right) / len(right) >= 0.9


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_kind(text: str) -> None:
    kind = read(text)
    assert kind.code in KINDS
    assert 0.0 <= kind.p <= 1.0
    assert kind == read(text)


def test_the_base_model_is_built_once() -> None:
    assert base_model() is base_model()
