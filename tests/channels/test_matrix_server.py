"""Matrix against a real homeserver: the push, edits, redactions, files, repetition after a failure, and the answer."""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic, sleep

import httpx
import pytest
from tests.servers.hooks import Hook, listening
from tests.servers.mail import free_ports
from tests.servers.matrix import AS_TOKEN, HS_TOKEN, NAME, Citizen, Synapse, needs_synapse, running

from salur.channels.platforms.matrix.adapter import MatrixPlatform
from salur.channels.platforms.matrix.rooms import NOTICE
from salur.channels.ports import AccountView, Echoed, Edited, Inbound, Outbound, Removed, SendFailed

pytestmark = pytest.mark.servers
PLATFORM = MatrixPlatform()
OPD = f"@opd:{NAME}"


@pytest.fixture(scope="module")
def hook() -> Hook:
    return Hook(PLATFORM)


@pytest.fixture(scope="module")
def synapse(hook: Hook) -> Iterator[Synapse]:
    needs_synapse()
    hook_port, port = free_ports(2)
    with listening(hook, hook_port) as url, running(url, port) as server:
        hook.account = AccountView(
            1, "matrix", OPD, {"homeserver": server.url}, {"as_token": AS_TOKEN, "hs_token": HS_TOKEN}
        )
        assert PLATFORM.subscribe(hook.account).ok
        yield server


@pytest.fixture
def account(hook: Hook, synapse: Synapse) -> AccountView:
    hook.failing, hook.failed = False, 0
    hook.kept.clear()
    assert hook.account is not None
    return hook.account


def room_of(citizen: Citizen, account: AccountView) -> str:
    """A room the account was asked into and has entered."""
    room = citizen.room_with(OPD)
    list(PLATFORM.fetch_since(account, {}))
    return room


def test_the_server_reaches_us_and_says_so(account: AccountView) -> None:
    health = PLATFORM.probe(account)
    assert health.ok and health.subscribed and health.name == OPD
    wrong = replace(account, credentials={**account.credentials, "as_token": "salah"})
    assert not PLATFORM.probe(wrong).checks[0].ok


def test_a_conversation_with_its_changes_and_files(account: AccountView, synapse: Synapse, hook: Hook) -> None:
    warga = synapse.citizen("warga")
    room = room_of(warga, account)
    first = warga.text(room, "Jalan Raden Intan rusak")
    (said,) = hook.wait(Inbound)
    assert isinstance(said, Inbound) and said.external_id == first and said.place == room
    assert said.sender_address == warga.user_id and said.audience == "private"
    content = {"msgtype": "m.text", "body": "Jalan Raden Intan KM 3 rusak"}
    warga.say(
        room,
        content
        | {"body": "* ralat", "m.new_content": content, "m.relates_to": {"rel_type": "m.replace", "event_id": first}},
    )
    (edit,) = hook.wait(Edited)
    assert isinstance(edit, Edited) and (edit.external_id, edit.text) == (first, "Jalan Raden Intan KM 3 rusak")
    warga.redact(room, first)
    (gone,) = hook.wait(Removed)
    assert isinstance(gone, Removed) and gone.external_id == first
    picture = b"\x89PNG\r\n\x1a\n" + bytes(100)
    address = warga.upload(picture, "image/png")
    warga.say(room, {"msgtype": "m.image", "body": "jalan.png", "url": address, "info": {"mimetype": "image/png"}})
    _, image = hook.wait(Inbound, 2)
    assert isinstance(image, Inbound) and image.text == ""
    found = PLATFORM.locate(account, image.media[0])
    assert httpx.get(found.url, headers=dict(found.headers)).content == picture
    assert httpx.get(found.url).status_code == 401, "the file is for who has the token"


def test_an_answer_arrives_once_under_what_it_answers(account: AccountView, synapse: Synapse, hook: Hook) -> None:
    sari = synapse.citizen("sari")
    room = room_of(sari, account)
    asked = sari.text(room, "Lampu mati")
    out = Outbound(
        "k1", sari.user_id, "Terima kasih", way="direct", place=room, in_reply_to=asked, answer_at={"event_id": asked}
    )
    assert PLATFORM.send(account, out) == PLATFORM.send(account, out)
    (heard,) = sari.heard(room, OPD)
    assert heard["content"]["body"] == "Terima kasih" and heard["content"]["msgtype"] == "m.text"
    assert heard["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == asked
    echo = next(one for one in hook.wait(Echoed) if isinstance(one, Echoed))
    assert echo.external_id == heard["event_id"] and echo.in_reply_to == asked
    with pytest.raises(SendFailed) as failed:
        PLATFORM.send(account, replace(out, once_key="k2", place="!bukan:test.local"))
    assert failed.value.permanent and failed.value.blames == "recipient"


def test_after_a_failure_everything_comes_once_and_in_order(account: AccountView, synapse: Synapse, hook: Hook) -> None:
    budi = synapse.citizen("budi")
    room = room_of(budi, account)
    hook.failing = True
    budi.text(room, "pesan 1")
    until = monotonic() + 10
    while not hook.failed and monotonic() < until:
        sleep(0.05)
    for n in range(2, 6):
        budi.text(room, f"pesan {n}")
    assert hook.failed
    hook.failing = False
    found = [one.text for one in hook.wait(Inbound, 5) if isinstance(one, Inbound)]
    assert found == [f"pesan {n}" for n in range(1, 6)]


def test_what_the_push_lost_is_found_by_looking(account: AccountView, synapse: Synapse, hook: Hook) -> None:
    dewi = synapse.citizen("dewi")
    room = dewi.room_with(OPD)
    before = dewi.text(room, "Ditulis sebelum kami masuk")
    found = list(PLATFORM.fetch_since(account, {}))
    mine = [one for one in found if dewi.user_id.encode() in one.body]
    assert [one.external_id for one in mine] == [before] and mine[0].said_at is not None
    cursor = found[-1].cursor
    assert cursor
    many = [dewi.text(room, f"baris {n}") for n in range(45)]
    again = [one.external_id for one in PLATFORM.fetch_since(account, cursor)]
    assert again[-45:] == many, "what is more than the newest is read to where we left off"


def test_an_encrypted_room_is_told_once(account: AccountView, synapse: Synapse) -> None:
    rina = synapse.citizen("rina")
    room = room_of(rina, account)
    rina.ask(
        "PUT",
        f"/_matrix/client/v3/rooms/{room}/state/m.room.encryption",
        json={"algorithm": "m.megolm.v1.aes-sha2"},
    )
    rina.say(room, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEnAC"}, "m.room.encrypted")
    for _ in range(3):
        list(PLATFORM.fetch_since(account, {}))
    assert [one["content"]["body"] for one in rina.heard(room, OPD)] == [NOTICE]
