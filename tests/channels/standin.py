"""A platform that does what a test tells it, in the registry for as long as the test runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from salur.channels.platforms.default import DefaultPlatform
from salur.channels.ports import AccountView, FetchFailed, Health, Item, Outbound, Raw, Receipt, Renewed
from salur.channels.registry import PLATFORMS
from salur.channels.ways import Capabilities, TextLimit, Way


@dataclass
class Standin(DefaultPlatform):
    """Calls us and can be asked, each minute."""

    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            ways=(Way("direct", TextLimit(1000)),), hooks=True, can_fetch=True, fetch_seconds=60
        )
    )
    health: Health = field(default_factory=lambda: Health(True))
    after_subscribing: Health | None = None
    renewed: Renewed | FetchFailed | None = None
    raws: list[Raw | Exception] = field(default_factory=list)
    probed: int = 0
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    seen: list[AccountView] = field(default_factory=list)

    def probe(self, account: AccountView) -> Health:
        self.probed += 1
        self.seen.append(account)
        return self.health

    def subscribe(self, account: AccountView) -> Health:
        self.health = self.after_subscribing or self.health
        return self.health

    def renew(self, account: AccountView) -> Renewed | None:
        if isinstance(self.renewed, FetchFailed):
            raise self.renewed
        return self.renewed

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        self.asked.append(dict(cursor))
        places = [None if isinstance(raw, Exception) or raw.cursor is None else raw.cursor for raw in self.raws]
        start = places.index(cursor) + 1 if cursor else 0
        for raw in self.raws[start:]:
            if isinstance(raw, Exception):
                raise raw
            yield raw

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        return []

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        return Receipt(out.once_key)


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Standin:
    found = Standin()
    monkeypatch.setitem(PLATFORMS, "standin", found)
    return found
