"""The gate: what is genuine is stored once and only then answered; what is not is counted."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection
from tests.intake.gate import (
    BASE,
    KEY,
    LARGEST,
    NAME,
    SECRET,
    SignedPlatform,
    Told,
    ask,
    at_the_gate,
    counted,
    new_account,
    signed,
    stored,
)

from salur.channels.models import Account
from salur.config.front import Front
from salur.intake.gate import doors, reading, wire
from salur.intake.gate.entrance import Gate
from salur.intake.models import HookCount
from salur.kernel.tenancy import EVERYTHING, use

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_keys_that_a_text_column_cannot_hold_are_kept_apart(account: Account) -> None:
    keys = [b"a\0b", b"a\0c", b"\xff", b"\xfe", b"x" * 300 + b"1", b"x" * 300 + b"2", "ü".encode()]

    async def act(gate: Gate) -> list[int]:
        return [(await ask(gate, b"x", signed(b"x", x_key=key))).status for key in [*keys, *keys]]

    assert at_the_gate(act) == [200] * 14
    assert len(stored()) == len(keys) and "ü" in {one.external_id for one in stored()}


def test_what_does_not_fit_the_socket_at_once_is_stored_whole(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SignedPlatform, "capabilities", replace(SignedPlatform.capabilities, largest_hook=4_000_000))
    bodies = [bytes([n]) * 3_000_000 for n in range(1, 4)]

    async def act(gate: Gate) -> list[int]:
        return [told.status for told in await asyncio.gather(*(ask(gate, body, signed(body)) for body in bodies))]

    assert at_the_gate(act) == [200] * 3
    assert sorted(bytes(one.body) for one in stored()) == bodies


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
