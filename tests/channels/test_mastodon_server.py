"""Mastodon against a server of its client interface: mention, answer, edit, deletion, repetition."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.servers.mastodon import running

from salur.channels.platforms.mastodon.adapter import MastodonPlatform
from salur.channels.ports import AccountView, Edited, Inbound, Item, Outbound, Raw, Removed

pytestmark = pytest.mark.servers
PLATFORM = MastodonPlatform()


class Person:
    """Somebody with an ordinary client."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, **how: Any) -> Any:
        with httpx.Client(base_url=self.url, headers=self.headers, timeout=20) as client:
            return client.request(method, path, **how).raise_for_status().json()

    def say(self, words: str, visibility: str = "public") -> Any:
        return self.ask("POST", "/api/v1/statuses", json={"status": words, "visibility": visibility})


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running() as url:
        yield url


@pytest.fixture
def account(server: str) -> AccountView:
    return AccountView(1, "mastodon", "@ada@sosial.test", {"api_base": server}, {"access_token": "ada_token"})


def fetched(account: AccountView, cursor: Any) -> tuple[list[Item], Any]:
    raws: list[Raw] = list(PLATFORM.fetch_since(account, cursor))
    items = [item for raw in raws for item in PLATFORM.parse(account, raw)]
    return items, (raws[-1].cursor if raws else cursor)


def test_a_conversation(server: str, account: AccountView) -> None:
    assert PLATFORM.probe(account).ok, PLATFORM.probe(account).detail
    assert not PLATFORM.probe(replace(account, credentials={"access_token": "salah"})).ok
    grace = Person(server, "grace_token")
    _, cursor = fetched(account, {})
    asked = grace.say("@ada Jalan Raden Intan rusak")
    whispered = grace.say("@ada laporan pungli", "direct")
    items, cursor = fetched(account, cursor or {})
    said = [one for one in items if isinstance(one, Inbound)]
    assert [one.external_id for one in said] == [asked["id"], whispered["id"]]
    assert [one.audience for one in said] == ["public", "private"]
    assert said[0].sender_address == "grace@sosial.test" and "Jalan Raden Intan rusak" in said[0].text
    out = Outbound(
        "k1",
        "grace",
        "Terima kasih, kami teruskan.",
        way="public_reply",
        in_reply_to=asked["id"],
        answer_at=said[0].answer_at,
        began_at=datetime.now(UTC),
    )
    assert PLATFORM.read_back(account, out) is None
    receipt = PLATFORM.send(account, out)
    assert PLATFORM.send(account, out) == receipt == PLATFORM.read_back(account, out), "one key is one status"
    answers = grace.ask("GET", f"/api/v1/statuses/{asked['id']}/context")["descendants"]
    assert [(one["id"], one["visibility"]) for one in answers] == [(receipt.external_id, "public")]
    private = replace(out, once_key="k2", way="direct", in_reply_to=whispered["id"], answer_at=said[1].answer_at)
    second = PLATFORM.send(account, private)
    assert grace.ask("GET", f"/api/v1/statuses/{second.external_id}")["visibility"] == "direct"
    grace.ask("PUT", f"/api/v1/statuses/{asked['id']}", json={"status": "@ada Jalan Raden Intan KM 3 rusak"})
    grace.ask("DELETE", f"/api/v1/statuses/{whispered['id']}")
    items, cursor = fetched(account, cursor)
    (edit,) = [one for one in items if isinstance(one, Edited)]
    (gone,) = [one for one in items if isinstance(one, Removed)]
    assert edit.external_id == asked["id"] and "KM 3" in edit.text and gone.external_id == whispered["id"]
    assert fetched(account, cursor)[0] == []


def test_more_than_a_page_comes_whole_and_in_order(server: str, account: AccountView) -> None:
    alan = Person(server, "alan_token")
    _, cursor = fetched(account, {})
    many = [alan.say(f"@ada laporan {n}")["id"] for n in range(45)]
    items, _ = fetched(account, cursor or {})
    assert [one.external_id for one in items if isinstance(one, Inbound)][-45:] == many
