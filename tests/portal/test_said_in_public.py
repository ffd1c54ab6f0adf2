"""A number that was said in public opens what everybody may know, and no more: not a word, and no act."""

import uuid
from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import formats, timezone
from tests.publishing.conftest import DIRECT, PRIVATE, PUBLIC, Town, open_town
from tests.world import ROAD, Lampung, actor

from salur.cases.models import Case, CaseMessage
from salur.cases.thread import thread_token
from salur.channels.ports import SendFailed, SendUncertain
from salur.channels.registry import PLATFORMS
from salur.channels.ways import Way
from salur.intake.models import Delivery
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.dispatch import decide
from salur.publishing.models import Dispatch
from salur.publishing.queries import said_in_public
from salur.sop.horizon import set_horizon

SECRET = "rahasia yang hanya ditulis secara pribadi"
DONE = "Lubang sudah ditambal kemarin."
MANY_PARTS = "Lubang ditambal bertahap. " * 25
GUARD = "Nomor laporan ini disebut di ruang publik"
_names = count(1)


@pytest.fixture
def town(lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> Town:
    return open_town(lampung, monkeypatch)


def places(case: Case) -> list[tuple[str, str]]:
    with use(EVERYTHING), CaptureQueriesContext(connection) as queries:
        found = said_in_public(case)
    assert len(queries) == 1
    return [(one.channel, one.purpose) for one in found]


def heard(town: Town, audience: str = "public", **more: str) -> Case:
    """A case with its acknowledgement sent."""
    case = town.says(f"k{next(_names)}", audience=audience, **more)
    run_until_quiet()
    return case


def again(case: Case) -> Case:
    with use(EVERYTHING):
        return Case.objects.get(pk=case.pk)


def page_of(client: Client, case: Case) -> str:
    answer = client.get(f"/lacak/{case.number}/")
    assert answer.status_code == 200 and answer["X-Robots-Tag"] == "noindex"
    return answer.content.decode()


def test_a_stranger_reads_where_it_stands_and_not_a_word(client: Client, town: Town) -> None:
    case = heard(town)
    assert town.acknowledgement(case).way == "public_reply" and case.number in town.street.said[0].text
    told = town.says("p1", SECRET, audience="private", root_id="k1", thread_token=thread_token(case))
    assert told == case
    answered = town.sent(case, DONE)
    assert (answered.state, answered.way) == ("sent", "direct"), "the last word was private, and so is the answer"
    page = page_of(client, case)
    for shown in (case.number, GUARD, "Dinas Bina Marga dan Bina Konstruksi", "Dijawab", "Pengaduan", "Dijawab pada"):
        assert shown in page, shown
    assert formats.date_format(timezone.localtime(clock.now(), ZoneInfo("Asia/Jakarta")), "j F Y") in page
    for hidden in (SECRET, DONE, "Gading Rejo", "berlubang", "Contoh Warga", "contoh.warga", "<h3>"):
        assert hidden not in page, hidden
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert "/selesai/" not in page and "/tanggapan/" not in page and "belum=1" not in page


def test_an_answer_in_public_is_named_with_place_and_time_and_not_repeated(client: Client, town: Town) -> None:
    case = heard(town)
    sent = town.sent(case, DONE)
    page = page_of(client, case)
    assert (sent.way, sent.sent_at is not None) == ("public_reply", True)
    assert "Dijawab di ruang publik" in page and "Jawaban: street" in page and DONE not in page


def test_every_act_is_refused_also_by_an_old_form(client: Client, town: Town) -> None:
    case = town.says("k1")
    old = {"text": f"Ini saya. {SECRET}", "form_id": str(uuid.uuid4())}
    assert "/tanggapan/" in page_of(client, case), "nothing was said in public yet"
    run_until_quiet()
    town.sent(case, DONE)
    with use(EVERYTHING):
        before = Delivery.objects.count()
    written = client.post(f"/lacak/{case.number}/tanggapan/", old)
    assert written.status_code == 403 and SECRET in written.content.decode(), "who wrote gets the words back"
    assert client.post(f"/lacak/{case.number.lower()}/tanggapan/", old).status_code == 403
    settled = client.post(f"/lacak/{case.number}/selesai/")
    assert settled.status_code == 403 and "tidak ada yang berubah" in settled.content.decode()
    asked = client.get(f"/lacak/{case.number}/selesai/").content.decode()
    assert GUARD in asked and "Apakah masalah Anda sudah selesai?" not in asked
    run_until_quiet()
    with use(EVERYTHING):
        assert Delivery.objects.count() == before and CaseMessage.objects.filter(case=case).count() == 1
    assert again(case).closed_at is None and SECRET not in page_of(client, case)


def test_words_given_back_are_never_run(client: Client, town: Town) -> None:
    case = heard(town)
    page = client.post(f"/lacak/{case.number}/tanggapan/", {"text": "<script>alert(1)</script>"}).content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page


def test_a_number_told_in_private_stays_a_key(client: Client, town: Town) -> None:
    private = heard(town, "private")
    assert places(private) == [] and town.acknowledgement(private).state == "sent"
    assert "/tanggapan/" in page_of(client, private) and GUARD not in page_of(client, private)
    # The public reply was refused, and the whole was said in private.
    town.street.ways(PUBLIC, PRIVATE)
    town.street.answers = iter([SendFailed("gone", permanent=True, blames="way")])
    refused = town.says("k9", sender_address="psid-9")
    run_until_quiet()
    assert town.acknowledgement(refused).state == "not_permitted" and places(refused) == []
    town.street.answers = iter([SendFailed("gone", permanent=True, blames="way")])
    sent = town.sent(refused, DONE)
    assert (sent.state, sent.way) == ("sent", "private_reply") and places(refused) == []


@pytest.mark.parametrize("state", ["sending", "uncertain", "manual", "sent"])
def test_what_may_have_gone_out_counts_as_said(town: Town, state: str) -> None:
    case = town.says("k1")
    assert places(case) == []
    with use(EVERYTHING):
        Dispatch.objects.filter(reply__case=case).update(state=state, way="public_reply")
    assert places(case) == [("street", "acknowledgement")]


@pytest.mark.parametrize("state", ["waiting", "failed", "not_permitted", "withdrawn"])
def test_what_surely_did_not_go_out_does_not_count(town: Town, state: str) -> None:
    case = town.says("k1")
    with use(EVERYTHING):
        Dispatch.objects.filter(reply__case=case).update(state=state, way="public_reply")
    assert places(case) == []


def test_an_answer_of_unknown_fate_closes_the_door(client: Client, town: Town) -> None:
    town.street.answers = iter([SendUncertain("lost")])
    case = heard(town)
    assert town.acknowledgement(case).state == "uncertain" and GUARD in page_of(client, case)


def test_a_part_said_in_public_counts_whatever_became_of_the_rest(town: Town) -> None:
    in_parts = Way("public_reply", PRIVATE.limit, public=True, answers=frozenset({"public"}))
    town.street.ways(in_parts, DIRECT)
    town.street.answers = iter([SendFailed("no", permanent=True)])
    case = heard(town)
    assert town.acknowledgement(case).state == "failed" and places(case) == []
    town.street.answers = iter([None, SendFailed("gone", permanent=True)])
    broken = town.sent(case, MANY_PARTS)
    assert (broken.state, len(broken.said)) == ("failed", 1) and places(case) == [("street", "answer")]
    with use(EVERYTHING):
        Dispatch.objects.filter(pk=broken.pk).update(state="sent", way="direct", closed_ways=["public_reply"])
    assert places(case) == [("street", "answer")], "the rest was said in private"


def test_an_officers_own_answer_under_the_comment_counts(town: Town) -> None:
    town.street.ways(DIRECT)
    case = heard(town)
    found = town.acknowledgement(case)
    assert (found.state, found.way) == ("not_permitted", "") and places(case) == []
    act(decide, found.pk, went_out=True, actor=actor(town.author))
    assert places(case) == [("street", "acknowledgement")]


@pytest.mark.parametrize("audience", ["public", "private"])
def test_a_citizen_who_says_the_number_in_public_gives_the_key_away(town: Town, audience: str) -> None:
    case = heard(town, "private", place="chat-7")
    typed = f"Laporan saya {case.number.replace('-', ' ').lower()} bagaimana?"
    joined = town.says("k77", typed, audience=audience, place="post-1" if audience == "public" else "chat-7")
    assert joined == case
    assert places(case) == ([("street", "")] if audience == "public" else [])
    with use(EVERYTHING):
        message = CaseMessage.objects.get(message__external_id="k77").message
        message.text = ""
        message.save()
    assert places(case) == ([("street", "")] if audience == "public" else []), "others have read it before"


def test_who_filed_here_and_holds_the_receipt_keeps_everything(client: Client, town: Town) -> None:
    key, stranger = str(uuid.uuid4()), Client()
    case = town.lampung.report(key)
    town.says("k1", f"Lihat juga {case.number}", thread_token=thread_token(case))
    run_until_quiet()
    town.answers(case, DONE)
    run_until_quiet()
    assert places(case) == [("street", "")] and GUARD in page_of(client, case)
    assert client.get(f"/lapor/terima/{key}/").status_code == 200
    assert GUARD in page_of(stranger, case)
    page = page_of(client, case)
    assert GUARD not in page and DONE in page and "Gading Rejo" in page
    assert client.post(f"/lacak/{case.number}/selesai/").status_code == 302 and again(case).closed_at is not None
    other = heard(town, sender_address="psid-8")
    assert GUARD in page_of(client, other), "a receipt opens its own report only"
    cookie = client.cookies["salur_receipt"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/lacak/{case.number}/", True, "Lax")
    for forged in (case.number, f"{case.number}:forged"):
        stranger.cookies["salur_receipt"] = forged
        assert GUARD in page_of(stranger, case)


def test_a_plan_shows_its_dates_and_not_its_words(client: Client, town: Town) -> None:
    case = heard(town)
    on = (clock.now() + timedelta(days=30)).date()
    act(
        set_horizon,
        case.pk,
        horizon="medium",
        reason="Perlu anggaran tahun depan",
        owner="Bidang Jalan",
        plan="rkpd",
        plan_reference="2027, kegiatan 1.03",
        promised_on=on + timedelta(days=200),
        review_on=on,
        milestones=[("Lelang selesai", on)],
        actor=actor(town.author),
    )
    run_until_quiet()
    page = page_of(client, case)
    for shown in (
        formats.date_format(on, "j F Y"),
        formats.date_format(on + timedelta(days=200), "j F Y"),
        "Terjadwal",
    ):
        assert shown in page, shown
    for hidden in ("RKPD", "kegiatan 1.03", "Lelang selesai", "Perlu anggaran", "Bidang Jalan"):
        assert hidden not in page, hidden


def test_the_page_asks_little_of_the_database(client: Client, town: Town) -> None:
    case = heard(town)
    town.sent(case, DONE)
    with CaptureQueriesContext(connection) as queries:
        page_of(client, case)
    assert len(queries) <= 12, [query["sql"][:90] for query in queries]


def test_a_way_that_everybody_reads_has_the_same_name_everywhere() -> None:
    ways = [way for known in PLATFORMS.values() for way in known.capabilities.ways]
    assert {way.name for way in ways if way.public}.isdisjoint(way.name for way in ways if not way.public)


def test_a_title_tells_no_personal_data(town: Town) -> None:
    case = town.says("k1", "NIK 1871010101900001, hubungi 0812-3456-7890 atau siti@contoh.test. " + ROAD)
    assert case.title.startswith("NIK •••, hubungi ••• atau •••. Jalan provinsi")
    cut = town.says("k2", "a" * 100 + " telepon 0812-3456-7890", sender_address="psid-2")
    assert "0812" not in cut.title, "a number is masked before the title is cut"
    titled = town.lampung.report("satu", title="Telepon 081234567890 tidak aktif")
    assert titled.title == "Telepon ••• tidak aktif"
