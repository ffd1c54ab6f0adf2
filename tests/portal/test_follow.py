"""Following a report by its number, writing to it, settling it."""

import uuid
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import formats
from tests.world import ROAD, VAGUE, Lampung, actor

from salur.cases.correct import void
from salur.cases.handle import follow_up, hold, refer, verify
from salur.cases.models import Case, Voice
from salur.cases.thread import thread_token
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.replies import approve, draft
from salur.sop.closing import close, confirm
from salur.sop.horizon import reach_milestone, set_horizon

INNER = "catatan dalam, bukan untuk warga"


def again(case: Case) -> Case:
    with use(EVERYTHING):
        return Case.objects.get(pk=case.pk)


def answer(lampung: Lampung, case: Case, text: str, purpose: str = "answer") -> None:
    drafter, approver = lampung.officer(f"o{case.pk}", "operator"), lampung.officer(f"a{case.pk}", "approver")
    reply = act(draft, case.pk, purpose=purpose, text=text, actor=actor(drafter))
    act(approve, reply.pk, actor=actor(approver))
    run_until_quiet()


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/lacak/{case.number}/").content.decode()


def test_a_number_is_found_however_it_is_typed(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    typed = " " + case.number.replace("-", " ").lower()
    found = client.get("/lacak/", {"number": typed}, follow=True)
    assert found.redirect_chain[-1][0] == f"/lacak/{case.number}/" and found.status_code == 200
    assert found["X-Robots-Tag"] == "noindex" and "no-store" in found["Cache-Control"]


def test_an_unknown_number_gets_the_field_again(client: Client, lampung: Lampung) -> None:
    for number in ("18-2611-AAAA-AAAA", "<script>", "x" * 500, "\x00", "%", "../.."):
        answer = client.get("/lacak/", {"number": number}, follow=True)
        page = answer.content.decode()
        assert answer.status_code == 404 and "Nomor ini tidak dikenal" in page and "<script>" not in page, number
    for nothing in ("..", "/", " "):
        assert client.get("/lacak/", {"number": nothing}).status_code == 200


def test_an_empty_field_is_told(client: Client, lampung: Lampung) -> None:
    assert "id_number_error" in client.get("/lacak/?number=").content.decode()


def test_a_fresh_case_shows_date_agency_and_own_words_with_personal_data_masked(
    client: Client, lampung: Lampung
) -> None:
    case = lampung.report("satu", ROAD + " NIK 1871010101900001, telepon 0812-3456-7890.", title="Telepon 081234567890")
    page = page_of(client, case)
    assert "Dinas Bina Marga dan Bina Konstruksi" in page and "Diterima melalui situs ini" in page
    assert "pasar Gading Rejo" in page and "•••" in page
    assert "1871010101900001" not in page and "0812-3456-7890" not in page and "081234567890" not in page


def test_nothing_inner_is_told(client: Client, lampung: Lampung) -> None:
    coordinator = lampung.officer("koordinator-rahasia", "coordinator", "diskominfotik")
    case = lampung.report("satu")
    act(verify, case.pk, note=INNER, actor=actor(coordinator))
    act(refer, case.pk, agency_id=lampung.agency("dinkes").pk, reason=INNER, note=INNER, actor=actor(coordinator))
    act(follow_up, case.pk, note=INNER, actor=actor(coordinator))
    reply = act(draft, case.pk, purpose="answer", text="belum disetujui siapa pun", actor=actor(coordinator))
    run_until_quiet()
    page = page_of(client, case)
    assert "Diteruskan kepada Dinas Kesehatan" in page and reply.pk
    for hidden in (INNER, "belum disetujui", "Koordinator-Rahasia", "koordinator-rahasia", "member:"):
        assert hidden not in page


def test_an_answer_sent_to_two_voices_is_shown_once(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    lampung.report("dua", "Saya juga jatuh di sana.", email="warga@contoh.test", thread_token=thread_token(case))
    with use(EVERYTHING):
        assert Voice.objects.filter(case=case).count() == 2
    answer(lampung, case, "Lubang sudah ditambal.")
    page = page_of(client, case)
    assert page.count("Lubang sudah ditambal.") == 1 and 'aria-current="step"> Dijawab' in " ".join(page.split())


def test_an_answer_keeps_the_contacts_of_the_agency_and_hides_an_identity_number(
    client: Client, lampung: Lampung
) -> None:
    case = lampung.report("satu")
    answer(lampung, case, "NIK 1871010101900001 sudah dicatat. Hubungi 0721-481107 atau bmbk@lampung.example.")
    page = page_of(client, case)
    assert "0721-481107" in page and "bmbk@lampung.example" in page and "NIK •••" in page
    assert "1871010101900001" not in page


def test_a_confidential_case_shows_its_answer_and_not_its_words(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu", title="Judul rahasia", confidential=True)
    client.post(f"/lacak/{case.number}/tanggapan/", {"text": "Tambahan rahasia", "form_id": str(uuid.uuid4())})
    run_until_quiet()
    answer(lampung, case, "Kami periksa.")
    page = page_of(client, case)
    assert "Kami periksa." in page and "Anda menulis" in page
    for hidden in ("Gading Rejo", "Judul rahasia", "Tambahan rahasia"):
        assert hidden not in page


def test_a_planned_case_shows_plan_and_next_review(client: Client, lampung: Lampung) -> None:
    operator = lampung.officer("op", "operator")
    case = lampung.report("satu")
    on = (clock.now() + timedelta(days=30)).date()
    act(
        set_horizon,
        case.pk,
        horizon="medium",
        reason="Perlu anggaran tahun depan",
        owner=INNER,
        plan="rkpd",
        plan_reference="2027, kegiatan 1.03, telepon 0812-3456-7890",
        promised_on=on + timedelta(days=200),
        review_on=on,
        milestones=[("Lelang selesai", on), ("Pekerjaan selesai", on + timedelta(days=100))],
        actor=actor(operator),
    )
    act(reach_milestone, case.pk, name="Lelang selesai", note=INNER, actor=actor(operator))
    run_until_quiet()
    page = page_of(client, case)
    for shown in ("RKPD 2027, kegiatan 1.03", "Ditinjau kembali pada", "Terjadwal", "Dijanjikan untuk"):
        assert shown in page, shown
    assert formats.date_format(on + timedelta(days=200), "j F Y") in page
    assert "Tercapai: Lelang selesai" in page and "Pekerjaan selesai" in page
    assert "kini ditangani sebagai jangka menengah: Perlu anggaran tahun depan." in page  # the notice that was sent
    assert INNER not in page and "0812-3456-7890" not in page


def test_a_question_stops_the_clock_in_plain_words(client: Client, lampung: Lampung) -> None:
    operator = lampung.officer("op", "operator")
    case = lampung.report("satu", VAGUE, agency="bmbk")
    act(hold, case.pk, reason="incomplete", note="Lokasi ditanyakan", actor=actor(operator))
    assert "Menunggu jawaban Anda" in page_of(client, case)


def test_a_date_that_has_passed_is_admitted(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    due = again(case).citizen_due_at
    assert due is not None and "sudah lewat" not in page_of(client, case)
    with clock.turned_to(due + timedelta(hours=1)):
        assert "sudah lewat" in page_of(client, case)


def test_writing_joins_the_case_once(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    said = {"text": "Sudah dua motor jatuh.", "form_id": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(f"/lacak/{case.number}/tanggapan/", said).status_code == 302
    run_until_quiet()
    page = page_of(client, case)
    assert page.count("Sudah dua motor jatuh.") == 1
    with use(EVERYTHING):
        assert Case.objects.count() == 1


def test_an_empty_message_is_told_on_the_page(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    page = client.post(f"/lacak/{case.number}/tanggapan/", {"text": " "}).content.decode()
    assert 'href="#id_text"' in page and case.number in page


def test_settling_asks_first_then_closes_and_writing_opens_again(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    assert "Apakah masalah Anda sudah selesai?" in client.get(f"/lacak/{case.number}/selesai/").content.decode()
    assert again(case).closed_at is None
    closed = client.post(f"/lacak/{case.number}/selesai/", follow=True).content.decode()
    assert (again(case).status, again(case).outcome) == ("closed", "completed") and "masalah selesai" in closed
    twice = client.post(f"/lacak/{case.number}/selesai/", follow=True).content.decode()
    assert "sudah ditutup sebelumnya" in twice
    client.post(f"/lacak/{case.number}/tanggapan/", {"text": "Berlubang lagi.", "form_id": str(uuid.uuid4())})
    run_until_quiet()
    assert again(case).closed_at is None and "Dibuka kembali" in page_of(client, case)


def test_an_answered_case_asks_its_citizen_and_a_no_is_a_message(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    assert "Belum selesai" not in page_of(client, case)
    answer(lampung, case, "Lubang sudah ditambal.")
    page = page_of(client, case)
    assert f"/lacak/{case.number}/selesai/" in page and f"/lacak/{case.number}/?belum=1#respond" in page
    assert "Apa yang belum selesai?" in client.get(f"/lacak/{case.number}/?belum=1").content.decode()
    client.post(f"/lacak/{case.number}/tanggapan/", {"text": "Masih ada lubang.", "form_id": str(uuid.uuid4())})
    run_until_quiet()
    assert again(case).answered_at is None and again(case).status == "in_progress"
    assert "Belum selesai" not in page_of(client, case)


def test_what_was_struck_out_is_not_told(client: Client, lampung: Lampung) -> None:
    operator, approver = lampung.officer("op", "operator"), lampung.officer("ap", "approver")
    case = lampung.report("satu")
    act(verify, case.pk, actor=actor(operator))
    assert "Diperiksa dan dinyatakan lengkap" in page_of(client, case)
    seq = next(fact.seq for fact in ledger.journal(case.stream) if fact.kind == "case.verified")
    act(void, case.pk, seq=seq, reason="Keliru laporan", actor=actor(approver))
    page = page_of(client, case)
    assert "Diperiksa dan dinyatakan lengkap" not in page and "Keliru laporan" not in page


def test_an_archived_case_says_so(client: Client, lampung: Lampung) -> None:
    coordinator = lampung.officer("ko", "coordinator", "diskominfotik")
    case = lampung.report("satu")
    act(close, case.pk, outcome="archived", reason="Sudah ditangani polisi", actor=actor(coordinator))
    act(confirm, case.pk, actor=actor(lampung.officer("ap", "approver")))
    run_until_quiet()
    page = page_of(client, case)
    assert "Laporan ditutup: diarsipkan" in page and "Sudah ditangani polisi" in page  # the notice that was sent


def test_guessing_is_stopped_after_sixty_wrong_numbers(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    answers = [client.get(f"/lacak/18-2611-AAAA-AAA{n % 10}/").status_code for n in range(61)]
    assert answers == [404] * 60 + [429]
    assert client.get(f"/lacak/{case.number}/").status_code == 429
    assert client.get(f"/lacak/{case.number}/", REMOTE_ADDR="203.0.113.9").status_code == 200
    cache.clear()
    assert client.get(f"/lacak/{case.number}/").status_code == 200


def test_no_page_does_more_than_twelve_queries(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    answer(lampung, case, "Sudah.")
    client.force_login(get_user_model().objects.get(username=f"o{case.pk}"))
    for path in ("/", "/lapor/", "/lacak/", f"/lacak/{case.number}/", f"/lacak/{case.number}/selesai/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) <= 12, [path, *(query["sql"][:90] for query in queries)]
