"""The front page, the form and the receipt."""

import re
import uuid
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.world import ROAD, Lampung

from salur.cases.models import Case, Voice
from salur.channels.models import Account
from salur.intake.models import Delivery, Message, StoredFile
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def form(**fields: Any) -> dict[str, Any]:
    return {"form_id": str(uuid.uuid4()), "government": "18", "text": ROAD, **fields}


def only_case() -> Case:
    with use(EVERYTHING):
        return Case.objects.select_related("agency", "government").get()


def test_the_front_page_opens_both_doors_and_tells_the_limits_of_the_sop(client: Client, lampung: Lampung) -> None:
    page = client.get("/").content.decode()
    assert 'href="/lapor/"' in page and 'href="/lacak/"' in page
    assert "14 hari kerja" in page and "Pemerintah Kabupaten Pesawaran" in page
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    english = client.get("/").content.decode()
    assert "14 working days" in english and 'lang="en"' in english


def test_without_any_government_the_form_says_so(client: Client, lampung: Lampung) -> None:
    with use(EVERYTHING):
        Account.objects.update(state="off")
    assert client.get("/lapor/").status_code == 503


def test_filing_leads_to_a_receipt_that_shows_the_number_once_there_is_one(client: Client, lampung: Lampung) -> None:
    answer = client.post("/lapor/", form(name="Sri Contoh", email="sri@contoh.test", location="Gading Rejo"))
    assert answer.status_code == 302
    waiting = client.get(answer.url)
    assert 'http-equiv="refresh"' in waiting.content.decode() and "no-store" in waiting["Cache-Control"]
    run_until_quiet()
    case = only_case()
    page = client.get(answer.url).content.decode()
    assert case.number in page and "Dinas Bina Marga" in page and 'http-equiv="refresh"' not in page
    with use(EVERYTHING):
        message = Message.objects.get()
    assert message.sender_address == "sri@contoh.test" and message.extra["location"] == "Gading Rejo"


def test_a_waiting_receipt_asks_and_loads_anew_when_the_case_is_open(client: Client, lampung: Lampung) -> None:
    where = client.post("/lapor/", form()).url
    assert client.get(where, headers={"HX-Request": "true"}).status_code == 204
    run_until_quiet()
    assert client.get(where, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_report_that_could_not_be_read_says_that_an_officer_will(client: Client, lampung: Lampung) -> None:
    where = client.post("/lapor/", form()).url
    with use(EVERYTHING):
        Delivery.objects.update(state=Delivery.State.QUARANTINED)
    page = client.get(where).content.decode()
    assert "Petugas perlu membacanya" in page and 'http-equiv="refresh"' not in page


def test_a_receipt_nobody_was_given_does_not_exist(client: Client, lampung: Lampung) -> None:
    assert client.get(f"/lapor/terima/{uuid.uuid4()}/").status_code == 404


def test_the_same_form_twice_is_one_report_and_a_changed_one_is_another(client: Client, lampung: Lampung) -> None:
    sent = form()
    first, again = client.post("/lapor/", sent), client.post("/lapor/", sent)
    changed = client.post("/lapor/", {**sent, "text": ROAD + " Hari ini ada yang jatuh lagi."})
    assert first.url == again.url != changed.url
    with use(EVERYTHING):
        assert Delivery.objects.count() == 2


def test_a_chosen_agency_takes_the_report(client: Client, lampung: Lampung) -> None:
    client.post("/lapor/", form(agency="dinkes", kind="information_request"))
    run_until_quiet()
    case = only_case()
    assert case.agency is not None and case.agency.code == "dinkes" and case.kind == "information_request"


def test_flags_reach_the_voice(client: Client, lampung: Lampung) -> None:
    client.post("/lapor/", form(anonymous="on", confidential="on"))
    run_until_quiet()
    with use(EVERYTHING):
        voice = Voice.objects.get()
    assert voice.anonymous and voice.confidential and only_case().confidential


def test_files_are_kept_under_safe_names(client: Client, lampung: Lampung) -> None:
    files = [SimpleUploadedFile("a.png", PNG), SimpleUploadedFile("dokumen.exe", b"%PDF-1.7 x")]
    files[0].name = "..\\..\\lubang .php"
    assert client.post("/lapor/", form(attachments=files)).status_code == 302
    run_until_quiet()
    with use(EVERYTHING):
        kept = list(StoredFile.objects.order_by("id").values_list("name", "content_type", "size"))
    assert kept == [("lubang.png", "image/png", len(PNG)), ("dokumen.pdf", "application/pdf", 10)]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "text"),
    ({"text": "jalan"}, "text"),
    ({"text": "x" * 20_001}, "text"),
    ({"text": "lubang\x00 besar di jalan"}, "text"),
    ({"agency": "pupr"}, "agency"),
    ({"government": "99"}, "government"),
    ({"email": "bukan alamat"}, "email"),
    ({"phone": "telepon saya"}, "phone"),
    ({"website": "http://contoh.test"}, "website"),
    ({"attachments": ("x.png", b"<script>")}, "attachments"),
    ({"attachments": ("x.png", PNG + bytes(5 * 1024 * 1024))}, "attachments"),
    ({"attachments": ("x.png", PNG), "many": 6}, "attachments"),
    ({"attachments": ("x.png", PNG + bytes(4 * 1024 * 1024)), "many": 4}, "attachments"),
]


def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(client: Client, lampung: Lampung) -> None:
    for wrong, field in WRONG:
        sent = form(**({"name": "Sri Contoh", "title": "Jalan rusak"} | wrong))
        if "attachments" in wrong:
            sent["attachments"] = [SimpleUploadedFile(*wrong["attachments"]) for _ in range(sent.pop("many", 1))]
        answer = client.post("/lapor/", sent)
        page = answer.content.decode()
        assert answer.status_code == 200, wrong
        assert f'href="#id_{field}"' in page and f'id="id_{field}_error"' in page, field
        assert 'value="Sri Contoh"' in page and 'value="Jalan rusak"' in page
        control = re.search(rf'<(?:input|select|textarea)[^>]*id="id_{field}"[^>]*>', page)
        assert control and "aria-invalid" in control[0] and f"id_{field}_error" in control[0], field
    with use(EVERYTHING):
        assert not Delivery.objects.exists()


def test_without_javascript_a_button_shows_the_agencies_of_another_government(client: Client, lampung: Lampung) -> None:
    page = client.post("/lapor/", form(government="18.09", text="Jalan", show_agencies="yes")).content.decode()
    assert 'value="pupr"' in page and 'value="bmbk"' not in page and ">\nJalan</textarea>" in page
    assert "id_text_error" not in page
    fragment = client.get("/lapor/perangkat-daerah/?government=18.09").content.decode()
    assert 'value="pupr"' in fragment and "<html" not in fragment


def test_a_photograph_needs_few_words(client: Client, lampung: Lampung) -> None:
    assert client.post("/lapor/", form(text="Lubang", attachments=SimpleUploadedFile("a.png", PNG))).status_code == 302


def test_one_connection_files_sixty_times_an_hour_and_keeps_its_words(client: Client, lampung: Lampung) -> None:
    answers = [client.post("/lapor/", form()) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [302] * 60 + [429]
    assert ROAD in answers[-1].content.decode()
    assert client.post("/lapor/", form(), REMOTE_ADDR="203.0.113.9").status_code == 302
    cache.clear()
    assert client.post("/lapor/", form()).status_code == 302


def test_a_form_without_its_key_against_forgery_is_not_taken(lampung: Lampung) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/lapor/", form())
    assert refused.status_code == 403 and "terlalu lama" in refused.content.decode()
