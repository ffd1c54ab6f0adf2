"""The page of the work calendars: what is in force, a preview that changes nothing, and the recount that follows."""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from tests.desk.conftest import SignIn
from tests.world import Lampung

import salur
from salur.agencies.models import CalendarVersion
from salur.cases.models import Case
from salur.desk.calendar_words import SENTENCES
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import recount
from salur.sop.models import Recount

PAGE = "desk:calendar"


@pytest.fixture
def case(lampung: Lampung) -> Case:
    return lampung.report("satu")


@pytest.fixture
def coordinator(sign_in: SignIn) -> Client:
    return sign_in("coordinator", "diskominfotik")


def document_of(browser: Client) -> dict[str, Any]:
    answer = browser.get(reverse("desk:calendar-file", args=["default"]))
    assert "attachment" in answer["Content-Disposition"]
    found: dict[str, Any] = yaml.safe_load(answer.content)
    return found


def with_holiday(browser: Client, case: Case) -> str:
    """The calendar in force, closed on the day on which the case is due first."""
    with use(EVERYTHING):
        due = Case.objects.get(pk=case.pk).due_at
    assert due is not None
    document = {**document_of(browser), "version": "uji"}
    document["holidays"].append({"date": due.date(), "name": "Libur uji", "kind": "local"})
    return yaml.safe_dump(document)


def upload(browser: Client, text: str | bytes, **more: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("kalender.yaml", content)
    return browser.post(reverse(PAGE), {"key": "default", "file": file, **more})


def test_a_preview_shows_what_moves_and_only_the_confirmation_moves_it(coordinator: Client, case: Case) -> None:
    text = with_holiday(coordinator, case)
    shown = upload(coordinator, text)
    assert shown.context["preview"]["count"] >= 1 and case.number in shown.content.decode()
    with use(EVERYTHING):
        assert not Recount.objects.exists()
        due = Case.objects.get(pk=case.pk).due_at
    done = coordinator.post(reverse(PAGE), {"key": "default", "text": shown.context["preview"]["text"], "confirm": "1"})
    with use(EVERYTHING):
        asked = Recount.objects.get()
        assert asked.asked_by == f"member:{coordinator.member.pk}"  # type: ignore[attr-defined]  # of the fixture
    assert done["Location"] == reverse("desk:recount", args=[asked.pk])
    assert "<progress" in coordinator.get(reverse(PAGE)).content.decode()
    while recount.take_some():
        pass
    with use(EVERYTHING):
        later = Case.objects.get(pk=case.pk).due_at
    assert due is not None and later is not None and later > due
    told = coordinator.get(done["Location"]).content.decode()
    assert case.number in told and "Could not be counted" not in told
    assert len(re.findall("<progress", coordinator.get(reverse(PAGE)).content.decode())) == 0


def test_the_list_alone_is_what_the_page_asks_for_while_it_runs(coordinator: Client, lampung: Lampung) -> None:
    with use(EVERYTHING):
        recount.ask(lampung.province.pk, "uji", "member:1")
    part = coordinator.get(reverse(PAGE), headers={"HX-Request": "true"}).content.decode()
    assert "<progress" in part and "<h1" not in part and "every 2s" in part


@pytest.mark.parametrize(
    "text", ["- satu", "a: &x [1]\nb: *x", "weekly: [", "version: '1'", b"\xff\xfe\xfa", "x: " + "y" * 1_100_000]
)
def test_what_is_no_calendar_is_said_and_changes_nothing(coordinator: Client, text: str | bytes) -> None:
    for more in ({}, {"confirm": "1"}):
        shown = upload(coordinator, text, **more)
        assert shown.status_code == 200 and shown.context["form"].errors and "preview" not in shown.context
    with use(EVERYTHING):
        assert not Recount.objects.exists()
        assert CalendarVersion.objects.filter(government__code="18", key="default").count() == 1


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (
            'date: "2026-12-25"',
            'date: "2026-12-45"',
            'Baris 12, holidays[0].date: "2026-12-45" tidak ada dalam kalender',
        ),
        ("kind: national", "kind: nasional", 'Baris 14, holidays[0].kind: "nasional" tidak dikenal'),
        ('"12:30-16:00"', '"11:00-16:00"', "Baris 7, weekly: mon: 07:30-12:00 dan 11:00-16:00 bertumpang tindih"),
        ("decree: Perda 1\n", "", "Baris 1, decree: belum ada; tambahkan"),
        ("decree: Perda 1", "decre: Perda 1", 'Baris 3, decre: "decre" bukan nama isian di sini'),
        ("07:30", "7.30", "Baris 7, weekly: mon: jam kerja '7.30-12:00' tidak terbaca"),
        ("Asia/Jakarta", "WIB", "Baris 4, timezone: zona waktu 'WIB' tidak dikenal"),
        ("holidays:", "holidays: [", "Baris 12: ada nilai yang kurang di sini"),
        ("version: uji", "version: &a uji", "Baris 1, version: "),
    ],
)
def test_what_is_wrong_in_a_calendar_is_said_with_its_line_in_indonesian(
    coordinator: Client, was: str, now: str, said: str
) -> None:
    text = (
        "version: uji\n# jam kerja\ndecree: Perda 1\ntimezone: Asia/Jakarta\ndecreed_years: [2026]\n"
        '# Senin saja\nweekly:\n  mon: ["07:30-12:00", "12:30-16:00"]\n  tue: []\n# libur\n'
        'holidays:\n- date: "2026-12-25"\n  name: Natal\n  kind: national\n'
    )
    assert text.count(was)
    shown = upload(coordinator, text.replace(was, now, 1))
    told = [str(one) for one in shown.context["form"].non_field_errors()]
    assert told[0] == "Kalender ini tidak dapat dipakai." and any(said in one for one in told[1:]), told
    assert not [one for one in told if "write" in one or "Field" in one or "cannot" in one]


