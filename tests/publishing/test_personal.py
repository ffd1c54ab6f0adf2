"""What everybody can read carries nobody's data."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salur.channels.ways import TextLimit, Way
from salur.publishing.personal import Known, asks_for_personal_data, personal_data, without_personal_data
from salur.publishing.wording import Wording, without_link

KNOWN = Known(
    names=frozenset({"Contoh Warga", "Suminten"}),
    handles=frozenset({"@contoh.warga", "jalan"}),
    addresses=frozenset({"contoh@surat.test", "+6281200000001"}),
    ours=frozenset({"+62 812-9999-0000", "lapor@lampung.test"}),
)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("NIK 1801010101010001 sudah kami cek.", ("identity_number",)),
        ("KK 1801-0101-0101-0001 sudah kami cek.", ("identity_number",)),
        ("Hubungi 0812-0000-0001.", ("phone",)),
        ("Hubungi 0857 1234 5678.", ("phone",)),
        ("Hubungi kami di 0812 9999 0000 atau (0721) 481166.", ()),
        ("Surat ke contoh@surat.test sudah dikirim.", ("email",)),
        ("Tulis ke lapor@lampung.test.", ()),
        ("Laporan Contoh  Warga sudah kami terima.", ("name",)),
        ("Yth. Bapak Contoh, laporan diterima.", ("name",)),
        ("Halo suminten, laporan diterima.", ("name",)),
        ("Contoh jalan rusak di Jalan Warga.", ()),
        ("Kepada @contoh.warga: sudah.", ("handle",)),
        ("Akun contoh.warga sudah kami balas.", ("handle",)),
        ("Jalan ini jalan provinsi; @jalan", ("handle",)),
        ("Nomor LPG-26-0000-1234-5, Rp 1.250.000, 24 November 2026, ruas 081.", ()),
    ],
)
def test_personal_data_is_named_by_kind_and_masked(text: str, kinds: tuple[str, ...]) -> None:
    assert personal_data(text, KNOWN) == kinds
    masked = without_personal_data(text, KNOWN)
    assert personal_data(masked, KNOWN) == ()
    assert (masked == text) == (not kinds)


PARTS = [
    *("1801010101010001", "081200000001", "contoh@surat.test", "Contoh Warga", "Pak", "Suminten"),
    *("@contoh.warga", "sudah", "-", "."),
]


@example(["@contoh.warga", "@contoh.warga"], "")
@given(st.lists(st.sampled_from(PARTS), max_size=12), st.sampled_from([" ", ", ", "\n", ""]))
def test_nothing_is_left_after_masking(parts: list[str], gap: str) -> None:
    assert personal_data(without_personal_data(gap.join(parts), KNOWN), KNOWN) == ()


def test_a_question_for_personal_data_is_seen() -> None:
    assert asks_for_personal_data("Mohon kirim nomor HP dan alamat lengkap Bapak.")
    assert asks_for_personal_data("Berapa NIK Ibu?") and asks_for_personal_data("Alamat e-mail?")
    assert not asks_for_personal_data("Di kilometer berapa lubangnya?")


LINK = "https://salur.test/lacak/LPG-26-0000-1234-5/"
ACK = (
    "Terima kasih. Laporan Anda kami terima dengan nomor LPG-26-0000-1234-5 dan ditangani oleh Dinas PU.\n"
    f"Jawaban kami sampaikan paling lambat Senin, 30 November 2026. Perkembangan dapat dilihat di {LINK}."
)


def test_where_links_cost_the_sentence_with_the_link_goes_and_the_number_stays() -> None:
    assert without_link(ACK, LINK, "LPG-26-0000-1234-5") == (
        "Terima kasih. Laporan Anda kami terima dengan nomor LPG-26-0000-1234-5 dan ditangani oleh Dinas PU.\n"
        "Jawaban kami sampaikan paling lambat Senin, 30 November 2026."
    )
    told = without_link(f"Nomor LPG-1, lihat: {LINK}.", LINK, "LPG-1")
    assert told == "Nomor LPG-1, lihat."
    assert without_link("lihat https://lain.test", LINK, "LPG-1") == "lihat https://lain.test"


def test_the_same_answer_is_worded_for_its_way() -> None:
    words = Wording(
        "Sudah ditambal.", "LPG-1", LINK, signature=f"Dinas PU\n{LINK}", bare_signature="Dinas PU, LPG-1",
        ending=f"Selengkapnya: {LINK}", bare_ending="Selengkapnya: LPG-1",
    )  # fmt: skip
    assert words.on(Way("mail", TextLimit(1000))) == (f"Sudah ditambal.\n\nDinas PU\n{LINK}",)
    assert words.on(Way("public_reply", TextLimit(280, "x_weighted"), links=False)) == (
        "Sudah ditambal.\n\nDinas PU, LPG-1",
    )


def test_a_program_s_words_are_one_message_where_messages_cost_and_are_masked_in_public() -> None:
    words = Wording("kata " * 30, link=LINK, automatic=True, notices=("Diteruskan.",), ending="lihat salur.test")
    paid = Way("direct", TextLimit(60, parts=5), cost=1)
    assert len(words.on(paid)) == 1 and words.on(paid)[0].endswith("lihat salur.test")
    free = words.on(Way("direct", TextLimit(60, parts=5)))
    assert len(free) > 1 and free[-1].endswith("Diteruskan.")
    greeting = Wording("Yth. Pak Contoh, laporan diterima.", automatic=True, known=KNOWN)
    assert "Contoh" not in greeting.on(Way("public_reply", TextLimit(100), public=True))[0]
    assert "Contoh" in greeting.on(Way("direct", TextLimit(100)))[0]
