"""What a platform does where it says nothing else: no hooks, nothing to fetch, nothing to renew, always well."""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.guide import Guide
from salur.channels.hooks import Answer, HookRequest, Keep, Refused
from salur.channels.outside import api_base
from salur.channels.ports import (
    AccountView,
    Download,
    FetchFailed,
    Health,
    Inbound,
    MediaRef,
    Outbound,
    Raw,
    Receipt,
    Renewed,
)


class DefaultPlatform:
    """The base of every adapter; each overrides what its platform really has."""

    guide = Guide(label="", offered=False)

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """Refuses: this platform calls nobody."""
        raise Refused("no_hook", 404)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Nothing: deliveries are written down where they arise."""
        return iter(())

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """None: no trace is kept outside our own tables."""
        return None

    def probe(self, account: AccountView) -> Health:
        """Well: there is no other side."""
        return Health(True)

    def subscribe(self, account: AccountView) -> Health:
        """Nothing to subscribe to: what a probe says."""
        return self.probe(account)

    def renew(self, account: AccountView) -> Renewed | None:
        """Nothing ends."""
        return None

    def look_up(self, account: AccountView, said: Inbound) -> Raw | None:
        """Nothing: this platform announces no message without its words."""
        return None

    def locate(self, account: AccountView, media: MediaRef) -> Download:
        """By the URL the platform gave. Raises FetchFailed where there is none."""
        if not media.url:
            raise FetchFailed("the platform named no address for this file")
        return Download(media.url, trusted=api_base(account))
