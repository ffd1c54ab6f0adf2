"""An open page hears of changes in its own scope, soon, and of nothing else; and holds no connection for it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from django.test import Client
from tests.world import Lampung

from salur.agencies.queries import scope_of
from salur.desk import live
from salur.kernel import database
from salur.kernel.tenancy import EVERYTHING, Scope, use

from .conftest import SignIn


async def told(stream: AsyncIterator[bytes], seconds: float = 3) -> list[int] | None:
    """The cases of the next message; None when none comes in time."""
    try:
        while True:
            piece = await asyncio.wait_for(anext(stream), seconds)
            if piece.startswith(b"event: changed"):
                return list(json.loads(piece.partition(b"data: ")[2])["cases"])
    except TimeoutError:
        return None


def heard(scope: Scope, *rings: str, seconds: float = 3) -> list[int] | None:
    """What a page of this scope is told after these rings, sent by another connection once it listens."""

    async def run() -> list[int] | None:
        connect = database.parameters()
        stream = live.events(scope, connect)
        assert await told(stream) == [], "it asks for itself once it listens"
        async with await psycopg.AsyncConnection.connect(**connect, autocommit=True) as ringing:
            for ring in rings:
                await ringing.execute("SELECT pg_notify('salur_live', %s)", [ring])
        found = await told(stream, seconds)
        await stream.aclose()  # type: ignore[attr-defined]
        return found

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("scope", "ring"),
    [
        (Scope(7), "7:0:5"),
        (Scope(7), "7:3:5"),
        (Scope(7, frozenset({3})), "7:3:5"),
        (EVERYTHING, "9:1:5"),
    ],
)
def test_a_page_hears_of_what_it_may_see(db: None, scope: Scope, ring: str) -> None:
    assert heard(scope, ring) == [5]


@pytest.mark.parametrize(
    ("scope", "ring"),
    [(Scope(7), "8:3:5"), (Scope(7, frozenset({3})), "7:4:5"), (Scope(7, frozenset({3})), "7:0:5"), (Scope(7), "x")],
)
def test_a_page_hears_of_nothing_else(db: None, scope: Scope, ring: str) -> None:
    assert heard(scope, ring, seconds=0.6) is None


def test_many_changes_of_one_moment_are_one_message(db: None) -> None:
    assert heard(Scope(7), *[f"7:3:{n}" for n in range(1, 8)], "7:3:1") == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.django_db(transaction=True)
def test_opening_and_moving_a_case_rings_for_the_agencies_concerned(lampung: Lampung) -> None:
    parameters: dict[str, Any] = database.parameters()
    with psycopg.connect(**parameters, autocommit=True) as listening:
        listening.execute("LISTEN salur_live")
        case = lampung.report("satu")
        rung = {notice.payload for notice in listening.notifies(timeout=1)}
        assert f"{case.government_id}:{case.agency_id}:{case.pk}" in rung
        other = lampung.agency("dinkes")
        with use(EVERYTHING):
            type(case).objects.filter(pk=case.pk).update(agency=other)
        rung = {notice.payload for notice in listening.notifies(timeout=1)}
    assert rung == {
        f"{case.government_id}:{other.pk}:{case.pk}",
        f"{case.government_id}:{case.agency_id}:{case.pk}",
    }


def test_only_officers_are_let_in_and_the_page_holds_no_connection(sign_in: SignIn) -> None:
    assert Client().get("/desk/changes/").status_code == 302
    officer = sign_in("operator")
    answer: Any = officer.get("/desk/changes/")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "text/event-stream",
        "no-store",
    )


def test_a_full_process_asks_to_come_again(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_PAGES", 0)
    answer = sign_in("operator").get("/desk/changes/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def test_the_scope_is_the_officers_own(sign_in: SignIn, lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Scope] = []

    def events(scope: Scope, connect: Any) -> Any:
        asked.append(scope)
        return iter(())

    monkeypatch.setattr(live, "events", events)
    officer = sign_in("operator", "dinkes")
    officer.get("/desk/changes/")
    assert asked == [scope_of(officer.member)]  # type: ignore[attr-defined]
