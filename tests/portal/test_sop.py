"""The public page that tells whether a paper is genuine."""

from datetime import timedelta

import pypdfium2
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.world import Lampung

from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import STANDARD
from salur.sop.models import SopVersion
from salur.sop.sign import adopt_text

UNKNOWN = "0" * 64


@pytest.fixture
def sha256(lampung: Lampung) -> str:
    """The hash of the standard SOP, which both governments signed."""
    with use(EVERYTHING):
        return SopVersion.objects.get(government=lampung.province).sha256


def follow(lampung: Lampung, days: int) -> SopVersion:
    """The next version of the province, in force so many days from now."""
    from_day = clock.today(lampung.province.timezone) + timedelta(days=days)
    text = STANDARD.read_text().replace("version: 1\n", "version: 2\n", 1)
    text = text.replace("effective: 2025-01-02", f"effective: {from_day.isoformat()}")
    text = text.replace("number: SOP/CONTOH/001/2026", "number: SOP/CONTOH/002/2026")
    with use(EVERYTHING):
        return adopt_text(lampung.province, text, signed_by="Sekretaris Daerah, Contoh Kedua", actor=ledger.SYSTEM)


def test_a_signed_hash_tells_whose_paper_it_is(client: Client, sha256: str) -> None:
    answer = client.get(f"/sop/{sha256}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for said in (
        "Sidik digital ini milik SOP yang telah disahkan",
        "Disahkan dan berlaku",
        "Pemerintah Provinsi Lampung",
        "Pemerintah Kabupaten Pesawaran",
        "Penanganan laporan dan aspirasi warga di media sosial dan loket",
        "SOP/CONTOH/001/2026",
        "Sekretaris Daerah (contoh)",
        "2 Januari 2025",
        sha256,
    ):
        assert said in page, said
    assert "member:" not in page and "Digantikan" not in page


def test_it_speaks_english_too(client: Client, sha256: str) -> None:
    client.cookies["django_language"] = "en"
    page = client.get(f"/sop/{sha256}/").content.decode()
    assert "This hash belongs to a signed SOP" in page and "Signed and in force" in page


def test_the_next_version_supersedes_it_from_its_day_on(client: Client, sha256: str, lampung: Lampung) -> None:
    later = follow(lampung, days=30)
    page = client.get(f"/sop/{sha256}/").content.decode()
    assert page.count("Disahkan dan berlaku") == 2 and page.count("Digantikan oleh versi 2 sejak") == 1
    assert "Disahkan, belum berlaku" in client.get(f"/sop/{later.sha256}/").content.decode()


def test_a_superseded_paper_says_so(client: Client, sha256: str, lampung: Lampung) -> None:
    today = follow(lampung, days=0)
    page = client.get(f"/sop/{sha256}/").content.decode()
    assert page.count("Disahkan, tetapi sudah digantikan") == 1 and page.count("Disahkan dan berlaku") == 1
    newer = client.get(f"/sop/{today.sha256}/").content.decode()
    assert "Disahkan dan berlaku" in newer and "SOP/CONTOH/002/2026" in newer and "Pesawaran" not in newer


def test_the_signed_form_is_that_of_the_government_asked(client: Client, sha256: str) -> None:
    for code, name in (("18", "PEMERINTAH PROVINSI LAMPUNG"), ("18.09", "PEMERINTAH KABUPATEN PESAWARAN")):
        answer = client.get(f"/sop/{sha256}/{code}.pdf")
        assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
        text = " ".join(pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_bounded().split())
        assert name in text and "Disahkan pada" in text and "RANCANGAN" not in text
    assert client.get(f"/sop/{sha256}/99.pdf").status_code == 404
    assert client.get(f"/sop/{UNKNOWN}/18.pdf").status_code == 404


@pytest.mark.parametrize("sha256", [UNKNOWN, "abc", "x" * 64, "%00", "<script>", "A" * 64, "1" * 500])
def test_an_unknown_hash_gets_a_clear_page(client: Client, lampung: Lampung, sha256: str) -> None:
    answer = client.get(f"/sop/{sha256}/")
    page = answer.content.decode()
    assert answer.status_code == 404 and "Tidak ada SOP sah dengan sidik digital ini" in page and "id_hash" in page
    assert "<script>alert" not in page and 'value="<' not in page


def test_a_hash_is_found_however_it_is_pasted(client: Client, sha256: str) -> None:
    spaced = " ".join(sha256[at : at + 8] for at in range(0, 64, 8))
    for typed in (sha256, f"  {sha256.upper()}\n", spaced, f"https://salur.contoh.example/sop/{sha256}/"):
        answer = client.get("/sop/", {"hash": typed})
        assert answer.status_code == 302 and answer["Location"] == f"/sop/{sha256}/", typed


def test_the_field_tells_what_is_missing(client: Client, lampung: Lampung) -> None:
    assert "id_hash_error" not in client.get("/sop/").content.decode()
    assert client.get("/sop/").status_code == 200
    for typed in ("765f5b4e65a0", "tidak tahu", '"><script>'):
        answer = client.get("/sop/", {"hash": typed})
        assert answer.status_code == 404 and "seluruh 64 tanda" in answer.content.decode()
        assert "><script>" not in answer.content.decode().replace("<script src", "")


def test_who_guesses_too_often_has_to_wait(client: Client, sha256: str) -> None:
    for number in range(60):
        assert client.get(f"/sop/{number:064x}/").status_code == 404
    assert client.get(f"/sop/{UNKNOWN}/").status_code == 429
    assert client.get(f"/sop/{sha256}/18.pdf").status_code == 429
    cache.clear()
    assert client.get(f"/sop/{sha256}/").status_code == 200


def test_nothing_is_written_and_few_queries_are_made(client: Client, sha256: str) -> None:
    client.get(f"/sop/{sha256}/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/sop/{sha256}/")
    assert len(queries) <= 12 and not any(query["sql"].startswith(("INSERT", "UPDATE")) for query in queries)
    assert client.post(f"/sop/{sha256}/").status_code == 405
