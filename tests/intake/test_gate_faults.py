"""The gate while accounts change, the database is away, cut or hangs, and more comes than it can hold."""

import asyncio
from typing import Any

import psycopg
import pytest
from django.db import connection
from tests.intake.gate import (
    BASE,
    NAME,
    ask,
    at_the_gate,
    counted,
    new_account,
    signed,
    stored,
)

from salur.channels.models import Account
from salur.intake.gate import committer, doors, line
from salur.intake.gate.entrance import Gate
from salur.kernel.tenancy import EVERYTHING, use

pytestmark = pytest.mark.django_db(transaction=True)


def ring() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('salur_accounts', '')")


def _switch(state: str) -> None:
    with use(EVERYTHING):
        Account.objects.update(state=state)


def test_a_change_is_heard_when_it_rings(account: Account) -> None:
    async def soon(gate: Gate, wanted: int) -> bool:
        for _ in range(250):
            if (await ask(gate, b"x", signed(b"x"))).status == wanted:
                return True
            await asyncio.sleep(0.02)
        return False

    async def act(gate: Gate) -> list[bool]:
        found = [await soon(gate, 200)]
        await asyncio.sleep(0.2)  # until it listens
        for state, wanted in (("off", 404), ("live", 200)):
            await asyncio.to_thread(_change, state)
            found.append(await soon(gate, wanted))
        return found

    def _change(state: str) -> None:
        _switch(state)
        ring()
        connection.close()

    assert doors.OPEN_SECONDS >= 10, "without the bell this test would have to fail"
    assert at_the_gate(act) == [True, True, True]


def test_a_change_that_nobody_rang_for_is_seen_after_a_while(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "OPEN_SECONDS", 0.1)

    def off() -> None:
        _switch("off")
        connection.close()

    async def act(gate: Gate) -> list[int]:
        first = await ask(gate, b"x", signed(b"x"))
        await asyncio.to_thread(off)
        await asyncio.sleep(0.15)
        return [first.status, (await ask(gate, b"x", signed(b"x"))).status]

    assert at_the_gate(act) == [200, 404]


def test_where_the_database_is_away_everybody_is_asked_to_come_back_and_later_served(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = line.connect

    async def refused() -> Any:
        raise psycopg.OperationalError("no such server")

    async def act(gate: Gate) -> list[int]:
        found = [await ask(gate, b"a", signed(b"a")), await ask(gate, b"a", signed(b"salah"))]
        office = gate._office
        assert office is not None
        monkeypatch.setattr(line, "connect", refused)
        for one in office._lines:
            await one.close()
        found += [await ask(gate, b"b", signed(b"b")), await ask(gate, path=f"/hooks/{NAME}/other")]
        assert [told.headers[b"retry-after"] for told in found[2:]] == [b"5", b"5"]
        await office.tally.write()
        monkeypatch.setattr(line, "connect", connect)
        await asyncio.sleep(line.FIRST_PAUSE * 3)
        return [told.status for told in [*found, await ask(gate, b"b", signed(b"b"))]]

    assert at_the_gate(act) == [200, 401, 503, 503, 200]
    assert sorted(bytes(one.body) for one in stored()) == [b"a", b"b"]
    assert counted() == {"bad_signature": 1}, "what could not be written then is written later"


def test_a_connection_that_was_cut_is_made_anew(account: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ours = cursor.fetchone()[0]

    async def act(gate: Gate) -> list[int]:
        found = [(await ask(gate, b"a", signed(b"a"))).status]
        async with await line.connect() as other:
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
                [ours],
            )
        for _ in range(3):  # the connection that stores and the one that looks up are each missed once
            found.append((await ask(gate, b"b", signed(b"b"))).status)
        return found

    found = at_the_gate(act)
    assert found[:2] == [200, 503] and found[-1] == 200
    assert len(stored()) == 2


def test_a_database_that_hangs_is_given_up_and_nothing_is_acknowledged(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "COMMIT_SECONDS", 0.2)

    async def act(gate: Gate) -> list[int]:
        found = [(await ask(gate, b"a", signed(b"a"))).status]
        async with await line.connect() as other, other.transaction():
            await other.execute("LOCK TABLE intake_delivery IN ACCESS EXCLUSIVE MODE")
            found.append((await ask(gate, b"b", signed(b"b"))).status)
        return [*found, (await ask(gate, b"b", signed(b"b"))).status]

    assert at_the_gate(act) == [200, 503, 200]
    assert len(stored()) == 2


def test_more_than_may_wait_is_asked_to_come_back(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "MOST_WAITING", 10)

    async def act(gate: Gate) -> list[int]:
        await ask(gate, method="GET")  # the account is known from here on
        bodies = [b"%d" % n for n in range(30)]
        return [told.status for told in await asyncio.gather(*(ask(gate, one, signed(one)) for one in bodies))]

    statuses = at_the_gate(act)
    assert statuses.count(200) == 10 and statuses.count(503) == 20
    assert len(stored()) == 10


def test_one_bad_row_does_not_sink_its_neighbours(account: Account) -> None:
    def headers(body: bytes) -> dict[bytes, bytes]:
        return signed(body, content_type=b"text/\0" if body == b"7" else b"text/plain")

    async def act(gate: Gate) -> list[int]:
        bodies = [b"%d" % n for n in range(20)]
        return [told.status for told in await asyncio.gather(*(ask(gate, one, headers(one)) for one in bodies))]

    assert at_the_gate(act) == [200] * 7 + [400] + [200] * 12
    assert {bytes(one.body) for one in stored()} == {b"%d" % n for n in range(20)} - {b"7"}
    assert counted() == {"malformed": 1}


def test_the_counts_of_an_account_that_is_gone_sink_no_others(account: Account) -> None:
    other = new_account("o" * 22)

    def remove() -> None:
        with use(EVERYTHING):
            Account.objects.filter(pk=account.pk).delete()
        connection.close()

    async def act(gate: Gate) -> int:
        assert (await ask(gate, method="GET")).status == 200
        assert (await ask(gate, b"x", {})).status == 401
        assert (await ask(gate, b"x", {}, path=f"/hooks/{NAME}/{other.hook_key}")).status == 401
        await asyncio.to_thread(remove)
        return (await ask(gate, b"x", {})).status

    assert at_the_gate(act) == 401
    assert counted() == {"bad_signature": 1}, "of the other account, whose row is there"


def test_a_gate_serves_one_event_loop_after_another(account: Account) -> None:
    gate = Gate(BASE)

    async def once(body: bytes) -> int:
        told = await ask(gate, body, signed(body))
        await gate.close()
        return told.status

    assert [asyncio.run(once(b"a")), asyncio.run(once(b"b"))] == [200, 200]
    assert len(stored()) == 2


def test_closing_answers_whoever_still_waits(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(gate: Gate) -> int:
        await ask(gate, b"a", signed(b"a"))
        async with await line.connect() as other, other.transaction():
            await other.execute("LOCK TABLE intake_delivery IN ACCESS EXCLUSIVE MODE")
            waiting = asyncio.create_task(ask(gate, b"b", signed(b"b")))
            await asyncio.sleep(0.1)
            await gate.close()
            return (await waiting).status

    assert at_the_gate(act) == 503
    # A 503 promises nothing: what had reached the database may be committed all the same, and comes again as the same.
    assert {bytes(one.body) for one in stored()} <= {b"a", b"b"} and len(stored()) in (1, 2)
