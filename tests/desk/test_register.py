"""The register of medium and long cases: the page, and the workbook that planning imports."""

import io
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook
from tests.config.conftest import Salur, salur  # noqa: F401  # a fixture
from tests.desk.conftest import SignIn
from tests.world import Lampung, actor

from salur.agencies.models import Member
from salur.cases.models import Case
from salur.cases.thread import thread_token
from salur.insight.register import every_row
from salur.insight.register_file import COLUMNS, write_register
from salur.insight.register_queries import Wanted
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.models import Entry
from salur.kernel.tenancy import EVERYTHING, Scope, use
from salur.sop import closing, horizon

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.turned_to(datetime(2026, 11, 24, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def operator(lampung: Lampung) -> Member:
    return lampung.officer("perencana", "operator")


def plan(case: Case, by: Member, promised: date, *, minutes: int = 0, **changed: Any) -> Case:
    """Schedule a case, so many minutes later than now: of one instant nothing was before."""
    answers = {
        "horizon": "medium",
        "reason": "Perlu anggaran",
        "owner": "Bidang Jembatan",
        "plan": "rkpd",
        "plan_reference": "2027, kegiatan 4",
        "promised_on": promised,
        "review_on": TODAY + timedelta(days=60),
        "milestones": [("Lelang", TODAY + timedelta(days=30)), ("Selesai", promised)],
    }
    with clock.turned_to(clock.now() + timedelta(minutes=minutes)):
        act(horizon.set_horizon, case.pk, **(answers | changed), actor=actor(by))
    return case


def numbers(browser: Client, **asked: Any) -> list[str]:
    return [row.number for row in browser.get(reverse("desk:register"), asked).context["rows"]]


def cells(book: bytes, sheet: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(sheet).to_python()


def test_the_page_lists_by_promised_date_and_filters(sign_in: SignIn, lampung: Lampung, operator: Member) -> None:
    browser = sign_in("operator")
    late = plan(lampung.report("dua"), operator, date(2027, 10, 1))
    soon = plan(lampung.report("satu"), operator, date(2027, 2, 1), plan="apbd_change")
    far = plan(
        lampung.report("tiga"), operator, date(2029, 5, 1), horizon="long", plan="rpjmd", plan_reference="hal. 40"
    )
    lampung.report("pendek")
    assert numbers(browser) == [soon.number, late.number, far.number]
    assert numbers(browser, horizon="long") == [far.number]
    assert numbers(browser, plan="apbd_change") == [soon.number]
    assert numbers(browser, year="2027") == [soon.number, late.number]
    assert numbers(browser, agency=lampung.agency("dishub").pk) == []
    assert numbers(browser, agency="x", year="-", plan="?", page="abc") == [soon.number, late.number, far.number]
    shown = browser.get(reverse("desk:register")).content.decode()
    assert "0 dari 2 tonggak" in shown and "1 Mei 2029" in shown and "RPJMD hal. 40" in shown
    assert numbers(sign_in("operator", "dishub")) == []
    assert numbers(sign_in("coordinator", "diskominfo", "18.09")) == []
    assert len(numbers(sign_in("coordinator", "diskominfotik"))) == 3


def test_the_last_setting_counts_and_a_return_to_short_leaves_the_register(
    sign_in: SignIn, lampung: Lampung, operator: Member
) -> None:
    browser = sign_in("operator")
    case = plan(lampung.report("satu"), operator, date(2027, 2, 1))
    plan(case, operator, date(2028, 2, 1), minutes=1, horizon="long", plan="renstra")
    assert numbers(browser, year="2027") == [] and numbers(browser, year="2028", plan="renstra") == [case.number]
    plan(case, operator, date(2028, 2, 1), minutes=2, horizon="short", reason="Selesai dengan rutin", milestones=[])
    assert numbers(browser) == []


def test_closed_ones_show_when_asked_for(sign_in: SignIn, lampung: Lampung, operator: Member) -> None:
    browser = sign_in("operator")
    case = plan(lampung.report("satu"), operator, date(2027, 2, 1))
    act(closing.close, case.pk, outcome="archived", reason="Ganda", actor=actor(operator))
    act(closing.confirm, case.pk, actor=actor(lampung.officer("dua", "approver")))
    assert numbers(browser) == [] and numbers(browser, closed="1") == [case.number]


def test_a_page_of_many_costs_at_most_twelve_queries(
    sign_in: SignIn, lampung: Lampung, operator: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salur.desk.views_register.PAGE", 4)
    browser = sign_in("coordinator", "diskominfotik")
    made = [plan(lampung.report(f"b{n}"), operator, date(2027, 2, 1) + timedelta(days=n)) for n in range(6)]
    with CaptureQueriesContext(connection) as queries:
        first = numbers(browser)
    assert len(queries) <= 12, [query["sql"][:120] for query in queries]
    assert [*first, *numbers(browser, page="2")] == [case.number for case in made]
    assert 'rel="next" href="?page=2"' in browser.get(reverse("desk:register")).content.decode()


def test_the_workbook_says_what_the_cases_say(sign_in: SignIn, lampung: Lampung, operator: Member) -> None:
    evil = '=HYPERLINK("http://jahat.test","klik")'
    case = plan(
        lampung.report("satu", title="Telepon 081234567890, jalan rusak", location="Gading Rejo"),
        operator,
        date(2027, 2, 1),
        owner=evil,
        plan_reference="+62 @SUM(1)",
    )
    lampung.report("dua", "Saya juga.", email="warga@contoh.test", thread_token=thread_token(case))
    secret = plan(lampung.report("rahasia", title="Rahasia sekali", confidential=True), operator, date(2027, 3, 1))
    act(horizon.reach_milestone, case.pk, name="Lelang", actor=actor(operator))
    moved = {"horizon": "long", "plan": "rpjmd", "owner": evil, "plan_reference": "+62 @SUM(1)"}
    plan(case, operator, date(2028, 4, 5), minutes=1, **moved)
    run_until_quiet()
    response = sign_in("coordinator", "diskominfotik").get(reverse("desk:register-file"))
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    head, *rows = cells(response.content)
    assert head == [str(column.heading) for column in COLUMNS] and len(rows) == 2
    row = {column.field: value for column, value in zip(COLUMNS, rows[1], strict=True)}
    assert row["number"] == case.number and row["government"] == "Pemerintah Provinsi Lampung"
    assert row["agency"] == lampung.agency("bmbk").name
    assert row["title"] == "Telepon •••, jalan rusak"
    assert (row["owner"], row["plan_reference"], row["plan"]) == (evil, "+62 @SUM(1)", "RPJMD")
    assert (row["promised_on"], row["review_on"]) == (date(2028, 4, 5), TODAY + timedelta(days=60))
    assert (row["milestones_done"], row["milestones"], row["voices"], row["reclassified"]) == (1, 2, 2, 1)
    assert (row["opened_on"], row["days_open"], row["horizon"]) == (TODAY, 0, "Jangka panjang")
    assert row["link"] == case.link
    hidden = {column.field: value for column, value in zip(COLUMNS, rows[0], strict=True)}
    assert (hidden["number"], hidden["title"], hidden["area"]) == (secret.number, "(rahasia)", "")
    assert "Rahasia sekali" not in str(rows)
    meanings = cells(response.content, 1)
    assert [line[0] for line in meanings[1:]] == head and all(line[1] for line in meanings)


def test_the_command_writes_the_same_file(
    salur: Salur,  # noqa: F811  # the fixture
    lampung: Lampung,
    operator: Member,
    tmp_path: Path,
) -> None:
    case = plan(lampung.report("satu"), operator, date(2027, 2, 1))
    plan(
        lampung.report("lain", government="18.09"),
        lampung.officer("psw", "operator", "pupr", "18.09"),
        TODAY.replace(2027),
    )
    target = tmp_path / "register.xlsx"
    with translation.override("en"):  # the command line speaks English; the file does not
        ran = salur("register", "--government", "18", "-o", target)
    assert ran.exit_code == 0, ran.output
    assert "1 cases written" in ran.output
    book = io.BytesIO()
    with use(Scope(lampung.province.pk)):
        write_register(book, every_row(Wanted()))
    assert cells(target.read_bytes()) == cells(book.getvalue()) and cells(target.read_bytes())[1][0] == case.number
    wrong = salur("register", "--government", "18", "-o", tmp_path / "tiada" / "x.xlsx")
    assert wrong.exit_code == 1 and "cannot be written" in wrong.output


def test_an_empty_register_is_a_file_too(sign_in: SignIn, lampung: Lampung) -> None:
    browser = sign_in("operator")
    assert len(cells(browser.get(reverse("desk:register-file")).content)) == 1
    assert "Tidak ada laporan jangka menengah atau panjang" in browser.get(reverse("desk:register")).content.decode()


@pytest.mark.slow
def test_ten_thousand_cases_are_written_within_twenty_seconds(lampung: Lampung, operator: Member) -> None:
    case = plan(lampung.report("satu"), operator, date(2027, 2, 1))
    with use(EVERYTHING):
        one = Case.objects.get(pk=case.pk)
        facts = list(Entry.objects.filter(stream=case.stream).order_by("seq"))
        fields = {field.attname: getattr(one, field.attname) for field in Case._meta.fields if not field.primary_key}
        copies = Case.objects.bulk_create(Case(**fields | {"number": f"18-2611-{n:08d}"}) for n in range(9_999))
        Entry.objects.bulk_create(
            Entry(
                **{f.attname: getattr(fact, f.attname) for f in Entry._meta.fields if not f.primary_key}
                | {"stream": copy.stream}
            )
            for copy in copies
            for fact in facts
        )
        began, book = time.perf_counter(), io.BytesIO()
        assert write_register(book, every_row(Wanted())) == 10_000
    assert time.perf_counter() - began < 20
