"""The queue: order, boxes, filters, pages, and how little it asks of the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.world import VAGUE, Lampung

from salur.cases.models import Case
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use


def copies(case: Case, number: int) -> list[str]:
    """More rows like this one, each due an hour later; returns their numbers in order of due date."""
    with use(EVERYTHING):
        first = Case.objects.get(pk=case.pk)
        rows = []
        for n in range(number):
            row = Case.objects.get(pk=case.pk)
            row.pk, row.number, row.due_at = None, f"X{n:04}", first.due_at + timedelta(hours=n + 1)
            rows.append(row)
        Case.objects.bulk_create(rows)
    return [row.number for row in rows]


def shown(browser: Client, query: str = "") -> list[str]:
    return [case.number for case, _ in browser.get(reverse("desk:queue") + query).context["rows"]]


def test_the_most_urgent_first_and_every_case_on_exactly_one_page(sign_in: SignIn, lampung: Lampung) -> None:
    browser, case = sign_in("operator"), lampung.report("satu")
    expected = [case.number, *copies(case, 119)]
    seen, query = [], ""
    while True:
        page = browser.get(reverse("desk:queue") + query).context
        seen += [one.number for one, _ in page["rows"]]
        if not page["next_page"]:
            break
        query = f"?{page['next_page']}"
    assert seen == expected


def test_the_newest_first_whatever_is_due_and_every_case_on_exactly_one_page(sign_in: SignIn, lampung: Lampung) -> None:
    browser, case = sign_in("operator"), lampung.report("satu")
    came = [case.number, *copies(case, 60)]
    page = browser.get(reverse("desk:queue") + "?box=newest").context
    seen = [one.number for one, _ in page["rows"]]
    assert seen == came[:-51:-1]
    assert seen + shown(browser, f"?{page['next_page']}") == came[::-1]


def test_boxes_and_filters(sign_in: SignIn, lampung: Lampung) -> None:
    coordinator = sign_in("coordinator", "diskominfotik")
    road, vague = lampung.report("jalan"), lampung.report("bingung", VAGUE)
    wish = lampung.report("usul", kind="aspiration")
    assert set(shown(coordinator)) == {road.number, vague.number, wish.number}
    assert shown(coordinator, "?box=unassigned") == [vague.number]
    assert shown(coordinator, "?kind=aspiration") == [wish.number]
    assert shown(coordinator, "?q=bingung") == [vague.number]
    agency = lampung.agency("bmbk").pk
    assert set(shown(coordinator, f"?agency={agency}")) == {road.number, wish.number}
    with use(EVERYTHING):
        Case.objects.filter(pk=road.pk).update(due_at=None, status="answered")
        Case.objects.filter(pk=wish.pk).update(closed_at=clock.now(), status="closed", outcome="completed")
    assert shown(coordinator, "?box=waiting") == [road.number]
    assert shown(coordinator, "?box=closed") == [wish.number]
    assert shown(coordinator, "?box=newest") == [wish.number, vague.number, road.number]
    assert shown(sign_in("operator"), "?box=newest") == [wish.number, road.number]
    assert shown(coordinator) == [vague.number]


def test_an_exact_number_leads_straight_to_its_case(sign_in: SignIn, lampung: Lampung) -> None:
    browser, case = sign_in("operator"), lampung.report("nomor")
    typed = case.number.replace("-", " ").lower()
    response = browser.get(reverse("desk:queue"), {"q": typed})
    assert response.url == reverse("desk:case", args=[case.number])


@pytest.mark.parametrize(
    "query",
    [
        "?after=x",
        "?after=2026-01-01~9",
        "?after=2026-01-01T00:00:00%2B00:00~-5",
        "?agency=99999999999",
        "?q=%00",
        "?box=x&status=y",
    ],
)
def test_nonsense_in_the_address_is_harmless(query: str, sign_in: SignIn, lampung: Lampung) -> None:
    assert sign_in("coordinator", "diskominfotik").get(reverse("desk:queue") + query).status_code == 200


@pytest.mark.parametrize(("role", "agency"), [("operator", "bmbk"), ("coordinator", "diskominfotik")])
def test_fifty_rows_cost_at_most_twelve_queries(role: str, agency: str, sign_in: SignIn, lampung: Lampung) -> None:
    browser, case = sign_in(role, agency), lampung.report("banyak")
    copies(case, 60)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = browser.get(reverse("desk:queue"))
    assert len(page.context["rows"]) == 50
    assert len(queries) <= 12, [query["sql"][:120] for query in queries]