def test_every_sentence_about_a_calendar_is_said_in_indonesian() -> None:
    raised = set()
    for place in ("document", "hours"):
        tree = ast.parse((Path(salur.__file__).parent / "worktime" / f"{place}.py").read_text())
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        raised |= {node.args[0].value for node in calls if getattr(node.func, "id", "") == "Wrong"}  # type: ignore[attr-defined]  # a text
    assert raised == set(SENTENCES)
    with translation.override("id"):
        assert [one for one in SENTENCES if gettext(one) == one] == ["%(weekday)s: %(why)s"]


def test_the_limit_of_the_size_is_said(coordinator: Client) -> None:
    told = upload(coordinator, "x" * 400_001).context["form"].non_field_errors()
    assert [str(one) for one in told] == ["Berkas ini lebih besar dari 400.000 bita: pilih dokumen kalender."]


def test_the_closed_days_ahead_are_those_of_the_governments_day(sign_in: SignIn, case: Case) -> None:
    # Christmas Day in UTC, but the day after it in Bandar Lampung.
    with clock.turned_to(datetime(2026, 12, 25, 18, tzinfo=UTC)):
        browser = sign_in("coordinator", "diskominfotik")
        shown = browser.get(reverse(PAGE)).context["calendars"][0]
    assert "2026-12-25" in {one["date"] for one in shown["row"].document["holidays"]}
    assert all(one["date"] >= date(2026, 12, 26) for one in shown["ahead"])


def test_a_calendar_that_never_opens_cannot_be_confirmed(coordinator: Client, case: Case) -> None:
    document = document_of(coordinator)
    today = case.opened_at.date().isoformat()
    last = {"name": "Tutup", "from": today, "to": "9999-12-31", "weekly": {}}
    document["periods"] = [one for one in document["periods"] if str(one["to"]) < today] + [last]
    shown = upload(coordinator, yaml.safe_dump(document))
    assert shown.context["preview"]["problems"] and 'name="confirm"' not in shown.content.decode()


def test_pages_cost_at_most_twelve_queries(coordinator: Client, case: Case) -> None:
    text = with_holiday(coordinator, case)
    with CaptureQueriesContext(connection) as queries:
        upload(coordinator, text)
    assert len(queries) <= 12, [query["sql"][:120] for query in queries]
    with CaptureQueriesContext(connection) as queries:
        coordinator.get(reverse(PAGE))
    assert len(queries) <= 12, [query["sql"][:120] for query in queries]


@pytest.mark.parametrize(("role", "status"), [("operator", 404), ("approver", 404), ("administrator", 200)])
def test_only_coordinators_and_administrators_see_it(sign_in: SignIn, role: str, status: int) -> None:
    assert sign_in(role, "diskominfotik").get(reverse(PAGE)).status_code == status


def test_the_recount_of_a_neighbour_does_not_exist(sign_in: SignIn, lampung: Lampung) -> None:
    with use(EVERYTHING):
        asked = recount.ask(lampung.province.pk, "uji", "member:1")
    browser = sign_in("coordinator", "diskominfo", "18.09")
    assert browser.get(reverse("desk:recount", args=[asked.pk])).status_code == 404
    assert "uji" not in browser.get(reverse(PAGE)).content.decode()
