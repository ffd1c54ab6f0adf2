"""The paper: what an inspectorate reads on it, and the geometry of its flow table."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any, get_args

import pypdfium2
import pytest
from tests.sop.drawn import sound, words_sound
from tests.sop.paper import of, plain, standard

from salur.sop import printing
from salur.sop.document.model import SopDocument
from salur.sop.printing import Seal
from salur.sop.printing.flow import drawings
from salur.sop.printing.paper import verifying_code
from salur.sop.printing.rows import Row, rows_of, texts_of
from salur.sop.printing.tables import tables as tables_of
from salur.sop.printing.words import WORDS, span_words, spans_words
from salur.sop.words import EVENTS, Demand, HorizonName, Outcome, Plan, Purpose, RoleName
from salur.worktime.spans import Span


def seal(document: SopDocument, **changes: Any) -> Seal:
    signed = Seal(
        government="Pemerintah Provinsi Contoh",
        base_url="https://salur.contoh.example",
        sha256=document.sha256,
        signed_by="Sekretaris Daerah, Contoh Pejabat",
        signed_at=datetime(2025, 1, 2, 2, 15, tzinfo=UTC),
        in_force_from=date(2025, 1, 2),
    )
    return replace(signed, **changes)


def draft_of(document: SopDocument) -> Seal:
    return Seal("Pemerintah Provinsi Contoh", "https://salur.contoh.example", document.sha256)


def pages(content: bytes) -> list[str]:
    """The text of each page, with one blank wherever the lines break."""
    document = pypdfium2.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def all_inside(content: bytes) -> None:
    """No sign of any page stands outside its edges."""
    for page in pypdfium2.PdfDocument(content):
        text = page.get_textpage()
        for place in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(place)
            assert left >= 20 and right <= 822 and bottom >= 15 and top <= 580 or left == right


def squeezed(text: str) -> str:
    """Without blanks, soft hyphens and places where a long word may break: a line break is no change of the text."""
    return re.sub(r"[\s\u00ad\u200b\ufffe\u0002-]+", "", text)


@pytest.fixture(scope="module")
def document() -> SopDocument:
    return standard()


@pytest.fixture(scope="module")
def signed(document: SopDocument) -> bytes:
    return printing.pdf(document, seal(document))


def test_every_page_is_a4_in_landscape_and_none_is_empty(signed: bytes) -> None:
    found = pypdfium2.PdfDocument(signed)
    assert 5 <= len(found) <= 8
    for page in found:
        assert page.get_size() == pytest.approx((841.89, 595.28), abs=0.1)
    assert all(len(text) > 300 for text in pages(signed))
    all_inside(signed)


def test_the_first_page_is_the_statutory_form(document: SopDocument, signed: bytes) -> None:
    first = pages(signed)[0]
    for name in (
        "Nomor SOP",
        "Tanggal Pembuatan",
        "Tanggal Revisi",
        "Tanggal Efektif (Pengesahan)",
        "Disahkan oleh",
        "Nama SOP",
        "Dasar Hukum",
        "Kualifikasi Pelaksana",
        "Keterkaitan",
        "Peralatan/Perlengkapan",
        "Peringatan",
        "Pencatatan dan Pendataan",
        "PEMERINTAH PROVINSI CONTOH",
        "SEKRETARIAT DAERAH",
        "SOP/CONTOH/001/2026",
        "2 Desember 2024",
        "Disahkan pada 2 Januari 2025 pukul 09.15 WIB oleh Sekretaris Daerah, Contoh Pejabat",
        document.title.id,
        document.approver.name,
    ):
        assert name in first, name
    for block in ("legal_basis", "qualifications", "related", "equipment", "warnings", "records"):
        for text in getattr(document, block):
            assert squeezed(text) in squeezed(first), text


def test_the_flow_table_has_its_columns_and_every_step(document: SopDocument, signed: bytes) -> None:
    flow = [text for text in pages(signed) if "Uraian Kegiatan" in text]
    assert len(flow) == len(drawings(document))
    for text in flow:
        for name in ("No.", "Pelaksana", "Mutu Baku", "Kelengkapan", "Waktu", "Output", "Keterangan", "Warga"):
            assert name in text, name
    whole = squeezed(" ".join(flow))
    for step in document.steps:
        for text in (step.activity.id, step.completeness, step.output, step.note):
            assert squeezed(text) in whole, text
        for branch in step.next:
            assert branch.when is None or squeezed(branch.when.id) in whole, branch.when


def test_the_time_of_a_step_is_that_of_its_obligations() -> None:
    rows = {row.texts["number"]: row.texts["time"] for row in _rows(standard())}
    assert rows["3"] == "3 hari kerja" and rows["2"] == "Seketika"
    assert rows["4"] == "1 atau 3 hari kerja menurut kanal"
    assert rows["8"] == "sesuai tanggal tinjauan\nsesuai tanggal janji"
    assert rows["11"] == "5/14/60 hari kerja menurut jenis"
    changed = plain()
    changed["obligations"][0]["within"] = "7 working_hours"
    changed["channels"] = {"web": {"first_response": "2 working_days"}}
    changed["kinds"]["complaint"]["answer_within"] = "30 calendar_days"
    rows = {row.texts["number"]: row.texts["time"] for row in _rows(of(changed))}
    assert rows["3"] == "7 jam kerja" and rows["4"] == "2 hari kerja"
    assert rows["11"] == "5/14/60 hari kerja atau 30 hari kalender menurut jenis"


def _rows(document: SopDocument) -> list[Row]:
    texts = [[texts_of(document, step, number, "id")] for number, step in enumerate(document.steps, start=1)]
    shown = {cell.text for page in drawings(document) for cell in page.cells}
    found = list(rows_of(document, texts, "id"))
    assert all(row.texts["time"] in shown for row in found)
    return found


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        (["1 working_days"], "1 hari kerja"),
        (["3 working_days", "1 working_days"], "1 atau 3 hari kerja"),
        (["60 working_days", "5 working_days", "14 working_days", "14 working_days"], "5/14/60 hari kerja"),
        (["2 working_hours", "1 calendar_days"], "2 jam kerja atau 1 hari kalender"),
    ],
)
def test_limits_are_said_in_one_breath(spans: list[str], said: str) -> None:
    assert spans_words(map(Span.parse, spans)) == said


def test_everything_a_document_may_say_by_code_has_a_word() -> None:
    obligations, closure, horizons = WORDS["obligations"], WORDS["closure"], WORDS["horizons"]
    assert set(obligations["events"]) == EVENTS
    for words, codes in (
        (obligations["purposes"], Purpose),
        (obligations["horizons"], HorizonName),
        (closure["outcomes"], Outcome),
        (horizons["demands"], Demand),
        (horizons["plans"], Plan),
        (WORDS["actors"]["roles"], RoleName),
    ):
        assert set(words) == set(get_args(codes))
    assert set(standard().channels) <= set(WORDS["channels"]["names"])
    for table in tables_of(standard(), seal(standard())):
        assert len(table.columns) == len(table.widths) and {len(row) for row in table.rows} == {len(table.columns)}


def test_limits_in_english() -> None:
    assert span_words(Span.parse("1 working_days"), "en") == "1 working day"
    assert span_words(Span.parse("3 working_days"), "en-gb") == "3 working days"


def test_the_rules_stand_behind_the_flow_table(document: SopDocument, signed: bytes) -> None:
    whole = squeezed(" ".join(pages(signed)))
    for obligation in document.obligations:
        assert squeezed(obligation.name.id) in whole
    for text in (
        "1. saat lewat batas: Kepala OPD",
        "2. 3 hari kerja sesudah lewat batas: Sekretaris Daerah",
        "batas jawaban menurut jenis: 5/14/60 hari kerja",
        "Instagram",
        "menurut kalender kerja",
        "Menunggu kelengkapan dari warga",
        "Bukan kewenangan OPD ini",
        "2 kali berpindah OPD; sesudah itu penengah memutuskan",
        'ditutup oleh sistem sesudah 10 hari kerja dengan hasil "tanpa tanggapan warga"',
        "APBD, Perubahan APBD, Renstra, RKPD",
        "1825 hari kalender",
        "Operator OPD, sekurang-kurangnya 2 orang untuk setiap akun",
        "Menghapus atau menyembunyikan kritik warga",
        "Jawaban kami sampaikan paling lambat {due}.",
        "You will have our answer by {due}.",
        "Penetapan pertama",
    ):
        assert squeezed(text) in whole, text


def test_service_hours_are_printed_by_day() -> None:
    hours = {day: ["08:00-12:00", "13:00-16:00"] for day in ("mon", "tue", "wed")}
    channels = {"whatsapp": {"first_response": "4 working_hours", "service_hours": {**hours, "sat": ["09:00-11:00"]}}}
    channels["facebook"] = {"first_response": "1 working_days", "answer_in": "private_first"}
    changed = standard(channels=channels)
    whole = " ".join(pages(printing.pdf(changed, seal(changed))))
    assert "Tempat menjawab" in whole and "pesan pribadi lebih dahulu" in whole
    assert "Senin-Rabu 08:00-12:00, 13:00-16:00 Sabtu 09:00-11:00" in whole and "4 jam kerja" in whole


def test_every_page_says_number_version_hash_and_its_place(document: SopDocument, signed: bytes) -> None:
    found = pages(signed)
    for number, text in enumerate(found, start=1):
        assert f"Halaman {number} dari {len(found)}" in text
        assert "SOP/CONTOH/001/2026, versi 1" in text and f"SHA-256 {document.sha256[:16]}" in text
        assert "RANCANGAN" not in text
    assert document.sha256 in squeezed(found[0]) and document.sha256 in found[-1]


def test_a_draft_is_marked_on_every_page_and_never_signed(document: SopDocument) -> None:
    found = pages(printing.pdf(document, draft_of(document)))
    assert all("RANCANGAN - belum disahkan" in text for text in found)
    assert not any("Disahkan pada" in text or "Pindai" in text or "/sop/" in text for text in found)


def test_the_code_holds_the_address_and_stands_on_the_first_page(document: SopDocument, signed: bytes) -> None:
    code = verifying_code(seal(document))
    address = f"https://salur.contoh.example/sop/{document.sha256}/"
    assert seal(document).address == address and code.error in ("M", "Q", "H")
    modules = [list(row) for row in code.matrix]
    assert _bars_of(signed) == sum(row.count(1) and _runs(row) for row in modules)
    other = replace(seal(document), sha256="0" * 64)
    assert [list(row) for row in verifying_code(other).matrix] != modules


def _runs(row: list[int]) -> int:
    return sum(1 for before, module in pairwise([0, *row]) if module and not before)


def _bars_of(content: bytes) -> int:
    """How many small black bars the first page has: the rows of a code, run by run."""
    page = pypdfium2.PdfDocument(content)[0]
    bars = 0
    for item in page.get_objects(filter=[2], max_depth=4):
        left, bottom, right, top = item.get_bounds() if hasattr(item, "get_bounds") else item.get_pos()
        bars += right - left < 60 and top - bottom < 2 and left < 250 and bottom > 300 and right - left > 0.5
    return bars


def test_the_same_document_gives_the_same_bytes(document: SopDocument, signed: bytes) -> None:
    assert printing.pdf(document, seal(document)) == signed
    assert printing.pdf(standard(), draft_of(document)) == printing.pdf(standard(), draft_of(document))


def test_another_document_gives_another_picture(document: SopDocument, signed: bytes) -> None:
    changed = plain()
    changed["steps"][4]["actors"] = ["approver"]
    other = of(changed)
    page = next(number for number, text in enumerate(pages(signed)) if "Uraian Kegiatan" in text)
    assert _picture(signed, page) == _picture(printing.pdf(document, seal(document)), page)
    assert _picture(signed, page) != _picture(printing.pdf(other, seal(other)), page)
    assert printing.flow_svg(document) != printing.flow_svg(other)


def _picture(content: bytes, page: int) -> bytes:
    return bytes(pypdfium2.PdfDocument(content)[page].render(scale=1).buffer)


HOSTILE = [
    '#panic("x") #sys.inputs $x^2$ *tebal* _miring_ `kode`',
    "kutip \" dan ' lalu ] ) } > <label> @acuan \\ akhir",
    "= judul\n- butir\n+ nomor\n/ istilah: arti // komentar /* lagi */",
    '#let x = 1; #import "@preview/cetz:0.3.0" ~ -- --- ...',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_written_is_printed_and_never_run(text: str) -> None:
    changed = plain()
    changed["title"] = {"id": text, "en": text}
    changed["legal_basis"] = [text]
    changed["approver"] = {"position": text, "name": text, "rank": text, "employee_number": text}
    changed["unit"] = text
    changed["templates"]["answer"]["text"]["id"] = text
    changed["actors"]["operator"]["name"] = {"id": text, "en": text}
    changed["steps"][3]["activity"] = {"id": text, "en": text}
    changed["steps"][2]["next"][1]["when"] = {"id": text, "en": text}
    hostile = of(changed)
    found = pages(printing.pdf(hostile, seal(hostile, government=text, signed_by=text)))
    assert squeezed(text) in squeezed(found[0]) and squeezed(text) in squeezed(found[1])
    assert squeezed(text) in squeezed(found[-1] + found[-2])


def test_long_lists_go_on_over_pages() -> None:
    many = [f"Peraturan Contoh Nomor {number} tentang {'urusan ' * 20}" for number in range(1, 81)]
    long = standard(legal_basis=many, warnings=many[:40])
    made = printing.pdf(long, seal(long))
    all_inside(made)
    found = pages(made)
    whole = squeezed(" ".join(found))
    assert all(squeezed(text) in whole for text in many)
    assert all(len(text) > 200 for text in found) and len(found) < 20


def test_a_text_longer_than_a_page_goes_on_in_a_row_of_its_own() -> None:
    changed = plain()
    words = [f"kata{number}" for number in range(1100)]
    changed["steps"][1]["activity"]["id"] = " ".join(words)
    changed["steps"][1]["note"] = "W" * 900
    long = of(changed)
    for page in drawings(long):
        sound(page)
    whole = " ".join(pages(printing.pdf(long, seal(long))))
    assert all(word in whole.split() for word in words) and "(lanjutan)" in whole
    assert squeezed("W" * 900) in squeezed(whole).replace("(lanjutan)", "") or whole.count("W") >= 900


def test_texts_of_any_length_stay_on_the_page() -> None:
    endless, lines = "sangat panjang sekali " * 200, "a\n" * 300
    changed = plain()
    changed["number"] = changed["unit"] = endless
    changed["approver"] = {"position": endless, "name": endless, "rank": endless, "employee_number": endless}
    changed["legal_basis"] = [lines, endless]
    changed["actors"]["operator"]["name"] = {"id": "X" * 190, "en": "X"}
    changed["steps"][2]["next"][1]["when"] = {"id": endless, "en": endless}
    changed["steps"][4]["note"] = lines
    changed["templates"]["answer"]["text"]["id"] = lines
    long = of(changed)
    all_inside(printing.pdf(long, seal(long, government=endless[:120], signed_by=endless[:160])))
    for page in drawings(long):
        sound(page)
        words_sound(page)


def test_the_preview_is_in_the_language_of_the_screen(document: SopDocument) -> None:
    assert len(printing.flow_svg(document)) == len(drawings(document))
    assert all(svg.startswith("<svg") for svg in printing.flow_svg(document, "en"))
    english = {cell.text for page in drawings(document, "en") for cell in page.cells}
    assert {"Activity", "Citizen", "3 working days", "Agency operator"} <= english and "Warga" not in english
