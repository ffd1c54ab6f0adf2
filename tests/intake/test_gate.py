"""The gate: what is genuine is stored once and only then answered; what is not is counted."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection
from tests.intake.gate import KEY, LARGEST, NAME, SECRET, SignedPlatform, Told, ask, new_account, signed

from salur.channels import registry
from salur.channels.models import Account
from salur.config.front import Front
from salur.intake.gate import committer, doors, line, reading, wire
from salur.intake.gate.entrance import Gate
from salur.intake.models import Delivery, HookCount
from salur.kernel.tenancy import EVERYTHING, use

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "https://salur.test/pusat"
Act = Callable[[Gate], Awaitable[Any]]


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> SignedPlatform:
    made = SignedPlatform()
    monkeypatch.setitem(registry.PLATFORMS, NAME, made)
    return made


@pytest.fixture
def account(platform: SignedPlatform) -> Account:
    return new_account()


def at_the_gate(act: Act) -> Any:
    """Run `act` with a gate in an event loop of its own, and close the gate."""

    async def run() -> Any:
        gate = Gate(BASE)
        try:
            return await act(gate)
        finally:
            await gate.close()

    return asyncio.run(run())


def stored() -> list[Delivery]:
    with use(EVERYTHING):
        return list(Delivery.objects.order_by("external_id"))


def counted() -> dict[str, int]:
    with use(EVERYTHING):
        return dict(HookCount.objects.values_list("reason", "number"))


def ring() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('salur_accounts', '')")


def test_a_signed_delivery_is_stored_exactly_as_it_came_and_then_answered(account: Account) -> None:
    body = b'{"text": "jalan rusak \xf0\x9f\x9a\xa7", "n":  1}'
    before = datetime.now(UTC)
    told = at_the_gate(lambda gate: ask(gate, body, signed(body, x_key=b"m1", content_type=b"application/json")))
    assert told == Told(200, {b"content-type": b"application/json", b"content-length": b"2"}, b"{}")
    (one,) = stored()
    assert (one.external_id, bytes(one.body), one.content_type) == ("m1", body, "application/json")
    assert (one.account_id, one.government_id, one.via, one.state) == (
        account.pk,
        account.government_id,
        "hook",
        "received",
    )
    assert before <= one.received_at <= datetime.now(UTC)


def test_the_worker_is_woken_by_a_new_delivery_and_not_by_a_repeated_one(account: Account) -> None:
    parameters = {
        k: v for k, v in connection.get_connection_params().items() if k in ("dbname", "user", "host", "port")
    }
    with psycopg.connect(**parameters, autocommit=True) as listener:
        listener.execute("LISTEN salur_ledger")
        at_the_gate(lambda gate: ask(gate, b"satu", signed(b"satu")))
        assert len(list(listener.notifies(timeout=5, stop_after=1))) == 1
        at_the_gate(lambda gate: ask(gate, b"satu", signed(b"satu")))
        assert list(listener.notifies(timeout=0.3, stop_after=1)) == []


def test_many_at_once_are_stored_each_once_by_a_few_commits(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[int] = []
    send = wire.Wire.send

    async def counting(self: wire.Wire, *values: Any, **more: Any) -> None:
        commits.append(1)
        await send(self, *values, **more)

    monkeypatch.setattr(wire.Wire, "send", counting)
    bodies = [b"%d" % (n % 300) for n in range(600)]
    random.Random(3).shuffle(bodies)

    async def act(gate: Gate) -> list[Told]:
        return await asyncio.gather(*(ask(gate, body, signed(body, x_key=body)) for body in bodies))

    assert {told.status for told in at_the_gate(act)} == {200}
    assert {one.external_id for one in stored()} == {str(n) for n in range(300)} and len(stored()) == 300
    assert 1 <= len(commits) <= 10


def test_two_gates_with_the_same_deliveries_do_not_lock_each_other_out(account: Account) -> None:
    dice = random.Random(5)

    async def act(gate: Gate) -> set[int]:
        other, found = Gate(BASE), set()
        try:
            for _ in range(20):
                bodies = [b"%d" % n for n in range(200)]
                calls = []
                for one in (gate, other):
                    dice.shuffle(bodies)
                    calls += [ask(one, body, signed(body)) for body in bodies]
                found |= {told.status for told in await asyncio.gather(*calls)}
        finally:
            await other.close()
        return found

    assert at_the_gate(act) == {200}
    assert len(stored()) == 200


@pytest.mark.parametrize("headers", [{}, signed(b"tulen", "salah"), {b"x-signature": b"\xff"}])
def test_a_bad_signature_is_401_counted_and_stores_nothing(account: Account, headers: dict[bytes, bytes]) -> None:
    async def act(gate: Gate) -> list[int]:
        return [(await ask(gate, b"tulen", headers)).status for _ in range(3)]

    assert at_the_gate(act) == [401] * 3
    assert at_the_gate(act) == [401] * 3
    assert stored() == [] and counted() == {"bad_signature": 6}
    with use(EVERYTHING):
        assert HookCount.objects.get().day == datetime.now(UTC).date()


@pytest.mark.parametrize(
    "path",
    [f"/hooks/{NAME}/none", f"/hooks/web/{KEY}", f"/hooks/{NAME}", "/hooks/", f"/hooks/{NAME}/", "/hooks/x/\x00"],
)
def test_an_unknown_address_is_404(account: Account, path: str) -> None:
    assert at_the_gate(lambda gate: ask(gate, b"tulen", signed(b"tulen"), path=path)).status == 404
    assert stored() == [] and counted() == {}


def test_an_account_that_is_off_is_404_and_a_new_one_is_heard(platform: SignedPlatform) -> None:
    new_account(state="off")
    new_account("n" * 22, state="new")

    async def act(gate: Gate) -> list[int]:
        paths = [f"/hooks/{NAME}/{key * 22}" for key in "kn"]
        return [(await ask(gate, b"tulen", signed(b"tulen"), path=path)).status for path in paths]

    assert at_the_gate(act) == [404, 200]


def test_strangers_who_guess_addresses_do_not_fill_the_memory(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "MOST_CLOSED", 50)

    async def act(gate: Gate) -> tuple[int, int]:
        for n in range(120):
            assert (await ask(gate, path=f"/hooks/{NAME}/guess{n}")).status == 404
        assert gate._office is not None
        return len(gate._office.doors._closed), (await ask(gate, b"tulen", signed(b"tulen"))).status

    kept, status = at_the_gate(act)
    assert kept <= 50 and status == 200


def test_a_handshake_is_answered_at_once_and_sees_the_query(account: Account, platform: SignedPlatform) -> None:
    told = at_the_gate(lambda gate: ask(gate, method="GET", query=b"hub.challenge=42"))
    assert (told.status, told.body, told.headers[b"content-length"]) == (200, b"hub.challenge=42", b"16")
    (request,) = platform.seen
    assert request.url == f"{BASE}/hooks/{NAME}/{KEY}?hub.challenge=42" and request.suffix == ""


def test_a_put_with_a_path_of_its_own_reaches_the_platform(account: Account, platform: SignedPlatform) -> None:
    path = f"/hooks/{NAME}/{KEY}/_matrix/app/v1/transactions/17"
    told = at_the_gate(lambda gate: ask(gate, b"{}", signed(b"{}"), path=path, method="PUT"))
    assert told.status == 200 and platform.seen[0].suffix == "/_matrix/app/v1/transactions/17"
    assert platform.seen[0].method == "PUT" and len(stored()) == 1


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE", "PATCH"])
def test_other_methods_are_405(account: Account, method: str) -> None:
    told = at_the_gate(lambda gate: ask(gate, method=method))
    assert told.status == 405 and told.headers[b"allow"] == b"GET, POST, PUT"


def test_a_body_that_is_too_large_is_413_by_its_length_or_by_what_came(account: Account) -> None:
    chunk = {"type": "http.request", "body": b"x" * 4000, "more_body": True}
    last = {"type": "http.request", "body": b"x" * 4001, "more_body": False}
    exact = b"x" * LARGEST

    async def act(gate: Gate) -> list[Told]:
        return [
            await ask(gate, b"", {b"content-length": b"%d" % (LARGEST + 1)}, parts=[]),
            await ask(gate, parts=[chunk] * 1000),
            await ask(gate, parts=[chunk, chunk, last]),
            await ask(gate, b"x" * (LARGEST + 1)),
            await ask(gate, exact, signed(exact)),
        ]

    told = at_the_gate(act)
    assert [one.status for one in told] == [413, 413, 413, 413, 200]
    assert told[0].headers[b"connection"] == b"close"
    assert counted() == {"too_large": 4} and [len(one.body) for one in stored()] == [LARGEST]


def test_a_body_in_pieces_is_put_together(account: Account) -> None:
    pieces = [{"type": "http.request", "body": part, "more_body": part != b"ga"} for part in (b"sa", b"", b"tu", b"ga")]
    assert at_the_gate(lambda gate: ask(gate, headers=signed(b"satuga"), parts=pieces)).status == 200
    assert [bytes(one.body) for one in stored()] == [b"satuga"]


def test_a_body_that_never_ends_is_408_and_hinders_nobody(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    monkeypatch.setattr(reading, "LOOK_EVERY", 0.02)
    begun = [{"type": "http.request", "body": b"sa", "more_body": True}]

    async def act(gate: Gate) -> list[int]:
        slow = [ask(gate, parts=begun), ask(gate, parts=[])]
        return [told.status for told in await asyncio.gather(*slow, ask(gate, b"cepat", signed(b"cepat")))]

    assert at_the_gate(act) == [408, 408, 200]
    assert counted() == {"too_slow": 2} and len(stored()) == 1


def test_a_sender_who_goes_away_gets_no_answer(account: Account) -> None:
    begun = [{"type": "http.request", "body": b"sa", "more_body": True}]
    assert at_the_gate(lambda gate: ask(gate, parts=begun, stays=False)).status == 0
    assert at_the_gate(lambda gate: ask(gate, parts=[], stays=False)).status == 0
    assert stored() == [] and counted() == {}


def test_a_check_that_fails_is_400_counted_and_logged_without_content(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    async def act(gate: Gate) -> list[int]:
        return [(await ask(gate, b"fails", signed(b"fails"))).status for _ in range(5)]

    assert at_the_gate(act) == [400] * 5
    assert counted() == {"malformed": 5} and stored() == []
    assert len(caplog.records) == 1 and "KeyError" in caplog.text
    assert "0812" not in caplog.text and KEY not in caplog.text and "Traceback" not in caplog.text


def test_the_old_secret_and_the_new_one_are_both_valid_until_the_old_one_ends(account: Account) -> None:
    def rotate(until: float) -> None:
        secrets = {"app_secret": "baru", "app_secret_previous": SECRET, "app_secret_previous_until": str(until)}
        with use(EVERYTHING):
            account.credentials = secrets
            account.save()

    async def act(gate: Gate) -> list[int]:
        return [(await ask(gate, b"x", signed(b"x", secret))).status for secret in (SECRET, "baru", "lain")]

    assert at_the_gate(act) == [200, 401, 401]
    rotate(datetime.now(UTC).timestamp() + 60)
    assert at_the_gate(act) == [200, 200, 401]
    rotate(datetime.now(UTC).timestamp() - 1)
    assert at_the_gate(act) == [401, 200, 401]


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


def test_keys_that_a_text_column_cannot_hold_are_kept_apart(account: Account) -> None:
    keys = [b"a\0b", b"a\0c", b"\xff", b"\xfe", b"x" * 300 + b"1", b"x" * 300 + b"2", "ü".encode()]

    async def act(gate: Gate) -> list[int]:
        return [(await ask(gate, b"x", signed(b"x", x_key=key))).status for key in [*keys, *keys]]

    assert at_the_gate(act) == [200] * 14
    assert len(stored()) == len(keys) and "ü" in {one.external_id for one in stored()}


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


def test_what_does_not_fit_the_socket_at_once_is_stored_whole(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SignedPlatform, "capabilities", replace(SignedPlatform.capabilities, largest_hook=4_000_000))
    bodies = [bytes([n]) * 3_000_000 for n in range(1, 4)]

    async def act(gate: Gate) -> list[int]:
        return [told.status for told in await asyncio.gather(*(ask(gate, body, signed(body)) for body in bodies))]

    assert at_the_gate(act) == [200] * 3
    assert sorted(bytes(one.body) for one in stored()) == bodies


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


def test_hooks_go_to_the_gate_and_everything_else_to_the_pages(account: Account) -> None:
    passed: list[str] = []

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope["path"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def act(gate: Gate) -> list[int]:
        paths = [f"/hooks/{NAME}/{KEY}", "/healthz", "/hooksx", "/desk/hooks/"]
        return [(await ask(Front(gate, pages), b"x", signed(b"x"), path=path)).status for path in paths]

    assert at_the_gate(act) == [200, 204, 204, 204]
    assert passed == ["/healthz", "/hooksx", "/desk/hooks/"] and len(stored()) == 1
